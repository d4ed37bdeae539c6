"""What users do, recorded in the write that does it, for pools that watch; the others pay one look at a flag."""

from collections.abc import Sequence
from typing import Literal

from msgspec.structs import replace

from poolhouse.crypto.identifiers import uuid4
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.threat_protection import context, log_lines
from poolhouse.pool.threat_protection.context import Context
from poolhouse.storage import auth_events as stored
from poolhouse.storage.auth_events import AuthEvent
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User

Kind = Literal["SignIn", "SignUp", "ForgotPassword", "PasswordChange", "ResendCode"]
Response = Literal["Pass", "Fail", "InProgress"]

KEPT_MS = 2 * 365 * 86_400_000  # DOC: two years
PASSWORD_RIGHT, PASSWORD_WRONG = ("Password", "Success"), ("Password", "Failure")
MFA_RIGHT, MFA_WRONG = ("Mfa", "Success"), ("Mfa", "Failure")
_SECOND_FACTORS = ("SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA")


def begin(  # noqa: PLR0913  what an event is made of
    call: PoolCall,
    sub: str,
    kind: Kind,
    response: Response,
    challenges: tuple[tuple[str, str], ...] = (),
    *,
    is_compromised: bool = False,
    seen: Context | None = None,
) -> AuthEvent:
    """An event that is not stored yet. seen: where from, where that is known already."""
    where = seen or context.of(call)
    return AuthEvent(
        user_pool_id=call.user_pool.id,
        event_id=uuid4(call.random(16)),
        sub=sub,
        created_at=call.now_ms,
        client_id=call.client.id if isinstance(call, ClientCall) else "",
        event_type=kind,
        response=response,
        risk_decision="NoRisk",
        risk_level="",
        is_compromised=is_compromised,
        challenges=challenges,
        ip_address=where.ip_address,
        device=where.device,
        device_name=where.device_name,
        timezone=where.timezone,
        expires_at=call.now_ms + KEPT_MS,
    )


async def put(tx: Transaction, call: PoolCall, user: User | None, event: AuthEvent) -> None:
    """Store it, or what came of it since; and let the pool's log have it. Of nobody nothing is stored, which takes as long."""
    if await stored.put(tx, event) and user is not None:
        await tell(tx, call, user, event)


async def tell(tx: Transaction, call: PoolCall, user: User, event: AuthEvent) -> None:
    """Let the pool's log have the event as it is now."""
    await log_lines.note_event(tx, call, user, event)


async def note(  # noqa: PLR0913  what an event is made of
    tx: Transaction,
    call: PoolCall,
    user: User | None,
    kind: Kind,
    response: Response,
    challenges: tuple[tuple[str, str], ...] = (),
    *,
    is_compromised: bool = False,
) -> None:
    """Where the pool watches standard authentication. Nobody has no events, but takes as long to have none as somebody to have one."""
    if call.user_pool.threat_mode == "OFF":
        return
    event = begin(call, user.sub if user else "", kind, response, challenges, is_compromised=is_compromised)
    await put(tx, call, user, event)


def challenges_of(proven: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What an event says of the factors that were proven, by the names of their challenges."""
    said = {"PASSWORD": PASSWORD_RIGHT, "PASSWORD_VERIFIER": PASSWORD_RIGHT} | dict.fromkeys(_SECOND_FACTORS, MFA_RIGHT)
    return tuple(said[name] for name in proven if name in said)


def of_first_factor(call: PoolCall, user: User | None) -> AuthEvent | None:
    """The event of a sign-in that begins with what is being judged, for where it is wrong."""
    return None if call.user_pool.threat_mode == "OFF" else begin(call, user.sub if user else "", "SignIn", "Fail")


async def failed(
    tx: Transaction, call: PoolCall, user: User | None, event: AuthEvent, challenge: tuple[str, str]
) -> None:
    """A wrong answer to what came behind the first factor. The same sign-in may still come to a good end."""
    await put(tx, call, user, replace(event, response="Fail", challenges=(*event.challenges, challenge)))


async def passed(tx: Transaction, call: PoolCall, user: User, event: AuthEvent, proven: Sequence[str]) -> None:
    """The sign-in has come to its end."""
    await put(tx, call, user, replace(event, response="Pass", challenges=challenges_of(proven)))
