"""Devices: named, confirmed, remembered, proven, forgotten (user-pools-api.md §6.10)."""

import base64

import pytest
from pycognito.aws_srp import AWSSRP

from tests.conformance.api.test_mfa import SMS
from tests.support.device import Device
from tests.support.oauth import claims_of
from tests.support.pools import PASSWORD, unique
from tests.support.refusals import refused, values
from tests.support.srp import SRPClient
from tests.support.totp import App

NO_DEVICE = "Device does not exist."
NOT_TRACKED = "Device tracking is not enabled for the user pool."


def device_pool(cognito, pools, *, challenge=True, prompt=False, mfa="OPTIONAL"):
    pool = pools.user_pool(
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": challenge, "DeviceOnlyRememberedOnUserPrompt": prompt}
    )
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        SmsMfaConfiguration={"SmsConfiguration": SMS},
        MfaConfiguration=mfa,
    )
    return pool, pools.client_id(pool)


@pytest.fixture(scope="module")
def world(cognito, pools):
    return device_pool(cognito, pools)


@pytest.fixture
def user(pools, world):
    return pools.user(world[0])


def sign_in(cognito, client_id, username, **more):
    return cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD, **more},
    )


def confirmed(cognito, client_id, username, **more):
    """(device, AuthenticationResult of the sign-in in which it was confirmed)."""
    done = sign_in(cognito, client_id, username, **more)["AuthenticationResult"]
    device = Device(done["NewDeviceMetadata"])
    cognito.confirm_device(
        AccessToken=done["AccessToken"],
        DeviceKey=device.key,
        DeviceSecretVerifierConfig=device.verifier(),
        DeviceName="My laptop",
    )
    return device, done


def prove(cognito, client_id, username, device, challenge, *, with_session=True, **changed):
    """Both halves of the device's SRP."""
    session = {"Session": challenge["Session"]} if with_session else {}
    begun = cognito.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName="DEVICE_SRP_AUTH",
        ChallengeResponses={"USERNAME": username, "DEVICE_KEY": device.key, "SRP_A": device.srp_a},
        **session,
    )
    assert begun["ChallengeName"] == "DEVICE_PASSWORD_VERIFIER"
    session = {"Session": begun["Session"]} if with_session else {}
    return cognito.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName="DEVICE_PASSWORD_VERIFIER",
        ChallengeResponses=device.responses(username, begun, **changed),
        **session,
    )


def with_app(cognito, user, token):
    app = App(cognito.associate_software_token(AccessToken=token)["SecretCode"])
    cognito.verify_software_token(AccessToken=token, UserCode=app.code(steps=-1))
    cognito.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
    return app


