"""browser/render.py: what every page carries."""

from types import SimpleNamespace

import pytest

from poolhouse.browser import render
from poolhouse.clock import Clock
from poolhouse.config import Settings
from poolhouse.errors import CognitoError, Text
from poolhouse.pool.call import Call, House
from poolhouse.wire import exceptions as errors


def test_error_page_escapes_and_says_what_cognito_says():
    response = render.error_page(SimpleNamespace(), Text('<script>alert("1")</script>'))
    html = response.body.decode()
    assert response.status == 400
    assert "An error was encountered with the requested page." in html
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_error_page_of_a_pool_carries_its_name():
    nothing: object = None
    house = House(Settings(), nothing, nothing, nothing, nothing, Clock())  # type: ignore[arg-type]
    call = Call(house, request_id="r").in_pool(SimpleNamespace(id="eu_1", settings=SimpleNamespace(Name="A & B")))
    assert "A &amp; B" in render.error_page(call, None, 404).body.decode()


def test_headers():
    headers = dict(render.error_page(SimpleNamespace(), None).headers)
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy
    assert "form-action" not in render.CSP_FORM_LEAVES


def test_failure_of_the_server_is_not_shown_as_a_refusal():
    call = SimpleNamespace()
    assert render.public_text(call, errors.NotAuthorizedException("No.")) == "No."
    assert render.public_text(call, CognitoError()) == "Something went wrong."
    with pytest.raises(errors.InternalErrorException):
        render.public_text(call, errors.InternalErrorException("secret"))


def test_no_template_has_inline_style_or_script():
    """The policy would refuse it."""
    for path in render._TEMPLATES.glob("*.html"):
        html = path.read_text()
        assert " style=" not in html, path
        assert "<style" not in html, path
        assert "<script>" not in html, path
        assert not any(f" {event}=" in html for event in ("onclick", "onload", "onsubmit", "onerror")), path
        assert "| safe" not in html, path
