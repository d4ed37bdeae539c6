"""SQL for authentication events: what users have done, and what was thought of it."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Row, Transaction


class AuthEvent(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One event. Times in epoch ms; empty: unknown, or none.

    challenges: (Password or Mfa, Success or Failure), in order.  device: what tells one device from another, hashed.
    """

    user_pool_id: str
    event_id: str
    sub: str
    created_at: int
    client_id: str
    event_type: str
    response: str
    risk_decision: str
    risk_level: str
    is_compromised: bool
    challenges: tuple[tuple[str, str], ...]
    ip_address: str
    device: str
    device_name: str
    timezone: str
    feedback: str = ""
    feedback_provider: str = ""
    feedback_at: int = 0
    expires_at: int


_NAMES = tuple(AuthEvent.__struct_fields__)
_COLUMNS = ", ".join(_NAMES)
_VALUES = ", ".join(f"${number}" for number in range(1, len(_NAMES) + 1))
# For a user who is there, and stays so until the write ends. What goes on, in another request, is the same event.
_PUT = (
    f"INSERT INTO auth_events ({_COLUMNS}) SELECT {_VALUES} FROM users WHERE users.user_pool_id = $1 AND users.sub = $3 FOR SHARE "
    "ON CONFLICT (user_pool_id, event_id) DO UPDATE SET response = excluded.response, challenges = excluded.challenges, "
    "risk_decision = excluded.risk_decision, risk_level = excluded.risk_level, is_compromised = excluded.is_compromised"
)

_decode = msgspec.json.Decoder(tuple[tuple[str, str], ...]).decode


def _from_row(row: Row) -> AuthEvent:
    values = dict(zip(_NAMES, row, strict=True))
    values["is_compromised"] = values["is_compromised"] == 1
    values["challenges"] = _decode(values["challenges"])
    return AuthEvent(**values)


async def put(tx: Transaction, event: AuthEvent) -> bool:
    """Insert it, or write what came of it since. False when the user is gone."""
    values = {name: getattr(event, name) for name in _NAMES}
    values["is_compromised"] = int(event.is_compromised)
    values["challenges"] = msgspec.json.encode(event.challenges).decode()
    return await tx.execute(_PUT, *values.values()) == 1


async def get(db: Reader, user_pool_id: str, sub: str, event_id: str) -> AuthEvent | None:
    row = await db.one(
        f"SELECT {_COLUMNS} FROM auth_events WHERE user_pool_id = $1 AND event_id = $2 AND sub = $3",
        user_pool_id,
        event_id,
        sub,
    )
    return None if row is None else _from_row(row)


async def list_newest(  # noqa: PLR0913  whose events, and how many of them
    db: Reader, user_pool_id: str, sub: str, before: tuple[int, str], limit: int, now_ms: int
) -> Sequence[AuthEvent]:
    """The events of a user before (created_at, event_id), the newest first, without those that have expired."""
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM auth_events WHERE user_pool_id = $1 AND sub = $2 "
        "AND (created_at, event_id) < ($3, $4) AND expires_at > $6 ORDER BY created_at DESC, event_id DESC LIMIT $5",
        user_pool_id,
        sub,
        *before,
        limit,
        now_ms,
    )
    return [_from_row(row) for row in rows]


async def set_feedback(  # noqa: PLR0913  whose event, and what is thought of it
    tx: Transaction, user_pool_id: str, sub: str, event_id: str, feedback: str, provider: str, at: int
) -> bool:
    """In place of earlier feedback. False when there is no such event of this user."""
    updated = await tx.execute(
        "UPDATE auth_events SET feedback = $4, feedback_provider = $5, feedback_at = $6 "
        "WHERE user_pool_id = $1 AND event_id = $2 AND sub = $3",
        user_pool_id,
        event_id,
        sub,
        feedback,
        provider,
        at,
    )
    return updated == 1
