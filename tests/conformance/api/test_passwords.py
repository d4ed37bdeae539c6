"""ChangePassword, ForgotPassword, ConfirmForgotPassword, AdminResetUserPassword, AdminSetUserPassword; the lockout."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.pools import PASSWORD, NewUser, Pools, unique
from tests.support.refusals import attributes, refused, secret_hash

NEW_PASSWORD = "Another-Horse-2"
MISMATCH = "Invalid verification code provided, please try again."
EXPIRED = "Invalid code provided, please request a code again."
LIMIT = "Attempt limit exceeded, please try after some time."
NOT_FOUND = "Username/client id combination not found."
INCORRECT = "Incorrect username or password."
NO_CHANNEL = "Cannot reset password for the user as there is no registered/verified email or phone_number"
WRONG_STATE = "User password cannot be reset in the current state."
NO_CLIENT = "0" * 26
NO_POOL = "us-east-1_000000000"
REASONS = [
    ("Aa1!", "Password not long enough"),
    ("aaaaaa1!", "Password must have uppercase characters"),
    ("AAAAAA1!", "Password must have lowercase characters"),
    ("AAAaaaa!", "Password must have numeric characters"),
    ("AAAaaaa1", "Password must have symbol characters"),
]


@pytest.fixture(scope="module")
def pool(pools: Pools) -> str:
    return pools.user_pool(AutoVerifiedAttributes=["email"])


@pytest.fixture(scope="module")
def client(pools: Pools, pool: str) -> str:
    return pools.client_id(pool)


@pytest.fixture(scope="module")
def discreet_client(pools: Pools, pool: str) -> str:
    return pools.client_id(pool, PreventUserExistenceErrors="ENABLED")


@pytest.fixture(scope="module")
def secret_client(pools: Pools, pool: str) -> dict[str, Any]:
    return pools.client(pool, GenerateSecret=True)


@pytest.fixture
def bob(pools: Pools, pool: str) -> NewUser:
    return pools.user(pool)


def sign_in(cognito: Any, client_id: str, username: str, password: str) -> dict[str, Any]:
    return cognito.initiate_auth(  # type: ignore[no-any-return]
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def forget(cognito: Any, inbox: Any, client_id: str, user: NewUser) -> str:
    """The code of a forgotten password."""
    known = inbox.messages(user.email, 0)
    cognito.forgot_password(ClientId=client_id, Username=user.username)
    return str(inbox.code(user.email, after=known[0]["id"] if known else None))


class TestChangePassword:
    def test_the_new_password_signs_in_and_the_old_one_does_not(
        self, cognito: Any, pools: Pools, client: str, bob: NewUser
    ) -> None:
        token = pools.sign_in(client, bob)["AccessToken"]
        cognito.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=NEW_PASSWORD)
        sign_in(cognito, client, bob.username, NEW_PASSWORD)
        with refused("NotAuthorized", INCORRECT):
            sign_in(cognito, client, bob.username, PASSWORD)
        cognito.get_user(AccessToken=token)  # tokens stay valid

    def test_a_wrong_previous_password(self, cognito: Any, pools: Pools, client: str, bob: NewUser) -> None:
        token = pools.sign_in(client, bob)["AccessToken"]
        with refused("NotAuthorized", INCORRECT):
            cognito.change_password(AccessToken=token, PreviousPassword="wrong-1A", ProposedPassword=NEW_PASSWORD)
        with refused("NotAuthorized", INCORRECT):
            cognito.change_password(AccessToken=token, ProposedPassword=NEW_PASSWORD)

    @pytest.mark.parametrize(("password", "reason"), REASONS)
    def test_policy(self, cognito: Any, pools: Pools, client: str, bob: NewUser, password: str, reason: str) -> None:
        token = pools.sign_in(client, bob)["AccessToken"]
        with refused("InvalidPassword", f"Password does not conform to policy: {reason}"):
            cognito.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=password)

    def test_five_in_an_hour(self, cognito: Any, pools: Pools, client: str, bob: NewUser) -> None:
        token = pools.sign_in(client, bob)["AccessToken"]
        for _ in range(5):
            with refused("NotAuthorized", INCORRECT):
                cognito.change_password(AccessToken=token, PreviousPassword="wrong-1A", ProposedPassword=NEW_PASSWORD)
        with refused("LimitExceeded", LIMIT):
            cognito.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=NEW_PASSWORD)

    def test_tokens(self, cognito: Any, pools: Pools, client: str, pool: str, bob: NewUser) -> None:
        with refused("NotAuthorized", "Invalid Access Token"):
            cognito.change_password(AccessToken="a.b.c", PreviousPassword=PASSWORD, ProposedPassword=NEW_PASSWORD)
        token = pools.sign_in(client, bob)["AccessToken"]
        cognito.admin_delete_user(UserPoolId=pool, Username=bob.username)
        with refused("UserNotFound", "User does not exist."):
            cognito.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=NEW_PASSWORD)

    @pytest.mark.parametrize("storage", ["verifier", "argon2id"])
    @pytest.mark.parametrize("password", ["🦆Aa1!" + "é" * 251, "Aa1!\u200bzero", "Straße-1"])
    def test_any_password_is_verified_exactly(self, cognito: Any, pools: Pools, storage: str, password: str) -> None:
        pool = _pool_of_storage(pools, storage)
        client = pools.client_id(pool)
        user = pools.user(pool, password=password)
        sign_in(cognito, client, user.username, password)
        for other in (password[:-1], password.upper(), password + " ", " " + password):
            with pytest.raises(ClientError):
                sign_in(cognito, client, user.username, other)


_POOLS: dict[tuple[int, str], str] = {}


def _pool_of_storage(pools: Pools, storage: str) -> str:
    key = (id(pools), storage)
    if key not in _POOLS:
        _POOLS[key] = pools.user_pool(UserPoolTags={"poolhouse:password_storage": storage})
    return _POOLS[key]


class TestForgotPassword:
    def test_a_code_goes_to_the_verified_address(self, cognito: Any, inbox: Any, client: str, bob: NewUser) -> None:
        answer = cognito.forgot_password(ClientId=client, Username=bob.username)
        assert answer["CodeDeliveryDetails"] == {
            "Destination": f"{bob.email[0]}***@e***",
            "DeliveryMedium": "EMAIL",
            "AttributeName": "email",
        }
        message = inbox.newest(bob.email)
        assert message["text"] == f"Your verification code is {message['code']}. "

    def test_channels(self, cognito: Any, pools: Pools) -> None:
        def medium(setting: list[dict[str, Any]] | None) -> str:
            more = {"AccountRecoverySetting": {"RecoveryMechanisms": setting}} if setting else {}
            pool = pools.user_pool(**more)
            user = pools.user(pool, phone_number="+12065551234", phone_number_verified="true")
            answer = cognito.forgot_password(ClientId=pools.client_id(pool), Username=user.username)
            return str(answer["CodeDeliveryDetails"]["DeliveryMedium"])

        assert medium(None) == "SMS"
        first = {"Name": "verified_email", "Priority": 1}
        second = {"Name": "verified_phone_number", "Priority": 2}
        assert medium([second, first]) == "EMAIL"

    def test_only_administrators_may_reset(self, cognito: Any, pools: Pools) -> None:
        pool = pools.user_pool(AccountRecoverySetting={"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]})
        user = pools.user(pool)
        for username in (user.username, "nobody"):
            with refused("NotAuthorized", "Contact administrator to reset password."):
                cognito.forgot_password(ClientId=pools.client_id(pool), Username=username)
        with refused("NotAuthorized", "Contact administrator to reset password."):
            cognito.admin_reset_user_password(UserPoolId=pool, Username=user.username)

    def test_who_cannot_be_reached(
        self, cognito: Any, pools: Pools, pool: str, client: str, discreet_client: str, bob: NewUser
    ) -> None:
        unverified = pools.user(pool, email_verified="false")
        cognito.admin_disable_user(UserPoolId=pool, Username=bob.username)
        for username, code, text in (
            (unique("nobody"), "UserNotFound", NOT_FOUND),
            (bob.username, "NotAuthorized", "User is disabled."),
            (unverified.username, "InvalidParameter", NO_CHANNEL),
        ):
            with refused(code, text):
                cognito.forgot_password(ClientId=client, Username=username)
            answers = [
                cognito.forgot_password(ClientId=discreet_client, Username=username)["CodeDeliveryDetails"]
                for _ in range(3)
            ]
            assert answers[0]["DeliveryMedium"] == "EMAIL"
            assert answers[0] == answers[1] == answers[2]

    def test_a_typed_address_is_masked_though_nobody_has_it(self, cognito: Any, pools: Pools) -> None:
        pool = pools.user_pool(UsernameAttributes=["email"])
        client = pools.client_id(pool, PreventUserExistenceErrors="ENABLED")
        answer = cognito.forgot_password(ClientId=client, Username="somebody@example.com")
        assert answer["CodeDeliveryDetails"]["Destination"] == "s***@e***"

    def test_a_temporary_password_cannot_be_forgotten(
        self, cognito: Any, pool: str, client: str, discreet_client: str
    ) -> None:
        username = unique()
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=username,
            MessageAction="SUPPRESS",
            UserAttributes=attributes(email="a@example.com", email_verified="true"),
        )
        with refused("NotAuthorized", WRONG_STATE):
            cognito.forgot_password(ClientId=client, Username=username)
        # attack-0.1 no. 14: a client that hides who exists gets the answer of a stranger.
        answer = cognito.forgot_password(ClientId=discreet_client, Username=username)
        assert answer["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"

    def test_twenty_in_an_hour_for_known_and_unknown_users(
        self, cognito: Any, discreet_client: str, bob: NewUser
    ) -> None:
        for username in (bob.username, unique("nobody")):
            for _ in range(20):
                cognito.forgot_password(ClientId=discreet_client, Username=username)
            with refused("LimitExceeded", LIMIT):
                cognito.forgot_password(ClientId=discreet_client, Username=username)

    def test_unknown_client_and_secret_hash(self, cognito: Any, secret_client: dict[str, Any], bob: NewUser) -> None:
        with refused("ResourceNotFound", f"User pool client {NO_CLIENT} does not exist."):
            cognito.forgot_password(ClientId=NO_CLIENT, Username="a")
        client_id = secret_client["ClientId"]
        with refused("NotAuthorized", f"Unable to verify secret hash for client {client_id}"):
            cognito.forgot_password(ClientId=client_id, Username=bob.username)
        proof = secret_hash(secret_client["ClientSecret"], bob.username, client_id)
        cognito.forgot_password(ClientId=client_id, Username=bob.username, SecretHash=proof)

    def test_the_mail_cannot_be_sent(self, start_server: Any) -> None:
        server = start_server("--delivery", "none")
        cognito = server.client()
        pools = Pools(cognito)
        pool = pools.user_pool()
        user = pools.user(pool)
        with refused("CodeDeliveryFailure"):
            cognito.forgot_password(ClientId=pools.client_id(pool), Username=user.username)
        discreet = pools.client_id(pool, PreventUserExistenceErrors="ENABLED")
        cognito.forgot_password(ClientId=discreet, Username=user.username)  # would tell who exists


class TestConfirmForgotPassword:
    def test_the_code_sets_the_password(self, cognito: Any, inbox: Any, client: str, bob: NewUser) -> None:
        code = forget(cognito, inbox, client, bob)
        cognito.confirm_forgot_password(
            ClientId=client, Username=bob.username, ConfirmationCode=code, Password=NEW_PASSWORD
        )
        sign_in(cognito, client, bob.username, NEW_PASSWORD)
        with refused("NotAuthorized", INCORRECT):
            sign_in(cognito, client, bob.username, PASSWORD)
        with refused("ExpiredCode", EXPIRED):
            cognito.confirm_forgot_password(
                ClientId=client, Username=bob.username, ConfirmationCode=code, Password=NEW_PASSWORD
            )

    def test_a_wrong_or_missing_code(self, cognito: Any, inbox: Any, client: str, bob: NewUser) -> None:
        def confirm(code: str) -> None:
            cognito.confirm_forgot_password(
                ClientId=client, Username=bob.username, ConfirmationCode=code, Password=NEW_PASSWORD
            )

        with refused("ExpiredCode", EXPIRED):
            confirm("123456")
        code = forget(cognito, inbox, client, bob)
        with refused("CodeMismatch", MISMATCH):
            confirm(wrong(code))
        newer = forget(cognito, inbox, client, bob)
        if newer != code:
            with refused("CodeMismatch", MISMATCH):
                confirm(code)
        confirm(newer)

    @pytest.mark.parametrize(("password", "reason"), REASONS)
    def test_policy(self, cognito: Any, inbox: Any, client: str, bob: NewUser, password: str, reason: str) -> None:
        code = forget(cognito, inbox, client, bob)
        # Issue 5 exactness 8: the code comes first, so that only who has it reads the policy.
        with refused("CodeMismatch", MISMATCH):
            cognito.confirm_forgot_password(
                ClientId=client, Username=bob.username, ConfirmationCode=wrong(code), Password=password
            )
        with refused("InvalidPassword", f"Password does not conform to policy: {reason}"):
            cognito.confirm_forgot_password(
                ClientId=client, Username=bob.username, ConfirmationCode=code, Password=password
            )
        cognito.confirm_forgot_password(
            ClientId=client, Username=bob.username, ConfirmationCode=code, Password=NEW_PASSWORD
        )

    def test_unknown_user(self, cognito: Any, client: str, discreet_client: str) -> None:
        username = unique("nobody")

        def confirm(client_id: str) -> None:
            cognito.confirm_forgot_password(
                ClientId=client_id, Username=username, ConfirmationCode="123456", Password=NEW_PASSWORD
            )

        with refused("UserNotFound", NOT_FOUND):
            confirm(client)
        with refused("ExpiredCode", EXPIRED):
            confirm(discreet_client)
        cognito.forgot_password(ClientId=discreet_client, Username=username)
        for _ in range(19):
            with refused("CodeMismatch", MISMATCH):
                confirm(discreet_client)
        with refused("LimitExceeded", LIMIT):
            confirm(discreet_client)

    def test_twenty_guesses_in_an_hour(self, cognito: Any, inbox: Any, client: str, bob: NewUser) -> None:
        code = forget(cognito, inbox, client, bob)
        for _ in range(20):
            with refused("CodeMismatch", MISMATCH):
                cognito.confirm_forgot_password(
                    ClientId=client, Username=bob.username, ConfirmationCode=wrong(code), Password=NEW_PASSWORD
                )
        with refused("LimitExceeded", LIMIT):
            cognito.confirm_forgot_password(
                ClientId=client, Username=bob.username, ConfirmationCode=code, Password=NEW_PASSWORD
            )

    def test_a_code_is_valid_for_an_hour(self, start_server: Any) -> None:
        server = start_server()
        cognito, inbox = server.client(), server.inbox
        pools = Pools(cognito)
        pool = pools.user_pool()
        client, early, late = pools.client_id(pool), pools.user(pool), pools.user(pool)
        codes = {user: forget(cognito, inbox, client, user) for user in (early, late)}
        server.advance_clock(3_590)
        cognito.confirm_forgot_password(
            ClientId=client, Username=early.username, ConfirmationCode=codes[early], Password=NEW_PASSWORD
        )
        server.advance_clock(11)
        with refused("ExpiredCode", EXPIRED):
            cognito.confirm_forgot_password(
                ClientId=client, Username=late.username, ConfirmationCode=codes[late], Password=NEW_PASSWORD
            )

    def test_a_disabled_user(self, cognito: Any, inbox: Any, pool: str, client: str, bob: NewUser) -> None:
        code = forget(cognito, inbox, client, bob)
        cognito.admin_disable_user(UserPoolId=pool, Username=bob.username)
        with refused("NotAuthorized", "User is disabled."):
            cognito.confirm_forgot_password(
                ClientId=client, Username=bob.username, ConfirmationCode=code, Password=NEW_PASSWORD
            )

    def test_unknown_client_and_secret_hash(self, cognito: Any, secret_client: dict[str, Any]) -> None:
        given = {"Username": "a", "ConfirmationCode": "123456", "Password": NEW_PASSWORD}
        with refused("ResourceNotFound", f"User pool client {NO_CLIENT} does not exist."):
            cognito.confirm_forgot_password(ClientId=NO_CLIENT, **given)
        client_id = secret_client["ClientId"]
        with refused("NotAuthorized", f"Unable to verify secret hash for client {client_id}"):
            cognito.confirm_forgot_password(ClientId=client_id, **given)


class TestAdminResetUserPassword:
    def test_the_user_needs_a_new_password(
        self, cognito: Any, inbox: Any, pool: str, client: str, bob: NewUser
    ) -> None:
        cognito.admin_reset_user_password(UserPoolId=pool, Username=bob.username)
        assert cognito.admin_get_user(UserPoolId=pool, Username=bob.username)["UserStatus"] == "RESET_REQUIRED"
        with refused("PasswordResetRequired", "Password reset required for the user"):
            sign_in(cognito, client, bob.username, PASSWORD)
        cognito.confirm_forgot_password(
            ClientId=client, Username=bob.username, ConfirmationCode=inbox.code(bob.email), Password=NEW_PASSWORD
        )
        assert cognito.admin_get_user(UserPoolId=pool, Username=bob.username)["UserStatus"] == "CONFIRMED"
        sign_in(cognito, client, bob.username, NEW_PASSWORD)

    def test_who_cannot_be_reset(self, cognito: Any, pools: Pools, pool: str, bob: NewUser) -> None:
        unverified = pools.user(pool, email_verified="false")
        with refused("InvalidParameter", NO_CHANNEL):
            cognito.admin_reset_user_password(UserPoolId=pool, Username=unverified.username)
        cognito.admin_set_user_password(UserPoolId=pool, Username=bob.username, Password=PASSWORD, Permanent=False)
        with refused("NotAuthorized", WRONG_STATE):
            cognito.admin_reset_user_password(UserPoolId=pool, Username=bob.username)
        cognito.admin_disable_user(UserPoolId=pool, Username=bob.username)
        with refused("NotAuthorized", "User is disabled"):  # issue 5 exactness 8: without the full stop here
            cognito.admin_reset_user_password(UserPoolId=pool, Username=bob.username)
        with refused("UserNotFound", "User does not exist."):
            cognito.admin_reset_user_password(UserPoolId=pool, Username=unique("nobody"))
        with refused("ResourceNotFound", f"User pool {NO_POOL} does not exist."):
            cognito.admin_reset_user_password(UserPoolId=NO_POOL, Username="a")


class TestAdminSetUserPassword:
    def test_permanent(self, cognito: Any, pool: str, client: str, bob: NewUser) -> None:
        cognito.admin_set_user_password(UserPoolId=pool, Username=bob.username, Password=NEW_PASSWORD, Permanent=True)
        assert cognito.admin_get_user(UserPoolId=pool, Username=bob.username)["UserStatus"] == "CONFIRMED"
        assert "AuthenticationResult" in sign_in(cognito, client, bob.username, NEW_PASSWORD)

    def test_temporary(self, cognito: Any, pool: str, client: str, bob: NewUser) -> None:
        cognito.admin_set_user_password(UserPoolId=pool, Username=bob.username, Password=NEW_PASSWORD)
        status = cognito.admin_get_user(UserPoolId=pool, Username=bob.username)["UserStatus"]
        assert status == "FORCE_CHANGE_PASSWORD"
        assert sign_in(cognito, client, bob.username, NEW_PASSWORD)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"

    def test_a_temporary_password_expires(self, start_server: Any) -> None:
        server = start_server()
        cognito = server.client()
        pools = Pools(cognito)
        policy = {"PasswordPolicy": {"MinimumLength": 8, "TemporaryPasswordValidityDays": 2}}
        pool = pools.user_pool(Policies=policy)
        client, user = pools.client_id(pool), pools.user(pool)
        cognito.admin_set_user_password(UserPoolId=pool, Username=user.username, Password=PASSWORD)
        server.advance_clock(2 * 86_400 + 1)
        with refused("NotAuthorized", "Temporary password has expired and must be reset by an administrator."):
            sign_in(cognito, client, user.username, PASSWORD)
        cognito.admin_set_user_password(UserPoolId=pool, Username=user.username, Password=PASSWORD)
        sign_in(cognito, client, user.username, PASSWORD)

    @pytest.mark.parametrize(("password", "reason"), REASONS)
    def test_policy(self, cognito: Any, pool: str, bob: NewUser, password: str, reason: str) -> None:
        with refused("InvalidPassword", f"Password did not conform with policy: {reason}"):
            cognito.admin_set_user_password(UserPoolId=pool, Username=bob.username, Password=password, Permanent=True)

    def test_unknown_user_and_pool(self, cognito: Any, pool: str) -> None:
        with refused("UserNotFound", "User does not exist."):
            cognito.admin_set_user_password(UserPoolId=pool, Username=unique("nobody"), Password=PASSWORD)
        with refused("ResourceNotFound", f"User pool {NO_POOL} does not exist."):
            cognito.admin_set_user_password(UserPoolId=NO_POOL, Username="a", Password=PASSWORD)


class TestLockout:
    """Not an operation: what every password sign-in keeps to."""

    EXCEEDED = "Password attempts exceeded"

    @pytest.fixture
    def world(self, start_server: Any) -> tuple[Any, Any, str, NewUser]:
        server = start_server()
        cognito = server.client()
        pools = Pools(cognito)
        pool = pools.user_pool()
        return server, cognito, pools.client_id(pool, PreventUserExistenceErrors="ENABLED"), pools.user(pool)

    def test_the_lock_doubles_and_attempts_in_it_do_not_count(self, world: tuple[Any, Any, str, NewUser]) -> None:
        """Acceptance 13, 14, for users and strangers."""
        server, cognito, client, user = world
        for username in (user.username, "nobody"):
            for _ in range(5):
                with refused("NotAuthorized", INCORRECT):
                    sign_in(cognito, client, username, "wrong-1A")
            for _ in range(3):
                with refused("NotAuthorized", self.EXCEEDED):
                    sign_in(cognito, client, username, PASSWORD)
            for lock in (1, 2, 4, 8, 16):
                server.advance_clock(lock)
                with refused("NotAuthorized", INCORRECT):
                    sign_in(cognito, client, username, "wrong-1A")
            server.advance_clock(31)
            with refused("NotAuthorized", self.EXCEEDED):
                sign_in(cognito, client, username, PASSWORD)
            server.advance_clock(1)
        # A success forgets the failures.
        server.advance_clock(1)
        sign_in(cognito, client, user.username, PASSWORD)
        with refused("NotAuthorized", INCORRECT):
            sign_in(cognito, client, user.username, "wrong-1A")
        sign_in(cognito, client, user.username, PASSWORD)

    def test_fifteen_quiet_minutes_forget(self, world: tuple[Any, Any, str, NewUser]) -> None:
        server, cognito, client, user = world
        for _ in range(5):
            with refused("NotAuthorized", INCORRECT):
                sign_in(cognito, client, user.username, "wrong-1A")
        server.advance_clock(901)
        for _ in range(5):
            with refused("NotAuthorized", INCORRECT):
                sign_in(cognito, client, user.username, "wrong-1A")

    def test_unknown_wrong_and_disabled_look_the_same(self, world: tuple[Any, Any, str, NewUser]) -> None:
        """Acceptance 15."""
        _, cognito, client, user = world
        pool = cognito.list_user_pools(MaxResults=60)["UserPools"]
        answers = set()
        for username in (user.username, "nobody"):
            with pytest.raises(ClientError) as refusal:
                sign_in(cognito, client, username, "wrong-1A")
            answers.add(str(refusal.value.response["Error"]))
        for entry in pool:
            found = cognito.list_users(UserPoolId=entry["Id"], Filter=f'username = "{user.username}"')["Users"]
            if found:
                cognito.admin_disable_user(UserPoolId=entry["Id"], Username=user.username)
        with pytest.raises(ClientError) as refusal:
            sign_in(cognito, client, user.username, "wrong-1A")
        answers.add(str(refusal.value.response["Error"]))
        assert len(answers) == 1
