"""What a user may be asked to prove, one struct each. How they are spelled on the wire, the JSON edge knows; pages match on them."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

import msgspec

from poolhouse.delivery.outbox import Notice
from poolhouse.storage.engine import Transaction

# The words of RespondToAuthChallenge; also what a Session is sealed for.
PASSWORD_VERIFIER = "PASSWORD_VERIFIER"
NEW_PASSWORD_REQUIRED = "NEW_PASSWORD_REQUIRED"
CUSTOM_CHALLENGE = "CUSTOM_CHALLENGE"
SMS_MFA = "SMS_MFA"
EMAIL_OTP = "EMAIL_OTP"
SOFTWARE_TOKEN_MFA = "SOFTWARE_TOKEN_MFA"
SELECT_MFA_TYPE = "SELECT_MFA_TYPE"
MFA_SETUP = "MFA_SETUP"
SELECT_CHALLENGE = "SELECT_CHALLENGE"
PASSWORD = "PASSWORD"  # the challenge, not a secret
PASSWORD_SRP = "PASSWORD_SRP"
SMS_OTP = "SMS_OTP"
WEB_AUTHN = "WEB_AUTHN"
DEVICE_SRP_AUTH = "DEVICE_SRP_AUTH"
DEVICE_PASSWORD_VERIFIER = "DEVICE_PASSWORD_VERIFIER"


class PasswordVerifier(msgspec.Struct, frozen=True):
    """The second half of SRP. It has no Session: secret_block carries what the answer needs (user-pools-api.md §6.3).

    salt, b_pub: hexadecimal.  secret_block: base64.  user_id: USER_ID_FOR_SRP.
    """

    name: ClassVar[str] = PASSWORD_VERIFIER

    user_id: str
    salt: str
    b_pub: str
    secret_block: str


class NewPassword(msgspec.Struct, frozen=True):
    """The temporary password has to give way (user-pools-api.md §6.8). missing: required attributes that the user lacks.

    attributes: what the client may read of the user.
    """

    name: ClassVar[str] = NEW_PASSWORD_REQUIRED

    user_id: str
    missing: tuple[str, ...]
    attributes: dict[str, str]


class CustomChallenge(msgspec.Struct, frozen=True):
    """What the pool's CreateAuthChallenge trigger asks (user-pools-api.md §6.4). parameters: as it said, for the client."""

    name: ClassVar[str] = CUSTOM_CHALLENGE

    username: str
    parameters: dict[str, str]


class CodeSent(msgspec.Struct, frozen=True):
    """A code was sent (user-pools-api.md §6.5, §6.9). name: SMS_MFA, EMAIL_OTP or SMS_OTP.

    user_id: empty where the code is the first factor.  medium: SMS or EMAIL.  destination: masked.
    """

    name: str
    user_id: str
    medium: str
    destination: str


class SoftwareTokenCode(msgspec.Struct, frozen=True):
    """The code of an authenticator app. friendly_name: as its owner has called it, or empty."""

    name: ClassVar[str] = SOFTWARE_TOKEN_MFA

    user_id: str
    friendly_name: str


class SelectMfaType(msgspec.Struct, frozen=True):
    """Several factors would do."""

    name: ClassVar[str] = SELECT_MFA_TYPE

    user_id: str
    choices: tuple[str, ...]


class MfaSetup(msgspec.Struct, frozen=True):
    """The pool requires a second factor and the user has none yet."""

    name: ClassVar[str] = MFA_SETUP

    user_id: str
    choices: tuple[str, ...]


class SelectChallenge(msgspec.Struct, frozen=True):
    """With which first factor the user wants to begin (user-pools-api.md §6.5); Challenged.available says which there are.

    passkey_options: PublicKeyCredentialRequestOptions as JSON, where a passkey is one of them, else empty.
    """

    name: ClassVar[str] = SELECT_CHALLENGE

    passkey_options: str = ""


class PasskeyRequest(msgspec.Struct, frozen=True):
    """A passkey is asked for. options: PublicKeyCredentialRequestOptions as JSON."""

    name: ClassVar[str] = WEB_AUTHN

    options: str


class DeviceSRPAuth(msgspec.Struct, frozen=True):
    """The device is asked to begin SRP (user-pools-api.md §6.10)."""

    name: ClassVar[str] = DEVICE_SRP_AUTH

    username: str
    device_key: str


class DevicePasswordVerifier(msgspec.Struct, frozen=True):
    """The second half of it. salt, b_pub: hexadecimal.  secret_block: base64."""

    name: ClassVar[str] = DEVICE_PASSWORD_VERIFIER

    username: str
    device_key: str
    salt: str
    b_pub: str
    secret_block: str


Challenge = (
    PasswordVerifier
    | NewPassword
    | CustomChallenge
    | CodeSent
    | SoftwareTokenCode
    | SelectMfaType
    | MfaSetup
    | SelectChallenge
    | PasskeyRequest
    | DeviceSRPAuth
    | DevicePasswordVerifier
)


class Memory(msgspec.Struct, frozen=True, array_like=True):
    """What the Session of a challenge remembers of it.

    code_hash: of the code that was sent, and of where it went; or what a passkey has to sign.  address: one that is not the user's yet.
    choices: what the answer may name.
    is_set_up: that the factor was set up meanwhile.
    """

    code_hash: bytes = b""
    address: str = ""
    choices: tuple[str, ...] = ()
    is_set_up: bool = False


NO_MEMORY = Memory()


class Asked(msgspec.Struct, frozen=True):
    """What a step asks for. notice: what is sent, in the write that takes what the attempt has used up.

    keep: what else that write does, given the Session of the challenge.
    """

    challenge: Challenge
    memory: Memory = NO_MEMORY
    notice: Notice | None = None
    keep: Callable[[Transaction, str], Awaitable[None]] | None = None


class Challenged(msgspec.Struct, frozen=True):
    """One more thing to prove. session: what the answer has to bring back, or None.  available: AvailableChallenges."""

    challenge: Challenge
    session: str | None = None
    available: tuple[str, ...] = ()
