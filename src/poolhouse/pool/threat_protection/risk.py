"""How much a sign-in looks like somebody else's: what is new about it, and how fast it comes. GUESS, all of it: Cognito tells no rule.

Points are added up. There is no map of the world here, so that a new network stands for a new place.
"""

import ipaddress
from collections.abc import Sequence

from poolhouse.pool.configuration.risk_rules import Level
from poolhouse.pool.threat_protection.context import Context
from poolhouse.storage.auth_events import AuthEvent

LOOKED_AT = 50  # the newest events of the user
NEW_DEVICE = NEW_NETWORK = NEW_TIMEZONE = 1
MANY_NETWORKS, NETWORKS_WITHIN_MS, NETWORKS_POINTS = 3, 3_600_000, 1  # in an hour: nobody moves so fast
MANY_FAILURES, FAILURES_WITHIN_MS, FAILURES_POINTS = (
    3,
    900_000,
    1,
)  # wrong passwords in a quarter of an hour before a right one
SUSPECT_POINTS = 3  # from where, or on what, somebody has said that it was not them
_LEVELS: tuple[Level, ...] = ("", "Low", "Medium", "High")
_PREFIX = {4: 24, 6: 48}  # of the network that neighbours share


def level(history: Sequence[AuthEvent], seen: Context, now_ms: int) -> Level:
    """history: of the user, the newest first. Who has never signed in does nothing unusual."""
    sign_ins = [event for event in history if event.event_type == "SignIn"]
    known = [event for event in sign_ins if _is_theirs(event)]
    if not known:
        return ""
    here = network(seen.ip_address)
    is_known_device = any(event.device == seen.device for event in known)
    is_known_network = any(network(event.ip_address) == here for event in known)
    points = NEW_DEVICE * (not is_known_device) + NEW_NETWORK * (not is_known_network)
    if seen.timezone and not any(event.timezone in ("", seen.timezone) for event in known):
        points += NEW_TIMEZONE
    recent = {network(event.ip_address) for event in known if event.created_at > now_ms - NETWORKS_WITHIN_MS}
    if not is_known_network and len(recent | {here}) >= MANY_NETWORKS:
        points += NETWORKS_POINTS
    if _failures(sign_ins, now_ms) >= MANY_FAILURES:
        points += FAILURES_POINTS
    suspects = [event for event in sign_ins if event.feedback == "Invalid"]
    if any(_is_from(event, seen, here, known) for event in suspects):
        points += SUSPECT_POINTS
    return _LEVELS[min(points, len(_LEVELS) - 1)]


def _is_theirs(event: AuthEvent) -> bool:
    """Whether the user has signed in so, or says so (DOC: feedback counts for later sign-ins like it)."""
    return event.feedback == "Valid" or (event.response == "Pass" and event.feedback != "Invalid")


def _is_from(event: AuthEvent, seen: Context, here: str, known: Sequence[AuthEvent]) -> bool:
    """Whether the suspect was on this device or in this network, and the user has never been."""
    if event.device == seen.device and not any(each.device == seen.device for each in known):
        return True
    is_here = network(event.ip_address) == here
    return is_here and not any(network(each.ip_address) == here for each in known)


def _failures(sign_ins: Sequence[AuthEvent], now_ms: int) -> int:
    """Wrong passwords since the last right one, as far as they are recent."""
    count = 0
    for event in sign_ins:
        if event.created_at <= now_ms - FAILURES_WITHIN_MS or event.response == "Pass":
            break
        count += ("Password", "Failure") in event.challenges
    return count


def network(address: str) -> str:
    """The network of an address; of what is none, itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{parsed}/{_PREFIX[parsed.version]}", strict=False))
