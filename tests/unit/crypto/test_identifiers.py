"""crypto/identifiers.py."""

import os
import uuid

from poolhouse.crypto.identifiers import uuid4


def test_every_uuid_is_of_version_4_and_of_the_rfc_variant():
    for _ in range(200):
        parsed = uuid.UUID(uuid4(os.urandom(16)))
        assert parsed.version == 4
        assert parsed.variant == uuid.RFC_4122


def test_the_other_122_bits_are_the_random_ones():
    random = bytes(range(0x10, 0x20))
    assert uuid.UUID(uuid4(random)) == uuid.UUID("10111213-1415-4617-8819-1a1b1c1d1e1f")
