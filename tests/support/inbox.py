"""The mail and SMS that a server under test has sent, read as a person would: newest first."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.server import Server


class Inbox:
    def __init__(self, server: "Server") -> None:
        self._server = server

    def __call__(self, to: str, wait: float = 5) -> list[dict[str, Any]]:
        return self.messages(to, wait)

    def messages(self, to: str, wait: float = 5, *, after: str = "") -> list[dict[str, Any]]:
        """The messages to this address, newest first; waits for the first one.

        after: an id, and only newer ones count.
        """
        return self._server.get_json("/_poolhouse/api/inbox", to=to, wait=wait, after=after)["messages"]

    def newest(self, to: str, wait: float = 5, *, after: str = "") -> dict[str, Any]:
        """The newest message to this address; after: the id of a message that is already known."""
        found = self.messages(to, wait, after=after)
        assert found, f"no {'newer ' if after else ''}message to {to} within {wait} s"
        return found[0]

    def code(self, to: str, wait: float = 5, *, after: str = "") -> str:
        """The code of the newest message to this address."""
        message = self.newest(to, wait, after=after)
        assert message["code"], f"the newest message to {to} has no code: {message}"
        return str(message["code"])
