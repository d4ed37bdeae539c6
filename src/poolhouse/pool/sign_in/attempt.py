"""An attempt to sign in: who it is, by which flow, and what is proven. Flows and answers make one; the machine ends it."""

import msgspec

from poolhouse.pool.outcomes import Spend
from poolhouse.storage.users import User


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """user: as looked at when the last factor was proven.  flow: the AuthFlow.  proven: ChallengeNames, the oldest first.

    lockout_name: whose failed passwords a success forgets, or None.  spends: taken before anything is issued.
    chosen: the second factor that the user has picked, or empty.  requires_mfa: because the sign-in looks risky.
    device_key: of the device that the sign-in is made with, or empty.  is_new_device: it was given the key just now.
    skips_mfa: because the device is remembered.
    is_decided: in CUSTOM_AUTH, that the triggers want tokens to be issued.
    What the client sent beside its answer (metadata, user context) belongs to each request: call.client_context.
    """

    user: User
    flow: str
    proven: tuple[str, ...]
    lockout_name: str | None = None
    spends: tuple[Spend, ...] = ()
    chosen: str = ""
    requires_mfa: bool = False
    is_decided: bool = False
    device_key: str = ""
    is_new_device: bool = False
    skips_mfa: bool = False
