"""GetClientToken and GetDerivedToken, and the token exchange of the domain (user-pools-api.md §9.10; RFC 8693)."""

import pytest

from tests.support import oauth
from tests.support.oauth import claims_of
from tests.support.pools import Pools
from tests.support.refusals import refused

EXCHANGES = ["ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION"]
TYPE = "urn:ietf:params:oauth:token-type:"


@pytest.fixture(scope="module")
def world(server, pools):
    return oauth.build(server, pools)


@pytest.fixture(scope="module")
def service(world):
    """A client that may exchange tokens, both ways."""
    return world.client(GenerateSecret=True, ExplicitAuthFlows=EXCHANGES)


@pytest.fixture(scope="module")
def machine(world):
    return world.pools.client(
        world.pool_id,
        GenerateSecret=True,
        ExplicitAuthFlows=["ALLOW_CLIENT_TOKEN_AUTH"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=[f"{world.resource}/read"],
    )


@pytest.fixture(scope="module")
def subject(world):
    """What the code grant has given."""
    return world.tokens(world.bob, scope=f"openid email {world.resource}/read")


class TestGetClientToken:
    def ask(self, cognito, client, **more):
        given = {"ClientId": client["ClientId"], "Secret": client["ClientSecret"], **more}
        return cognito.get_client_token(**given)["ClientAuthenticationResult"]

    def test_all_scopes_of_the_client(self, cognito, world, machine):
        answer = self.ask(cognito, machine)
        claims = claims_of(answer["AccessToken"])
        assert (claims["sub"], claims["client_id"]) == (machine["ClientId"],) * 2
        assert (claims["scope"], claims["token_use"]) == (f"{world.resource}/read", "access")
        assert (answer["TokenType"], answer["ExpiresIn"]) == ("Bearer", 3600)

    def test_named_scopes(self, cognito, world, machine):
        self.ask(cognito, machine, Scopes=[f"{world.resource}/read"])
        with refused("InvalidParameter", f"Invalid scope requested: {world.resource}/write"):
            self.ask(cognito, machine, Scopes=[f"{world.resource}/write"])

    def test_wrong_secret(self, cognito, machine):
        with refused("NotAuthorized"):
            self.ask(cognito, machine, Secret="x" * 30)

    def test_client_without_the_flow(self, cognito, world):
        with refused("InvalidParameter", "ALLOW_CLIENT_TOKEN_AUTH is not enabled for the client."):
            self.ask(cognito, world.machine)

    def test_client_without_a_secret(self, cognito, world):
        with refused("NotAuthorized"):
            cognito.get_client_token(ClientId=world.public_id, Secret="x" * 30)

    def test_unknown_client(self, cognito):
        with refused("ResourceNotFound"):
            cognito.get_client_token(ClientId="1234567890abcdefghijklmnop", Secret="x" * 30)

    def test_flow_stands_alone_and_needs_a_secret(self, pools, world):
        with refused("InvalidParameter", "ALLOW_CLIENT_TOKEN_AUTH must be the only authentication flow."):
            pools.client(
                world.pool_id,
                GenerateSecret=True,
                ExplicitAuthFlows=["ALLOW_CLIENT_TOKEN_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            )
        with refused("InvalidParameter", "ALLOW_CLIENT_TOKEN_AUTH needs a client secret."):
            pools.client(world.pool_id, ExplicitAuthFlows=["ALLOW_CLIENT_TOKEN_AUTH"])


class TestGetDerivedToken:
    def derive(self, cognito, service, token, kind="ACCESS_TOKEN", **more):
        given = {
            "ClientId": service["ClientId"],
            "ClientSecret": service["ClientSecret"],
            "SubjectToken": token,
            "SubjectTokenType": kind,
            **more,
        }
        return cognito.get_derived_token(**given)

    def test_impersonation(self, cognito, world, service, subject):
        answer = self.derive(cognito, service, subject["access_token"], Audiences=["https://api.example.com"])
        claims, held = claims_of(answer["IssuedToken"]), claims_of(subject["access_token"])
        assert (claims["sub"], claims["username"]) == (world.bob.sub, world.bob.username)
        assert (claims["aud"], claims["client_id"]) == ("https://api.example.com", service["ClientId"])
        assert "act" not in claims
        assert (claims["auth_time"], claims["origin_jti"]) == (held["auth_time"], held["origin_jti"])
        assert set(claims["scope"].split()) == set(answer["Scopes"]) == set(held["scope"].split())
        assert (answer["TokenType"], answer["IssuedTokenType"]) == ("Bearer", "ACCESS_TOKEN")
        assert claims["exp"] <= held["exp"]

    def test_delegation(self, cognito, service, machine, subject):
        acting = cognito.get_client_token(ClientId=machine["ClientId"], Secret=machine["ClientSecret"])
        actor = {"ActorToken": acting["ClientAuthenticationResult"]["AccessToken"], "ActorTokenType": "ACCESS_TOKEN"}
        answer = self.derive(cognito, service, subject["access_token"], **actor)
        assert claims_of(answer["IssuedToken"])["act"] == {"sub": machine["ClientId"]}
        again = self.derive(
            cognito,
            service,
            subject["access_token"],
            ActorToken=answer["IssuedToken"],
            ActorTokenType="ACCESS_TOKEN",
        )
        acts = claims_of(again["IssuedToken"])["act"]
        assert acts["act"] == {"sub": machine["ClientId"]}  # RFC 8693 §4.1: who acted before stays inside

    def test_id_token_for_an_id_token(self, cognito, world, service, subject):
        answer = self.derive(cognito, service, subject["id_token"], "ID_TOKEN", RequestedTokenType="ID_TOKEN")
        claims = claims_of(answer["IssuedToken"])
        assert (claims["token_use"], claims["sub"]) == ("id", world.bob.sub)
        assert (answer["TokenType"], answer["IssuedTokenType"]) == ("N_A", "ID_TOKEN")

    def test_scopes_are_what_all_three_have(self, cognito, world, service, subject):
        asked = [f"{world.resource}/read", f"{world.resource}/write", "phone"]
        answer = self.derive(cognito, service, subject["access_token"], Scopes=asked)
        assert answer["Scopes"] == [f"{world.resource}/read"]

    def test_resource_of_the_pool(self, cognito, world, service, subject):
        answer = self.derive(cognito, service, subject["access_token"], Resources=[world.resource])
        assert claims_of(answer["IssuedToken"])["aud"] == world.resource
        with refused("InvalidParameter", "Resource server nothing does not exist."):
            self.derive(cognito, service, subject["access_token"], Resources=["nothing"])
        with refused("InvalidParameter", "Audiences and Resources can not be requested together."):
            self.derive(cognito, service, subject["access_token"], Resources=[world.resource], Audiences=["x"])

    def test_signed_instead_of_the_secret(self, cognito, service, subject):
        """boto3 signs, and the secret may be left out then."""
        given = {"ClientId": service["ClientId"], "SubjectToken": subject["access_token"]}
        assert cognito.get_derived_token(**given, SubjectTokenType="ACCESS_TOKEN")["IssuedToken"]

    def test_wrong_secret(self, cognito, service, subject):
        with refused("NotAuthorized"):
            self.derive(cognito, service, subject["access_token"], ClientSecret="x" * 30)

    def test_client_without_the_flow(self, cognito, world, subject):
        with refused("InvalidParameter", "ALLOW_TOKEN_EXCHANGE_IMPERSONATION is not enabled for the client."):
            self.derive(cognito, world.confidential, subject["access_token"])

    def test_token_that_is_not_good(self, cognito, service, subject):
        for token, kind in (
            ("a.b.c", "ACCESS_TOKEN"),
            (subject["id_token"], "ACCESS_TOKEN"),
            (subject["access_token"], "ID_TOKEN"),
            (subject["access_token"][:-4] + "AAAA", "ACCESS_TOKEN"),
            (subject["refresh_token"], "ACCESS_TOKEN"),
        ):
            with refused("NotAuthorized", "Invalid Token"):
                self.derive(cognito, service, token, kind)

    def test_token_of_a_machine_is_no_subject(self, cognito, service, machine):
        token = cognito.get_client_token(ClientId=machine["ClientId"], Secret=machine["ClientSecret"])
        with refused("NotAuthorized", "Invalid Token"):
            self.derive(cognito, service, token["ClientAuthenticationResult"]["AccessToken"])

    def test_signed_out_or_gone(self, cognito, world, service):
        user = world.user()
        token = world.tokens(user)["access_token"]
        derived = self.derive(cognito, service, token)["IssuedToken"]
        cognito.admin_user_global_sign_out(UserPoolId=world.pool_id, Username=user.username)
        for each in (token, derived):
            with refused("NotAuthorized", "Invalid Token"):
                self.derive(cognito, service, each)
        token = world.tokens(user)["access_token"]
        cognito.admin_disable_user(UserPoolId=world.pool_id, Username=user.username)
        with refused("NotAuthorized", "User is disabled."):
            self.derive(cognito, service, token)
        cognito.admin_delete_user(UserPoolId=world.pool_id, Username=user.username)
        with refused("UserNotFound", "User does not exist."):
            self.derive(cognito, service, token)

    def test_the_actor_has_to_be_there_still(self, cognito, world, service, subject):
        user = world.user()
        actor = {"ActorToken": world.tokens(user)["access_token"], "ActorTokenType": "ACCESS_TOKEN"}
        acting = claims_of(self.derive(cognito, service, subject["access_token"], **actor)["IssuedToken"])["act"]
        assert acting == {"sub": user.sub}
        cognito.admin_user_global_sign_out(UserPoolId=world.pool_id, Username=user.username)
        with refused("NotAuthorized", "Invalid Token"):
            self.derive(cognito, service, subject["access_token"], **actor)
        actor["ActorToken"] = world.tokens(user)["access_token"]
        cognito.admin_disable_user(UserPoolId=world.pool_id, Username=user.username)
        with refused("NotAuthorized", "User is disabled."):
            self.derive(cognito, service, subject["access_token"], **actor)
        cognito.admin_delete_user(UserPoolId=world.pool_id, Username=user.username)
        with refused("UserNotFound", "User does not exist."):
            self.derive(cognito, service, subject["access_token"], **actor)

    def test_an_actor_whose_client_is_gone(self, cognito, world, service, subject):
        machine = world.pools.client(
            world.pool_id,
            GenerateSecret=True,
            ExplicitAuthFlows=["ALLOW_CLIENT_TOKEN_AUTH"],
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=[f"{world.resource}/read"],
        )
        acting = cognito.get_client_token(ClientId=machine["ClientId"], Secret=machine["ClientSecret"])
        actor = {"ActorToken": acting["ClientAuthenticationResult"]["AccessToken"], "ActorTokenType": "ACCESS_TOKEN"}
        self.derive(cognito, service, subject["access_token"], **actor)
        cognito.delete_user_pool_client(UserPoolId=world.pool_id, ClientId=machine["ClientId"])
        with refused("NotAuthorized", "Invalid Token"):
            self.derive(cognito, service, subject["access_token"], **actor)

    def test_it_is_revoked_with_the_sign_in_whatever_its_own_client_says(self, cognito, world):
        careless = world.client(GenerateSecret=True, ExplicitAuthFlows=EXCHANGES, EnableTokenRevocation=False)
        held = world.tokens(world.user(), scope="openid aws.cognito.signin.user.admin")
        derived = self.derive(cognito, careless, held["access_token"])["IssuedToken"]
        assert claims_of(derived)["origin_jti"] == claims_of(held["access_token"])["origin_jti"]
        assert cognito.get_user(AccessToken=derived)["Username"]
        assert world.revoke(token=held["refresh_token"], client_id=world.public_id).status_code == 200
        with refused("NotAuthorized", "Access Token has been revoked"):
            cognito.get_user(AccessToken=derived)

    def test_one_of_a_client_without_revocation_serves_until_the_user_signs_out(self, cognito, world, service, pools):
        user = world.user()
        client_id = pools.client_id(world.pool_id, EnableTokenRevocation=False)
        held = pools.sign_in(client_id, user)["AccessToken"]
        derived = self.derive(cognito, service, held)["IssuedToken"]
        assert "origin_jti" not in claims_of(derived)
        assert cognito.get_user(AccessToken=derived)["Username"] == user.username
        cognito.admin_user_global_sign_out(UserPoolId=world.pool_id, Username=user.username)
        with refused("NotAuthorized", "Access Token has been revoked"):
            cognito.get_user(AccessToken=derived)

    def test_what_comes_with_federation(self, cognito, service, subject):
        text = "SAML assertions and tokens of other providers are not available in poolhouse yet."
        with refused("InvalidParameter", text):
            self.derive(cognito, service, "x", "SAML2")
        with refused("InvalidParameter", text):
            self.derive(cognito, service, subject["id_token"], "ID_TOKEN", SubjectTokenProviderName="Corp")
        with refused("InvalidParameter", "ActorTokenType is required with ActorToken."):
            self.derive(cognito, service, subject["access_token"], ActorToken="x")

    def test_expired(self, clocked):
        cognito = clocked.client()
        world = oauth.build(clocked, Pools(cognito))
        service = world.client(GenerateSecret=True, ExplicitAuthFlows=EXCHANGES)
        token = world.tokens()["access_token"]
        clocked.advance_clock(1_800)
        assert self.derive(cognito, service, token)["ExpiresIn"] <= 1_800
        clocked.advance_clock(1_801)
        with refused("NotAuthorized", "Invalid Token"):
            self.derive(cognito, service, token)


class TestAtTheDomain:
    def exchange(self, world, client, **form):
        return world.token(
            grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
            headers=oauth.basic(client["ClientId"], client["ClientSecret"]),
            **form,
        )

    def test_exchange(self, world, service, subject):
        answer = self.exchange(
            world,
            service,
            subject_token=subject["access_token"],
            subject_token_type=f"{TYPE}access_token",
            audience="https://api.example.com",
            scope="email",
        )
        body = answer.json()
        assert (answer.status_code, body["token_type"], body["scope"]) == (200, "Bearer", "email")
        assert body["issued_token_type"] == f"{TYPE}access_token"
        assert claims_of(body["access_token"])["aud"] == "https://api.example.com"

    def test_id_token(self, world, service, subject):
        answer = self.exchange(
            world,
            service,
            subject_token=subject["id_token"],
            subject_token_type=f"{TYPE}id_token",
            requested_token_type=f"{TYPE}id_token",
        )
        assert answer.json()["token_type"] == "N_A"
        assert claims_of(answer.json()["access_token"])["token_use"] == "id"

    @pytest.mark.parametrize(
        ("form", "error"),
        [
            ({}, "invalid_request"),
            ({"subject_token": "x"}, "invalid_request"),
            ({"subject_token": "x", "subject_token_type": f"{TYPE}access_token"}, "invalid_grant"),
            ({"subject_token": "x", "subject_token_type": f"{TYPE}refresh_token"}, "invalid_request"),
            (
                {"subject_token": "x", "subject_token_type": f"{TYPE}access_token", "audience": "a", "resource": "b"},
                "invalid_request",
            ),
            (
                {"subject_token": "x", "subject_token_type": f"{TYPE}access_token", "resource": "nothing"},
                "invalid_target",
            ),
            (
                {
                    "subject_token": "x",
                    "subject_token_type": f"{TYPE}access_token",
                    "requested_token_type": f"{TYPE}saml2",
                },
                "invalid_request",
            ),
        ],
    )
    def test_refusals(self, world, service, form, error):
        answer = self.exchange(world, service, **form)
        assert (answer.status_code, answer.json()["error"]) == (400, error)

    def test_client_without_the_flow(self, world, subject):
        answer = self.exchange(
            world,
            world.confidential,
            subject_token=subject["access_token"],
            subject_token_type=f"{TYPE}access_token",
        )
        assert answer.json()["error"] == "unauthorized_client"
