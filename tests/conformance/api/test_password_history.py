"""PasswordHistorySize at every operation that gives a user a password, on the pages, and in the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ClientError

from tests.support import oauth
from tests.support.inbox import Inbox
from tests.support.oauth import text_of
from tests.support.pools import PASSWORD, NewUser, Pools, unique
from tests.support.refusals import refused
from tests.support.server import Server

USED = "Password has previously been used"
FIRST, SECOND, THIRD, FOURTH = PASSWORD, "Second-Horse-2", "Third-Horse-3", "Fourth-Horse-4"


def policies(size: int) -> dict[str, Any]:
    return {"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": size}}


@pytest.fixture(scope="module", params=["verifier", "argon2id"])
def pool(pools: Pools, request: pytest.FixtureRequest) -> str:
    """Of three passwords none comes again: the one that serves and two of before."""
    return pools.user_pool(
        Policies=policies(3),
        AutoVerifiedAttributes=["email"],
        UserPoolTags={"poolhouse:password_storage": request.param},
    )


@pytest.fixture(scope="module")
def client(pools: Pools, pool: str) -> str:
    return pools.client_id(pool)


@pytest.fixture
def bob(pools: Pools, pool: str) -> NewUser:
    return pools.user(pool)


@pytest.fixture
def give(cognito: Any, pool: str, bob: NewUser) -> Callable[..., None]:
    """AdminSetUserPassword."""

    def work(*passwords: str, username: str = "", is_permanent: bool = True) -> None:
        for password in passwords:
            cognito.admin_set_user_password(
                UserPoolId=pool, Username=username or bob.username, Password=password, Permanent=is_permanent
            )

    return work


def used() -> Any:
    return refused("PasswordHistoryPolicyViolation", USED)


class TestWhereItIsAsked:
    """All of the last three, at each operation that declares the error."""

    @pytest.mark.parametrize("is_permanent", [True, False])
    def test_admin_set_user_password(self, give: Callable[..., None], *, is_permanent: bool) -> None:
        give(SECOND, THIRD)
        for password in (FIRST, SECOND, THIRD):
            with used():
                give(password, is_permanent=is_permanent)
        give(FOURTH, is_permanent=is_permanent)

    def test_change_password(
        self, cognito: Any, pools: Pools, client: str, bob: NewUser, give: Callable[..., None]
    ) -> None:
        token = pools.sign_in(client, bob)["AccessToken"]
        give(SECOND, THIRD)
        for password in (FIRST, SECOND, THIRD):
            with used():
                cognito.change_password(AccessToken=token, PreviousPassword=THIRD, ProposedPassword=password)
        cognito.change_password(AccessToken=token, PreviousPassword=THIRD, ProposedPassword=FOURTH)
        # Whoever does not know the password does not learn which ones it was.
        with refused("NotAuthorized", "Incorrect username or password."):
            cognito.change_password(AccessToken=token, PreviousPassword=FIRST, ProposedPassword=SECOND)

    def test_confirm_forgot_password(
        self, cognito: Any, inbox: Inbox, client: str, bob: NewUser, give: Callable[..., None]
    ) -> None:
        give(SECOND, THIRD)
        cognito.forgot_password(ClientId=client, Username=bob.username)
        confirmation = {"ClientId": client, "Username": bob.username, "ConfirmationCode": inbox.code(bob.email)}
        for password in (FIRST, SECOND, THIRD):
            with refused("CodeMismatch", "Invalid verification code provided, please try again."):
                cognito.confirm_forgot_password(**{**confirmation, "ConfirmationCode": "x"}, Password=password)
            with used():
                cognito.confirm_forgot_password(**confirmation, Password=password)
        cognito.confirm_forgot_password(**confirmation, Password=FOURTH)  # the code stays good for a better password

    @pytest.mark.parametrize("is_admin", [True, False])
    def test_new_password_required(
        self, cognito: Any, pool: str, client: str, bob: NewUser, give: Callable[..., None], *, is_admin: bool
    ) -> None:
        give(SECOND)
        give(THIRD, is_permanent=False)
        who = {"USERNAME": bob.username}
        begun = {"ClientId": client, "AuthParameters": {**who, "PASSWORD": THIRD}}
        if is_admin:
            flow = {"UserPoolId": pool, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH"}
            session = cognito.admin_initiate_auth(**flow, **begun)["Session"]
        else:
            session = cognito.initiate_auth(AuthFlow="USER_PASSWORD_AUTH", **begun)["Session"]

        def answer(password: str) -> Any:
            challenge = {
                "ClientId": client,
                "ChallengeName": "NEW_PASSWORD_REQUIRED",
                "Session": session,
                "ChallengeResponses": {**who, "NEW_PASSWORD": password},
            }
            if is_admin:
                return cognito.admin_respond_to_auth_challenge(UserPoolId=pool, **challenge)
            return cognito.respond_to_auth_challenge(**challenge)

        for password in (FIRST, SECOND, THIRD):
            with used():
                answer(password)
        assert answer(FOURTH)["AuthenticationResult"]["AccessToken"]

    def test_an_invitation_is_sent_again_with_any_password_and_it_counts_afterwards(
        self, cognito: Any, pool: str, give: Callable[..., None]
    ) -> None:
        name = unique()
        for more in ({}, {"MessageAction": "RESEND"}, {"MessageAction": "RESEND"}):
            cognito.admin_create_user(UserPoolId=pool, Username=name, TemporaryPassword=FIRST, **more)
        cognito.admin_create_user(UserPoolId=pool, Username=name, TemporaryPassword=SECOND, MessageAction="RESEND")
        with used():
            give(FIRST, username=name)

    def test_the_policy_is_said_first(self, cognito: Any, pool: str, bob: NewUser) -> None:
        with refused("InvalidPassword", "Password did not conform with policy: Password not long enough"):
            cognito.admin_set_user_password(UserPoolId=pool, Username=bob.username, Password="short1", Permanent=True)


class TestHowManyCount:
    def test_the_fourth_of_before_serves_again(self, give: Callable[..., None]) -> None:
        give(SECOND, THIRD, FOURTH, FIRST)
        with used():
            give(THIRD)
        give(SECOND)

    def test_one_is_the_password_that_serves(self, cognito: Any, pools: Pools) -> None:
        pool = pools.user_pool(Policies=policies(1))
        name = pools.user(pool).username
        given = {"UserPoolId": pool, "Username": name, "Permanent": True}
        with used():
            cognito.admin_set_user_password(**given, Password=FIRST)
        for password in (SECOND, FIRST):
            cognito.admin_set_user_password(**given, Password=password)

    def test_24_are_compared(self, cognito: Any, pools: Pools) -> None:
        pool = pools.user_pool(Policies=policies(24))
        given = {"UserPoolId": pool, "Username": pools.user(pool).username, "Permanent": True}
        for number in range(23):
            cognito.admin_set_user_password(**given, Password=f"Horse-Number-{number}")
        for password in (FIRST, "Horse-Number-0", "Horse-Number-22"):
            with used():
                cognito.admin_set_user_password(**given, Password=password)
        cognito.admin_set_user_password(**given, Password="Horse-Number-23")
        cognito.admin_set_user_password(**given, Password=FIRST)

    def test_zero_is_no_history_and_forgets_the_one_of_before(self, cognito: Any, pools: Pools) -> None:
        pool = pools.user_pool(Policies=policies(3))
        given = {"UserPoolId": pool, "Username": pools.user(pool).username, "Permanent": True}
        cognito.admin_set_user_password(**given, Password=SECOND)
        cognito.update_user_pool(UserPoolId=pool, Policies=policies(0))
        for password in (FIRST, FIRST, SECOND):
            cognito.admin_set_user_password(**given, Password=password)
        cognito.update_user_pool(UserPoolId=pool, Policies=policies(3))
        with used():
            cognito.admin_set_user_password(**given, Password=SECOND)
        cognito.admin_set_user_password(**given, Password=FIRST)

    def test_it_outlives_a_change_of_how_passwords_are_kept(self, cognito: Any, pools: Pools) -> None:
        tag = "poolhouse:password_storage"
        pool = pools.user_pool(Policies=policies(3), UserPoolTags={tag: "verifier"})
        given = {"UserPoolId": pool, "Username": pools.user(pool).username, "Permanent": True}
        cognito.update_user_pool(UserPoolId=pool, Policies=policies(3), UserPoolTags={tag: "argon2id"})
        cognito.admin_set_user_password(**given, Password=SECOND)
        for password in (FIRST, SECOND):
            with used():
                cognito.admin_set_user_password(**given, Password=password)

    def test_a_password_that_was_taken_away_counts(
        self, cognito: Any, pool: str, bob: NewUser, give: Callable[..., None]
    ) -> None:
        named = {"ProviderName": "Cognito", "ProviderAttributeName": "Cognito_Subject"}
        user = {**named, "ProviderAttributeValue": bob.username}
        cognito.admin_disable_provider_for_user(UserPoolId=pool, User=user)
        with used():
            give(FIRST)
        give(SECOND)

    def test_somebody_else_may_have_had_it(self, pools: Pools, pool: str, give: Callable[..., None]) -> None:
        give(SECOND)
        give(SECOND, username=pools.user(pool).username)

    def test_a_name_that_is_given_anew_has_no_history(
        self, cognito: Any, pools: Pools, pool: str, bob: NewUser, give: Callable[..., None]
    ) -> None:
        give(SECOND)
        cognito.admin_delete_user(UserPoolId=pool, Username=bob.username)
        pools.user(pool, username=bob.username, password=THIRD)
        give(FIRST, SECOND)


def test_of_two_changes_to_one_password_at_once_one_is_refused(cognito: Any, pools: Pools) -> None:
    """The comparison holds in the write, though it is made before it."""
    pool = pools.user_pool(Policies=policies(3))
    with ThreadPoolExecutor(4) as threads:
        for _ in range(5):
            given = {"UserPoolId": pool, "Username": pools.user(pool).username, "Permanent": True}

            def attempt(_number: int, given: dict[str, Any] = given) -> str:
                try:
                    cognito.admin_set_user_password(**given, Password=SECOND)
                except ClientError as refusal:
                    return str(refusal.response["Error"]["Code"])
                return "done"

            found = sorted(threads.map(attempt, range(4)))
            assert found == [*["PasswordHistoryPolicyViolationException"] * 3, "done"]


class TestPages:
    def test_a_forgotten_password(self, server: Server, pools: Pools, inbox: Inbox) -> None:
        world = oauth.build(server, pools, Policies=policies(3), AutoVerifiedAttributes=["email"])
        asked = world.parameters()
        browser = world.browser()
        browser.get("/forgotPassword", **asked)
        browser.submit("/forgotPassword?" + urlencode(asked), username=world.bob.username)
        browser.get("/confirmforgotPassword", **asked)
        form = {"code": inbox.code(world.bob.email)}
        target = "/confirmforgotPassword?" + urlencode(asked)
        answer = browser.submit(target, **form, password=PASSWORD, confirmPassword=PASSWORD)
        assert USED in text_of(answer)
        answer = browser.submit(target, **form, password=SECOND, confirmPassword=SECOND)
        assert answer.status_code in (302, 303), answer.text

    def test_a_temporary_password(self, server: Server, pools: Pools, cognito: Any) -> None:
        world = oauth.build(server, pools, Policies=policies(3))
        cognito.admin_set_user_password(
            UserPoolId=world.pool_id, Username=world.bob.username, Password=SECOND, Permanent=False
        )
        asked = world.parameters()
        browser = world.browser()
        browser.get("/login", **asked)
        browser.submit("/login?" + urlencode(asked), username=world.bob.username, password=SECOND)
        browser.get("/changePassword", **asked)
        target = "/changePassword?" + urlencode(asked)
        answer = browser.submit(target, password=PASSWORD, confirmPassword=PASSWORD)
        assert USED in text_of(answer)
        answer = browser.submit(target, password=THIRD, confirmPassword=THIRD)
        assert answer.headers["location"].startswith(world.parameters()["redirect_uri"])
