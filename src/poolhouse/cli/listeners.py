"""The sockets that a server listens on: one address, or both loopback addresses of one port in `dev`."""

import errno
import socket
import sys

from poolhouse.config import Settings
from poolhouse.errors import ConfigError

# What one worker listens on: a socket for each address.
Listener = tuple[socket.socket, ...]

# Linux spreads new connections over all sockets of an address; other systems give them to one.
_CAN_SPREAD = sys.platform == "linux"
_TRIES = 20  # to find a free port that is free on both addresses


def listen(settings: Settings) -> Listener:
    """Take the port. In `dev`, `localhost` is both of its addresses: some programs try ::1 first and give up there.

    Raises ConfigError.
    """
    if settings.mode != "dev" or settings.host not in {"127.0.0.1", "localhost"} or not _has_ipv6_loopback():
        return (_bind(settings.host, settings.port),)
    for _ in range(_TRIES - 1):
        first = _bind("127.0.0.1", settings.port)
        try:
            return (first, _bind("::1", first.getsockname()[1]))
        except ConfigError:
            first.close()
            if settings.port:
                raise
    return (_bind("127.0.0.1", settings.port),)


def _has_ipv6_loopback() -> bool:
    """Whether this machine has ::1: a kernel, a container or a policy may leave it out."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return False
    return True


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind(address)
        except OSError:
            made.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConfigError(
                "port",
                f"{port} is in use",
                "Stop what listens there, or choose another port: --port 9230 or POOLHOUSE_PORT=9230.",
            ) from None
        raise ConfigError("host", f"{host}:{port}: {error.strerror}", "Give an address of this machine.") from None
    made.set_inheritable(True)
    return made


def close_listener(listener: Listener) -> None:
    for each in listener:
        each.close()


def spreading(listener: Listener) -> Listener:
    """The sockets anew, so that more can join them on their addresses. Only now: with this option from the start, a second
    server on the same port would not be noticed."""
    if not _CAN_SPREAD:
        return listener
    addresses = [each.getsockname() for each in listener]
    close_listener(listener)
    return tuple(_sharing(each, address) for each, address in zip(listener, addresses, strict=True))


def beside(listener: Listener) -> Listener:
    """More sockets on the same addresses; where the system cannot spread connections over several, the same ones again."""
    if not _CAN_SPREAD:
        return listener
    return tuple(_sharing(each, each.getsockname()) for each in listener)


def _sharing(like: socket.socket, address: object) -> socket.socket:
    made = socket.socket(like.family, like.type, like.proto)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind(address)  # type: ignore[arg-type]  # what getsockname gave
    return made
