"""response_mode=form_post (profile `oidc`): the answer reaches the client by a form that sends itself, and by its button without scripts."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode

import pytest

from tests.support import oauth
from tests.support.browser import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session"),
]


class Client(ThreadingHTTPServer):
    """An application with a redirect URI. posted: the fields that came, one after the other."""

    def __init__(self) -> None:
        super().__init__(("localhost", 0), _Handler)
        self.posted: list[dict[str, list[str]]] = []

    @property
    def redirect_uri(self) -> str:
        return f"http://localhost:{self.server_port}/callback"


class _Handler(BaseHTTPRequestHandler):
    server: Client

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.posted.append(parse_qs(body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<title>back</title>")

    def log_message(self, *_arguments: object) -> None:
        """Silent."""


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as application:
        thread = Thread(target=application.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield application
        application.shutdown()
        thread.join()


@pytest.mark.parametrize("has_script", [True, False])
def test_the_answer_is_posted(browser, server, pools, client, has_script):
    world = oauth.build(server, pools, UserPoolTags={"poolhouse:profile": "oidc"})
    client_id = world.client(CallbackURLs=[client.redirect_uri])["ClientId"]
    asked = {"response_type": "code", "client_id": client_id, "redirect_uri": client.redirect_uri, "state": "ü&"}
    context = browser.new_context(java_script_enabled=has_script)
    page = context.new_page()
    page.goto(f"{world.issuer}/login?{urlencode({**asked, 'response_mode': 'form_post'})}")
    sign_in(page, world.bob.username, world.bob.password)
    if not has_script:
        page.get_by_role("button", name="Continue").click()
    page.wait_for_url(client.redirect_uri)
    (fields,) = client.posted
    assert (fields["state"], fields["iss"]) == (["ü&"], [world.issuer])
    answer = world.redeem(fields["code"][0], client_id=client_id, redirect_uri=client.redirect_uri)
    assert answer.status_code == 200
    context.close()
