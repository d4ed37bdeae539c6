"""Users of identity providers who are linked to users of the pool: who can be, what shows it, how it ends."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import identity_providers as idps
from tests.support import oauth
from tests.support.expected import refused, refused_parameter, refused_pool
from tests.support.oauth import World, claims_of, query_of, text_of
from tests.support.pools import PASSWORD, NewUser, Pools, unique
from tests.support.refusals import attributes, values
from tests.support.server import Server

MISSING_POOL = "us-east-1_Missing00"
SUBJECT = "Cognito_Subject"


@pytest.fixture(scope="module")
def world(server: Server, pools: Pools, cognito: Any) -> World:
    """A pool with a provider of three types."""
    made = oauth.build(server, pools)
    for name, kind, details, mapping in [
        ("Google", "Google", idps.GOOGLE, {"email": "email"}),
        ("corp", "OIDC", idps.OIDC, {"email": "email", "name": "name", "nickname": "n", "profile": "p", "gender": "g"}),
        ("saml", "SAML", idps.saml(), {"email": "mail"}),
    ]:
        cognito.create_identity_provider(
            UserPoolId=made.pool_id,
            ProviderName=name,
            ProviderType=kind,
            ProviderDetails=details,
            AttributeMapping=mapping,
        )
    return made


def person(provider: str, value: str, attribute: str = SUBJECT) -> dict[str, str]:
    return {"ProviderName": provider, "ProviderAttributeName": attribute, "ProviderAttributeValue": value}


@pytest.fixture
def link(cognito: Any, world: World) -> Callable[..., None]:
    def linked(user: NewUser | str, source: dict[str, str]) -> None:
        name = user if isinstance(user, str) else user.username
        cognito.admin_link_provider_for_user(
            UserPoolId=world.pool_id,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": name},
            SourceUser=source,
        )

    return linked


@pytest.fixture
def unlink(cognito: Any, world: World) -> Callable[..., None]:
    return lambda source: cognito.admin_disable_provider_for_user(UserPoolId=world.pool_id, User=source)


@pytest.fixture
def identities(cognito: Any, world: World) -> Callable[[NewUser], list[dict[str, Any]]]:
    def found(user: NewUser) -> list[dict[str, Any]]:
        answer = cognito.admin_get_user(UserPoolId=world.pool_id, Username=user.username)
        return list(json.loads(values(answer["UserAttributes"]).get("identities", "[]")))

    return found


class TestAdminLinkProviderForUser:
    def test_the_attribute_shows_it_in_the_spelling_of_cognito(self, cognito: Any, world: World, link: Any) -> None:
        user, subject = world.user(), unique()
        link(user, person("Google", subject))
        found = cognito.admin_get_user(UserPoolId=world.pool_id, Username=user.username)
        text = values(found["UserAttributes"])["identities"]
        date = json.loads(text)[0]["dateCreated"]
        assert text == (
            f'[{{"userId":"{subject}","providerName":"Google","providerType":"Google","issuer":null,'
            f'"primary":false,"dateCreated":{date}}}]'
        )
        assert abs(date / 1000 - found["UserLastModifiedDate"].timestamp()) < 1
        listed = cognito.list_users(UserPoolId=world.pool_id, Filter=f'sub = "{user.sub}"')["Users"][0]
        assert values(listed["Attributes"])["identities"] == text

    def test_users_see_it_and_so_do_their_tokens(self, cognito: Any, world: World, link: Any) -> None:
        user = world.user()
        link(user, person("saml", "somebody"))
        tokens = world.tokens(user)
        (claim,) = claims_of(tokens["id_token"])["identities"]
        assert (claim["primary"], claim["issuer"], claim["dateCreated"].isdigit()) == ("false", idps.ENTITY, True)
        shown = world.user_info(tokens["access_token"]).json()
        assert "identities" not in claims_of(tokens["access_token"])
        assert json.loads(shown["identities"])[0]["userId"] == "somebody"
        signed_in = world.pools.sign_in(world.public_id, user)
        own = cognito.get_user(AccessToken=signed_in["AccessToken"])
        assert json.loads(values(own["UserAttributes"])["identities"])[0]["providerType"] == "SAML"

    def test_by_an_attribute_that_an_oidc_provider_maps(self, world: World, link: Any, identities: Any) -> None:
        user, address = world.user(), f"{unique()}@example.com"
        link(user, person("corp", address, "email"))
        assert [(each["providerName"], each["userId"]) for each in identities(user)] == [("corp", address)]
        with refused_parameter("phone_number is neither Cognito_Subject nor a mapped attribute of the provider."):
            link(user, person("corp", "x", "phone_number"))
        with refused_parameter("email is neither Cognito_Subject nor a mapped attribute of the provider."):
            link(user, person("Google", address, "email"))

    def test_the_same_link_again_changes_nothing(self, world: World, link: Any, identities: Any) -> None:
        user, subject = world.user(), unique()
        link(user, person("Google", subject))
        before = identities(user)
        link(user, person("Google", subject))
        assert identities(user) == before

    def test_a_source_belongs_to_one_user(self, world: World, link: Any, identities: Any) -> None:
        first, second, subject = world.user(), world.user(), unique()
        link(first, person("Google", subject))
        with refused("AliasExistsException", "SourceUser is already linked to DestinationUser"):
            link(second, person("Google", subject))
        assert identities(second) == []

    def test_five_links_and_no_more(self, world: World, link: Any, identities: Any) -> None:
        user = world.user()
        for _ in range(5):
            link(user, person("Google", unique()))
        with refused("LimitExceededException", "A user can have at most 5 linked identities."):
            link(user, person("corp", unique()))
        assert len(identities(user)) == 5

    def test_users_of_a_provider_are_found_by_five_attributes_and_no_more(
        self, cognito: Any, world: World, link: Any
    ) -> None:
        name = unique("oidc")
        names = ["email", "name", "nickname", "profile", "gender", "website"]
        cognito.create_identity_provider(
            UserPoolId=world.pool_id,
            ProviderName=name,
            ProviderType="OIDC",
            ProviderDetails=idps.OIDC,
            AttributeMapping=dict.fromkeys(names, "x"),
        )
        for attribute in names[:5]:
            link(world.user(), person(name, unique(), attribute))
        with refused("LimitExceededException", "Identities of a provider can be linked by at most 5 attributes."):
            link(world.user(), person(name, unique(), names[5]))

    def test_a_user_of_the_pool_is_no_source(self, world: World, link: Any) -> None:
        text = (
            "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, "
            "only as a DestinationUser"
        )
        with refused_parameter(text):
            link(world.user(), person("Cognito", world.user().username))

    def test_a_source_that_has_a_profile_is_not_linked(
        self, cognito: Any, world: World, link: Any, identities: Any
    ) -> None:
        user, subject = world.user(), unique()
        cognito.admin_create_user(UserPoolId=world.pool_id, Username=f"Google_{subject}", MessageAction="SUPPRESS")
        text = "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link"
        with refused_parameter(text):
            link(user, person("Google", subject))
        assert identities(user) == []

    def test_nobody_signs_up_with_a_name_that_a_user_of_a_provider_will_have(self, cognito: Any, world: World) -> None:
        """federation.md E: who had it would stand in for that user, and could not be linked past."""

        lenient = world.pools.user_pool(UsernameConfiguration={"CaseSensitive": False})
        cognito.create_identity_provider(
            UserPoolId=lenient, ProviderName="Google", ProviderType="Google", ProviderDetails=idps.GOOGLE
        )
        other_client = world.pools.client_id(lenient)

        def sign_up(username: str, client_id: str = world.public_id) -> None:
            email = f"{unique()}@example.com"
            cognito.sign_up(
                ClientId=client_id, Username=username, Password=PASSWORD, UserAttributes=attributes(email=email)
            )

        text = "Usernames that begin with {} are for users of an identity provider."
        with refused_parameter(text.format("Google_")):
            sign_up(f"Google_{unique()}")
        with refused_parameter(text.format("corp_")):
            sign_up("corp_")
        with refused_parameter(text.format("Google_")):
            sign_up(f"gOOGLE_{unique()}", other_client)
        for username in (f"Google{unique()}", f"my_Google_{unique()}", f"{unique()}_x", f"gOOGLE_{unique()}"):
            sign_up(username)

    def test_the_profile_of_a_provider_can_be_a_destination(self, cognito: Any, world: World) -> None:
        subject, other = unique(), unique()
        cognito.admin_create_user(UserPoolId=world.pool_id, Username=f"Google_{subject}", MessageAction="SUPPRESS")
        sent = {"UserPoolId": world.pool_id, "SourceUser": person("corp", other)}
        cognito.admin_link_provider_for_user(DestinationUser=person("Google", subject, "ignored"), **sent)
        found = cognito.admin_get_user(UserPoolId=world.pool_id, Username=f"Google_{subject}")
        assert json.loads(values(found["UserAttributes"])["identities"])[0]["userId"] == other
        with refused("UserNotFoundException", "User does not exist."):
            cognito.admin_link_provider_for_user(DestinationUser=person("Google", "nobody"), **sent)

    def test_what_is_missing_is_named(self, world: World, link: Any) -> None:
        user = world.user()
        for member in person("Google", "x"):
            sent = {name: value for name, value in person("Google", "x").items() if name != member}
            with refused_parameter("SourceUser needs ProviderName, ProviderAttributeName and ProviderAttributeValue."):
                link(user, sent)
        with refused_parameter(
            "The name, attribute and value of SourceUser can not be longer than 128 characters together."
        ):
            link(user, person("Google", "x" * 108))
        link(user, person("Google", "x" * 107))

    def test_unknown_ones_do_not_exist(self, cognito: Any, world: World, link: Any) -> None:
        with refused("UserNotFoundException", "User does not exist."):
            link("nobody", person("Google", "x"))
        with refused_parameter(f"The provider Nobody does not exist for User Pool {world.pool_id}."):
            link(world.user(), person("Nobody", "x"))
        with refused_pool(MISSING_POOL):
            cognito.admin_link_provider_for_user(
                UserPoolId=MISSING_POOL, DestinationUser=person("Cognito", "x"), SourceUser=person("Google", "x")
            )

    def test_nobody_writes_the_attribute(self, cognito: Any, world: World, link: Any) -> None:
        user = world.user()
        link(user, person("Google", unique()))
        name = {"UserPoolId": world.pool_id, "Username": user.username}
        for value in ("[]", ""):
            with refused_parameter("user.identities: Attribute cannot be updated.\n(changing an immutable attribute)"):
                cognito.admin_update_user_attributes(**name, UserAttributes=attributes(identities=value))
        with refused_parameter():
            cognito.admin_delete_user_attributes(**name, UserAttributeNames=["identities"])
        with refused_parameter():
            cognito.admin_create_user(
                UserPoolId=world.pool_id, Username=unique(), UserAttributes=attributes(identities="[]")
            )
        token = world.pools.sign_in(world.public_id, user)["AccessToken"]
        with refused("NotAuthorizedException"):
            cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(identities="[]"))


class TestAdminDisableProviderForUser:
    def test_a_link_ends_and_the_others_stay(self, world: World, link: Any, unlink: Any, identities: Any) -> None:
        user, other, first, second = world.user(), world.user(), unique(), unique()
        link(user, person("Google", first))
        link(user, person("saml", second, "email"))
        unlink(person("Google", first))
        assert [each["userId"] for each in identities(user)] == [second]
        link(other, person("Google", first))
        unlink(person("saml", second, "email"))
        assert identities(user) == []
        with refused("UserNotFoundException", "User does not exist."):
            unlink(person("saml", second, "email"))

    def test_the_link_of_a_deleted_user_is_gone(
        self, cognito: Any, world: World, link: Any, unlink: Any, identities: Any
    ) -> None:
        user, subject = world.user(), unique()
        link(user, person("Google", subject))
        cognito.admin_delete_user(UserPoolId=world.pool_id, Username=user.username)
        with refused("UserNotFoundException"):
            unlink(person("Google", subject))
        again = world.user()
        link(again, person("Google", subject))
        assert len(identities(again)) == 1

    def test_links_end_with_their_provider_and_do_not_pass_to_the_next(
        self, cognito: Any, world: World, link: Any, identities: Any
    ) -> None:
        user, subject, name = world.user(), unique(), unique("oidc")
        sent = {
            "UserPoolId": world.pool_id,
            "ProviderName": name,
            "ProviderType": "OIDC",
            "ProviderDetails": idps.OIDC,
        }
        cognito.create_identity_provider(**sent)
        link(user, person(name, subject))
        link(user, person("Google", subject))
        cognito.delete_identity_provider(UserPoolId=world.pool_id, ProviderName=name)
        assert [each["providerName"] for each in identities(user)] == ["Google"]
        cognito.create_identity_provider(**sent)
        other = world.user()
        link(other, person(name, subject))
        assert [each["providerName"] for each in identities(other)] == [name]

    def test_a_user_of_the_pool_has_no_password_any_more_until_there_is_another(
        self, cognito: Any, world: World, unlink: Any
    ) -> None:
        user = world.user()
        browser = world.signed_in(user)
        token = world.pools.sign_in(world.public_id, user)["AccessToken"]
        cognito.forgot_password(ClientId=world.public_id, Username=user.username)
        unlink(person("Cognito", user.username))
        found = cognito.admin_get_user(UserPoolId=world.pool_id, Username=user.username)
        assert found["UserStatus"] == "EXTERNAL_PROVIDER"
        with refused("NotAuthorizedException", "Incorrect username or password."):
            world.pools.sign_in(world.public_id, user)
        with refused("NotAuthorizedException"):
            cognito.forgot_password(ClientId=world.public_id, Username=user.username)
        code = world.server.inbox.code(user.email)
        with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
            cognito.confirm_forgot_password(
                ClientId=world.public_id, Username=user.username, ConfirmationCode=code, Password="Another-Horse-2"
            )
        for previous in ({}, {"PreviousPassword": user.password}):
            with refused("NotAuthorizedException", "Incorrect username or password."):
                cognito.change_password(AccessToken=token, ProposedPassword="Another-Horse-2", **previous)
        assert "/login" in browser.authorize(**world.parameters()).headers["location"]
        cognito.admin_set_user_password(
            UserPoolId=world.pool_id, Username=user.username, Password=user.password, Permanent=True
        )
        assert world.pools.sign_in(world.public_id, user)["AccessToken"]

    def test_a_profile_of_a_provider_is_disabled(self, cognito: Any, world: World, unlink: Any) -> None:
        subject = unique()
        username = f"Google_{subject}"
        cognito.admin_create_user(UserPoolId=world.pool_id, Username=username, MessageAction="SUPPRESS")
        with refused("UserNotFoundException", "User does not exist."):
            unlink(person("Google", subject))  # somebody who only has the name
        unlink(person("Cognito", username))
        unlink(person("Google", subject))
        assert cognito.admin_get_user(UserPoolId=world.pool_id, Username=username)["Enabled"] is False

    def test_what_is_missing_or_unknown(self, cognito: Any, unlink: Any) -> None:
        with refused_parameter("User needs ProviderName, ProviderAttributeName and ProviderAttributeValue."):
            unlink({"ProviderAttributeName": SUBJECT, "ProviderAttributeValue": "x"})
        with refused("UserNotFoundException", "User does not exist."):
            unlink(person("Cognito", "nobody"))
        with refused("UserNotFoundException", "User does not exist."):
            unlink(person("Nobody", "x"))
        with refused_pool(MISSING_POOL):
            cognito.admin_disable_provider_for_user(UserPoolId=MISSING_POOL, User=person("Google", "x"))


class TestPages:
    """Nobody signs in through a provider yet: the pages say so, and let nobody in by another way."""

    TEXT = "Sign-in through identity providers is not available in poolhouse yet"

    def test_a_provider_of_the_client_that_is_asked_for_is_refused(self, cognito: Any, world: World) -> None:
        settings = world.oauth_settings() | {"SupportedIdentityProviders": ["COGNITO", "Google"]}
        client_id = world.pools.client_id(world.pool_id, **settings)
        asked = world.parameters(client_id=client_id)
        browser = world.browser()
        assert "/login" in browser.authorize(**asked).headers["location"]
        answer = browser.authorize(**asked, identity_provider="Google")
        said = query_of(answer.headers["location"])
        assert answer.headers["location"].startswith(asked["redirect_uri"])
        text = "Sign-in through Google is not available in poolhouse yet"
        assert (said["error"], said["error_description"]) == ("invalid_request", text)
        cognito.update_identity_provider(
            UserPoolId=world.pool_id, ProviderName="Google", IdpIdentifiers=["mail.example.com"]
        )
        answer = browser.authorize(**asked, idp_identifier="mail.example.com")
        assert query_of(answer.headers["location"])["error_description"] == text

    def test_a_client_for_providers_alone_has_no_login_page(self, world: World) -> None:
        settings = world.oauth_settings() | {"SupportedIdentityProviders": ["Google"]}
        client_id = world.pools.client_id(world.pool_id, **settings)
        for path in ("/oauth2/authorize", "/login", "/signup"):
            answer = world.browser().get(path, **world.parameters(client_id=client_id))
            said = query_of(answer.headers["location"])
            assert said["error"] == self.TEXT
            assert self.TEXT in text_of(world.browser().get("/error", **said))
