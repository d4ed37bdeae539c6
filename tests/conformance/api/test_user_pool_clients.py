"""App clients and their secrets through the API."""

import re
import threading
import time
from typing import Any

import pytest

from tests.support.expected import refused, refused_parameter, refused_pool
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import secret_hash
from tests.support.server import Server

MISSING_POOL = "us-east-1_Missing00"
MISSING_CLIENT = "a" * 26
OWN_SECRET = "MyOwnSecret_0123456789+abc"
CALLBACK = ["https://example.com/callback"]


def does_not_exist() -> Any:
    return refused("ResourceNotFoundException", f"User pool client {MISSING_CLIENT} does not exist.")


@pytest.fixture(scope="module")
def resource_scope(cognito: Any, user_pool_id: str) -> str:
    cognito.create_resource_server(
        UserPoolId=user_pool_id,
        Identifier="https://api.example.com",
        Name="API",
        Scopes=[{"ScopeName": "read", "ScopeDescription": "Read"}],
    )
    return "https://api.example.com/read"


def _content(client: dict[str, Any]) -> dict[str, Any]:
    variable = {"ClientId", "CreationDate", "LastModifiedDate", "UserPoolId"}
    return {name: value for name, value in client.items() if name not in variable}


DEFAULTS = {
    "RefreshTokenValidity": 30,
    "TokenValidityUnits": {},
    "AllowedOAuthFlowsUserPoolClient": False,
    "EnableTokenRevocation": True,
    "EnablePropagateAdditionalUserContextData": False,
    "AuthSessionValidity": 3,
    "ClientType": "REGULAR",
}
# What is refused, by creation and by replacement alike.
WRONG_LIFETIMES = [
    {"AccessTokenValidity": 25},
    {"AccessTokenValidity": 4, "TokenValidityUnits": {"AccessToken": "minutes"}},
    {"AccessTokenValidity": 299, "TokenValidityUnits": {"AccessToken": "seconds"}},
    {"IdTokenValidity": 2, "TokenValidityUnits": {"IdToken": "days"}},
    {"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}},
    {"RefreshTokenValidity": 3651},
    {"RefreshTokenValidity": 1, "TokenValidityUnits": {"RefreshToken": "hours"}, "AccessTokenValidity": 2},
]
RIGHT_LIFETIMES = [
    {"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "minutes"}},
    {
        "AccessTokenValidity": 86400,
        "IdTokenValidity": 1,
        "TokenValidityUnits": {"AccessToken": "seconds", "IdToken": "days"},
    },
    {"RefreshTokenValidity": 60, "TokenValidityUnits": {"RefreshToken": "minutes"}},
    {"RefreshTokenValidity": 3650},
]
WRONG = [
    (
        {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ADMIN_NO_SRP_AUTH"]},
        "Legacy values of ExplicitAuthFlows can not be mixed with values that begin with ALLOW_.",
    ),
    # Issue 5 exactness 4
    ({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}, "REFRESH_TOKEN_AUTH should always be allowed."),
    (
        {
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "RefreshTokenRotation": {"Feature": "ENABLED"},
        },
        "ALLOW_REFRESH_TOKEN_AUTH can not be enabled with refresh token rotation.",
    ),
    (
        {"EnablePropagateAdditionalUserContextData": True},
        "EnablePropagateAdditionalUserContextData requires a client secret.",
    ),
    (
        {"AllowedOAuthFlowsUserPoolClient": True, "AllowedOAuthFlows": ["code"], "CallbackURLs": CALLBACK},
        "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
    ),
    (
        {"AllowedOAuthFlowsUserPoolClient": True, "AllowedOAuthScopes": ["openid"]},
        "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
    ),
    ({"DefaultRedirectURI": "https://example.com/other"}, "DefaultRedirectURI must be in the CallbackURLs list."),
    ({"CallbackURLs": ["/relative"]}, "/relative is not an absolute URI."),
    ({"CallbackURLs": ["https:///nohost"]}, "https:///nohost is not an absolute URI."),
    ({"CallbackURLs": ["https://a:port/"]}, "https://a:port/ is not an absolute URI."),
    ({"CallbackURLs": ["https://a\\@b/"]}, "https://a\\@b/ is not an absolute URI."),
    ({"CallbackURLs": ["javascript:alert(1)"]}, "javascript:alert(1) is not an absolute URI."),
    ({"LogoutURLs": ["https://a/#x"]}, "https://a/#x must not include a fragment component."),
    ({"CallbackURLs": ["https://a/#"]}, "https://a/# must not include a fragment component."),
    ({"CallbackURLs": ["http://example.com"]}, "http://example.com cannot use http protocol."),
    ({"CallbackURLs": ["http://localhost.example.com"]}, "http://localhost.example.com cannot use http protocol."),
]
WRONG_OAUTH = [
    (
        {"AllowedOAuthFlows": ["client_credentials", "code"], "CallbackURLs": CALLBACK},
        "client_credentials flow can not be selected along with code flow or implicit flow.",
    ),
    (
        {"AllowedOAuthFlows": ["client_credentials"]},
        "client_credentials flow can not be selected if client does not have a client secret.",
    ),
    (
        {"AllowedOAuthFlows": ["implicit"]},
        "CallbackUrls can not be empty when code flow or implicit flow is selected",
    ),
]


class TestCreateUserPoolClient:
    def test_a_client_with_nothing_but_a_name_has_the_documented_defaults(
        self, cognito: Any, user_pool_id: str
    ) -> None:
        client = cognito.create_user_pool_client(UserPoolId=user_pool_id, ClientName="only a name")["UserPoolClient"]
        assert re.fullmatch(r"[a-z0-9]{26}", client["ClientId"])
        assert client["UserPoolId"] == user_pool_id
        assert client["CreationDate"] == client["LastModifiedDate"]
        assert _content(client) == {"ClientName": "only a name", **DEFAULTS}

    def test_members_that_were_sent_are_answered(self, cognito: Any, user_pool_id: str, resource_scope: str) -> None:
        sent = {
            "ClientName": "full",
            "RefreshTokenValidity": 120,
            "AccessTokenValidity": 60,
            "IdTokenValidity": 1,
            "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "hours", "RefreshToken": "hours"},
            "ReadAttributes": ["email", "email_verified"],
            "WriteAttributes": ["email", "name"],
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "SupportedIdentityProviders": ["COGNITO"],
            "CallbackURLs": [
                *CALLBACK,
                "http://localhost:3000/cb",
                "http://127.0.0.1/",
                "http://[::1]:8000/",
                "myapp://cb",
            ],
            "LogoutURLs": ["https://example.com/"],
            "DefaultRedirectURI": CALLBACK[0],
            "AllowedOAuthFlows": ["code", "implicit"],
            "AllowedOAuthScopes": ["openid", "aws.cognito.signin.user.admin", resource_scope],
            "AllowedOAuthFlowsUserPoolClient": True,
            "PreventUserExistenceErrors": "ENABLED",
            "EnableTokenRevocation": False,
            "AuthSessionValidity": 15,
            "RefreshTokenRotation": {"Feature": "DISABLED", "RetryGracePeriodSeconds": 10},
        }
        client = cognito.create_user_pool_client(UserPoolId=user_pool_id, **sent)["UserPoolClient"]
        assert _content(client) == {**sent, "EnablePropagateAdditionalUserContextData": False, "ClientType": "REGULAR"}
        described = cognito.describe_user_pool_client(UserPoolId=user_pool_id, ClientId=client["ClientId"])
        assert described["UserPoolClient"] == client

    def test_a_generated_secret(self, cognito: Any, user_pool_id: str) -> None:
        client = cognito.create_user_pool_client(UserPoolId=user_pool_id, ClientName="x", GenerateSecret=True)
        assert re.fullmatch(r"[a-z0-9]{52}", client["UserPoolClient"]["ClientSecret"])

    def test_a_secret_of_ones_own(self, cognito: Any, user_pool_id: str) -> None:
        client = cognito.create_user_pool_client(UserPoolId=user_pool_id, ClientName="x", ClientSecret=OWN_SECRET)
        assert client["UserPoolClient"]["ClientSecret"] == OWN_SECRET
        with refused_parameter("GenerateSecret and ClientSecret can not be set together."):
            cognito.create_user_pool_client(
                UserPoolId=user_pool_id, ClientName="x", ClientSecret=OWN_SECRET, GenerateSecret=True
            )

    def test_a_refresh_validity_of_zero_is_thirty_days(self, cognito: Any, user_pool_id: str) -> None:
        def validity(**settings: Any) -> int:
            made = cognito.create_user_pool_client(UserPoolId=user_pool_id, ClientName="x", **settings)
            return int(made["UserPoolClient"]["RefreshTokenValidity"])

        assert validity(RefreshTokenValidity=0) == 30
        assert validity(RefreshTokenValidity=0, TokenValidityUnits={"RefreshToken": "hours"}) == 720
        assert validity(TokenValidityUnits={"RefreshToken": "seconds"}) == 2_592_000

    @pytest.mark.parametrize("settings", WRONG_LIFETIMES)
    def test_lifetimes_out_of_range_are_refused(
        self, cognito: Any, user_pool_id: str, settings: dict[str, Any]
    ) -> None:
        with refused_parameter("Invalid range for token validity."):
            cognito.create_user_pool_client(UserPoolId=user_pool_id, ClientName="x", **settings)

    @pytest.mark.parametrize("settings", RIGHT_LIFETIMES)
    def test_lifetimes_at_the_edges_are_taken(self, cognito: Any, user_pool_id: str, settings: dict[str, Any]) -> None:
        made = cognito.create_user_pool_client(UserPoolId=user_pool_id, ClientName="x", **settings)["UserPoolClient"]
        assert settings.items() <= made.items()

    @pytest.mark.parametrize(("settings", "message"), WRONG)
    def test_mistakes_are_named(self, cognito: Any, user_pool_id: str, settings: dict[str, Any], message: str) -> None:
        with refused_parameter(message):
            cognito.create_user_pool_client(UserPoolId=user_pool_id, ClientName="x", **settings)

    @pytest.mark.parametrize(("settings", "message"), WRONG_OAUTH)
    def test_oauth_flows_that_cannot_work_are_refused(
        self, cognito: Any, user_pool_id: str, settings: dict[str, Any], message: str
    ) -> None:
        with refused("InvalidOAuthFlowException", message):
            cognito.create_user_pool_client(UserPoolId=user_pool_id, ClientName="x", **settings)

    @pytest.mark.parametrize(
        "settings",
        [
            {"ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH"]},
            {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], "RefreshTokenRotation": {"Feature": "ENABLED"}},
            {"ExplicitAuthFlows": ["ALLOW_TOKEN_EXCHANGE_IMPERSONATION"]},
            {"GenerateSecret": True, "EnablePropagateAdditionalUserContextData": True},
        ],
    )
    def test_flows_that_need_no_refresh_flow(self, cognito: Any, user_pool_id: str, settings: dict[str, Any]) -> None:
        made = cognito.create_user_pool_client(UserPoolId=user_pool_id, ClientName="x", **settings)["UserPoolClient"]
        expected = {name: value for name, value in settings.items() if name != "GenerateSecret"}
        assert expected.items() <= made.items()

    @pytest.mark.parametrize("scope", ["unknown", "https://api.example.com/write", "other/read", "offline_access"])
    @pytest.mark.usefixtures("resource_scope")
    def test_unknown_scopes_do_not_exist(self, cognito: Any, user_pool_id: str, scope: str) -> None:
        with refused("ScopeDoesNotExistException", f"Invalid scope requested: {scope}"):
            cognito.create_user_pool_client(
                UserPoolId=user_pool_id, ClientName="x", AllowedOAuthScopes=["openid", scope]
            )

    def test_a_machine_client(self, cognito: Any, user_pool_id: str, resource_scope: str) -> None:
        made = cognito.create_user_pool_client(
            UserPoolId=user_pool_id,
            ClientName="machine",
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=[resource_scope],
        )["UserPoolClient"]
        assert made["AllowedOAuthScopes"] == [resource_scope]

    def test_an_unknown_identity_provider_does_not_exist(self, cognito: Any, user_pool_id: str) -> None:
        with refused_parameter(f"The provider Google does not exist for User Pool {user_pool_id}."):
            cognito.create_user_pool_client(
                UserPoolId=user_pool_id, ClientName="x", SupportedIdentityProviders=["COGNITO", "Google"]
            )

    def test_attributes_are_checked_against_the_schema(self, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool(
            Schema=[
                {"Name": "email", "Required": True},
                {"Name": "team", "AttributeDataType": "String"},
                {"Name": "internal", "AttributeDataType": "String", "DeveloperOnlyAttribute": True},
            ]
        )

        def create(**settings: Any) -> None:
            cognito.create_user_pool_client(UserPoolId=user_pool_id, ClientName="x", **settings)

        create(ReadAttributes=["sub", "custom:team", "dev:custom:internal"], WriteAttributes=["email", "custom:team"])
        with refused_parameter("Invalid read attributes specified while creating a client"):
            create(ReadAttributes=["custom:unknown"])
        for wrong in (["name"], ["email", "custom:unknown"], ["email", "sub"], ["email", "email_verified"]):
            with refused_parameter("Invalid write attributes specified while creating a client"):
                create(WriteAttributes=wrong)
        with refused_parameter("Invalid write attributes specified while creating a client"):
            create(WriteAttributes=["email", "dev:custom:internal"])

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.create_user_pool_client(UserPoolId=MISSING_POOL, ClientName="x")


class TestDescribeUserPoolClient:
    def test_the_secret_is_shown(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        made = pools.client(user_pool_id, GenerateSecret=True)
        described = cognito.describe_user_pool_client(UserPoolId=user_pool_id, ClientId=made["ClientId"])
        assert described["UserPoolClient"] == made

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str, client_id: str, pools: Pools) -> None:
        with does_not_exist():
            cognito.describe_user_pool_client(UserPoolId=user_pool_id, ClientId=MISSING_CLIENT)
        with refused_pool(MISSING_POOL):
            cognito.describe_user_pool_client(UserPoolId=MISSING_POOL, ClientId=client_id)
        with refused("ResourceNotFoundException", f"User pool client {client_id} does not exist."):
            cognito.describe_user_pool_client(UserPoolId=pools.user_pool(), ClientId=client_id)


class TestUpdateUserPoolClient:
    def test_what_is_left_out_goes_back_to_its_default(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        """Acceptance 12."""
        made = pools.client(
            user_pool_id,
            GenerateSecret=True,
            RefreshTokenValidity=5,
            CallbackURLs=CALLBACK,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            PreventUserExistenceErrors="ENABLED",
            EnableTokenRevocation=False,
            ReadAttributes=["email"],
        )
        answer = cognito.update_user_pool_client(UserPoolId=user_pool_id, ClientId=made["ClientId"])["UserPoolClient"]
        assert _content(answer) == {
            "ClientName": made["ClientName"],
            "ClientSecret": made["ClientSecret"],
            **DEFAULTS,
        }
        assert answer["CreationDate"] == made["CreationDate"]
        described = cognito.describe_user_pool_client(UserPoolId=user_pool_id, ClientId=made["ClientId"])
        assert described["UserPoolClient"] == answer

    def test_rotation_that_is_turned_off_shows_no_grace(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        """Issue 5 exactness 8; Terraform compares it."""
        client_id = pools.client_id(user_pool_id)
        answer = cognito.update_user_pool_client(
            UserPoolId=user_pool_id, ClientId=client_id, RefreshTokenRotation={"Feature": "DISABLED"}
        )
        off = {"Feature": "DISABLED", "RetryGracePeriodSeconds": 0}
        assert answer["UserPoolClient"]["RefreshTokenRotation"] == off

    def test_the_name_can_change(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        client_id = pools.client_id(user_pool_id)
        answer = cognito.update_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id, ClientName="new name")
        assert answer["UserPoolClient"]["ClientName"] == "new name"

    def test_the_next_sign_in_obeys(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        client_id, user = pools.client_id(user_pool_id), pools.user(user_pool_id)
        pools.sign_in(client_id, user)
        cognito.update_user_pool_client(
            UserPoolId=user_pool_id,
            ClientId=client_id,
            ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )
        with refused_parameter("USER_PASSWORD_AUTH flow not enabled for this client"):
            pools.sign_in(client_id, user)

    @pytest.mark.parametrize("settings", WRONG_LIFETIMES[:1])
    def test_lifetimes_out_of_range_are_refused(
        self, cognito: Any, user_pool_id: str, client_id: str, settings: dict[str, Any]
    ) -> None:
        with refused_parameter("Invalid range for token validity."):
            cognito.update_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id, **settings)

    @pytest.mark.parametrize(("settings", "message"), WRONG)
    def test_mistakes_are_named(
        self, cognito: Any, user_pool_id: str, client_id: str, settings: dict[str, Any], message: str
    ) -> None:
        with refused_parameter(message):
            cognito.update_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id, **settings)

    @pytest.mark.parametrize(("settings", "message"), WRONG_OAUTH)
    def test_oauth_flows_that_cannot_work_are_refused(
        self, cognito: Any, user_pool_id: str, client_id: str, settings: dict[str, Any], message: str
    ) -> None:
        with refused("InvalidOAuthFlowException", message):
            cognito.update_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id, **settings)

    def test_unknown_scopes_and_attributes_are_refused(self, cognito: Any, user_pool_id: str, client_id: str) -> None:
        def update(**settings: Any) -> None:
            cognito.update_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id, **settings)

        with refused("ScopeDoesNotExistException", "Invalid scope requested: unknown"):
            update(AllowedOAuthScopes=["unknown"])
        with refused_parameter("Invalid read attributes specified while updating a client"):
            update(ReadAttributes=["custom:unknown"])
        with refused_parameter("Invalid write attributes specified while updating a client"):
            update(WriteAttributes=["custom:unknown"])

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str, client_id: str) -> None:
        with does_not_exist():
            cognito.update_user_pool_client(UserPoolId=user_pool_id, ClientId=MISSING_CLIENT)
        with refused_pool(MISSING_POOL):
            cognito.update_user_pool_client(UserPoolId=MISSING_POOL, ClientId=client_id)

    def test_of_two_administrators_one_wins_entirely(
        self, server: Server, cognito: Any, user_pool_id: str, pools: Pools
    ) -> None:
        client_id = pools.client_id(user_pool_id)
        states: list[dict[str, Any]] = [
            {
                "ClientName": "one",
                "RefreshTokenValidity": 1,
                "CallbackURLs": ["https://one/"],
                "ReadAttributes": ["name"],
            },
            {
                "ClientName": "two",
                "RefreshTokenValidity": 2,
                "LogoutURLs": ["https://two/"],
                "WriteAttributes": ["name"],
            },
        ]
        failures: list[BaseException] = []

        def administrate(state: dict[str, Any]) -> None:
            try:
                mine = server.client()
                for _ in range(25):
                    mine.update_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id, **state)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=administrate, args=(state,)) for state in states]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            client = cognito.describe_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id)["UserPoolClient"]
            if client["ClientName"] in ("one", "two"):
                expected = states[0] if client["ClientName"] == "one" else states[1]
                assert _content(client) == {**DEFAULTS, **expected}
            time.sleep(0.01)
        for thread in threads:
            thread.join()
        assert failures == []
        client = cognito.describe_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id)["UserPoolClient"]
        assert _content(client) in ({**DEFAULTS, **states[0]}, {**DEFAULTS, **states[1]})


