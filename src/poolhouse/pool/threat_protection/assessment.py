"""What threat protection thinks of a request: whether its address may ask at all, and how risky a sign-in is.

Nothing is written here. What follows from it is in sign_in/risk_responses.py.
"""

from typing import Protocol

from msgspec.structs import replace

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.configuration import risk_rules
from poolhouse.pool.configuration.risk_rules import Mode
from poolhouse.pool.outcomes import Assessment
from poolhouse.pool.threat_protection import auth_events, context, risk
from poolhouse.storage import auth_events as stored
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

_LATER_THAN_ALL = (2**62, "")


class Proven(Protocol):
    """What is known of a sign-in that has proven its first factor; sign_in/attempt.py makes it."""

    @property
    def user(self) -> User: ...
    @property
    def flow(self) -> str: ...
    @property
    def proven(self) -> tuple[str, ...]: ...
    @property
    def is_compromised(self) -> bool: ...


def mode(call: ClientCall, flow: str) -> Mode:
    """DOC: custom authentication has a mode of its own."""
    return call.user_pool.custom_threat_mode if flow == "CUSTOM_AUTH" else call.user_pool.threat_mode


async def assess(call: ClientCall, attempt: Proven) -> Assessment | None:
    """None: nobody watches this flow.

    The event has the level and the decision; the action is what the pool wants, and nothing where it only looks on.
    """
    its_mode, rules = mode(call, attempt.flow), call.client.risk_rules
    if its_mode == "OFF":
        return None
    seen, user = context.of(call), attempt.user
    challenges = auth_events.challenges_of(attempt.proven)
    event = auth_events.begin(
        call, user.sub, "SignIn", "InProgress", challenges, is_compromised=attempt.is_compromised, seen=seen
    )
    if its_mode == "ENFORCED" and risk_rules.is_within(seen.ip_address, rules.blocked):
        return Assessment(replace(event, response="Fail", risk_decision="Block"), "BLOCK")
    # DOC: adaptive authentication does not look at these, whatever they do.
    if its_mode == "ENFORCED" and risk_rules.is_within(seen.ip_address, rules.skipped):
        return Assessment(event)
    newest = (_LATER_THAN_ALL, risk.LOOKED_AT, call.now_ms)
    history = await stored.list_newest(call.db, call.user_pool.id, user.sub, *newest)
    level = risk.level(history, seen, call.now_ms)
    if not level:
        return Assessment(event)
    # GUESS: the decision says that there was a risk, also where nothing follows from it.
    event = replace(event, risk_level=level, risk_decision="AccountTakeover")
    if its_mode != "ENFORCED":
        return Assessment(event)
    response = rules.response(level)
    assessed = Assessment(event, response.action, response.is_notified)
    return blocked(assessed) if response.action == "BLOCK" else assessed


def blocked(assessed: Assessment) -> Assessment:
    """The same risk, where it ends the sign-in."""
    event = replace(assessed.event, response="Fail", risk_decision="Block")
    return Assessment(event, "BLOCK", assessed.is_notified)


def is_refused_address(call: ClientCall) -> bool:
    """Whether requests from there are always refused (DOC: BlockedIPRangeList, in full-function mode)."""
    rules = call.client.risk_rules
    if call.user_pool.threat_mode != "ENFORCED" or not rules.blocked:
        return False
    return risk_rules.is_within(context.of(call).ip_address, rules.blocked)


def admit(call: ClientCall) -> None:
    """The first question of a public operation in a pool that watches.

    Raises NotAuthorizedException (an address that is always refused), InvalidParameterException (one that is none).
    """
    if not call.user_pool.is_watched:
        return
    context.check(call)
    if is_refused_address(call):
        raise errors.NotAuthorizedException(texts.REQUEST_BLOCKED, detail="the address is in BlockedIPRangeList")
