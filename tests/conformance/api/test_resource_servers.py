"""Resource servers through the API, and what becomes of their scopes."""

from typing import Any

import pytest

from tests.support.expected import refused, refused_parameter, refused_pool
from tests.support.pools import Pools, unique

MISSING_POOL = "us-east-1_Missing00"
READ = {"ScopeName": "read", "ScopeDescription": "May read"}
WRITE = {"ScopeName": "write", "ScopeDescription": "May write"}


@pytest.fixture
def identifier(cognito: Any, user_pool_id: str) -> str:
    """A resource server with the scope read."""
    name = f"https://{unique('api')}.example.com"
    cognito.create_resource_server(UserPoolId=user_pool_id, Identifier=name, Name="API", Scopes=[READ])
    return name


def does_not_exist(identifier: str) -> Any:
    return refused("ResourceNotFoundException", f"Resource server {identifier} does not exist.")


class TestCreateResourceServer:
    def test_it_is_answered_and_described(self, cognito: Any, user_pool_id: str) -> None:
        sent = {"UserPoolId": user_pool_id, "Identifier": unique("api"), "Name": "My API", "Scopes": [READ, WRITE]}
        assert cognito.create_resource_server(**sent)["ResourceServer"] == sent

    def test_scopes_are_left_out_when_there_are_none(self, cognito: Any, user_pool_id: str) -> None:
        made = cognito.create_resource_server(UserPoolId=user_pool_id, Identifier=unique("api"), Name="x", Scopes=[])
        assert "Scopes" not in made["ResourceServer"]

    def test_an_identifier_is_taken_once(self, cognito: Any, user_pool_id: str, identifier: str) -> None:
        with refused_parameter(f"{identifier} already exists in user pool {user_pool_id}."):
            cognito.create_resource_server(UserPoolId=user_pool_id, Identifier=identifier, Name="x")

    def test_a_scope_is_named_once(self, cognito: Any, user_pool_id: str) -> None:
        with refused_parameter("Duplicate scope name: read"):
            cognito.create_resource_server(
                UserPoolId=user_pool_id, Identifier=unique("api"), Name="x", Scopes=[READ, WRITE, READ]
            )

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.create_resource_server(UserPoolId=MISSING_POOL, Identifier="x", Name="x")


class TestDescribeResourceServer:
    def test_it_is_described(self, cognito: Any, user_pool_id: str, identifier: str) -> None:
        found = cognito.describe_resource_server(UserPoolId=user_pool_id, Identifier=identifier)["ResourceServer"]
        assert found == {"UserPoolId": user_pool_id, "Identifier": identifier, "Name": "API", "Scopes": [READ]}

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str) -> None:
        with does_not_exist("unknown"):
            cognito.describe_resource_server(UserPoolId=user_pool_id, Identifier="unknown")
        with refused_pool(MISSING_POOL):
            cognito.describe_resource_server(UserPoolId=MISSING_POOL, Identifier="unknown")


class TestUpdateResourceServer:
    def test_name_and_scopes_are_replaced(self, cognito: Any, user_pool_id: str, identifier: str) -> None:
        expected = {"UserPoolId": user_pool_id, "Identifier": identifier, "Name": "new", "Scopes": [WRITE]}
        assert cognito.update_resource_server(**expected)["ResourceServer"] == expected
        del expected["Scopes"]
        assert cognito.update_resource_server(**expected)["ResourceServer"] == expected
        found = cognito.describe_resource_server(UserPoolId=user_pool_id, Identifier=identifier)["ResourceServer"]
        assert found == expected

    def test_a_scope_is_named_once(self, cognito: Any, user_pool_id: str, identifier: str) -> None:
        with refused_parameter("Duplicate scope name: read"):
            cognito.update_resource_server(
                UserPoolId=user_pool_id, Identifier=identifier, Name="x", Scopes=[READ, READ]
            )

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str) -> None:
        with does_not_exist("unknown"):
            cognito.update_resource_server(UserPoolId=user_pool_id, Identifier="unknown", Name="x")
        with refused_pool(MISSING_POOL):
            cognito.update_resource_server(UserPoolId=MISSING_POOL, Identifier="unknown", Name="x")


class TestDeleteResourceServer:
    def test_clients_keep_the_scope_and_none_can_get_it_anew(
        self, cognito: Any, pools: Pools, user_pool_id: str, identifier: str
    ) -> None:
        other = unique("other")
        cognito.create_resource_server(UserPoolId=user_pool_id, Identifier=other, Name="x", Scopes=[READ])
        scopes = [f"{identifier}/read", f"{other}/read"]
        client = pools.client(
            user_pool_id,
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=scopes,
        )
        cognito.delete_resource_server(UserPoolId=user_pool_id, Identifier=identifier)
        with does_not_exist(identifier):
            cognito.describe_resource_server(UserPoolId=user_pool_id, Identifier=identifier)
        described = cognito.describe_user_pool_client(UserPoolId=user_pool_id, ClientId=client["ClientId"])
        assert described["UserPoolClient"]["AllowedOAuthScopes"] == scopes
        with refused("ScopeDoesNotExistException", f"Invalid scope requested: {identifier}/read"):
            pools.client(user_pool_id, AllowedOAuthScopes=scopes)

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str) -> None:
        with does_not_exist("unknown"):
            cognito.delete_resource_server(UserPoolId=user_pool_id, Identifier="unknown")
        with refused_pool(MISSING_POOL):
            cognito.delete_resource_server(UserPoolId=MISSING_POOL, Identifier="unknown")


class TestListResourceServers:
    def test_every_one_appears_once_over_all_pages(self, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool()
        made = [
            cognito.create_resource_server(UserPoolId=user_pool_id, Identifier=f"api{n}", Name="x", Scopes=[READ])
            for n in range(5)
        ]
        paginator = cognito.get_paginator("list_resource_servers")
        pages = list(paginator.paginate(UserPoolId=user_pool_id, PaginationConfig={"PageSize": 2}))
        assert [len(page["ResourceServers"]) for page in pages] == [2, 2, 1]
        assert [entry for page in pages for entry in page["ResourceServers"]] == [m["ResourceServer"] for m in made]

    def test_a_foreign_token_is_refused(self, cognito: Any, user_pool_id: str) -> None:
        with refused_parameter("Invalid pagination token"):
            cognito.list_resource_servers(UserPoolId=user_pool_id, MaxResults=1, NextToken="garbage")

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.list_resource_servers(UserPoolId=MISSING_POOL, MaxResults=1)
