"""crypto.sigv4 against botocore, which signs every header that is there."""

from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from poolhouse.crypto import sigv4

NOW = datetime(2026, 11, 27, 3, 4, 5, tzinfo=UTC)
DATE = "20261127T030405Z"


@pytest.mark.parametrize("session_token", ["", "a-session-token"])
@pytest.mark.parametrize(
    ("service", "path", "others"),
    [
        ("lambda", "/2015-03-31/functions/arn%3Aaws%3Alambda/invocations", {"x-amz-invocation-type": "Event"}),
        ("kms", "/", {"content-type": "application/x-amz-json-1.1", "x-amz-target": "TrentService.GenerateDataKey"}),
        ("lambda", "/a", {}),
    ],
)
def test_as_botocore_signs(service: str, path: str, others: dict[str, str], session_token: str) -> None:
    credentials = sigv4.Credentials("AKIDEXAMPLE", "secret", session_token)
    host = f"{service}.us-east-1.amazonaws.com"
    headers = sigv4.signed_headers(credentials, service, "us-east-1", host, path, b"{}", NOW, others)
    assert others.items() <= headers.items()
    told = {"x-amz-date": DATE, **others} | ({"x-amz-security-token": session_token} if session_token else {})
    request = AWSRequest("POST", f"https://{host}{path}", data=b"{}", headers=told)
    request.context["timestamp"] = DATE
    signer = SigV4Auth(BotoCredentials("AKIDEXAMPLE", "secret", session_token or None), service, "us-east-1")
    text = signer.string_to_sign(request, signer.canonical_request(request))
    names = ";".join(sorted([*told, "host"]))
    assert headers["authorization"] == (
        f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, SignedHeaders={names}, "
        f"Signature={signer.signature(text, request)}"
    )
