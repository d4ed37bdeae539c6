"""Nobody learns from an answer whether a user exists, where the client says so (security.md §3.4)."""

import contextlib
import re
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace

from poolhouse.crypto import password_hash
from poolhouse.crypto.batches import Batches
from poolhouse.pool.settings import clients
from poolhouse.pool.sign_in import machine
from poolhouse.pool.users import sign_up
from poolhouse.storage import users as stored_users
from poolhouse.storage.postgresql import PostgreSQLDatabase, PostgreSQLTransaction
from poolhouse.storage.sqlite import SQLiteDatabase, SQLiteTransaction
from poolhouse.wire import shapes
from poolhouse.wire.exceptions import NotAuthorizedException
from tests.support.houses import new_call, new_pool, open_house
from tests.support.pools import unique
from tests.support.srp import SRPClient

WRONG = "Wrong-Horse-1"


@pytest.fixture(scope="module")
def guarded(world):
    return world.client(PreventUserExistenceErrors="ENABLED")["ClientId"]


@pytest.fixture(scope="module")
def cast(world, cognito):
    """One user of every kind that must look like a stranger. Fresh failures are counted per user, so few are made.

    Not an UNCONFIRMED one: the real service tells it in any case (OBS, user-pools-api.md §4.2).
    """

    def kinds():
        disabled = world.user()
        cognito.admin_disable_user(UserPoolId=world.pool_id, Username=disabled.username)
        temporary = unique("temporary")
        cognito.admin_create_user(UserPoolId=world.pool_id, Username=temporary, MessageAction="SUPPRESS")
        reset = world.user()
        cognito.admin_reset_user_password(UserPoolId=world.pool_id, Username=reset.username)
        return {
            "confirmed": world.user().username,
            "disabled": disabled.username,
            "temporary": temporary,
            "reset": reset.username,
        }

    return kinds()


def bodies(world, operation, cast, make):
    """The whole answers but for ids and dates, of each kind of user and of two strangers."""
    found = {}
    for kind, username in {**cast, "stranger": unique(), "another stranger": unique("x" * 60)}.items():
        answer = world.server.call(operation, make(username), sign=False)
        head = {name: value for name, value in answer.headers.items() if name not in {"date", "x-amzn-requestid"}}
        found[kind] = (answer.status_code, tuple(sorted(head.items())), answer.content)
    return found


def test_password(world, guarded, cast):
    """Acceptance 15."""
    found = bodies(
        world,
        "InitiateAuth",
        cast,
        lambda username: {
            "ClientId": guarded,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": username, "PASSWORD": WRONG},
        },
    )
    assert len(set(found.values())) == 1, found


def test_srp(world, guarded, cast, cognito):
    """Acceptance 15, by SRP."""

    def answer(username):
        srp = SRPClient(world.pool_id, username, WRONG)
        challenge = cognito.initiate_auth(ClientId=guarded, AuthFlow="USER_SRP_AUTH", AuthParameters=srp.parameters)
        assert challenge["ChallengeParameters"].keys() == {
            "SALT",
            "SRP_B",
            "SECRET_BLOCK",
            "USERNAME",
            "USER_ID_FOR_SRP",
        }
        return {
            "ClientId": guarded,
            "ChallengeName": "PASSWORD_VERIFIER",
            "ChallengeResponses": srp.responses(challenge),
        }

    found = bodies(world, "RespondToAuthChallenge", cast, answer)
    assert len(set(found.values())) == 1, found


def test_srp_challenges_of_an_email_pool_are_equally_long(pools, cognito):
    """What is sealed in SECRET_BLOCK shows through its length."""
    pool_id = pools.user_pool(UsernameAttributes=["email"])
    client_id = pools.client_id(pool_id, PreventUserExistenceErrors="ENABLED")
    known = f"{unique()}@example.com"
    pools.user(pool_id, username=known, email=known)
    lengths = set()
    for username in (known, f"{unique()}@example.com"):
        srp = SRPClient(pool_id, username, WRONG)
        challenge = cognito.initiate_auth(ClientId=client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=srp.parameters)
        lengths.add(len(challenge["ChallengeParameters"]["SECRET_BLOCK"]))
    assert len(lengths) == 1


def test_sign_in_page(world, guarded, cast):
    """Acceptance 15, on the page: it differs only in the name that was typed and in its own tokens."""
    asked = world.parameters(client_id=guarded)
    texts = {}
    for kind, username in {**cast, "stranger": unique()}.items():
        browser = world.browser()
        browser.get("/login", **asked)
        token = browser.http.cookies["XSRF-TOKEN"]
        answer = browser.submit("/login?" + urlencode(asked), username=username, password=WRONG)
        texts[kind] = (answer.status_code, answer.text.replace(username, "").replace(token, ""))
    assert len(set(texts.values())) == 1
    assert "Incorrect username or password." in texts["stranger"][1]


def test_forgotten_password_of_a_stranger_is_steady(world, guarded):
    """Acceptance 17."""
    username = unique()
    answers = {
        world.server.call("ForgotPassword", {"ClientId": guarded, "Username": username}, sign=False).content
        for _ in range(3)
    }
    assert len(answers) == 1
    assert b"CodeDeliveryDetails" in answers.pop()


