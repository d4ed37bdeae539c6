"""delivery.email_ses, sms_sns and sms_webhook: requests as botocore makes them of the same call, signed as it signs."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import boto3
import msgspec
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from poolhouse.config import Settings
from poolhouse.delivery.gateways import Gateways
from poolhouse.delivery.messages import Message
from poolhouse.delivery.not_sent import NotSent
from tests.support.ports import free_port
from tests.unit.delivery.test_outbox import MESSAGE

KEY = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
SECRET = "a-secret-of-the-test-that-is-long"
IDENTITY = "arn:aws:ses:eu-west-1:123456789012:identity/example.com"
EMAIL = msgspec.structs.replace(
    MESSAGE,
    sender="Shöp, Ltd. <no-reply@example.com>",
    reply_to="help@example.com",
    identity=IDENTITY,
    region="eu-west-1",
)
SMS = msgspec.structs.replace(
    MESSAGE, channel="sms", to="+4915112345678", text="Ihr Code: 123456 & gültig", region="eu-west-1"
)


class StandIn(ThreadingHTTPServer):
    """Keeps what comes, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.came: list[tuple[str, dict[str, str], bytes]] = []
        self.status, self.headers, self.body = 200, {}, b"{}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def gateways(self, **settings: Any) -> Gateways:
        ways = {"delivery": "ses", "sms_delivery": "sns", "ses_url": self.url, "sns_url": self.url}
        return Gateways(Settings(**{**ways, "sms_url": f"{self.url}/sms", "webhook_secret": SECRET, **settings}))


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.came.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY[1])
    with StandIn() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


async def send(gateways: Gateways, message: Message) -> None:
    try:
        await gateways.send(message, "id-1")
    finally:
        await gateways.close()


class _Seen(Exception):
    pass


def botocores(service: str, operation: str, **asked: Any) -> tuple[str, str, Any]:
    """Path, content type and body of botocore's own request."""
    seen = []

    def see(request: Any, **_: Any) -> None:
        seen.append((request.url, request.headers["Content-Type"], request.body))
        raise _Seen

    client = boto3.client(service, region_name="eu-west-1", aws_access_key_id=KEY[0], aws_secret_access_key=KEY[1])
    client.meta.events.register("before-send", see)
    with suppress(_Seen):
        getattr(client, operation)(**asked)
    url, kind, body = seen[0]
    return "/" + url.split("/", 3)[3], kind.decode() if isinstance(kind, bytes) else kind, body


def check_signature(came: tuple[str, dict[str, str], bytes], stand_in: StandIn, service: str) -> None:
    path, headers, body = came
    signed = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert {"content-type", "host", "x-amz-date"} <= set(signed)
    others = {name: headers[name] for name in signed if name != "host"}
    request = AWSRequest("POST", stand_in.url + path, data=body, headers=others)
    request.context["timestamp"] = headers["x-amz-date"]
    signer = SigV4Auth(Credentials(*KEY), service, "eu-west-1")
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    assert headers["authorization"].endswith(f"Signature={signature}")
    assert signer.scope(request) in headers["authorization"]


async def test_an_email_is_what_botocore_makes_of_send_email(stand_in: StandIn) -> None:
    await send(stand_in.gateways(), msgspec.structs.replace(EMAIL, configuration_set="watched"))
    path, kind, body = botocores(
        "sesv2",
        "send_email",
        FromEmailAddress="=?utf-8?b?U2jDtnAsIEx0ZC4=?= <no-reply@example.com>",
        FromEmailAddressIdentityArn=IDENTITY,
        Destination={"ToAddresses": ["bob@example.com"]},
        ReplyToAddresses=["help@example.com"],
        ConfigurationSetName="watched",
        Content={
            "Simple": {
                "Subject": {"Data": MESSAGE.subject, "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": MESSAGE.text, "Charset": "UTF-8"},
                    "Html": {"Data": MESSAGE.html, "Charset": "UTF-8"},
                },
            }
        },
    )
    (came,) = stand_in.came
    assert (came[0], came[1]["content-type"]) == (path, kind)
    assert json.loads(came[2]) == json.loads(body)
    check_signature(came, stand_in, "ses")


async def test_of_a_pool_that_says_nothing_the_sender_is_the_servers(stand_in: StandIn) -> None:
    await send(stand_in.gateways(smtp_from="Us <us@example.com>", region="eu-west-1"), MESSAGE)
    ((_, _, body),) = stand_in.came
    asked = json.loads(body)
    assert asked["FromEmailAddress"] == "Us <us@example.com>"
    assert set(asked) == {"FromEmailAddress", "Destination", "Content"}


