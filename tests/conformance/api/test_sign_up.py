"""SignUp, ConfirmSignUp, ResendConfirmationCode, AdminConfirmSignUp."""

import html
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import attributes, refused, secret_hash, values

EXISTS = "User already exists"
MISMATCH = "Invalid verification code provided, please try again."
EXPIRED = "Invalid code provided, please request a code again."
LIMIT = "Attempt limit exceeded, please try after some time."
NOT_FOUND = "Username/client id combination not found."
NO_CLIENT = "0" * 26


@pytest.fixture(scope="module")
def pool(pools: Pools) -> str:
    """E-mail is verified; one custom attribute; given_name is required."""
    return pools.user_pool(
        AutoVerifiedAttributes=["email"],
        Schema=[
            {"Name": "given_name", "Required": True},
            {"Name": "level", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MaxValue": "9"}},
        ],
    )


@pytest.fixture(scope="module")
def client(pools: Pools, pool: str) -> str:
    return pools.client_id(pool)


@pytest.fixture(scope="module")
def discreet_client(pools: Pools, pool: str) -> str:
    return pools.client_id(pool, PreventUserExistenceErrors="ENABLED")


@pytest.fixture(scope="module")
def secret_client(pools: Pools, pool: str) -> dict[str, Any]:
    return pools.client(pool, GenerateSecret=True)


@pytest.fixture(scope="module")
def email_pool(pools: Pools) -> str:
    """The username is an e-mail address; case does not count."""
    return pools.user_pool(
        UsernameAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
    )


@pytest.fixture(scope="module")
def email_client(pools: Pools, email_pool: str) -> str:
    return pools.client_id(email_pool)


@pytest.fixture(scope="module")
def alias_pool(pools: Pools) -> str:
    return pools.user_pool(
        AliasAttributes=["email", "phone_number", "preferred_username"], AutoVerifiedAttributes=["email"]
    )


@pytest.fixture(scope="module")
def alias_client(pools: Pools, alias_pool: str) -> str:
    return pools.client_id(alias_pool)


class Signer:
    """Signs users up at one client."""

    def __init__(self, cognito: Any, inbox: Any) -> None:
        self.cognito = cognito
        self.inbox = inbox

    def sign_up(self, client_id: str, username: str = "", email: str = "", **more: str) -> tuple[str, str]:
        """Username and e-mail address of a new user."""
        username = username or unique()
        email = email or f"{unique()}@example.com"
        self.cognito.sign_up(
            ClientId=client_id,
            Username=username,
            Password=PASSWORD,
            UserAttributes=attributes(email=email, given_name="Bob", **more),
        )
        return username, email

    def confirm(self, client_id: str, username: str, email: str, **more: Any) -> None:
        self.cognito.confirm_sign_up(
            ClientId=client_id, Username=username, ConfirmationCode=self.inbox.code(email), **more
        )


@pytest.fixture(scope="module")
def signer(cognito: Any, inbox: Any) -> Signer:
    return Signer(cognito, inbox)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


class TestSignUp:
    def test_a_new_user_is_unconfirmed_and_gets_a_code(self, cognito: Any, inbox: Any, pool: str, client: str) -> None:
        username, email = unique("New"), f"{unique()}@example.com"
        answer = cognito.sign_up(
            ClientId=client,
            Username=username,
            Password=PASSWORD,
            UserAttributes=attributes(email=email, given_name="Bob", custom__level="3"),
            ValidationData=attributes(campaign="x"),
            ClientMetadata={"a": "b"},
        )
        assert answer["UserConfirmed"] is False
        assert answer["CodeDeliveryDetails"] == {
            "Destination": f"{email[0]}***@e***",
            "DeliveryMedium": "EMAIL",
            "AttributeName": "email",
        }
        assert "Session" not in answer
        message = inbox.newest(email)
        assert message["channel"] == "email"
        assert message["subject"] == "Your verification code"
        assert message["text"] == f"Your verification code is {message['code']}. "
        assert (message["user_pool_id"], message["username"]) == (pool, username)
        assert len(message["code"]) == 6
        user = cognito.admin_get_user(UserPoolId=pool, Username=username)
        assert user["UserStatus"] == "UNCONFIRMED"
        assert user["Enabled"] is True
        assert values(user["UserAttributes"]) == {
            "sub": answer["UserSub"],
            "email": email,
            "email_verified": "false",
            "given_name": "Bob",
            "custom:level": "3",
        }

    def test_no_code_is_sent_without_an_address(self, cognito: Any, client: str) -> None:
        answer = cognito.sign_up(
            ClientId=client, Username=unique(), Password=PASSWORD, UserAttributes=attributes(given_name="Bob")
        )
        assert "CodeDeliveryDetails" not in answer

    def test_phone_comes_before_email(self, cognito: Any, inbox: Any, pools: Pools) -> None:
        pool = pools.user_pool(AutoVerifiedAttributes=["email", "phone_number"])
        phone_number = f"+1206555{time.time_ns() % 10_000:04}"
        answer = cognito.sign_up(
            ClientId=pools.client_id(pool),
            Username=unique(),
            Password=PASSWORD,
            UserAttributes=attributes(email="x@example.com", phone_number=phone_number),
        )
        assert answer["CodeDeliveryDetails"] == {
            "Destination": f"+*******{phone_number[-4:]}",
            "DeliveryMedium": "SMS",
            "AttributeName": "phone_number",
        }
        assert inbox.newest(phone_number)["channel"] == "sms"

    def test_a_taken_username_is_refused(self, signer: Signer, client: str, discreet_client: str) -> None:
        username, _ = signer.sign_up(client)
        for client_id in (client, discreet_client):
            with refused("UsernameExists", EXISTS):
                signer.sign_up(client_id, username)

    def test_usernames_differ_by_case_by_default(self, signer: Signer, client: str) -> None:
        name = unique("case")
        signer.sign_up(client, name)
        signer.sign_up(client, name.upper())

    def test_somebody_elses_sub_is_no_username(self, cognito: Any, signer: Signer, pool: str, client: str) -> None:
        username, _ = signer.sign_up(client)
        sub = values(cognito.admin_get_user(UserPoolId=pool, Username=username)["UserAttributes"])["sub"]
        with refused("UsernameExists", EXISTS):
            signer.sign_up(client, sub)

    def test_of_32_at_once_one_succeeds(self, signer: Signer, client: str) -> None:
        username = unique("race")

        def attempt(_: int) -> str:
            try:
                signer.sign_up(client, username)
            except ClientError as error:
                return str(error.response["Error"]["Code"])
            return "ok"

        with ThreadPoolExecutor(32) as threads:
            outcomes = list(threads.map(attempt, range(32)))
        assert sorted(outcomes) == ["UsernameExistsException"] * 31 + ["ok"]

    @pytest.mark.parametrize(
        ("password", "reason"),
        [
            ("Aa1!", "Password not long enough"),
            ("aaaaaa1!", "Password must have uppercase characters"),
            ("AAAAAA1!", "Password must have lowercase characters"),
            ("AAAaaaa!", "Password must have numeric characters"),
            ("AAAaaaa1", "Password must have symbol characters"),
        ],
    )
    def test_password_policy(self, cognito: Any, client: str, password: str, reason: str) -> None:
        with refused("InvalidPassword", f"Password did not conform with policy: {reason}"):
            cognito.sign_up(ClientId=client, Username=unique(), Password=password)

    def test_a_password_is_needed(self, cognito: Any, client: str) -> None:
        with refused("InvalidParameter"):
            cognito.sign_up(ClientId=client, Username=unique())

    def test_schema(self, cognito: Any, client: str) -> None:
        def sign_up(**given: str) -> None:
            cognito.sign_up(ClientId=client, Username=unique(), Password=PASSWORD, UserAttributes=attributes(**given))

        schema = "Attributes did not conform to the schema: "
        with refused("InvalidParameter", schema + "given_name: The attribute is required\n"):
            sign_up()
        with refused("InvalidParameter", schema + "custom:nope: Attribute does not exist in the schema.\n"):
            sign_up(given_name="Bob", custom__nope="x")
        with refused("InvalidParameter", schema + "custom:level: Number must be at most 9\n"):
            sign_up(given_name="Bob", custom__level="10")
        with refused("InvalidParameter", "Invalid email address format."):
            sign_up(given_name="Bob", email="bob")
        with refused("InvalidParameter", "Invalid phone number format."):
            sign_up(given_name="Bob", phone_number="0123")

    def test_a_client_writes_only_what_it_may(self, cognito: Any, pools: Pools, pool: str, client: str) -> None:
        narrow = pools.client_id(pool, WriteAttributes=["given_name"])
        text = "A client attempted to write unauthorized attribute"
        with refused("NotAuthorized", text):
            cognito.sign_up(
                ClientId=narrow,
                Username=unique(),
                Password=PASSWORD,
                UserAttributes=attributes(given_name="B", email="a@example.com"),
            )
        with refused("NotAuthorized", text):
            cognito.sign_up(
                ClientId=client,
                Username=unique(),
                Password=PASSWORD,
                UserAttributes=attributes(given_name="B", email="a@example.com", email_verified="true"),
            )

    def test_only_administrators_may_create_users(self, cognito: Any, pools: Pools) -> None:
        closed = pools.user_pool(AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
        with refused("NotAuthorized", "SignUp is not permitted for this user pool"):
            cognito.sign_up(ClientId=pools.client_id(closed), Username=unique(), Password=PASSWORD)

    def test_unknown_client(self, cognito: Any) -> None:
        with refused("ResourceNotFound", f"User pool client {NO_CLIENT} does not exist."):
            cognito.sign_up(ClientId=NO_CLIENT, Username=unique(), Password=PASSWORD)

    def test_secret_hash(self, cognito: Any, secret_client: dict[str, Any], client: str) -> None:
        client_id, username = secret_client["ClientId"], unique()
        text = f"Unable to verify secret hash for client {client_id}"
        for wrong_hash in ({}, {"SecretHash": "x"}, {"SecretHash": secret_hash("other", username, client_id)}):
            with refused("NotAuthorized", text):
                cognito.sign_up(ClientId=client_id, Username=username, Password=PASSWORD, **wrong_hash)
        with refused("NotAuthorized", f"Unable to verify secret hash for client {client}"):
            cognito.sign_up(ClientId=client, Username=username, Password=PASSWORD, SecretHash="x")
        cognito.sign_up(
            ClientId=client_id,
            Username=username,
            Password=PASSWORD,
            SecretHash=secret_hash(secret_client["ClientSecret"], username, client_id),
            UserAttributes=attributes(given_name="Bob"),
        )

    def test_where_the_username_is_an_email_address(self, cognito: Any, email_pool: str, email_client: str) -> None:
        email = f"{unique('Mixed')}@Example.com"
        answer = cognito.sign_up(ClientId=email_client, Username=email, Password=PASSWORD)
        user = cognito.admin_get_user(UserPoolId=email_pool, Username=email.lower())
        assert user["Username"] == answer["UserSub"]
        assert values(user["UserAttributes"])["email"] == email
        with refused("UsernameExists", "An account with the given email already exists."):
            cognito.sign_up(ClientId=email_client, Username=email.upper(), Password=PASSWORD)
        with refused("InvalidParameter", "Username should be an email."):
            cognito.sign_up(ClientId=email_client, Username="bob", Password=PASSWORD)

    def test_where_the_username_is_a_phone_number_or_either(self, cognito: Any, pools: Pools) -> None:
        by_phone = pools.client_id(pools.user_pool(UsernameAttributes=["phone_number"]))
        with refused("InvalidParameter", "Username should be a phone number."):
            cognito.sign_up(ClientId=by_phone, Username="a@example.com", Password=PASSWORD)
        either = pools.client_id(pools.user_pool(UsernameAttributes=["phone_number", "email"]))
        with refused("InvalidParameter", "Username should be either an email or a phone number."):
            cognito.sign_up(ClientId=either, Username="bob", Password=PASSWORD)
        cognito.sign_up(ClientId=either, Username="+12065550000", Password=PASSWORD)
        with refused("UsernameExists", "An account with the given phone_number already exists."):
            cognito.sign_up(ClientId=either, Username="+12065550000", Password=PASSWORD)

    def test_where_addresses_are_aliases_the_username_is_none(self, cognito: Any, alias_client: str) -> None:
        for username, kind in (("a@example.com", "email"), ("+12065550000", "phone number")):
            text = f"Username cannot be of {kind} format, since user pool is configured for {kind} alias."
            with refused("InvalidParameter", text):
                cognito.sign_up(ClientId=alias_client, Username=username, Password=PASSWORD)

    def test_an_unverified_address_may_be_on_several_users(self, signer: Signer, pools: Pools) -> None:
        pool = pools.user_pool(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
        client = pools.client_id(pool)
        email = f"{unique()}@example.com"
        signer.sign_up(client, email=email)
        signer.sign_up(client, email=email)

    def test_a_link_instead_of_a_code(self, server: Any, cognito: Any, inbox: Any, pools: Pools) -> None:
        pool = pools.user_pool(
            AutoVerifiedAttributes=["email"],
            VerificationMessageTemplate={
                "DefaultEmailOption": "CONFIRM_WITH_LINK",
                "EmailMessageByLink": "<p>Hello, {##click here##}</p>",
                "EmailSubjectByLink": "Your link",
            },
        )
        cognito.create_user_pool_domain(UserPoolId=pool, Domain=unique("link"))
        username, email = Signer(cognito, inbox).sign_up(pools.client_id(pool))
        message = inbox.newest(email)
        assert message["subject"] == "Your link"
        link = urlsplit(message["text"].removeprefix("Hello, click here: ").strip())
        assert f'<a href="{html.escape(link.geturl())}">click here</a>' in message["html"]
        page = server.http.get(f"{link.path}?{link.query}", headers={"Host": link.netloc})
        assert "Your registration has been confirmed!" in page.text
        assert cognito.admin_get_user(UserPoolId=pool, Username=username)["UserStatus"] == "CONFIRMED"

    def test_the_user_is_not_lost_when_the_mail_is(self, start_server: Any) -> None:
        server = start_server("--delivery", "none")
        cognito = server.client()
        pools = Pools(cognito)
        pool = pools.user_pool(AutoVerifiedAttributes=["email"])
        with refused("CodeDeliveryFailure"):
            cognito.sign_up(
                ClientId=pools.client_id(pool),
                Username="bob",
                Password=PASSWORD,
                UserAttributes=attributes(email="bob@example.com"),
            )
        assert cognito.admin_get_user(UserPoolId=pool, Username="bob")["UserStatus"] == "UNCONFIRMED"

    def test_too_many_argon2id_computations_are_refused(self, pools: Pools, cognito: Any) -> None:
        pool = pools.user_pool(UserPoolTags={"poolhouse:password_storage": "argon2id"})
        client = pools.client_id(pool)

        def attempt(_: int) -> str:
            try:
                cognito.sign_up(ClientId=client, Username=unique(), Password=PASSWORD)
            except ClientError as error:
                return str(error.response["Error"]["Code"])
            return "ok"

        with ThreadPoolExecutor(64) as threads:
            outcomes = set(threads.map(attempt, range(128)))
        assert outcomes <= {"ok", "TooManyRequestsException"}
        assert "ok" in outcomes


class TestConfirmSignUp:
    def test_the_code_confirms_and_verifies(self, cognito: Any, signer: Signer, pool: str, client: str) -> None:
        username, email = signer.sign_up(client)
        signer.confirm(client, username, email)
        user = cognito.admin_get_user(UserPoolId=pool, Username=username)
        assert user["UserStatus"] == "CONFIRMED"
        assert values(user["UserAttributes"])["email_verified"] == "true"

    def test_a_wrong_code(self, cognito: Any, inbox: Any, signer: Signer, client: str) -> None:
        username, email = signer.sign_up(client)
        with refused("CodeMismatch", MISMATCH):
            cognito.confirm_sign_up(ClientId=client, Username=username, ConfirmationCode=wrong(inbox.code(email)))
        signer.confirm(client, username, email)

    def test_a_code_of_somebody_else(self, cognito: Any, inbox: Any, signer: Signer, client: str) -> None:
        """Acceptance 19."""
        _, email = signer.sign_up(client)
        other, _ = signer.sign_up(client)
        with refused("CodeMismatch", MISMATCH):
            cognito.confirm_sign_up(ClientId=client, Username=other, ConfirmationCode=inbox.code(email))

    def test_no_code_was_sent(self, cognito: Any, client: str) -> None:
        username = unique()
        cognito.sign_up(
            ClientId=client, Username=username, Password=PASSWORD, UserAttributes=attributes(given_name="B")
        )
        with refused("ExpiredCode", EXPIRED):
            cognito.confirm_sign_up(ClientId=client, Username=username, ConfirmationCode="123456")

    def test_a_confirmed_user(self, signer: Signer, client: str) -> None:
        username, email = signer.sign_up(client)
        signer.confirm(client, username, email)
        with refused("NotAuthorized", "User cannot be confirmed. Current status is CONFIRMED"):
            signer.confirm(client, username, email)

    def test_of_16_at_once_one_succeeds(self, cognito: Any, inbox: Any, signer: Signer, client: str) -> None:
        username, email = signer.sign_up(client)
        code = inbox.code(email)

        def attempt(_: int) -> str:
            try:
                cognito.confirm_sign_up(ClientId=client, Username=username, ConfirmationCode=code)
            except ClientError as error:
                return str(error.response["Error"]["Code"])
            return "ok"

        with ThreadPoolExecutor(16) as threads:
            outcomes = list(threads.map(attempt, range(16)))
        assert outcomes.count("ok") == 1
        assert set(outcomes) <= {"ok", "NotAuthorizedException", "ExpiredCodeException", "LimitExceededException"}

    def test_the_sixteenth_attempt_of_an_hour_is_refused(
        self, cognito: Any, inbox: Any, signer: Signer, client: str
    ) -> None:
        """Acceptance 18."""
        username, email = signer.sign_up(client)
        code = inbox.code(email)
        for _ in range(15):
            with refused("CodeMismatch"):
                cognito.confirm_sign_up(ClientId=client, Username=username, ConfirmationCode=wrong(code))
        with refused("LimitExceeded", LIMIT):
            cognito.confirm_sign_up(ClientId=client, Username=username, ConfirmationCode=code)

    def test_a_code_is_valid_for_24_hours(self, start_server: Any) -> None:
        """Acceptance 20."""
        server = start_server()
        cognito, inbox = server.client(), server.inbox
        pools, signer = Pools(cognito), Signer(cognito, inbox)
        client = pools.client_id(pools.user_pool(AutoVerifiedAttributes=["email"]))
        early, early_email = signer.sign_up(client)
        late, late_email = signer.sign_up(client)
        server.advance_clock(86_390)
        signer.confirm(client, early, early_email)
        server.advance_clock(11)
        with refused("ExpiredCode", EXPIRED):
            signer.confirm(client, late, late_email)

    def test_unknown_user(self, cognito: Any, client: str, discreet_client: str) -> None:
        username = unique("nobody")
        with refused("UserNotFound", NOT_FOUND):
            cognito.confirm_sign_up(ClientId=client, Username=username, ConfirmationCode="123456")
        with refused("ExpiredCode", EXPIRED):
            cognito.confirm_sign_up(ClientId=discreet_client, Username=username, ConfirmationCode="123456")
        cognito.resend_confirmation_code(ClientId=discreet_client, Username=username)
        for _ in range(14):
            with refused("CodeMismatch", MISMATCH):
                cognito.confirm_sign_up(ClientId=discreet_client, Username=username, ConfirmationCode="123456")
        with refused("LimitExceeded", LIMIT):
            cognito.confirm_sign_up(ClientId=discreet_client, Username=username, ConfirmationCode="123456")

    def test_an_alias_has_one_owner(self, cognito: Any, signer: Signer, alias_pool: str, alias_client: str) -> None:
        first, email = signer.sign_up(alias_client)
        signer.confirm(alias_client, first, email)
        second, _ = signer.sign_up(alias_client, email=email)
        with refused("AliasExists", "An account with the given email already exists."):
            signer.confirm(alias_client, second, email)
        user = cognito.admin_get_user(UserPoolId=alias_pool, Username=email)
        assert user["Username"] == first
        # The refused attempt has not used up the code.
        signer.confirm(alias_client, second, email, ForceAliasCreation=True)
        assert cognito.admin_get_user(UserPoolId=alias_pool, Username=email)["Username"] == second
        loser = values(cognito.admin_get_user(UserPoolId=alias_pool, Username=first)["UserAttributes"])
        assert (loser["email"], loser["email_verified"]) == (email, "false")

    def test_a_code_does_not_prove_an_address_that_came_later(
        self, cognito: Any, signer: Signer, inbox: Any, pool: str, client: str
    ) -> None:
        username, email = signer.sign_up(client)
        code = inbox.code(email)
        cognito.admin_update_user_attributes(
            UserPoolId=pool,
            Username=username,
            UserAttributes=attributes(email="victim@example.com", email_verified="false"),
        )
        with refused("ExpiredCode", EXPIRED):
            cognito.confirm_sign_up(ClientId=client, Username=username, ConfirmationCode=code)

    def test_unknown_client_and_secret_hash(self, cognito: Any, secret_client: dict[str, Any]) -> None:
        with refused("ResourceNotFound", f"User pool client {NO_CLIENT} does not exist."):
            cognito.confirm_sign_up(ClientId=NO_CLIENT, Username="a", ConfirmationCode="123456")
        client_id = secret_client["ClientId"]
        with refused("NotAuthorized", f"Unable to verify secret hash for client {client_id}"):
            cognito.confirm_sign_up(ClientId=client_id, Username="a", ConfirmationCode="123456")


class TestResendConfirmationCode:
    def test_a_new_code_replaces_the_old_one(self, cognito: Any, inbox: Any, signer: Signer, client: str) -> None:
        username, email = signer.sign_up(client)
        first = inbox.newest(email)
        answer = cognito.resend_confirmation_code(ClientId=client, Username=username)
        assert answer["CodeDeliveryDetails"] == {
            "Destination": f"{email[0]}***@e***",
            "DeliveryMedium": "EMAIL",
            "AttributeName": "email",
        }
        second = inbox.newest(email, after=first["id"])
        if first["code"] != second["code"]:
            with refused("CodeMismatch", MISMATCH):
                cognito.confirm_sign_up(ClientId=client, Username=username, ConfirmationCode=first["code"])
        cognito.confirm_sign_up(ClientId=client, Username=username, ConfirmationCode=second["code"])

    def test_a_confirmed_user(self, cognito: Any, signer: Signer, client: str) -> None:
        username, email = signer.sign_up(client)
        signer.confirm(client, username, email)
        with refused("InvalidParameter", "User is already confirmed."):
            cognito.resend_confirmation_code(ClientId=client, Username=username)

    def test_nothing_to_verify(self, cognito: Any, client: str) -> None:
        username = unique()
        cognito.sign_up(
            ClientId=client, Username=username, Password=PASSWORD, UserAttributes=attributes(given_name="B")
        )
        with refused("InvalidParameter", "Auto verification not turned on."):
            cognito.resend_confirmation_code(ClientId=client, Username=username)

    def test_five_in_an_hour(self, cognito: Any, signer: Signer, client: str) -> None:
        username, _ = signer.sign_up(client)
        for _ in range(5):
            cognito.resend_confirmation_code(ClientId=client, Username=username)
        with refused("LimitExceeded", LIMIT):
            cognito.resend_confirmation_code(ClientId=client, Username=username)

    def test_unknown_user(self, cognito: Any, client: str, discreet_client: str) -> None:
        username = unique("nobody")
        with refused("UserNotFound", NOT_FOUND):
            cognito.resend_confirmation_code(ClientId=client, Username=username)
        answers = [
            cognito.resend_confirmation_code(ClientId=discreet_client, Username=username)["CodeDeliveryDetails"]
            for _ in range(5)
        ]
        assert answers[0]["DeliveryMedium"] == "EMAIL"
        assert all(answer == answers[0] for answer in answers)
        with refused("LimitExceeded", LIMIT):
            cognito.resend_confirmation_code(ClientId=discreet_client, Username=username)

    def test_unknown_client_and_secret_hash(self, cognito: Any, secret_client: dict[str, Any]) -> None:
        with refused("ResourceNotFound", f"User pool client {NO_CLIENT} does not exist."):
            cognito.resend_confirmation_code(ClientId=NO_CLIENT, Username="a")
        client_id = secret_client["ClientId"]
        with refused("NotAuthorized", f"Unable to verify secret hash for client {client_id}"):
            cognito.resend_confirmation_code(ClientId=client_id, Username="a")

    def test_the_mail_cannot_be_sent(self, start_server: Any) -> None:
        server = start_server("--delivery", "none")
        cognito = server.client()
        pools = Pools(cognito)
        pool = pools.user_pool(AutoVerifiedAttributes=["email"])
        client, discreet = pools.client_id(pool), pools.client_id(pool, PreventUserExistenceErrors="ENABLED")
        with refused("CodeDeliveryFailure"):
            Signer(cognito, server.inbox).sign_up(client, "bob", "bob@example.com")
        with refused("CodeDeliveryFailure"):
            cognito.resend_confirmation_code(ClientId=client, Username="bob")
        cognito.resend_confirmation_code(ClientId=discreet, Username="bob")  # would tell who exists


class TestAdminConfirmSignUp:
    def test_confirms_and_verifies_nothing(self, cognito: Any, signer: Signer, pool: str, client: str) -> None:
        username, _ = signer.sign_up(client)
        cognito.admin_confirm_sign_up(UserPoolId=pool, Username=username)
        user = cognito.admin_get_user(UserPoolId=pool, Username=username)
        assert user["UserStatus"] == "CONFIRMED"
        assert values(user["UserAttributes"])["email_verified"] == "false"
        with refused("NotAuthorized", "User cannot be confirmed. Current status is CONFIRMED"):
            cognito.admin_confirm_sign_up(UserPoolId=pool, Username=username)

    def test_a_preferred_username_that_is_taken(
        self, cognito: Any, signer: Signer, alias_pool: str, alias_client: str
    ) -> None:
        nick = unique("nick")
        first, _ = signer.sign_up(alias_client, preferred_username=nick)
        second, _ = signer.sign_up(alias_client, preferred_username=nick)
        cognito.admin_confirm_sign_up(UserPoolId=alias_pool, Username=first)
        assert cognito.admin_get_user(UserPoolId=alias_pool, Username=nick)["Username"] == first
        with refused("InvalidParameter", "An account with the given preferred_username already exists."):
            cognito.admin_confirm_sign_up(UserPoolId=alias_pool, Username=second)

    def test_unknown_user_and_pool(self, cognito: Any, pool: str) -> None:
        with refused("UserNotFound", "User does not exist."):
            cognito.admin_confirm_sign_up(UserPoolId=pool, Username=unique("nobody"))
        with refused("ResourceNotFound", "User pool us-east-1_000000000 does not exist."):
            cognito.admin_confirm_sign_up(UserPoolId="us-east-1_000000000", Username="a")
