"""Whether an address may ask for a sign-in at all; and what the audit log is told of one that threat protection ends."""

from msgspec.structs import replace

from poolhouse.pool.call import ClientCall
from poolhouse.pool.events import SignInBlocked, whose
from poolhouse.pool.threat_protection import assessment, auth_events
from poolhouse.pool.users import quotas
from poolhouse.storage.auth_events import AuthEvent
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User


async def admit(call: ClientCall, user: User | None, name: str) -> None:
    """The first question of a sign-in in a pool that watches: whether this address may ask. name: as attempts are counted under it.

    Raises NotAuthorizedException, InvalidParameterException (the address that was sent is none).
    """
    if not call.user_pool.is_watched:
        return
    if assessment.is_refused_address(call):
        event = replace(auth_events.begin(call, user.sub if user else "", "SignIn", "Fail"), risk_decision="Block")

        async def write(tx: Transaction) -> None:
            # Some of them tell what there is to tell; whoever goes on asking fills no table.
            if await quotas.is_left(tx, call, name, quotas.REFUSED_ADDRESS):
                await auth_events.put(tx, call, user, event)
                if user is not None:
                    await record_block(tx, call, user, event)

        await call.write(write)
    assessment.admit(call)


async def record_block(tx: Transaction, call: ClientCall, user: User, event: AuthEvent) -> None:
    """Where the event is of one that was blocked."""
    if event.risk_decision == "Block":
        blocked = SignInBlocked(**whose(user), level=event.risk_level, is_compromised=event.is_compromised)
        await call.record(tx, blocked)
