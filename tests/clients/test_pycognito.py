"""pycognito: sign-in by SRP, passwords, second factors, devices."""

import secrets
from functools import partial

import pytest
import requests
from botocore.exceptions import ClientError
from pycognito import Cognito
from pycognito.aws_srp import AWSSRP, generate_hash_device
from pycognito.exceptions import SMSMFAChallengeException, SoftwareTokenMFAChallengeException

from tests.conformance.api.test_devices import device_pool
from tests.conformance.api.test_mfa import with_app
from tests.support.pools import PASSWORD, NewUser, unique
from tests.support.totp import App


@pytest.fixture
def client_of(server, monkeypatch):
    """client_of(user_pool_id, client_id, user): pycognito for that user."""
    # pycognito makes a boto3 client of its own, which is pointed here as a person would: by the variable.
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    # It fetches the signing keys from AWS's address unless they are given.
    monkeypatch.setenv("COGNITO_JWKS", "{}")

    def make(user_pool_id, client_id, user):
        client = Cognito(user_pool_id, client_id, user_pool_region="us-east-1", username=user.username)
        client.pool_jwk = server.get_json(f"/{user_pool_id}/.well-known/jwks.json")
        # Its check of the issuer knows AWS's address only; tokens are verified in the tests of JWT libraries.
        client.verify_token = lambda token, name, _use: setattr(client, name, token)
        return client

    return make


@pytest.fixture
def client(client_of, user_pool_id, client_id, user):
    return client_of(user_pool_id, client_id, user)


def unique_phone():
    return f"+1555{secrets.randbelow(10**7):07}"


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


def test_registers_with_the_code_from_a_mail_and_keeps_a_profile(client_of, pools, inbox):
    user_pool_id = pools.user_pool(
        AutoVerifiedAttributes=["email"], Schema=[{"Name": "plan", "AttributeDataType": "String", "Mutable": True}]
    )
    name = unique()
    email = f"{name}@example.com"
    client = client_of(user_pool_id, pools.client_id(user_pool_id), NewUser(name, PASSWORD, email, ""))
    client.set_base_attributes(email=email)
    client.add_custom_attributes(plan="free")
    assert client.register(name, PASSWORD)["UserConfirmed"] is False
    first = inbox.newest(email)
    client.resend_confirmation_code(name)
    client.confirm_sign_up(inbox.code(email, after=first["id"]))
    client.authenticate(password=PASSWORD)
    client.update_profile({"given_name": "Ada", "custom:plan": "paid"})
    found = client.get_user(attr_map={"custom:plan": "plan"})
    assert (found.email_verified, found.given_name, found.plan) == (True, "Ada", "paid")
    client.delete_user()
    with pytest.raises(ClientError, match="User does not exist"):
        client.authenticate(password=PASSWORD)


def test_a_forgotten_password_is_replaced(client, user, inbox):
    client.initiate_forgot_password()
    client.confirm_forgot_password(inbox.code(user.email), "Other-Horse-2")
    client.authenticate(password="Other-Horse-2")
    token = client.access_token
    client.logout()
    with pytest.raises(ClientError, match="Access Token has been revoked"):
        client.client.get_user(AccessToken=token)


def test_administers_users_and_groups(client, user, cognito, user_pool_id):
    group = unique("group")
    cognito.create_group(UserPoolId=user_pool_id, GroupName=group)
    client.admin_add_user_to_group(user.username, group)
    assert client.admin_list_groups_for_user(user.username) == [group]
    assert group in {found.group_name for found in client.get_groups()}
    client.admin_update_profile({"nickname": "Countess"})
    assert client.admin_get_user().nickname == "Countess"
    client.admin_disable_user(user.username)
    with pytest.raises(ClientError, match="User is disabled"):
        client.authenticate(password=user.password)
    assert user.username in {found.username for found in client.get_users()}


