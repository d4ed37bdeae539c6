"""GET and DELETE /_poolhouse/api/inbox: what was sent, newest first (docs/testing.md)."""

import threading
import time
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.pools import Pools, unique
from tests.support.refusals import attributes

MEMBERS = ["id", "channel", "to", "subject", "text", "html", "code", "user_pool_id", "username", "created_at", "link"]


def invite(cognito: Any, pool: str, email: str) -> None:
    cognito.admin_create_user(
        UserPoolId=pool,
        Username=unique("inbox"),
        UserAttributes=attributes(email=email),
        DesiredDeliveryMediums=["EMAIL"],
    )


def test_the_newest_message_comes_first(server: Any, cognito: Any, user_pool_id: str) -> None:
    email = f"{unique()}@example.com"
    for _ in range(3):
        invite(cognito, user_pool_id, email)
    answer = server.get_json("/_poolhouse/api/inbox", to=email)
    assert list(answer) == ["messages"]
    found = answer["messages"]
    assert [list(message) for message in found] == [MEMBERS] * 3
    assert [message["created_at"] for message in found] == sorted((m["created_at"] for m in found), reverse=True)
    assert len({message["code"] for message in found}) == 3
    assert all(message["code"] in message["text"] for message in found)
    assert abs(found[0]["created_at"] - time.time()) < 60


def test_addresses_are_found_in_any_case(server: Any, cognito: Any, user_pool_id: str) -> None:
    email = f"{unique('Mixed')}@Example.com"
    invite(cognito, user_pool_id, email)
    found = server.get_json("/_poolhouse/api/inbox", to=email.upper())["messages"]
    assert [message["to"] for message in found] == [email]


def test_plus_signs_that_nobody_escaped(server: Any, cognito: Any, user_pool_id: str) -> None:
    """first-hour D9: `to=ada+test@example.com` as people type it; a blank in an address is a plus."""
    email, number = f"ada+{unique()}@example.com", f"+1{time.time_ns() % 10**10:010}"
    invite(cognito, user_pool_id, email)
    cognito.admin_create_user(
        UserPoolId=user_pool_id,
        Username=unique("inbox"),
        UserAttributes=attributes(phone_number=number),
        DesiredDeliveryMediums=["SMS"],
    )
    for to in (email, number):
        for typed in (to, quote(to), quote(to, safe="+@"), to.upper(), f"{quote(to)}%20"):
            found = server.http.get(f"/_poolhouse/api/inbox?to={typed}").json()["messages"]
            assert [message["to"] for message in found] == [to], typed


def test_all_messages_without_an_address(server: Any, cognito: Any, user_pool_id: str) -> None:
    email = f"{unique()}@example.com"
    invite(cognito, user_pool_id, email)
    assert server.get_json("/_poolhouse/api/inbox")["messages"][0]["to"] == email


def test_nobody_gets_nothing(server: Any) -> None:
    assert server.get_json("/_poolhouse/api/inbox", to="nobody@example.com") == {"messages": []}


def test_waiting_ends_with_the_message(server: Any, cognito: Any, user_pool_id: str) -> None:
    email = f"{unique()}@example.com"
    later = threading.Timer(0.5, invite, (cognito, user_pool_id, email))
    later.start()
    # At the end of the 60 seconds the client has given up long ago.
    found = server.get_json("/_poolhouse/api/inbox", to=email, wait=60)["messages"]
    assert len(found) == 1
    later.join()


def test_a_simulated_delivery_is_not_shown(server: Any, cognito: Any, pools: Pools, user_pool_id: str) -> None:
    client = pools.client_id(user_pool_id, PreventUserExistenceErrors="ENABLED")
    email = f"{unique('nobody')}@example.com"
    cognito.forgot_password(ClientId=client, Username=email)
    assert server.get_json("/_poolhouse/api/inbox", to=email)["messages"] == []
    assert "" not in {message["to"] for message in server.get_json("/_poolhouse/api/inbox")["messages"]}


def test_messages_are_kept_for_the_set_time(start_server: Any) -> None:
    server = start_server(environment={"POOLHOUSE_INBOX_TTL_SECONDS": "60"})
    cognito = server.client()
    invite(cognito, Pools(cognito).user_pool(), "a@example.com")
    assert len(server.inbox("a@example.com", 0)) == 1
    server.advance_clock(61)
    assert server.inbox("a@example.com", 0) == []


def test_messages_are_sealed_in_the_database(start_server: Any) -> None:
    server = start_server(start=False)
    if server.database_url:
        return  # The same bytes go to PostgreSQL; a file is what can be searched.
    server.start()
    cognito = server.client()
    invite(cognito, Pools(cognito).user_pool(), "secret-reader@example.com")
    message = server.inbox.newest("secret-reader@example.com")
    server.stop()
    stored = b"".join(path.read_bytes() for path in server.data.glob("poolhouse.db*"))
    assert b"secret-reader@example.com" in stored  # the address is the key; the user row has it too
    assert message["code"].encode() not in stored
    assert b"temporary password is" not in stored


