"""The one list of tables: what the deletion of a pool or a user, pruning, resealing and sharding have to know of each.

A test compares it with the schema, column by column.
"""

from typing import Literal

import msgspec

from poolhouse.storage.engine import Transaction

Kind = Literal["server", "configuration", "runtime"]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """kind: whether the rows belong to no pool, make a pool exist and work, or come from its use.

    key: the primary key, of a pool's rows without user_pool_id, which comes first.  owner: the column that names the user whose row it
    is: by sub (subject: or by a stand-in for nobody), or by username where rows follow from the user's own.
    expiry: the indexed column that says when a row may go.  sealed: the column of sealed values.
    """

    name: str
    kind: Kind
    key: tuple[str, ...]
    owner: Literal["", "sub", "subject", "username"] = ""
    expiry: str = ""
    sealed: str = ""

    @property
    def whole_key(self) -> tuple[str, ...]:
        return self.key if self.kind == "server" else ("user_pool_id", *self.key)


# In the order in which a pool is emptied: what names a row goes before it. Sharded, "server" and "configuration" are reference
# tables, the others are distributed by user_pool_id.
TABLES = (
    Table(name="refresh_tokens", kind="runtime", key=("origin_jti",), owner="sub", expiry="prune_at"),
    Table(name="authorization_codes", kind="runtime", key=("code_hash",), owner="sub", expiry="expires_at"),
    Table(name="sso_sessions", kind="runtime", key=("session_hash",), owner="sub", expiry="expires_at"),
    Table(name="confirmation_codes", kind="runtime", key=("subject", "purpose"), owner="subject", expiry="expires_at"),
    Table(name="attempts", kind="runtime", key=("username", "kind"), owner="username", expiry="expires_at"),
    Table(name="spent", kind="runtime", key=("value_hash",), expiry="expires_at"),
    Table(name="auth_events", kind="runtime", key=("event_id",), owner="sub", expiry="expires_at"),
    Table(name="linked_identities", kind="runtime", key=("provider_id", "attribute", "value"), owner="sub"),
    Table(name="user_sessions", kind="runtime", key=("session_id",), owner="sub", expiry="expires_at"),
    Table(name="passkeys", kind="runtime", key=("credential_id",), owner="sub"),
    Table(name="devices", kind="runtime", key=("sub", "device_key"), owner="sub", sealed="verifier"),
    Table(name="software_tokens", kind="runtime", key=("sub", "state"), owner="sub", sealed="secret"),
    Table(name="password_history", kind="runtime", key=("sub", "browser_epoch"), owner="sub", sealed="password"),
    Table(name="user_import_lines", kind="runtime", key=("job_id", "line_number"), expiry="expires_at"),
    Table(
        name="user_import_chunks",
        kind="runtime",
        key=("job_id", "upload_id", "number"),
        expiry="expires_at",
        sealed="content",
    ),
    Table(name="user_import_jobs", kind="runtime", key=("job_id",)),
    Table(name="user_group_members", kind="runtime", key=("group_id", "username", "sub"), owner="sub"),
    Table(name="user_groups", kind="runtime", key=("group_name",)),
    Table(name="user_search", kind="runtime", key=("attribute", "value", "username"), owner="username"),
    Table(name="user_aliases", kind="runtime", key=("alias", "value"), owner="username"),
    Table(name="users", kind="runtime", key=("username",), sealed="password"),
    Table(name="user_counts", kind="runtime", key=("slot",)),
    Table(
        name="outbox_messages",
        kind="runtime",
        key=("message_id",),
        owner="subject",
        expiry="expires_at",
        sealed="message",
    ),
    Table(name="outbox_logs", kind="runtime", key=("log_id",), expiry="expires_at"),
    Table(name="inbox_messages", kind="runtime", key=("message_id",), expiry="expires_at", sealed="message"),
    Table(name="risk_configurations", kind="configuration", key=("client_id",)),
    Table(name="log_delivery_configurations", kind="configuration", key=()),
    Table(name="user_pool_client_secrets", kind="configuration", key=("client_id", "secret_id"), sealed="secret"),
    Table(name="user_pool_clients", kind="configuration", key=("client_id",)),
    Table(name="user_pool_domains", kind="configuration", key=("domain",)),
    Table(name="resource_servers", kind="configuration", key=("identifier",)),
    Table(name="session_configurations", kind="configuration", key=("client_id",)),
    Table(name="ui_customizations", kind="configuration", key=("client_id",)),
    Table(name="managed_login_brandings", kind="configuration", key=("branding_id",)),
    Table(name="terms", kind="configuration", key=("terms_id",)),
    Table(name="idp_identifiers", kind="configuration", key=("identifier",)),
    Table(name="identity_providers", kind="configuration", key=("provider_name",), sealed="secrets"),
    Table(name="saml_certificates", kind="configuration", key=("purpose",), sealed="private_key"),
    Table(name="signing_keys", kind="configuration", key=("kid",), expiry="expires_at", sealed="private_key"),
    Table(name="pool_keys", kind="configuration", key=("key_id",), expiry="expires_at", sealed="pool_key"),
    Table(name="user_pools", kind="configuration", key=(), sealed="pool_key"),
    Table(name="request_rates", kind="server", key=("category", "second"), expiry="expires_at"),
    Table(name="provisioned_limits", kind="server", key=("category",)),
    Table(name="access_keys", kind="server", key=("access_key_id",), sealed="secret"),
    Table(name="outbox_events", kind="server", key=("event_id",)),
    Table(name="jobs", kind="server", key=("name",)),
    Table(name="server_state", kind="server", key=("name",)),
    Table(name="schema_migrations", kind="server", key=("number",)),
)

RUNTIME = tuple(table for table in TABLES if table.kind == "runtime")
CONFIGURATION = tuple(table for table in TABLES if table.kind == "configuration")
EXPIRING = tuple(table for table in TABLES if table.expiry)
SEALED = tuple(table for table in TABLES if table.sealed)


async def delete_of_user(tx: Transaction, user_pool_id: str, sub: str) -> None:
    """Every row that hangs on a user's sub."""
    for table in RUNTIME:
        if table.owner in ("sub", "subject"):
            await tx.execute(
                f"DELETE FROM {table.name} WHERE user_pool_id = $1 AND {table.owner} = $2", user_pool_id, sub
            )


async def delete_of_username(tx: Transaction, user_pool_id: str, username: str) -> None:
    """Every row that follows from a user, found by the username; in the write that deletes the user.

    But attempts, which are locked before a user's row (docs/design/0004-still-true.md).
    """
    for table in RUNTIME:
        if table.owner == "username" and table.name != "attempts":
            await tx.execute(
                f"DELETE FROM {table.name} WHERE user_pool_id = $1 AND username = $2", user_pool_id, username
            )
