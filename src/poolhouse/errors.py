"""The whole error tree, and what an error says. The core raises; api/errors.py, oauth2/answers.py and browser/render.py render.

PoolhouseError
  CognitoError        an error of the JSON API; one generated subclass per model exception in wire/exceptions.py
    ProtocolError     raised before an operation runs, not in the model (SerializationException, ...)
  OAuthError          RFC 6749 §4.1.2.1 and §5.2, OIDC Core §3.1.2.6
  PageError           an error that a person sees as a page, because no client may be told (endpoints.md §2)
  ConfigError         refuses to start, names the key and how to mend it
"""

from collections.abc import Collection
from typing import ClassVar

import msgspec


class Text(msgspec.Struct, frozen=True):
    """A template and what goes into it. str() spells it out in the template's own words: Cognito's English, for the wire.

    It stays apart until somebody is told, so that a page can say it in another language or in words of its own.
    template: a constant, never made from what somebody sent.  args: for its `{}`, in order. Without args a template is not
    formatted, so that its braces mean themselves; those of an arg always do.
    """

    template: str
    args: "tuple[Arg, ...]" = ()

    def __str__(self) -> str:
        return self.template.format(*self.args) if self.args else self.template


Arg = str | int | Text


def together(texts: Collection[Text]) -> Text:
    """Several texts, one behind the other."""
    return Text("{}" * len(texts), tuple(texts))


class PoolhouseError(Exception):
    """Any error that poolhouse raises on purpose: a template and what goes into it, which Exception.args keeps in this order."""

    @property
    def template(self) -> str | None:
        """None where nothing is said."""
        return self.args[0] if self.args else None

    @property
    def text(self) -> Text:
        return Text(self.template or "", self.args[1:])

    @property
    def message(self) -> str | None:
        """The text as the wire spells it; None where nothing is said."""
        args = self.args
        if len(args) > 1:
            return str(args[0].format(*args[1:]))
        return args[0] if args else None

    def __str__(self) -> str:
        return self.message or ""


class CognitoError(PoolhouseError):
    """An error with Cognito's own name and text.

    template, args: public, the exact Cognito text.  detail: private, for the log only; never shown to a caller.
    """

    code: ClassVar[str] = "InternalErrorException"
    status: ClassVar[int] = 400

    def __init__(
        self, template: str | None = None, *args: Arg, detail: str = "", reason_code: str | None = None
    ) -> None:
        super().__init__(template, *args)
        self.detail = detail
        self.reason_code = reason_code


class OAuthError(PoolhouseError):
    """An error of the OAuth endpoints.

    template, args: the description, or nothing.
    redirect_uri: where the client is told, set only once client and redirect URI are verified (RFC 6749 §4.1.2.1).
    response_mode: how it is told there: query, fragment or form_post.  issuer: who says so (RFC 9207), or empty.
    detail: private, for the log.
    """

    def __init__(  # noqa: PLR0913  the members of an OAuth error
        self,
        error: str,
        template: str | None = None,
        *args: Arg,
        status: int = 400,
        redirect_uri: str | None = None,
        state: str | None = None,
        response_mode: str = "query",
        issuer: str = "",
        detail: str = "",
    ) -> None:
        super().__init__(template, *args)
        self.error = error
        self.status = status
        self.redirect_uri = redirect_uri
        self.state = state
        self.response_mode = response_mode
        self.issuer = issuer
        self.detail = detail

    @property
    def description(self) -> str:
        return self.message or ""

    @property
    def may_redirect(self) -> bool:
        return self.redirect_uri is not None


class PageError(PoolhouseError):
    """An error shown on a page of the pool domain.

    template, args: what the page says under its heading.  moves_to: query of /error when the browser is sent there (302).
    detail: private, for the log.
    """

    def __init__(
        self, template: str, *args: Arg, status: int = 400, moves_to: str | None = None, detail: str = ""
    ) -> None:
        super().__init__(template, *args)
        self.status = status
        self.moves_to = moves_to
        self.detail = detail


class ConfigError(PoolhouseError):
    """A setting that cannot be used. `key` names it, `mend` says what to do."""

    def __init__(self, key: str, problem: str, mend: str = "") -> None:
        super().__init__(f"{key}: {problem}" + (f"\n{mend}" if mend else ""))
        self.key = key
        self.problem = problem
        self.mend = mend
