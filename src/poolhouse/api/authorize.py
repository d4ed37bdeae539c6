"""Owns who may call: SigV4 signatures, and finding the pool, client or access token that a request names."""

import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import msgspec

from poolhouse.api.errors import (
    IncompleteSignatureException,
    InvalidSignatureException,
    MissingAuthenticationTokenException,
    UnrecognizedClientException,
)
from poolhouse.asgi import Request
from poolhouse.config import LOOPBACK_NAMES
from poolhouse.pool import texts
from poolhouse.pool.call import Call
from poolhouse.pool.tokens import tokens
from poolhouse.wire.exceptions import (
    InvalidParameterException,
    NotAuthorizedException,
    ResourceNotFoundException,
    UnauthorizedException,
    UserNotFoundException,
)

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "cognito-idp"
SKEW_SECONDS = 5 * 60
DATE = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
SIGNATURE = re.compile(r"[0-9a-f]{64}")

# All texts of this block: GUESS+ (user-pools-api.md §1.4), as the AWS front end words them for other services.
MISSING_TOKEN = "Missing Authentication Token"
UNKNOWN_KEY = "The security token included in the request is invalid."
SIGNATURE_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)
SIGNATURE_EXPIRED = "Signature expired: {} is now earlier than {} ({} - 5 min.)"
SIGNATURE_TOO_EARLY = "Signature not yet current: {} is still later than {} ({} + 5 min.)"
UNKNOWN_ALGORITHM = "Unsupported AWS 'algorithm': '{}'."
REQUIRES_PART = "Authorization header requires '{}' parameter."
REQUIRES_DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
WRONG_DATE = "Date must be in ISO-8601 'basic format'. Got '{}'. See http://en.wikipedia.org/wiki/ISO_8601"
WRONG_CREDENTIAL = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term."
WRONG_SERVICE = "Credential should be scoped to correct service: '{}'."
WRONG_TERMINATOR = "Credential should be scoped with a valid terminator: 'aws4_request', not '{}'."
WRONG_SCOPE_DATE = (
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{}', from '{}'."
)
UNSIGNED_HEADER = "'{}' must be a 'SignedHeader' in the AWS Authorization."


# --- signatures -----------------------------------------------------------------------------------------------------


class Signature(msgspec.Struct, frozen=True):
    """A parsed Authorization header. Nothing in it is verified.

    scope: <date>/<region>/<service>/aws4_request.  date: ISO-8601 basic, as in the request.
    """

    access_key_id: str
    scope: str
    signed_headers: tuple[str, ...]
    signature: str
    date: str


async def check_signature(call: Call, request: Request) -> None:
    """Verify the caller's SigV4 signature over the whole request; raises one of the four signature errors.

    Any region of the credential scope is accepted: one server answers for all of them, and its clients should not need a
    second setting to be right. Every known key may do everything; there are no policies.
    """
    if call.settings.signatures == "accept-any":
        _refuse_foreign_page(request)
        call.is_signed = "authorization" in request.headers
        return
    if "authorization" not in request.headers:
        raise MissingAuthenticationTokenException(MISSING_TOKEN)
    signature = parse_authorization(request.headers)
    key = await call.house.access_keys.find(signature.access_key_id, call.now)
    if key is None:
        raise UnrecognizedClientException(UNKNOWN_KEY)
    _check_date(signature.date, call.now)
    _check_signed_headers(signature, request)
    text = f"{ALGORITHM}\n{signature.date}\n{signature.scope}\n{canonical_request_hash(signature, request)}"
    expected = hmac.new(key.signing_key(signature.scope), text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, signature.signature):
        raise InvalidSignatureException(SIGNATURE_MISMATCH)
    call.access_key_id, call.is_signed = signature.access_key_id, True


def _refuse_foreign_page(request: Request) -> None:
    """Where anybody is believed, a web page that the developer happens to visit is not: its browser names its origin."""
    origin = request.headers.get("origin")
    if origin is None:
        return
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        host = ""
    if host not in LOOPBACK_NAMES and not host.endswith(".localhost"):
        raise UnrecognizedClientException(UNKNOWN_KEY)


def parse_authorization(headers: dict[str, str]) -> Signature:
    """Read Authorization and the date. Raises IncompleteSignatureException or, for a wrong scope, InvalidSignatureException."""
    algorithm, _, rest = headers["authorization"].strip().partition(" ")
    if algorithm != ALGORITHM:
        raise IncompleteSignatureException(UNKNOWN_ALGORITHM, algorithm[:40], detail=f"Not signed with {ALGORITHM}.")
    parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    date = headers.get("x-amz-date") or headers.get("date") or ""
    problems = [
        REQUIRES_PART.format(name) for name in ("Credential", "Signature", "SignedHeaders") if not parts.get(name)
    ]
    if not date:
        problems.append(REQUIRES_DATE)
    if problems:
        raise IncompleteSignatureException(" ".join(problems))
    if not DATE.fullmatch(date):
        raise IncompleteSignatureException(WRONG_DATE, date[:40], detail="The date is not in ISO-8601 basic format.")
    credential = parts["Credential"].split("/")
    if len(credential) != 5:
        raise IncompleteSignatureException(WRONG_CREDENTIAL)
    access_key_id, day, _region, service, terminator = credential
    if service != SERVICE:
        raise InvalidSignatureException(WRONG_SERVICE, SERVICE)
    if terminator != "aws4_request":
        raise InvalidSignatureException(
            WRONG_TERMINATOR, terminator[:40], detail="The credential scope does not end as it should."
        )
    if day != date[:8]:
        raise InvalidSignatureException(
            WRONG_SCOPE_DATE, day[:40], date[:8], date, detail="The credential scope is of another day."
        )
    if not SIGNATURE.fullmatch(parts["Signature"]):
        raise InvalidSignatureException(SIGNATURE_MISMATCH)
    signed = tuple(parts["SignedHeaders"].lower().split(";"))
    return Signature(access_key_id, "/".join(credential[1:]), signed, parts["Signature"], date)


