"""Every change of a user against everything that issues or stores something for a user, at the same moment.

What was won must not outlive the change: no token, cookie or code of a deleted, disabled or signed-out user works, none of the
old owner of a name works for the next, none that rests on an old password outlives it where it may not, no code proves another
address than the one it went to, and no row is left for a user who is gone. A new operation joins by one line in ACTS, a new
change of a user by one line in CHANGES.

    make races                    all pairs, 50 rounds each, both engines, 2 workers
    python -m tests.faults.races --rounds 5 --engines sqlite --seed 3
"""

import argparse
import asyncio
import json
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from poolhouse.config import Settings
from poolhouse.storage import tables
from poolhouse.storage.engine import open_database
from tests.faults.raw_http import Answer, Connection
from tests.support.authenticator import Authenticator
from tests.support.pools import PASSWORD, Pools
from tests.support.postgres import Cluster
from tests.support.server import JSON_11, TARGET, Server
from tests.support.srp import SRPClient
from tests.support.totp import App

ROUNDS = 50
AT_ONCE = 4  # rounds that run side by side
JITTER_SECONDS = 0.003
NEW_PASSWORD = "Another-Horse-2"
CALLBACK = "https://app.example.com/callback"
FORM = "application/x-www-form-urlencoded"
# `dev` believes any signature; it only has to look like one.
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=00"
)

# ------------------------------------------------------------------------------------------------ what is raced for


@dataclass
class Loot:
    """What an act has won. mailed: addresses of the attacker that may have been sent a code."""

    access_token: str = ""
    refresh_token: str = ""
    cookie: str = ""
    code: str = ""


@dataclass
class User:
    """One user of one round. password: what its owner knows.  address: where its mail goes."""

    username: str
    address: str
    password: str = PASSWORD
    sub: str = ""
    access_token: str = ""
    refresh_token: str = ""
    session: str = ""
    cookie: str = ""
    csrf: str = ""
    code: str = ""
    mailed: str = ""
    group: str = ""
    srp: SRPClient | None = None
    challenge: dict[str, Any] = field(default_factory=dict)
    app: App | None = None
    passkey: Authenticator | None = None


@dataclass
class Site:
    """One pool with one client that may do everything."""

    user_pool_id: str
    client_id: str
    host: str

    def query(self, **more: str) -> str:
        asked = {"response_type": "code", "client_id": self.client_id, "redirect_uri": CALLBACK, "scope": SCOPES}
        return urlencode({**asked, **more})


RP_ID = "auth.example.com"
FIRST_FACTORS = ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]
SCOPES = "openid aws.cognito.signin.user.admin"


class Racer:
    """The connections of one round at a time: one for the act, one for the change, one for everything before and after."""

    def __init__(self, port: int, site: Site) -> None:
        self._port = port
        self.site = site
        self.statuses: Counter[int] = Counter()
        self._api: list[Connection] = []
        self._pages: list[Connection] = []

    async def open(self) -> None:
        for _ in range(2):
            self._api.append(await Connection.open(self._port))
            pages = await Connection.open(self._port)
            pages._host = f"{self.site.host}:{self._port}"
            self._pages.append(pages)

    def close(self) -> None:
        for connection in (*self._api, *self._pages):
            connection.close()

    async def api(self, operation: str, *, lane: int = 0, **body: Any) -> tuple[int, dict[str, Any]]:
        """One operation. lane: 0 before, after and for the act; 1 for the change."""
        headers = {"content_type": JSON_11, "x_amz_target": TARGET + operation, "authorization": SIGNED}
        answer = await self._api[lane].ask("POST", "/", json.dumps(body).encode(), **headers)
        self._note(answer)
        return answer.status, json.loads(answer.body or b"{}")

    async def admin(self, operation: str, username: str, *, lane: int = 0, **body: Any) -> tuple[int, dict[str, Any]]:
        return await self.api(operation, lane=lane, UserPoolId=self.site.user_pool_id, Username=username, **body)

    async def page(self, method: str, target: str, form: dict[str, str] | None = None, cookie: str = "") -> Answer:
        headers = {"cookie": cookie} if cookie else {}
        if form is not None:
            headers["content_type"] = FORM
        body = urlencode(form).encode() if form is not None else b""
        answer = await self._pages[0].ask(method, target, body, **headers)
        self._note(answer)
        return answer

    def _note(self, answer: Answer) -> None:
        self.statuses[answer.status] += 1
        if answer.status >= 500:
            raise Violation(f"answered {answer.status}: {answer.body[:200]!r}")


