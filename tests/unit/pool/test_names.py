"""pool.names: one form of a name, of bounded length."""

import pytest

from poolhouse.pool import names
from poolhouse.wire.exceptions import InvalidParameterException


def test_a_name_is_composed_and_where_case_does_not_count_lowered():
    """attack-0.1 no. 30."""
    assert names.fold("Ame\u0301lie", is_case_sensitive=True) == "Amélie"
    assert (
        names.fold("AME\u0301LIE", is_case_sensitive=False) == names.fold("amélie", is_case_sensitive=False) == "amélie"
    )


@pytest.mark.parametrize("character", ["a", "É", "İ", "\U0001d160", "漢"])
@pytest.mark.parametrize("is_case_sensitive", [True, False])
def test_no_username_is_too_long_to_stand_as_itself(character, is_case_sensitive):
    folded = names.fold(character * 128, is_case_sensitive=is_case_sensitive)
    assert not folded.startswith("\x01")
    assert len(folded.encode()) <= names.MOST_OCTETS


@pytest.mark.parametrize("name", ["x" * 131_072, "é" * 131_072, "a" + "\u0300\u0316" * 60_000, "漢" * 600])
def test_a_longer_name_costs_little_wherever_it_is_remembered(name):
    """attack-0.1 no. 16."""
    folded = names.fold(name, is_case_sensitive=False)
    assert len(folded) == 65
    assert folded != names.fold(name + "x", is_case_sensitive=False)
    assert folded == names.fold(name.upper(), is_case_sensitive=False)


@pytest.mark.parametrize(
    "character", ["\u3164", "\u115f", "\uffa0", "\ufe0f", "\U000e0100", "\u034f", "\u200d", "\u202e"]
)
def test_a_name_with_something_unseen_is_refused(character):
    """attack-0.1 no. 30."""
    with pytest.raises(InvalidParameterException) as refusal:
        names.check_username(f"ali{character}ce")
    assert refusal.value.message == (
        "1 validation error detected: Value at 'username' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"
    )
    names.check_username("alice")
