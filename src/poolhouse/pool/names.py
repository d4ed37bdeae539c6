"""The names that users sign in with: the one form in which they are stored and compared, and which of them are refused."""

import hashlib

from poolhouse.code_points import MOST_COMPOSED, composed, has_unseen
from poolhouse.pool import texts
from poolhouse.wire import exceptions as errors

# What 128 characters, the longest username, have at most in their composed form. Longer names are no usernames, and an index
# of PostgreSQL takes rows of 2,704 octets.
MOST_OCTETS = 1_536


def fold(name: str, *, is_case_sensitive: bool, is_composed: bool = True) -> str:
    """The form in which usernames and aliases are stored and compared; its length has a bound.

    A longer one stands as its digest: whoever it is an alias of is found by it, and a stranger's costs no more than 65 octets
    wherever it is remembered.  is_composed: False for the form that 0.1 stored.
    """
    folded = name if is_case_sensitive else name.lower()
    if folded.isascii() and len(folded) <= MOST_COMPOSED:
        return folded
    folded = composed(folded) if is_composed else folded
    octets = folded.encode()
    # No name that is stored as itself begins with a control character, so that nobody can take the place of a digest.
    return folded if len(octets) <= MOST_OCTETS else "\x01" + hashlib.sha256(octets).hexdigest()


def check_username(username: str) -> None:
    """Raises InvalidParameterException for a name with code points that nobody sees."""
    if has_unseen(username):
        raise errors.InvalidParameterException(texts.USERNAME_WITH_UNSEEN)