class Violation(Exception):
    """Something outlived what should have ended it."""


# ------------------------------------------------------------------------------------------------ preparing


async def confirmed(racer: Racer, user: User) -> None:
    attributes = [{"Name": "email", "Value": user.address}, {"Name": "email_verified", "Value": "true"}]
    status, made = await racer.admin(
        "AdminCreateUser", user.username, MessageAction="SUPPRESS", UserAttributes=attributes
    )
    assert status == 200, made
    user.sub = next(a["Value"] for a in made["User"]["Attributes"] if a["Name"] == "sub")
    await racer.admin("AdminSetUserPassword", user.username, Password=user.password, Permanent=True)


async def unconfirmed(racer: Racer, user: User) -> None:
    attributes = [{"Name": "email", "Value": user.address}]
    status, made = await racer.api(
        "SignUp",
        ClientId=racer.site.client_id,
        Username=user.username,
        Password=user.password,
        UserAttributes=attributes,
    )
    assert status == 200, made
    user.sub = made["UserSub"]


async def with_temporary_password(racer: Racer, user: User) -> None:
    await confirmed(racer, user)
    user.password = f"Temporary-{user.username}-1A"
    await racer.admin("AdminSetUserPassword", user.username, Password=user.password, Permanent=False)
    status, challenge = await _password(racer, user)
    assert status == 200, challenge
    user.session = challenge["Session"]


async def signed_in(racer: Racer, user: User) -> None:
    await confirmed(racer, user)
    status, answer = await _password(racer, user)
    assert status == 200, answer
    user.access_token = answer["AuthenticationResult"]["AccessToken"]
    user.refresh_token = answer["AuthenticationResult"]["RefreshToken"]


async def with_srp_challenge(racer: Racer, user: User) -> None:
    await confirmed(racer, user)
    user.srp = SRPClient(racer.site.user_pool_id, user.username, user.password)
    status, user.challenge = await racer.api(
        "InitiateAuth", ClientId=racer.site.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=user.srp.parameters
    )
    assert status == 200, user.challenge


async def with_custom_challenge(racer: Racer, user: User) -> None:
    await confirmed(racer, user)
    parameters = {"USERNAME": user.username}
    status, challenge = await racer.api(
        "InitiateAuth", ClientId=racer.site.client_id, AuthFlow="CUSTOM_AUTH", AuthParameters=parameters
    )
    assert status == 200, challenge
    user.session = challenge["Session"]


async def at_the_login_page(racer: Racer, user: User) -> None:
    await confirmed(racer, user)
    page = await racer.page("GET", f"/login?{racer.site.query()}")
    user.csrf = page.headers["set-cookie"].partition("XSRF-TOKEN=")[2].partition(";")[0]


async def in_the_browser(racer: Racer, user: User) -> None:
    await at_the_login_page(racer, user)
    won = await hosted_login(racer, user)
    assert won.code, "the hosted sign-in did not work"
    user.cookie, user.code = won.cookie, won.code


async def with_reset_code(racer: Racer, user: User) -> None:
    await confirmed(racer, user)
    await forgot_password(racer, user)
    user.mailed = (await _codes(racer, user.address))[0]


async def with_unproven_address(racer: Racer, user: User) -> None:
    await signed_in(racer, user)
    attributes = [{"Name": "email_verified", "Value": "false"}]
    await racer.admin("AdminUpdateUserAttributes", user.username, UserAttributes=attributes)


async def with_attribute_code(racer: Racer, user: User) -> None:
    await with_unproven_address(racer, user)
    await attribute_code(racer, user)
    user.mailed = (await _codes(racer, user.address))[0]


async def with_group(racer: Racer, user: User) -> None:
    await confirmed(racer, user)
    user.group = f"group-{user.username}"
    await racer.api("CreateGroup", UserPoolId=racer.site.user_pool_id, GroupName=user.group)


