"""How credentials are read from a request; what they are worth is tested at the token endpoint."""

import base64

import pytest

from poolhouse.asgi import Request
from poolhouse.errors import OAuthError
from poolhouse.oauth2.client_auth import _credentials


def request(authorization: str) -> Request:
    return Request(method="POST", path="/oauth2/token", headers={"authorization": authorization})


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def test_the_header_of_the_developer_guide():
    header = "Basic ZGpjOTh1M2ppZWRtaTI4M2V1OTI4OmFiY2RlZjAxMjM0NTY3ODkw"
    assert _credentials(request(header), {}, 400) == ("djc98u3jiedmi283eu928", "abcdef01234567890")


@pytest.mark.parametrize(
    ("sent", "secret"),
    [
        ("id:a:b", "a:b"),
        ("id:", ""),
        ("id:a+b", "a+b"),  # not form-encoded: Cognito's secrets may hold a plus
        ("id:a%3Ab", "a:b"),
        ("id:a%2Bb+c", "a+b c"),  # RFC 6749 §2.3.1
        ("id:%C3%A9", "é"),
        ("id:é", "é"),
    ],
)
def test_secrets(sent, secret):
    assert _credentials(request(basic(sent)), {}, 400) == ("id", secret)


@pytest.mark.parametrize("header", ["Basic", "Basic \xe9", "Basic !", basic("none"), "Bearer x", "Basic //79"])
def test_what_cannot_be_read(header):
    with pytest.raises(OAuthError) as refusal:
        _credentials(request(header), {}, 401)
    assert (refusal.value.error, refusal.value.status) == ("invalid_client", 401)


def test_two_ways_at_once():
    with pytest.raises(OAuthError) as refusal:
        _credentials(request(basic("id:secret")), {"client_secret": "secret"}, 400)
    assert refusal.value.error == "invalid_request"
