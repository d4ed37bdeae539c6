"""Names and addresses that are not what they seem: refused at every door, so that no mail, alias or group goes astray."""

import unicodedata

import pytest

from tests.support.pools import PASSWORD, unique
from tests.support.refusals import attributes, refused, values

ODD_ADDRESSES = [
    "=?utf-8?q?mallory=40evil.example=3e=20?=x@corp.example",
    "root,mallory@evil.example",
    '"mallory@evil.example>x"@corp.example',
    "mallory%evil.example@corp.example",
    "é@[corp.example",
    "(" * 1000 + "@corp.example",
    "a@corp.example\u202e",
    "a@ｃｏｒｐ.example",
    "x" * 250 + "@corp.example",
]
INVALID_EMAIL = "Invalid email address format."
NO_EMAIL_USERNAME = "Username should be an email."
EMAIL_FORMAT = "Preferred username cannot be of email format, since user pool is configured for email alias."
PHONE_FORMAT = (
    "Preferred username cannot be of phone number format, since user pool is configured for phone number alias."
)
UNSEEN_USERNAME = (
    "1 validation error detected: Value at 'username' failed to satisfy constraint: "
    r"Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"
)
UNSEEN_PREFERRED = (
    "Attributes did not conform to the schema: preferred_username: Value has a character that cannot be stored\n"
)
UNSEEN = ["\u3164", "\u115f", "\uffa0", "\ufe0f", "\U000e0100", "\u034f", "\u17b4", "\u180b"]


@pytest.fixture(scope="module")
def alias_pool(pools):
    """E-mail addresses, phone numbers and preferred usernames sign in; case does not count."""
    return pools.user_pool(
        AliasAttributes=["email", "phone_number", "preferred_username"],
        UsernameConfiguration={"CaseSensitive": False},
    )


@pytest.fixture(scope="module")
def alias_client(pools, alias_pool):
    return pools.client_id(alias_pool)


@pytest.fixture
def alice(cognito, pools, alias_pool, alias_client):
    """(user, access token)"""
    user = pools.user(alias_pool, username=unique("alice"))
    return user, pools.sign_in(alias_client, user)["AccessToken"]


def sign_up(cognito, client, name, **given):
    return cognito.sign_up(ClientId=client, Username=name, Password=PASSWORD, UserAttributes=attributes(**given))


# -- attack-0.1 no. 10


@pytest.mark.parametrize("address", ODD_ADDRESSES)
class TestOddAddresses:
    """attack-0.1 no. 10: what is no plain address enters by no door."""

    def test_sign_up(self, cognito, client_id, address):
        with refused("InvalidParameter", INVALID_EMAIL):
            sign_up(cognito, client_id, unique(), email=address)

    def test_admin_create_user(self, cognito, user_pool_id, address):
        with refused("InvalidParameter", INVALID_EMAIL):
            cognito.admin_create_user(
                UserPoolId=user_pool_id, Username=unique(), UserAttributes=attributes(email=address)
            )

    def test_updates(self, cognito, alias_pool, alice, address):
        user, token = alice
        with refused("InvalidParameter", INVALID_EMAIL):
            cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email=address))
        with refused("InvalidParameter", INVALID_EMAIL):
            cognito.admin_update_user_attributes(
                UserPoolId=alias_pool, Username=user.username, UserAttributes=attributes(email=address)
            )

    def test_pool_settings(self, cognito, address):
        for member in ("From", "ReplyToEmailAddress"):
            with refused("InvalidParameter"):
                cognito.create_user_pool(PoolName=unique("pool"), EmailConfiguration={member: address})


@pytest.mark.parametrize("address", [address for address in ODD_ADDRESSES if len(address) <= 128])
def test_username_of_an_email_pool(cognito, pools, address, email_pool_client):
    """attack-0.1 no. 10."""
    with refused("InvalidParameter"):
        sign_up(cognito, email_pool_client, address)


