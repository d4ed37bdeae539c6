"""Whether a pool keeps account of sessions, how many of them, and how long a browser's lasts (user-pools-api.md §9.9)."""

from collections.abc import Mapping

import msgspec

from poolhouse.wire import shapes

MOST_PER_USER = 20  # DOC
SSO_MINUTES = 60  # DOC


class SessionRules(msgspec.Struct, frozen=True):
    """most_per_user: sessions of tokens.  sso_minutes: client id → how long it takes a browser's session without asking."""

    is_tracked: bool
    most_per_user: int
    sso_minutes: Mapping[str, int]

    def sso_seconds(self, client_id: str) -> int:
        """What the client takes; it counts from the last sign-in."""
        minutes = self.sso_minutes.get(client_id, SSO_MINUTES) if self.is_tracked else SSO_MINUTES
        return minutes * 60

    @property
    def cookie_seconds(self) -> int:
        """What any client takes: so long a browser keeps its session."""
        minutes: list[int] = [SSO_MINUTES, *(self.sso_minutes.values() if self.is_tracked else ())]
        return max(minutes) * 60


def read(stored: Mapping[str, str]) -> SessionRules:
    """stored: client id, empty for the pool's own → settings as JSON."""
    own = msgspec.json.decode(stored.get("", "{}"), type=shapes.GetUserPoolSessionConfigurationResponse)
    minutes = {}
    for client_id, settings in stored.items():
        of_client = msgspec.json.decode(settings, type=shapes.GetUserPoolClientSessionConfigurationResponse)
        if client_id and of_client.SSOSession is not None:
            minutes[client_id] = of_client.SSOSession.MaxValidityMinutes
    return SessionRules(
        is_tracked=own.UserSessionTracking == "ENABLED",
        most_per_user=own.TokenSession.MaxPerUser if own.TokenSession is not None else MOST_PER_USER,
        sso_minutes=minutes,
    )
