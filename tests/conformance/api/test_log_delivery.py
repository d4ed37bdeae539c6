"""Logs that a pool wants elsewhere: what may be wanted, and that every line comes (user-pools-api.md §8.5)."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from poolhouse.outbound import webhook_signature
from tests.support.expected import refused, refused_parameter, refused_pool
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import attributes
from tests.support.server import Server
from tests.support.until import until

MISSING_POOL = "us-east-1_Missing00"
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:sign-ins"
BUCKET = "arn:aws:s3:::bucket-of-logs"
STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/sign-ins"
NOWHERE = "arn:aws:logs:us-east-1:123456789012:log-group:nowhere"
SECRET = "a-secret-of-the-test-that-is-long"
TO_GROUP = {"CloudWatchLogsConfiguration": {"LogGroupArn": GROUP}}
TO_BUCKET = {"S3Configuration": {"BucketArn": BUCKET}}
TO_STREAM = {"FirehoseConfiguration": {"StreamArn": STREAM}}
ACTIVITY = {"EventSource": "userAuthEvents", "LogLevel": "INFO"}
NOTIFICATIONS = {"EventSource": "userNotification", "LogLevel": "ERROR"}
AUDIT = {"AdvancedSecurityMode": "AUDIT"}


class _Endpoint(ThreadingHTTPServer):
    """Takes lines that are rightly signed; the first request is turned away."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lines: list[dict[str, Any]] = []
        self.refusals = 1


class _Handler(BaseHTTPRequestHandler):
    server: _Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        signed = webhook_signature(SECRET, self.headers["poolhouse-timestamp"], body)
        assert self.headers["poolhouse-signature"] == signed
        if self.server.refusals:
            self.server.refusals -= 1
            self.send_response(503)
        else:
            self.server.lines += [json.loads(line) for line in body.splitlines()]
            self.send_response(204)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


class Logging:
    """A server with the three kinds of destination, one of them an endpoint, the others files."""

    def __init__(self, server: Server, folder: Path, endpoint: _Endpoint) -> None:
        self.server, self.folder, self.endpoint = server, folder, endpoint
        self.cognito = server.client()
        self.pools = Pools(self.cognito)

    def lines(self, name: str) -> list[dict[str, Any]]:
        file = self.folder / name
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def pool(self, *wanted: dict[str, Any], **settings: Any) -> str:
        user_pool_id = self.pools.user_pool(**{"UserPoolAddOns": AUDIT, **settings})
        self.cognito.set_log_delivery_configuration(UserPoolId=user_pool_id, LogConfigurations=list(wanted))
        return user_pool_id


@pytest.fixture(scope="module")
def logging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logging]:
    folder = tmp_path_factory.mktemp("logs")
    endpoint = _Endpoint()
    threading.Thread(target=endpoint.serve_forever, daemon=True).start()
    config = folder / "poolhouse.toml"
    config.write_text(
        f'webhook_secret = "{SECRET}"\n[log_delivery]\n"{GROUP}" = "group.jsonl"\n"{BUCKET}" = "bucket.jsonl"\n'
        f'"{STREAM}" = "http://127.0.0.1:{endpoint.server_port}/lines"\n'
    )
    server = Server(tmp_path_factory.mktemp("logging"), "--config", str(config), "--delivery", "none").start()
    yield Logging(server, folder, endpoint)
    server.stop()
    endpoint.shutdown()
    endpoint.server_close()


@pytest.fixture(scope="module")
def watched(pools: Pools) -> str:
    return pools.user_pool(UserPoolAddOns=AUDIT)


