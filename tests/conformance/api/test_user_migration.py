"""UserMigration: users whom another directory knows (user-pools-api.md §7.3)."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support import functions as support
from tests.support import oauth
from tests.support.functions import KINDS, Functions, arn
from tests.support.functions.old_directory import old_directory
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.server import Server
from tests.support.srp import SRPClient

WRONG = ("NotAuthorizedException", "Incorrect username or password.")
Users = dict[str, tuple[str, dict[str, str]]]


@pytest.fixture(scope="module")
def users() -> Users:
    return {}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, users: Users) -> Iterator[tuple[Server, Functions]]:
    with old_directory(users) as address:
        folders = tmp_path_factory.mktemp("migration"), tmp_path_factory.mktemp("told")
        with support.served(*folders, OLD_DIRECTORY=address) as both:
            yield both


class Migrating:
    def __init__(self, served: tuple[Server, Functions], function: str, **settings: Any) -> None:
        self.server, self.functions = served
        self.cognito = self.server.client()
        self.pools = Pools(self.cognito)
        self.id = self.pools.user_pool(LambdaConfig={"UserMigration": arn(function)}, **settings)
        self.hidden = self.pools.client_id(self.id, PreventUserExistenceErrors="ENABLED")
        self.legacy = self.pools.client_id(self.id, PreventUserExistenceErrors="LEGACY")

    def sign_in(self, name: str, password: str = PASSWORD, client_id: str = "", **more: Any) -> dict[str, Any]:
        parameters = {"USERNAME": name, "PASSWORD": password}
        asked = {"ClientId": client_id or self.hidden, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
        return dict(self.cognito.initiate_auth(**asked, **more))

    def tell(self, **response: Any) -> None:
        self.functions.tell(self.id, "UserMigration", response=response)

    def status(self, name: str) -> str:
        return str(self.cognito.admin_get_user(UserPoolId=self.id, Username=name)["UserStatus"])


@pytest.fixture(scope="module", params=["migrate_users-py", "migrate_users-runtime"])
def moving(request: pytest.FixtureRequest, served: tuple[Server, Functions]) -> Migrating:
    """A pool with examples/triggers/migrate_users.py, as a file and in AWS's own runtime."""
    return Migrating(served, request.param, AutoVerifiedAttributes=["email"])


@pytest.fixture
def pool(served: tuple[Server, Functions]) -> Migrating:
    """A pool whose function answers as the test says."""
    return Migrating(served, "python")