class TestConfirmDevice:
    def test_sign_in_names_a_device(self, cognito, world, user):
        done = sign_in(cognito, world[1], user.username)["AuthenticationResult"]
        metadata = done["NewDeviceMetadata"]
        assert metadata["DeviceKey"].startswith("us-east-1_")
        assert claims_of(done["AccessToken"])["device_key"] == metadata["DeviceKey"]
        again = sign_in(cognito, world[1], user.username)["AuthenticationResult"]["NewDeviceMetadata"]
        assert again["DeviceKey"] != metadata["DeviceKey"]
        assert again["DeviceGroupKey"] == metadata["DeviceGroupKey"]

    def test_pool_that_tracks_none_names_none(self, cognito, client_id, pools, user_pool_id):
        done = sign_in(cognito, client_id, pools.user(user_pool_id).username)["AuthenticationResult"]
        assert "NewDeviceMetadata" not in done
        assert "device_key" not in claims_of(done["AccessToken"])
        with refused("InvalidUserPoolConfiguration", NOT_TRACKED):
            cognito.confirm_device(AccessToken=done["AccessToken"], DeviceKey="us-east-1_1")

    def test_remembered_at_once(self, cognito, world, user):
        done = sign_in(cognito, world[1], user.username)["AuthenticationResult"]
        device = Device(done["NewDeviceMetadata"])
        given = {"AccessToken": done["AccessToken"], "DeviceKey": device.key}
        answer = cognito.confirm_device(**given, DeviceSecretVerifierConfig=device.verifier(), DeviceName="My laptop")
        assert answer["UserConfirmationNecessary"] is False
        shown = values(cognito.get_device(**given)["Device"]["DeviceAttributes"])
        assert shown["dev:device_remembered_status"] == "remembered"
        with refused("DeviceKeyExists"):
            cognito.confirm_device(**given, DeviceSecretVerifierConfig=device.verifier())

    def test_the_user_is_asked(self, cognito, pools):
        pool, client_id = device_pool(cognito, pools, prompt=True)
        done = sign_in(cognito, client_id, pools.user(pool).username)["AuthenticationResult"]
        device = Device(done["NewDeviceMetadata"])
        given = {"AccessToken": done["AccessToken"], "DeviceKey": device.key}
        answer = cognito.confirm_device(**given, DeviceSecretVerifierConfig=device.verifier())
        assert answer["UserConfirmationNecessary"] is True
        shown = values(cognito.get_device(**given)["Device"]["DeviceAttributes"])
        assert shown["dev:device_remembered_status"] == "not_remembered"

    def test_device_of_another_sign_in(self, cognito, world, user):
        one, other = (sign_in(cognito, world[1], user.username)["AuthenticationResult"] for _ in range(2))
        with refused("InvalidParameter", "Invalid device key given."):
            cognito.confirm_device(
                AccessToken=one["AccessToken"],
                DeviceKey=other["NewDeviceMetadata"]["DeviceKey"],
                DeviceSecretVerifierConfig=Device(other["NewDeviceMetadata"]).verifier(),
            )

    @pytest.mark.parametrize(
        "config",
        [
            None,
            {},
            {"PasswordVerifier": "AQ==", "Salt": "AQ=="},
            {"PasswordVerifier": "%", "Salt": "AQ=="},
            {"PasswordVerifier": base64.b64encode(b"\x7f" * 386).decode(), "Salt": "AQ=="},
            {"PasswordVerifier": base64.b64encode(b"\x7f" * 300).decode(), "Salt": ""},
        ],
    )
    def test_verifier_that_is_none(self, cognito, world, user, config):
        done = sign_in(cognito, world[1], user.username)["AuthenticationResult"]
        more = {} if config is None else {"DeviceSecretVerifierConfig": config}
        with refused("InvalidParameter", "Invalid DeviceSecretVerifierConfig given."):
            cognito.confirm_device(
                AccessToken=done["AccessToken"], DeviceKey=done["NewDeviceMetadata"]["DeviceKey"], **more
            )


