"""USER_SRP_AUTH: SRP-6a, in which the password never leaves the client (user-pools-api.md §6.3).

The first step writes nothing: what the second one needs travels in SECRET_BLOCK, sealed under a key of the pool.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime

import msgspec

from poolhouse.call import Call
from poolhouse.crypto import password_hash, srp
from poolhouse.crypto.identifiers import uuid4
from poolhouse.crypto.seal import SealBroken
from poolhouse.pool import attributes, passwords, sign_in, texts
from poolhouse.pool.outcomes import Challenged, Outcome, Spend
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

# DOC says "within a few seconds" of the challenge; clocks of phones differ by minutes. GUESS.
TIMESTAMP_WINDOW_SECONDS = 300
_LABEL = "srp_secret_block"
_SCALAR_BYTES = 32  # b and u: 256 bits, as RFC 5054 §2.5.4 asks at least
_GROUP_BYTES = 384
_MONTHS = {
    name: i
    for i, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1)
}


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


async def challenge(call: Call, username: str, srp_a: str) -> Challenged:
    """PASSWORD_VERIFIER, for a user who does not exist too (RFC 5054 §2.5.1.3).

    Raises InvalidParameterException (SRP_A is no number, or 0 mod N; or the pool keeps no verifiers).
    """
    if call.user_pool.password_storage == "argon2id":
        raise errors.InvalidParameterException(texts.FLOW_NOT_ENABLED.format("USER_SRP_AUTH"))
    try:
        a_pub = srp.parse_public(srp_a)
    except srp.SRPError as error:
        raise errors.InvalidParameterException(texts.INVALID_SRP_A, detail=str(error)) from error
    candidate = await sign_in.find_candidate(call, username)
    user = candidate.user
    salt, v = _parts(call, user, candidate.name)
    b = int.from_bytes(call.random(_SCALAR_BYTES), "big") | 1 << (8 * _SCALAR_BYTES - 1)
    b_pub = srp.public_b(b, v)
    user_id = _fake_user_id(call, candidate.name) if user is None else user.username
    block = SecretBlock(
        client_id=call.client.id,
        user_id=user_id,
        is_known=user is not None,
        name=call.user_pool.fold(username),
        a_pub=a_pub.to_bytes(max(_GROUP_BYTES, (a_pub.bit_length() + 7) // 8), "big"),
        b=b.to_bytes(_SCALAR_BYTES, "big"),
        u=srp.scrambler(a_pub, b_pub).to_bytes(_SCALAR_BYTES, "big"),
        expires_at=call.now + call.client.auth_session_ttl_seconds,
        nonce=call.random(16),
    )
    sealed = call.user_pool.box(_LABEL).seal(msgspec.msgpack.encode(block), b"", call.random(12))
    return Challenged(
        name="PASSWORD_VERIFIER",
        session=None,
        parameters={
            "SALT": srp.salt_hex(salt),
            "SECRET_BLOCK": base64.b64encode(sealed).decode(),
            "SRP_B": f"{b_pub:x}",
            "USERNAME": user_id,
            "USER_ID_FOR_SRP": user_id,
        },
    )


async def respond(call: Call, username: str, signature: str, secret_block: str, timestamp: str) -> Outcome:
    """Answer PASSWORD_VERIFIER. username: USER_ID_FOR_SRP of the challenge.

    Raises NotAuthorizedException (wrong password, forged or stale answer, locked) and what follows a password.
    """
    block, raw_block = _open(call, secret_block)
    if block.user_id != username or block.expires_at < call.now or not _is_recent(timestamp, call.now):
        detail = "the answer is for another user, or too old"
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=detail)
    async with sign_in.guess(call, block.user_id if block.is_known else block.name) as candidate:
        user = candidate.user if block.is_known else None
        _, v = _parts(call, user, block.user_id if block.is_known else block.name)
        key = srp.session_key(
            int.from_bytes(block.a_pub, "big"), int.from_bytes(block.b, "big"), v, int.from_bytes(block.u, "big")
        )
        expected = srp.signature(key, call.user_pool.name, block.user_id, raw_block, timestamp)
        is_right = hmac.compare_digest(expected, _decode(signature))
        if not is_right or user is None:
            raise await sign_in.refuse(call, candidate)
    spend = Spend(
        value_hash=hashlib.sha256(_LABEL.encode() + block.nonce).digest(),
        expires_at_ms=int((block.expires_at + 60) * 1000),
        refusal=texts.INCORRECT_USERNAME_OR_PASSWORD,
    )
    return await sign_in.after_password(call, user, candidate, spend)


def _parts(call: Call, user: User | None, name: str) -> tuple[bytes, int]:
    """Salt and verifier of the user; for a user without one, a pair that is the same at every attempt."""
    record = None if user is None else passwords.open_record(call, user)
    if record is not None and password_hash.algorithm(record) == "verifier":
        return password_hash.srp_parts(record)
    drawn = call.user_pool.lasting_mac
    salt = drawn("fake_srp_salt", name)[:16]
    v = int.from_bytes(hashlib.shake_256(drawn("fake_srp_verifier", name)).digest(_GROUP_BYTES), "big")
    return salt, v % srp.N


def _fake_user_id(call: Call, name: str) -> str:
    """USER_ID_FOR_SRP of a name that nobody has: what a user of that name would have.

    The guide promises a UUID in any case; where users are named by what they type, that alone would tell the stranger.
    """
    pool = call.user_pool
    is_alias = bool(pool.alias_attributes) and (attributes.is_email(name) or attributes.is_phone_number(name))
    return uuid4(pool.lasting_mac("fake_user_id", name)[:16]) if pool.username_attributes or is_alias else name


def _open(call: Call, secret_block: str) -> tuple[SecretBlock, bytes]:
    raw = _decode(secret_block)
    try:
        opened = msgspec.msgpack.decode(call.user_pool.box(_LABEL).open(raw, b""), type=SecretBlock)
    except (SealBroken, msgspec.DecodeError) as error:
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=str(error)) from error
    if opened.client_id != call.client.id:
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail="block of another client")
    return opened, raw


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_recent(timestamp: str, now: float) -> bool:
    """`Tue May 7 00:09:40 UTC 2025`, English; the day may be padded."""
    try:
        _, month, day, clock, _, year = timestamp.split()
        hour, minute, second = clock.split(":")
        moment = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except (ValueError, KeyError, OverflowError):
        return False
    return abs(moment.timestamp() - now) <= TIMESTAMP_WINDOW_SECONDS
