"""Users: AdminCreateUser, reading, changing, verifying, enabling, deleting, and ListUsers."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.pools import PASSWORD, NewUser, Pools, unique
from tests.support.refusals import attributes, refused, values

MISMATCH = "Invalid verification code provided, please try again."
EXPIRED = "Invalid code provided, please request a code again."
LIMIT = "Attempt limit exceeded, please try after some time."
NO_USER = "User does not exist."
NO_POOL = "us-east-1_000000000"
NO_POOL_TEXT = f"User pool {NO_POOL} does not exist."
UNAUTHORIZED = "A client attempted to write unauthorized attribute"
EMAIL_EXISTS = "An account with the given email already exists."
IMMUTABLE = "user.custom:fixed: Attribute cannot be updated.\n(changing an immutable attribute)"


@pytest.fixture(scope="module")
def pool(pools: Pools) -> str:
    return pools.user_pool(
        AutoVerifiedAttributes=["email"],
        Schema=[
            {"Name": "fixed", "AttributeDataType": "String", "Mutable": False},
            {
                "Name": "short",
                "AttributeDataType": "String",
                "Mutable": True,
                "StringAttributeConstraints": {"MinLength": "2", "MaxLength": "4"},
            },
            {"Name": "hidden", "AttributeDataType": "String", "Mutable": True, "DeveloperOnlyAttribute": True},
        ],
    )


@pytest.fixture(scope="module")
def client(pools: Pools, pool: str) -> str:
    return pools.client_id(pool)


@pytest.fixture(scope="module")
def email_pool(pools: Pools) -> str:
    """The username is an e-mail address."""
    return pools.user_pool(
        UsernameAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
    )


@pytest.fixture(scope="module")
def alias_pool(pools: Pools) -> str:
    return pools.user_pool(AliasAttributes=["email", "preferred_username"], AutoVerifiedAttributes=["email"])


@pytest.fixture
def bob(pools: Pools, pool: str) -> NewUser:
    return pools.user(pool)


@pytest.fixture
def token(pools: Pools, client: str, bob: NewUser) -> str:
    return str(pools.sign_in(client, bob)["AccessToken"])


def read(cognito: Any, pool: str, username: str) -> dict[str, str]:
    return values(cognito.admin_get_user(UserPoolId=pool, Username=username)["UserAttributes"])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


class TestAdminCreateUser:
    def test_a_user_with_a_given_temporary_password(self, cognito: Any, pool: str, client: str) -> None:
        username = unique()
        user = cognito.admin_create_user(
            UserPoolId=pool,
            Username=username,
            TemporaryPassword=PASSWORD,
            MessageAction="SUPPRESS",
            UserAttributes=attributes(email="a@example.com", email_verified="True", **{"dev:custom:hidden": "x"}),
        )["User"]
        assert (user["Username"], user["UserStatus"], user["Enabled"]) == (username, "FORCE_CHANGE_PASSWORD", True)
        assert user["UserCreateDate"] == user["UserLastModifiedDate"]
        found = values(user["Attributes"])
        assert user["Attributes"][0]["Name"] == "sub"
        assert {**found, "sub": ""} == {
            "sub": "",
            "email": "a@example.com",
            "email_verified": "true",
            "dev:custom:hidden": "x",
        }
        answer = cognito.initiate_auth(
            ClientId=client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD},
        )
        assert answer["ChallengeName"] == "NEW_PASSWORD_REQUIRED"

    def test_the_invitation(self, cognito: Any, inbox: Any, pool: str, client: str) -> None:
        username, email = unique(), f"{unique()}@example.com"
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=username,
            UserAttributes=attributes(email=email),
            DesiredDeliveryMediums=["EMAIL"],
        )
        message = inbox.newest(email)
        assert message["subject"] == "Your temporary password"
        assert message["text"] == f"Your username is {username} and temporary password is {message['code']}. "
        answer = cognito.initiate_auth(
            ClientId=client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": message["code"]},
        )
        assert answer["ChallengeName"] == "NEW_PASSWORD_REQUIRED"

    def test_mediums(self, cognito: Any, inbox: Any, pool: str) -> None:
        email, phone_number = f"{unique()}@example.com", "+12065557777"

        def create(**more: Any) -> None:
            cognito.admin_create_user(
                UserPoolId=pool,
                Username=unique(),
                UserAttributes=attributes(email=email, phone_number=phone_number),
                **more,
            )

        create()  # SMS unless said otherwise
        first = inbox.newest(phone_number)
        assert first["channel"] == "sms"
        assert inbox.messages(email, 0) == []
        create(MessageAction="SUPPRESS", DesiredDeliveryMediums=["EMAIL"])
        assert inbox.messages(email, 0) == []
        create(DesiredDeliveryMediums=["EMAIL", "SMS"])
        assert inbox.newest(email)["code"] == inbox.newest(phone_number, after=first["id"])["code"]

    def test_resend(self, cognito: Any, inbox: Any, pool: str, client: str, bob: NewUser) -> None:
        username, email = unique(), f"{unique()}@example.com"
        given = {"UserPoolId": pool, "Username": username, "DesiredDeliveryMediums": ["EMAIL"]}
        cognito.admin_create_user(UserAttributes=attributes(email=email), **given)
        first = inbox.newest(email)
        user = cognito.admin_create_user(MessageAction="RESEND", **given)["User"]
        assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
        second = inbox.newest(email, after=first["id"])

        def sign_in(password: str) -> Any:
            return cognito.initiate_auth(
                ClientId=client,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": username, "PASSWORD": password},
            )

        with refused("NotAuthorized"):
            sign_in(first["code"])
        assert sign_in(second["code"])["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        with refused("UserNotFound", NO_USER):
            cognito.admin_create_user(UserPoolId=pool, Username=unique("nobody"), MessageAction="RESEND")
        text = f"Resend not possible. {bob.username} status is not FORCE_CHANGE_PASSWORD"
        with refused("UnsupportedUserState", text):
            cognito.admin_create_user(UserPoolId=pool, Username=bob.username, MessageAction="RESEND")

    def test_resend_restarts_the_validity(self, start_server: Any) -> None:
        server = start_server()
        cognito = server.client()
        pools = Pools(cognito)
        pool = pools.user_pool()
        client = pools.client_id(pool)
        given = {"UserPoolId": pool, "Username": "bob", "TemporaryPassword": PASSWORD}
        cognito.admin_create_user(**given)
        server.advance_clock(7 * 86_400 + 1)
        sign_in = {
            "ClientId": client,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "bob", "PASSWORD": PASSWORD},
        }
        with refused("NotAuthorized", "Temporary password has expired and must be reset by an administrator."):
            cognito.initiate_auth(**sign_in)
        cognito.admin_create_user(MessageAction="RESEND", **given)
        assert cognito.initiate_auth(**sign_in)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"

    def test_refusals(self, cognito: Any, pool: str, bob: NewUser) -> None:
        with refused("UsernameExists", "User account already exists"):
            cognito.admin_create_user(UserPoolId=pool, Username=bob.username)
        with refused("InvalidPassword", "Password did not conform with policy: Password not long enough"):
            cognito.admin_create_user(UserPoolId=pool, Username=unique(), TemporaryPassword="Aa1!")
        with refused("InvalidPassword", "Password did not conform with policy: Password not long enough"):
            cognito.admin_create_user(  # issue 5 exactness 8: before the schema, as at SignUp
                UserPoolId=pool,
                Username=unique(),
                TemporaryPassword="Aa1!",
                UserAttributes=attributes(custom__nope="x"),
            )
        schema = "Attributes did not conform to the schema: "
        with refused("InvalidParameter", schema + "custom:nope: Attribute does not exist in the schema.\n"):
            cognito.admin_create_user(UserPoolId=pool, Username=unique(), UserAttributes=attributes(custom__nope="x"))
        with refused("InvalidParameter", "Invalid email address format."):
            cognito.admin_create_user(UserPoolId=pool, Username=unique(), UserAttributes=attributes(email="x"))
        with refused("ResourceNotFound", NO_POOL_TEXT):
            cognito.admin_create_user(UserPoolId=NO_POOL, Username="a")

    def test_required_attributes_may_be_missing(self, cognito: Any, pools: Pools) -> None:
        pool = pools.user_pool(Schema=[{"Name": "given_name", "Required": True}])
        cognito.admin_create_user(UserPoolId=pool, Username="bob")

    def test_where_the_username_is_an_email_address(self, cognito: Any, inbox: Any, email_pool: str) -> None:
        email = f"{unique()}@example.com"
        user = cognito.admin_create_user(UserPoolId=email_pool, Username=email, DesiredDeliveryMediums=["EMAIL"])[
            "User"
        ]
        found = values(user["Attributes"])
        assert user["Username"] == found["sub"]
        assert found["email"] == email
        assert f"Your username is {email} and" in inbox.newest(email)["text"]
        with refused("UsernameExists", EMAIL_EXISTS):
            cognito.admin_create_user(UserPoolId=email_pool, Username=email.upper())
        with refused("InvalidParameter", "Username should be an email."):
            cognito.admin_create_user(UserPoolId=email_pool, Username="bob")

    def test_a_verified_alias_has_one_owner(self, cognito: Any, alias_pool: str) -> None:
        email = f"{unique()}@example.com"
        first, second = unique(), unique()
        verified = attributes(email=email, email_verified="true")
        cognito.admin_create_user(UserPoolId=alias_pool, Username=first, UserAttributes=verified)
        with refused("UsernameExists", EMAIL_EXISTS):
            cognito.admin_create_user(UserPoolId=alias_pool, Username=second, UserAttributes=verified)
        with refused("UserNotFound"):
            cognito.admin_get_user(UserPoolId=alias_pool, Username=second)
        cognito.admin_create_user(
            UserPoolId=alias_pool, Username=second, UserAttributes=verified, ForceAliasCreation=True
        )
        assert cognito.admin_get_user(UserPoolId=alias_pool, Username=email)["Username"] == second
        assert read(cognito, alias_pool, first)["email_verified"] == "false"

    def test_the_user_is_not_lost_when_the_mail_is(self, start_server: Any) -> None:
        server = start_server("--delivery", "none")
        cognito = server.client()
        pool = Pools(cognito).user_pool()
        with refused("CodeDeliveryFailure"):
            cognito.admin_create_user(
                UserPoolId=pool,
                Username="bob",
                UserAttributes=attributes(email="a@example.com"),
                DesiredDeliveryMediums=["EMAIL"],
            )
        cognito.admin_get_user(UserPoolId=pool, Username="bob")


class TestAdminGetUser:
    def test_by_username_sub_and_alias(self, cognito: Any, pools: Pools, alias_pool: str) -> None:
        nick = unique("nick")
        user = pools.user(alias_pool, preferred_username=nick)
        for name in (user.username, user.sub, user.sub.upper(), user.email, nick):
            found = cognito.admin_get_user(UserPoolId=alias_pool, Username=name)
            assert found["Username"] == user.username
        assert found["UserStatus"] == "CONFIRMED"
        assert found["Enabled"] is True
        assert found["UserCreateDate"] <= found["UserLastModifiedDate"]
        assert found["UserAttributes"][0] == {"Name": "sub", "Value": user.sub}
        assert not {"MFAOptions", "PreferredMfaSetting", "UserMFASettingList"} & set(found)

    def test_case_counts_only_where_the_pool_says_so(self, cognito: Any, pools: Pools, pool: str) -> None:
        folding = pools.user_pool(UsernameConfiguration={"CaseSensitive": False})
        user = pools.user(folding, username=unique("Bob"))
        assert user.username == user.username.lower()
        assert cognito.admin_get_user(UserPoolId=folding, Username=user.username.upper())["Username"] == user.username
        user = pools.user(pool, username=unique("Bob"))
        with refused("UserNotFound", NO_USER):
            cognito.admin_get_user(UserPoolId=pool, Username=user.username.lower())

    def test_an_unverified_alias_finds_nobody(self, cognito: Any, pools: Pools, alias_pool: str) -> None:
        user = pools.user(alias_pool, email_verified="false")
        with refused("UserNotFound", NO_USER):
            cognito.admin_get_user(UserPoolId=alias_pool, Username=user.email)

    def test_unknown_user_and_pool(self, cognito: Any, pool: str) -> None:
        with refused("UserNotFound", NO_USER):
            cognito.admin_get_user(UserPoolId=pool, Username=unique("nobody"))
        with refused("ResourceNotFound", NO_POOL_TEXT):
            cognito.admin_get_user(UserPoolId=NO_POOL, Username="a")


class TestGetUser:
    def test_what_the_client_may_read(self, cognito: Any, pools: Pools, pool: str, client: str) -> None:
        user = pools.user(pool, name="Bob", **{"dev:custom:hidden": "x", "custom__fixed": "y"})
        answer = cognito.get_user(AccessToken=pools.sign_in(client, user)["AccessToken"])
        assert answer["Username"] == user.username
        assert values(answer["UserAttributes"]) == {
            "sub": user.sub,
            "email": user.email,
            "email_verified": "true",
            "name": "Bob",
            "custom:fixed": "y",
        }
        narrow = pools.client_id(pool, ReadAttributes=["name"])
        answer = cognito.get_user(AccessToken=pools.sign_in(narrow, user)["AccessToken"])
        assert values(answer["UserAttributes"]) == {"sub": user.sub, "name": "Bob"}

    def test_tokens(self, cognito: Any, pool: str, bob: NewUser, token: str) -> None:
        for bad in ("x", "a.b.c", token[:-4] + "AAAA"):
            with refused("NotAuthorized", "Invalid Access Token"):
                cognito.get_user(AccessToken=bad)
        cognito.admin_disable_user(UserPoolId=pool, Username=bob.username)
        with refused("NotAuthorized"):
            cognito.get_user(AccessToken=token)
        cognito.admin_delete_user(UserPoolId=pool, Username=bob.username)
        with refused("UserNotFound", NO_USER):
            cognito.get_user(AccessToken=token)


class TestUpdateUserAttributes:
    def test_sets_and_deletes(self, cognito: Any, pool: str, bob: NewUser, token: str) -> None:
        answer = cognito.update_user_attributes(
            AccessToken=token, UserAttributes=attributes(name="Bob", nickname="B", custom__short="abc")
        )
        assert answer["CodeDeliveryDetailsList"] == []
        cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(nickname=""))
        found = read(cognito, pool, bob.username)
        assert (found["name"], found["custom:short"]) == ("Bob", "abc")
        assert "nickname" not in found

    def test_a_new_address_is_not_verified_until_its_code_comes_back(
        self, cognito: Any, inbox: Any, pool: str, bob: NewUser, token: str
    ) -> None:
        email = f"{unique()}@example.com"
        answer = cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email=email))
        assert answer["CodeDeliveryDetailsList"] == [
            {"Destination": f"{email[0]}***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
        ]
        found = read(cognito, pool, bob.username)
        assert (found["email"], found["email_verified"]) == (email, "false")
        cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=inbox.code(email))
        assert read(cognito, pool, bob.username)["email_verified"] == "true"

    def test_the_same_address_stays_verified(self, cognito: Any, pool: str, bob: NewUser, token: str) -> None:
        answer = cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email=bob.email))
        assert answer["CodeDeliveryDetailsList"] == []
        assert read(cognito, pool, bob.username)["email_verified"] == "true"

    def test_without_automatic_verification_no_code_is_sent(
        self, cognito: Any, pool: str, bob: NewUser, token: str
    ) -> None:
        answer = cognito.update_user_attributes(
            AccessToken=token, UserAttributes=attributes(phone_number="+12065550001")
        )
        assert answer["CodeDeliveryDetailsList"] == []
        assert read(cognito, pool, bob.username)["phone_number_verified"] == "false"

    def test_the_old_address_stays_where_the_new_one_has_to_be_proven_first(
        self, cognito: Any, inbox: Any, pools: Pools
    ) -> None:
        pool = pools.user_pool(
            AutoVerifiedAttributes=["email"],
            UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]},
        )
        user = pools.user(pool)
        token = pools.sign_in(pools.client_id(pool), user)["AccessToken"]
        first, second = f"{unique()}@example.com", f"{unique()}@example.com"
        for email in (first, second):
            cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email=email))
            found = read(cognito, pool, user.username)
            assert (found["email"], found["email_verified"]) == (user.email, "true")
        if inbox.code(first) != inbox.code(second):
            with refused("CodeMismatch", MISMATCH):
                cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=inbox.code(first))
        cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=inbox.code(second))
        found = read(cognito, pool, user.username)
        assert (found["email"], found["email_verified"]) == (second, "true")
        # Going back to the current value forgets the pending one, and its code proves nothing.
        third = f"{unique()}@example.com"
        cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email=third))
        cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email=second))
        with refused("ExpiredCode", EXPIRED):
            cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=inbox.code(third))
        # An administrator who says that it is verified needs no code.
        cognito.admin_update_user_attributes(
            UserPoolId=pool, Username=user.username, UserAttributes=attributes(email=third, email_verified="true")
        )
        assert read(cognito, pool, user.username)["email"] == third

    def test_refusals(self, cognito: Any, pools: Pools, pool: str, bob: NewUser, token: str) -> None:
        def update(access_token: str = token, **given: str) -> None:
            cognito.update_user_attributes(AccessToken=access_token, UserAttributes=attributes(**given))

        with refused("NotAuthorized", UNAUTHORIZED):
            update(email_verified="true")
        with refused("NotAuthorized", UNAUTHORIZED):
            update(**{"dev:custom:hidden": "x"})
        narrow = pools.sign_in(pools.client_id(pool, WriteAttributes=["name"]), bob)["AccessToken"]
        with refused("NotAuthorized", UNAUTHORIZED):
            update(narrow, nickname="B")
        schema = "Attributes did not conform to the schema: "
        with refused("InvalidParameter", schema + "custom:nope: Attribute does not exist in the schema.\n"):
            update(custom__nope="x")
        with refused("InvalidParameter", schema + "custom:short: String must be at least 2 characters long\n"):
            update(custom__short="x")
        with refused("InvalidParameter", IMMUTABLE):
            update(custom__fixed="x")
        with refused("InvalidParameter", "Invalid email address format."):
            update(email="x")
        with refused("InvalidParameter", "Invalid phone number format."):
            update(phone_number="x")
        with refused("NotAuthorized", "Invalid Access Token"):
            update("a.b.c", name="x")
        cognito.admin_delete_user(UserPoolId=pool, Username=bob.username)
        with refused("UserNotFound", NO_USER):
            update(name="x")

    def test_a_sign_in_name_has_one_owner(self, cognito: Any, pools: Pools, email_pool: str) -> None:
        def make() -> NewUser:
            email = f"{unique()}@example.com"
            return pools.user(email_pool, username=email, email=email)

        first, second = make(), make()
        token = pools.sign_in(pools.client_id(email_pool), second)["AccessToken"]
        with refused("AliasExists", EMAIL_EXISTS):
            cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email=first.email.upper()))
        email = f"{unique()}@example.com"
        cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email=email))
        assert cognito.admin_get_user(UserPoolId=email_pool, Username=email)["Username"] == second.username
        with refused("UserNotFound", NO_USER):
            cognito.admin_get_user(UserPoolId=email_pool, Username=second.email)

    def test_the_change_is_not_lost_when_the_mail_is(self, start_server: Any) -> None:
        server = start_server("--delivery", "none")
        cognito = server.client()
        pools = Pools(cognito)
        pool = pools.user_pool(AutoVerifiedAttributes=["email"])
        user = pools.user(pool)
        token = pools.sign_in(pools.client_id(pool), user)["AccessToken"]
        with refused("CodeDeliveryFailure"):
            cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email="new@example.com"))
        assert read(cognito, pool, user.username)["email"] == "new@example.com"
        with refused("CodeDeliveryFailure"):
            cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
        with refused("CodeDeliveryFailure"):
            cognito.admin_update_user_attributes(
                UserPoolId=pool, Username=user.username, UserAttributes=attributes(email="newer@example.com")
            )


class TestDeleteUserAttributes:
    def test_removes_values_and_their_flags(self, cognito: Any, pool: str, bob: NewUser, token: str) -> None:
        cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(custom__short="abc", name="Bob"))
        cognito.delete_user_attributes(
            AccessToken=token, UserAttributeNames=["custom:short", "name", "email", "nickname"]
        )
        assert read(cognito, pool, bob.username) == {"sub": bob.sub}

    def test_refusals(self, cognito: Any, pools: Pools, pool: str, bob: NewUser, token: str) -> None:
        schema = "Attributes did not conform to the schema: "
        with refused("InvalidParameter", schema + "custom:nope: Attribute does not exist in the schema.\n"):
            cognito.delete_user_attributes(AccessToken=token, UserAttributeNames=["custom:nope"])
        for name in ("sub", "email_verified", "dev:custom:hidden"):
            with refused("NotAuthorized", UNAUTHORIZED):
                cognito.delete_user_attributes(AccessToken=token, UserAttributeNames=[name])
        strict = pools.user_pool(Schema=[{"Name": "name", "Required": True}])
        user = pools.user(strict, name="Bob")
        other = pools.sign_in(pools.client_id(strict), user)["AccessToken"]
        with refused("InvalidParameter", schema + "name: The attribute is required\n"):
            cognito.delete_user_attributes(AccessToken=other, UserAttributeNames=["name"])
        with refused("NotAuthorized", "Invalid Access Token"):
            cognito.delete_user_attributes(AccessToken="a.b.c", UserAttributeNames=["name"])
        cognito.admin_delete_user(UserPoolId=pool, Username=bob.username)
        with refused("UserNotFound", NO_USER):
            cognito.delete_user_attributes(AccessToken=token, UserAttributeNames=["name"])


class TestGetUserAttributeVerificationCode:
    def test_sends_a_code(self, cognito: Any, inbox: Any, pools: Pools, pool: str, client: str) -> None:
        user = pools.user(pool, email_verified="false")
        token = pools.sign_in(client, user)["AccessToken"]
        answer = cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
        assert answer["CodeDeliveryDetails"] == {
            "Destination": f"{user.email[0]}***@e***",
            "DeliveryMedium": "EMAIL",
            "AttributeName": "email",
        }
        cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=inbox.code(user.email))
        assert read(cognito, pool, user.username)["email_verified"] == "true"

    def test_refusals(self, cognito: Any, pool: str, bob: NewUser, token: str) -> None:
        with refused("InvalidParameter"):
            cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="phone_number")
        with refused("InvalidParameter"):
            cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="name")
        for _ in range(5):
            cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
        with refused("LimitExceeded", LIMIT):
            cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
        with refused("NotAuthorized", "Invalid Access Token"):
            cognito.get_user_attribute_verification_code(AccessToken="a.b.c", AttributeName="email")
        cognito.admin_delete_user(UserPoolId=pool, Username=bob.username)
        with refused("UserNotFound", NO_USER):
            cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")


class TestVerifyUserAttribute:
    def test_codes(self, cognito: Any, inbox: Any, bob: NewUser, token: str) -> None:
        def verify(code: str) -> None:
            cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code)

        with refused("ExpiredCode", EXPIRED):
            verify("123456")
        cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
        code = inbox.code(bob.email)
        for _ in range(13):
            with refused("CodeMismatch", MISMATCH):
                verify(wrong(code))
        verify(code)
        with refused("LimitExceeded", LIMIT):
            verify(code)

    def test_a_code_is_valid_for_24_hours(self, start_server: Any) -> None:
        server = start_server()
        cognito = server.client()
        pools = Pools(cognito)
        pool = pools.user_pool()
        client = pools.client_id(pool, AccessTokenValidity=24)
        user = pools.user(pool)
        token = pools.sign_in(client, user)["AccessToken"]
        cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
        server.advance_clock(86_401)
        token = pools.sign_in(client, user)["AccessToken"]
        with refused("ExpiredCode", EXPIRED):
            cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=server.inbox.code(user.email))

    def test_an_alias_has_one_owner(self, cognito: Any, inbox: Any, pools: Pools, alias_pool: str) -> None:
        first, second = pools.user(alias_pool), pools.user(alias_pool)
        token = pools.sign_in(pools.client_id(alias_pool), second)["AccessToken"]
        known = inbox.messages(first.email, 0)
        cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email=first.email))
        code = inbox.code(first.email, after=known[0]["id"] if known else None)
        with refused("AliasExists", EMAIL_EXISTS):
            cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code)
        assert cognito.admin_get_user(UserPoolId=alias_pool, Username=first.email)["Username"] == first.username

    def test_refusals(self, cognito: Any, pool: str, bob: NewUser, token: str) -> None:
        for name in ("phone_number", "name"):
            with refused("InvalidParameter"):
                cognito.verify_user_attribute(AccessToken=token, AttributeName=name, Code="123456")
        with refused("NotAuthorized", "Invalid Access Token"):
            cognito.verify_user_attribute(AccessToken="a.b.c", AttributeName="email", Code="123456")
        cognito.admin_delete_user(UserPoolId=pool, Username=bob.username)
        with refused("UserNotFound", NO_USER):
            cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code="123456")


class TestAdminUpdateUserAttributes:
    def test_sets_deletes_and_verifies(self, cognito: Any, pool: str, bob: NewUser) -> None:
        def update(**given: str) -> dict[str, str]:
            cognito.admin_update_user_attributes(
                UserPoolId=pool, Username=bob.username, UserAttributes=attributes(**given)
            )
            return read(cognito, pool, bob.username)

        found = update(email="b@example.com", email_verified="true", **{"dev:custom:hidden": "x", "name": "Bob"})
        assert found == {
            "sub": bob.sub,
            "email": "b@example.com",
            "email_verified": "true",
            "dev:custom:hidden": "x",
            "name": "Bob",
        }
        assert update(email_verified="false")["email_verified"] == "false"
        assert "name" not in update(name="")

    def test_a_new_address_without_its_flag_gets_a_code(
        self, cognito: Any, inbox: Any, pool: str, bob: NewUser, token: str
    ) -> None:
        email = f"{unique()}@example.com"
        cognito.admin_update_user_attributes(
            UserPoolId=pool, Username=bob.username, UserAttributes=attributes(email=email)
        )
        assert read(cognito, pool, bob.username)["email_verified"] == "false"
        cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=inbox.code(email))
        assert read(cognito, pool, bob.username)["email_verified"] == "true"

    def test_refusals(self, cognito: Any, pools: Pools, pool: str, alias_pool: str, bob: NewUser) -> None:
        def update(**given: str) -> None:
            cognito.admin_update_user_attributes(
                UserPoolId=pool, Username=bob.username, UserAttributes=attributes(**given)
            )

        with refused(
            "InvalidParameter", "Invalid user attributes: user.custom:foo: Attribute does not exist in the schema.\n"
        ):
            update(custom__foo="x")
        with refused("InvalidParameter", IMMUTABLE):
            update(custom__fixed="x")
        with refused("InvalidParameter", "user.sub: Attribute cannot be updated.\n(changing an immutable attribute)"):
            update(sub="x")
        with refused("InvalidParameter", "Phone Number is required to verify/un-verify a phone number"):
            update(phone_number_verified="true")
        with refused("UserNotFound", NO_USER):
            cognito.admin_update_user_attributes(
                UserPoolId=pool, Username=unique("nobody"), UserAttributes=attributes(name="x")
            )
        with refused("ResourceNotFound", NO_POOL_TEXT):
            cognito.admin_update_user_attributes(UserPoolId=NO_POOL, Username="a", UserAttributes=attributes(name="x"))
        first, second = pools.user(alias_pool), pools.user(alias_pool)
        with refused("AliasExists", EMAIL_EXISTS):
            cognito.admin_update_user_attributes(
                UserPoolId=alias_pool,
                Username=second.username,
                UserAttributes=attributes(email=first.email, email_verified="true"),
            )
        assert read(cognito, alias_pool, second.username)["email"] == second.email

    def test_parallel_updates_of_one_user_are_all_kept(self, cognito: Any, pool: str, bob: NewUser) -> None:
        names = ["name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website"]

        def update(name: str) -> None:
            cognito.admin_update_user_attributes(
                UserPoolId=pool, Username=bob.username, UserAttributes=[{"Name": name, "Value": name}]
            )

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(update, names))
        found = read(cognito, pool, bob.username)
        assert {name: found.get(name) for name in names} == {name: name for name in names}


class TestAdminDeleteUserAttributes:
    def test_removes(self, cognito: Any, pools: Pools, pool: str) -> None:
        user = pools.user(pool, name="Bob", nickname="B")
        cognito.admin_delete_user_attributes(
            UserPoolId=pool, Username=user.username, UserAttributeNames=["name", "email"]
        )
        assert read(cognito, pool, user.username) == {"sub": user.sub, "nickname": "B"}

    def test_refusals(self, cognito: Any, pools: Pools, pool: str) -> None:
        user = pools.user(pool, name="Bob")
        text = (
            "Invalid user attributes: user.custom:foo: Attribute does not exist in the schema.\n"
            "user.custom:bar: Attribute does not exist in the schema.\n"
        )
        with refused("InvalidParameter", text):
            cognito.admin_delete_user_attributes(
                UserPoolId=pool, Username=user.username, UserAttributeNames=["name", "custom:foo", "custom:bar"]
            )
        assert read(cognito, pool, user.username)["name"] == "Bob"
        with refused("UserNotFound", NO_USER):
            cognito.admin_delete_user_attributes(
                UserPoolId=pool, Username=unique("nobody"), UserAttributeNames=["name"]
            )
        with refused("ResourceNotFound", NO_POOL_TEXT):
            cognito.admin_delete_user_attributes(UserPoolId=NO_POOL, Username="a", UserAttributeNames=["name"])


class TestAdminDisableUser:
    def test_ends_tokens_and_sign_in(self, cognito: Any, pools: Pools, pool: str, client: str, bob: NewUser) -> None:
        tokens = pools.sign_in(client, bob)
        cognito.admin_disable_user(UserPoolId=pool, Username=bob.username)
        assert cognito.admin_get_user(UserPoolId=pool, Username=bob.username)["Enabled"] is False
        with refused("NotAuthorized"):
            cognito.get_user(AccessToken=tokens["AccessToken"])
        refresh = {
            "ClientId": client,
            "AuthFlow": "REFRESH_TOKEN_AUTH",
            "AuthParameters": {"REFRESH_TOKEN": tokens["RefreshToken"]},
        }
        with refused("NotAuthorized"):
            cognito.initiate_auth(**refresh)
        with refused("NotAuthorized", "User is disabled."):
            pools.sign_in(client, bob)
        # Enabling gives back the account, not the old tokens.
        cognito.admin_enable_user(UserPoolId=pool, Username=bob.username)
        with refused("NotAuthorized"):
            cognito.initiate_auth(**refresh)
        with refused("NotAuthorized"):
            cognito.get_user(AccessToken=tokens["AccessToken"])
        pools.sign_in(client, bob)

    def test_unknown_user_and_pool(self, cognito: Any, pool: str) -> None:
        with refused("UserNotFound", NO_USER):
            cognito.admin_disable_user(UserPoolId=pool, Username=unique("nobody"))
        with refused("ResourceNotFound", NO_POOL_TEXT):
            cognito.admin_disable_user(UserPoolId=NO_POOL, Username="a")


class TestAdminEnableUser:
    def test_enables(self, cognito: Any, pool: str, bob: NewUser) -> None:
        cognito.admin_disable_user(UserPoolId=pool, Username=bob.username)
        cognito.admin_enable_user(UserPoolId=pool, Username=bob.username)
        assert cognito.admin_get_user(UserPoolId=pool, Username=bob.username)["Enabled"] is True

    def test_unknown_user_and_pool(self, cognito: Any, pool: str) -> None:
        with refused("UserNotFound", NO_USER):
            cognito.admin_enable_user(UserPoolId=pool, Username=unique("nobody"))
        with refused("ResourceNotFound", NO_POOL_TEXT):
            cognito.admin_enable_user(UserPoolId=NO_POOL, Username="a")


class TestAdminDeleteUser:
    def test_everything_of_the_user_goes(self, cognito: Any, pools: Pools, alias_pool: str) -> None:
        user = pools.user(alias_pool)
        before = cognito.describe_user_pool(UserPoolId=alias_pool)["UserPool"]["EstimatedNumberOfUsers"]
        cognito.admin_delete_user(UserPoolId=alias_pool, Username=user.email)
        after = cognito.describe_user_pool(UserPoolId=alias_pool)["UserPool"]["EstimatedNumberOfUsers"]
        assert after == before - 1
        with refused("UserNotFound", NO_USER):
            cognito.admin_delete_user(UserPoolId=alias_pool, Username=user.username)
        found = cognito.list_users(UserPoolId=alias_pool, Filter=f'email = "{user.email}"')["Users"]
        assert found == []
        again = pools.user(alias_pool, username=user.username, email=user.email)
        assert again.sub != user.sub

    def test_unknown_user_and_pool(self, cognito: Any, pool: str) -> None:
        with refused("UserNotFound", NO_USER):
            cognito.admin_delete_user(UserPoolId=pool, Username=unique("nobody"))
        with refused("ResourceNotFound", NO_POOL_TEXT):
            cognito.admin_delete_user(UserPoolId=NO_POOL, Username="a")


class TestDeleteUser:
    def test_the_user_deletes_himself(self, cognito: Any, pool: str, bob: NewUser, token: str) -> None:
        cognito.delete_user(AccessToken=token)
        with refused("UserNotFound", NO_USER):
            cognito.admin_get_user(UserPoolId=pool, Username=bob.username)
        with refused("UserNotFound", NO_USER):
            cognito.delete_user(AccessToken=token)
        with refused("NotAuthorized", "Invalid Access Token"):
            cognito.delete_user(AccessToken="a.b.c")


@pytest.fixture(scope="module")
def crowd(cognito: Any, pools: Pools) -> str:
    """Seven users u0..u6: family names Ant and Bee, one disabled, one unconfirmed, one without a phone."""
    pool = pools.user_pool(Schema=[{"Name": "team", "AttributeDataType": "String", "Mutable": True}])
    for n in range(7):
        given = {
            "name": f"Name {n}",
            "given_name": 'Quo"te' if n == 3 else "Plain",
            "family_name": "Ant" if n < 3 else "Bee",
            "custom:team": "a",
        }
        if n:
            given["phone_number"] = f"+1206555000{n}"
        pools.user(pool, username=f"u{n}", email=f"U{n}@Example.com", **given)
    cognito.admin_disable_user(UserPoolId=pool, Username="u2")
    cognito.admin_set_user_password(UserPoolId=pool, Username="u4", Password=PASSWORD)
    return pool


class TestListUsers:
    @pytest.mark.parametrize(
        ("filter_text", "expected"),
        [
            ("", "0123456"),
            ('username = "u3"', "3"),
            ('username = "U3"', ""),
            ('username ^= "u"', "0123456"),
            ('username ^= "u1"', "1"),
            ('email = "u1@example.com"', "1"),
            ('email = "U1@EXAMPLE.COM"', "1"),
            ('email ^= "u"', "0123456"),
            ('email ^= "u5@"', "5"),
            ('email = "u"', ""),
            ('phone_number = "+12065550004"', "4"),
            ('phone_number ^= "+1206"', "123456"),
            ('name ^= "name "', "0123456"),
            ('given_name = "Quo\\"te"', "3"),
            ('family_name = "ant"', "012"),
            ('family_name ^= "B"', "3456"),
            ('preferred_username ^= ""', ""),
            ('cognito:user_status = "CONFIRMED"', "012356"),
            ('cognito:user_status = "confirmed"', "012356"),
            ('cognito:user_status ^= "F"', "4"),
            ('cognito:user_status ^= ""', "0123564"),
            ('status = "Enabled"', "013456"),
            ('status = "Disabled"', "2"),
            ('status = "enabled"', ""),
            ('status ^= ""', "0123456"),
            ('status ^= "Dis"', "2"),
            ('name = "x\\" OR \\"1\\"=\\"1"', ""),
            ('name = "%"', ""),
            ('name ^= "_"', ""),
        ],
    )
    def test_filters(self, cognito: Any, crowd: str, filter_text: str, expected: str) -> None:
        """Acceptance 9, what is escaped: a quote and what looks like a wildcard are text."""
        for size in (60, 2, 1):
            found: list[str] = []
            token: dict[str, str] = {}
            while True:
                page = cognito.list_users(UserPoolId=crowd, Filter=filter_text, Limit=size, **token)
                assert len(page["Users"]) <= size
                found += [user["Username"] for user in page["Users"]]
                if "PaginationToken" not in page:
                    break
                token = {"PaginationToken": page["PaginationToken"]}
            assert "".join(name[1:] for name in found) == expected

    def test_sub(self, cognito: Any, crowd: str) -> None:
        sub = read(cognito, crowd, "u1")["sub"]
        for filter_text in (f'sub = "{sub}"', f'sub ^= "{sub[:20]}"', f'sub = "{sub.upper()}"'):
            found = cognito.list_users(UserPoolId=crowd, Filter=filter_text)["Users"]
            assert [user["Username"] for user in found] == ["u1"]

    def test_what_is_listed(self, cognito: Any, crowd: str) -> None:
        user = cognito.list_users(UserPoolId=crowd, Filter='username = "u2"')["Users"][0]
        assert set(user) == {
            "Username", "Attributes", "UserCreateDate", "UserLastModifiedDate", "Enabled", "UserStatus",
        }  # fmt: skip
        assert (user["Enabled"], user["UserStatus"]) == (False, "CONFIRMED")
        assert user["Attributes"][0]["Name"] == "sub"
        assert values(user["Attributes"])["email"] == "U2@Example.com"

    def test_limit_0_is_the_default(self, cognito: Any, crowd: str) -> None:
        assert len(cognito.list_users(UserPoolId=crowd, Limit=0)["Users"]) == 7

    def test_attributes_to_get(self, cognito: Any, crowd: str) -> None:
        page = cognito.list_users(UserPoolId=crowd, AttributesToGet=["email", "phone_number", "custom:team"])
        shown = [values(user["Attributes"]) for user in page["Users"]]
        assert shown[0] == {"email": "U0@Example.com", "custom:team": "a"}
        assert shown[1] == {"email": "U1@Example.com", "phone_number": "+12065550001", "custom:team": "a"}
        for names in (["sub"], ["custom:nope"], ["email", "birthdate"]):
            with refused("InvalidParameter", "Input fails to satisfy the constraints."):
                cognito.list_users(UserPoolId=crowd, AttributesToGet=names)

    @pytest.mark.parametrize(
        ("filter_text", "text"),
        [
            ("email", "Error while parsing filter"),
            ('username = "a" OR "1"="1"', "Error while parsing filter"),
            ('email = "a" AND name = "b"', "Error while parsing filter"),
            ('custom:foo = "x"', "Invalid search attribute: custom:foo"),
            ('address = "x"', "Invalid search attribute: address"),
        ],
    )
    def test_no_filters(self, cognito: Any, crowd: str, filter_text: str, text: str) -> None:
        """Acceptance 9, what breaks out of its quotes."""
        with refused("InvalidParameter", text):
            cognito.list_users(UserPoolId=crowd, Filter=filter_text)

    def test_tokens_are_bound_to_pool_and_filter(self, cognito: Any, pool: str, crowd: str) -> None:
        """Acceptance 10."""
        token = cognito.list_users(UserPoolId=crowd, Limit=1)["PaginationToken"]
        text = "Invalid pagination token"
        swapped = token[:30] + ("A" if token[30] != "A" else "B") + token[31:]
        with refused("InvalidParameter", text):
            cognito.list_users(UserPoolId=crowd, PaginationToken=swapped)
        with refused("InvalidParameter", text):
            cognito.list_users(UserPoolId=pool, PaginationToken=token)
        with refused("InvalidParameter", text):
            cognito.list_users(UserPoolId=crowd, PaginationToken=token, Filter='name ^= "N"')

    def test_users_come_once_while_others_come_and_go(self, cognito: Any, pools: Pools) -> None:
        """Acceptance 11."""
        pool = pools.user_pool()
        for n in range(0, 20, 2):
            cognito.admin_create_user(UserPoolId=pool, Username=f"u{n:02}")
        seen: list[str] = []
        token: dict[str, str] = {}
        for n in range(1, 20, 2):
            page = cognito.list_users(UserPoolId=pool, Limit=2, **token)
            seen += [user["Username"] for user in page["Users"]]
            cognito.admin_create_user(UserPoolId=pool, Username=f"u{n:02}")
            if n > 1:
                cognito.admin_delete_user(UserPoolId=pool, Username=f"u{n - 2:02}")
            if "PaginationToken" not in page:
                break
            token = {"PaginationToken": page["PaginationToken"]}
        stayed = [f"u{n:02}" for n in range(0, 20, 2)]
        assert [name for name in seen if name in stayed] == stayed
        assert len(seen) == len(set(seen))

    def test_unknown_pool(self, cognito: Any) -> None:
        with refused("ResourceNotFound", NO_POOL_TEXT):
            cognito.list_users(UserPoolId=NO_POOL)
