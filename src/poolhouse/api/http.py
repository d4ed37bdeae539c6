"""Owns the AWS JSON 1.1 edge: everything that is asked of `/` by SDKs."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from poolhouse.api import authorize, errors
from poolhouse.api.constraints import compile_check
from poolhouse.api.registry import OPERATIONS as HANDLERS
from poolhouse.api.registry import Handler
from poolhouse.asgi import Request, Response
from poolhouse.errors import CognitoError
from poolhouse.pool.call import Call, ClientContext
from poolhouse.pool.settings import request_rates
from poolhouse.wire.operations import OPERATIONS, TARGET_PREFIX, Operation

# The operations that carry images (DOC: 2 MB); everything else is bounded by the setting max_body_bytes.
BRANDING_BODY_BYTES = 2_097_152
BRANDING_OPERATIONS = ("CreateManagedLoginBranding", "SetUICustomization", "UpdateManagedLoginBranding")

# GUESS+: what AWS answers to a method or path that it does not serve.
BAD_REQUEST = (
    b'{"code":"BadRequest","message":"The server did not understand the operation that was requested.","type":"client"}'
)

# GUESS+: a browser may keep the answer for two days; the list is what the AWS SDKs and Amplify send.
PREFLIGHT_HEADERS = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "POST"),
    ("access-control-max-age", "172800"),
]
ALLOWED_HEADERS = (
    "authorization,content-type,x-amz-target,x-amz-user-agent,x-amz-date,x-amz-security-token,"
    "x-amz-content-sha256,cache-control,amz-sdk-invocation-id,amz-sdk-request"
)

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


async def handle(call: Call, request: Request) -> Response:
    """Answer any request to `/`. Never raises a CognitoError."""
    if request.method != "POST":
        return _answer_other_method(request)
    try:
        route = _find_route(request.headers.get("x-amz-target", ""))  # 1. which operation is meant
        call.operation = route.name
        if route.is_signed or (route.may_be_signed and "authorization" in request.headers):
            await authorize.check_signature(call, request)  # 2. a signed one: by whom
        document = _read(request.body)
        typed = route.parse(document)  # 3. types and all constraints
        if route.context_members:
            call.client_context = route.context_of(typed)
        if route.has_rate and call.settings.limits == "aws":
            await request_rates.count(call, _asked(typed))
        call = await route.find_named(call, typed)  # 4. the pool, client or access token that it names
        result = await route.run(call, typed)  # 5. do it
        body = _encode(result) if result is not None else route.empty_body  # 6. say it
    except CognitoError as error:
        call.refusal = error
        errors.log_detail(call, error)
        return errors.render(error, call.request_id, request.headers)
    except Exception as error:  # The outermost edge: whatever it is, the caller gets an answer and the log the trace.
        return errors.render(errors.unexpected(call, error), call.request_id, request.headers)
    head = (
        [errors.CONTENT_TYPE, ("x-amzn-requestid", call.request_id)]
        if body
        else [("x-amzn-requestid", call.request_id)]
    )
    if "origin" in request.headers:
        head += errors.CORS_HEADERS
    return Response(200, body, head)


class Route:
    """One built operation with everything that its requests need, made at its first call."""

    __slots__ = (
        "_check",
        "_request",
        "context_members",
        "empty_body",
        "find_named",
        "has_rate",
        "is_signed",
        "may_be_signed",
        "name",
        "run",
    )

    def __init__(self, operation: Operation, handler: Handler) -> None:
        self.name = operation.name
        self.run = handler
        self.is_signed = operation.authorisation == "sigv4"
        self.may_be_signed = operation.authorisation == "optional"
        self.find_named = _finder(operation)
        self.has_rate = "TooManyRequestsException" in operation.errors  # nine operations do not declare it
        # An operation with an empty output structure answers `{}`, one without any output an empty body.
        self.empty_body = b"" if operation.response is None else b"{}"
        # (what ClientContext calls it, what the request calls it), of those that the operation takes.
        members = operation.request.__struct_fields__
        self.context_members = [pair for pair in _CONTEXT if pair[1] in members]
        self._request = operation.request
        self._check = compile_check(operation.request.__name__)

    def parse(self, document: dict[str, Any]) -> Any:
        """The typed request. Raises SerializationException or InvalidParameterException."""
        self._check(document)
        return msgspec.convert(document, self._request)

    def context_of(self, typed: Any) -> ClientContext:
        """What came beside the request."""
        return ClientContext(**{name: getattr(typed, member) for name, member in self.context_members})


def _asked(typed: Any) -> request_rates.Asked:
    """Before anything of it is looked up, since what is refused shall cost little."""
    parameters = getattr(typed, "AuthParameters", None) or getattr(typed, "ChallengeResponses", None) or {}
    user = getattr(typed, "Username", None) or getattr(typed, "AccessToken", None) or parameters.get("USERNAME")
    return request_rates.Asked(
        user_pool=getattr(typed, "UserPoolId", None) or getattr(typed, "ClientId", None) or "",
        user=user or "",
        is_new_password=getattr(typed, "ChallengeName", "") == "NEW_PASSWORD_REQUIRED",
    )


_CONTEXT = (
    ("metadata", "ClientMetadata"),
    ("user_context", "UserContextData"),
    ("context", "ContextData"),
    ("analytics", "AnalyticsMetadata"),
    ("session", "Session"),
)


def _finder(operation: Operation) -> Callable[[Call, Any], Awaitable[Call]]:
    members, declared = operation.request.__struct_fields__, operation.errors
    if operation.authorisation == "access_token":
        if "Session" in members:
            return authorize.by_access_token_or_session
        is_declared = "UserNotFoundException" in declared
        return authorize.by_access_token if is_declared else authorize.by_access_token_alone
    if "UserPoolId" in members:
        return authorize.by_user_pool
    if "ClientId" in members:
        return authorize.by_client if "ResourceNotFoundException" in declared else authorize.by_client_alone
    return authorize.by_nothing


_routes: dict[str, Route] = {}


def _find_route(target: str) -> Route:
    """The route of an X-Amz-Target. Raises UnknownOperationException or NotImplementedException."""
    return _routes.get(target) or _make_route(target)


def _make_route(target: str) -> Route:
    prefix, _, name = target.partition(".")
    operation = OPERATIONS.get(name)
    if prefix != TARGET_PREFIX or operation is None:
        raise errors.UnknownOperationException
    handler = HANDLERS.get(name)
    if handler is None:
        raise errors.NotImplementedException(
            "{} is not available in poolhouse yet; `poolhouse operations` lists what is.", name
        )
    route = _routes[target] = Route(operation, handler)
    return route


def _read(body: bytes) -> dict[str, Any]:
    """The JSON object of a body; an empty body is an empty object. Raises SerializationException."""
    try:
        document = _decode(body) if body else {}
        has_nul = b"\\u0000" in body and _has_nul(document)
    except (ValueError, RecursionError):  # Malformed, not UTF-8, or nested hundreds of levels deep.
        raise errors.SerializationException from None
    if document.__class__ is not dict:
        raise errors.SerializationException("Unexpected value type in payload")
    if has_nul:
        # PostgreSQL cannot store the character, and nothing that a user types contains it.
        raise errors.SerializationException("NUL is not allowed in strings")
    return document


def _has_nul(value: Any) -> bool:
    match value:
        case str():
            return "\0" in value
        case dict():
            return any(_has_nul(name) or _has_nul(item) for name, item in value.items())
        case list():
            return any(map(_has_nul, value))
        case _:
            return False


def _answer_other_method(request: Request) -> Response:
    request_id = ("x-amzn-requestid", request.request_id)
    if request.method == "OPTIONS":
        asked = request.headers.get("access-control-request-headers", "")
        return Response(
            200, b"", [request_id, *PREFLIGHT_HEADERS, ("access-control-allow-headers", asked or ALLOWED_HEADERS)]
        )
    head = [("content-type", "application/json"), request_id]
    if "origin" in request.headers:
        head += errors.CORS_HEADERS
    return Response(400, BAD_REQUEST, head)


def body_limit(target: str, max_body_bytes: int) -> int:
    """How large the body of a request with this X-Amz-Target may be, in bytes."""
    is_branding = target.partition(".")[2] in BRANDING_OPERATIONS
    return max(max_body_bytes, BRANDING_BODY_BYTES) if is_branding else max_body_bytes


def body_too_large(request_id: str, headers: Mapping[str, str], limit: int) -> Response:
    """The answer to a body above its limit, which the server stopped reading."""
    error = errors.RequestEntityTooLargeException("The request body is larger than {} bytes.", limit)
    return errors.render(error, request_id, headers)