class TestDeleteUserPoolClient:
    def test_it_is_gone_at_once(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        client_id, user = pools.client_id(user_pool_id), pools.user(user_pool_id)
        pools.sign_in(client_id, user)
        cognito.delete_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id)
        with refused("ResourceNotFoundException", f"User pool client {client_id} does not exist."):
            cognito.describe_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id)
        with refused("ResourceNotFoundException", f"User pool client {client_id} does not exist."):
            pools.sign_in(client_id, user)

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str, client_id: str) -> None:
        with does_not_exist():
            cognito.delete_user_pool_client(UserPoolId=user_pool_id, ClientId=MISSING_CLIENT)
        with refused_pool(MISSING_POOL):
            cognito.delete_user_pool_client(UserPoolId=MISSING_POOL, ClientId=client_id)


class TestListUserPoolClients:
    def test_every_client_appears_once_over_all_pages(self, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool()
        made = {pools.client_id(user_pool_id, ClientName=f"c{n}") for n in range(5)}
        paginator = cognito.get_paginator("list_user_pool_clients")
        pages = list(paginator.paginate(UserPoolId=user_pool_id, PaginationConfig={"PageSize": 2}))
        listed = [client for page in pages for client in page["UserPoolClients"]]
        assert [len(page["UserPoolClients"]) for page in pages] == [2, 2, 1]
        assert {client["ClientId"] for client in listed} == made
        assert all(client.keys() == {"ClientId", "UserPoolId", "ClientName"} for client in listed)

    def test_client_types(self, cognito: Any, user_pool_id: str, client_id: str) -> None:
        def ids(client_type: str) -> list[str]:
            answer = cognito.list_user_pool_clients(UserPoolId=user_pool_id, MaxResults=60, ClientType=client_type)
            return [client["ClientId"] for client in answer["UserPoolClients"]]

        assert client_id in ids("REGULAR")
        assert ids("DCR") == []

    def test_a_token_works_only_where_it_was_given(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        pools.client_id(user_pool_id), pools.client_id(user_pool_id)
        token = cognito.list_user_pool_clients(UserPoolId=user_pool_id, MaxResults=1)["NextToken"]
        cognito.list_user_pool_clients(UserPoolId=user_pool_id, MaxResults=60, NextToken=token)
        with refused_parameter("Invalid pagination token"):
            cognito.list_user_pool_clients(UserPoolId=pools.user_pool(), NextToken=token)
        with refused_parameter("Invalid pagination token"):
            cognito.list_groups(UserPoolId=user_pool_id, NextToken=token)
        with refused_parameter("Invalid pagination token"):
            cognito.list_user_pool_clients(UserPoolId=user_pool_id, NextToken=token[1:])

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.list_user_pool_clients(UserPoolId=MISSING_POOL)


class TestAddUserPoolClientSecret:
    def test_a_generated_second_secret_is_told_once(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        client = pools.client(user_pool_id, GenerateSecret=True)
        client_id = client["ClientId"]
        added = cognito.add_user_pool_client_secret(UserPoolId=user_pool_id, ClientId=client_id)[
            "ClientSecretDescriptor"
        ]
        assert re.fullmatch(rf"{client_id}--[0-9]+", added["ClientSecretId"])
        assert re.fullmatch(r"[a-z0-9]{52}", added["ClientSecretValue"])
        assert added["ClientSecretCreateDate"] >= client["CreationDate"]
        # Whoever reads the client still reads the secret that is in use.
        described = cognito.describe_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id)["UserPoolClient"]
        assert described["ClientSecret"] == client["ClientSecret"]

    def test_a_secret_of_ones_own_is_not_told(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        client_id = pools.client_id(user_pool_id, GenerateSecret=True)
        added = cognito.add_user_pool_client_secret(
            UserPoolId=user_pool_id, ClientId=client_id, ClientSecret=OWN_SECRET
        )["ClientSecretDescriptor"]
        assert "ClientSecretValue" not in added

    def test_both_secrets_work_until_one_is_deleted(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        client = pools.client(user_pool_id, GenerateSecret=True)
        client_id, user = client["ClientId"], pools.user(user_pool_id)
        second = cognito.add_user_pool_client_secret(UserPoolId=user_pool_id, ClientId=client_id)
        descriptor = second["ClientSecretDescriptor"]

        def sign_in(secret: str) -> None:
            cognito.initiate_auth(
                ClientId=client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={
                    "USERNAME": user.username,
                    "PASSWORD": PASSWORD,
                    "SECRET_HASH": secret_hash(secret, user.username, client_id),
                },
            )

        sign_in(client["ClientSecret"])
        sign_in(descriptor["ClientSecretValue"])
        first = cognito.list_user_pool_client_secrets(UserPoolId=user_pool_id, ClientId=client_id)["ClientSecrets"][0]
        cognito.delete_user_pool_client_secret(
            UserPoolId=user_pool_id, ClientId=client_id, ClientSecretId=first["ClientSecretId"]
        )
        sign_in(descriptor["ClientSecretValue"])
        with refused("NotAuthorizedException"):
            sign_in(client["ClientSecret"])
        described = cognito.describe_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id)["UserPoolClient"]
        assert described["ClientSecret"] == descriptor["ClientSecretValue"]

    def test_two_are_the_most(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        client_id = pools.client_id(user_pool_id, GenerateSecret=True)
        cognito.add_user_pool_client_secret(UserPoolId=user_pool_id, ClientId=client_id)
        with refused("LimitExceededException", "An app client can have at most two client secrets."):
            cognito.add_user_pool_client_secret(UserPoolId=user_pool_id, ClientId=client_id)

    def test_a_public_client_stays_public(self, cognito: Any, user_pool_id: str, client_id: str) -> None:
        with refused_parameter(f"Client {client_id} does not have a client secret."):
            cognito.add_user_pool_client_secret(UserPoolId=user_pool_id, ClientId=client_id)

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str, client_id: str) -> None:
        with does_not_exist():
            cognito.add_user_pool_client_secret(UserPoolId=user_pool_id, ClientId=MISSING_CLIENT)
        with refused_pool(MISSING_POOL):
            cognito.add_user_pool_client_secret(UserPoolId=MISSING_POOL, ClientId=client_id)


class TestListUserPoolClientSecrets:
    def test_values_are_never_shown(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        client_id = pools.client_id(user_pool_id, GenerateSecret=True)
        added = cognito.add_user_pool_client_secret(UserPoolId=user_pool_id, ClientId=client_id)
        answer = cognito.list_user_pool_client_secrets(UserPoolId=user_pool_id, ClientId=client_id)
        secrets = answer["ClientSecrets"]
        assert [secret.keys() for secret in secrets] == [{"ClientSecretId", "ClientSecretCreateDate"}] * 2
        assert secrets[1]["ClientSecretId"] == added["ClientSecretDescriptor"]["ClientSecretId"]
        assert "NextToken" not in answer

    def test_a_public_client_has_none(self, cognito: Any, user_pool_id: str, client_id: str) -> None:
        answer = cognito.list_user_pool_client_secrets(UserPoolId=user_pool_id, ClientId=client_id)
        assert answer["ClientSecrets"] == []

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str, client_id: str) -> None:
        with does_not_exist():
            cognito.list_user_pool_client_secrets(UserPoolId=user_pool_id, ClientId=MISSING_CLIENT)
        with refused_pool(MISSING_POOL):
            cognito.list_user_pool_client_secrets(UserPoolId=MISSING_POOL, ClientId=client_id)


class TestDeleteUserPoolClientSecret:
    def test_the_last_secret_stays(self, cognito: Any, user_pool_id: str, pools: Pools) -> None:
        client_id = pools.client_id(user_pool_id, GenerateSecret=True)
        names = {"UserPoolId": user_pool_id, "ClientId": client_id}
        first = cognito.list_user_pool_client_secrets(**names)["ClientSecrets"][0]["ClientSecretId"]
        with refused_parameter("The last client secret of an app client can not be deleted."):
            cognito.delete_user_pool_client_secret(**names, ClientSecretId=first)
        cognito.add_user_pool_client_secret(**names)
        cognito.delete_user_pool_client_secret(**names, ClientSecretId=first)
        assert len(cognito.list_user_pool_client_secrets(**names)["ClientSecrets"]) == 1

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str, client_id: str) -> None:
        unknown = unique("s")
        with refused("ResourceNotFoundException", f"Client secret {unknown} does not exist."):
            cognito.delete_user_pool_client_secret(UserPoolId=user_pool_id, ClientId=client_id, ClientSecretId=unknown)
        with does_not_exist():
            cognito.delete_user_pool_client_secret(
                UserPoolId=user_pool_id, ClientId=MISSING_CLIENT, ClientSecretId=unknown
            )
        with refused_pool(MISSING_POOL):
            cognito.delete_user_pool_client_secret(UserPoolId=MISSING_POOL, ClientId=client_id, ClientSecretId=unknown)
