"""What a pool and its clients want of threat protection, ready to decide with (user-pools-api.md §8)."""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from poolhouse.wire import shapes

Mode = Literal["OFF", "AUDIT", "ENFORCED"]
Level = Literal["", "Low", "Medium", "High"]
Action = Literal["NO_ACTION", "MFA_IF_CONFIGURED", "MFA_REQUIRED", "BLOCK"]
PasswordEvent = Literal["SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

ALL_PASSWORD_EVENTS = frozenset({"SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"})  # DOC: the default
_MEMBERS: Mapping[Level, str] = {"Low": "LowAction", "Medium": "MediumAction", "High": "HighAction"}


class Response(msgspec.Struct, frozen=True):
    """What follows from a risk."""

    action: Action = "NO_ACTION"
    is_notified: bool = False


class RiskRules(msgspec.Struct, frozen=True):
    """checked: the events at which a password is looked for among the known ones.  notify: how users are told.

    GUESS: where nothing was set, risks are found and recorded, and nothing follows from them.
    """

    checked: frozenset[str] = ALL_PASSWORD_EVENTS
    blocks_compromised: bool = False
    responses: Mapping[str, Response] = {}
    notify: shapes.NotifyConfigurationType | None = None
    blocked: tuple[Network, ...] = ()
    skipped: tuple[Network, ...] = ()

    def response(self, level: Level) -> Response:
        return self.responses.get(level, _NOTHING)


_NOTHING = Response()
DEFAULT = RiskRules()


def modes(settings: shapes.UserPoolType) -> tuple[Mode, Mode]:
    """Of standard and of custom authentication, each on its own (DOC)."""
    add_ons = settings.UserPoolAddOns
    if add_ons is None:
        return "OFF", "OFF"
    custom = add_ons.AdvancedSecurityAdditionalFlows
    return _mode(add_ons.AdvancedSecurityMode), _mode(custom.CustomAuthMode if custom is not None else None)


def _mode(given: str | None) -> Mode:
    match given:
        case "AUDIT" | "ENFORCED":
            return given
        case _:
            return "OFF"


def rules(settings: shapes.RiskConfigurationType | None) -> RiskRules:
    if settings is None:
        return DEFAULT
    compromised, takeover = settings.CompromisedCredentialsRiskConfiguration, settings.AccountTakeoverRiskConfiguration
    exceptions = settings.RiskExceptionConfiguration or shapes.RiskExceptionConfigurationType()
    filtered = compromised.EventFilter if compromised is not None else None
    return RiskRules(
        checked=frozenset(filtered) if filtered else ALL_PASSWORD_EVENTS,
        blocks_compromised=compromised is not None and compromised.Actions.EventAction == "BLOCK",
        responses={} if takeover is None else _responses(takeover.Actions),
        notify=None if takeover is None else takeover.NotifyConfiguration,
        blocked=networks(exceptions.BlockedIPRangeList or ()),
        skipped=networks(exceptions.SkippedIPRangeList or ()),
    )


def _responses(actions: shapes.AccountTakeoverActionsType) -> dict[str, Response]:
    given = {level: getattr(actions, member) for level, member in _MEMBERS.items()}
    return {level: Response(each.EventAction, each.Notify) for level, each in given.items() if each is not None}


def networks(ranges: Sequence[str]) -> tuple[Network, ...]:
    """CIDR. Raises ValueError."""
    return tuple(ipaddress.ip_network(each, strict=False) for each in ranges)


def is_within(address: str, among: tuple[Network, ...]) -> bool:
    """Whether an address is in one of the networks; one that is none is in no network."""
    if not among:
        return False
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in among)
