"""DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER: a confirmed device proves its own password (user-pools-api.md §6.10)."""

import hmac

import msgspec
from msgspec.structs import replace

from poolhouse.crypto import srp
from poolhouse.crypto.seal import SealBroken
from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in import device_step, secret_blocks, sessions
from poolhouse.pool.sign_in.answers import password_verifier
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import (
    DEVICE_PASSWORD_VERIFIER,
    DEVICE_SRP_AUTH,
    Challenged,
    DevicePasswordVerifier,
)
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.sign_in.sessions import ChallengeSession
from poolhouse.pool.users import code_guesses, devices
from poolhouse.storage import devices as stored
from poolhouse.storage.devices import DeviceRow
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors

_LABEL = "device_secret_block"
_SCALAR_BYTES = 32


class DeviceBlock(msgspec.Struct, frozen=True, array_like=True):
    """SECRET_BLOCK of a device: what its answer has to know, the Session of the sign-in with it. expires_at: as that."""

    session: ChallengeSession
    device_key: str
    a_pub: bytes
    b: bytes
    u: bytes


async def begin(call: ClientCall, session: str | None, responses: Parameters) -> Challenged:
    """DEVICE_SRP_AUTH. Without a Session it is the one that waits for this device, if any.

    Raises NotAuthorizedException (session), ResourceNotFoundException (device), InvalidParameterException (SRP_A).
    """
    device_key, a_pub = required(responses, "DEVICE_KEY"), _public_a(required(responses, "SRP_A"))
    user = await sessions.known(call, responses["USERNAME"])
    row = await devices.require(call, user, device_key)
    opened = sessions.read(call, session or row.waiting_session, DEVICE_SRP_AUTH)
    if opened.sub != user.sub or opened.device_key != device_key:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="the Session waits for another device")
    sessions.check_standing(opened, user)
    verifier = devices.open_verifier(call, row)
    v = int.from_bytes(verifier.v, "big")
    b, g_b = call.house.batches.ephemeral()
    b_pub = srp.public_b(g_b, v)
    block = DeviceBlock(
        session=opened,
        device_key=device_key,
        a_pub=a_pub.to_bytes((a_pub.bit_length() + 7) // 8, "big"),
        b=b.to_bytes(_SCALAR_BYTES, "big"),
        u=srp.scrambler(a_pub, b_pub).to_bytes(_SCALAR_BYTES, "big"),
    )
    sealed = call.user_pool.box(_LABEL).seal(msgspec.msgpack.encode(block), b"", call.random(12))
    challenge = DevicePasswordVerifier(
        username=user.username,
        device_key=device_key,
        salt=srp.salt_hex(verifier.salt),
        b_pub=f"{b_pub:x}",
        secret_block=secret_blocks.encode(sealed),
    )
    return Challenged(challenge, session or row.waiting_session)


def _public_a(srp_a: str) -> int:
    try:
        return srp.parse_public(srp_a)
    except srp.SRPError as error:
        raise errors.InvalidParameterException(texts.INVALID_SRP_A, detail=str(error)) from error


async def answer(call: ClientCall, _session: str | None, responses: Parameters) -> Attempt:
    """DEVICE_PASSWORD_VERIFIER: the attempt whose device has proven itself.

    Raises NotAuthorizedException (wrong proof; stale or used), ResourceNotFoundException (the device is gone).
    """
    signature = secret_blocks.decode(required(responses, "PASSWORD_CLAIM_SIGNATURE"))
    raw, timestamp = (
        secret_blocks.decode(required(responses, "PASSWORD_CLAIM_SECRET_BLOCK")),
        required(responses, "TIMESTAMP"),
    )
    block = _open(call, raw)
    opened = block.session
    is_right_device = required(responses, "DEVICE_KEY") == block.device_key
    if not is_right_device or opened.expires_at < call.now or not password_verifier.is_recent(timestamp, call.now):
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail="another device, or too old")
    user = await sessions.user_of(call, opened, responses["USERNAME"])
    row = await devices.require(call, user, block.device_key)
    expected = await _expected(call, block, row, raw, timestamp)

    async def judge(tx: Transaction) -> DeviceRow | CognitoError:
        if hmac.compare_digest(expected, signature):
            return row
        return errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail="the device proof is wrong")

    async def use(tx: Transaction, proven: DeviceRow) -> DeviceRow:
        if not await stored.note_sign_in(tx, proven, call.remote_ip, call.now_ms):
            raise errors.ResourceNotFoundException(texts.DEVICE_DOES_NOT_EXIST)
        return await stored.get(tx, proven.user_pool_id, proven.sub, proven.device_key) or proven

    proven = await code_guesses.guess(call, user, judge, use)
    attempt = sessions.resumed(opened, user, DEVICE_PASSWORD_VERIFIER)
    return replace(attempt, device_key=block.device_key, skips_mfa=device_step.skips_mfa(call, proven))


def _open(call: ClientCall, raw: bytes) -> DeviceBlock:
    try:
        block = msgspec.msgpack.decode(call.user_pool.box(_LABEL).open(raw, b""), type=DeviceBlock)
    except (SealBroken, msgspec.DecodeError) as error:
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=str(error)) from error
    if block.session.client_id != call.client.id:
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail="block of another client")
    return block


async def _expected(call: ClientCall, block: DeviceBlock, row: DeviceRow, raw: bytes, timestamp: str) -> bytes:
    v = int.from_bytes(devices.open_verifier(call, row).v, "big")
    a_pub, b, u = (int.from_bytes(number, "big") for number in (block.a_pub, block.b, block.u))
    key = await srp.session_key(call.house.batches.power, a_pub, b, v, u)
    return srp.signature(key, devices.group_key(call.user_pool), block.device_key, raw, timestamp)
