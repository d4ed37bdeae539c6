"""front_door.py: whose address counts, and who comes in clear text."""

import pytest

from poolhouse.config import Settings
from poolhouse.front_door import FrontDoor, host_name

PROXIES = ["10.0.0.0/8", "fd00::/8"]


def door(**settings):
    return FrontDoor(Settings(mode="serve", public_url="https://auth.example.com", **settings))


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("10.0.0.7", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.7", "198.51.100.1, 203.0.113.5, 10.1.1.1", "203.0.113.5"),
        ("::ffff:10.0.0.7", "203.0.113.5", "203.0.113.5"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.7", "", "10.0.0.7"),
        ("10.0.0.7", "nonsense", "nonsense"),
    ],
)
def test_the_clients_address(peer, forwarded, found):
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert door(trusted_proxies=PROXIES).remote_ip(peer, headers) == found
    assert door().remote_ip(peer, headers) == peer


@pytest.mark.parametrize(
    ("peer", "is_refused"),
    [
        ("203.0.113.9", True),
        ("::ffff:203.0.113.9", True),
        ("2001:db8::1", True),
        ("10.0.0.7", False),
        ("::ffff:10.0.0.7", False),
        ("fd00::7", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("", False),
    ],
)
def test_clear_text_comes_from_proxies_only(peer, is_refused):
    """attack-0.1, noted: with any proxy named, everybody else was served in clear text, too."""
    assert door(host="0.0.0.0", trusted_proxies=PROXIES).is_refused_peer(peer) is is_refused
    assert not door(host="0.0.0.0", trusted_proxies=PROXIES, tls_certificate="x").is_refused_peer(peer)
    assert not door(trusted_proxies=PROXIES).is_refused_peer(peer)
    assert not FrontDoor(Settings(host="0.0.0.0", trusted_proxies=PROXIES)).is_refused_peer(peer)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("a", "a"),
        ("a:1", "a"),
        ("[::1]", "[::1]"),
        ("[::1]:1", "[::1]"),
        ("a:b", "a:b"),
        ("", ""),
        (":1", ""),
        ("2130706433", "2130706433"),
    ],
)
def test_host_without_its_port(host, name):
    assert host_name(host) == name
