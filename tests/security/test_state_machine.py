"""Walks at random through the states of users and of their sign-ins: no walk comes to tokens without every factor that the pool
demands, tokens die when they must, and nothing answers 5xx.

The machine keeps its own small book of who has proven what. `make test` runs a seeded share, `make walks` the long form.
"""

import base64
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support.authenticator import Authenticator
from tests.support.device import Device
from tests.support.in_process import TARGET, House
from tests.support.oauth import claims_of
from tests.support.pools import unique
from tests.support.server import JSON_11
from tests.support.srp import SRPClient, timestamp
from tests.support.totp import App

WALKS = (80, 3000)  # in `make test`, in `make walks`
STEPS = 30
RP_ID = "auth.example.com"
# `dev` believes any signature; it only has to look like one.
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=00"
)
SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"}
SECOND = frozenset({"SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA", "MFA_SETUP"})
SECOND_FACTORS = ("SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP")
REUSE_SECONDS = 10  # after which a rotated refresh token that comes back ends its sign-in
FLOWS = ["USER_PASSWORD_AUTH", "USER_SRP_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH", "CUSTOM_AUTH"]
WAYS = {
    "USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH",
    "PASSWORD",
    "USER_SRP_AUTH",
    "PASSWORD_SRP",
    "",
    "EMAIL_OTP",
    "SMS_OTP",
    "WEB_AUTHN",
}  # to begin
# What a run has to have reached, or the walks prove nothing.
REACHED = {
    "tokens by PASSWORD",
    "tokens by PASSWORD, SOFTWARE_TOKEN_MFA",
    "tokens by PASSWORD_VERIFIER",
    "tokens by WEB_AUTHN",
    "tokens by PASSWORD, EMAIL_OTP",
    "tokens with a device",
    "refused: wrong",
    "refused: again",
    "refused: another's",
    "refused: out of order",
    "refused: skipped",
    "dead tokens refused",
    "refreshed",
}


class World:
    """One pool, one client, at one server in this process."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.reached: Counter[str] = Counter()
        self.steps = self.walks = 0
        made = self.ok(
            "CreateUserPool",
            PoolName="walks",
            AutoVerifiedAttributes=["email"],
            DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
        )
        self.pool_id = made["UserPool"]["Id"]
        client = self.ok(
            "CreateUserPoolClient",
            UserPoolId=self.pool_id,
            ClientName="walks",
            AuthSessionValidity=15,
            PreventUserExistenceErrors="ENABLED",
            AccessTokenValidity=24,
            RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
            ExplicitAuthFlows=[f"ALLOW_{flow}" for flow in FLOWS if not flow.startswith("CUSTOM")],
        )
        self.client_id = client["UserPoolClient"]["ClientId"]

    def call(self, operation: str, **body: Any) -> tuple[int, dict[str, Any]]:
        headers = {"content_type": JSON_11, "x_amz_target": TARGET + operation, "authorization": SIGNED}
        answer = self.house.ask("POST", "/", body, **headers)
        assert answer.status < 500, f"{operation} answered {answer.status}"
        return answer.status, json.loads(bytes(answer.body) or b"{}")

    def ok(self, operation: str, **body: Any) -> dict[str, Any]:
        status, answer = self.call(operation, **body)
        assert status == 200, (operation, answer)
        return answer

    def admin(self, operation: str, username: str, **body: Any) -> tuple[int, dict[str, Any]]:
        return self.call(operation, UserPoolId=self.pool_id, Username=username, **body)

    def demand(self, mode: str) -> None:
        """The pool's MfaConfiguration. Where it is ON, no code that is sent may come first."""
        first = ["PASSWORD", "WEB_AUTHN"] if mode == "ON" else ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
        self.ok(
            "UpdateUserPool",
            UserPoolId=self.pool_id,
            AutoVerifiedAttributes=["email"],
            Policies={"SignInPolicy": {"AllowedFirstAuthFactors": first}},
            DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
            EmailConfiguration={
                "EmailSendingAccount": "DEVELOPER",
                "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/pool@example.com",
            },
            SmsConfiguration=SMS,
        )
        self.ok(
            "SetUserPoolMfaConfig",
            UserPoolId=self.pool_id,
            MfaConfiguration=mode,
            SoftwareTokenMfaConfiguration={"Enabled": True},
            SmsMfaConfiguration={"SmsConfiguration": SMS},
            EmailMfaConfiguration={},
            WebAuthnConfiguration={"RelyingPartyId": RP_ID},
        )

    def advance(self, seconds: int) -> None:
        answer = self.house.ask(
            "POST", "/_poolhouse/api/clock", {"advance_seconds": seconds}, content_type="application/json"
        )
        assert answer.status == 200

    def code_at(self, address: str) -> str:
        """Of the newest message to it; six zeros when none has come."""
        answer = self.house.ask("GET", f"/_poolhouse/api/inbox?to={address.replace('+', '%2B')}")
        messages = json.loads(bytes(answer.body))["messages"]
        return str(messages[0]["code"]) if messages else "000000"


