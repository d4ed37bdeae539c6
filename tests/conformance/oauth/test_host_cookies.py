"""On https a cookie counts only if this very host has set it (attack-0.1, noted: cookies without `__Host-`).

A sibling subdomain can set `cognito` and `XSRF-TOKEN` for the whole site, but no cookie whose name begins with `__Host-`.
"""

import re
from urllib.parse import urlencode

import httpx
import pytest

from tests.support import oauth
from tests.support.oauth import CALLBACK, query_of, text_of
from tests.support.pools import Pools


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    from tests.support.server import starter

    with starter(lambda: "", tmp_path_factory) as start:
        server = start("--tls", scheme="https")
        yield oauth.build(server, Pools(server.client()))


@pytest.fixture(params=["host", "path"])
def site(request, world):
    """Where the endpoints are asked for: (base path, headers)."""
    return ("", {"host": world.host}) if request.param == "host" else (f"/{world.pool_id}", {})


def ask(world, site, method, path, jar, **more):
    """One request with exactly these cookies, in this order; new ones are put into the jar."""
    base, headers = site
    sent = {**headers, "cookie": "; ".join(f"{name}={value}" for name, value in jar)}
    answer = world.server.http.request(method, base + path, headers=sent, **more)
    for line in answer.headers.get_list("set-cookie"):
        name, _, value = line.partition(";")[0].partition("=")
        jar[:] = [pair for pair in jar if pair[0] != name] + ([(name, value)] if value else [])
    world.server.http.cookies.clear()
    return answer


def sign_in(world, site, jar, user=None):
    user = user or world.bob
    query = urlencode(world.parameters())
    page = ask(world, site, "GET", f"/login?{query}", jar)
    csrf = re.search(r'name="_csrf" value="([^"]+)"', page.text)
    assert csrf
    form = {"_csrf": csrf[1], "username": user.username, "password": user.password}
    return ask(world, site, "POST", f"/login?{query}", jar, data=form)


def is_signed_in(world, site, jar):
    answer = ask(world, site, "GET", "/oauth2/authorize", jar, params=world.parameters())
    return "code" in query_of(answer.headers["location"])


def names(jar):
    return {name for name, _ in jar}


def test_names_stay_and_each_has_its_twin(world, site):
    jar = []
    answer = sign_in(world, site, jar)
    assert answer.headers["location"].startswith(CALLBACK), text_of(answer)
    suffix = site[0].replace("/", ".")
    assert names(jar) == {"cognito", f"__Host-cognito{suffix}", "XSRF-TOKEN", f"__Host-XSRF-TOKEN{suffix}"}
    for line in answer.headers.get_list("set-cookie"):
        attributes = set(line.split("; ")[1:])
        assert {"HttpOnly", "Secure", "SameSite=Lax"} <= attributes
        assert not [each for each in attributes if each.startswith("Domain=")]
        # RFC 6265bis §4.1.3.2: browsers take the prefix only with this path.
        is_twin = line.startswith("__Host-")
        assert f"Path={'/' if is_twin else site[0] or '/'}" in attributes
    assert is_signed_in(world, site, jar)


def test_a_planted_session_signs_nobody_in(world, site):
    """attack-0.1, noted: the attacker's own session, set by a sibling for the whole site."""
    attacker = []
    sign_in(world, site, attacker, world.user())
    planted = [("cognito", dict(attacker)["cognito"])]
    assert not is_signed_in(world, site, planted)


def test_a_planted_session_takes_nobodys_place(world, site):
    """attack-0.1, noted: before or behind the person's own cookie."""
    attacker, person = [], []
    sign_in(world, site, attacker, world.user())
    sign_in(world, site, person)
    evil = ("cognito", dict(attacker)["cognito"])
    for jar in ([evil, *person], [*person, evil]):
        answer = ask(world, site, "GET", "/oauth2/authorize", jar, params=world.parameters())
        code = query_of(answer.headers["location"])["code"]
        assert oauth.claims_of(world.redeem(code).json()["id_token"])["cognito:username"] == world.bob.username


@pytest.mark.parametrize("lost", ["cognito", "__Host-cognito"])
def test_neither_counts_alone(world, site, lost):
    jar = []
    sign_in(world, site, jar)
    jar[:] = [pair for pair in jar if not pair[0].startswith(lost)]
    assert not is_signed_in(world, site, jar)


def test_a_planted_form_token_is_not_believed(world, site):
    """attack-0.1, noted: double submit with a cookie that another host has set."""
    query = urlencode(world.parameters())
    token = "0a1b2c3d-0000-4000-8000-000000000000"
    form = {"_csrf": token, "username": world.bob.username, "password": world.bob.password}
    answer = ask(world, site, "POST", f"/login?{query}", [("XSRF-TOKEN", token)], data=form)
    assert "code" not in query_of(answer.headers["location"])
    real = []
    ask(world, site, "GET", f"/login?{query}", real)
    for jar in ([("XSRF-TOKEN", token), *real], [*real, ("XSRF-TOKEN", token)]):
        answer = ask(world, site, "POST", f"/login?{query}", list(jar), data=form)
        assert "code" not in query_of(answer.headers["location"])
        answer = ask(
            world, site, "POST", f"/login?{query}", list(jar), data={**form, "_csrf": dict(real)["XSRF-TOKEN"]}
        )
        assert "code" in query_of(answer.headers["location"])


def test_sign_out_drops_both(world, site):
    jar = []
    sign_in(world, site, jar)
    ask(world, site, "GET", "/logout", jar, params={"client_id": world.public_id, "logout_uri": oauth.LOGOUT})
    assert not [name for name in names(jar) if "cognito" in name]


def test_a_session_of_one_pool_at_the_origin_is_none_of_another(world):
    """Twins of paths have names of their own, since they all hold for the whole host."""
    with httpx.Client(base_url=world.server.url, verify=world.server.trust(), trust_env=False) as http:
        callback = f"{world.server.url}/_poolhouse/demo/callback"
        query = {"client_id": world.server.demo_client_id, "response_type": "code", "redirect_uri": callback}
        http.get(f"/{world.pool_id}/login", params=world.parameters())
        http.get("/login", params=query)
        assert len({cookie.name for cookie in http.cookies.jar}) == 3