def _check_date(date: str, now: float) -> None:
    try:
        signed_at = datetime.fromisoformat(date).timestamp()
    except ValueError:
        raise IncompleteSignatureException(WRONG_DATE, date) from None
    if signed_at < now - SKEW_SECONDS:
        raise InvalidSignatureException(SIGNATURE_EXPIRED, date, _iso(now - SKEW_SECONDS), _iso(now))
    if signed_at > now + SKEW_SECONDS:
        raise InvalidSignatureException(SIGNATURE_TOO_EARLY, date, _iso(now + SKEW_SECONDS), _iso(now))


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%dT%H%M%SZ")


def _check_signed_headers(signature: Signature, request: Request) -> None:
    # Without x-amz-target under the signature, a signed DescribeUser could be sent again as DeleteUser.
    for name in ("host", "x-amz-target", "x-amz-date"):
        if name in request.headers and name not in signature.signed_headers:
            raise InvalidSignatureException(UNSIGNED_HEADER, name)
    if any(name not in request.headers for name in signature.signed_headers):
        raise InvalidSignatureException(SIGNATURE_MISMATCH)


def canonical_request_hash(signature: Signature, request: Request) -> str:
    """The SHA-256 of the canonical request (AWS "Create a signed request", step 1), in hexadecimal.

    The payload hash is always our own, so that x-amz-content-sha256, when it is signed, is also true.
    """
    payload = hashlib.sha256(request.body).hexdigest()
    claimed = request.headers.get("x-amz-content-sha256")
    if claimed is not None and not hmac.compare_digest(claimed.encode(), payload.encode()):
        raise InvalidSignatureException(SIGNATURE_MISMATCH)
    lines = [
        request.method,
        "/" if request.path == "/" else quote(request.path, safe="/~-._"),
        _canonical_query(request.query_string),
        *(f"{name}:{' '.join(request.headers[name].split())}" for name in signature.signed_headers),
        "",
        ";".join(signature.signed_headers),
        payload,
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _canonical_query(query_string: str) -> str:
    if not query_string:
        return ""
    pairs = (pair.partition("=")[::2] for pair in query_string.split("&"))
    return "&".join(
        f"{name}={value}" for name, value in sorted((_encoded(name), _encoded(value)) for name, value in pairs)
    )


def _encoded(text: str) -> str:
    return quote(unquote(text), safe="~-._")


# --- what the request names -----------------------------------------------------------------------------------------


async def by_access_token(call: Call, request: Any) -> Call:
    """A UserCall. Raises NotAuthorizedException also where the model has the token as optional and means it (GUESS)."""
    if request.AccessToken is None:
        raise NotAuthorizedException(texts.INVALID_ACCESS_TOKEN)
    return call.as_user(await tokens.verify_access_token(call, request.AccessToken))


async def by_access_token_or_session(call: Call, request: Any) -> Call:
    """A UserCall, or the Call as it is where there is no token: then the operation asks for a Session."""
    return call if request.AccessToken is None else await by_access_token(call, request)


async def by_access_token_alone(call: Call, request: Any) -> Call:
    """As by_access_token, where no UserNotFoundException is declared: the tokens of a deleted user are revoked (GUESS)."""
    try:
        return await by_access_token(call, request)
    except UserNotFoundException as error:
        raise NotAuthorizedException(texts.REVOKED_ACCESS_TOKEN) from error


async def by_client(call: Call, request: Any) -> Call:
    """A ClientCall. Raises ResourceNotFoundException."""
    if request.ClientId is None:
        return call
    return call.as_client(await call.configuration.client(request.ClientId))


async def by_client_alone(call: Call, request: Any) -> Call:
    """As by_client, where no ResourceNotFoundException is declared: an unknown client has no right secret either (GUESS)."""
    try:
        return await by_client(call, request)
    except ResourceNotFoundException as error:
        raise UnauthorizedException(texts.UNAUTHORIZED_CLIENT) from error


async def by_user_pool(call: Call, request: Any) -> Call:
    """A PoolCall. Raises ResourceNotFoundException, and InvalidParameterException where the model lets the id be left out."""
    if request.UserPoolId is None:
        raise InvalidParameterException(texts.MEMBER_IS_NULL, "userPoolId")
    return call.in_pool(await call.configuration.user_pool(request.UserPoolId))


async def by_nothing(call: Call, request: Any) -> Call:
    """The request names no pool, or one that its handler resolves itself (domains, tags)."""
    return call
