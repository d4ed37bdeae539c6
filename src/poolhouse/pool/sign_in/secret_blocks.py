"""SECRET_BLOCK: what the second half of SRP has to know of the first, sealed under a key of the pool; so the first writes nothing."""

import base64
import binascii
import hashlib

import msgspec

from poolhouse.crypto import password_hash, srp
from poolhouse.crypto.seal import SealBroken
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.outcomes import Spend
from poolhouse.pool.users import passwords
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

GROUP_BYTES = 384
_LABEL = "srp_secret_block"


class SecretBlock(msgspec.Struct, frozen=True, array_like=True):
    """user_id: USER_ID_FOR_SRP, the username of a known user.  name: as it was typed, folded.

    Known and unknown users fill the same members, so that the length of the sealed block does not tell them apart.
    """

    client_id: str
    user_id: str
    is_known: bool
    name: str
    a_pub: bytes
    b: bytes
    u: bytes
    expires_at: float
    nonce: bytes
    flow: str = "USER_SRP_AUTH"  # what was begun: in CUSTOM_AUTH the password is only the first step


def seal(call: PoolCall, block: SecretBlock) -> str:
    """As base64."""
    sealed = call.user_pool.box(_LABEL).seal(msgspec.msgpack.encode(block), b"", call.random(12))
    return encode(sealed)


def encode(sealed: bytes) -> str:
    """Base64, of which clients sign the bytes."""
    return base64.b64encode(sealed).decode()


def read(call: ClientCall, secret_block: str) -> tuple[SecretBlock, bytes]:
    """The block, and its sealed bytes, which the answer signs. Raises NotAuthorizedException: forged, or of another client."""
    raw = decode(secret_block)
    try:
        opened = msgspec.msgpack.decode(call.user_pool.box(_LABEL).open(raw, b""), type=SecretBlock)
    except (SealBroken, msgspec.DecodeError) as error:
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=str(error)) from error
    if opened.client_id != call.client.id:
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail="block of another client")
    return opened, raw


def spend(block: SecretBlock) -> Spend:
    """The mark that lets this block be used once."""
    return Spend(
        value_hash=hashlib.sha256(_LABEL.encode() + block.nonce).digest(),
        expires_at_ms=int((block.expires_at + 60) * 1000),
        refusal=texts.INCORRECT_USERNAME_OR_PASSWORD,
    )


def decode(text: str) -> bytes:
    """Base64; what is none is empty, and right for nothing."""
    try:
        return base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def verifier(call: PoolCall, user: User | None, name: str) -> tuple[bytes, int]:
    """Salt and verifier of the user; for a user without one, a pair that is the same at every attempt."""
    record = None if user is None else passwords.open_record(call, user)
    if record is not None and password_hash.kind(record) == "verifier":
        return password_hash.srp_parts(record)
    drawn = call.user_pool.lasting_mac
    salt = drawn("fake_srp_salt", name)[:16]
    v = int.from_bytes(hashlib.shake_256(drawn("fake_srp_verifier", name)).digest(GROUP_BYTES), "big")
    return salt, v % srp.N
