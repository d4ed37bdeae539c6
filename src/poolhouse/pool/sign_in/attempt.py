"""An attempt to sign in: who it is, by which flow, and what is proven. Flows and answers make one; the machine ends it."""

import msgspec

from poolhouse.pool.outcomes import Assessment, Spend
from poolhouse.storage.users import User


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """user: as looked at when the last factor was proven.  flow: the AuthFlow.  proven: ChallengeNames, the oldest first.

    lockout_name: whose failed passwords a success forgets, or None.  spends: taken before anything is issued.
    chosen: the second factor that the user has picked, or empty.
    device_key: of the device that the sign-in is made with, or empty.  is_new_device: it was given the key just now.
    skips_mfa: because the device is remembered.
    is_decided: in CUSTOM_AUTH, that the triggers want tokens to be issued.
    is_compromised: whether strangers know the password.  assessment: what threat protection thinks of it; None: not asked yet.
    What the client sent beside its answer (metadata, user context) belongs to each request: call.client_context.
    """

    user: User
    flow: str
    proven: tuple[str, ...]
    lockout_name: str | None = None
    spends: tuple[Spend, ...] = ()
    chosen: str = ""
    is_decided: bool = False
    device_key: str = ""
    is_new_device: bool = False
    skips_mfa: bool = False
    is_compromised: bool = False
    assessment: Assessment | None = None

    @property
    def wants_mfa(self) -> bool:
        """Whether the sign-in looks so risky that a second factor is asked for."""
        return self.assessment is not None and self.assessment.wants_mfa
