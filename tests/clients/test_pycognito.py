"""pycognito signs in by SRP and is refused with a wrong password."""

import pytest
from botocore.exceptions import ClientError
from pycognito import Cognito


@pytest.fixture
def client(server, user_pool_id, client_id, user, monkeypatch):
    # pycognito makes a boto3 client of its own, which is pointed here as a person would: by the variable.
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    # It fetches the signing keys from AWS's address unless they are given.
    monkeypatch.setenv("COGNITO_JWKS", "{}")
    client = Cognito(user_pool_id, client_id, user_pool_region="us-east-1", username=user.username)
    client.pool_jwk = server.get_json(f"/{user_pool_id}/.well-known/jwks.json")
    # Its check of the issuer knows AWS's address only; tokens are verified in the tests of JWT libraries.
    client.verify_token = lambda token, name, _use: setattr(client, name, token)
    return client


def test_srp_sign_in(client, user):
    client.authenticate(password=user.password)
    assert client.get_user().sub == user.sub


def test_wrong_password_is_refused(client):
    with pytest.raises(ClientError) as refused:
        client.authenticate(password="Wrong-Horse-1")
    error = refused.value.response["Error"]
    assert error["Code"] == "NotAuthorizedException"
    assert error["Message"] == "Incorrect username or password."


def test_refreshes_and_changes_the_password(client, user):
    client.authenticate(password=user.password)
    first = client.access_token
    client.renew_access_token()
    assert client.access_token != first
    client.change_password(user.password, "Other-Horse-2")
    client.authenticate(password="Other-Horse-2")


def test_srp_with_a_client_secret(server, pools, user_pool_id, user, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", server.url)
    from pycognito.aws_srp import AWSSRP

    secretive = pools.client(user_pool_id, GenerateSecret=True)
    srp = AWSSRP(
        username=user.username,
        password=user.password,
        pool_id=user_pool_id,
        client_id=secretive["ClientId"],
        client_secret=secretive["ClientSecret"],
        client=server.client(),
    )
    assert "AccessToken" in srp.authenticate_user()["AuthenticationResult"]


def test_first_sign_in_of_an_invited_user_sets_the_password(server, cognito, pools, user_pool_id, client_id):
    from pycognito.aws_srp import AWSSRP

    from tests.support.pools import unique

    name = unique()
    cognito.admin_create_user(
        UserPoolId=user_pool_id, Username=name, TemporaryPassword="Temporary-1", MessageAction="SUPPRESS"
    )
    srp = AWSSRP(
        username=name, password="Temporary-1", pool_id=user_pool_id, client_id=client_id, client=server.client()
    )
    assert "AccessToken" in srp.set_new_password_challenge("Permanent-1")["AuthenticationResult"]


def test_verifies_the_tokens_when_it_knows_the_address(server, user_pool_id, client_id, user):
    """As the README says; with the variable alone it would look for the keys of AWS."""
    client = Cognito(
        user_pool_id,
        client_id,
        user_pool_region="us-east-1",
        username=user.username,
        access_key="test",
        secret_key="test",
        boto3_client_kwargs={"endpoint_url": server.url},
    )
    client.authenticate(password=user.password)
    client.verify_tokens()
    assert client.id_claims["iss"] == f"{server.url}/{user_pool_id}"
