"""How a call of a function ends badly. pool/triggers/invocation.py gives each Cognito's own words.

Failure
  FunctionFailed   the function ran and raised; its message is for the client
  NotInvoked       it could not be run, by the name that Lambda has for the reason
    Unanswered     nothing came in time, or nobody was reached: worth another try, and counted by the circuit
  BadAnswer        it ran, and what it returned is too long or no JSON
"""


class Failure(Exception):
    """Not raised itself."""


class FunctionFailed(Failure):
    pass


class NotInvoked(Failure):
    """str(): an error name of Lambda. detail: for the log."""

    def __init__(self, name: str, detail: str = "") -> None:
        super().__init__(name)
        self.detail = detail


class Unanswered(NotInvoked):
    pass


class BadAnswer(Failure):
    pass
