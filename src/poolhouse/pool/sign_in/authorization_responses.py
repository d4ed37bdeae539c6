"""What a client is told through the browser at the end of an authorization request, and in which way (RFC 6749 §4.1.2)."""

from typing import Literal, get_args

import msgspec

from poolhouse.asgi import encode_pairs

# OAuth 2.0 Multiple Response Type Encoding Practices, and OAuth 2.0 Form Post Response Mode.
ResponseMode = Literal["query", "fragment", "form_post"]
RESPONSE_MODES: tuple[ResponseMode, ...] = get_args(ResponseMode)


class AuthorizationResponse(msgspec.Struct, frozen=True):
    """redirect_uri: verified.  parameters: in the order in which they are told."""

    redirect_uri: str
    parameters: dict[str, str]
    response_mode: ResponseMode = "query"

    @property
    def location(self) -> str:
        """Where the browser is sent, in the two modes that are a redirect."""
        add = with_fragment if self.response_mode == "fragment" else with_query
        return add(self.redirect_uri, self.parameters)


def with_query(redirect_uri: str, parameters: dict[str, str]) -> str:
    """The redirect URI with parameters added to its query."""
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{encode_pairs(parameters.items())}"


def with_fragment(redirect_uri: str, parameters: dict[str, str]) -> str:
    """The redirect URI with parameters behind the `#`; a registered one has no fragment of its own."""
    return f"{redirect_uri}#{encode_pairs(parameters.items())}"
