"""Relying parties that people use, and a person in a real Chromium who signs up and signs in for them."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from authlib.integrations.requests_client import OAuth2Session

from tests.support import browser as steps
from tests.support import node
from tests.support.pools import unique
from tests.support.ports import free_port

pytestmark = pytest.mark.browser

PASSWORD = "Correct-Horse-1"
SCOPES = ["openid", "email", "profile", "aws.cognito.signin.user.admin"]


@pytest.fixture
def relying_party(cognito, server):
    """Makes a client of the demo pool, which is served at the root of the public URL; its redirect port and description."""

    def make(**settings):
        port = free_port()
        client = cognito.create_user_pool_client(
            UserPoolId=server.demo_user_pool_id,
            ClientName=unique("rp"),
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=SCOPES,
            CallbackURLs=[f"http://localhost:{port}/callback"],
            LogoutURLs=[f"http://localhost:{port}/signed-out"],
            SupportedIdentityProviders=["COGNITO"],
            **settings,
        )["UserPoolClient"]
        return port, client

    return make


@contextmanager
def listening(port):
    """The relying party's own web server; the list of addresses that the browser came back to."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if not self.path.startswith("/favicon"):
                seen.append(f"http://localhost:{port}{self.path}")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<title>Back</title>")

        def log_message(self, *_):
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as httpd:
        thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield seen
        finally:
            httpd.shutdown()
            thread.join()


def new_person(page, inbox):
    """Sign up on the pages, with the code from the inbox; the name and the address."""
    name = unique()
    email = f"{name}@example.com"
    steps.sign_up(page, name, PASSWORD, email=email)
    steps.confirm(page, inbox.code(email))
    return name, email


@pytest.mark.node
@pytest.mark.parametrize("has_secret", [False, True], ids=["public", "confidential"])
def test_openid_client_with_pkce(page, server, inbox, relying_party, has_secret):
    port, client = relying_party(GenerateSecret=has_secret)
    process = node.start(
        "node/openid_client",
        issuer=f"{server.url}/{server.demo_user_pool_id}",
        clientId=client["ClientId"],
        clientSecret=client.get("ClientSecret"),
        port=port,
        scope=" ".join(SCOPES),
    )
    try:
        page.goto(node.next_line(process)["authorizationUrl"])
        name, email = new_person(page, inbox)
        if page.locator("#done").count() == 0 and page.locator("input[name=password]").count():
            steps.sign_in(page, name, PASSWORD)
        page.wait_for_selector("#done")
        result = node.next_line(process)["result"]
    finally:
        node.end(process)
    assert "error" not in result, result
    assert result["claims"]["email"] == email
    assert result["userInfo"]["username"] == name
    assert result["userInfo"]["sub"] == result["claims"]["sub"] == result["refreshedClaims"]["sub"]
    assert result["userInfo"]["email_verified"] == "true"
    assert (result["tokenType"].lower(), result["expiresIn"]) == ("bearer", 3600)
    assert result["again"], "a code must work once"
    assert result["refused"] == {"error": "invalid_grant"}


@pytest.mark.readme("openid-connect")
def test_authlib_with_pkce(page, server, inbox, relying_party):
    port, client = relying_party(GenerateSecret=True)
    callback = f"http://localhost:{port}/callback"
    metadata = server.get_json(f"/{server.demo_user_pool_id}/.well-known/openid-configuration")
    session = OAuth2Session(
        client["ClientId"],
        client["ClientSecret"],
        scope=" ".join(SCOPES),
        redirect_uri=callback,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic",
    )
    verifier = unique("v") * 5
    url, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
    with listening(port) as seen:
        page.goto(url)
        name, email = new_person(page, inbox)
        if not seen and page.locator("input[name=password]").count():
            steps.sign_in(page, name, PASSWORD)
        page.wait_for_url(callback + "**")
        token = session.fetch_token(
            metadata["token_endpoint"], authorization_response=seen[0], state=state, code_verifier=verifier
        )
        assert session.get(metadata["userinfo_endpoint"]).json()["email"] == email
        refreshed = session.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])
        assert refreshed["access_token"] != token["access_token"]
        revoked = session.revoke_token(
            metadata["revocation_endpoint"], token=token["refresh_token"], token_type_hint="refresh_token"
        )
        assert revoked.status_code == 200
        assert session.get(metadata["userinfo_endpoint"]).status_code == 401

        # Signed out, the next request for a code asks for the password again.
        page.goto(f"{server.url}/logout?client_id={client['ClientId']}&logout_uri=http://localhost:{port}/signed-out")
        assert page.url == f"http://localhost:{port}/signed-out"
        again, _ = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
        page.goto(again)
        assert page.locator("input[name=password]").is_visible()
