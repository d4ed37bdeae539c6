"""What belongs to a user ends with what ends it, and goes to nobody else (docs/design/0004; races: tests/faults/races.py)."""

import base64
import json
import re
import time
from urllib.parse import urlencode

import pytest

from tests.support.oauth import CALLBACK, text_of
from tests.support.pools import PASSWORD, unique
from tests.support.refusals import refused
from tests.support.srp import SRPClient

NEW = "Another-Horse-2"


def has_session(world, browser):
    return browser.authorize(**world.parameters()).headers["location"].startswith(CALLBACK)


# ---------------------------------------------------------------- a new password (attack-0.1 no. 34)


def set_by_admin(world, cognito, user, inbox):
    cognito.admin_set_user_password(UserPoolId=world.pool_id, Username=user.username, Password=NEW, Permanent=True)


def change(world, cognito, user, inbox):
    token = world.pools.sign_in(world.public_id, user)["AccessToken"]
    cognito.change_password(AccessToken=token, PreviousPassword=user.password, ProposedPassword=NEW)


def forget(world, cognito, user, inbox):
    cognito.forgot_password(ClientId=world.public_id, Username=user.username)
    code = inbox.code(user.email)
    cognito.confirm_forgot_password(
        ClientId=world.public_id, Username=user.username, ConfirmationCode=code, Password=NEW
    )


@pytest.mark.parametrize("way", [set_by_admin, change, forget])
def test_a_new_password_ends_browser_sessions_and_leaves_tokens(world, cognito, inbox, way):
    """attack-0.1 no. 34 (ASVS 7.4.3)."""
    user = world.user()
    browser, tokens = world.signed_in(user), world.pools.sign_in(world.public_id, user)
    way(world, cognito, user, inbox)
    assert not has_session(world, browser)
    assert cognito.get_user(AccessToken=tokens["AccessToken"])["Username"] == user.username
    assert world.refresh(tokens["RefreshToken"]).status_code == 200


def test_the_session_in_which_a_password_is_reset_goes_on(world, cognito, inbox):
    """attack-0.1 no. 34: all but the one it was set in."""
    user = world.user()
    here, elsewhere = world.signed_in(user), world.signed_in(user)
    query = urlencode(world.parameters())
    here.get(f"/forgotPassword?{query}")
    here.submit(f"/forgotPassword?{query}", username=user.username)
    answer = here.submit(
        f"/confirmforgotPassword?{query}", username=user.username, code=inbox.code(user.email), password=NEW
    )
    assert answer.status_code == 302, text_of(answer)
    assert has_session(world, here)
    assert not has_session(world, elsewhere)


def test_a_pool_may_end_tokens_with_a_new_password(pools, cognito, inbox):
    """Acceptance 22, the tag (attack-0.1 no. 34): the sign-in that changes the password goes on."""
    pool = pools.user_pool(UserPoolTags={"poolhouse:revoke_on_password_change": "true"})
    client_id, user = pools.client_id(pool), pools.user(pool)
    mine, other = pools.sign_in(client_id, user), pools.sign_in(client_id, user)
    cognito.change_password(AccessToken=mine["AccessToken"], PreviousPassword=PASSWORD, ProposedPassword=NEW)
    assert cognito.get_user(AccessToken=mine["AccessToken"])["Username"] == user.username
    refreshed = {"ClientId": client_id, "AuthFlow": "REFRESH_TOKEN_AUTH"}
    cognito.initiate_auth(**refreshed, AuthParameters={"REFRESH_TOKEN": mine["RefreshToken"]})
    with refused("NotAuthorized", "Access Token has been revoked"):
        cognito.get_user(AccessToken=other["AccessToken"])
    with refused("NotAuthorized", "Refresh Token has been revoked"):
        cognito.initiate_auth(**refreshed, AuthParameters={"REFRESH_TOKEN": other["RefreshToken"]})
    cognito.admin_set_user_password(UserPoolId=pool, Username=user.username, Password=PASSWORD, Permanent=True)
    with refused("NotAuthorized", "Access Token has been revoked"):
        cognito.get_user(AccessToken=mine["AccessToken"])


