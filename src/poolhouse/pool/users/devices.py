"""The devices of a user: named at a sign-in, confirmed by the app, remembered or not (user-pools-api.md §6.10)."""

import base64
import binascii

import msgspec

from poolhouse.crypto import srp
from poolhouse.crypto.identifiers import uuid4
from poolhouse.pool import pagination, texts
from poolhouse.pool.call import Call, PoolCall, UserCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.storage import devices as stored
from poolhouse.storage.devices import DeviceRow
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

MOST_IN_A_PAGE = 60  # M
_VERIFIER_BYTES = 385  # of a number below N, padded
_SALT_BYTES = 64  # clients draw 16
_GROUP_CHARACTERS = 8  # GUESS+: as those of Cognito look


class Verifier(msgspec.Struct, frozen=True, array_like=True):
    """What a device keeps a password for. v: the SRP verifier, as bytes."""

    salt: bytes
    v: bytes


def verifier_context(user_pool_id: str, sub: str, device_key: str) -> str:
    """What a verifier is sealed for."""
    return f"devices/{user_pool_id}/{sub}/{device_key}"


def open_verifier(call: Call, row: DeviceRow) -> Verifier:
    opened = call.keyring.open(row.verifier, verifier_context(row.user_pool_id, row.sub, row.device_key))
    return msgspec.msgpack.decode(opened, type=Verifier)


# -- what a pool says


def replace_mfa(user_pool: UserPool) -> bool:
    """Whether a remembered device stands in for a second factor."""
    setting = user_pool.settings.DeviceConfiguration
    return setting is not None and bool(setting.ChallengeRequiredOnNewDevice)


def require_tracking(user_pool: UserPool) -> None:
    """Raises InvalidUserPoolConfigurationException."""
    if not user_pool.tracks_devices:
        raise errors.InvalidUserPoolConfigurationException(texts.DEVICES_NOT_TRACKED)


def new_key(call: PoolCall) -> str:
    """What a device that has none yet is called."""
    return f"{call.user_pool.region}_{uuid4(call.random(16))}"


def group_key(user_pool: UserPool) -> str:
    """DeviceGroupKey: of the pool, and a part of what its devices prove; so it never changes."""
    drawn = user_pool.lasting_mac("device_group", "")
    return "-" + base64.b32encode(drawn).decode().lower()[:_GROUP_CHARACTERS]


# -- by the users themselves


async def confirm(
    call: UserCall, device_key: str, config: shapes.DeviceSecretVerifierConfigType | None, name: str
) -> bool:
    """Keep the device that the sign-in behind the token has named; whether the user still has to say that it is remembered.

    Raises InvalidUserPoolConfigurationException, InvalidParameterException (another device; no verifier), DeviceKeyExistsException.
    """
    pool, user = call.user_pool, call.access_token.user
    require_tracking(pool)
    if device_key != call.access_token.claims.get("device_key"):
        raise errors.InvalidParameterException(texts.DEVICE_KEY_INVALID)
    verifier = msgspec.msgpack.encode(_read(config))
    setting = pool.settings.DeviceConfiguration
    asks_user = setting is not None and bool(setting.DeviceOnlyRememberedOnUserPrompt)
    row = DeviceRow(
        user_pool_id=pool.id,
        sub=user.sub,
        device_key=device_key,
        verifier=call.keyring.seal(verifier, verifier_context(pool.id, user.sub, device_key)),
        name=name,
        is_remembered=not asks_user,
        last_ip=call.remote_ip,
        created_at=call.now_ms,
        updated_at=call.now_ms,
        authenticated_at=call.now_ms,
    )

    async def work(tx: Transaction) -> None:
        if not await stored.insert(tx, row):
            raise errors.DeviceKeyExistsException(texts.DEVICE_KEY_EXISTS)

    await call.write(work)
    return asks_user


def _read(config: shapes.DeviceSecretVerifierConfigType | None) -> Verifier:
    """Raises InvalidParameterException."""
    try:
        salt = base64.b64decode((config and config.Salt) or "", validate=True)
        v = base64.b64decode((config and config.PasswordVerifier) or "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise errors.InvalidParameterException(texts.DEVICE_VERIFIER_INVALID) from error
    if not 0 < len(salt) <= _SALT_BYTES or not 0 < len(v) <= _VERIFIER_BYTES:
        raise errors.InvalidParameterException(texts.DEVICE_VERIFIER_INVALID)
    if not 1 < int.from_bytes(v, "big") < srp.N:
        raise errors.InvalidParameterException(texts.DEVICE_VERIFIER_INVALID)
    return Verifier(salt, v)


# -- by the users and by administrators


async def require(call: PoolCall, user: User, device_key: str) -> DeviceRow:
    """Raises InvalidUserPoolConfigurationException, ResourceNotFoundException."""
    require_tracking(call.user_pool)
    row = await stored.get(call.db, call.user_pool.id, user.sub, device_key)
    if row is None:
        raise errors.ResourceNotFoundException(texts.DEVICE_DOES_NOT_EXIST)
    return row


async def list_page(
    call: PoolCall, user: User, limit: int | None, token: str | None
) -> tuple[list[DeviceRow], str | None]:
    """Devices, and the token of the next page. Raises InvalidUserPoolConfigurationException, InvalidParameterException (token)."""
    require_tracking(call.user_pool)
    most = limit or MOST_IN_A_PAGE
    after = pagination.decode(call, user.sub, token)
    found = await stored.list_page(call.db, call.user_pool.id, user.sub, after, most + 1)
    page = found[:most]
    return page, pagination.encode(call, user.sub, page[-1].device_key) if len(found) > most else None


async def set_status(call: PoolCall, user: User, device_key: str, status: str | None) -> None:
    """Raises InvalidUserPoolConfigurationException, ResourceNotFoundException."""
    row = await require(call, user, device_key)
    if status is None:
        return

    async def work(tx: Transaction) -> None:
        if not await stored.set_remembered(tx, row, is_remembered=status == "remembered", now_ms=call.now_ms):
            raise errors.ResourceNotFoundException(texts.DEVICE_DOES_NOT_EXIST)

    await call.write(work)


async def forget(call: PoolCall, user: User, device_key: str) -> None:
    """Raises InvalidUserPoolConfigurationException, ResourceNotFoundException."""
    require_tracking(call.user_pool)

    async def work(tx: Transaction) -> None:
        if not await stored.delete(tx, call.user_pool.id, user.sub, device_key):
            raise errors.ResourceNotFoundException(texts.DEVICE_DOES_NOT_EXIST)

    await call.write(work)
