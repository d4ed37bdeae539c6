"""USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH and the hosted form: the password itself, over TLS (user-pools-api.md §6.2)."""

from msgspec.structs import replace

from poolhouse.crypto import password_hash
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.sign_in import candidates
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.threat_protection import compromised_passwords
from poolhouse.pool.triggers import authentication
from poolhouse.pool.users import migration, passwords, users
from poolhouse.storage import users as stored_users
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User


async def begin(call: ClientCall, parameters: Parameters) -> Attempt:
    return await prove(call, required(parameters, "USERNAME"), required(parameters, "PASSWORD"))


async def prove(call: ClientCall, username: str, password: str) -> Attempt:
    """The attempt of who knows the password.

    Raises NotAuthorizedException (wrong password, locked, nobody has the name), NotConfirmed (a wrong password of an UNCONFIRMED
    user), PasswordResetRequiredException and UserNotFoundException (LEGACY clients); what else the state of a user
    forbids is for the steps that come after the proof.
    """
    await migration.at_sign_in(call, username, password)
    if call.user_pool.triggers.pre_authentication:
        candidate = await candidates.find(call, username)
        await authentication.before(call, candidate.user, candidate.name)
    async with candidates.guess(call, username) as candidate:
        user = candidate.user
        if not await passwords.verify(call, user, password) or user is None:
            raise await candidates.refuse(call, candidate)
    await _upgrade(call, user, password)
    proven = candidate.proven(user, "USER_PASSWORD_AUTH", "PASSWORD")
    is_compromised = await compromised_passwords.is_found(call, "SIGN_IN", password)
    return replace(proven, is_compromised=is_compromised)


async def _upgrade(call: PoolCall, user: User, password: str) -> None:
    """Keep a just proven password in the kind that the pool keeps now; a password changed meanwhile wins."""
    record = passwords.open_record(call, user)
    if record is None or password_hash.kind(record) == call.user_pool.password_storage:
        return
    upgraded = await passwords.seal_record(call, user.username, password)

    async def write(tx: Transaction) -> None:
        current = await users.reload(tx, user)
        if current.password == user.password:
            await stored_users.update(tx, replace(current, password=upgraded))

    await call.write(write)