class TestSignIn:
    def test_device_proves_itself(self, cognito, world, user):
        client_id = world[1]
        device, _ = confirmed(cognito, client_id, user.username)
        challenge = sign_in(cognito, client_id, user.username, DEVICE_KEY=device.key)
        assert challenge["ChallengeName"] == "DEVICE_SRP_AUTH"
        assert challenge["ChallengeParameters"] == {"USERNAME": user.username, "DEVICE_KEY": device.key}
        done = prove(cognito, client_id, user.username, device, challenge)["AuthenticationResult"]
        assert "NewDeviceMetadata" not in done
        assert claims_of(done["AccessToken"])["device_key"] == device.key

    def test_in_place_of_a_second_factor(self, cognito, world, user):
        client_id = world[1]
        device, done = confirmed(cognito, client_id, user.username)
        with_app(cognito, user, done["AccessToken"])
        assert sign_in(cognito, client_id, user.username)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        challenge = sign_in(cognito, client_id, user.username, DEVICE_KEY=device.key)
        assert challenge["ChallengeName"] == "DEVICE_SRP_AUTH"
        assert prove(cognito, client_id, user.username, device, challenge)["AuthenticationResult"]["AccessToken"]

    def test_not_in_place_of_it_once_it_is_not_remembered(self, cognito, world, user):
        client_id = world[1]
        device, done = confirmed(cognito, client_id, user.username)
        app = with_app(cognito, user, done["AccessToken"])
        waiting = sign_in(cognito, client_id, user.username, DEVICE_KEY=device.key)
        cognito.update_device_status(
            AccessToken=done["AccessToken"], DeviceKey=device.key, DeviceRememberedStatus="not_remembered"
        )
        challenge = sign_in(cognito, client_id, user.username, DEVICE_KEY=device.key)
        assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        # Nor in a sign-in that had been told to prove the device.
        challenge = prove(cognito, client_id, user.username, device, waiting)
        assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        done = cognito.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": user.username, "SOFTWARE_TOKEN_MFA_CODE": app.code()},
        )
        assert done["AuthenticationResult"]["AccessToken"]

    def test_not_in_place_of_it_where_the_pool_only_tracks(self, cognito, pools):
        pool, client_id = device_pool(cognito, pools, challenge=False)
        user = pools.user(pool)
        device, done = confirmed(cognito, client_id, user.username)
        with_app(cognito, user, done["AccessToken"])
        challenge = sign_in(cognito, client_id, user.username, DEVICE_KEY=device.key)
        assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"

    def test_key_comes_with_the_answer_of_srp(self, cognito, world, user):
        pool, client_id = world
        device, _ = confirmed(cognito, client_id, user.username)
        client = SRPClient(pool, user.username, user.password)
        begun = cognito.initiate_auth(ClientId=client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=client.parameters)
        answer = {"ClientId": client_id, "ChallengeName": "PASSWORD_VERIFIER"}
        responses = client.responses(begun)
        # amplify-js drops a key that is not known, and sends the same answer once more.
        with refused("ResourceNotFound", NO_DEVICE):
            cognito.respond_to_auth_challenge(**answer, ChallengeResponses={**responses, "DEVICE_KEY": "us-east-1_0"})
        challenge = cognito.respond_to_auth_challenge(
            **answer, ChallengeResponses={**responses, "DEVICE_KEY": device.key}
        )
        assert challenge["ChallengeName"] == "DEVICE_SRP_AUTH"
        assert prove(cognito, client_id, user.username, device, challenge)["AuthenticationResult"]["AccessToken"]

    def test_without_sessions(self, cognito, world, user):
        """As pycognito does."""
        client_id = world[1]
        device, _ = confirmed(cognito, client_id, user.username)
        challenge = sign_in(cognito, client_id, user.username, DEVICE_KEY=device.key)
        done = prove(cognito, client_id, user.username, device, challenge, with_session=False)
        assert done["AuthenticationResult"]["AccessToken"]
        with refused("NotAuthorized", "Invalid session for the user."):
            prove(cognito, client_id, user.username, device, challenge, with_session=False)  # nothing waits any more

    def test_another_users_device(self, cognito, pools, world, user):
        """Acceptance 28."""
        client_id = world[1]
        other = pools.user(world[0])
        device, _ = confirmed(cognito, client_id, other.username)
        with refused("ResourceNotFound", NO_DEVICE):
            sign_in(cognito, client_id, user.username, DEVICE_KEY=device.key)
        own, _ = confirmed(cognito, client_id, user.username)
        challenge = sign_in(cognito, client_id, user.username, DEVICE_KEY=own.key)
        with refused("ResourceNotFound", NO_DEVICE):
            prove(cognito, client_id, user.username, device, challenge)
        with refused("NotAuthorized", "Invalid session for the user."):
            prove(cognito, client_id, other.username, device, challenge)

    def test_wrong_password_of_the_device(self, cognito, world, user):
        client_id = world[1]
        device, _ = confirmed(cognito, client_id, user.username)
        challenge = sign_in(cognito, client_id, user.username, DEVICE_KEY=device.key)
        impostor = Device({"DeviceKey": device.key, "DeviceGroupKey": device.group_key})
        with refused("NotAuthorized", "Incorrect username or password."):
            prove(cognito, client_id, user.username, impostor, challenge)
        assert prove(cognito, client_id, user.username, device, challenge)["AuthenticationResult"]

    def test_proof_serves_once(self, cognito, world, user):
        client_id = world[1]
        device, _ = confirmed(cognito, client_id, user.username)
        challenge = sign_in(cognito, client_id, user.username, DEVICE_KEY=device.key)
        prove(cognito, client_id, user.username, device, challenge)
        with refused("NotAuthorized", "Invalid session for the user, session can only be used once."):
            prove(cognito, client_id, user.username, device, challenge)

    @pytest.mark.parametrize("changed", [{"TIMESTAMP": "Tue May 7 00:09:40 UTC 2025"}, {"DEVICE_KEY": "us-east-1_0"}])
    def test_stale_or_foreign_answer(self, cognito, world, user, changed):
        client_id = world[1]
        device, _ = confirmed(cognito, client_id, user.username)
        challenge = sign_in(cognito, client_id, user.username, DEVICE_KEY=device.key)
        with refused("NotAuthorized", "Incorrect username or password."):
            prove(cognito, client_id, user.username, device, challenge, **changed)

    def test_srp_a_that_is_none(self, cognito, world, user):
        client_id = world[1]
        device, _ = confirmed(cognito, client_id, user.username)
        challenge = sign_in(cognito, client_id, user.username, DEVICE_KEY=device.key)
        with refused("InvalidParameter"):
            cognito.respond_to_auth_challenge(
                ClientId=client_id,
                ChallengeName="DEVICE_SRP_AUTH",
                Session=challenge["Session"],
                ChallengeResponses={"USERNAME": user.username, "DEVICE_KEY": device.key, "SRP_A": "0"},
            )

    def test_unknown_device(self, cognito, world, user):
        with refused("ResourceNotFound", NO_DEVICE):
            sign_in(cognito, world[1], user.username, DEVICE_KEY="us-east-1_00000000")

    def test_key_where_nothing_is_tracked(self, cognito, client_id, pools, user_pool_id):
        answer = sign_in(cognito, client_id, pools.user(user_pool_id).username, DEVICE_KEY="us-east-1_00000000")
        assert answer["AuthenticationResult"]

    def test_pycognito(self, cognito, world, user):
        pool, client_id = world
        first = AWSSRP(
            username=user.username, password=PASSWORD, pool_id=pool, client_id=client_id, client=cognito
        ).authenticate_user()
        metadata = first["AuthenticationResult"]["NewDeviceMetadata"]
        device = Device(metadata, "cGFzcw==")
        cognito.confirm_device(
            AccessToken=first["AuthenticationResult"]["AccessToken"],
            DeviceKey=device.key,
            DeviceSecretVerifierConfig=device.verifier(),
        )
        second = AWSSRP(
            username=user.username,
            password=PASSWORD,
            pool_id=pool,
            client_id=client_id,
            client=cognito,
            device_key=device.key,
            device_group_key=device.group_key,
            device_password="cGFzcw==",
        ).authenticate_user()
        assert claims_of(second["AuthenticationResult"]["AccessToken"])["device_key"] == device.key


