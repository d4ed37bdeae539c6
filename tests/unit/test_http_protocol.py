"""HTTP/1.1 on one connection: real sockets, an application that says what it got."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from uvicorn.server import ServerState

from poolhouse import http_protocol
from poolhouse.asgi import Request, Response
from poolhouse.http_protocol import HTTPProtocol

LIMIT = 1000


class App:
    """Echoes; /slow waits for `release`, /raise and /forge misbehave, /empty has no body."""

    def __init__(self) -> None:
        self.release = asyncio.Event()
        self.seen: list[str] = []

    def new_request(self, method: str, path: str, query_string: str, headers: dict[str, str], peer: str) -> Request:
        return Request(
            method=method, path=path, query_string=query_string, headers=headers, remote_ip=peer, request_id="r"
        )

    def body_limit(self, request: Request) -> int:  # noqa: ARG002
        return LIMIT

    def watch(self, tasks: Any) -> None:
        self.tasks = tasks

    def refuse_body(self, request: Request, limit: int) -> Response:  # noqa: ARG002
        return Response(413, b"too large", [("x-limit", str(limit))])

    async def dispatch(self, request: Request) -> Response:
        self.seen.append(request.path)
        if request.path == "/slow":
            await self.release.wait()
        if request.path == "/raise":
            raise RuntimeError("a bug")
        if request.path == "/forge":
            return Response(302, b"", [("location", "/x\r\nset-cookie: a=b")])
        if request.path == "/empty":
            return Response(204, b"", [])
        if request.path == "/big":
            return Response(200, bytes(8_000_000), [])
        seen = {
            "method": request.method, "path": request.path, "query": request.query_string, "headers": request.headers,
            "body": request.body.decode("latin-1"), "ip": request.remote_ip,
        }  # fmt: skip
        return Response(200, json.dumps(seen).encode(), [("content-type", "application/json")])


class House:
    """A listening server with its state."""

    def __init__(self, app: App, state: ServerState, port: int) -> None:
        self.app = app
        self.state = state
        self.port = port
        self.clients: list[Client] = []

    async def connect(self) -> "Client":
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        self.clients.append(client)
        return client

    async def ask(self, text: str) -> "Answer":
        client = await self.connect()
        client.send(text)
        return await client.read()


class Answer:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, text: str | bytes) -> None:
        self.writer.write(text.encode("latin-1") if isinstance(text, str) else text)

    async def read(self, *, has_body: bool = True) -> Answer:
        async with asyncio.timeout(5):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            lines = head.split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines[1:] if line)
            length = int(headers.get("content-length", 0)) if has_body else 0
            return Answer(int(lines[0].split()[1]), headers, await self.reader.readexactly(length))

    async def is_closed(self) -> bool:
        async with asyncio.timeout(5):
            try:
                return await self.reader.read() == b""
            except ConnectionError:
                return True


@pytest_asyncio.fixture
async def make() -> AsyncIterator[Callable[..., Any]]:
    houses = []

    async def start(idle_seconds: float = 5) -> House:
        app, state = App(), ServerState()
        state.default_headers = [(b"date", b"today")]
        config: Any = SimpleNamespace(loaded_app=app, timeout_keep_alive=idle_seconds)
        server = await asyncio.get_running_loop().create_server(lambda: HTTPProtocol(config, state, {}), "127.0.0.1", 0)
        house = House(app, state, server.sockets[0].getsockname()[1])
        houses.append((server, house))
        return house

    yield start
    for server, house in houses:
        server.close()
        house.app.release.set()
        for client in house.clients:
            client.writer.transport.abort()
        for connection in list(house.state.connections):
            connection._transport.abort()
        await asyncio.gather(*house.state.tasks)
        await asyncio.sleep(0.01)


@pytest_asyncio.fixture
async def house(make) -> House:
    return await make()


GET = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"


class TestRequests:
    async def test_path_query_headers_and_peer_arrive(self, house):
        answer = await house.ask("GET /a%20b/%C3%A9?x=%20y&z HTTP/1.1\r\nHost: X:1\r\nX-One: 1\r\nx-one: 2\r\n\r\n")
        assert answer.json() == {
            "method": "GET", "path": "/a b/é", "query": "x=%20y&z", "headers": {"host": "X:1", "x-one": "1, 2"},
            "body": "", "ip": "127.0.0.1",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("target", "path", "query"),
        [
            ("/", "/", ""),
            ("/a?b#c", "/a", "b"),
            ("/a#c?d", "/a", ""),
            ("http://x/a?b", "/a", "b"),
            ("http://x", "/", ""),
            ("/a?", "/a", ""),
        ],
    )
    async def test_targets(self, house, target, path, query):
        seen = (await house.ask(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n")).json()
        assert (seen["path"], seen["query"]) == (path, query)

    async def test_bodies_arrive_whole(self, house):
        client = await house.connect()
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello")
        await asyncio.sleep(0.02)
        client.send(" wor")
        await asyncio.sleep(0.02)
        client.send("ld")
        assert (await client.read()).json()["body"] == "hello world"
        client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        assert (await client.read()).json()["body"] == "abcde"

    async def test_one_byte_at_a_time(self, house):
        client = await house.connect()
        for byte in b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok":
            client.send(bytes((byte,)))
            await asyncio.sleep(0)
        seen = (await client.read()).json()
        assert (seen["path"], seen["headers"]["host"], seen["body"]) == ("/p", "x", "ok")

    async def test_a_connection_is_kept_and_remembers_nothing(self, house):
        client = await house.connect()
        client.send("POST /one HTTP/1.1\r\nHost: x\r\nA: 1\r\nContent-Length: 1\r\n\r\nq")
        await client.read()
        client.send("GET /two HTTP/1.1\r\nHost: y\r\n\r\n")
        seen = (await client.read()).json()
        assert (seen["path"], seen["headers"], seen["body"]) == ("/two", {"host": "y"}, "")

    async def test_trailers_are_no_headers(self, house):
        """A proxy in front has seen the headers only."""
        head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        answer = await house.ask(f"{head}2\r\nab\r\n0\r\nX-Amz-Target: evil\r\nHost: evil\r\nCookie: a=b\r\n\r\n")
        assert answer.json()["headers"] == {"host": "x", "transfer-encoding": "chunked"}
        many = "".join(f"x-{number}: y\r\n" for number in range(300))
        assert (await house.ask(f"{head}0\r\n{many}\r\n")).status == 431

    async def test_expectations_are_met(self, house):
        client = await house.connect()
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert await client.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.send("ok")
        assert (await client.read()).json()["body"] == "ok"


class TestAnswers:
    async def test_head_and_body_leave_together_with_length_and_date(self, house):
        client = await house.connect()
        client.send(GET)
        data = await client.reader.read(65_536)  # one packet holds all of it
        assert data.startswith(b"HTTP/1.1 200 OK\r\ndate: today\r\ncontent-type: application/json\r\ncontent-length: ")
        assert data.endswith(b"}")

    async def test_head_has_the_length_and_no_body(self, house):
        client = await house.connect()
        client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await client.read(has_body=False)
        assert int(answer.headers["content-length"]) > 10
        client.send(GET)
        assert (await client.read()).json()["method"] == "GET"

    async def test_no_content_has_no_length(self, house):
        answer = await house.ask("GET /empty HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer.status == 204
        assert "content-length" not in answer.headers

    async def test_a_new_date_is_used(self, house):
        assert (await house.ask(GET)).headers["date"] == "today"
        house.state.default_headers = [(b"date", b"tomorrow")]
        assert (await house.ask(GET)).headers["date"] == "tomorrow"

    @pytest.mark.parametrize("path", ["/raise", "/forge"])
    async def test_a_bug_is_a_500_and_no_forged_header(self, house, path):
        client = await house.connect()
        client.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await client.read()
        assert answer.status == 500
        assert "set-cookie" not in answer.headers
        assert await client.is_closed()

    async def test_answers_are_counted(self, house):
        await house.ask(GET)
        assert house.state.total_requests == 1
        assert house.state.tasks == set()


class TestClosing:
    @pytest.mark.parametrize(
        "request_text", ["GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]
    )
    async def test_who_wants_no_more_is_let_go(self, house, request_text):
        client = await house.connect()
        client.send(request_text)
        answer = await client.read()
        assert answer.headers["connection"] == "close"
        assert await client.is_closed()

    async def test_an_idle_connection_ends(self, make):
        house = await make(idle_seconds=0.1)
        client = await house.connect()
        client.send(GET)
        await client.read()
        assert await client.is_closed()
        assert house.state.connections == set()

    async def test_a_client_that_never_reads_its_answer_is_given_up(self, make, monkeypatch):
        monkeypatch.setattr(http_protocol, "LINGER_SECONDS", 0.1)
        house = await make(idle_seconds=0.1)
        client = await house.connect()
        client.writer.transport.pause_reading()
        client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        async with asyncio.timeout(5):
            while not house.app.seen or house.state.connections:  # noqa: ASYNC110  nothing announces it
                await asyncio.sleep(0.02)

    async def test_a_request_that_does_not_end_is_given_up(self, make, monkeypatch):
        monkeypatch.setattr(http_protocol, "READ_SECONDS", 0.1)
        house = await make(idle_seconds=0.1)
        client = await house.connect()
        client.send("GET / HTTP/1.1\r\nHost: x\r\n")
        assert await client.is_closed()

    async def test_a_slow_answer_is_not_idleness(self, make):
        house = await make(idle_seconds=0.1)
        client = await house.connect()
        client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(0.4)
        house.app.release.set()
        assert (await client.read()).status == 200
        client.send(GET)
        assert (await client.read()).status == 200

    async def test_a_client_that_leaves_is_forgotten(self, house):
        client = await house.connect()
        client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(0.05)
        client.writer.transport.abort()
        await asyncio.sleep(0.05)
        house.app.release.set()
        await asyncio.sleep(0.05)
        assert house.state.connections == set()
        assert house.state.tasks == set()

    async def test_a_connection_that_breaks_drops_what_waited(self, house):
        client = await house.connect()
        client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + GET)
        await asyncio.sleep(0.05)
        for connection in list(house.state.connections):
            connection._transport.abort()
        await asyncio.sleep(0.05)
        assert house.state.connections == set()
        house.app.release.set()
        await asyncio.sleep(0.05)
        assert house.app.seen == ["/slow"]

    async def test_a_client_that_has_sent_its_last_gets_its_answer(self, house):
        client = await house.connect()
        client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        client.writer.write_eof()
        await asyncio.sleep(0.05)
        house.app.release.set()
        assert (await client.read()).status == 200
        assert await client.is_closed()

    async def test_a_client_that_only_says_goodbye_is_let_go(self, house):
        client = await house.connect()
        client.writer.write_eof()
        assert await client.is_closed()

    async def test_a_graceful_stop_finishes_what_has_begun(self, house):
        busy, idle = await house.connect(), await house.connect()
        busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(0.05)
        for connection in list(house.state.connections):
            connection.shutdown()
        assert await idle.is_closed()
        busy.send(GET)  # too late
        await asyncio.sleep(0.05)
        house.app.release.set()
        answer = await busy.read()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert await busy.is_closed()
        assert house.app.seen == ["/slow"]

    async def test_a_request_on_its_way_at_a_graceful_stop_is_answered(self, house):
        client = await house.connect()
        client.send(GET)
        await client.read()
        for connection in list(house.state.connections):
            connection.shutdown()
        client.send(GET)
        answer = await client.read()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert await client.is_closed()


class TestPipelining:
    async def test_answers_come_in_the_order_of_the_requests(self, house):
        client = await house.connect()
        client.send(
            "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
            + "".join(f"GET /{i} HTTP/1.1\r\nHost: x\r\n\r\n" for i in range(50))
        )
        await asyncio.sleep(0.05)
        assert house.app.seen == ["/slow"]
        house.app.release.set()
        paths = [(await client.read()).json()["path"] for _ in range(51)]
        assert paths == ["/slow", *(f"/{i}" for i in range(50))]

    async def test_a_refused_body_waits_for_its_turn(self, house):
        client = await house.connect()
        client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n")
        client.send(bytes(2000) + GET.encode())
        await asyncio.sleep(0.05)
        house.app.release.set()
        assert [(await client.read()).status for _ in range(3)] == [200, 413, 200]

    async def test_who_does_not_read_is_not_served_more(self, house):
        client = await house.connect()
        client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(0.2)
        client.send(GET * 3)
        await asyncio.sleep(0.1)
        assert house.app.seen == ["/big"]
        assert len((await client.read()).body) == 8_000_000
        assert [(await client.read()).status for _ in range(3)] == [200] * 3

    async def test_what_was_sent_ahead_waits_until_the_answer_before_it_is_read(self, house):
        """attack-0.1 no. 07: reading stopped, but what was queued was answered into memory all the same."""
        client = await house.connect()
        client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        await asyncio.sleep(0.2)
        assert house.app.seen == ["/big"]
        assert [len((await client.read()).body) for _ in range(3)] == [8_000_000] * 3

    async def test_who_never_reads_is_given_up_with_all_that_waits(self, make, monkeypatch):
        """attack-0.1 no. 07."""
        monkeypatch.setattr(http_protocol, "LINGER_SECONDS", 0.1)
        house = await make(idle_seconds=0.1)
        client = await house.connect()
        client.writer.transport.pause_reading()
        client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        async with asyncio.timeout(5):
            while not house.app.seen or house.state.connections:  # noqa: ASYNC110  nothing announces it
                await asyncio.sleep(0.02)
        assert house.app.seen == ["/big"]

    async def test_far_more_than_anybody_sends_ahead_ends_the_connection(self, house):
        """attack-0.1 no. 07: what is owed is answered, in order, and that is all."""
        client = await house.connect()
        client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + GET * 10_000)
        await asyncio.sleep(0.1)
        (connection,) = house.state.connections
        assert len(connection._waiting) == http_protocol.MAX_WAITING
        house.app.release.set()
        answers = [await client.read() for _ in range(1 + http_protocol.MAX_WAITING)]
        assert [answer.status for answer in answers] == [200] * len(answers)
        assert answers[-1].headers["connection"] == "close"
        assert await client.is_closed()

    async def test_a_half_closed_client_gets_what_waits_for_it(self, house):
        client = await house.connect()
        client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n" + GET)
        client.writer.write_eof()
        await asyncio.sleep(0.2)
        assert [(await client.read()).status for _ in range(2)] == [200, 200]
        assert await client.is_closed()

    async def test_a_graceful_stop_answers_what_waits_for_a_slow_reader(self, house):
        client = await house.connect()
        client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n" + GET)
        await asyncio.sleep(0.2)
        for connection in list(house.state.connections):
            connection.shutdown()
        assert [(await client.read()).status for _ in range(2)] == [200, 200]
        assert await client.is_closed()


class TestRefusals:
    async def test_a_large_body_is_refused_at_once_and_the_connection_stays(self, house):
        client = await house.connect()
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
        answer = await client.read()
        assert (answer.status, answer.headers["x-limit"], answer.body) == (413, "1000", b"too large")
        client.send(bytes(1001) + GET.encode())
        assert (await client.read()).status == 200
        assert house.app.seen == ["/a"]

    async def test_a_body_of_the_limit_is_taken(self, house):
        answer = await house.ask(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {LIMIT}\r\n\r\n{'x' * LIMIT}")
        assert len(answer.json()["body"]) == LIMIT

    @pytest.mark.parametrize(
        "begun",
        [
            "GET /a HTTP/1.1\r\nHost: x\r\nX-Long: ",
            "GET /",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Trailer: ",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-",
        ],
    )
    async def test_one_header_without_end_is_not_kept(self, house, begun):
        """attack-0.1 no. 07: the parser shows a header only when it is whole, so it kept one of any size."""
        client = await house.connect()
        client.send(begun)
        await asyncio.sleep(0.01)
        async with asyncio.timeout(5):
            while house.state.connections:
                client.send("a" * 1000)
                await asyncio.sleep(0.002)
        answer = await client.read()
        assert (answer.status, answer.headers["connection"]) == (431, "close")
        assert await client.is_closed()
        assert house.app.seen == []

    async def test_a_large_head_in_many_packets_is_no_header_without_end(self, house):
        client = await house.connect()
        for number in range(100):
            client.send(GET * 20 + f"GET /last{number} HTTP/1.1\r\nHost: x\r\nX-Long: ")
            for _ in range(3):
                client.send("a" * 10_000)
                await asyncio.sleep(0.001)
            client.send("\r\n\r\n")
            paths = [(await client.read()).json()["path"] for _ in range(21)]
            assert paths[-1] == f"/last{number}"

    async def test_a_body_of_tiny_chunks_is_kept_as_one_piece(self, house):
        client = await house.connect()
        client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + "2\r\nab\r\n" * 400)
        await asyncio.sleep(0.05)
        (connection,) = house.state.connections
        assert isinstance(connection._body, bytearray)
        client.send("0\r\n\r\n")
        assert (await client.read()).json()["body"] == "ab" * 400

    async def test_chunks_without_end_are_refused_when_they_are_too_many(self, house):
        client = await house.connect()
        client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(5):
            client.send(b"190\r\n" + bytes(400) + b"\r\n")
        assert (await client.read()).status == 413
        client.send(b"0\r\n\r\n" + GET.encode())
        assert (await client.read()).status == 200

    async def test_a_refused_body_is_not_read_for_ever(self, house, monkeypatch):
        monkeypatch.setattr(http_protocol, "MAX_DISCARDED_BYTES", 5000)
        client = await house.connect()
        client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send(b"2000\r\n" + bytes(0x2000) + b"\r\n")
        assert (await client.read()).status == 413
        client.send(b"2000\r\n" + bytes(0x2000) + b"\r\n")
        assert (await client.read()).status == 413
        assert await client.is_closed()

    @pytest.mark.parametrize("headers", ["Content-Length: 99999999999", "Content-Length: 2000\r\nExpect: 100-continue"])
    async def test_a_body_that_will_not_be_read_ends_the_connection(self, house, headers):
        client = await house.connect()
        client.send(f"POST / HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n")
        answer = await client.read()
        assert (answer.status, answer.headers["connection"]) == (413, "close")
        assert await client.is_closed()

    @pytest.mark.parametrize(
        ("text", "status"),
        [
            ("nonsense\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
            ("GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET x:y:z HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (f"GET /{'a' * 70_000} HTTP/1.1\r\nHost: a\r\n\r\n", 431),
            (f"GET / HTTP/1.1\r\nHost: a\r\nx: {'a' * 70_000}\r\n\r\n", 431),
            ("GET / HTTP/1.1\r\nHost: a\r\n" + "x: 1\r\n" * 201 + "\r\n", 431),
        ],
    )
    async def test_what_is_no_request_ends_the_connection(self, house, text, status):
        client = await house.connect()
        client.send(text)
        answer = await client.read()
        assert (answer.status, answer.headers["connection"]) == (status, "close")
        assert await client.is_closed()
        assert house.app.seen == []

    async def test_nonsense_behind_a_request_does_not_cost_its_answer(self, house):
        client = await house.connect()
        client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n")
        await asyncio.sleep(0.05)
        house.app.release.set()
        answer = await client.read()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert await client.is_closed()

    async def test_another_protocol_is_declined_by_answering_in_this_one(self, house):
        client = await house.connect()
        client.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nbinary")
        answer = await client.read()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert await client.is_closed()
