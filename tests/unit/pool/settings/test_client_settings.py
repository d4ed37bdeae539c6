"""Client settings: the URLs that a browser may be sent to."""

import pytest

from poolhouse.pool.settings.client_settings import check_redirect_url
from poolhouse.wire import exceptions as errors


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com:8443/path?query=1&b=%20",
        "https://ÜMLAUT.example/ö",
        "http://localhost",
        "http://LOCALHOST:3000/",
        "http://127.0.0.1:1/x",
        "http://[::1]:8080/",
        "myapp://callback",
        "com.example.app:/callback",
        "myapp:",
    ],
)
def test_may_be_registered(url: str) -> None:
    check_redirect_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "example.com",
        "//example.com/x",
        "/x",
        "?x",
        "https:",
        "https://",
        "https:/example.com",
        "https://:443/",
        "https://a:99999/",
        "https://[::1",
        "https://a\\@b",
        "https://a/#",
        "myapp://x#y",
        "http://example.com",
        "http://127.0.0.2/",
        "http://localhost@evil.example/",
        "http://127.0.0.1.evil.example/",
        "HTTP://example.com",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
    ],
)
def test_may_not_be_registered(url: str) -> None:
    with pytest.raises(errors.InvalidParameterException):
        check_redirect_url(url)
