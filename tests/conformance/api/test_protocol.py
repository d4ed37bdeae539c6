"""The envelope of the JSON API over raw HTTP: user-pools-api.md §1.1 to §1.4, one class per table."""

import http.client
import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.support.server import COMMAND, JSON_11, REGION, TARGET, Server

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ORIGIN = {"Origin": "https://app.example.com"}


def post(server: Server, target: str | None, body: bytes | str = b"{}", **headers: str):
    """POST / with exactly these headers (underscores become dashes)."""
    sent = {"Content-Type": JSON_11} | {name.replace("_", "-"): value for name, value in headers.items()}
    if target is not None:
        sent["X-Amz-Target"] = target
    return server.http.post("/", content=body, headers=sent)


def list_pools(server: Server, **headers: str):
    return post(server, TARGET + "ListUserPools", '{"MaxResults": 1}', **headers)


def assert_error(answer, code: str, message: str | None = ..., status: int = 400):
    assert answer.status_code == status
    assert answer.headers["content-type"] == JSON_11
    assert answer.headers["x-amzn-errortype"] == f"{code}:"
    assert UUID.fullmatch(answer.headers["x-amzn-requestid"])
    body = answer.json()
    assert body["__type"] == code
    if message is not ...:
        assert body.get("message") == message
    if "message" in body:
        assert answer.headers["x-amzn-errormessage"]


class TestEnvelope:
    def test_success_is_json_11_with_a_request_id(self, server):
        answer = list_pools(server)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == JSON_11
        assert UUID.fullmatch(answer.headers["x-amzn-requestid"])
        assert isinstance(answer.json()["UserPools"], list)

    def test_every_answer_has_its_own_request_id(self, server):
        assert list_pools(server).headers["x-amzn-requestid"] != list_pools(server).headers["x-amzn-requestid"]

    def test_an_operation_without_output_answers_an_empty_body(self, server, pools):
        pool = pools.user_pool()
        answer = server.call("DeleteUserPool", {"UserPoolId": pool})
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == "0"
        assert UUID.fullmatch(answer.headers["x-amzn-requestid"])

    def test_an_empty_output_structure_answers_an_empty_object(self, server, pools):
        pool = pools.user_pool()
        answer = server.call("UpdateUserPool", {"UserPoolId": pool})
        assert (answer.status_code, answer.content) == (200, b"{}")

    def test_timestamps_are_numbers_to_the_millisecond(self, server, user_pool_id):
        pool = server.call("DescribeUserPool", {"UserPoolId": user_pool_id}).json()["UserPool"]
        assert isinstance(pool["CreationDate"], int | float)
        assert abs(pool["CreationDate"] - time.time()) < 86_400
        assert round(pool["CreationDate"], 3) == pool["CreationDate"]

    def test_absent_members_are_left_out_never_null(self, server, user_pool_id):
        assert "null" not in server.call("DescribeUserPool", {"UserPoolId": user_pool_id}).text

    def test_an_error_has_type_and_message_in_body_and_headers(self, server):
        answer = server.call("DescribeUserPool", {"UserPoolId": "us-east-1_NoSuchPool"})
        message = "User pool us-east-1_NoSuchPool does not exist."
        assert_error(answer, "ResourceNotFoundException", message)
        assert answer.headers["x-amzn-errormessage"] == message
        assert set(answer.json()) == {"__type", "message"}

    def test_a_message_that_is_no_header_text_is_made_one(self, server):
        answer = server.call("DescribeUserPool", {"UserPoolId": "日本\r\nx: y" + "z" * 5000})
        assert_error(answer, "InvalidParameterException")
        assert answer.headers["x-amzn-errormessage"].isascii()
        assert len(answer.headers["x-amzn-errormessage"]) <= 1024
        assert "x" not in answer.headers
        assert "日本" in answer.json()["message"]

    def test_unknown_members_are_ignored(self, server):
        """Acceptance 5."""
        assert post(server, TARGET + "ListUserPools", '{"MaxResults":1,"Nonsense":{"a":[1]}}').status_code == 200

    def test_null_members_are_absent(self, server):
        assert post(server, TARGET + "ListUserPools", '{"MaxResults":1,"NextToken":null}').status_code == 200
        assert_error(
            post(server, TARGET + "ListUserPools", '{"MaxResults":null}'),
            "InvalidParameterException",
            "1 validation error detected: Value null at 'maxResults' failed to satisfy constraint: Member must not be null",
        )

    def test_an_empty_body_is_an_empty_object(self, server):
        assert_error(post(server, TARGET + "ListUserPools", b""), "InvalidParameterException")

    @pytest.mark.parametrize(
        "content_type",
        ["application/json", "application/x-amz-json-1.0", "text/plain", "", "application/x-www-form-urlencoded"],
    )
    def test_the_content_type_does_not_matter(self, server, content_type):
        """Acceptance 7."""
        answer = list_pools(server, Content_Type=content_type)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == JSON_11


