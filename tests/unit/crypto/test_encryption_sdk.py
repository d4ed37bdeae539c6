"""crypto.encryption_sdk: what it writes, the AWS Encryption SDK of Amazon reads."""

import os
import struct
from typing import Any

import aws_encryption_sdk
import pytest
from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError
from aws_encryption_sdk.identifiers import CommitmentPolicy
from cryptography.exceptions import InvalidTag

from poolhouse.crypto import encryption_sdk
from tests.support.functions import codes

KEY = bytes(range(32))
NAME = "arn:aws:kms:us-east-1:123456789012:key/one"
CONTEXT = {"userpool-id": "us-east-1_Example01"}


def message(plaintext: bytes = b"123456", context: dict[str, str] = CONTEXT) -> bytes:
    data_key = encryption_sdk.raw_data_key(KEY, NAME, context, os.urandom)
    return encryption_sdk.encrypt(plaintext, data_key, context, os.urandom)


def opened(sealed: bytes, policy: CommitmentPolicy, key: bytes = KEY) -> tuple[bytes, Any]:
    client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=policy)
    return client.decrypt(source=sealed, key_provider=codes.raw_provider(key, NAME))


@pytest.mark.parametrize("policy", list(CommitmentPolicy))
def test_the_library_reads_it_under_every_commitment_policy(policy: CommitmentPolicy) -> None:
    plaintext, header = opened(message(), policy)
    assert plaintext == b"123456"
    assert header.encryption_context == CONTEXT
    assert header.algorithm.name == "AES_256_GCM_HKDF_SHA512_COMMIT_KEY"


@pytest.mark.parametrize("plaintext", [b"", b"&lt;&amp;" * 50, "pässword".encode(), b"x" * 4095], ids=len)
def test_other_lengths(plaintext: bytes) -> None:
    assert opened(message(plaintext), CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)[0] == plaintext


@pytest.mark.parametrize("context", [{}, {"b": "2", "a": "1", "ä": "ö"}], ids=["none", "sorted"])
def test_other_contexts(context: dict[str, str]) -> None:
    plaintext, header = opened(message(context=context), CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
    assert plaintext == b"123456"
    assert header.encryption_context == context


@pytest.mark.parametrize("part", ["context", "data key", "commitment", "header tag", "frame", "tag"])
def test_a_changed_byte_is_noticed(part: str) -> None:
    sealed = bytearray(message())
    where = {
        "context": sealed.index(b"us-east-1_"),
        "data key": sealed.index(NAME.encode()) + len(NAME) + 25,
        "commitment": len(sealed) - 16 - 6 - 24 - 16 - 10,
        "header tag": len(sealed) - 16 - 6 - 24 - 5,
        "frame": len(sealed) - 18,
        "tag": len(sealed) - 1,
    }[part]
    sealed[where] ^= 1
    with pytest.raises((AWSEncryptionSDKClientError, InvalidTag)):
        opened(bytes(sealed), CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)


def test_another_key_opens_nothing() -> None:
    with pytest.raises((AWSEncryptionSDKClientError, InvalidTag)):
        opened(message(), CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT, key=bytes(32))


def test_the_layout() -> None:
    """The parts of the format's document, with randomness that stands still."""
    data_key = encryption_sdk.raw_data_key(KEY, NAME, CONTEXT, bytes)
    sealed = encryption_sdk.encrypt(b"123456", data_key, CONTEXT, bytes)
    assert sealed[:3] == b"\x02\x04\x78"
    assert sealed[3:35] == bytes(32)
    assert sealed[35:39] == struct.pack(">HH", 2 + 2 + 11 + 2 + 19, 1)
    info = NAME.encode() + struct.pack(">II", 128, 12) + bytes(12)
    assert data_key.provider_info == info
    assert len(data_key.ciphertext) == 48
    assert "0000" not in repr(data_key)