@dataclass(eq=False)
class SignIn:
    """What one sign-in has given. old: refresh tokens that were rotated out."""

    access_tokens: list[str]
    refresh_token: str
    device_key: str = ""
    old: list[str] = field(default_factory=list)
    is_alive: bool = True


@dataclass(eq=False)
class Person:
    """One user as the book has them. epoch: moves with what ends sign-ins that are on their way."""

    username: str
    password: str
    status: str
    email: str = ""
    phone: str = ""
    exists: bool = True
    is_enabled: bool = True
    epoch: int = 0
    factors: set[str] = field(default_factory=set)
    app: App | None = None
    passkey: Authenticator | None = None
    device: Device | None = None
    sign_ins: list[SignIn] = field(default_factory=list)

    def end_sign_ins(self) -> None:
        for sign_in in self.sign_ins:
            sign_in.is_alive = False


@dataclass(eq=False)
class Asked:
    """A challenge that waits. proven: factors, the oldest first, rightly given so far."""

    person: Person
    epoch: int
    challenge: dict[str, Any]
    proven: tuple[str, ...]
    srp: SRPClient | None = None
    is_used: bool = False

    @property
    def name(self) -> str:
        return str(self.challenge["ChallengeName"])


MANNERS = st.sampled_from(
    ["right", "right", "right", "right", "wrong", "again", "another's", "out of order", "skipped"]
)
INDEX = st.integers(0, 5)


