"""A seeded share of `make fuzz`: a mail goes to the address that was stored, and to nobody else (attack-0.1 no. 10)."""

from tests.fuzz import addresses

ADDRESSES = 250


def test_every_mail_has_one_recipient_who_is_the_stored_address(start_server):
    """attack-0.1 no. 10, issue 5 Done when 3."""
    with addresses.Sink() as sink:
        report = addresses.run(start_server(*sink.options), sink, ADDRESSES, seed=5)
    assert report.is_held, str(report)
    assert ADDRESSES / 5 < report.accepted < ADDRESSES * 4 / 5, str(report)
