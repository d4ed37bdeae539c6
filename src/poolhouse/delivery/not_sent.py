"""How a message fails to leave."""

TIMEOUT_SECONDS = 10.0  # a gateway has so long to accept a message


class NotSent(Exception):
    """The gateway refused the message or cannot be reached. For the log; callers get CodeDeliveryFailureException.

    is_final: another attempt would end in the same way.
    """

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final