def refusal(call: Any, *arguments: Any, **more: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(*arguments, **more)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


class TestTheExample:
    def test_the_first_sign_in_moves_the_user(self, moving: Migrating, users: Users) -> None:
        name = unique("old")
        users[name] = ("short", {"email": f"{name}@example.com", "name": "Old"})
        assert moving.sign_in(name, "short")["AuthenticationResult"]  # the policy is not asked
        assert moving.status(name) == "CONFIRMED"
        del users[name]  # from now on the pool knows the user itself
        assert moving.sign_in(name, "short")["AuthenticationResult"]
        assert refusal(moving.sign_in, name, "other") == WRONG
        srp = SRPClient(moving.id, name, "short")
        challenge = moving.cognito.initiate_auth(
            ClientId=moving.hidden, AuthFlow="USER_SRP_AUTH", AuthParameters=srp.parameters
        )
        answered = moving.cognito.respond_to_auth_challenge(
            ClientId=moving.hidden, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=srp.responses(challenge)
        )
        assert answered["AuthenticationResult"]

    def test_a_wrong_password_moves_nobody(self, moving: Migrating, users: Users) -> None:
        name = unique("old")
        users[name] = (PASSWORD, {"email": f"{name}@example.com"})
        assert refusal(moving.sign_in, name, "wrong") == WRONG
        text = f"Exception migrating user in app client {moving.legacy}"
        assert refusal(moving.sign_in, name, "wrong", moving.legacy) == ("UserNotFoundException", text)
        with pytest.raises(moving.cognito.exceptions.UserNotFoundException):
            moving.status(name)

    @pytest.mark.parametrize("kind", ["hidden", "legacy"])
    def test_guesses_at_the_other_directory_are_counted(self, moving: Migrating, users: Users, kind: str) -> None:
        name = unique("old")
        users[name] = (PASSWORD, {"email": f"{name}@example.com"})
        client_id = getattr(moving, kind)
        for _ in range(5):
            refusal(moving.sign_in, name, "wrong", client_id)
        assert refusal(moving.sign_in, name, PASSWORD, client_id) == (
            "NotAuthorizedException",
            "Password attempts exceeded",
        )

    def test_a_forgotten_password(self, moving: Migrating, users: Users) -> None:
        name = unique("old")
        email = f"{name}@example.com"
        users[name] = ("forgotten", {"email": email})
        moving.cognito.forgot_password(ClientId=moving.hidden, Username=name)
        assert moving.status(name) == "RESET_REQUIRED"
        code = moving.server.inbox.code(email)
        moving.cognito.confirm_forgot_password(
            ClientId=moving.hidden, Username=name, ConfirmationCode=code, Password=PASSWORD
        )
        assert moving.sign_in(name)["AuthenticationResult"]

    def test_the_page_moves_users_too(self, served: tuple[Server, Functions], users: Users) -> None:
        server, _ = served
        world = oauth.build(server, Pools(server.client()))
        server.client().update_user_pool(
            UserPoolId=world.pool_id, LambdaConfig={"UserMigration": arn("migrate_users-py")}
        )
        name = unique("old")
        users[name] = ("short", {"email": f"{name}@example.com"})
        browser = world.browser()
        asked = world.parameters()
        browser.get("/login", **asked)
        answer = browser.http.post(
            "/login",
            params=asked,
            data={"_csrf": browser.http.cookies["XSRF-TOKEN"], "username": name, "password": "short"},
        )
        assert answer.status_code == 302
        assert answer.headers["location"].startswith(oauth.CALLBACK)


class TestTheEvent:
    """Field by field, through every kind of target."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_at_sign_in(self, served: tuple[Server, Functions], kind: str) -> None:
        pool = Migrating(served, kind)
        name = unique("New")
        pool.tell(
            userAttributes={"email": f"{name}@example.com"}, finalUserStatus="CONFIRMED", messageAction="SUPPRESS"
        )
        assert pool.sign_in(name, ClientMetadata={"a": "b"})["AuthenticationResult"]
        (told,) = pool.functions.told(pool.id)
        assert told.pop("callerContext") == {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": pool.hidden}
        assert told == {
            "version": "1",
            "triggerSource": "UserMigration_Authentication",
            "region": "us-east-1",
            "userPoolId": pool.id,
            "userName": name,
            "request": {"password": PASSWORD, "validationData": {"a": "b"}},
            "response": dict.fromkeys(
                [
                    "userAttributes",
                    "finalUserStatus",
                    "messageAction",
                    "desiredDeliveryMediums",
                    "forceAliasCreation",
                    "enableSMSMFA",
                ]
            ),
        }

    def test_at_forgot_password(self, pool: Migrating) -> None:
        pool.cognito.forgot_password(ClientId=pool.hidden, Username="nobody", ClientMetadata={"a": "b"})
        (told,) = pool.functions.told(pool.id)
        assert told["triggerSource"] == "UserMigration_ForgotPassword"
        assert told["request"] == {"validationData": None, "clientMetadata": {"a": "b"}}

    def test_srp_and_known_users_ask_nobody(self, pool: Migrating) -> None:
        name = pool.pools.user(pool.id).username
        pool.sign_in(name)
        pool.cognito.initiate_auth(
            ClientId=pool.hidden, AuthFlow="USER_SRP_AUTH", AuthParameters={"USERNAME": unique(), "SRP_A": "a" * 64}
        )
        assert pool.functions.told(pool.id) == []


class TestTheResponse:
    def test_nobody_without_attributes(self, pool: Migrating) -> None:
        for response in ({}, {"userAttributes": None}, {"userAttributes": {}}):
            pool.tell(**response)
            assert refusal(pool.sign_in, unique("nobody")) == WRONG
            text = "User does not exist."
            assert refusal(pool.sign_in, unique("nobody"), client_id=pool.legacy) == ("UserNotFoundException", text)

    def test_a_reset_is_required_unless_said_otherwise(self, pool: Migrating) -> None:
        name = unique("reset")
        pool.tell(userAttributes={"email": f"{name}@example.com"})
        assert refusal(pool.sign_in, name)[0] == "PasswordResetRequiredException"
        assert pool.status(name) == "RESET_REQUIRED"

    @pytest.mark.parametrize("force", [True, False])
    def test_an_alias_of_somebody_else(self, served: tuple[Server, Functions], *, force: bool) -> None:
        pool = Migrating(served, "python", AliasAttributes=["email"])
        first, second = unique("first"), unique("second")
        email = pool.pools.user(pool.id, username=first).email
        attributes = {"email": email, "email_verified": "true"}
        pool.tell(userAttributes=attributes, finalUserStatus="CONFIRMED", forceAliasCreation=force)
        if force:
            assert pool.sign_in(second)["AuthenticationResult"]
        else:
            assert refusal(pool.sign_in, second) == WRONG
        owner = pool.cognito.admin_get_user(UserPoolId=pool.id, Username=email)["Username"]
        assert owner == (second if force else first)

    def test_who_types_an_alias_is_given_a_name(self, served: tuple[Server, Functions]) -> None:
        pool = Migrating(served, "python", AliasAttributes=["email"])
        name = unique("named")
        email = f"{name}@example.com"
        attributes = {"email": email, "email_verified": "true"}
        pool.tell(userAttributes=attributes, finalUserStatus="CONFIRMED")
        assert refusal(pool.sign_in, email) == WRONG  # without a name
        pool.tell(userAttributes={**attributes, "username": name}, finalUserStatus="CONFIRMED")
        assert pool.sign_in(email)["AuthenticationResult"]
        assert pool.status(name) == "CONFIRMED"

    @pytest.mark.parametrize(
        "response",
        [
            {"userAttributes": {"email": "no address"}},
            {"userAttributes": {"unknown": "x"}},
            {"userAttributes": {"email": 7}},
            {"userAttributes": {"email": "a@example.com", "username": "another"}},
            {"userAttributes": {"email": "a@example.com"}, "enableSMSMFA": True},
        ],
        ids=str,
    )
    def test_what_it_may_not_say(self, pool: Migrating, response: dict[str, Any]) -> None:
        pool.tell(**response)
        name = unique("odd")
        assert refusal(pool.sign_in, name) == WRONG
        text = f"Exception migrating user in app client {pool.legacy}"
        assert refusal(pool.sign_in, name, client_id=pool.legacy) == ("UserNotFoundException", text)

    def test_pools_that_sign_in_by_address(self, served: tuple[Server, Functions]) -> None:
        pool = Migrating(served, "python", UsernameAttributes=["email"])
        email = f"{unique('address')}@example.com"
        pool.tell(userAttributes={"email": email, "email_verified": "true"}, finalUserStatus="CONFIRMED")
        assert pool.sign_in(email)["AuthenticationResult"]

    def test_nothing_is_written_to_the_user(self, pool: Migrating) -> None:
        """The welcome message would hold the user's own password (docs/triggers.md)."""
        name = unique("quiet")
        email = f"{name}@example.com"
        pool.tell(userAttributes={"email": email}, finalUserStatus="CONFIRMED", desiredDeliveryMediums=["EMAIL"])
        pool.sign_in(name)
        assert pool.server.inbox.messages(email) == []
