"""Names of devices as people read them."""

import pytest

from poolhouse.pool.threat_protection import context

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/126.0.0.0 Safari/537.36",
            "Chrome 126, Windows 10",
        ),
        (f"Mozilla/5.0 (Windows NT 6.1) {WEBKIT} Chrome/109.0 Safari/537.36 Edg/109.0", "Edge 109, Windows 7"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
            "Safari 17, Mac OS X 10",
        ),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
                "Mobile/15E148 Safari/604.1"
            ),
            "Safari 17, iOS 17",
        ),
        ("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", "Firefox 127, Android 14"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox 127, Linux"),
        ("aws-sdk-js/3.600.0 ua/2.0 os/linux#6.1", "Other, Other"),
        ("", "Other, Other"),
        ("x" * 100_000, "Other, Other"),
    ],
)
def test_browser_and_system(agent: str, name: str) -> None:
    assert context.device_name(agent) == name
