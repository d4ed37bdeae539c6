"""A thousand of the cases of `make conformance`, drawn from a seed; no answer of theirs depends on the engine."""

from tests.conformance.generated import run
from tests.support.server import Server

SEED, SHARE = 9, 1_000


def test_a_thousand_faults_are_answered_by_exactly_their_errors(start_local_server):
    server: Server = start_local_server()
    account = run.send(server, run.share(run.all_cases(), SHARE, SEED))
    assert account.asked.total() == SHARE
    assert not account.wrong, str(account)


def test_there_are_cases_of_every_operation_with_input_that_can_be_wrong():
    """Acceptance of the run itself: at least 10,000 cases, none of an operation forgotten."""
    counts = {operation: sum(1 for _ in run.faults(operation)) for operation in run.model()["operations"]}
    assert sum(counts.values()) >= 10_000
    assert min(counts.values()) >= 10, min(counts, key=counts.__getitem__)
