"""Owns how an error leaves the JSON API, and the errors that come before any operation runs.

CognitoError
  ProtocolError                          none of these is in the service model (user-pools-api.md §1.4)
    SerializationException               the body cannot be read
    UnknownOperationException            no such operation, or none named
    NotImplementedException              poolhouse's own: the operation exists at AWS and is not built yet
    RequestEntityTooLargeException       the body is too large
    ClosedDoorException                  a request that may not come in: poolhouse's own (front_door.py)
    MissingAuthenticationTokenException  a signed operation without Authorization
    IncompleteSignatureException         an Authorization that cannot be read
    UnrecognizedClientException          an access key that does not exist
    InvalidSignatureException            a wrong or outdated signature
"""

import logging
from collections.abc import Mapping
from typing import ClassVar

import msgspec

from poolhouse import discretion
from poolhouse.asgi import Response
from poolhouse.errors import CognitoError
from poolhouse.pool.call import Call
from poolhouse.wire.exceptions import InternalErrorException

log = logging.getLogger("poolhouse.api")

CONTENT_TYPE = ("content-type", "application/x-amz-json-1.1")
MOST_HEADER_CHARACTERS = 1024  # Keeps the answer's head below what proxies and clients accept (4-8 KB).

# OBS: a captured GetUser response (user-pools-api.md §1.2).
CORS_HEADERS = (
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"),
)

_encode = msgspec.json.Encoder().encode


class ProtocolError(CognitoError):
    """Raised before an operation runs. Its public name is the class name."""

    def __init_subclass__(cls) -> None:
        cls.code = cls.__name__


class SerializationException(ProtocolError):
    pass


class UnknownOperationException(ProtocolError):
    pass


class NotImplementedException(ProtocolError):
    pass


class RequestEntityTooLargeException(ProtocolError):
    status: ClassVar[int] = 413


class ClosedDoorException(ProtocolError):
    pass


class MissingAuthenticationTokenException(ProtocolError):
    pass


class IncompleteSignatureException(ProtocolError):
    pass


class UnrecognizedClientException(ProtocolError):
    pass


class InvalidSignatureException(ProtocolError):
    pass


def render(error: CognitoError, request_id: str, headers: Mapping[str, str]) -> Response:
    """The answer to an error.

    headers: of the request, since only a browser's gets the CORS headers.
    """
    body = {"__type": error.code}
    head = [
        CONTENT_TYPE,
        ("x-amzn-requestid", request_id),
        ("x-amzn-errortype", error.code + ":"),  # GUESS+: the colon is what older AWS front ends send
    ]
    message = error.message
    if message is not None:
        body["message"] = message
        head.append(("x-amzn-errormessage", header_text(message)))
    if error.reason_code is not None:
        body["reasonCode"] = error.reason_code
    if "origin" in headers:
        head += CORS_HEADERS
    return Response(error.status, _encode(body), head)


def header_text(message: str) -> str:
    """A message as a header can carry it: printable ASCII, cut to a sane length."""
    text = message[:MOST_HEADER_CHARACTERS]
    if text.isascii() and text.isprintable():
        return text.strip()
    return "".join(c if c.isascii() and c.isprintable() else " " if c.isspace() else "?" for c in text).strip()


def unexpected(call: Call, error: Exception) -> InternalErrorException:
    """Log what nobody expected and give what the caller may know of it.

    The log shows where it happened and the kind of error. Its text may quote what the caller sent (a password, an
    address), so that only the debug level shows it.
    """
    told = discretion.failure(error, with_text=log.isEnabledFor(logging.DEBUG))
    log.error("unexpected %s", told, extra=_context(call))
    return InternalErrorException("Internal error. The request id is {}.", call.request_id)


def log_detail(call: Call, error: CognitoError) -> None:
    """What an operator may know about a refusal and its caller may not."""
    if error.detail and log.isEnabledFor(logging.DEBUG):
        log.debug("%s: %s", error.code, error.detail, extra=_context(call))


def _context(call: Call) -> dict[str, str]:
    return {"request_id": call.request_id, "operation": call.operation}
