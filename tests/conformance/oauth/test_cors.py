"""What browsers on other origins may read (endpoints.md §1.3, vector 73), and methods and paths that nobody serves."""

import pytest

OPEN = ["/oauth2/token", "/oauth2/revoke", "/oauth2/userInfo"]
PAGES = ["/login", "/signup", "/forgotPassword", "/logout", "/error", "/oauth2/authorize"]


@pytest.mark.parametrize("path", OPEN)
def test_preflight(world, path):
    answer = world.send(
        "OPTIONS",
        path,
        headers={
            "origin": "https://app.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type,x-amz-user-agent",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, POST, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "content-type,x-amz-user-agent"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("asked", ["", "x: y", "a\tb", "<script>", "é"])
def test_preflight_echoes_only_header_names(world, asked):
    answer = world.send("OPTIONS", "/oauth2/token", headers={"access-control-request-headers": asked.encode("latin-1")})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-headers"] == "content-type"


@pytest.mark.parametrize("path", OPEN)
def test_answers_and_refusals_may_be_read(world, path):
    for method in ("GET", "POST"):
        answer = world.send(method, path, headers={"origin": "https://app.example"})
        assert answer.status_code in {400, 405}
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", PAGES)
def test_pages_may_not(world, path):
    for method in ("GET", "OPTIONS", "POST"):
        answer = world.send(method, path, headers={"origin": "https://app.example"})
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_pages_do_not_answer_other_methods(world, path, method):
    answer = world.send(method, path)
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", PAGES)
def test_head_is_get_without_a_body(world, path):
    query = world.parameters()
    got, head = world.send("GET", path, params=query), world.send("HEAD", path, params=query)
    assert head.status_code == got.status_code
    assert head.content == b""


@pytest.mark.parametrize(
    "path", ["/nowhere", "/Login", "/oauth2", "/oauth2/", "//login", "/login/", "/%00", "/é", "/_poolhouse/nowhere"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_unknown_paths(world, path, method):
    answer = world.send(method, path)
    assert answer.status_code == 404
    assert answer.headers["x-frame-options"] == "DENY"
