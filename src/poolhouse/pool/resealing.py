"""Whether the master keys fit the database; seals its secrets anew under the first, so that an older one can be retired."""

from collections.abc import Callable

from poolhouse.crypto.seal import Keyring
from poolhouse.delivery import inbox, outbox
from poolhouse.errors import ConfigError
from poolhouse.pool.configuration import access_keys, client_rules, pool_keys, signing_keys
from poolhouse.pool.settings import identity_providers, saml_certificates
from poolhouse.pool.users import devices, password_history, passwords, software_tokens, user_import_jobs
from poolhouse.storage import sealed, tables
from poolhouse.storage.engine import Reader, Transaction, Write
from poolhouse.storage.tables import Table

# What the sealed values of each table are bound to; each owner's own word.
CONTEXTS: dict[str, Callable[..., str]] = {
    "access_keys": access_keys.context,
    "user_pools": pool_keys.first_context,
    "pool_keys": pool_keys.context,
    "signing_keys": signing_keys.context,
    "user_pool_client_secrets": client_rules.secret_context,
    "users": passwords.record_context,
    "password_history": password_history.context,
    "identity_providers": identity_providers.secrets_context,
    "saml_certificates": saml_certificates.context,
    "devices": devices.verifier_context,
    "software_tokens": software_tokens.secret_context,
    "user_import_chunks": user_import_jobs.chunk_context,
    "inbox_messages": inbox.context,
    "outbox_messages": outbox.context,
}


# Small tables, read at every start; whoever can open these can open the rest.
_TELLING = ("access_keys", "user_pools")


async def require_master_keys(db: Reader, keyring: Keyring) -> None:
    """Raises ConfigError when the database was sealed under a master key that is not here: nothing would work."""
    for table in tables.SEALED:
        if table.name not in _TELLING:
            continue
        for (mark,) in await sealed.list_marks(db, table):
            if not keyring.has_key_of(bytes(mark)):
                raise ConfigError(
                    "master_key_file",
                    "has not the key under which this database is sealed",
                    "Give the file that belongs to this database, or put the missing line back into it.",
                )


async def reseal(db: Reader, write: Write, keyring: Keyring) -> dict[str, int]:
    """How many values of each table were sealed anew. May run beside servers that have the same master keys, and again.

    Raises SealBroken for a value that no master key opens; what came before it stays done.
    """
    return {table.name: await _reseal(db, write, keyring, table) for table in tables.SEALED}


async def _reseal(db: Reader, write: Write, keyring: Keyring, table: Table) -> int:
    context = CONTEXTS[table.name]
    count = 0
    after: list[str] = []
    while rows := await sealed.list_after(db, table, after):
        changes = []
        for row in rows:
            key, old = list(row)[:-1], bytes(row[len(table.whole_key)])
            if keyring.needs_reseal(old):
                changes.append((key, old, keyring.reseal(old, context(*key))))
            after = key

        async def work(tx: Transaction, changes: list[tuple[list[str], bytes, bytes]] = changes) -> int:
            return sum([await sealed.replace(tx, table, key, old, new) for key, old, new in changes])

        if changes:
            count += await write(work)
    return count
