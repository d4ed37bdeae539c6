"""What the demo application says about tokens: their claims, one by one, and what each means."""

import base64
from datetime import UTC, datetime
from typing import Any

import msgspec

_MEANINGS = {
    "acr": "How strongly the user proved who they are.",
    "amr": "With which factors.",
    "at_hash": "Ties this token to the access token.",
    "aud": "Whom the token is for: this application's client id.",
    "auth_time": "When the user signed in.",
    "client_id": "Which application the token was issued to.",
    "cognito:groups": "The groups of the user.",
    "cognito:preferred_role": "The role of the group that comes first.",
    "cognito:roles": "The roles of those groups.",
    "cognito:username": "The user's name in the pool.",
    "email": "The user's e-mail address.",
    "email_verified": "Whether the user has proved to be its owner.",
    "event_id": "The sign-in that the token comes from.",
    "exp": "When the token ends.",
    "family_name": "The user's family name.",
    "given_name": "The user's given name.",
    "iat": "When the token was issued.",
    "iss": "Who issued it: this user pool.",
    "jti": "The token's own number.",
    "name": "The user's name.",
    "nonce": "What this application drew before the sign-in: the token is an answer to it.",
    "origin_jti": "Shared by all tokens of one sign-in; revoking the refresh token ends them all.",
    "phone_number": "The user's phone number.",
    "phone_number_verified": "Whether the user has proved to be its owner.",
    "scope": "What the token allows.",
    "sub": "The user, by a number that never changes.",
    "token_use": "Which kind of token this is.",
    "username": "The user's name in the pool.",
    "version": "Version of the token's form.",
}
_TIMES = frozenset({"auth_time", "exp", "iat"})


class Claim(msgspec.Struct, frozen=True):
    name: str
    value: str
    means: str


class Token(msgspec.Struct, frozen=True):
    title: str
    purpose: str
    text: str
    claims: list[Claim]


def tokens(id_token: str, access_token: str, refresh_token: str) -> list[Token]:
    """The tokens of one sign-in, decoded for reading. The application got them from the issuer itself."""
    return [
        Token("ID token", "Who signed in. For this application.", id_token, _claims(id_token)),
        Token("Access token", "What the user allows. For APIs.", access_token, _claims(access_token)),
        Token(
            "Refresh token",
            "Gets new tokens without a sign-in. Opaque: only the user pool reads it.",
            refresh_token,
            [],
        ),
    ]


def decode(token: str) -> dict[str, Any]:
    """The claims of a JWT, unverified."""
    payload = token.split(".")[1]
    return msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=dict[str, Any])


def _claims(token: str) -> list[Claim]:
    return [Claim(name, _value(name, value), _MEANINGS.get(name, "")) for name, value in decode(token).items()]


def _value(name: str, value: object) -> str:
    if name in _TIMES and isinstance(value, int):
        return f"{value} · {datetime.fromtimestamp(value, UTC):%d %b %Y, %H:%M:%S} UTC"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