class Walk(RuleBasedStateMachine):
    """Rules are what anybody may send; each writes into the book what it must have changed, and checks what it must not."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        world.walks += 1
        self.people: list[Person] = []
        self.asked: list[Asked] = []
        self.mode = "OFF"

    # -- looking up

    def person(self, index: int) -> Person:
        return self.people[-1 - index % len(self.people)]

    def sign_in_of(self, index: int) -> tuple[Person, SignIn] | None:
        """The newest first."""
        found = [(person, sign_in) for person in self.people for sign_in in person.sign_ins]
        return found[-1 - index % len(found)] if found else None

    def living(self, index: int) -> tuple[Person, str] | None:
        """Somebody with an access token that serves."""
        found = [
            (person, each.access_tokens[-1]) for person in self.people for each in person.sign_ins if each.is_alive
        ]
        return found[-1 - index % len(found)] if found else None

    def now(self) -> float:
        return self.world.house.now()

    # -- the rules

    @initialize(
        mode=st.sampled_from(["OFF", "OPTIONAL", "ON"]),
        has_phone=st.booleans(),
        owns=st.sets(st.sampled_from(["app", "passkey"])),
    )
    def begin(self, mode: str, has_phone: bool, owns: set[str]) -> None:
        """Everybody begins with somebody who signs in, and with somebody else."""
        self.world.demand("OFF")
        self.sign_up(has_phone)
        self.confirm_sign_up(0, is_right=True)
        self.by_password(0, "USER_PASSWORD_AUTH", is_right=True, with_device=False)
        if "app" in owns:
            self.register_app(0, is_right=True)
        if "passkey" in owns:
            self.register_passkey(0)
        self.admin_create_user("bare", is_permanent=True)
        self.people.reverse()
        self.demand(mode)

    @rule(
        index=INDEX,
        kind=st.sampled_from(
            ["sign up", "create", "confirm", "password", "reset", "forgot", "enable", "disable", "delete"]
        ),
        flag=st.booleans(),
    )
    def change(self, index: int, kind: str, flag: bool) -> None:
        match kind:
            case "sign up":
                self.sign_up(flag)
            case "create":
                self.admin_create_user(("bare", "email", "both")[index % 3], is_permanent=flag)
            case "confirm":
                self.confirm_sign_up(index, is_right=flag)
            case "password":
                self._set_password(self.person(index), permanent=flag)
            case "reset":
                self.admin_reset_user_password(index)
            case "forgot":
                self.reset_by_code(index, is_right=flag)
            case "enable" | "disable":
                self.enable_or_disable(index, is_enabled=kind == "enable")
            case "delete":
                self.admin_delete_user(index)

    @rule(
        index=INDEX,
        way=st.sampled_from(sorted(WAYS)),
        is_right=st.sampled_from([True, True, True, False]),
        flag=st.booleans(),
        follows=st.booleans(),
    )
    def sign_in(self, index: int, way: str, is_right: bool, flag: bool, follows: bool) -> None:
        """follows: to the end, as far as the right answers are known."""
        asked = len(self.asked)
        if way in ("USER_SRP_AUTH", "PASSWORD_SRP"):
            self.by_srp(index, is_choice=way == "PASSWORD_SRP", is_right=is_right)
        elif way in ("", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"):
            self.by_choice(index, way)
        else:
            self.by_password(index, way, is_right=is_right, with_device=flag)
        while follows and is_right and len(self.asked) > asked:
            asked = len(self.asked)
            self._answer(self.asked[-1], "right", "", with_device=flag)

    @rule(
        index=INDEX,
        factor=st.sampled_from(["app", "wrong app", "passkey", *SECOND_FACTORS]),
        is_on=st.sampled_from([True, True, False]),
        is_preferred=st.booleans(),
    )
    def own(self, index: int, factor: str, is_on: bool, is_preferred: bool) -> None:
        match factor:
            case "app" | "wrong app":
                self.register_app(index, is_right=factor == "app")
            case "passkey":
                self.register_passkey(index)
            case _:
                self.prefer(index, factor, is_on, is_preferred)

    @rule(index=INDEX, act=st.sampled_from(["refresh", "refresh", "reuse", "revoke", "sign out", "admin sign out"]))
    def use(self, index: int, act: str) -> None:
        match act:
            case "refresh":
                self.refresh(index)
            case "reuse":
                self.refresh_with_one_of_before(index)
            case "revoke":
                self.revoke_token(index)
            case _:
                self.global_sign_out(index, by_admin=act == "admin sign out")

    # -- users

    def sign_up(self, has_phone: bool) -> None:
        person = self._new("UNCONFIRMED", has_phone=has_phone)
        self.world.ok(
            "SignUp",
            ClientId=self.world.client_id,
            Username=person.username,
            Password=person.password,
            UserAttributes=_attributes(person),
        )
        self.people.append(person)

    def admin_create_user(self, kind: str, is_permanent: bool) -> None:
        person = self._new("FORCE_CHANGE_PASSWORD", has_email=kind != "bare", has_phone=kind == "both")
        status, answer = self.world.admin(
            "AdminCreateUser",
            person.username,
            MessageAction="SUPPRESS",
            TemporaryPassword=person.password,
            UserAttributes=_attributes(person),
        )
        assert status == 200, answer
        self.people.append(person)
        if is_permanent:
            self._set_password(person, permanent=True)

    def _new(self, status: str, *, has_email: bool = True, has_phone: bool = False) -> Person:
        name = unique()
        phone = "+1555" + f"{int.from_bytes(name.encode(), 'big') % 10**7:07}"
        return Person(
            name, f"First-Horse-{name}-1", status, f"{name}@x.example" if has_email else "", phone if has_phone else ""
        )

    def confirm_sign_up(self, index: int, is_right: bool) -> None:
        person = self.person(index)
        code = self.world.code_at(person.email) if is_right and person.email else "000000"
        status, _ = self.world.call(
            "ConfirmSignUp", ClientId=self.world.client_id, Username=person.username, ConfirmationCode=code
        )
        if status == 200:
            assert (person.exists, person.status) == (True, "UNCONFIRMED")
            assert code != "000000"
            person.status = "CONFIRMED"

    def _set_password(self, person: Person, *, permanent: bool) -> None:
        password = f"Next-Horse-{unique()}-1"
        status, _ = self.world.admin("AdminSetUserPassword", person.username, Password=password, Permanent=permanent)
        assert (status == 200) == person.exists
        if person.exists:
            person.password, person.epoch = password, person.epoch + 1
            person.status = "CONFIRMED" if permanent else "FORCE_CHANGE_PASSWORD"

    def admin_reset_user_password(self, index: int) -> None:
        person = self.person(index)
        if self.world.admin("AdminResetUserPassword", person.username)[0] == 200:
            assert person.exists
            person.status = "RESET_REQUIRED"

    def reset_by_code(self, index: int, is_right: bool) -> None:
        person = self.person(index)
        who = {"ClientId": self.world.client_id, "Username": person.username}
        self.world.call("ForgotPassword", **who)
        address = person.email or person.phone
        code = self.world.code_at(address) if is_right and address else "000000"
        password = f"Reset-Horse-{unique()}-1"
        status, _ = self.world.call("ConfirmForgotPassword", **who, ConfirmationCode=code, Password=password)
        if status == 200:
            assert person.exists
            assert code != "000000"
            person.password, person.status, person.epoch = password, "CONFIRMED", person.epoch + 1

    def enable_or_disable(self, index: int, is_enabled: bool) -> None:
        person = self.person(index)
        status, _ = self.world.admin("AdminEnableUser" if is_enabled else "AdminDisableUser", person.username)
        assert (status == 200) == person.exists
        if person.exists and not is_enabled:
            person.end_sign_ins()
            person.epoch += 1
        if person.exists:
            person.is_enabled = is_enabled

    def admin_delete_user(self, index: int) -> None:
        person = self.person(index)
        status, _ = self.world.admin("AdminDeleteUser", person.username)
        assert (status == 200) == person.exists
        person.end_sign_ins()
        person.exists = False

    # -- second factors

    @rule(mode=st.sampled_from(["OFF", "OPTIONAL", "OPTIONAL", "ON"]))
    def demand(self, mode: str) -> None:
        self.world.demand(mode)
        self.mode = mode

    def prefer(self, index: int, factor: str, is_on: bool, is_preferred: bool) -> None:
        person = self.person(index)
        member = {
            "SMS_MFA": "SMSMfaSettings",
            "SOFTWARE_TOKEN_MFA": "SoftwareTokenMfaSettings",
            "EMAIL_OTP": "EmailMfaSettings",
        }
        wish = {"Enabled": is_on, "PreferredMfa": is_on and is_preferred}
        status, _ = self.world.admin("AdminSetUserMFAPreference", person.username, **{member[factor]: wish})
        if status == 200:
            assert person.exists
            (person.factors.add if is_on else person.factors.discard)(factor)

    def register_app(self, index: int, is_right: bool) -> None:
        found = self.living(index)
        if found is None:
            return
        person, token = found
        app = App(self.world.ok("AssociateSoftwareToken", AccessToken=token)["SecretCode"])
        code = app.code(at=self.now()) if is_right else "000000"
        status, _ = self.world.call("VerifySoftwareToken", AccessToken=token, UserCode=code)
        if status == 200:
            assert is_right
            person.app = app
            wish = {"Enabled": True, "PreferredMfa": True}
            self.world.ok("SetUserMFAPreference", AccessToken=token, SoftwareTokenMfaSettings=wish)
            person.factors.add("SOFTWARE_TOKEN_MFA")

    def register_passkey(self, index: int) -> None:
        found = self.living(index)
        if found is None:
            return
        person, token = found
        status, begun = self.world.call("StartWebAuthnRegistration", AccessToken=token)
        if status == 200:
            passkey = Authenticator(f"https://{RP_ID}")
            credential = passkey.create(begun["CredentialCreationOptions"])
            self.world.ok("CompleteWebAuthnRegistration", AccessToken=token, Credential=credential)
            person.passkey = passkey

    def is_demanded(self, person: Person) -> bool:
        has = person.factors & {
            factor
            for factor, means in zip(SECOND_FACTORS, (person.phone, person.app, person.email), strict=True)
            if means
        }
        return self.mode == "ON" or (self.mode == "OPTIONAL" and bool(has))

    # -- signing in

    def by_password(self, index: int, flow: str, is_right: bool, with_device: bool) -> None:
        person = self.person(index)
        given = {"PASSWORD": person.password if is_right else "Wrong-Horse-1"}
        if flow == "PASSWORD":
            flow, given["PREFERRED_CHALLENGE"] = "USER_AUTH", "PASSWORD"
        self._begin(person, flow, ("PASSWORD",) if is_right else (), with_device=with_device, **given)

    def by_srp(self, index: int, is_choice: bool, is_right: bool) -> None:
        person = self.person(index)
        srp = SRPClient(self.world.pool_id, person.username, person.password if is_right else "Wrong-Horse-1")
        flow, given = ("USER_AUTH", {"PREFERRED_CHALLENGE": "PASSWORD_SRP"}) if is_choice else ("USER_SRP_AUTH", {})
        self._begin(person, flow, (), srp=srp, SRP_A=srp.parameters["SRP_A"], **given)

    def by_choice(self, index: int, preferred: str) -> None:
        given = {"PREFERRED_CHALLENGE": preferred} if preferred else {}
        self._begin(self.person(index), "USER_AUTH", (), **given)

    def _begin(
        self,
        person: Person,
        flow: str,
        proven: tuple[str, ...],
        *,
        srp: SRPClient | None = None,
        with_device: bool = False,
        **given: str,
    ) -> None:
        is_admin = flow.startswith("ADMIN")
        pool = {"UserPoolId": self.world.pool_id} if is_admin else {}
        if with_device and person.device is not None:
            given["DEVICE_KEY"] = person.device.key
        status, answer = self.world.call(
            "AdminInitiateAuth" if is_admin else "InitiateAuth",
            **pool,
            ClientId=self.world.client_id,
            AuthFlow=flow,
            AuthParameters={"USERNAME": person.username, **given},
        )
        if status == 200:
            self._got(person, proven, answer, srp)

    @precondition(lambda self: self.asked)
    @rule(
        index=INDEX,
        manner=MANNERS,
        other=st.sampled_from([*sorted(SECOND), "WEB_AUTHN", "SELECT_CHALLENGE", "NEW_PASSWORD_REQUIRED"]),
        with_device=st.booleans(),
    )
    def answer(self, index: int, manner: str, other: str, with_device: bool) -> None:
        waiting = [each for each in self.asked if each.is_used == (manner == "again")]
        if not waiting:
            return
        self._answer(waiting[-1 - index % len(waiting)], manner, other, with_device=with_device)

    def _answer(self, asked: Asked, manner: str, other: str, *, with_device: bool) -> None:
        name, person, session = asked.name, asked.person, asked.challenge.get("Session")
        if manner == "out of order":
            if other == name:
                return
            name = other
        if manner == "another's":
            others = [each for each in self.people if each is not person]
            if not others or name == "PASSWORD_VERIFIER":
                return
            person = others[-1]
        if manner == "skipped":
            if name in ("PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"):
                return  # which may come without a Session
            session = None
        responses = self._responses(asked, person, name, is_right=manner != "wrong")
        if responses is None:
            return
        if with_device and asked.person.device is not None and "DEVICE_KEY" not in responses:
            responses["DEVICE_KEY"] = asked.person.device.key
        new_password = responses.get("NEW_PASSWORD")
        status, answer = self.world.call(
            "RespondToAuthChallenge",
            ClientId=self.world.client_id,
            ChallengeName=name,
            ChallengeResponses=responses,
            **({"Session": session} if session else {}),
        )
        if status != 200:
            self.world.reached[f"refused: {manner}"] += 1
            return
        if manner == "again" and name == "DEVICE_SRP_AUTH":
            return  # another B, which proves nothing
        assert manner == "right", f"{name} was answered {manner}"
        asked.is_used = (
            name != "SELECT_CHALLENGE"
            or "ANSWER" not in responses
            or responses["ANSWER"] not in ("WEB_AUTHN", "PASSWORD_SRP")
        )
        proven = asked.proven
        if name in ("SMS_OTP", "EMAIL_OTP") and not proven and person.status == "UNCONFIRMED":
            person.status = "CONFIRMED"
        if new_password:
            person.password, person.status, person.epoch = new_password, "CONFIRMED", person.epoch + 1
            asked.epoch = person.epoch
        if name == "SELECT_CHALLENGE":
            proven = ("PASSWORD",) if responses["ANSWER"] == "PASSWORD" else ()
        elif name not in ("SELECT_MFA_TYPE", "DEVICE_SRP_AUTH", "NEW_PASSWORD_REQUIRED"):
            proven = (*proven, name)
        self._got(asked.person, proven, answer, asked.srp, epoch=asked.epoch)

    def _responses(self, asked: Asked, person: Person, name: str, *, is_right: bool) -> dict[str, str] | None:
        """None: the book has nothing to answer with."""
        who, given = {"USERNAME": person.username}, asked.challenge.get("ChallengeParameters", {})
        match name:
            case "PASSWORD_VERIFIER" if asked.srp is not None:
                at = timestamp(datetime.fromtimestamp(self.now(), UTC))
                changed = {} if is_right else {"PASSWORD_CLAIM_SIGNATURE": base64.b64encode(bytes(32)).decode()}
                return asked.srp.responses(asked.challenge, at=at, **changed)
            case "SOFTWARE_TOKEN_MFA" if person.app is not None:
                self.world.advance(31)  # a step serves once
                code = person.app.code(at=self.now())
                return {**who, "SOFTWARE_TOKEN_MFA_CODE": code if is_right else _other(code)}
            case "SMS_MFA" | "SMS_OTP" | "EMAIL_OTP" if person.phone or name == "EMAIL_OTP":
                code = self.world.code_at(person.email if name == "EMAIL_OTP" else person.phone)
                return {**who, f"{name}_CODE": code if is_right else _other(code)}
            case "NEW_PASSWORD_REQUIRED":
                return {**who, "NEW_PASSWORD": f"Chosen-Horse-{unique()}-1" if is_right else "short"}
            case "SELECT_MFA_TYPE":
                choices = json.loads(given.get("MFAS_CAN_CHOOSE", "[]"))
                return {**who, "ANSWER": choices[-1] if is_right and choices else "MFA_SETUP"}
            case "SELECT_CHALLENGE":
                answers = asked.challenge.get("AvailableChallenges") or ["PASSWORD"]
                if not is_right or "WEB_AUTHN" not in answers:
                    return {**who, "ANSWER": "PASSWORD", "PASSWORD": person.password if is_right else "Wrong-Horse-1"}
                return {**who, "ANSWER": "WEB_AUTHN"}
            case "WEB_AUTHN" if person.passkey is not None:
                options = json.loads(given.get("CREDENTIAL_REQUEST_OPTIONS", "null"))
                options = options or {"rpId": RP_ID, "challenge": "AAAA"}
                return {**who, "CREDENTIAL": person.passkey.get(options, breaks=not is_right)}
            case "DEVICE_SRP_AUTH" if person.device is not None:
                right = {**who, "DEVICE_KEY": person.device.key, "SRP_A": person.device.srp_a}
                return right if is_right else {**right, "SRP_A": "0"}
            case "DEVICE_PASSWORD_VERIFIER" if person.device is not None and "SRP_B" in given:
                at = timestamp(datetime.fromtimestamp(self.now(), UTC))
                changed = {} if is_right else {"PASSWORD_CLAIM_SIGNATURE": base64.b64encode(bytes(32)).decode()}
                return person.device.responses(person.username, asked.challenge, at=at, **changed)
            case "MFA_SETUP":
                return who  # with nothing set up
        return None

    @precondition(lambda self: any(each.name == "MFA_SETUP" and not each.is_used for each in self.asked))
    @rule(is_right=st.booleans())
    def set_up(self, is_right: bool) -> None:
        asked = next(each for each in reversed(self.asked) if each.name == "MFA_SETUP" and not each.is_used)
        person, had_one = asked.person, bool(asked.person.factors)
        status, begun = self.world.call("AssociateSoftwareToken", Session=asked.challenge["Session"])
        if status != 200:
            return
        app = App(begun["SecretCode"])
        code = app.code(at=self.now()) if is_right else "000000"
        status, verified = self.world.call("VerifySoftwareToken", Session=begun["Session"], UserCode=code)
        if status != 200:
            return
        assert is_right
        assert not had_one, "who had a second factor was given another by the password alone"
        person.app = app
        person.factors.add("SOFTWARE_TOKEN_MFA")
        asked.is_used = True
        challenge = {"ChallengeName": "MFA_SETUP", "Session": verified["Session"]}
        status, answer = self.world.call(
            "RespondToAuthChallenge",
            ClientId=self.world.client_id,
            ChallengeResponses={"USERNAME": person.username},
            **challenge,
        )
        if status == 200:
            self._got(person, (*asked.proven, "MFA_SETUP"), answer, epoch=asked.epoch)

    def _got(
        self,
        person: Person,
        proven: tuple[str, ...],
        answer: dict[str, Any],
        srp: SRPClient | None = None,
        *,
        epoch: int | None = None,
    ) -> None:
        epoch = person.epoch if epoch is None else epoch
        if "AuthenticationResult" not in answer:
            self.asked.append(Asked(person, epoch, answer, proven, srp))
            return
        result = answer["AuthenticationResult"]
        assert person.exists
        assert person.is_enabled
        assert person.status == "CONFIRMED", person.status
        assert epoch == person.epoch, "a sign-in outlived the password that it began with"
        assert proven, "no factor was proven"
        if self.is_demanded(person):
            assert SECOND & set(proven[1:]) or "DEVICE_PASSWORD_VERIFIER" in proven, proven
        factors = [each for each in proven if each != "DEVICE_PASSWORD_VERIFIER"]
        self.world.reached["tokens by " + ", ".join(factors)] += 1
        self.world.reached["tokens with a device"] += len(factors) < len(proven)
        device_key = claims_of(result["AccessToken"]).get("device_key", "")
        person.sign_ins.append(SignIn([result["AccessToken"]], result["RefreshToken"], device_key))
        if "NewDeviceMetadata" in result:
            device = Device(result["NewDeviceMetadata"])
            self.world.ok(
                "ConfirmDevice",
                AccessToken=result["AccessToken"],
                DeviceKey=device.key,
                DeviceSecretVerifierConfig=device.verifier(),
            )
            person.device = device

    # -- tokens

    def refresh(self, index: int) -> None:
        found = self.sign_in_of(index)
        if found is None:
            return
        _, sign_in = found
        status, answer = self.world.call(
            "GetTokensFromRefreshToken",
            ClientId=self.world.client_id,
            RefreshToken=sign_in.refresh_token,
            **_device_of(sign_in),
        )
        assert (status == 200) == sign_in.is_alive, answer
        if status == 200:
            self.world.reached["refreshed"] += 1
            sign_in.old.append(sign_in.refresh_token)
            sign_in.access_tokens.append(answer["AuthenticationResult"]["AccessToken"])
            sign_in.refresh_token = answer["AuthenticationResult"]["RefreshToken"]

    def refresh_with_one_of_before(self, index: int) -> None:
        found = self.sign_in_of(index)
        if found is None or not found[1].old:
            return
        self.world.advance(REUSE_SECONDS)
        status, _ = self.world.call(
            "GetTokensFromRefreshToken",
            ClientId=self.world.client_id,
            RefreshToken=found[1].old[0],
            **_device_of(found[1]),
        )
        assert status == 400
        found[1].is_alive = False

    def revoke_token(self, index: int) -> None:
        found = self.sign_in_of(index)
        if found is not None and found[1].is_alive:
            self.world.ok("RevokeToken", ClientId=self.world.client_id, Token=found[1].refresh_token)
            found[1].is_alive = False

    def global_sign_out(self, index: int, by_admin: bool) -> None:
        found = self.living(index)
        if found is None:
            return
        person, token = found
        if by_admin:
            assert self.world.admin("AdminUserGlobalSignOut", person.username)[0] == 200
        else:
            self.world.ok("GlobalSignOut", AccessToken=token)
        person.end_sign_ins()

    @rule(seconds=st.sampled_from([2, 31, 960]))
    def wait(self, seconds: int) -> None:
        self.world.advance(seconds)

    # -- what is true at every moment

    @invariant()
    def tokens_serve_as_long_as_they_must(self) -> None:
        self.world.steps += 1
        found = [sign_in for person in self.people for sign_in in person.sign_ins][-3:]
        for sign_in in found:
            status, answer = self.world.call("GetUser", AccessToken=sign_in.access_tokens[0])
            assert (status == 200) == sign_in.is_alive, answer
            self.world.reached["dead tokens refused"] += status != 200

    @invariant()
    def users_are_as_the_book_says(self) -> None:
        for person in self.people[-2:]:
            status, told = self.world.admin("AdminGetUser", person.username)
            assert (status == 200) == person.exists
            if person.exists:
                assert (told["UserStatus"], told["Enabled"]) == (person.status, person.is_enabled)
                assert set(told.get("UserMFASettingList", ())) == person.factors


def _device_of(sign_in: SignIn) -> dict[str, str]:
    return {"DeviceKey": sign_in.device_key} if sign_in.device_key else {}


def _other(code: str) -> str:
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"


def _attributes(person: Person) -> list[dict[str, str]]:
    values = {"email": person.email, "phone_number": person.phone}
    return [{"Name": name, "Value": value} for name, value in values.items() if value]


@pytest.fixture
def world(tmp_path):
    house = House(tmp_path / "data")
    yield World(house)
    house.stop()


def test_no_walk_comes_to_tokens_without_every_factor(world, share, capsys):
    run_state_machine_as_test(
        lambda: Walk(world),
        settings=settings(
            max_examples=share(*WALKS),
            stateful_step_count=STEPS,
            derandomize=share(1, 0) == 1,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    with capsys.disabled():
        if share(0, 1):
            print(f"\n{world.walks} walks, {world.steps} steps")  # noqa: T201
            for text, count in world.reached.most_common():
                print(f"{count:7} {text}")  # noqa: T201
    assert set(world.reached) >= REACHED, REACHED - set(world.reached)