async def with_provider(racer: Racer, user: User) -> None:
    """One for the whole pool; whoever comes second is told that it is there."""
    await confirmed(racer, user)
    details = {"client_id": "x", "client_secret": "x", "authorize_scopes": "email"}
    await racer.api(
        "CreateIdentityProvider",
        UserPoolId=racer.site.user_pool_id,
        ProviderName="Google",
        ProviderType="Google",
        ProviderDetails=details,
    )


async def _user_auth(racer: Racer, user: User, **preferred: str) -> None:
    status, user.challenge = await racer.api(
        "InitiateAuth",
        ClientId=racer.site.client_id,
        AuthFlow="USER_AUTH",
        AuthParameters={"USERNAME": user.username, **preferred},
    )
    assert status == 200, user.challenge
    user.session = user.challenge["Session"]


async def with_choice(racer: Racer, user: User) -> None:
    await confirmed(racer, user)
    await _user_auth(racer, user)


async def with_mailed_code(racer: Racer, user: User) -> None:
    await confirmed(racer, user)
    await _user_auth(racer, user, PREFERRED_CHALLENGE="EMAIL_OTP")
    user.mailed = (await _codes(racer, user.address))[0]


async def with_passkey_begun(racer: Racer, user: User) -> None:
    await signed_in(racer, user)
    status, begun = await racer.api("StartWebAuthnRegistration", AccessToken=user.access_token)
    assert status == 200, begun
    user.challenge = begun["CredentialCreationOptions"]
    user.passkey = Authenticator(f"https://{RP_ID}")


async def with_passkey(racer: Racer, user: User) -> None:
    await with_passkey_begun(racer, user)
    await register_passkey(racer, user)
    await _user_auth(racer, user, PREFERRED_CHALLENGE="WEB_AUTHN")


async def with_app_begun(racer: Racer, user: User) -> None:
    await signed_in(racer, user)
    status, begun = await racer.api("AssociateSoftwareToken", AccessToken=user.access_token)
    assert status == 200, begun
    user.app = App(begun["SecretCode"])


async def with_app(racer: Racer, user: User) -> None:
    await with_app_begun(racer, user)
    await verify_app(racer, user)


async def with_app_asked_for(racer: Racer, user: User) -> None:
    await with_app(racer, user)
    await prefer_app(racer, user)
    status, user.challenge = await _password(racer, user)
    assert user.challenge.get("ChallengeName") == "SOFTWARE_TOKEN_MFA", (status, user.challenge)
    user.session = user.challenge["Session"]


# ------------------------------------------------------------------------------------------------ the acts


async def _password(racer: Racer, user: User) -> tuple[int, dict[str, Any]]:
    parameters = {"USERNAME": user.username, "PASSWORD": user.password}
    return await racer.api(
        "InitiateAuth", ClientId=racer.site.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
    )


def _tokens(answer: tuple[int, dict[str, Any]]) -> Loot:
    result = answer[1].get("AuthenticationResult") or {}
    return Loot(access_token=result.get("AccessToken", ""), refresh_token=result.get("RefreshToken", ""))


async def password_sign_in(racer: Racer, user: User) -> Loot:
    return _tokens(await _password(racer, user))


async def _respond(racer: Racer, name: str, responses: dict[str, str], **more: str) -> Loot:
    return _tokens(
        await racer.api(
            "RespondToAuthChallenge",
            ClientId=racer.site.client_id,
            ChallengeName=name,
            ChallengeResponses=responses,
            **more,
        )
    )


async def srp_sign_in(racer: Racer, user: User) -> Loot:
    assert user.srp is not None
    return await _respond(racer, "PASSWORD_VERIFIER", user.srp.responses(user.challenge))


async def new_password_required(racer: Racer, user: User) -> Loot:
    responses = {"USERNAME": user.username, "NEW_PASSWORD": NEW_PASSWORD}
    return await _respond(racer, "NEW_PASSWORD_REQUIRED", responses, Session=user.session)


async def custom_challenge(racer: Racer, user: User) -> Loot:
    responses = {"USERNAME": user.username, "ANSWER": "right"}
    return await _respond(racer, "CUSTOM_CHALLENGE", responses, Session=user.session)


async def choose_password(racer: Racer, user: User) -> Loot:
    responses = {"USERNAME": user.username, "ANSWER": "PASSWORD", "PASSWORD": user.password}
    return await _respond(racer, "SELECT_CHALLENGE", responses, Session=user.session)


