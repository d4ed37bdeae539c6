"""Messages of the AWS Encryption SDK, written only: https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html

Version 2 with suite 0x0478 (AES-256-GCM, HKDF-SHA512, key commitment, no signature), one frame: what the libraries since 1.7
decrypt under every commitment policy.
"""

import struct
from collections.abc import Callable, Mapping

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

DATA_KEY_BYTES = 32
PROVIDER, KMS_PROVIDER = "poolhouse", "aws-kms"

_VERSION, _FRAMED = b"\x02", b"\x02"
_SUITE = b"\x04\x78"
_MESSAGE_ID_BYTES = 32
_IV_BYTES, _TAG_BYTES = 12, 16
_FRAME_BYTES = 4096  # the library's own; a code fills no frame, so that the first is the last
_FINAL, _FIRST = b"\xff\xff\xff\xff", 1
_FINAL_FRAME = b"AWSKMSEncryptionClient Final Frame"

Random = Callable[[int], bytes]
Context = Mapping[str, str]  # the encryption context: public, and authenticated with the message


class DataKey(msgspec.Struct, frozen=True):
    """The key of one message, in clear, and how whoever decrypts gets at it."""

    plaintext: bytes
    provider_id: str
    provider_info: bytes
    ciphertext: bytes

    def __repr__(self) -> str:
        return f"DataKey({self.provider_id!r})"


def raw_data_key(wrapping_key: bytes, name: str, context: Context, random: Random) -> DataKey:
    """A new data key under a raw AES-256 key, as the raw AES keyring of the library lays it out."""
    plaintext, iv = random(DATA_KEY_BYTES), random(_IV_BYTES)
    info = name.encode() + struct.pack(">II", 8 * _TAG_BYTES, _IV_BYTES) + iv
    ciphertext = AESGCM(wrapping_key).encrypt(iv, plaintext, _pairs(context))
    return DataKey(plaintext, PROVIDER, info, ciphertext)


def encrypt(plaintext: bytes, data_key: DataKey, context: Context, random: Random) -> bytes:
    """One message. plaintext: shorter than a frame."""
    message_id = random(_MESSAGE_ID_BYTES)
    key = AESGCM(_derive(data_key, message_id, _SUITE + b"DERIVEKEY"))
    header = b"".join(
        [
            _VERSION,
            _SUITE,
            message_id,
            _sized(_pairs(context)),
            struct.pack(">H", 1),  # one data key, wrapped once
            *map(_sized, (data_key.provider_id.encode(), data_key.provider_info, data_key.ciphertext)),
            _FRAMED,
            struct.pack(">I", _FRAME_BYTES),
            _derive(data_key, message_id, b"COMMITKEY"),
        ]
    )
    header_tag = key.encrypt(bytes(_IV_BYTES), b"", header)
    number = struct.pack(">I", _FIRST)
    iv = number.rjust(_IV_BYTES, b"\0")
    bound = message_id + _FINAL_FRAME + number + struct.pack(">Q", len(plaintext))
    frame = _FINAL + number + iv + struct.pack(">I", len(plaintext)) + key.encrypt(iv, plaintext, bound)
    return header + header_tag + frame


def _derive(data_key: DataKey, message_id: bytes, info: bytes) -> bytes:
    return HKDF(SHA512(), DATA_KEY_BYTES, message_id, info).derive(data_key.plaintext)


def _pairs(context: Context) -> bytes:
    """Sorted by key; nothing at all where there are none."""
    pairs = sorted((name.encode(), value.encode()) for name, value in context.items())
    return struct.pack(">H", len(pairs)) + b"".join(map(_sized, sum(pairs, ()))) if pairs else b""


def _sized(value: bytes) -> bytes:
    return struct.pack(">H", len(value)) + value
