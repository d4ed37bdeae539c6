"""A mail server of the tests, which may be slow, say no, or ask to come again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.ports import free_port


class _Dying(Controller):
    """Its connections end with it; aiosmtpd leaves open what it had just accepted."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._sessions: list[Any] = []

    def factory(self) -> Any:
        self._sessions.append(session := super().factory())
        return session

    def cancel_tasks(self, stop_loop: bool = True) -> None:
        self._ending = self.loop.create_task(self._end(stop_loop=stop_loop))

    async def _end(self, *, stop_loop: bool) -> None:
        assert self.server is not None
        for listening in self.server.sockets:
            self.loop.remove_reader(listening.fileno())
        await asyncio.sleep(0.01)  # whoever was accepted has a session, which a closed server could not give
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for session in self._sessions:
            if session.transport is not None:
                session.transport.abort()
        await asyncio.sleep(0.01)  # connection_lost of each
        if stop_loop:
            self.loop.stop()


class Mailbox:
    """mails: (recipients, mail) of each that was accepted.  answer: to the next mails.  seconds: that it takes its time."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.answer = "250 OK"
        self.seconds = 0.0
        self.port = free_port()
        self.peers: set[Any] = set()  # from which ends connections came

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.peers.add(session.peer)
        await asyncio.sleep(self.seconds)
        if self.answer.startswith("2"):
            self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return self.answer

    def settings(self, **others: Any) -> dict[str, Any]:
        """With which a house sends its mail here."""
        here = {
            "delivery": "smtp",
            "sms_delivery": "none",
            "await_delivery": True,
            "smtp_url": f"smtp://127.0.0.1:{self.port}",
            "smtp_from": "us@example.com",
        }
        return {**here, **others}

    @contextmanager
    def listening(self, **options: Any) -> Iterator[None]:
        controller = _Dying(self, hostname="127.0.0.1", port=self.port, **options)
        controller.start()
        try:
            yield
        finally:
            controller.stop()
