"""Which texts are e-mail addresses that a mail goes to, and to nobody else (RFC 5321 §4.1.2, RFC 6531 §3.3)."""

import re
import unicodedata
from typing import NamedTuple

from poolhouse.code_points import composed, has_unseen

MOST_OCTETS = 254  # RFC 5321 §4.5.3.1.3: a path has 256 with its angle brackets
MOST_LOCAL_OCTETS = 64  # RFC 5321 §4.5.3.1.1

# A dot-string. `%` and `!` are atoms by the letter of RFC 5321, but relays read routes in them: Postfix sends a mail for
# `mallory%evil.example@itself` on to evil.example unless it is told not to.
_ATOM = r"""[^\x00-\x20!"%(),.:;<>@\[\\\]\x7f]+"""
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")  # RFC 1123 §2.1; A-labels have this form, too
_LABEL_CATEGORIES = frozenset({"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"})  # RFC 5892 §2.1, after lower()
_MOST_PUNYCODE = 59  # 63 without the "xn--"
# What nearly all addresses look like; that they are addresses the rules below would say, too, more slowly.
_PLAIN = re.compile(
    rf"(?=[^@]{{1,{MOST_LOCAL_OCTETS}}}@)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_MAILBOX = re.compile(r"(?:(?P<name>[^<>]*?)\s*<(?P<address>[^<>]+)>|(?P<alone>[^<>]+))")


def is_email_address(text: str) -> bool:
    """Whether it is an address with a dot in its domain. No quoted strings, no comments, no address literals."""
    return _is_address(text, least_labels=2)


class Mailbox(NamedTuple):
    """Who a mail is from. name: what is shown beside the address, or ""."""

    name: str
    address: str


def parse_mailbox(text: str) -> Mailbox | None:
    """`address` or `Name <address>`, else None. The domain may be one label: a host of one's own network."""
    found = _MAILBOX.fullmatch(text.strip())
    if found is None or has_unseen(text):
        return None
    name, address = (found["name"] or "").strip('" '), found["address"] or found["alone"]
    return Mailbox(name, address) if _is_address(address, least_labels=1) else None


def _is_address(text: str, least_labels: int) -> bool:
    if len(text) <= MOST_OCTETS and _PLAIN.fullmatch(text):
        return True
    if len(text) > MOST_OCTETS or has_unseen(text) or composed(text) != text or len(text.encode()) > MOST_OCTETS:
        return False
    local, at, domain = text.rpartition("@")
    return bool(at) and _is_local(local) and _is_domain(domain, least_labels)


def _is_local(local: str) -> bool:
    """A dot-string that stays one where a relay folds compatibility forms, such as a full-width at sign, to plain ones."""
    # "=?" begins an encoded word (RFC 2047), which mail software decodes wherever it stands. A file or a pipe is what some
    # relays take a name for that begins with "/" or "|".
    return (
        len(local.encode()) <= MOST_LOCAL_OCTETS
        and _LOCAL.fullmatch(local) is not None
        and (local.isascii() or _is_local_when_folded(local))
        and "=?" not in local
        and local[0] not in "/|"
    )


def _is_local_when_folded(local: str) -> bool:
    return _LOCAL.fullmatch(unicodedata.normalize("NFKC", local)) is not None and not any(map(str.isspace, local))


def _is_domain(domain: str, least_labels: int) -> bool:
    labels = domain.split(".")
    return (
        len(labels) >= least_labels
        and all(_LABEL.fullmatch(label) if label.isascii() else _is_u_label(label) for label in labels)
        and not labels[-1].isdecimal()  # RFC 3696 §2; 192.0.2.1 is no domain
    )


def _is_u_label(label: str) -> bool:
    """A label of other letters than ASCII's that stands for itself: what mail software maps to another label is refused."""
    lowered = label.lower()
    return (
        unicodedata.normalize("NFKC", lowered) == lowered
        and all(character == "-" or unicodedata.category(character) in _LABEL_CATEGORIES for character in lowered)
        and not unicodedata.category(lowered[0]).startswith("M")
        and lowered.strip("-") == lowered
        and lowered[2:4] != "--"
        and len(lowered.encode("punycode")) <= _MOST_PUNYCODE
    )