@pytest.fixture(scope="module")
def email_pool_client(pools):
    return pools.client_id(pools.user_pool(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"]))


def test_new_password_required(cognito, pools):
    """attack-0.1 no. 10."""
    pool = pools.user_pool(Schema=[{"Name": "email", "Required": True}])
    client, name = pools.client_id(pool), unique()
    cognito.admin_create_user(
        UserPoolId=pool, Username=name, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS", UserAttributes=[]
    )
    challenge = cognito.initiate_auth(
        ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD}
    )
    for address in ODD_ADDRESSES:
        with refused("InvalidParameter", INVALID_EMAIL):
            cognito.respond_to_auth_challenge(
                ClientId=client,
                ChallengeName="NEW_PASSWORD_REQUIRED",
                Session=challenge["Session"],
                ChallengeResponses={
                    "USERNAME": name,
                    "NEW_PASSWORD": PASSWORD + "x",
                    "userAttributes.email": address,
                },
            )


def test_senders_of_a_pool(cognito, pools):
    pool = pools.user_pool(
        EmailConfiguration={"From": "Shop, Ltd. <no-reply@example.com>", "ReplyToEmailAddress": "help@example.com"}
    )
    shown = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["EmailConfiguration"]
    assert shown["From"] == "Shop, Ltd. <no-reply@example.com>"


def test_an_address_is_stored_composed_and_the_code_goes_there(cognito, pools, inbox):
    pool = pools.user_pool(AutoVerifiedAttributes=["email"])
    name = unique("zoe")
    typed = f"{name}e\u0308@example.com"
    sign_up(cognito, pools.client_id(pool), name, email=typed)
    stored = values(cognito.admin_get_user(UserPoolId=pool, Username=name)["UserAttributes"])["email"]
    assert stored == unicodedata.normalize("NFC", typed) != typed
    assert inbox.code(stored)


# -- attack-0.1 no. 13


@pytest.mark.parametrize(
    ("value", "text"),
    [("ceo@corp.example", EMAIL_FORMAT), ("CEO@ÖKO.example", EMAIL_FORMAT), ("+12065551212", PHONE_FORMAT)],
)
def test_a_preferred_username_that_looks_proven_is_refused(cognito, alias_pool, alias_client, alice, value, text):
    """attack-0.1 no. 13: an administrator who names the address would mean the attacker."""
    user, token = alice
    with refused("InvalidParameter", text):
        sign_up(cognito, alias_client, unique(), preferred_username=value)
    with refused("InvalidParameter", text):
        cognito.admin_create_user(
            UserPoolId=alias_pool, Username=unique(), UserAttributes=attributes(preferred_username=value)
        )
    with refused("InvalidParameter", text):
        cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(preferred_username=value))
    with refused("InvalidParameter", text):
        cognito.admin_update_user_attributes(
            UserPoolId=alias_pool, Username=user.username, UserAttributes=attributes(preferred_username=value)
        )
    with refused("UserNotFound"):
        cognito.admin_get_user(UserPoolId=alias_pool, Username=value)


def test_where_nobody_signs_in_by_address_a_preferred_username_may_look_like_one(cognito, client_id):
    sign_up(cognito, client_id, unique(), preferred_username="ceo@corp.example")


# -- attack-0.1 no. 30


@pytest.mark.parametrize("character", UNSEEN)
def test_what_nobody_sees_is_no_part_of_a_name(cognito, user_pool_id, client_id, alias_client, alice, character):
    """attack-0.1 no. 30."""
    _, token = alice
    name = f"ali{character}ce"
    with refused("InvalidParameter", UNSEEN_USERNAME):
        sign_up(cognito, client_id, name)
    with refused("InvalidParameter", UNSEEN_USERNAME):
        cognito.admin_create_user(UserPoolId=user_pool_id, Username=name)
    with refused("InvalidParameter", UNSEEN_PREFERRED):
        sign_up(cognito, alias_client, unique(), preferred_username=name)
    with refused("InvalidParameter", UNSEEN_PREFERRED):
        cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(preferred_username=name))
    with refused("InvalidParameter", INVALID_EMAIL):
        sign_up(cognito, client_id, unique(), email=f"{name}@example.com")


def test_a_name_is_one_however_its_accents_were_typed(cognito, pools, user_pool_id, client_id):
    """attack-0.1 no. 30: NFD beside NFC."""
    name = unique("zoe")
    composed, decomposed = name + "\u00eb", name + "e\u0308"
    sign_up(cognito, client_id, decomposed)
    with refused("UsernameExists"):
        sign_up(cognito, client_id, composed)
    cognito.admin_confirm_sign_up(UserPoolId=user_pool_id, Username=composed)
    for typed in (composed, decomposed):
        answer = cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": typed, "PASSWORD": PASSWORD},
        )
        assert "AccessToken" in answer["AuthenticationResult"]
        found = cognito.list_users(UserPoolId=user_pool_id, Filter=f'username = "{typed}"')["Users"]
        assert [user["Username"] for user in found] == [composed]


def test_full_width_stays_another_name(cognito, client_id):
    name = unique("bob")
    sign_up(cognito, client_id, name)
    sign_up(cognito, client_id, "".join(chr(ord(letter) + 0xFEE0) for letter in name))


# -- attack-0.1 no. 11


def test_nobody_mails_the_world_by_changing_his_address(cognito, pools, inbox):
    """attack-0.1 no. 11: such codes count with those that are asked for; beyond, nothing of the change is made."""
    pool = pools.user_pool(AutoVerifiedAttributes=["email"])
    user = pools.user(pool)
    token = pools.sign_in(pools.client_id(pool), user)["AccessToken"]
    addresses = [f"{unique('victim')}@example.com" for _ in range(6)]
    for address in addresses[:4]:
        cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email=address))
    cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    with refused("TooManyRequests", "Too many requests"):
        cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email=addresses[4], name="Eve"))
    stored = values(cognito.get_user(AccessToken=token)["UserAttributes"])
    assert (stored["email"], stored.get("name")) == (addresses[3], None)
    assert inbox.messages(addresses[4], wait=0) == []
    cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(name="Eve"))
    cognito.admin_update_user_attributes(
        UserPoolId=pool, Username=user.username, UserAttributes=attributes(email=addresses[5])
    )
    assert inbox.code(addresses[5])
