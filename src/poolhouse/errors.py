"""The whole error tree. The core raises; api/errors.py, oauth2/answers.py and browser/render.py render.

PoolhouseError
  CognitoError        an error of the JSON API; one generated subclass per model exception in wire/exceptions.py
    ProtocolError     raised before an operation runs, not in the model (SerializationException, ...)
  OAuthError          RFC 6749 §4.1.2.1 and §5.2, OIDC Core §3.1.2.6
  PageError           an error that a person sees as a page, because no client may be told (endpoints.md §2)
  ConfigError         refuses to start, names the key and how to mend it
"""

from typing import ClassVar


class PoolhouseError(Exception):
    """Any error that poolhouse raises on purpose."""


class CognitoError(PoolhouseError):
    """An error with Cognito's own name and text.

    message: public, the exact Cognito text.  detail: private, for the log only; never shown to a caller.
    """

    code: ClassVar[str] = "InternalErrorException"
    status: ClassVar[int] = 400

    def __init__(self, message: str | None = None, *, detail: str = "", reason_code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.reason_code = reason_code


class OAuthError(PoolhouseError):
    """An error of the OAuth endpoints.

    redirect_uri: where the client is told, set only once client and redirect URI are verified (RFC 6749 §4.1.2.1).
    in_fragment: whether it is told behind the `#`, where the implicit grant answers (RFC 6749 §4.2.2.1).
    detail: private, for the log.
    """

    def __init__(  # noqa: PLR0913  the members of an OAuth error
        self,
        error: str,
        description: str = "",
        *,
        status: int = 400,
        redirect_uri: str | None = None,
        state: str | None = None,
        in_fragment: bool = False,
        detail: str = "",
    ) -> None:
        super().__init__(error, description)
        self.error = error
        self.description = description
        self.status = status
        self.redirect_uri = redirect_uri
        self.state = state
        self.in_fragment = in_fragment
        self.detail = detail

    @property
    def may_redirect(self) -> bool:
        return self.redirect_uri is not None


class PageError(PoolhouseError):
    """An error shown on a page of the pool domain.

    text: what the page says under its heading.  moves_to: query of /error when the browser is sent there (302).
    detail: private, for the log.
    """

    def __init__(self, text: str, *, status: int = 400, moves_to: str | None = None, detail: str = "") -> None:
        super().__init__(text)
        self.text = text
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