async def mailed_code(racer: Racer, user: User) -> Loot:
    responses = {"USERNAME": user.username, "EMAIL_OTP_CODE": user.mailed}
    return await _respond(racer, "EMAIL_OTP", responses, Session=user.session)


async def register_passkey(racer: Racer, user: User) -> Loot:
    assert user.passkey is not None
    credential = user.passkey.create(user.challenge)
    await racer.api("CompleteWebAuthnRegistration", AccessToken=user.access_token, Credential=credential)
    return Loot()


async def passkey_sign_in(racer: Racer, user: User) -> Loot:
    assert user.passkey is not None
    options = json.loads(user.challenge["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    responses = {"USERNAME": user.username, "CREDENTIAL": user.passkey.get(options)}
    return await _respond(racer, "WEB_AUTHN", responses, Session=user.session)


async def associate_app(racer: Racer, user: User) -> Loot:
    await racer.api("AssociateSoftwareToken", AccessToken=user.access_token)
    return Loot()


async def verify_app(racer: Racer, user: User) -> Loot:
    assert user.app is not None
    await racer.api("VerifySoftwareToken", AccessToken=user.access_token, UserCode=user.app.code(steps=-1))
    return Loot()


async def prefer_app(racer: Racer, user: User) -> Loot:
    wish = {"Enabled": True, "PreferredMfa": True}
    await racer.api("SetUserMFAPreference", AccessToken=user.access_token, SoftwareTokenMfaSettings=wish)
    return Loot()


async def app_code(racer: Racer, user: User) -> Loot:
    assert user.app is not None
    responses = {"USERNAME": user.username, "SOFTWARE_TOKEN_MFA_CODE": user.app.code()}
    return await _respond(racer, "SOFTWARE_TOKEN_MFA", responses, Session=user.session)


async def remove_app(racer: Racer, user: User) -> Loot:
    await racer.admin("AdminDeleteSoftwareToken", user.sub)
    return Loot()


async def refresh(racer: Racer, user: User) -> Loot:
    return _tokens(
        await racer.api("GetTokensFromRefreshToken", ClientId=racer.site.client_id, RefreshToken=user.refresh_token)
    )


async def hosted_login(racer: Racer, user: User) -> Loot:
    form = {"_csrf": user.csrf, "username": user.username, "password": user.password}
    answer = await racer.page("POST", f"/login?{racer.site.query()}", form, f"XSRF-TOKEN={user.csrf}")
    # Of several Set-Cookie lines the plain parser keeps the last; the session is asked for by name.
    return Loot(cookie=answer.headers.get("set-cookie:cognito", ""), code=_code_in(answer))


async def silent_sign_in(racer: Racer, user: User) -> Loot:
    answer = await racer.page("GET", f"/oauth2/authorize?{racer.site.query()}", cookie=f"cognito={user.cookie}")
    return Loot(cookie=user.cookie, code=_code_in(answer))


def _code_in(answer: Answer) -> str:
    location = answer.headers.get("location", "")
    return parse_qs(urlsplit(location).query).get("code", [""])[0] if location.startswith(CALLBACK) else ""


async def code_redemption(racer: Racer, user: User) -> Loot:
    answer = await _redeem(racer, user.code)
    tokens = json.loads(answer.body)
    return Loot(tokens.get("access_token", ""), tokens.get("refresh_token", ""), user.cookie)


async def _redeem(racer: Racer, code: str) -> Answer:
    form = {
        "grant_type": "authorization_code",
        "client_id": racer.site.client_id,
        "redirect_uri": CALLBACK,
        "code": code,
    }
    return await racer.page("POST", "/oauth2/token", form)


async def forgot_password(racer: Racer, user: User) -> Loot:
    await racer.api("ForgotPassword", ClientId=racer.site.client_id, Username=user.username)
    return Loot()


async def resend(racer: Racer, user: User) -> Loot:
    await racer.api("ResendConfirmationCode", ClientId=racer.site.client_id, Username=user.username)
    return Loot()


async def attribute_code(racer: Racer, user: User) -> Loot:
    await racer.api("GetUserAttributeVerificationCode", AccessToken=user.access_token, AttributeName="email")
    return Loot()


async def new_address(racer: Racer, user: User) -> Loot:
    attributes = [{"Name": "email", "Value": f"second-{user.address}"}]
    await racer.api("UpdateUserAttributes", AccessToken=user.access_token, UserAttributes=attributes)
    return Loot()


async def verify_attribute(racer: Racer, user: User) -> Loot:
    await racer.api("VerifyUserAttribute", AccessToken=user.access_token, AttributeName="email", Code=user.mailed)
    return Loot()


async def admin_reset(racer: Racer, user: User) -> Loot:
    await racer.admin("AdminResetUserPassword", user.sub)
    return Loot()


async def change_password(racer: Racer, user: User) -> Loot:
    passwords = {"PreviousPassword": user.password, "ProposedPassword": NEW_PASSWORD}
    await racer.api("ChangePassword", AccessToken=user.access_token, **passwords)
    return Loot()


async def confirm_forgot_password(racer: Racer, user: User) -> Loot:
    await racer.api(
        "ConfirmForgotPassword",
        ClientId=racer.site.client_id,
        Username=user.username,
        ConfirmationCode=user.mailed,
        Password=NEW_PASSWORD,
    )
    return Loot()


async def join_group(racer: Racer, user: User) -> Loot:
    await racer.admin("AdminAddUserToGroup", user.sub, GroupName=user.group)
    return Loot()


async def link_provider(racer: Racer, user: User) -> Loot:
    await racer.api(
        "AdminLinkProviderForUser",
        UserPoolId=racer.site.user_pool_id,
        DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": user.sub},
        SourceUser={
            "ProviderName": "Google",
            "ProviderAttributeName": "Cognito_Subject",
            "ProviderAttributeValue": user.username,
        },
    )
    return Loot()


@dataclass(frozen=True)
class Act:
    """Something that issues or stores. rests_on_sign_in: what it wins belongs to a sign-in from before the race."""

    name: str
    prepare: Callable[[Racer, User], Awaitable[None]]
    run: Callable[[Racer, User], Awaitable[Loot]]
    rests_on_sign_in: bool = False


ACTS = (
    Act("InitiateAuth, password", confirmed, password_sign_in),
    Act("RespondToAuthChallenge, SRP", with_srp_challenge, srp_sign_in),
    Act("RespondToAuthChallenge, custom", with_custom_challenge, custom_challenge),
    Act("RespondToAuthChallenge, new password", with_temporary_password, new_password_required),
    Act("RespondToAuthChallenge, choice of the password", with_choice, choose_password),
    Act("RespondToAuthChallenge, e-mail code", with_mailed_code, mailed_code),
    Act("RespondToAuthChallenge, passkey", with_passkey, passkey_sign_in),
    Act("RespondToAuthChallenge, app", with_app_asked_for, app_code),
    Act("CompleteWebAuthnRegistration", with_passkey_begun, register_passkey),
    Act("AssociateSoftwareToken", signed_in, associate_app),
    Act("VerifySoftwareToken", with_app_begun, verify_app),
    Act("SetUserMFAPreference", with_app, prefer_app),
    Act("AdminDeleteSoftwareToken", with_app, remove_app),
    Act("GetTokensFromRefreshToken", signed_in, refresh, rests_on_sign_in=True),
    Act("POST /login", at_the_login_page, hosted_login),
    Act("GET /oauth2/authorize, silent", in_the_browser, silent_sign_in),
    Act("POST /oauth2/token, code", in_the_browser, code_redemption, rests_on_sign_in=True),
    Act("ForgotPassword", confirmed, forgot_password),
    Act("ConfirmForgotPassword", with_reset_code, confirm_forgot_password),
    Act("AdminResetUserPassword", confirmed, admin_reset),
    Act("ResendConfirmationCode", unconfirmed, resend),
    Act("GetUserAttributeVerificationCode", with_unproven_address, attribute_code),
    Act("UpdateUserAttributes", signed_in, new_address),
    Act("VerifyUserAttribute", with_attribute_code, verify_attribute),
    Act("ChangePassword", signed_in, change_password),
    Act("AdminAddUserToGroup", with_group, join_group),
    Act("AdminLinkProviderForUser", with_provider, link_provider),
)

# ------------------------------------------------------------------------------------------------ the changes


async def delete(racer: Racer, user: User) -> None:
    await racer.admin("AdminDeleteUser", user.sub, lane=1)


async def recreate(racer: Racer, user: User) -> None:
    """The name goes to somebody else, with another address and another password."""
    await delete(racer, user)
    attributes = [{"Name": "email", "Value": _owner(user)}, {"Name": "email_verified", "Value": "true"}]
    await racer.admin("AdminCreateUser", user.username, lane=1, MessageAction="SUPPRESS", UserAttributes=attributes)
    await racer.admin("AdminSetUserPassword", user.username, lane=1, Password=_owner_password(user), Permanent=True)


def _owner(user: User) -> str:
    return f"owner-{user.address}"


def _owner_password(user: User) -> str:
    return f"Owner-{user.username}-1A"


async def disable(racer: Racer, user: User) -> None:
    await racer.admin("AdminDisableUser", user.sub, lane=1)


async def enable(racer: Racer, user: User) -> None:
    await racer.admin("AdminEnableUser", user.sub)


async def set_password(racer: Racer, user: User) -> None:
    await racer.admin("AdminSetUserPassword", user.sub, lane=1, Password=_owner_password(user), Permanent=True)


async def take_password(racer: Racer, user: User) -> None:
    """AdminDisableProviderForUser for the password; nothing that rests on it goes on in a browser, and it signs in no more."""
    named = {
        "ProviderName": "Cognito",
        "ProviderAttributeName": "Cognito_Subject",
        "ProviderAttributeValue": user.sub,
    }
    await racer.api("AdminDisableProviderForUser", lane=1, UserPoolId=racer.site.user_pool_id, User=named)


async def has_no_password(racer: Racer, user: User) -> None:
    for password in (user.password, NEW_PASSWORD):
        answer = await racer.api(
            "InitiateAuth",
            ClientId=racer.site.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.username, "PASSWORD": password},
        )
        if answer[0] == 200:
            raise Violation("a password signs in after it was taken away")


async def sign_out(racer: Racer, user: User) -> None:
    await racer.admin("AdminUserGlobalSignOut", user.sub, lane=1)


async def change_address(racer: Racer, user: User) -> None:
    attributes = [{"Name": "email", "Value": _owner(user)}]
    await racer.admin("AdminUpdateUserAttributes", user.sub, lane=1, UserAttributes=attributes)


async def nothing(_racer: Racer, _user: User) -> None:
    pass


@dataclass(frozen=True)
class Change:
    """ends: which loot must be dead afterwards.  of_sign_ins: only loot of a sign-in from before.  then: after act and change."""

    name: str
    run: Callable[[Racer, User], Awaitable[None]]
    ends: frozenset[str]
    of_sign_ins: bool = False
    then: Callable[[Racer, User], Awaitable[None]] = nothing
    in_strict_pool: bool = False


TOKENS = frozenset({"access_token", "refresh_token", "code"})
EVERYTHING = TOKENS | {"cookie"}
CHANGES = (
    Change("delete", delete, EVERYTHING),
    Change("delete + create", recreate, EVERYTHING),
    Change("disable + enable", disable, EVERYTHING, then=enable),
    Change("new password", set_password, frozenset({"cookie"})),
    Change("new password that ends tokens", set_password, EVERYTHING, in_strict_pool=True),
    Change("password taken away", take_password, frozenset({"cookie"}), then=has_no_password),
    Change("global sign-out", sign_out, TOKENS, of_sign_ins=True),
    Change("change of address", change_address, frozenset()),
)
PAIRS = [(change, act) for change in CHANGES for act in ACTS]

# ------------------------------------------------------------------------------------------------ one round


async def race(racer: Racer, change: Change, act: Act, rng: random.Random) -> None:
    """Raises Violation."""
    name = f"u{rng.getrandbits(64):016x}"
    user = User(username=name, address=f"{name}@x.example")
    await act.prepare(racer, user)
    pause = rng.uniform(-JITTER_SECONDS, JITTER_SECONDS)

    async def late(seconds: float, work: Awaitable[Any]) -> Any:
        await asyncio.sleep(max(0.0, seconds))
        return await work

    loot, _ = await asyncio.gather(late(-pause, act.run(racer, user)), late(pause, change.run(racer, user)))
    await change.then(racer, user)
    if not change.of_sign_ins or act.rests_on_sign_in:
        for kind in sorted(change.ends):
            if getattr(loot, kind) and await ALIVE[kind](racer, getattr(loot, kind)):
                raise Violation(f"the {kind} outlived it")
    await _check_codes(racer, user)
    if change.run is recreate:
        await _check_owner(racer, user, act)


async def _works(racer: Racer, access_token: str) -> bool:
    return (await racer.api("GetUser", AccessToken=access_token))[0] == 200


async def _refreshes(racer: Racer, refresh_token: str) -> bool:
    status, _ = await racer.api("GetTokensFromRefreshToken", ClientId=racer.site.client_id, RefreshToken=refresh_token)
    return status == 200


async def _signs_in(racer: Racer, cookie: str) -> bool:
    return bool(
        _code_in(await racer.page("GET", f"/oauth2/authorize?{racer.site.query()}", cookie=f"cognito={cookie}"))
    )


async def _redeems(racer: Racer, code: str) -> bool:
    return (await _redeem(racer, code)).status == 200


ALIVE = {"access_token": _works, "refresh_token": _refreshes, "cookie": _signs_in, "code": _redeems}


async def _codes(racer: Racer, address: str) -> list[str]:
    """Of all messages to an address, the newest first."""
    answer = await racer.page("GET", "/_poolhouse/api/inbox?" + urlencode({"to": address}))
    return [message["code"] for message in json.loads(answer.body)["messages"]]


async def _check_codes(racer: Racer, user: User) -> None:
    """Whoever reads the mail of an address can prove that address, and no other; and takes over no account by it."""
    for address in (user.address, f"second-{user.address}"):
        for code in await _codes(racer, address):
            confirmation = {"ClientId": racer.site.client_id, "Username": user.username, "ConfirmationCode": code}
            if user.access_token:
                proof = {"AccessToken": user.access_token, "AttributeName": "email", "Code": code}
                await racer.api("VerifyUserAttribute", **proof)
            await racer.api("ConfirmSignUp", **confirmation)
            status, now = await racer.admin("AdminGetUser", user.username)
            attributes = {a["Name"]: a["Value"] for a in now.get("UserAttributes", [])} if status == 200 else {}
            reset, _ = await racer.api("ConfirmForgotPassword", **confirmation, Password=_unused(user))
            if attributes.get("email") == _owner(user):
                if attributes.get("email_verified") == "true" and attributes["sub"] == user.sub:
                    raise Violation("an address was proven by a code that went to another")
                if reset == 200:
                    raise Violation("a password was reset by a code that went to another address")


def _unused(user: User) -> str:
    """A password that the user never had: no history shall be what stops a code."""
    return f"Reset-{user.username}-{secrets.token_hex(4)}"


async def _check_owner(racer: Racer, user: User, act: Act) -> None:
    """The next owner of the name has nothing of the old one's, and the old one nothing of the new one's."""
    _, groups = await racer.admin("AdminListGroupsForUser", user.username)
    if groups.get("Groups"):
        raise Violation("a membership passed to the next owner of the name")
    owner = User(username=user.username, address=_owner(user), password=_owner_password(user))
    if not (await password_sign_in(racer, owner)).access_token:
        raise Violation(f"{act.name} of the old owner changed the password of the next")


# ------------------------------------------------------------------------------------------------ all of them


ARN = "arn:aws:lambda:us-east-1:000000000000:function:races"
CUSTOM_AUTH = dict.fromkeys(("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"), ARN)
# What is asked between the look at a user and the write: the time in which a change has to be noticed.
BETWEEN = dict.fromkeys(("PreAuthentication", "PostAuthentication", "PreTokenGeneration"), ARN)
FUNCTION = """
def lambda_handler(event, context):
    request, response = event["request"], event["response"]
    if "issueTokens" in response:
        response["issueTokens"] = bool(request["session"]) and request["session"][-1]["challengeResult"]
        response["challengeName"] = "CUSTOM_CHALLENGE"
    if "answerCorrect" in response:
        response["answerCorrect"] = request["challengeAnswer"] == "right"
    return event
"""


def prepare(data: Path) -> None:
    """The function of the pools' triggers, before the server starts."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "races_function.py").write_text(FUNCTION)
    (data / "poolhouse.toml").write_text(f'[triggers]\n"{ARN}" = "races_function.py"\n')


def site(server: Server, **settings: Any) -> Site:
    """A new pool for races."""
    api = server.client()
    pools = Pools(api)
    policies = {**settings.pop("Policies", {}), "SignInPolicy": {"AllowedFirstAuthFactors": FIRST_FACTORS}}
    user_pool_id = pools.user_pool(AutoVerifiedAttributes=["email"], Policies=policies, **settings)
    api.set_user_pool_mfa_config(
        UserPoolId=user_pool_id,
        MfaConfiguration="OPTIONAL",
        SoftwareTokenMfaConfiguration={"Enabled": True},
        WebAuthnConfiguration={"RelyingPartyId": RP_ID},
    )
    client_id = pools.client_id(
        user_pool_id,
        ExplicitAuthFlows=["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"],
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=SCOPES.split(),
        CallbackURLs=[CALLBACK],
        SupportedIdentityProviders=["COGNITO"],
    )
    domain = f"races-{secrets.token_hex(4)}"
    api.create_user_pool_domain(UserPoolId=user_pool_id, Domain=domain)
    return Site(user_pool_id, client_id, f"{domain}.auth.localhost")


async def run(server: Server, pairs: list[tuple[Change, Act]], rounds: int, seed: int) -> list[str]:
    """All rounds of these pairs on a running server; the violations."""
    tags = {"poolhouse:revoke_on_password_change": "true"}
    remembers = {"PasswordPolicy": {"PasswordHistorySize": 3}}  # of whoever is gone, former passwords must not be left
    plain = site(server, LambdaConfig=CUSTOM_AUTH, Policies=remembers)
    watched = {"AdvancedSecurityMode": "AUDIT"}  # events of whoever is gone must not be left
    strict = site(server, LambdaConfig=CUSTOM_AUTH | BETWEEN, UserPoolTags=tags, UserPoolAddOns=watched)
    rng = random.Random(seed)
    work = [(change, act, rng.getrandbits(64)) for change, act in pairs for _ in range(rounds)]
    rng.shuffle(work)
    violations: list[str] = []

    async def racing() -> None:
        while work:
            change, act, drawn = work.pop()
            racer = Racer(server.port, strict if change.in_strict_pool else plain)
            await racer.open()  # each round on connections of its own: the workers share them anew
            try:
                await race(racer, change, act, random.Random(drawn))
            except Violation as violation:
                violations.append(f"{change.name} x {act.name}: {violation}")
            finally:
                racer.close()

    await asyncio.gather(*(racing() for _ in range(AT_ONCE)))
    return violations + await _left_behind(server)


async def _left_behind(server: Server) -> list[str]:
    db = await open_database(Settings(data=server.data, database_url=server.database_url), migrate=False)
    found = []
    try:
        for table in tables.RUNTIME:
            if not table.owner or table.name == "attempts":  # those belong to names that somebody tried, users or not
                continue
            by = "username" if table.owner == "username" else "sub"
            # What stands for nobody among the codes is longer than a sub.
            condition = "AND LENGTH(t.subject) = 36" if table.owner == "subject" else ""
            row = await db.one(
                f"SELECT COUNT(*) FROM {table.name} t "
                f"LEFT JOIN users u ON u.user_pool_id = t.user_pool_id AND u.{by} = t.{table.owner} "
                f"WHERE u.sub IS NULL {condition}"
            )
            if row is not None and row[0]:
                found.append(f"left behind: {row[0]} rows of {table.name}")
    finally:
        await db.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.races", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each pair on each engine")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=["sqlite", "postgresql"])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = 0
    for engine in options.engines:
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="poolhouse-races-") as folder:
            cluster = Cluster().start() if engine == "postgresql" else None
            prepare(Path(folder))
            server = Server(Path(folder), "--workers", "2", database_url=cluster.create_database() if cluster else "")
            try:
                violations = asyncio.run(run(server.start(), PAIRS, options.rounds, options.seed))
            finally:
                server.stop()
                if cluster is not None:
                    cluster.stop()
        found += len(violations)
        for text, count in Counter(violations).most_common():
            sys.stdout.write(f"  {count:4} x {text}\n")
        sys.stdout.write(
            f"{engine}, 2 workers: {len(PAIRS)} pairs x {options.rounds} rounds in {time.monotonic() - started:.0f} s, "
            f"{len(violations)} violations\n"
        )
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