class TestRefresh:
    def test_belongs_to_its_device(self, cognito, world, user):
        """user-pools-api.md §6.6, GUESS+."""
        client_id = world[1]
        device, done = confirmed(cognito, client_id, user.username)
        given = {"ClientId": client_id, "AuthFlow": "REFRESH_TOKEN_AUTH"}
        token = {"REFRESH_TOKEN": done["RefreshToken"]}
        for more in ({}, {"DEVICE_KEY": "us-east-1_0123"}):
            with refused("NotAuthorized", "Invalid Refresh Token"):
                cognito.initiate_auth(**given, AuthParameters={**token, **more})
        again = cognito.initiate_auth(**given, AuthParameters={**token, "DEVICE_KEY": device.key})
        assert claims_of(again["AuthenticationResult"]["AccessToken"])["device_key"] == device.key
        with refused("NotAuthorized", "Invalid Refresh Token"):
            cognito.get_tokens_from_refresh_token(RefreshToken=done["RefreshToken"], ClientId=client_id)
        again = cognito.get_tokens_from_refresh_token(
            RefreshToken=done["RefreshToken"], ClientId=client_id, DeviceKey=device.key
        )
        assert again["AuthenticationResult"]["AccessToken"]


class TestGetDevice:
    def test_attributes_and_times(self, cognito, world, user):
        device, done = confirmed(cognito, world[1], user.username)
        shown = cognito.get_device(AccessToken=done["AccessToken"], DeviceKey=device.key)["Device"]
        assert shown["DeviceKey"] == device.key
        assert values(shown["DeviceAttributes"]) == {
            "device_status": "valid",
            "device_name": "My laptop",
            "last_ip_used": "127.0.0.1",
            "dev:device_remembered_status": "remembered",
        }
        assert {"DeviceCreateDate", "DeviceLastModifiedDate", "DeviceLastAuthenticatedDate"} <= shown.keys()

    def test_unknown(self, cognito, world, user):
        token = sign_in(cognito, world[1], user.username)["AuthenticationResult"]["AccessToken"]
        with refused("ResourceNotFound", NO_DEVICE):
            cognito.get_device(AccessToken=token, DeviceKey="us-east-1_00000000")


