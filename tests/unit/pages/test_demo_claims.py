"""pages/demo_claims.py: tokens, decoded for reading."""

import base64
import json

from poolhouse.pages import demo_claims


def token(claims):
    part = lambda data: base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()
    return f"{part({'alg': 'RS256'})}.{part(claims)}.c2lnbmF0dXJl"


def test_claims_in_order_with_meaning_and_times_in_words():
    tokens = demo_claims.tokens(
        token({"sub": "1", "exp": 1_700_000_000, "custom:x": ["a"]}), token({"scope": "s"}), "r"
    )
    assert [shown.title for shown in tokens] == ["ID token", "Access token", "Refresh token"]
    sub, exp, custom = tokens[0].claims
    assert sub.means.startswith("The user")
    assert exp.value == "1700000000 · 14 Nov 2023, 22:13:20 UTC"
    assert (custom.value, custom.means) == ('["a"]', "")
    assert tokens[2].claims == []
