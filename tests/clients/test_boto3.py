"""boto3 with dummy keys: makes a pool, a client and a user, and walks through a user's life."""

import pytest
from botocore.exceptions import ClientError

from tests.support.pools import ALL_FLOWS, unique

PASSWORD = "Correct-Horse-1"


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value.response["Error"]["Code"]


@pytest.fixture(scope="module")
def pool_id(cognito):
    return cognito.create_user_pool(PoolName="walk", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]


@pytest.fixture(scope="module")
def client_id(cognito, pool_id):
    client = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="walk", ExplicitAuthFlows=ALL_FLOWS)
    return client["UserPoolClient"]["ClientId"]


class TestWalk:
    """One user from the first administrator's call to the last."""

    def test_sign_up_with_the_code_from_the_inbox_then_sign_in_then_out(self, cognito, inbox, client_id):
        name, email = unique(), f"{unique()}@example.com"
        signed_up = cognito.sign_up(
            ClientId=client_id, Username=name, Password=PASSWORD, UserAttributes=[{"Name": "email", "Value": email}]
        )
        assert signed_up["UserConfirmed"] is False
        assert signed_up["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
        credentials = {"USERNAME": name, "PASSWORD": PASSWORD}
        sign_in = {"ClientId": client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": credentials}
        assert refusal(cognito.initiate_auth, **sign_in) == "UserNotConfirmedException"
        cognito.confirm_sign_up(ClientId=client_id, Username=name, ConfirmationCode=inbox.code(email))
        tokens = cognito.initiate_auth(**sign_in)["AuthenticationResult"]
        user = cognito.get_user(AccessToken=tokens["AccessToken"])
        assert user["Username"] == name
        assert {"Name": "email_verified", "Value": "true"} in user["UserAttributes"]
        cognito.global_sign_out(AccessToken=tokens["AccessToken"])
        assert refusal(cognito.get_user, AccessToken=tokens["AccessToken"]) == "NotAuthorizedException"

    def test_an_invited_user_chooses_a_password_at_first_sign_in(self, cognito, inbox, pool_id, client_id):
        name, email = unique(), f"{unique()}@example.com"
        cognito.admin_create_user(
            UserPoolId=pool_id,
            Username=name,
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            DesiredDeliveryMediums=["EMAIL"],
        )
        message = inbox.newest(email)
        temporary = message["text"].split("temporary password is ")[1].strip().removesuffix(".")
        challenge = cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": message["code"] or temporary},
        )
        assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        answer = cognito.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": PASSWORD},
        )
        assert answer["AuthenticationResult"]["TokenType"] == "Bearer"
        assert cognito.admin_get_user(UserPoolId=pool_id, Username=name)["UserStatus"] == "CONFIRMED"

    def test_a_forgotten_password_is_replaced(self, cognito, inbox, pools, pool_id, client_id):
        user = pools.user(pool_id)
        cognito.forgot_password(ClientId=client_id, Username=user.username)
        new = "Other-Horse-2"
        cognito.confirm_forgot_password(
            ClientId=client_id, Username=user.username, ConfirmationCode=inbox.code(user.email), Password=new
        )
        sign_in = {"ClientId": client_id, "AuthFlow": "USER_PASSWORD_AUTH"}
        old = {"USERNAME": user.username, "PASSWORD": user.password}
        assert refusal(cognito.initiate_auth, **sign_in, AuthParameters=old) == "NotAuthorizedException"
        assert "AuthenticationResult" in cognito.initiate_auth(**sign_in, AuthParameters={**old, "PASSWORD": new})

    def test_typed_exceptions_of_the_sdk(self, cognito):
        with pytest.raises(cognito.exceptions.ResourceNotFoundException):
            cognito.describe_user_pool(UserPoolId="us-east-1_NoSuchOne")

    def test_users_come_in_pages(self, cognito, pools):
        pool_id = pools.user_pool()
        names = {pools.user(pool_id).username for _ in range(5)}
        pages = cognito.get_paginator("list_users").paginate(UserPoolId=pool_id, PaginationConfig={"PageSize": 2})
        found = [user["Username"] for page in pages for user in page["Users"]]
        assert sorted(found) == sorted(names)

    def test_a_client_with_a_secret_needs_its_hash(self, cognito, pools, pool_id):
        import base64
        import hmac

        user = pools.user(pool_id)
        client = pools.client(pool_id, GenerateSecret=True)
        digest = hmac.digest(client["ClientSecret"].encode(), (user.username + client["ClientId"]).encode(), "sha256")
        sign_in = {"ClientId": client["ClientId"], "AuthFlow": "USER_PASSWORD_AUTH"}
        credentials = {"USERNAME": user.username, "PASSWORD": user.password}
        assert refusal(cognito.initiate_auth, **sign_in, AuthParameters=credentials) == "NotAuthorizedException"
        credentials["SECRET_HASH"] = base64.b64encode(digest).decode()
        assert "AuthenticationResult" in cognito.initiate_auth(**sign_in, AuthParameters=credentials)


def test_the_demo_pool_is_there(cognito, server):
    pool = cognito.describe_user_pool(UserPoolId=server.demo_user_pool_id)["UserPool"]
    assert (pool["Name"], pool["Domain"]) == ("Demo", "demo")
    tokens = cognito.initiate_auth(
        ClientId=server.demo_client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": server.demo_username, "PASSWORD": server.demo_password},
    )
    assert tokens["AuthenticationResult"]["ExpiresIn"] == 3600