def test_with_the_tag_a_token_that_names_no_sign_in_ends_with_the_rest(pools, cognito):
    """Issue 5, review: without EnableTokenRevocation there is no origin_jti, so nobody knows which sign-in to keep."""
    pool = pools.user_pool(UserPoolTags={"poolhouse:revoke_on_password_change": "true"})
    client_id, user = pools.client_id(pool, EnableTokenRevocation=False), pools.user(pool)
    mine = pools.sign_in(client_id, user)
    time.sleep(1.1)  # such a token is dated a second after the password that the user was made with
    cognito.change_password(AccessToken=mine["AccessToken"], PreviousPassword=PASSWORD, ProposedPassword=NEW)
    with refused("NotAuthorized", "Access Token has been revoked"):
        cognito.get_user(AccessToken=mine["AccessToken"])
    with refused("NotAuthorized", "Refresh Token has been revoked"):
        cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": mine["RefreshToken"]},
        )


# ---------------------------------------------------------------- what ends what (docs/threat-model.md)


def sign_out(world, cognito, user, inbox):
    cognito.admin_user_global_sign_out(UserPoolId=world.pool_id, Username=user.username)


def disable(world, cognito, user, inbox):
    cognito.admin_disable_user(UserPoolId=world.pool_id, Username=user.username)
    cognito.admin_enable_user(UserPoolId=world.pool_id, Username=user.username)  # what has ended stays so


def tag_and_set(world, cognito, user, inbox):
    arn = cognito.describe_user_pool(UserPoolId=world.pool_id)["UserPool"]["Arn"]
    cognito.tag_resource(ResourceArn=arn, Tags={"poolhouse:revoke_on_password_change": "true"})
    try:
        set_by_admin(world, cognito, user, inbox)
    finally:
        cognito.untag_resource(ResourceArn=arn, TagKeys=["poolhouse:revoke_on_password_change"])


@pytest.mark.parametrize(
    ("act", "tokens_stay", "codes_stay", "sessions_stay"),
    [
        (sign_out, False, False, True),
        (set_by_admin, True, True, False),
        (tag_and_set, False, False, False),
        (disable, False, False, False),
    ],
)
def test_what_ends_what(world, cognito, inbox, act, tokens_stay, codes_stay, sessions_stay):
    """Issue 5, review: each cell of the table in docs/threat-model.md."""
    user = world.user()
    browser, tokens = world.signed_in(user), world.pools.sign_in(world.public_id, user)
    code = world.code(browser=browser)
    act(world, cognito, user, inbox)
    is_good = {
        "access token": world.server.call("GetUser", {"AccessToken": tokens["AccessToken"]}, sign=False).status_code
        == 200,
        "refresh token": world.refresh(tokens["RefreshToken"]).status_code == 200,
        "code": world.redeem(code).status_code == 200,
        "session": has_session(world, browser),
    }
    expected = (tokens_stay, tokens_stay, codes_stay, sessions_stay)
    assert is_good == dict(zip(is_good, expected, strict=True))


# ---------------------------------------------------------------- names and addresses


def test_nothing_passes_to_the_next_owner_of_a_name(world, cognito):
    """attack-0.1 no. 02, 03 and 28, without a race."""
    old = world.user()
    browser, tokens, code = world.signed_in(old), world.pools.sign_in(world.public_id, old), world.code(old)
    cognito.admin_add_user_to_group(UserPoolId=world.pool_id, Username=old.username, GroupName="g1")
    cognito.admin_delete_user(UserPoolId=world.pool_id, Username=old.username)
    new = world.pools.user(world.pool_id, username=old.username, password=NEW)
    assert not has_session(world, browser)
    assert world.redeem(code).status_code == 400
    assert world.refresh(tokens["RefreshToken"]).status_code == 400
    with refused("UserNotFound"):
        cognito.get_user(AccessToken=tokens["AccessToken"])
    assert cognito.admin_list_groups_for_user(UserPoolId=world.pool_id, Username=new.username)["Groups"] == []