class TestCORS:
    EXPOSED = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"

    def test_answers_to_an_origin_may_be_read(self, server):
        for answer in (list_pools(server, **ORIGIN), post(server, TARGET + "Nonsense", **ORIGIN)):
            assert answer.headers["access-control-allow-origin"] == "*"
            assert answer.headers["access-control-expose-headers"] == self.EXPOSED
            assert "access-control-allow-credentials" not in answer.headers

    def test_without_an_origin_there_are_no_cors_headers(self, server):
        assert not [name for name in list_pools(server).headers if name.startswith("access-control")]

    @pytest.mark.parametrize(
        "asked",
        [
            "cache-control,content-type,x-amz-target,x-amz-user-agent",
            (
                "amz-sdk-invocation-id,amz-sdk-request,authorization,content-type,x-amz-content-sha256,x-amz-date,"
                "x-amz-security-token,x-amz-target,x-amz-user-agent"
            ),
        ],
    )
    def test_preflight_allows_what_sdks_send(self, server, asked):
        headers = {**ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": asked}
        answer = server.http.request("OPTIONS", "/", headers=headers)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-methods"] == "POST"
        assert answer.headers["access-control-allow-headers"] == asked
        assert answer.headers["access-control-max-age"] == "172800"
        assert "access-control-allow-credentials" not in answer.headers


class TestErrorsBeforeTheOperation:
    @pytest.mark.parametrize(
        "target",
        [
            TARGET + "NoSuchOperation",
            TARGET,
            "ListUserPools",
            "DynamoDB_20120810.ListTables",
            "AWSCognitoIdentityService.ListUserPools",
            "awscognitoidentityproviderservice.ListUserPools",
            TARGET + "listuserpools",
            TARGET + "ListUserPools.x",
            ".",
            "",
            "x" * 5000,
        ],
    )
    def test_unknown_target(self, server, target):
        """Acceptance 1."""
        answer = post(server, target)
        assert_error(answer, "UnknownOperationException", None)
        assert set(answer.json()) == {"__type"}
        assert "x-amzn-errormessage" not in answer.headers

    def test_absent_target(self, server):
        assert_error(post(server, None), "UnknownOperationException", None)

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
    def test_other_methods(self, server, method):
        answer = server.http.request(method, "/", headers={"X-Amz-Target": TARGET + "ListUserPools"})
        assert answer.status_code == 400
        assert answer.json() == {
            "code": "BadRequest",
            "message": "The server did not understand the operation that was requested.",
            "type": "client",
        }
        assert UUID.fullmatch(answer.headers["x-amzn-requestid"])

    def test_get_with_a_target(self, server):
        answer = server.http.get("/", headers={"X-Amz-Target": TARGET + "ListUserPools"})
        assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")

    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b"not json",
            b'{"MaxResults": 1}x',
            b'{"MaxResults": 01}',
            b'{"MaxResults": NaN}',
            b"{'MaxResults': 1}",
            b'{"MaxResults": 1e999}',
            b'{"NextToken": "\xff"}',
            b'{"NextToken": "\\ud800"}',
            b'{"NextToken": "\\u0000"}',
            b'\xef\xbb\xbf{"MaxResults": 1}',
            b"[]",
            b"null",
            b'"text"',
            b"1",
            b"[" * 100_000,
            b'{"a":' * 100_000,
            b'{"MaxResults": 1, "x": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
            b"\x00",
            b"MaxResults=1",
        ],
    )
    def test_a_body_that_cannot_be_read(self, server, body):
        assert_error(post(server, TARGET + "ListUserPools", body), "SerializationException")

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ("7", "class java.lang.Integer can not be converted to an String"),
            ("true", "class java.lang.Boolean can not be converted to an String"),
            ("{}", "Start of structure or map found where not expected."),
            ("[]", "Start of list found where not expected"),
        ],
    )
    def test_a_wrong_json_type(self, server, value, message):
        """Acceptance 3."""
        answer = post(server, TARGET + "DescribeUserPool", f'{{"UserPoolId": {value}}}')
        assert_error(answer, "SerializationException", message)

    def test_a_wrong_type_comes_before_violated_constraints(self, server):
        answer = post(server, TARGET + "ListUserPools", '{"MaxResults": 0, "NextToken": 5}')
        assert_error(answer, "SerializationException")

    @pytest.mark.parametrize("size", [1_048_577, 8_000_000])
    def test_a_body_that_is_too_large(self, server, size):
        """Acceptance 6: the connection serves on. `make timing` measures how long it takes."""
        connection = http.client.HTTPConnection("localhost", server.port, timeout=30)
        connection.connect()
        used = connection.sock
        for body, status in ((b'{"x": "' + b"x" * (size - 9) + b'"}', 413), (b'{"MaxResults": 1}', 200)):
            connection.request("POST", "/", body, {"Content-Type": JSON_11, "X-Amz-Target": TARGET + "ListUserPools"})
            answer = connection.getresponse()
            told = json.loads(answer.read())
            assert answer.status == status, told
            if status == 413:
                assert told["__type"] == "RequestEntityTooLargeException"
        assert connection.sock is used
        connection.close()

    def test_a_username_that_is_too_long(self, server, client_id):
        """Acceptance 4."""
        name = "u" * 129
        answer = server.call("SignUp", {"ClientId": client_id, "Username": name, "Password": "Correct-Horse-1"})
        assert_error(
            answer,
            "InvalidParameterException",
            "1 validation error detected: Value at 'username' failed to satisfy constraint: "
            "Member must have length less than or equal to 128",
        )


