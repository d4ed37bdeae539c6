"""What serves once, asked for 12 times at the same moment at two workers, on both engines: exactly one request wins (RFC 9700 §4.5).

And of 36 wrong guesses at once no more are judged than one after the other.

Authorization codes, SRP answers and rotated refresh tokens are in test_replay.py.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.api.test_mfa import DEVELOPER, SMS
from tests.faults.raw_http import Connection
from tests.support.authenticator import Authenticator
from tests.support.device import Device
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import attributes
from tests.support.server import JSON_11, TARGET, Server
from tests.support.totp import App

AT_ONCE = 12
RP_ID = "auth.example.com"
FIRST = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]}}
Request = tuple[str, dict[str, Any]]


class World:
    """A pool in which every factor works, at a server with two workers."""

    def __init__(self, server: Server) -> None:
        self.server, self.cognito = server, server.client()
        self.pools = Pools(self.cognito)
        self.pool_id = self.pools.user_pool(
            AutoVerifiedAttributes=["email"],
            Policies=FIRST,
            EmailConfiguration=DEVELOPER,
            DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
        )
        self.cognito.set_user_pool_mfa_config(
            UserPoolId=self.pool_id,
            MfaConfiguration="OPTIONAL",
            SoftwareTokenMfaConfiguration={"Enabled": True},
            SmsMfaConfiguration={"SmsConfiguration": SMS},
            EmailMfaConfiguration={},
            WebAuthnConfiguration={"RelyingPartyId": RP_ID},
        )
        self.client_id = self.pools.client_id(
            self.pool_id,
            PreventUserExistenceErrors="ENABLED",
            ExplicitAuthFlows=["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )

    def user(self) -> tuple[str, str, str]:
        """(username, email, phone number)."""
        phone = "+1555" + f"{int.from_bytes(unique().encode(), 'big') % 10**7:07}"
        made = self.pools.user(self.pool_id, phone_number=phone, phone_number_verified="true")
        return made.username, made.email, phone

    def start(self, username: str, flow: str = "USER_PASSWORD_AUTH", **given: str) -> dict[str, Any]:
        parameters = {"USERNAME": username, "PASSWORD": PASSWORD, **given}
        return dict(self.cognito.initiate_auth(ClientId=self.client_id, AuthFlow=flow, AuthParameters=parameters))

    def token(self, username: str) -> str:
        return str(self.start(username)["AuthenticationResult"]["AccessToken"])

    def answering(self, challenge: dict[str, Any], username: str, **responses: str) -> Request:
        body = {
            "ClientId": self.client_id,
            "ChallengeName": challenge["ChallengeName"],
            "Session": challenge["Session"],
            "ChallengeResponses": {"USERNAME": username, **responses},
        }
        return "RespondToAuthChallenge", body

    def sign_up(self) -> tuple[str, dict[str, Any]]:
        name = unique()
        email = f"{name}@x.example"
        made = self.cognito.sign_up(
            ClientId=self.client_id, Username=name, Password=PASSWORD, UserAttributes=attributes(email=email)
        )
        code = self.server.inbox.code(email)
        return name, {
            "ClientId": self.client_id,
            "Username": name,
            "ConfirmationCode": code,
            "Session": made["Session"],
        }


def confirmation_code(world: World) -> list[Request]:
    return [("ConfirmSignUp", world.sign_up()[1])] * AT_ONCE


def same_username(world: World) -> list[Request]:
    body = {"ClientId": world.client_id, "Username": unique(), "Password": PASSWORD}
    # Each has an address of its own, so that nothing but the name is the same.
    return [("SignUp", {**body, "UserAttributes": attributes(email=f"{unique()}@x.example")}) for _ in range(AT_ONCE)]


def auto_sign_in(world: World) -> list[Request]:
    name, body = world.sign_up()
    session = world.cognito.confirm_sign_up(**body)["Session"]
    asked = {"ClientId": world.client_id, "AuthFlow": "USER_AUTH", "Session": session}
    return [("InitiateAuth", {**asked, "AuthParameters": {"USERNAME": name}})] * AT_ONCE


def reset_code(world: World) -> list[Request]:
    name, _, phone = world.user()
    who = {"ClientId": world.client_id, "Username": name}
    world.cognito.forgot_password(**who)
    code = world.server.inbox.code(phone)
    return [
        ("ConfirmForgotPassword", {**who, "ConfirmationCode": code, "Password": f"Next-Horse-{number}"})
        for number in range(AT_ONCE)
    ]


def attribute_code(world: World) -> list[Request]:
    name, email, _ = world.user()
    token = world.token(name)
    world.cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    code = world.server.inbox.code(email)
    return [("VerifyUserAttribute", {"AccessToken": token, "AttributeName": "email", "Code": code})] * AT_ONCE


def mfa_code(factor: str, member: str) -> Callable[[World], list[Request]]:
    def prepare(world: World) -> list[Request]:
        name, email, phone = world.user()
        world.cognito.admin_set_user_mfa_preference(
            UserPoolId=world.pool_id, Username=name, **{member: {"Enabled": True, "PreferredMfa": True}}
        )
        challenge = world.start(name)
        code = world.server.inbox.code(phone if factor == "SMS_MFA" else email)
        return [world.answering(challenge, name, **{f"{factor}_CODE": code})] * AT_ONCE

    return prepare


def totp_step(world: World) -> list[Request]:
    """Twelve sign-ins, each with a Session of its own, and one code of the app."""
    name, _, _ = world.user()
    token = world.token(name)
    app = App(world.cognito.associate_software_token(AccessToken=token)["SecretCode"])
    world.cognito.verify_software_token(AccessToken=token, UserCode=app.code(steps=-1))
    wish = {"Enabled": True, "PreferredMfa": True}
    world.cognito.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=wish)
    challenges = [world.start(name) for _ in range(AT_ONCE)]
    code = app.code()
    return [world.answering(challenge, name, SOFTWARE_TOKEN_MFA_CODE=code) for challenge in challenges]


def new_password_session(world: World) -> list[Request]:
    name = unique()
    world.cognito.admin_create_user(
        UserPoolId=world.pool_id, Username=name, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
    )
    challenge = world.start(name)
    return [world.answering(challenge, name, NEW_PASSWORD=f"Next-Horse-{number}") for number in range(AT_ONCE)]


def choice_session(world: World) -> list[Request]:
    name, _, _ = world.user()
    challenge = world.start(name, "USER_AUTH")
    return [world.answering(challenge, name, ANSWER="PASSWORD", PASSWORD=PASSWORD)] * AT_ONCE


def first_factor_code(world: World) -> list[Request]:
    name, email, _ = world.user()
    challenge = world.start(name, "USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
    return [world.answering(challenge, name, EMAIL_OTP_CODE=world.server.inbox.code(email))] * AT_ONCE


def passkey_challenge(world: World) -> list[Request]:
    """Signed by a passkey that does not count, so that nothing but the challenge can tell the second use."""
    name, _, _ = world.user()
    token, passkey = world.token(name), Authenticator(counts=False)
    options = world.cognito.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    world.cognito.complete_web_authn_registration(AccessToken=token, Credential=passkey.create(options))
    challenge = world.start(name, "USER_AUTH", PREFERRED_CHALLENGE="WEB_AUTHN")
    asked = json.loads(challenge["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    return [world.answering(challenge, name, CREDENTIAL=passkey.get(asked)) for _ in range(AT_ONCE)]


def passkey_registration(world: World) -> list[Request]:
    name, _, _ = world.user()
    token = world.token(name)
    options = world.cognito.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    return [
        ("CompleteWebAuthnRegistration", {"AccessToken": token, "Credential": Authenticator().create(options)})
        for _ in range(AT_ONCE)
    ]


def device(world: World) -> list[Request]:
    """One key, and each request has a secret of its own."""
    name, _, _ = world.user()
    done = world.start(name)["AuthenticationResult"]
    confirmation = {"AccessToken": done["AccessToken"], "DeviceKey": done["NewDeviceMetadata"]["DeviceKey"]}
    secrets = [Device(done["NewDeviceMetadata"]).verifier() for _ in range(AT_ONCE)]
    return [("ConfirmDevice", {**confirmation, "DeviceSecretVerifierConfig": secret}) for secret in secrets]


ONCE = {
    "confirmation code": confirmation_code,
    "same username": same_username,
    "auto sign-in": auto_sign_in,
    "reset code": reset_code,
    "attribute code": attribute_code,
    "SMS_MFA code": mfa_code("SMS_MFA", "SMSMfaSettings"),
    "EMAIL_OTP code": mfa_code("EMAIL_OTP", "EmailMfaSettings"),
    "TOTP step": totp_step,
    "Session of NEW_PASSWORD_REQUIRED": new_password_session,
    "Session of SELECT_CHALLENGE": choice_session,
    "code as first factor": first_factor_code,
    "WebAuthn challenge": passkey_challenge,
    "WebAuthn registration": passkey_registration,
    "device": device,
}


@pytest.fixture(scope="module")
def world(engine, new_database_url, tmp_path_factory):
    server = Server(tmp_path_factory.mktemp(f"once-{engine}"), "--workers", "2", database_url=new_database_url())
    yield World(server.start())
    server.stop()


async def _at_once(port: int, requests: list[Request]) -> list[tuple[int, str]]:
    """(status, text) of each; all are on the wire, on a connection each, before the first answer is read."""
    connections = [await Connection.open(port) for _ in requests]
    for connection, (operation, body) in zip(connections, requests, strict=True):
        connection.send("POST", "/", json.dumps(body).encode(), content_type=JSON_11, x_amz_target=TARGET + operation)
    answers = await asyncio.gather(*(connection.receive() for connection in connections))
    for connection in connections:
        connection.close()
    return [(answer.status, answer.body.decode()) for answer in answers]


@pytest.mark.parametrize("what", ONCE)
async def test_exactly_one_wins(world, what):
    requests = ONCE[what](world)
    answers = await _at_once(world.server.port, requests)
    statuses = sorted(status for status, _ in answers)
    assert statuses == [200] + [400] * (AT_ONCE - 1), answers


def nobodys_code(world: World) -> list[Request]:
    name = unique("nobody")
    challenge = world.start(name, "USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
    return [world.answering(challenge, name, EMAIL_OTP_CODE="00000000")]


def nobodys_reset(world: World) -> list[Request]:
    who = {"ClientId": world.client_id, "Username": unique("nobody")}
    return [("ConfirmForgotPassword", {**who, "ConfirmationCode": "000000", "Password": "Next-Horse-1"})]


GUESSES = 36
# What is guessed at, and how many guesses are judged before a lock or the limit of the hour.
GUESSED = {
    "confirmation code": (confirmation_code, 15),
    "reset code": (reset_code, 20),
    "reset code of nobody": (nobodys_reset, 20),
    "attribute code": (attribute_code, 15),
    "SMS_MFA code": (ONCE["SMS_MFA code"], 5),
    "EMAIL_OTP code": (ONCE["EMAIL_OTP code"], 5),
    "TOTP code": (totp_step, 5),
    "code as first factor": (first_factor_code, 5),
    "code as first factor of nobody": (nobodys_code, 5),
    "passkey": (passkey_challenge, 5),
}
WRONG_CODES = ("ConfirmationCode", "Code", "SMS_MFA_CODE", "EMAIL_OTP_CODE", "SOFTWARE_TOKEN_MFA_CODE", "CREDENTIAL")


def _wrong(given: dict[str, Any]) -> dict[str, Any]:
    """The same with another code, or another signature."""
    changed = dict(given)
    for name in WRONG_CODES:
        if name == "CREDENTIAL" and name in given:
            credential = json.loads(given[name])
            credential["response"]["signature"] = "AAAA"
            changed[name] = json.dumps(credential)
        elif name in given:
            changed[name] = f"{(int(given[name]) + 500_000) % 10 ** len(given[name]):0{len(given[name])}}"
    if "ChallengeResponses" in given:
        changed["ChallengeResponses"] = _wrong(given["ChallengeResponses"])
    return changed


@pytest.mark.parametrize("what", GUESSED)
async def test_guesses_cannot_be_made_side_by_side(world, what):
    prepare, most = GUESSED[what]
    operation, right = prepare(world)[0]
    answers = await _at_once(world.server.port, [(operation, _wrong(right))] * GUESSES)
    assert {status for status, _ in answers} == {400}
    judged = [text for _, text in answers if "ttempt" not in text]  # "Attempt limit", "Password attempts exceeded"
    assert 1 <= len(judged) <= most, judged
    # Nor does the right one get in meanwhile.
    ((status, text),) = await _at_once(world.server.port, [(operation, right)])
    assert status == 400, text