class TestListDevices:
    def test_pages(self, cognito, world, user):
        keys = sorted(confirmed(cognito, world[1], user.username)[0].key for _ in range(3))
        token = sign_in(cognito, world[1], user.username)["AuthenticationResult"]["AccessToken"]
        first = cognito.list_devices(AccessToken=token, Limit=2)
        rest = cognito.list_devices(AccessToken=token, Limit=2, PaginationToken=first["PaginationToken"])
        assert [each["DeviceKey"] for each in first["Devices"] + rest["Devices"]] == keys
        assert "PaginationToken" not in rest

    def test_edited_token(self, cognito, world, user):
        token = sign_in(cognito, world[1], user.username)["AuthenticationResult"]["AccessToken"]
        with refused("InvalidParameter"):
            cognito.list_devices(AccessToken=token, PaginationToken="edited")


class TestUpdateDeviceStatus:
    def test_there_and_back(self, cognito, world, user):
        device, done = confirmed(cognito, world[1], user.username)
        for status in ("not_remembered", "remembered"):
            cognito.update_device_status(
                AccessToken=done["AccessToken"], DeviceKey=device.key, DeviceRememberedStatus=status
            )
            shown = cognito.get_device(AccessToken=done["AccessToken"], DeviceKey=device.key)["Device"]
            assert values(shown["DeviceAttributes"])["dev:device_remembered_status"] == status

    def test_unknown(self, cognito, world, user):
        token = sign_in(cognito, world[1], user.username)["AuthenticationResult"]["AccessToken"]
        with refused("ResourceNotFound", NO_DEVICE):
            cognito.update_device_status(
                AccessToken=token, DeviceKey="us-east-1_00000000", DeviceRememberedStatus="remembered"
            )


class TestForgetDevice:
    def test_is_gone(self, cognito, world, user):
        device, done = confirmed(cognito, world[1], user.username)
        waiting = sign_in(cognito, world[1], user.username, DEVICE_KEY=device.key)
        cognito.forget_device(AccessToken=done["AccessToken"], DeviceKey=device.key)
        with refused("ResourceNotFound", NO_DEVICE):
            cognito.forget_device(AccessToken=done["AccessToken"], DeviceKey=device.key)
        with refused("ResourceNotFound", NO_DEVICE):
            prove(cognito, world[1], user.username, device, waiting)


class TestAdminGetDevice:
    def test_same_as_the_user_sees(self, cognito, world, user):
        device, done = confirmed(cognito, world[1], user.username)
        shown = cognito.admin_get_device(UserPoolId=world[0], Username=user.username, DeviceKey=device.key)["Device"]
        assert shown == cognito.get_device(AccessToken=done["AccessToken"], DeviceKey=device.key)["Device"]

    def test_unknown(self, cognito, world, user):
        with refused("ResourceNotFound", NO_DEVICE):
            cognito.admin_get_device(UserPoolId=world[0], Username=user.username, DeviceKey="us-east-1_00000000")

    def test_nothing_is_tracked(self, cognito, user_pool_id, pools):
        user = pools.user(user_pool_id)
        with refused("InvalidUserPoolConfiguration", NOT_TRACKED):
            cognito.admin_get_device(UserPoolId=user_pool_id, Username=user.username, DeviceKey="us-east-1_0")


class TestAdminListDevices:
    def test_all(self, cognito, world, user):
        device, _ = confirmed(cognito, world[1], user.username)
        found = cognito.admin_list_devices(UserPoolId=world[0], Username=user.username)["Devices"]
        assert [each["DeviceKey"] for each in found] == [device.key]

    def test_unknown_user(self, cognito, world):
        with refused("ResourceNotFound", "User does not exist."):
            cognito.admin_list_devices(UserPoolId=world[0], Username=unique("nobody"))


class TestAdminUpdateDeviceStatus:
    def test_next_sign_in_asks_for_the_factor(self, cognito, world, user):
        device, done = confirmed(cognito, world[1], user.username)
        with_app(cognito, user, done["AccessToken"])
        cognito.admin_update_device_status(
            UserPoolId=world[0], Username=user.username, DeviceKey=device.key, DeviceRememberedStatus="not_remembered"
        )
        challenge = sign_in(cognito, world[1], user.username, DEVICE_KEY=device.key)
        assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


class TestAdminForgetDevice:
    def test_is_gone(self, cognito, world, user):
        device, _ = confirmed(cognito, world[1], user.username)
        cognito.admin_forget_device(UserPoolId=world[0], Username=user.username, DeviceKey=device.key)
        assert cognito.admin_list_devices(UserPoolId=world[0], Username=user.username)["Devices"] == []
        with refused("ResourceNotFound", NO_DEVICE):
            cognito.admin_forget_device(UserPoolId=world[0], Username=user.username, DeviceKey=device.key)
