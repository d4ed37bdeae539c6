"""What a sign-in comes to, and what stands in for one; a refusal is an exception. And what was granted."""

from typing import Literal

import msgspec

from poolhouse.storage.auth_events import AuthEvent
from poolhouse.storage.users import User


class Spend(msgspec.Struct, frozen=True):
    """A single-use value that must be taken in the same write that issues something for it.

    refusal: public text when somebody has taken it before (NotAuthorizedException).
    """

    value_hash: bytes
    expires_at_ms: int
    refusal: str


class Assessment(msgspec.Struct, frozen=True, array_like=True):
    """What threat protection thinks of a sign-in, once for all its steps. event: as it is stored.

    action: what follows from the risk: NO_ACTION, MFA_IF_CONFIGURED, MFA_REQUIRED, BLOCK.  is_notified: whether the user is told.
    """

    event: AuthEvent
    action: str = "NO_ACTION"
    is_notified: bool = False

    @property
    def wants_mfa(self) -> bool:
        return self.action in ("MFA_IF_CONFIGURED", "MFA_REQUIRED")


class SignedIn(msgspec.Struct, frozen=True):
    """All that the pool asks for is proven; nothing is issued yet. Only sign_in/machine.py makes one.

    flow: AuthFlow.  proven: the factors, by the names of their challenges.
    device_key: as Attempt has it, for the tokens of the API.
    lockout_name: whose failed attempts are forgotten now, or None.  spends: taken before anything is issued.
    assessment: None where nobody watches.
    """

    user: User
    auth_time: int
    flow: str
    proven: tuple[str, ...]
    lockout_name: str | None = None
    spends: tuple[Spend, ...] = ()
    identity_provider: str = "COGNITO"
    device_key: str = ""
    is_new_device: bool = False
    assessment: Assessment | None = None

    @property
    def event_id(self) -> str:
        return "" if self.assessment is None else self.assessment.event.event_id


class Remembered(msgspec.Struct, frozen=True):
    """A browser session stands in for a sign-in: its steps were passed when it began. Only sso_sessions.py makes one."""

    user: User
    auth_time: int
    identity_provider: str
    session_hash: bytes = b""


class Redeemed(msgspec.Struct, frozen=True):
    """What a sign-in or a session came to a moment ago, now asked for by its client. Only authorization_codes.py and
    authorization_requests.py make one, from a code or the implicit grant."""

    user: User
    auth_time: int


# Who is to be given tokens, and why that is right.
Proven = SignedIn | Remembered | Redeemed

Source = Literal["api", "oauth"]


class Grant(msgspec.Struct, frozen=True):
    """What a sign-in was granted. auth_time in epoch seconds; resource: audience of RFC 8707, or empty.

    device_key: of the device to which the tokens belong, or empty.
    sso_session_id: of the browser's session, where the pool keeps account of it, or empty.
    event_id: of the authentication event, where there is one; then the tokens have it too.
    has_access_token: False where the ID token alone was asked for.
    """

    scopes: tuple[str, ...]
    auth_time: int
    source: Source
    nonce: str = ""
    resource: str = ""
    device_key: str = ""
    sso_session_id: str = ""
    event_id: str = ""
    has_access_token: bool = True
