"""From where and on which device somebody asks, as far as the request tells.

Nothing of it is proven: a client may send what it likes. It may look known by that, never by less than the password.
"""

import base64
import binascii
import hashlib
import ipaddress
import re

import msgspec

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.wire import exceptions as errors

MOST_NAME = 100  # characters of a device's name that are kept
MOST_ENCODED = 65_536  # characters of EncodedData that are looked at
UNKNOWN_DEVICE = "Other, Other"  # DOC: of an example


class Context(msgspec.Struct, frozen=True):
    """ip_address, timezone: empty: unknown.  device: hashed; empty: unknown."""

    ip_address: str = ""
    device: str = ""
    device_name: str = UNKNOWN_DEVICE
    timezone: str = ""


def of(call: PoolCall) -> Context:
    """What was sent and cannot be read is as good as not sent; `check` has refused an address that is none."""
    user_agent, encoded = call.user_agent, None
    if (admin := call.client_context.context) is not None:
        encoded = admin.EncodedData
        named = {(each.headerName or "").lower(): each.headerValue or "" for each in admin.HttpHeaders}
        user_agent = named.get("user-agent", user_agent)
    elif (sent := call.client_context.user_context) is not None:
        encoded = sent.EncodedData
    ip_address = _named_address(call)
    device = _decoded(encoded or "")
    agent = device.user_agent or user_agent
    marks = device.device_id or device.fingerprint or agent
    return Context(
        ip_address=_normal(call.remote_ip if ip_address is None else ip_address),
        device=hashlib.sha256(marks.encode()).hexdigest()[:32] if marks else "",
        device_name=(device.name or device_name(agent))[:MOST_NAME],
        timezone=device.timezone[:MOST_NAME],
    )


def check(call: PoolCall) -> None:
    """Raises InvalidParameterException: the address that was sent is none (DG)."""
    address = _named_address(call)
    if address is not None and not _normal(address):
        raise errors.InvalidParameterException(texts.CONTEXT_ADDRESS_INVALID)


def _named_address(call: PoolCall) -> str | None:
    """The user's address, as a server of the application says; None: it says nothing, or nobody asks it."""
    if (admin := call.client_context.context) is not None:
        return admin.IpAddress
    sent = call.client_context.user_context
    if sent is None or not sent.IpAddress or not isinstance(call, ClientCall):
        return None
    # DOC: a client that can prove itself, and was allowed to.
    may_name = call.client.has_secret and call.client.settings.EnablePropagateAdditionalUserContextData is True
    return sent.IpAddress if may_name else None


def _normal(address: str) -> str:
    """Empty: it is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(parsed)


# -- EncodedData: base64 of {"payload": "<JSON>", "signature": ..., "version": "JS20171115"}


class _Device(msgspec.Struct, frozen=True):
    """What the SDKs collect of a device (GUESS+); each of them sends some. A value of another type is none of them."""

    device_id: str = msgspec.field(default="", name="DeviceId")
    fingerprint: str = msgspec.field(default="", name="DeviceFingerprint")
    user_agent: str = msgspec.field(default="", name="UserAgent")
    name: str = msgspec.field(default="", name="DeviceName")
    timezone: str = msgspec.field(default="", name="ClientTimezone")


class _Envelope(msgspec.Struct, frozen=True):
    payload: str = ""


class _Payload(msgspec.Struct, frozen=True):
    device: _Device = msgspec.field(default_factory=_Device, name="contextData")


def _decoded(encoded: str) -> _Device:
    """What the SDK says of the device; nothing where it cannot be read. The signature is by the client id, which everybody knows."""
    if not encoded or len(encoded) > MOST_ENCODED:
        return _Device()
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_" if "-" in encoded else None)
        return msgspec.json.decode(msgspec.json.decode(raw, type=_Envelope).payload, type=_Payload).device
    except (binascii.Error, ValueError, RecursionError):  # DecodeError and UnicodeDecodeError are ValueErrors
        return _Device()


# -- names of devices, as `Chrome 126, Windows 10`

_BROWSERS = (
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"OPR/(\d+)")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"(?:Chrome|CriOS)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+)[\d.]* (?:Mobile/\w+ )?Safari/")),
)
_SYSTEMS = (
    ("Windows", re.compile(r"Windows NT ([\d.]+)")),
    ("iOS", re.compile(r"(?:iPhone OS|CPU OS) (\d+)")),
    ("Mac OS X", re.compile(r"Mac OS X (\d+)")),
    ("Android", re.compile(r"Android (\d+)")),
    ("Linux", re.compile(r"Linux()")),
)
_WINDOWS = {"10.0": "10", "6.3": "8.1", "6.2": "8", "6.1": "7"}


def device_name(user_agent: str) -> str:
    """Browser and system; `Other` for each that is not known."""
    agent = user_agent[:1_000]
    return f"{_first(_BROWSERS, agent)}, {_first(_SYSTEMS, agent)}"


def _first(kinds: tuple[tuple[str, re.Pattern[str]], ...], agent: str) -> str:
    for name, pattern in kinds:
        if found := pattern.search(agent):
            version = _WINDOWS.get(found[1], found[1]) if name == "Windows" else found[1]
            return f"{name} {version}".strip()
    return "Other"
