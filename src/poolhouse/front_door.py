"""Who may come in at all: what is asked of a request's Host and of its connection before anything else looks at it.

The name in Host decides nothing about links or issuers (`call.origin` does); here it only decides whether there is an answer.
"""

import ipaddress
from collections.abc import Mapping
from functools import lru_cache

from poolhouse.api import errors
from poolhouse.asgi import Request, Response
from poolhouse.browser import render
from poolhouse.config import LOOPBACK_NAMES, Settings
from poolhouse.errors import PageError
from poolhouse.pool.call import Call

HEALTH_PATH = "/_poolhouse/health"
MOST_PEERS = 1024  # addresses whose trust is remembered

WRONG_HOST = (
    "This development server does not answer to the name “{}”, since a web page of another machine could give itself any name "
    "and read codes and passwords here. If the name is yours, allow it: --allowed-hosts {}, or POOLHOUSE_ALLOWED_HOSTS={}."
)
CLEAR_TEXT = (
    "This server is reached by https, through its proxy; a request from {} in clear text is not answered. If that is the proxy, "
    "name its address in trusted_proxies."
)


class FrontDoor:
    """The rules of one server."""

    def __init__(self, settings: Settings) -> None:
        self._proxies = [ipaddress.ip_network(proxy, strict=False) for proxy in settings.trusted_proxies]
        # `dev` answers any browser of this machine and asks no password, so a name that leads here must be one of ours
        # (DNS rebinding). `serve` trusts nobody for a name: its certificate, or that of its proxy, answers to its own only.
        self._checks_host = settings.mode == "dev"
        self._hosts = {settings.public_host, "localhost", *settings.allowed_hosts}
        wildcards = tuple(host.removeprefix("*") for host in settings.allowed_hosts if host.startswith("*."))
        self._host_endings = (".localhost", "." + settings.domain_suffix, *wildcards)
        # Where a proxy ends TLS, whoever comes by another way comes in clear text.
        is_open = settings.host not in LOOPBACK_NAMES
        self._checks_peer = settings.mode == "serve" and is_open and not settings.is_tls
        self.is_guarded = self._checks_host or self._checks_peer
        self._is_trusted = lru_cache(MOST_PEERS)(self._is_trusted_uncached)

    def remote_ip(self, peer: str, headers: Mapping[str, str]) -> str:
        """The client's address: of the peer, or the nearest of X-Forwarded-For that no trusted proxy of ours added."""
        if not self._proxies:
            return peer
        chain = [*(part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()), peer]
        while len(chain) > 1 and self._is_trusted(chain[-1]):
            chain.pop()
        return chain[-1]

    def is_refused_peer(self, peer: str) -> bool:
        """Whether a request of this peer would travel in clear text over a network."""
        return self._checks_peer and not self._is_trusted(peer) and not _is_loopback(peer)

    async def refusal(self, call: Call, request: Request) -> Response | None:
        """The answer to a request that may not come in; None when it may."""
        if request.path == HEALTH_PATH:
            return None  # Asked by orchestrators, under any name and past any proxy; it tells nothing.
        if request.is_refused_peer:
            return _refuse(call, request, PageError(CLEAR_TEXT, call.remote_ip, status=403))
        if self._checks_host and not await self._is_ours(call, host_name(request.host)):
            host = host_name(request.host)
            return _refuse(call, request, PageError(WRONG_HOST, host, host, host, status=421))
        return None

    async def _is_ours(self, call: Call, host: str) -> bool:
        if not host or host in self._hosts or host.endswith(self._host_endings) or _is_address(host):
            return True  # Browsers always send a name, and an address cannot be made to lead elsewhere.
        return host.isprintable() and await call.configuration.find_domain(host) is not None

    def _is_trusted_uncached(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped  # how an IPv4 peer looks on a socket for both
        return any(parsed in proxy for proxy in self._proxies)


def host_name(host: str) -> str:
    """A Host header without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _is_loopback(peer: str) -> bool:
    try:
        parsed = ipaddress.ip_address(peer)
    except ValueError:
        return not peer  # a Unix socket has no address
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback


def _refuse(call: Call, request: Request, refusal: PageError) -> Response:
    call.refusal = refusal
    if "x-amz-target" in request.headers:
        error = errors.ClosedDoorException(*refusal.args)
        response = errors.render(error, call.request_id, request.headers)
        response.status = refusal.status
        return response
    return render.error_page(call, refusal.text, refusal.status)
