"""GET /_poolhouse/api/inbox: what was sent, newest first."""

import threading
import time
from typing import Any

from tests.support.pools import Pools, unique
from tests.support.refusals import attributes

MEMBERS = ["id", "channel", "to", "subject", "text", "html", "code", "user_pool_id", "username", "created_at"]


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
    begun = time.monotonic()
    found = server.get_json("/_poolhouse/api/inbox", to=email, wait=20)["messages"]
    assert 0.3 < time.monotonic() - begun < 10
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
