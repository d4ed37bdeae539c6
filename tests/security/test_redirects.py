"""No redirect leads to an address that is not registered (RFC 9700 §4.11; acceptance 32, 42)."""

from urllib.parse import quote, urlencode

import pytest

from tests.support.oauth import CALLBACK, LOGOUT, query_of, text_of

MUTATIONS = [
    "https://a.example/cb/",
    "https://a.example/cb//",
    "https://a.example//cb",
    "https://a.example/CB",
    "https://A.EXAMPLE/cb",
    "HTTPS://a.example/cb",
    "http://a.example/cb",
    "https://a.example:443/cb",
    "https://a.example:444/cb",
    "https://a.example./cb",
    "https://sub.a.example/cb",
    "https://a.example.evil.example/cb",
    "https://evil.example/cb",
    "https://evil.example/https://a.example/cb",
    "https://a.example@evil.example/cb",
    "https://user:pass@a.example/cb",
    "https://a.example/cb?",
    "https://a.example/cb?x=1",
    "https://a.example/cb#",
    "https://a.example/cb#fragment",
    "https://a.example/cb/../evil",
    "https://a.example/x/../cb",
    "https://a.example/./cb",
    "https://a.example/%63b",
    "https://a.example/cb%2e",
    "https://a.example/cb%00",
    "https://a.example/cb\0",
    "https://a.example/cb\t",
    "https://a.example/cb\r\nLocation: https://evil.example",
    "https://a.example/cb ",
    " https://a.example/cb",
    "https://a.example\\cb",
    "https:\\\\a.example/cb",
    "https:/a.example/cb",
    "https:a.example/cb",
    "//a.example/cb",
    "/cb",
    "a.example/cb",
    "https://а.example/cb",  # a Cyrillic а
    "https://xn--80a.example/cb",
    "javascript:alert(1)//https://a.example/cb",
    "data:text/html,<script>",
    "myapp://cb/",
    "MYAPP://cb",
    "myapp:cb",
    "http://localhost:3000",
    "http://localhost:3001/",
    "http://127.0.0.1:3000/",
    "http://localhost:3000/../",
    "https://a.example/with",
    "https://a.example/with?query=2",
    "https://a.example/cb,http://localhost:3000/",
    "https://a.example/cb http://localhost:3000/",
    "null",
    "*",
]


def assert_stays_here(world, answer):
    assert answer.status_code < 500
    if answer.is_redirect:
        # As a browser reads it: a path stays on this host, "//host" and "\\\\host" do not.
        location = answer.headers["location"].replace("\\", "/")
        assert location.startswith(world.origin + "/") or (location[0] == "/" and location[:2] != "//"), location
    assert "refresh" not in answer.headers


@pytest.fixture(scope="module")
def visitor(world):
    return world.signed_in()


@pytest.mark.parametrize("redirect_uri", MUTATIONS)
def test_mutations_of_a_registered_address(world, visitor, redirect_uri):
    asked = world.parameters(redirect_uri=redirect_uri)
    for browser in (visitor, world.browser()):
        answer = browser.authorize(**asked)
        assert answer.headers["location"] == f"{world.origin}/error?error=redirect_mismatch&client_id={world.public_id}"
    for path in ("/login", "/signup", "/forgotPassword", "/confirm", "/confirmForgotPassword", "/changePassword"):
        assert_stays_here(world, visitor.get(path, **asked))
    visitor.get("/login", **world.parameters())
    answer = visitor.submit("/login?" + urlencode(asked), username=world.bob.username, password=world.bob.password)
    assert_stays_here(world, answer)
    logout = {"client_id": world.public_id, "logout_uri": redirect_uri}
    assert_stays_here(world, world.send("GET", "/logout", params=logout))
    assert_stays_here(world, world.send("GET", "/logout", params=asked))


def test_callbacks_are_no_logout_addresses_and_the_other_way_round(world, visitor):
    answer = world.send("GET", "/logout", params={"client_id": world.public_id, "logout_uri": CALLBACK})
    assert_stays_here(world, answer)
    assert "redirect_mismatch" in visitor.authorize(**world.parameters(redirect_uri=LOGOUT)).headers["location"]


@pytest.mark.parametrize("values", [(CALLBACK, "https://evil"), ("https://evil", CALLBACK), (CALLBACK, CALLBACK)])
def test_address_sent_twice(world, visitor, values):
    pairs = [*world.parameters(redirect_uri=None).items(), *(("redirect_uri", value) for value in values)]
    for path in ("/oauth2/authorize", "/login"):
        answer = visitor.http.get(f"{path}?{urlencode(pairs)}")
        assert answer.headers["location"] == f"{world.origin}/error?error=redirect_mismatch&client_id={world.public_id}"


def test_client_sent_twice(world, visitor):
    pairs = [*world.parameters().items(), ("client_id", world.confidential["ClientId"])]
    answer = visitor.http.get("/oauth2/authorize?" + urlencode(pairs))
    assert answer.status_code == 400
    assert "Client does not exist" in text_of(answer)


def test_logout_address_sent_twice(world):
    for pair in ((LOGOUT, "https://evil.example/"), ("https://evil.example/", LOGOUT)):
        query = urlencode([("client_id", world.public_id), *(("logout_uri", value) for value in pair)])
        target = world.send("GET", f"/logout?{query}").headers["location"]
        assert target == LOGOUT or target.startswith(world.origin)


@pytest.mark.parametrize("path", ["/error", "/logout", "/confirmUser", "/oauth2/authorize", "/login"])
def test_foreign_names_of_a_target_are_followed_nowhere(world, path):
    for name in (
        "redirect_uri",
        "logout_uri",
        "redirect",
        "url",
        "next",
        "continue",
        "returnTo",
        "RelayState",
        "target",
    ):
        answer = world.send("GET", f"{path}?{name}={quote('https://evil.example/')}&error=x")
        assert_stays_here(world, answer)


def test_error_page_escapes_what_it_shows(world):
    payload = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    for name in ("error", "client_id", "error_description"):
        page = world.send("GET", "/error", params={"error": "x", name: payload})
        assert "<script>alert" not in page.text
        assert "<img" not in page.text


def test_path_that_looks_like_a_host(world):
    for path in ("//evil.example/login", "/\\evil.example", "/%2f%2fevil.example", "/.//evil.example"):
        answer = world.send("GET", path)
        assert answer.status_code in {400, 404}
        assert "location" not in answer.headers


def test_redirects_after_a_form_are_302(world):
    """A 307 would send the password on (RFC 9700 §4.12)."""
    browser = world.browser()
    answer = browser.login(world.bob, **world.parameters())
    assert answer.status_code == 302
    assert "code" in query_of(answer.headers["location"])
