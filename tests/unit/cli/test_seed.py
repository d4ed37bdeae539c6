"""The demo that `dev` makes: what a newcomer, a front end and a test find there."""

import jwt
import pytest

from tests.support.pools import NewUser


def test_the_client_serves_a_browser_application(cognito, server):
    client = cognito.describe_user_pool_client(UserPoolId=server.demo_user_pool_id, ClientId=server.demo_client_id)
    settings = client["UserPoolClient"]
    assert "ClientSecret" not in settings
    assert settings["AllowedOAuthFlows"] == ["code"]
    assert {"openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"} == set(
        settings["AllowedOAuthScopes"]
    )
    assert f"{server.url}/_poolhouse/demo/callback" in settings["CallbackURLs"]
    assert {"http://localhost:3000/", "http://localhost:5173/callback"} <= set(settings["CallbackURLs"])
    assert {"ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"} <= set(
        settings["ExplicitAuthFlows"]
    )


def test_the_user_signs_in_by_name_and_by_address(pools, server):
    for name in (server.demo_username, "demo@example.com", "DEMO"):
        assert "IdToken" in pools.sign_in(server.demo_client_id, NewUser(name, server.demo_password, "", ""))


def test_the_pool_is_served_at_the_root_and_at_its_domain(server):
    query = {
        "client_id": server.demo_client_id,
        "response_type": "code",
        "redirect_uri": f"{server.url}/_poolhouse/demo/callback",
    }
    for host in (f"localhost:{server.port}", f"demo.auth.localhost:{server.port}"):
        answer = server.http.get("/login", params=query, headers={"host": host})
        assert (answer.status_code, "Sign in" in answer.text) == (200, True), host


def test_other_regions_have_a_pool_of_their_own(start_local_server):
    server = start_local_server("--region", "eu-central-1")
    pool = server.client().describe_user_pool(UserPoolId="eu-central-1_PoolHouse")["UserPool"]
    assert pool["Arn"] == "arn:aws:cognito-idp:eu-central-1:000000000000:userpool/eu-central-1_PoolHouse"


def test_another_region_on_the_same_folder_has_a_client_of_its_own(start_server):
    """first-hour D2: the terminal named one pool, and the client's tokens came from the other."""
    server = start_server("--region", "us-west-2")
    server.stop()
    here = start_server(data=server.data, database_url=server.database_url)
    for region, client_id in (
        ("us-west-2", "poolhousedemoapplication01uswest2"),
        ("us-east-1", "poolhousedemoapplication01"),
    ):
        clients = here.client().list_user_pool_clients(UserPoolId=f"{region}_PoolHouse")["UserPoolClients"]
        assert [client["ClientId"] for client in clients] == [client_id]
        answer = here.client().initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "demo", "PASSWORD": "Poolhouse-1"},
        )
        issuer = jwt.decode(answer["AuthenticationResult"]["IdToken"], options={"verify_signature": False})["iss"]
        assert issuer.endswith(f"/{region}_PoolHouse")
    assert "poolhousedemoapplication01uswest2" in server.read_log()


def test_a_folder_whose_other_region_holds_the_client_is_refused(start_server):
    """first-hour D2: folders of 0.1.0, where every region had the same client."""
    server = start_server("--region", "us-west-2")
    cognito = server.client()
    east = cognito.create_user_pool(PoolName="old", UserPoolTags={"_custom_id_": "us-west-2_Older"})["UserPool"]["Id"]
    client = cognito.create_user_pool_client(UserPoolId=east, ClientName="old")["UserPoolClient"]["ClientId"]
    server.stop()
    _rename_client(server, client, "poolhousedemoapplication01")
    with pytest.raises(RuntimeError) as refused:
        start_server(data=server.data, database_url=server.database_url)
    assert "Error: region: this data was made for us-west-2_Older" in str(refused.value)
    assert "Start with --region us-west-2" in str(refused.value)


def _rename_client(server, before, after):
    """As release 0.1.0 would have named it."""
    import asyncio
    from pathlib import Path

    from poolhouse.config import Settings
    from poolhouse.storage.engine import open_database

    async def rename():
        db = await open_database(Settings(data=Path(server.data), database_url=server.database_url))

        async def work(tx):
            await tx.execute("UPDATE user_pool_clients SET client_id = $1 WHERE client_id = $2", after, before)

        await db.write(work)
        await db.close()

    asyncio.run(rename())