async def test_domains_go_in_punycode_and_other_letters_are_refused(stand_in: StandIn) -> None:
    await send(stand_in.gateways(), msgspec.structs.replace(EMAIL, to="bob@bücher.example"))
    assert json.loads(stand_in.came[0][2])["Destination"] == {"ToAddresses": ["bob@xn--bcher-kva.example"]}
    for to in ("jürgen@example.com", "a@b.example\nBcc: eve@b.example"):
        with pytest.raises(NotSent) as refused:
            await send(stand_in.gateways(), msgspec.structs.replace(EMAIL, to=to))
        assert refused.value.is_final
    assert len(stand_in.came) == 1


async def test_an_sms_is_what_botocore_makes_of_publish(stand_in: StandIn) -> None:
    stand_in.body = b"<PublishResponse/>"
    await send(stand_in.gateways(), SMS)
    attribute = {"DataType": "String", "StringValue": "Transactional"}
    path, kind, body = botocores(
        "sns",
        "publish",
        PhoneNumber=SMS.to,
        Message=SMS.text,
        MessageAttributes={"AWS.SNS.SMS.SMSType": attribute},
    )
    (came,) = stand_in.came
    assert (came[0], came[1]["content-type"]) == (path, kind)
    assert parse_qs(came[2].decode()) == parse_qs(body)
    check_signature(came, stand_in, "sns")


def sns_error(code: str) -> bytes:
    return f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>why</Message></Error></ErrorResponse>".encode()


@pytest.mark.parametrize(
    ("message", "status", "headers", "body", "is_final"),
    [
        (EMAIL, 400, {"x-amzn-errortype": "MessageRejected:http://x"}, b'{"message":"why"}', True),
        (EMAIL, 400, {"x-amzn-errortype": "SendingPausedException"}, b'{"message":"why"}', False),
        (EMAIL, 403, {"x-amzn-errortype": "AccessDeniedException"}, b'{"message":"why"}', False),
        (EMAIL, 503, {}, b"<html>why", False),
        (SMS, 400, {}, sns_error("InvalidParameter"), True),
        (SMS, 400, {}, sns_error("Throttling"), False),
        (SMS, 403, {}, sns_error("AuthorizationError"), False),
        (SMS, 500, {}, b"\xff", False),
    ],
)
async def test_a_no_to_the_message_is_final_and_a_no_to_us_is_not(
    stand_in: StandIn, message: Message, status: int, headers: dict[str, str], body: bytes, is_final: bool
) -> None:
    stand_in.status, stand_in.headers, stand_in.body = status, headers, body
    with pytest.raises(NotSent) as failure:
        await send(stand_in.gateways(), message)
    assert failure.value.is_final is is_final
    assert str(status) in str(failure.value)
    assert ("why" in str(failure.value)) is (b"<html>" not in body and body != b"\xff")


async def test_who_is_not_there_may_be_there_later() -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    for message, settings in (
        (EMAIL, {"delivery": "ses", "ses_url": nobody}),
        (SMS, {"sms_delivery": "sns", "sns_url": nobody}),
        (SMS, {"sms_delivery": "webhook", "sms_url": nobody}),
    ):
        with pytest.raises(NotSent) as failure:
            await send(Gateways(Settings(**settings)), message)
        assert not failure.value.is_final


async def test_the_webhook_gets_a_signed_sms(stand_in: StandIn) -> None:
    await send(stand_in.gateways(sms_delivery="webhook"), SMS)
    ((path, headers, body),) = stand_in.came
    assert path == "/sms"
    assert json.loads(body) == {"id": "id-1", "to": SMS.to, "text": SMS.text, "userPoolId": "p", "userName": "bob"}
    signed = headers["poolhouse-timestamp"].encode() + b"." + body
    assert headers["poolhouse-signature"] == "v1=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("status", "is_final"),
    [(400, True), (422, True), (302, False), (401, False), (404, False), (429, False), (500, False)],
)
async def test_what_the_webhook_refuses(stand_in: StandIn, status: int, is_final: bool) -> None:
    stand_in.status, stand_in.headers = status, {"location": stand_in.url}
    with pytest.raises(NotSent) as failure:
        await send(stand_in.gateways(sms_delivery="webhook"), SMS)
    assert failure.value.is_final is is_final
    assert len(stand_in.came) == 1  # no redirect is followed
