"""browser/forms.py: whose form this is, and what of it can be used."""

from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from poolhouse.asgi import FORM, Request
from poolhouse.browser import forms

CALL = SimpleNamespace(
    origin="https://demo.auth.example.com",
    random=bytes,
    is_secure=False,
    base_path="",
    settings=SimpleNamespace(mode="dev"),
)
TOKEN = "0a1b2c3d-0000-4000-8000-000000000000"


def post(fields=None, *, body=None, cookie=None, **headers):
    sent = {"content-type": FORM, "host": "demo.auth.example.com"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    if cookie is not None:
        sent["cookie"] = f"XSRF-TOKEN={cookie}"
    content = body if body is not None else urlencode(fields or {}).encode()
    return Request(method="POST", path="/login", headers=sent, body=content)


class TestCSRFToken:
    def test_field_equals_cookie(self):
        assert forms.is_csrf_token_right(CALL, post({"_csrf": TOKEN}, cookie=TOKEN))

    @pytest.mark.parametrize(
        ("field", "cookie"),
        [(TOKEN, None), ("", TOKEN), (TOKEN[:-1] + "1", TOKEN), ("", ""), ("short", "short"), ("é" * 36, TOKEN)],
    )
    def test_anything_else_is_wrong(self, field, cookie):
        assert not forms.is_csrf_token_right(CALL, post({"_csrf": field}, cookie=cookie))

    def test_kept_when_it_looks_like_one_and_new_otherwise(self):
        assert forms.csrf_token(CALL, post(cookie=TOKEN)) == TOKEN
        assert forms.csrf_token(CALL, post(cookie="x")) != "x"
        assert len(forms.new_csrf_token(CALL)) == 36


class TestOrigin:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"origin": "https://demo.auth.example.com"},
            {"origin": "null"},
            {"origin": "null", "sec_fetch_site": "same-origin"},
            {"origin": "http://127.0.0.1:9229", "host": "127.0.0.1:9229"},
            {"sec_fetch_site": "none"},
        ],
    )
    def test_our_own(self, headers):
        assert not forms.is_cross_origin(CALL, post(**headers))

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "https://demo.auth.example.com.evil.example"},
            {"origin": "https://evil.example#demo.auth.example.com"},
            {"origin": "null", "sec_fetch_site": "cross-site"},
            {"sec_fetch_site": "same-site"},
        ],
    )
    def test_of_others(self, headers):
        assert forms.is_cross_origin(CALL, post(**headers))

    def test_in_serve_no_host_header_makes_an_origin_ours(self):
        """attack-0.1 no. 08: there any Host is answered, so nothing may trust it."""
        served = SimpleNamespace(origin=CALL.origin, settings=SimpleNamespace(mode="serve"))
        headers = {"origin": "http://evil.example", "host": "evil.example"}
        assert forms.is_cross_origin(served, post(**headers))
        assert not forms.is_cross_origin(served, post(origin=CALL.origin))


class TestFields:
    def test_username_loses_blanks_around_it(self):
        assert forms.clean_username("  ada\n") == "ada"

    @pytest.mark.parametrize("name", ["", "a b", "x" * 129, "a\x00b", "a\tb"])
    def test_username_that_cannot_be_one(self, name):
        assert forms.clean_username(name) == ""

    @pytest.mark.parametrize(
        ("typed", "cleaned"),
        [
            (" +49 170-123 4567\u200b", "+491701234567"),
            ("0170 1234567", "0170 1234567"),
            ("+ada-b@example.com", "+ada-b@example.com"),
        ],
    )
    def test_phone_number_loses_what_stands_between_its_digits(self, typed, cleaned):
        assert forms.clean_phone_number(typed) == cleaned

    def test_password_is_taken_as_typed(self):
        assert forms.password(post({"password": "  päss wörd 🏊 "})) == "  päss wörd 🏊 "
        assert forms.password(post({"password": "x" * 257})) == ""

    def test_attributes(self):
        request = post({"requiredAttributes[email]": " a@b.c ", "requiredAttributes[name]": " ", "other[x]": "y"})
        assert forms.attributes(request) == {"email": "a@b.c"}

    @pytest.mark.parametrize("body", [b"a=%ff", b"&".join(b"a%d=" % n for n in range(201))])
    def test_unreadable_body(self, body):
        assert not forms.is_form(post(body=body))

    def test_refusal_is_a_page(self):
        refusal = forms.refuse(CALL, post({}))
        assert refusal is not None
        assert refusal.status == 403


@pytest.mark.parametrize(
    "typed", ["123456", " 123 456 ", "123-456", "12–34—56", "1 2\t3\u00a04\u200b5\n6", "123\u2011456"]
)
def test_codes_as_people_type_them(typed):
    """first-hour D8."""
    assert forms.clean_code(typed) == "123456"