class TestSetLogDeliveryConfiguration:
    @pytest.mark.parametrize("to", [TO_GROUP, TO_BUCKET, TO_STREAM])
    def test_it_is_kept(self, cognito: Any, watched: str, to: dict[str, Any]) -> None:
        wanted = [{**NOTIFICATIONS, **TO_GROUP}, {**ACTIVITY, **to}]
        answer = cognito.set_log_delivery_configuration(UserPoolId=watched, LogConfigurations=wanted)
        assert answer["LogDeliveryConfiguration"] == {"UserPoolId": watched, "LogConfigurations": wanted}
        found = cognito.get_log_delivery_configuration(UserPoolId=watched)
        assert found["LogDeliveryConfiguration"] == answer["LogDeliveryConfiguration"]

    def test_it_replaces_what_was_there(self, cognito: Any, watched: str) -> None:
        for wanted in ([{**ACTIVITY, **TO_GROUP}], []):
            cognito.set_log_delivery_configuration(UserPoolId=watched, LogConfigurations=wanted)
            found = cognito.get_log_delivery_configuration(UserPoolId=watched)["LogDeliveryConfiguration"]
            assert found == {"UserPoolId": watched, "LogConfigurations": wanted}

    @pytest.mark.parametrize(
        ("wanted", "text"),
        [
            ([{**ACTIVITY, "LogLevel": "ERROR", **TO_GROUP}], "LogLevel ERROR is not supported for userAuthEvents."),
            (
                [{**NOTIFICATIONS, "LogLevel": "INFO", **TO_GROUP}],
                "LogLevel INFO is not supported for userNotification.",
            ),
            (
                [{**NOTIFICATIONS, **TO_BUCKET}],
                "userNotification logs need CloudWatchLogsConfiguration, and no other destination.",
            ),
            (
                [{**NOTIFICATIONS, **TO_GROUP, **TO_STREAM}],
                "userNotification logs need CloudWatchLogsConfiguration, and no other destination.",
            ),
            (
                [{**ACTIVITY, **TO_GROUP, **TO_STREAM}],
                (
                    "userAuthEvents logs need exactly one of CloudWatchLogsConfiguration, S3Configuration and "
                    "FirehoseConfiguration."
                ),
            ),
            (
                [ACTIVITY],
                (
                    "userAuthEvents logs need exactly one of CloudWatchLogsConfiguration, S3Configuration and "
                    "FirehoseConfiguration."
                ),
            ),
            ([{**ACTIVITY, **TO_GROUP}, {**ACTIVITY, **TO_BUCKET}], "userAuthEvents can be configured only once."),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, cognito: Any, watched: str, wanted: list[dict[str, Any]], text: str
    ) -> None:
        with refused_parameter(text):
            cognito.set_log_delivery_configuration(UserPoolId=watched, LogConfigurations=wanted)

    def test_two_are_the_most(self, unchecked_cognito: Any, watched: str) -> None:
        with refused_parameter():
            unchecked_cognito.set_log_delivery_configuration(
                UserPoolId=watched, LogConfigurations=[{**ACTIVITY, **TO_GROUP}] * 3
            )

    def test_a_destination_that_leads_nowhere_is_refused(self, logging: Logging) -> None:
        with refused_parameter(f"{NOWHERE} leads nowhere: the table log_delivery of poolhouse.toml has no row for it."):
            logging.pool({**ACTIVITY, "CloudWatchLogsConfiguration": {"LogGroupArn": NOWHERE}})

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.set_log_delivery_configuration(UserPoolId=MISSING_POOL, LogConfigurations=[])


class TestGetLogDeliveryConfiguration:
    def test_of_a_pool_that_wants_none(self, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool()
        found = cognito.get_log_delivery_configuration(UserPoolId=user_pool_id)["LogDeliveryConfiguration"]
        assert found == {"UserPoolId": user_pool_id, "LogConfigurations": []}

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.get_log_delivery_configuration(UserPoolId=MISSING_POOL)


class TestDelivery:
    @pytest.mark.parametrize(("to", "file"), [(TO_GROUP, "group.jsonl"), (TO_BUCKET, "bucket.jsonl")])
    async def test_activity_goes_to_a_file(self, logging: Logging, to: dict[str, Any], file: str) -> None:
        user_pool_id = logging.pool({**ACTIVITY, **to})
        user = logging.pools.user(user_pool_id)
        client_id = logging.pools.client_id(user_pool_id)
        logging.pools.sign_in(client_id, user)

        def found() -> list[dict[str, Any]]:
            return [each for each in logging.lines(file) if each["logSourceId"]["userPoolId"] == user_pool_id]

        await until(lambda: len(found()) == 2)
        begun, passed = found()
        (event,) = logging.cognito.admin_list_user_auth_events(UserPoolId=user_pool_id, Username=user.username)[
            "AuthEvents"
        ]
        message = passed["message"]
        assert (begun["message"]["eventResponse"], message["eventResponse"]) == ("InProgress", "Pass")
        assert {each["message"]["eventId"] for each in (begun, passed)} == {event["EventId"]}
        assert passed["eventTimestamp"].isdigit()
        assert (passed["eventSource"], passed["logLevel"]) == ("USER_ACTIVITY", "INFO")
        assert message.pop("creationDate")
        assert message.pop("requestId")
        assert message == {
            "version": "1",
            "eventId": event["EventId"],
            "eventType": "SignIn",
            "userSub": user.sub,
            "userName": user.username,
            "userPoolId": user_pool_id,
            "clientId": client_id,
            "eventResponse": "Pass",
            "riskLevel": "",
            "riskDecision": "PASS",
            "challenges": ["Password:Success"],
            "deviceName": "Other, Other",
            "ipAddress": "127.0.0.1",
            "idpName": "",
            "compromisedCredentialDetected": "false",
            "city": "",
            "country": "",
            "eventFeedbackValue": "",
            "eventFeedbackDate": "",
            "eventFeedbackProvider": "",
            "hasContextData": "false",
        }

    async def test_feedback_is_told_too(self, logging: Logging) -> None:
        user_pool_id = logging.pool({**ACTIVITY, **TO_GROUP})
        user = logging.pools.user(user_pool_id)
        logging.pools.sign_in(logging.pools.client_id(user_pool_id), user)
        (event,) = logging.cognito.admin_list_user_auth_events(UserPoolId=user_pool_id, Username=user.username)[
            "AuthEvents"
        ]
        logging.cognito.admin_update_auth_event_feedback(
            UserPoolId=user_pool_id, Username=user.username, EventId=event["EventId"], FeedbackValue="Invalid"
        )

        def values() -> set[str]:
            ours = [each["message"] for each in logging.lines("group.jsonl") if "eventId" in each["message"]]
            return {each["eventFeedbackValue"] for each in ours if each["eventId"] == event["EventId"]}

        await until(lambda: values() == {"", "Invalid"})

    async def test_an_endpoint_gets_them_when_it_takes_them(self, logging: Logging) -> None:
        user_pool_id = logging.pool({**ACTIVITY, **TO_STREAM})
        user = logging.pools.user(user_pool_id)
        client_id = logging.pools.client_id(user_pool_id)
        for _ in range(3):
            logging.pools.sign_in(client_id, user)
        await until(lambda: len(logging.endpoint.lines) == 6)
        assert {each["message"]["userName"] for each in logging.endpoint.lines} == {user.username}
        assert "are not delivered" in logging.server.read_log()

    async def test_a_message_that_was_not_sent_is_told_without_its_code(self, logging: Logging) -> None:
        user_pool_id = logging.pool({**NOTIFICATIONS, **TO_GROUP}, AutoVerifiedAttributes=["email"])
        name = unique("unreached")
        with refused("CodeDeliveryFailureException"):
            logging.cognito.sign_up(
                ClientId=logging.pools.client_id(user_pool_id),
                Username=name,
                Password=PASSWORD,
                UserAttributes=attributes(email=f"{name}@example.com"),
            )

        def found() -> list[dict[str, Any]]:
            return [each for each in logging.lines("group.jsonl") if each["eventSource"] == "USER_NOTIFICATION"]

        await until(found)
        (line,) = found()
        assert line["logLevel"] == "ERROR"
        assert line["logSourceId"] == {"userPoolId": user_pool_id}
        assert line["message"] == {"details": f"email to {name}: no way to send email with delivery = 'none'"}

    async def test_a_server_that_stops_leaves_none_behind(self, start_local_server: Any) -> None:
        """Without a table `dev` writes to its data folder."""
        server: Server = start_local_server()
        cognito = server.client()
        pools = Pools(cognito)
        user_pool_id = pools.user_pool(UserPoolAddOns=AUDIT)
        cognito.set_log_delivery_configuration(UserPoolId=user_pool_id, LogConfigurations=[{**ACTIVITY, **TO_STREAM}])
        pools.sign_in(pools.client_id(user_pool_id), pools.user(user_pool_id))
        server.stop()
        lines = (server.data / "log_delivery.jsonl").read_text().splitlines()
        assert [json.loads(line)["message"]["eventResponse"] for line in lines] == ["InProgress", "Pass"]
