"""The arithmetic of SigV4; the whole door is in tests/conformance/api/test_protocol.py."""

import hashlib
import hmac

import pytest

from poolhouse.api import authorize
from poolhouse.api.errors import IncompleteSignatureException, InvalidSignatureException
from poolhouse.asgi import Request
from poolhouse.pool.configuration.access_keys import AccessKey

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def test_the_published_signing_key():
    """AWS General Reference, "Deriving the signing key" (20150830, us-east-1, iam)."""
    key = AccessKey("AKIDEXAMPLE", SECRET).signing_key("20150830/us-east-1/iam/aws4_request")
    assert key.hex() == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"


@pytest.mark.parametrize(
    ("method", "query", "headers", "expected"),
    [
        # AWS Signature Version 4 test suite: get-vanilla, post-vanilla, get-vanilla-query-order-key-case.
        ("GET", "", {}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", "", {}, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        ("GET", "Param2=value2&Param1=value1", {}, "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ],
)
def test_the_published_signatures(method, query, headers, expected):
    all_headers = {"host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z", **headers}
    request = Request(method=method, path="/", query_string=query, headers=all_headers)
    scope = "20150830/us-east-1/service/aws4_request"
    signature = authorize.Signature("AKIDEXAMPLE", scope, tuple(sorted(all_headers)), "", "20150830T123600Z")
    digest = authorize.canonical_request_hash(signature, request)
    key = AccessKey("AKIDEXAMPLE", SECRET).signing_key(scope)
    text = f"AWS4-HMAC-SHA256\n20150830T123600Z\n{scope}\n{digest}"
    assert hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == expected


def header(**changes: str) -> dict[str, str]:
    parts = {
        "Credential": "AKID/20150830/us-east-1/cognito-idp/aws4_request",
        "SignedHeaders": "host;x-amz-date",
        "Signature": "0" * 64,
    } | changes
    text = ", ".join(f"{name}={value}" for name, value in parts.items() if value)
    return {"authorization": f"AWS4-HMAC-SHA256 {text}", "x-amz-date": "20150830T123600Z"}


class TestParsing:
    def test_all_parts(self):
        signature = authorize.parse_authorization(header())
        assert signature == authorize.Signature(
            "AKID", "20150830/us-east-1/cognito-idp/aws4_request", ("host", "x-amz-date"), "0" * 64, "20150830T123600Z"
        )

    def test_without_spaces_after_the_commas(self):
        headers = header()
        headers["authorization"] = headers["authorization"].replace(", ", ",")
        assert authorize.parse_authorization(headers).access_key_id == "AKID"

    @pytest.mark.parametrize("part", ["Credential", "SignedHeaders", "Signature"])
    def test_a_missing_part_is_named(self, part):
        with pytest.raises(IncompleteSignatureException) as caught:
            authorize.parse_authorization(header(**{part: ""}))
        assert caught.value.message == f"Authorization header requires '{part}' parameter."

    def test_the_date_header_will_do(self):
        headers = header()
        headers["date"] = headers.pop("x-amz-date")
        assert authorize.parse_authorization(headers).date == "20150830T123600Z"

    @pytest.mark.parametrize(
        "credential",
        [
            "AKID/20150830/us-east-1/iam/aws4_request",
            "AKID/20150829/us-east-1/cognito-idp/aws4_request",
            "AKID/20150830/us-east-1/cognito-idp/other",
        ],
    )
    def test_a_wrong_scope(self, credential):
        with pytest.raises(InvalidSignatureException):
            authorize.parse_authorization(header(Credential=credential))


def test_signing_keys_are_remembered_but_not_without_end():
    key = AccessKey("AKID", SECRET)
    for day in range(100):
        key.signing_key(f"{day}/r/s/aws4_request")
    assert len(key._signing_keys) <= 16