class TestAfter:
    """first-hour D10: the second code of a test is never the first."""

    def test_an_id(self, server: Any, cognito: Any, user_pool_id: str) -> None:
        email = f"{unique()}@example.com"
        invite(cognito, user_pool_id, email)
        first = server.inbox.newest(email)
        begun = time.monotonic()
        assert server.get_json("/_poolhouse/api/inbox", to=email, wait=0.4, after=first["id"]) == {"messages": []}
        assert time.monotonic() - begun >= 0.4
        later = threading.Timer(0.3, invite, (cognito, user_pool_id, email))
        later.start()
        found = server.get_json("/_poolhouse/api/inbox", to=email, wait=20, after=first["id"])["messages"]
        later.join()
        assert [message["id"] > first["id"] for message in found] == [True]

    def test_a_time(self, server: Any, cognito: Any, user_pool_id: str) -> None:
        email = f"{unique()}@example.com"
        for _ in range(2):
            invite(cognito, user_pool_id, email)
            time.sleep(0.002)
        second, first = server.get_json("/_poolhouse/api/inbox", to=email)["messages"]
        newer = lambda after: server.get_json("/_poolhouse/api/inbox", to=email, after=after)["messages"]
        assert newer(first["created_at"]) == [second]
        assert newer(second["created_at"]) == []
        assert newer(int(first["created_at"]) - 1) == [second, first]

    def test_now(self, server: Any, cognito: Any, user_pool_id: str) -> None:
        email = f"{unique()}@example.com"
        invite(cognito, user_pool_id, email)
        first = server.inbox.newest(email)
        later = threading.Timer(0.5, invite, (cognito, user_pool_id, email))
        later.start()
        found = server.get_json("/_poolhouse/api/inbox", to=email, wait=20, after="now")["messages"]
        later.join()
        assert len(found) == 1
        assert found[0]["id"] > first["id"]

    def test_without_it_an_old_message_is_an_answer(self, server: Any, cognito: Any, user_pool_id: str) -> None:
        email = f"{unique()}@example.com"
        invite(cognito, user_pool_id, email)
        # At the end of the 60 seconds the client has given up long ago.
        assert len(server.get_json("/_poolhouse/api/inbox", to=email, wait=60)["messages"]) == 1

    @pytest.mark.parametrize("after", ["then", "-1", "nan", "1e9", "inf", "0x1", "id-1", "1" * 30])
    def test_what_cannot_be_read(self, server: Any, after: str) -> None:
        assert server.http.get("/_poolhouse/api/inbox", params={"after": after}).status_code == 400

    def test_ids_sort_by_order_while_the_clock_goes_back(self, start_server: Any) -> None:
        server = start_server()
        cognito = server.client()
        pool = Pools(cognito).user_pool()
        for seconds in (0, 7200, -7200, 0):
            server.advance_clock(seconds)
            invite(cognito, pool, "a@example.com")
        ids = [message["id"] for message in server.get_json("/_poolhouse/api/inbox", to="a@example.com")["messages"]]
        assert len(ids) == 4
        assert ids == sorted(ids, reverse=True)

    def test_ids_sort_over_all_workers_and_a_restart(self, start_server: Any) -> None:
        """Issue 5, review: each worker had an order of its own, and each start began anew."""
        server = start_server("--workers", "2")
        pool = Pools(server.client()).user_pool()
        for count in range(10):
            server.advance_clock(7200 if count % 2 == 0 else -7200)
            invite(server.client(), pool, f"{count:02}@example.com")  # a new connection, which either worker may take
        server.advance_clock(7200)
        invite(server.client(), pool, "10@example.com")
        server.stop()
        server.start()  # with the right time: two hours before the last message
        invite(server.client(), pool, "11@example.com")
        found = {message["to"]: message["id"] for message in server.get_json("/_poolhouse/api/inbox")["messages"]}
        ids = [found[f"{count:02}@example.com"] for count in range(12)]
        assert ids == sorted(ids)


class TestEmptying:
    """first-hour D10: DELETE, in `dev` only, and for no page of another site."""

    def test_one_recipient(self, server: Any, cognito: Any, user_pool_id: str) -> None:
        ada, bob = (f"{name}+{unique()}@example.com" for name in ("ada", "bob"))
        for email in (ada, bob):
            invite(cognito, user_pool_id, email)
        answer = server.http.delete(f"/_poolhouse/api/inbox?to={ada.upper()}")
        assert (answer.status_code, answer.content) == (204, b"")
        assert server.inbox(ada, 0) == []
        assert len(server.inbox(bob, 0)) == 1

    def test_all(self, start_server: Any) -> None:
        server = start_server()
        cognito = server.client()
        pool = Pools(cognito).user_pool()
        for name in ("a", "b"):
            invite(cognito, pool, f"{name}@example.com")
        assert server.http.delete("/_poolhouse/api/inbox", params={"to": " "}).status_code == 400
        assert len(server.get_json("/_poolhouse/api/inbox")["messages"]) == 2
        assert server.http.delete("/_poolhouse/api/inbox").status_code == 204
        assert server.get_json("/_poolhouse/api/inbox") == {"messages": []}

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://evil.localhost:9229", "host": "evil.localhost:9229"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site", "origin": "http://shop.auth.localhost"},
        ],
    )
    def test_not_for_pages_of_other_sites(
        self, server: Any, cognito: Any, user_pool_id: str, headers: dict[str, str]
    ) -> None:
        email = f"{unique()}@example.com"
        invite(cognito, user_pool_id, email)
        assert server.http.delete("/_poolhouse/api/inbox", headers=headers).status_code == 403
        assert server.http.delete("/_poolhouse/api/inbox", params={"to": email}, headers=headers).status_code == 403
        assert len(server.inbox(email, 0)) == 1

    def test_own_pages_may(self, server: Any) -> None:
        headers = {"origin": server.url, "sec-fetch-site": "same-origin"}
        answer = server.http.delete("/_poolhouse/api/inbox", params={"to": "nobody@example.com"}, headers=headers)
        assert answer.status_code == 204

    @pytest.mark.parametrize("to", ["a\0b", "x" * 4000])
    def test_odd_addresses(self, server: Any, to: str) -> None:
        assert server.http.delete("/_poolhouse/api/inbox", params={"to": to}).status_code == 204
