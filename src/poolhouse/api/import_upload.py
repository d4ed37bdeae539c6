"""PUT of a CSV file at the PreSignedUrl of an import job. Refusals are those of S3, where Cognito's address leads."""

from poolhouse.asgi import Request, Response
from poolhouse.crypto.seal import Keyring
from poolhouse.pool.call import Call
from poolhouse.pool.users import user_import_jobs
from poolhouse.pool.users.import_files import MOST_BYTES

PATH = user_import_jobs.UPLOAD_PATH
_ENCRYPTION = ("x-amz-server-side-encryption", "aws:kms")  # DOC: the header that the address is signed with


async def put_import_file(call: Call, request: Request) -> Response:
    named = user_import_jobs.named_by(call.keyring, request.query.get("token", ""))
    if named is None:
        return refuse(403, "AccessDenied", "Access Denied")
    if named.expires_at <= call.now:
        return refuse(403, "AccessDenied", "Request has expired")
    header, value = _ENCRYPTION
    if request.headers.get(header) != value:
        return refuse(403, "AccessDenied", f"There is no header {header}:{value}")
    if not await user_import_jobs.upload(call, named, request.body):
        return refuse(403, "AccessDenied", "The import job takes no file any more")
    return Response(200)


def body_limit(keyring: Keyring, request: Request) -> int:
    """Of a request to PATH; 0 for who has no address of a job, so that strangers send nothing large."""
    return MOST_BYTES if user_import_jobs.named_by(keyring, request.query.get("token", "")) is not None else 0


def too_large(limit: int) -> Response:
    if not limit:
        return refuse(403, "AccessDenied", "Access Denied")
    return refuse(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")


def refuse(status: int, code: str, message: str) -> Response:
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Response(status, document.encode(), [("content-type", "application/xml")])
