"""AWS Signature Version 4 for requests that leave: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

import msgspec

ALGORITHM = "AWS4-HMAC-SHA256"


class Credentials(msgspec.Struct, frozen=True):
    """session_token: of temporary ones, or empty."""

    access_key_id: str
    secret_access_key: str
    session_token: str = ""


def signed_headers(  # noqa: PLR0913  what a request consists of
    credentials: Credentials,
    service: str,
    region: str,
    host: str,
    path: str,
    body: bytes,
    now: datetime,
    others: Mapping[str, str],
) -> dict[str, str]:
    """The headers that a POST without a query needs, `host` and `authorization` among them. path: percent-encoded once.

    now: in UTC.  others: further headers, in lower case, which are signed and come back with the rest.
    """
    date = now.strftime("%Y%m%dT%H%M%SZ")
    headers = {**others, "host": host, "x-amz-date": date}
    if credentials.session_token:
        headers["x-amz-security-token"] = credentials.session_token
    names = ";".join(sorted(headers))
    canonical = "\n".join(
        [
            "POST",
            quote(path, safe="/~-._"),  # every service but S3 encodes the encoded path once more
            "",
            *(f"{name}:{headers[name]}" for name in sorted(headers)),
            "",
            names,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    scope = f"{date[:8]}/{region}/{service}/aws4_request"
    text = f"{ALGORITHM}\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = b"AWS4" + credentials.secret_access_key.encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    credential = f"{credentials.access_key_id}/{scope}"
    headers["authorization"] = f"{ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}"
    return headers