class TestSecondFactors:
    @pytest.fixture
    def client(self, client_of, cognito, pools):
        user_pool_id, client_id = device_pool(cognito, pools)
        return client_of(user_pool_id, client_id, pools.user(user_pool_id, phone_number=unique_phone()))

    def test_app_is_set_up_and_asked_for(self, client):
        client.authenticate(password=PASSWORD)
        app = App(client.associate_software_token())
        assert client.verify_software_token(app.code(steps=-1), "My phone") is True
        client.set_user_mfa_preference(sms_mfa=False, software_token_mfa=True, preferred="SOFTWARE_TOKEN")
        with pytest.raises(SoftwareTokenMFAChallengeException) as asked:
            client.authenticate(password=PASSWORD)
        assert asked.value.get_tokens()["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"] == "My phone"
        with pytest.raises(client.client.exceptions.CodeMismatchException):
            client.respond_to_software_token_mfa_challenge(app.wrong_code())
        client.access_token = None
        client.respond_to_software_token_mfa_challenge(app.code())
        assert client.get_user().sub

    def test_text_message(self, client, inbox):
        client.authenticate(password=PASSWORD)
        client.set_user_mfa_preference(sms_mfa=True, software_token_mfa=False, preferred="SMS")
        phone = client.get_user().phone_number
        with pytest.raises(SMSMFAChallengeException) as asked:
            client.authenticate(password=PASSWORD)
        assert asked.value.get_tokens()["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"].endswith(phone[-4:])
        client.access_token = None
        client.respond_to_sms_mfa_challenge(inbox.code(phone))
        assert client.get_user().phone_number == phone


class TestDevices:
    """With a device in mind pycognito is asked through AWSSRP, as its README says."""

    @pytest.fixture
    def srp(self, server, cognito, pools, monkeypatch):
        """srp(...): the sign-in of one user with an app, from the device that is given."""
        user_pool_id, client_id = device_pool(cognito, pools, prompt=True)
        user, app = with_app(cognito, pools, user_pool_id, client_id)
        # Its three calls about devices go to AWS by an address that is written in its code, so they are led here under it.
        post = requests.post
        monkeypatch.setattr(
            "pycognito.aws_srp.requests.post",
            lambda url, **more: post(url.replace("https://cognito-idp.us-east-1.amazonaws.com", server.url), **more),
        )

        def make(**device):
            return AWSSRP(user.username, PASSWORD, user_pool_id, client_id, client=server.client(), **device)

        return make, client_id, app, server.client()

    def test_a_remembered_device_is_not_asked_for_the_app_until_it_is_forgotten(self, srp):
        make, client_id, app, cognito = srp
        first = make()
        with pytest.raises(SoftwareTokenMFAChallengeException) as asked:
            first.authenticate_user()
        tokens = cognito.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=asked.value.get_tokens()["Session"],
            ChallengeResponses={"USERNAME": first.username, "SOFTWARE_TOKEN_MFA_CODE": app.code()},
        )
        answer, password = first.confirm_device(tokens, "My laptop")
        assert (answer.status_code, answer.json()) == (200, {"UserConfirmationNecessary": True})
        token = tokens["AuthenticationResult"]["AccessToken"]
        assert "<Response [200]>" in first.update_device_status(True, token, first.device_key)

        device = {
            "device_key": first.device_key,
            "device_group_key": first.device_group_key,
            "device_password": password,
        }
        again = make(**device).authenticate_user()["AuthenticationResult"]
        assert "NewDeviceMetadata" not in again
        [listed] = cognito.list_devices(AccessToken=again["AccessToken"])["Devices"]
        assert listed["DeviceKey"] == first.device_key
        assert {"Name": "device_name", "Value": "My laptop"} in listed["DeviceAttributes"]

        with pytest.raises(ClientError, match="Incorrect username or password"):
            make(**{**device, "device_password": "another"}).authenticate_user()
        assert "<Response [200]>" in first.forget_device(again["AccessToken"], first.device_key)
        with pytest.raises(ClientError, match="Device does not exist"):
            make(**device).authenticate_user()

    def test_boto3_confirms_what_pycognito_has_made_up(self, cognito, pools):
        """The way that needs nothing patched."""
        user_pool_id, client_id = device_pool(cognito, pools)
        person = {"username": pools.user(user_pool_id).username, "password": PASSWORD, "pool_id": user_pool_id}
        sign_in = partial(AWSSRP, **person, client_id=client_id, client=cognito)
        tokens = sign_in().authenticate_user()["AuthenticationResult"]
        made = tokens["NewDeviceMetadata"]
        password, verifier = generate_hash_device(made["DeviceGroupKey"], made["DeviceKey"])
        cognito.confirm_device(
            AccessToken=tokens["AccessToken"], DeviceKey=made["DeviceKey"], DeviceSecretVerifierConfig=verifier
        )
        device = {"device_key": made["DeviceKey"], "device_group_key": made["DeviceGroupKey"]}
        again = sign_in(**device, device_password=password).authenticate_user()["AuthenticationResult"]
        assert "NewDeviceMetadata" not in again