def test_a_code_proves_the_address_it_was_sent_to(pools, cognito, inbox):
    """attack-0.1 no. 01, without a race: the attribute has changed and changed back, and the code is for what it is now."""
    pool = pools.user_pool(AutoVerifiedAttributes=["email"])
    client_id, user = pools.client_id(pool), pools.user(pool)
    token = pools.sign_in(client_id, user)["AccessToken"]
    mine, victim = f"{unique()}@example.com", f"{unique()}@example.com"

    def move_to(address):
        cognito.update_user_attributes(AccessToken=token, UserAttributes=[{"Name": "email", "Value": address}])

    move_to(mine)
    code = inbox.code(mine)
    move_to(victim)
    with refused("CodeMismatch"):  # the code that waits now is the one for the new address
        cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code)
    attributes = {a["Name"]: a["Value"] for a in cognito.get_user(AccessToken=token)["UserAttributes"]}
    assert (attributes["email"], attributes["email_verified"]) == (victim, "false")
    theirs = {"AccessToken": token, "AttributeName": "email", "Code": inbox.code(victim)}
    cognito.verify_user_attribute(**theirs)
    with refused("ExpiredCode"):  # it was for once
        cognito.verify_user_attribute(**theirs)


def test_a_preferred_username_is_not_taken_by_who_signs_up_with_it(pools, cognito):
    """Issue 5: usernames and preferred usernames are one name space where both sign in."""
    pool = pools.user_pool(AliasAttributes=["preferred_username"])
    client_id, alice = pools.client_id(pool), pools.user(pool, preferred_username="alice")
    with refused("UsernameExists"):
        cognito.sign_up(ClientId=client_id, Username="alice", Password=PASSWORD)
    with refused("UsernameExists"):
        cognito.admin_create_user(UserPoolId=pool, Username="alice", MessageAction="SUPPRESS")
    assert cognito.admin_get_user(UserPoolId=pool, Username="alice")["Username"] == alice.username
    bob = pools.user(pool)
    with refused("AliasExists"):
        cognito.admin_update_user_attributes(
            UserPoolId=pool,
            Username=bob.username,
            UserAttributes=[{"Name": "preferred_username", "Value": alice.username}],
        )
    # One's own username as preferred username is no theft, and giving it up again frees nothing.
    for value in (bob.username, "robert"):
        cognito.admin_update_user_attributes(
            UserPoolId=pool,
            Username=bob.username,
            UserAttributes=[{"Name": "preferred_username", "Value": value}],
        )
    with refused("AliasExists"):
        cognito.admin_update_user_attributes(
            UserPoolId=pool,
            Username=alice.username,
            UserAttributes=[{"Name": "preferred_username", "Value": bob.username}],
        )


# ---------------------------------------------------------------- clients


def test_tokens_of_a_deleted_client_do_nothing(world, cognito):
    """attack-0.1 no. 15."""
    client_id, user = world.client()["ClientId"], world.user()
    tokens = world.tokens(user, client_id=client_id)
    cognito.delete_user_pool_client(UserPoolId=world.pool_id, ClientId=client_id)
    token = tokens["access_token"]
    with refused("ResourceNotFound"):
        cognito.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=NEW)
    with refused("ResourceNotFound"):
        cognito.delete_user(AccessToken=token)
    assert world.user_info(token).status_code == 401
    assert cognito.admin_get_user(UserPoolId=world.pool_id, Username=user.username)["Enabled"]


def test_a_challenge_shows_only_what_the_client_may_read(pools, cognito):
    """attack-0.1 no. 12."""
    pool = pools.user_pool(
        Schema=[
            {"Name": "risk", "AttributeDataType": "String", "DeveloperOnlyAttribute": True, "Mutable": True},
            {"Name": "note", "AttributeDataType": "String", "Mutable": True},
        ]
    )
    client_id = pools.client_id(pool, ReadAttributes=["email"])
    username = unique()
    attributes = {"email": f"{username}@example.com", "name": "N", "custom:note": "secret", "dev:custom:risk": "high"}
    cognito.admin_create_user(
        UserPoolId=pool,
        Username=username,
        TemporaryPassword=PASSWORD,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
    )
    challenge = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD},
    )
    assert json.loads(challenge["ChallengeParameters"]["userAttributes"]) == {"email": attributes["email"]}


# ---------------------------------------------------------------- strangers


def srp_challenge(cognito, client_id, pool_id, username):
    parameters = SRPClient(pool_id, username, "x").parameters
    answer = cognito.initiate_auth(ClientId=client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=parameters)
    return answer["ChallengeParameters"]


