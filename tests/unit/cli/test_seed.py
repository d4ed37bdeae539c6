"""The demo that `dev` makes: what a newcomer, a front end and a test find there."""

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