@pytest.fixture(scope="module")
def verifying(
    engine: str, new_database_url, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, tuple[str, str]]]:
    """A server that verifies signatures, and an access key of `poolhouse keys create`."""
    server = Server(
        tmp_path_factory.mktemp(f"verify-{engine}"), "--signatures", "verify", database_url=new_database_url()
    ).start()
    server.keys = new_key(server)
    yield server, server.keys
    server.stop()


def run_keys(server: Server, *arguments: str) -> str:
    database = ["--database-url", server.database_url] if server.database_url else []
    command = [str(COMMAND), "keys", *arguments, "--data", str(server.data), *database]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("POOLHOUSE_")}
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=server.data, env=clean).stdout


def new_key(server: Server) -> tuple[str, str]:
    printed = dict(re.findall(r"export (\w+)=(\S+)", run_keys(server, "create", "--description", "tests")))
    return printed["AWS_ACCESS_KEY_ID"], printed["AWS_SECRET_ACCESS_KEY"]


def sign(server: Server, keys: tuple[str, str], body: bytes = b'{"MaxResults": 1}', *, region: str = REGION, service="cognito-idp", token=None, **headers: str) -> dict[str, str]:  # fmt: skip
    sent = {"Content-Type": JSON_11, "X-Amz-Target": TARGET + "ListUserPools", **headers}
    request = AWSRequest("POST", server.url + "/", data=body, headers=sent)
    SigV4Auth(Credentials(*keys, token=token), service, region).add_auth(request)
    return dict(request.headers)


def send(server: Server, headers: dict[str, str], body: bytes = b'{"MaxResults": 1}'):
    return server.http.post("/", content=body, headers=headers)


