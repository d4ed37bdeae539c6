"""Whatever stands in a parameter, a form field, a cookie or a path: an answer, never a 500."""

from urllib.parse import quote, urlencode

import pytest

from poolhouse.routes import DOMAIN_ROUTES
from tests.support.oauth import FORM

ODD = [
    "\0",
    "a\0b",
    "é",
    "😀" * 20,
    "x" * 1500,
    "' OR 1=1 --",
    "%",
    "{{7*7}}",
    "[]",
    "\r\n",
    "\x7f",
    "\u202e",
    "../../x",
]
NAMES = [
    "client_id",
    "username",
    "user_name",
    "confirmation_code",
    "code",
    "password",
    "token",
    "refresh_token",
    "grant_type",
    "scope",
    "resource",
    "state",
    "lang",
    "login_hint",
    "error",
    "flow",
    "requiredAttributes[email]",
    "identity_provider",
    "logout_uri",
    "continue",
]


@pytest.mark.parametrize("path", sorted(DOMAIN_ROUTES))
def test_every_route(world, path):
    browser = world.browser()
    browser.get("/login", **world.parameters())
    csrf = browser.http.cookies["XSRF-TOKEN"]
    for value in ODD:
        fields = dict.fromkeys(NAMES, value)
        with_client = {**fields, **world.parameters()}
        for query in (urlencode(fields), urlencode(with_client), quote(value)):
            for method in DOMAIN_ROUTES[path].handlers:
                answer = browser.http.request(
                    method,
                    f"{path}?{query}",
                    content=urlencode({**fields, "_csrf": csrf}) if method == "POST" else None,
                    headers={"content-type": FORM} if method == "POST" else {},
                )
                assert answer.status_code < 500, (method, path, value, query[:200])


@pytest.mark.parametrize("path", ["/oauth2/token", "/oauth2/revoke"])
def test_fields_with_a_good_client(world, path):
    for grant in ("authorization_code", "refresh_token", "client_credentials"):
        for value in ODD:
            fields = {**dict.fromkeys(NAMES, value), "client_id": world.public_id, "grant_type": grant}
            answer = world.send("POST", path, content=urlencode(fields), headers={"content-type": FORM})
            assert answer.status_code in {200, 400}, (grant, value)


@pytest.mark.parametrize("cookie", ["x" * 4000, "\x7f", "a=b=c", ";;;", '"', "é"])
def test_cookies(world, cookie):
    for name in ("cognito", "XSRF-TOKEN", "page-data", "cognito-fl", "lang"):
        for path in ("/login", "/oauth2/authorize", "/logout", "/confirm", "/changePassword"):
            answer = world.send(
                "GET",
                path,
                params=world.parameters(),
                headers={"cookie": f"{name}={cookie}".encode("latin-1")},
            )
            assert answer.status_code < 500, (name, path)


def test_paths(world):
    for value in ODD:
        for path in (f"/{quote(value)}", f"/{quote(value)}/.well-known/jwks.json", f"/_poolhouse/{quote(value)}"):
            for host in (world.host, "localhost"):
                answer = world.server.http.get(path, headers={"host": host})
                assert answer.status_code in {400, 404, 414, 431}, path[:80]