def without_destination(found):
    """Where a simulated code goes, and by what, follows from the name, so it differs from name to name."""
    return {
        kind: (status, head, re.sub(rb'"(Destination|DeliveryMedium|AttributeName)":"[^"]*"', b"", body))
        for kind, (status, head, body) in found.items()
    }


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("ConfirmSignUp", {"ConfirmationCode": "123456"}),
        ("ResendConfirmationCode", {}),
        ("ForgotPassword", {}),
        ("ConfirmForgotPassword", {"ConfirmationCode": "123456", "Password": "Correct-Horse-2"}),
    ],
)
def test_codes(world, guarded, cast, operation, more):
    """attack-0.1 no. 14: whoever cannot use an operation is answered as a stranger."""
    unreachable = {kind: name for kind, name in cast.items() if kind not in ("confirmed", "reset")}
    who = cast if operation in ("ConfirmSignUp", "ResendConfirmationCode") else unreachable

    def make(username):
        if operation == "ConfirmForgotPassword":
            world.server.call("ForgotPassword", {"ClientId": guarded, "Username": username}, sign=False)
        return {"ClientId": guarded, "Username": username, **more}

    found = bodies(world, operation, who, make)
    assert len(set(without_destination(found).values())) == 1, found


def test_unknown_client_and_wrong_secret_are_one_answer_at_the_token_endpoint(world):
    form = {"grant_type": "authorization_code", "code": "x", "client_secret": "wrong"}
    answers = [
        world.token(form, client_id=client_id)
        for client_id in (world.confidential["ClientId"], world.public_id, "nope", "x" * 26)
    ]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1


def tells_work(monkeypatch):
    """A list that goes on to say every statement, exponentiation and Argon2id computation, each with what decides its price."""
    done = []

    def tell(owner, name, price):
        inner = getattr(owner, name)

        def told(*args, **more):
            done.append((name, price(*args)))
            return inner(*args, **more)

        monkeypatch.setattr(owner, name, told)

    for kind in (SQLiteDatabase, SQLiteTransaction, PostgreSQLDatabase, PostgreSQLTransaction):
        for name in {"one", "all", "execute"} & set(dir(kind)):
            tell(kind, name, lambda _, sql, *parameters: (sql, len(parameters)))
    tell(Batches, "power", lambda _self, _base, exponent: (exponent.bit_length() + 63) // 64)
    tell(Batches, "ephemeral", lambda _: 4)
    tell(password_hash, "_argon2id", lambda _password, salt, cost, length: (len(salt), cost, length))
    return done


@pytest.mark.parametrize("aliases", [[], ["email", "phone_number", "preferred_username"]], ids=["plain", "aliases"])
@pytest.mark.parametrize("flow", ["password", "argon2id password", "srp challenge", "srp answer"])
async def test_work(tmp_path, database_url, monkeypatch, flow, aliases):
    """Acceptance 16: a wrong password costs the same statements and the same arithmetic, in the same order, whether its user
    exists (security.md §3.4; attack-0.1 no. 31: where there are aliases, too). `make timing` measures what becomes of it."""
    async with open_house(tmp_path, database_url) as house:
        tags = {"poolhouse:password_storage": "argon2id" if flow.startswith("argon2id") else "verifier"}
        call = await new_call(
            house, "InitiateAuth", await new_pool(house, UserPoolTags=tags, AliasAttributes=aliases or None)
        )
        request = shapes.CreateUserPoolClientRequest(
            UserPoolId=call.user_pool.id,
            ClientName="x",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            PreventUserExistenceErrors="ENABLED",
        )
        call = call.as_client(await house.configuration.client((await clients.create(call, request)).ClientId))
        user = (await sign_up.sign_up(call, "ada", "Correct-Horse-1", {})).user
        await house.db.write(lambda tx: stored_users.update(tx, replace(user, status="CONFIRMED")))

        async def attempt(username):
            client = SRPClient(call.user_pool.id, username, WRONG)
            if "password" in flow:
                parameters = {"USERNAME": username, "PASSWORD": WRONG}
                return await machine.start(call, "USER_PASSWORD_AUTH", parameters, is_admin=False)
            challenge = (await machine.start(call, "USER_SRP_AUTH", client.parameters, is_admin=False)).challenge
            if flow == "srp answer":
                members = {
                    "SALT": challenge.salt,
                    "SRP_B": challenge.b_pub,
                    "SECRET_BLOCK": challenge.secret_block,
                    "USER_ID_FOR_SRP": challenge.user_id,
                }
                responses = client.responses({"ChallengeParameters": members})
                return await machine.answer(call, "PASSWORD_VERIFIER", None, responses)
            return challenge

        work = {}
        done = tells_work(monkeypatch)
        for username in ("nobody", "ada"):  # the first attempt, and one after a failure
            done.clear()
            for _ in range(2):
                refusal = contextlib.nullcontext() if flow == "srp challenge" else pytest.raises(NotAuthorizedException)
                with refusal:
                    await attempt(username)
            work[username] = list(done)
    assert work["ada"] == work["nobody"]
    assert {name for name, _ in done} & {"power", "ephemeral", "_argon2id"}
    assert {name for name, _ in done} & {"one", "all"}
