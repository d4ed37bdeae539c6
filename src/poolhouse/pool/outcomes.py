"""What a step of signing in comes to: signed in, or one more challenge; a refusal is an exception. And what was granted."""

from typing import Literal

import msgspec

from poolhouse.storage.users import User


class Spend(msgspec.Struct, frozen=True):
    """A single-use value that must be taken in the same write that issues something for it.

    refusal: public text when somebody has taken it before (NotAuthorizedException).
    """

    value_hash: bytes
    expires_at_ms: int
    refusal: str


class SignedIn(msgspec.Struct, frozen=True):
    """All factors are proven; nothing is issued yet.

    lockout_name: whose failed attempts are forgotten now, or None.  spends: taken before anything is issued.
    """

    user: User
    auth_time: int
    lockout_name: str | None = None
    spends: tuple[Spend, ...] = ()
    identity_provider: str = "COGNITO"


class Challenged(msgspec.Struct, frozen=True):
    """One more thing to prove. session: the challenge session; parameters: as on the wire."""

    name: str
    session: str | None
    parameters: dict[str, str]


Outcome = SignedIn | Challenged

Source = Literal["api", "oauth"]


class Grant(msgspec.Struct, frozen=True):
    """What a sign-in was granted. auth_time in epoch seconds; resource: audience of RFC 8707, or empty."""

    scopes: tuple[str, ...]
    auth_time: int
    source: Source
    nonce: str = ""
    resource: str = ""