class TestSignatures:
    MISMATCH = (
        "The request signature we calculated does not match the signature you provided. "
        "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
    )

    def test_a_right_signature(self, verifying):
        server, keys = verifying
        assert send(server, sign(server, keys)).status_code == 200

    def test_boto3(self, verifying):
        server, _ = verifying
        assert "UserPools" in server.client().list_user_pools(MaxResults=1)

    @pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "local"])
    def test_any_region(self, verifying, region):
        server, keys = verifying
        assert send(server, sign(server, keys, region=region)).status_code == 200

    def test_a_session_token_is_signed_like_any_header(self, verifying):
        server, keys = verifying
        assert send(server, sign(server, keys, token="left over")).status_code == 200

    def test_spaces_in_a_signed_header(self, verifying):
        server, keys = verifying
        assert send(server, sign(server, keys, **{"X-Amz-Meta": "a   b"})).status_code == 200

    def test_a_wrong_secret(self, verifying):
        """Acceptance 8, signed with another secret."""
        server, (key_id, _) = verifying
        answer = send(server, sign(server, (key_id, "x" * 40)))
        assert_error(answer, "InvalidSignatureException", self.MISMATCH)

    def test_an_unknown_key(self, verifying):
        server, (_, secret) = verifying
        answer = send(server, sign(server, ("AKIAUNKNOWNUNKNOWN00", secret)))
        assert_error(answer, "UnrecognizedClientException", "The security token included in the request is invalid.")

    def test_no_signature(self, verifying):
        """Acceptance 8, not signed."""
        server, _ = verifying
        assert_error(list_pools(server), "MissingAuthenticationTokenException", "Missing Authentication Token")

    def test_the_signature_comes_before_constraints_and_json(self, verifying):
        server, _ = verifying
        for body in (b"{}", b"not json"):
            assert_error(post(server, TARGET + "ListUserPools", body), "MissingAuthenticationTokenException")

    def test_a_tampered_body(self, verifying):
        server, keys = verifying
        answer = send(server, sign(server, keys), b'{"MaxResults": 2}')
        assert_error(answer, "InvalidSignatureException", self.MISMATCH)

    @pytest.mark.parametrize(
        ("name", "value"),
        [("X-Amz-Target", TARGET + "DeleteUserPool"), ("Host", "evil.localhost"), ("Content-Type", "x/y")],
    )
    def test_a_tampered_header(self, verifying, name, value):
        server, keys = verifying
        answer = send(server, sign(server, keys) | {name: value})
        assert_error(answer, "InvalidSignatureException", self.MISMATCH)

    def test_a_later_date_than_the_signed_one(self, verifying):
        server, keys = verifying
        headers = sign(server, keys)
        second = "58" if headers["X-Amz-Date"].endswith("59Z") else "59"
        headers["X-Amz-Date"] = f"{headers['X-Amz-Date'][:-3]}{second}Z"
        assert_error(send(server, headers), "InvalidSignatureException", self.MISMATCH)

    def test_a_target_that_is_not_signed(self, verifying):
        server, keys = verifying
        headers = sign(server, keys)
        request = AWSRequest("POST", server.url + "/", data=b'{"MaxResults": 1}', headers={"Content-Type": JSON_11})
        SigV4Auth(Credentials(*keys), "cognito-idp", REGION).add_auth(request)
        headers = dict(request.headers) | {"X-Amz-Target": TARGET + "ListUserPools"}
        message = "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization."
        assert_error(send(server, headers), "InvalidSignatureException", message)

    def test_a_false_payload_hash(self, verifying):
        server, keys = verifying
        headers = sign(server, keys, **{"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"})
        assert_error(send(server, headers), "InvalidSignatureException", self.MISMATCH)

    @pytest.mark.parametrize(
        ("minutes", "message"),
        [
            (-6, r"Signature expired: \w+ is now earlier than \w+ \(\w+ - 5 min\.\)"),
            (6, r"Signature not yet current: \w+ is still later than \w+ \(\w+ \+ 5 min\.\)"),
        ],
    )
    def test_clock_skew(self, verifying, monkeypatch, minutes, message):
        server, keys = verifying
        at = datetime.now(UTC) + timedelta(minutes=minutes)
        answer = send(server, sign_at(monkeypatch, server, keys, at))
        assert_error(answer, "InvalidSignatureException")
        assert re.fullmatch(message, answer.json()["message"])
        assert at.strftime("%Y%m%dT%H%M%SZ") in answer.json()["message"]

    @pytest.mark.parametrize("minutes", [-4, 4])
    def test_a_little_skew_is_allowed(self, verifying, monkeypatch, minutes):
        server, keys = verifying
        at = datetime.now(UTC) + timedelta(minutes=minutes)
        assert send(server, sign_at(monkeypatch, server, keys, at)).status_code == 200

    @pytest.mark.parametrize(
        ("authorization", "message"),
        [
            ("Bearer x", "Unsupported AWS 'algorithm': 'Bearer'."),
            ("", "Unsupported AWS 'algorithm': ''."),
            (
                "AWS4-HMAC-SHA256 nonsense",
                (
                    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
                    "Authorization header requires 'SignedHeaders' parameter. "
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
                ),
            ),
            (
                "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0",
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
            ),
        ],
    )
    def test_an_authorization_that_cannot_be_read(self, verifying, authorization, message):
        server, _ = verifying
        answer = list_pools(server, Authorization=authorization)
        assert_error(answer, "IncompleteSignatureException", message)

    def test_a_scope_of_another_service(self, verifying):
        server, keys = verifying
        answer = send(server, sign(server, keys, service="dynamodb"))
        message = "Credential should be scoped to correct service: 'cognito-idp'."
        assert_error(answer, "InvalidSignatureException", message)

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("/aws4_request", "/aws5_request", "InvalidSignatureException"),
            ("/aws4_request", "", "IncompleteSignatureException"),
            ("SignedHeaders=", "SignedHeaders=x-not-sent;", "InvalidSignatureException"),
            ("Signature=", "Signature=é", "InvalidSignatureException"),
            ("Signature=", "Signature=ZZ", "InvalidSignatureException"),
            ("/cognito-idp/", "/cognito-idp/", None),
        ],
    )
    def test_a_changed_authorization(self, verifying, old, new, code):
        server, keys = verifying
        headers = {name: value.encode() for name, value in sign(server, keys).items()}
        headers["Authorization"] = headers["Authorization"].replace(old.encode(), new.encode())
        answer = server.http.post("/", content=b'{"MaxResults": 1}', headers=headers)
        if code is None:
            assert answer.status_code == 200
        else:
            assert_error(answer, code)

    def test_a_date_of_another_day_than_the_scope(self, verifying):
        server, keys = verifying
        headers = sign(server, keys)
        headers["Authorization"] = re.sub(r"/\d{8}/", "/20200101/", headers["Authorization"])
        answer = send(server, headers)
        assert_error(answer, "InvalidSignatureException")
        assert answer.json()["message"].startswith("Date in Credential scope does not match YYYYMMDD from ISO-8601")

    @pytest.mark.parametrize("date", ["yesterday", "20250101", "20259999T999999Z", "٢٠٢٥0101T000000Z"])
    def test_a_date_that_is_none(self, verifying, date):
        server, keys = verifying
        headers = {name: value.encode() for name, value in sign(server, keys).items()}
        headers["X-Amz-Date"] = date.encode()
        headers["Authorization"] = re.sub(rb"/\d{8}/", b"/" + date.encode()[:8] + b"/", headers["Authorization"])
        answer = server.http.post("/", content=b'{"MaxResults": 1}', headers=headers)
        assert_error(answer, "IncompleteSignatureException")
        assert answer.json()["message"].startswith("Date must be in ISO-8601 'basic format'.")

    def test_public_operations_need_no_signature_and_ignore_one(self, verifying):
        server, (key_id, _) = verifying
        body = json.dumps({"ClientId": "nosuchclient", "AuthFlow": "USER_PASSWORD_AUTH"}).encode()
        for headers in ({}, {"Authorization": "nonsense"}, sign(server, (key_id, "wrong"), body)):
            answer = send(server, headers | {"X-Amz-Target": TARGET + "InitiateAuth"}, body)
            assert_error(answer, "ResourceNotFoundException", "User pool client nosuchclient does not exist.")

    def test_a_deleted_key_stops_working_within_a_second(self, verifying):
        server, _ = verifying
        keys = new_key(server)
        assert send(server, sign(server, keys)).status_code == 200
        run_keys(server, "delete", keys[0])
        time.sleep(1.1)
        assert_error(send(server, sign(server, keys)), "UnrecognizedClientException")

    def test_dev_accepts_any_credentials_and_none(self, server):
        assert list_pools(server).status_code == 200
        assert "UserPools" in server.client(keys=("whatever", "secret")).list_user_pools(MaxResults=1)

    @pytest.mark.parametrize(
        ("origin", "status"),
        [
            ("https://evil.example", 400),
            ("http://localhost.evil.example", 400),
            ("http://localhost:3000", 200),
            ("http://app.localhost", 200),
            ("http://127.0.0.1:8080", 200),
            ("null", 400),
            ("http://[", 400),
        ],
    )
    def test_dev_believes_no_page_of_another_machine(self, server, origin, status):
        answer = server.call("ListUserPools", {"MaxResults": 1}, headers={"origin": origin})
        assert answer.status_code == status


def sign_at(monkeypatch, server: Server, keys: tuple[str, str], at: datetime) -> dict[str, str]:
    """botocore's signer with its clock at `at`."""
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *_, **__: at.replace(tzinfo=None))
    return sign(server, keys)


def test_boto3_reads_the_error_code(cognito):
    with pytest.raises(cognito.exceptions.ResourceNotFoundException) as caught:
        cognito.describe_user_pool(UserPoolId="us-east-1_NoSuchPool")
    assert caught.value.response["Error"]["Message"] == "User pool us-east-1_NoSuchPool does not exist."
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
