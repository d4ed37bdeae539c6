"""Every value that may be used once is used once, also in parallel and on two workers (RFC 9700 §4.5, §4.10)."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import oauth
from tests.support.pools import Pools
from tests.support.server import JSON_11, TARGET
from tests.support.srp import SRPClient

AT_ONCE = 16


@pytest.fixture(scope="module")
def two_workers(engine, _servers, new_database_url, tmp_path_factory):
    """A world at a server with two workers, so that no lock of one process can help."""
    from tests.support.server import Server

    name = f"{engine}-two-workers"
    if name not in _servers:
        data = tmp_path_factory.mktemp(name)
        _servers[name] = Server(data, "--workers", "2", database_url=new_database_url()).start()
    server = _servers[name]
    return oauth.build(server, Pools(server.client()))


def at_once(work):
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda _: work(), range(AT_ONCE)))


def new_connection(world, method, path, **more):
    """On a connection of its own, so that either worker may answer."""
    with world.browser().http as http:
        return http.request(method, path, **more)


def test_authorization_code(two_workers):
    world = two_workers
    browser = world.signed_in()
    for _ in range(3):
        form = {
            "grant_type": "authorization_code",
            "client_id": world.public_id,
            "code": world.code(browser=browser),
            "redirect_uri": oauth.CALLBACK,
        }
        statuses = [
            answer.status_code
            for answer in at_once(lambda form=form: new_connection(world, "POST", "/oauth2/token", data=form))
        ]
        assert sorted(statuses) == [200] + [400] * (AT_ONCE - 1)


def test_srp_answer(two_workers):
    world = two_workers
    cognito = world.pools.cognito
    srp = SRPClient(world.pool_id, world.bob.username, world.bob.password)
    challenge = cognito.initiate_auth(ClientId=world.public_id, AuthFlow="USER_SRP_AUTH", AuthParameters=srp.parameters)
    responses = srp.responses(challenge)

    def attempt():
        try:
            cognito.respond_to_auth_challenge(
                ClientId=world.public_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=responses
            )
        except cognito.exceptions.NotAuthorizedException as refusal:
            return refusal.response["Error"]["Message"]
        return "signed in"

    answers = at_once(attempt)
    assert answers.count("signed in") == 1
    assert set(answers) == {"signed in", "Incorrect username or password."}
    # Replays are no guesses: the right password still works.
    assert world.pools.sign_in(world.public_id, world.bob)


def test_refresh_token_rotation(two_workers):
    world = two_workers
    client_id = world.client(
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 60},
    )["ClientId"]
    token = world.tokens(client_id=client_id)["refresh_token"]
    form = {"grant_type": "refresh_token", "client_id": client_id, "refresh_token": token}
    answers = at_once(lambda: new_connection(world, "POST", "/oauth2/token", data=form).json())
    assert len({answer["refresh_token"] for answer in answers}) == 1


def test_refresh_token_rotation_without_grace(two_workers):
    """A request that began before another has rotated is a second use like any other."""
    world = two_workers
    client_id = world.client(
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
    )["ClientId"]
    for _ in range(5):
        token = world.tokens(client_id=client_id)["refresh_token"]
        form = {"grant_type": "refresh_token", "client_id": client_id, "refresh_token": token}
        answers = at_once(lambda form=form: new_connection(world, "POST", "/oauth2/token", data=form).json())
        assert sum("refresh_token" in answer for answer in answers) <= 1


def test_sign_out_is_seen_by_both_workers_at_once(two_workers):
    world = two_workers
    user = world.user()
    token = world.tokens(user)["access_token"]
    world.pools.cognito.admin_user_global_sign_out(UserPoolId=world.pool_id, Username=user.username)
    head = {"authorization": f"Bearer {token}"}
    answers = at_once(lambda: new_connection(world, "GET", "/oauth2/userInfo", headers=head).status_code)
    assert set(answers) == {401}


def test_changed_password_is_seen_by_both_workers_at_once(two_workers):
    """Acceptance 22: the old one signs in nowhere any more; sign-ins of before go on where the pool does not say otherwise."""
    world = two_workers
    user = world.user()
    mine, other = (world.pools.sign_in(world.public_id, user) for _ in range(2))
    world.pools.cognito.change_password(
        AccessToken=mine["AccessToken"], PreviousPassword=user.password, ProposedPassword="Another-Horse-2"
    )

    def sign_in(password):
        body = {
            "ClientId": world.public_id,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": user.username, "PASSWORD": password},
        }
        head = {"content-type": JSON_11, "x-amz-target": TARGET + "InitiateAuth"}
        return new_connection(world, "POST", "/", content=json.dumps(body), headers=head)

    refused = [sign_in(user.password) for _ in range(5)]
    assert {(answer.status_code, answer.json()["__type"]) for answer in refused} == {(400, "NotAuthorizedException")}
    world.pools.cognito.admin_set_user_password(
        UserPoolId=world.pool_id, Username=user.username, Password="Another-Horse-3", Permanent=True
    )
    for refresh_token in (mine["RefreshToken"], other["RefreshToken"]):
        assert world.refresh(refresh_token).status_code == 200


def test_change_of_a_client_is_seen_by_both_workers_at_once(two_workers):
    world = two_workers
    client = world.client(GenerateSecret=True)
    head = oauth.basic(client["ClientId"], client["ClientSecret"])
    form = {"grant_type": "authorization_code", "code": "x"}

    def errors():
        return {
            answer.json()["error"]
            for answer in at_once(lambda: new_connection(world, "POST", "/oauth2/token", data=form, headers=head))
        }

    assert errors() == {"invalid_grant"}
    world.pools.cognito.delete_user_pool_client(UserPoolId=world.pool_id, ClientId=client["ClientId"])
    assert errors() == {"invalid_client"}


def test_signed_out_cookie(two_workers):
    world = two_workers
    browser = world.signed_in()
    value = browser.http.cookies["cognito"]
    browser.get("/logout", client_id=world.public_id, logout_uri=oauth.LOGOUT)
    head = {"cookie": f"cognito={value}"}
    answers = at_once(
        lambda: new_connection(world, "GET", "/oauth2/authorize", params=world.parameters(), headers=head)
    )
    assert all("/login?" in answer.headers["location"] for answer in answers)


def test_parallel_guesses_of_a_password(world):
    """A lock cannot be outrun by asking everything at once: what is let in before it closes is bounded, then it is closed."""
    user = world.user()
    cognito = world.pools.cognito

    def guess(password):
        try:
            cognito.initiate_auth(
                ClientId=world.public_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": user.username, "PASSWORD": password},
            )
        except cognito.exceptions.NotAuthorizedException as refusal:
            return refusal.response["Error"]["Message"]
        return "signed in"

    with ThreadPoolExecutor(32) as threads:
        list(threads.map(guess, [f"Wrong-Horse-{n}" for n in range(32)]))
    assert guess(user.password) == "Password attempts exceeded"
