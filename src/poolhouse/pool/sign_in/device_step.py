"""A device whose key came with the sign-in proves itself, and may stand in for a second factor (user-pools-api.md §6.10)."""

from functools import partial

from msgspec.structs import replace

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import DEVICE_PASSWORD_VERIFIER, Asked, DeviceSRPAuth
from poolhouse.pool.users import devices, mfa
from poolhouse.storage import devices as stored
from poolhouse.storage.devices import DeviceRow
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors


async def device(call: ClientCall, attempt: Attempt) -> Asked | None:
    """Raises ResourceNotFoundException: the user has no such device."""
    if not attempt.device_key or DEVICE_PASSWORD_VERIFIER in attempt.proven or not call.user_pool.tracks_devices:
        return None
    row = await stored.get(call.db, call.user_pool.id, attempt.user.sub, attempt.device_key)
    if row is None:
        raise errors.ResourceNotFoundException(texts.DEVICE_DOES_NOT_EXIST)
    if _needs_second_factor(call, attempt) and not skips_mfa(call, row):
        return None  # it is asked for in any case, and one proof is enough
    return Asked(DeviceSRPAuth(attempt.user.username, row.device_key), keep=partial(_keep, row))


def skips_mfa(call: ClientCall, row: DeviceRow) -> bool:
    return row.is_remembered and devices.replace_mfa(call.user_pool)


def _needs_second_factor(call: ClientCall, attempt: Attempt) -> bool:
    mode = call.user_pool.mfa.mode
    return mode == "ON" or (
        mode == "OPTIONAL" and (attempt.wants_mfa or bool(mfa.active(call.user_pool, attempt.user)))
    )


async def _keep(row: DeviceRow, tx: Transaction, session: str) -> None:
    """Some clients send DEVICE_SRP_AUTH without the Session that asked for it."""
    await stored.set_waiting(tx, row, session)


def named(call: ClientCall, attempt: Attempt) -> Attempt:
    """The attempt with the key that its tokens will have, where the pool tracks devices: the one that was proven, or a new one."""
    if not call.user_pool.tracks_devices or attempt.device_key:
        return attempt if DEVICE_PASSWORD_VERIFIER in attempt.proven else replace(attempt, device_key="")
    return replace(attempt, device_key=devices.new_key(call), is_new_device=True)