def test_ids_of_strangers_have_the_form_of_real_ones(pools, cognito):
    """attack-0.1 no. 06 (a): where users are UUIDs, those of strangers vary as real ones do."""
    pool_id = pools.user_pool(UsernameAttributes=["email"])
    client_id = pools.client_id(pool_id, PreventUserExistenceErrors="ENABLED")
    ids = [srp_challenge(cognito, client_id, pool_id, f"{unique()}@example.com")["USER_ID_FOR_SRP"] for _ in range(40)]
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", id) for id in ids)
    assert {id[19] for id in ids} == set("89ab")


def test_ids_of_strangers_are_names_where_those_of_users_are(pools, cognito, user_pool_id):
    """attack-0.1 no. 06 (b), decided against the guide: docs/design/0004."""
    client_id = pools.client_id(user_pool_id, PreventUserExistenceErrors="ENABLED")
    known, stranger = pools.user(user_pool_id).username, unique("user")
    found = [srp_challenge(cognito, client_id, user_pool_id, name) for name in (known, stranger)]
    assert [challenge["USER_ID_FOR_SRP"] for challenge in found] == [known, stranger]
    assert len({len(base64.b64decode(challenge["SECRET_BLOCK"])) for challenge in found}) == 1


# ---------------------------------------------------------------- found in review


def test_a_temporary_password_of_an_older_kind_signs_in_at_the_first_try(pools, cognito):
    """Its record is rewritten while it is proven; that is no change of the password."""
    pool = pools.user_pool()
    client_id, username = pools.client_id(pool), unique()
    cognito.admin_create_user(UserPoolId=pool, Username=username, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    arn = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["Arn"]
    cognito.tag_resource(ResourceArn=arn, Tags={"poolhouse:password_storage": "argon2id"})
    challenge = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD},
    )
    done = cognito.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": username, "NEW_PASSWORD": NEW},
    )
    assert "AuthenticationResult" in done


def test_what_looks_like_an_address_is_no_username_where_addresses_sign_in(pools, cognito):
    pool = pools.user_pool(AliasAttributes=["email", "phone_number"])
    client_id = pools.client_id(pool)
    for username in ("joe%dept@corp.example", "@", "+", "+49 30"):
        with refused("InvalidParameter"):
            cognito.sign_up(ClientId=client_id, Username=username.replace(" ", ""), Password=PASSWORD)


def test_the_medium_does_not_tell_who_exists(pools, cognito):
    """Where a pool verifies both, a stranger's simulated code goes by either, always the same for the same name."""
    pool = pools.user_pool(AutoVerifiedAttributes=["email", "phone_number"], AliasAttributes=["email"])
    client_id = pools.client_id(pool, PreventUserExistenceErrors="ENABLED")
    names = [*(unique() for _ in range(12)), *(f"{unique()}@example.com" for _ in range(12))]
    for operation in (cognito.resend_confirmation_code, cognito.forgot_password):
        mediums = {
            name: operation(ClientId=client_id, Username=name)["CodeDeliveryDetails"]["DeliveryMedium"]
            for name in names
        }
        for some in (names[:12], names[12:]):
            assert {mediums[name] for name in some} == {"EMAIL", "SMS"}
        assert (
            operation(ClientId=client_id, Username=names[0])["CodeDeliveryDetails"]["DeliveryMedium"]
            == mediums[names[0]]
        )


def test_an_unconfirmed_user_who_cannot_be_sent_a_code_is_told_so_on_the_page(world, cognito):
    pool = world.pools.user_pool(AutoVerifiedAttributes=["email"])
    client_id = world.pools.client_id(pool, **world.oauth_settings() | {"AllowedOAuthScopes": ["openid"]})
    domain = unique("d")
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=domain)
    username = unique()
    cognito.sign_up(
        ClientId=client_id,
        Username=username,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": f"{username}@example.com"}],
    )
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    cognito.update_user_pool(UserPoolId=pool, AutoVerifiedAttributes=["email"], LambdaConfig={"CustomMessage": arn})
    browser = world.browser(f"{domain}.auth.localhost:{world.server.port}")
    asked = world.parameters(client_id=client_id)
    browser.get("/login", **asked)
    answer = browser.submit("/login?" + urlencode(asked), username=username, password=PASSWORD)
    assert answer.status_code in (200, 302), answer.text
