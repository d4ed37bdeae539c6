"""Cached, immutable snapshots of pools, clients and domains, and the one way to change them.

A snapshot is valid while the shared generation counter stands still; when it moves, one point read of the pool's own
generation decides whether the snapshot is loaded again. Every write of configuration goes through `change`.
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import urlsplit

from poolhouse import discretion
from poolhouse.clock import Clock
from poolhouse.crypto.jwt import SigningKey, VerifyingKey
from poolhouse.crypto.seal import Keyring
from poolhouse.errors import Text
from poolhouse.pool import names, texts
from poolhouse.pool.configuration import (
    client_rules,
    lambda_config,
    mfa_rules,
    not_built,
    pool_keys,
    risk_rules,
    session_rules,
    signing_keys,
    web_authn_rules,
)
from poolhouse.storage import clients as stored_clients
from poolhouse.storage import domains as stored_domains
from poolhouse.storage import generation
from poolhouse.storage import log_delivery as stored_log_delivery
from poolhouse.storage import pool_keys as stored_pool_keys
from poolhouse.storage import resource_servers as stored_resource_servers
from poolhouse.storage import risk_configurations as stored_risk_configurations
from poolhouse.storage import session_configurations as stored_sessions
from poolhouse.storage import signing_keys as stored_signing_keys
from poolhouse.storage import user_pools as stored_user_pools
from poolhouse.storage.engine import Database, Transaction, Write
from poolhouse.storage.generation import SharedCounters
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

if TYPE_CHECKING:
    from poolhouse.config import Settings

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

# Snapshots kept per process. A pool costs about 20 KB, most of it two RSA keys.
MOST_CACHED = 2_000
PROFILE_TAG = "poolhouse:profile"
MOST_DOMAIN_CHARACTERS = 253  # RFC 1035 §2.3.4, as text


class Client:
    """One app client, ready to decide with."""

    def __init__(self, user_pool: "UserPool", settings: shapes.UserPoolClientType, secrets: tuple[str, ...]) -> None:
        self.user_pool = user_pool
        self.settings = settings
        self.secrets = secrets
        self.id: str = settings.ClientId or ""
        self.name: str = settings.ClientName or ""
        self.has_secret = bool(secrets)
        self.prevents_user_existence_errors = settings.PreventUserExistenceErrors == "ENABLED"
        self.auth_flows = client_rules.auth_flows(settings)
        self.access_ttl_seconds = client_rules.access_ttl_seconds(settings)
        self.id_ttl_seconds = client_rules.id_ttl_seconds(settings)
        self.refresh_ttl_seconds = client_rules.refresh_ttl_seconds(settings)
        self.auth_session_ttl_seconds = (settings.AuthSessionValidity or client_rules.AUTH_SESSION_MINUTES) * 60
        self.is_revocation_enabled = settings.EnableTokenRevocation is not False
        rotation = settings.RefreshTokenRotation
        self.is_rotation_enabled = rotation is not None and rotation.Feature == "ENABLED"
        if self.is_rotation_enabled:
            self.auth_flows -= {"ALLOW_REFRESH_TOKEN_AUTH"}  # DOC: rotation makes the flow unusable
        self.rotation_grace_seconds = (rotation.RetryGracePeriodSeconds or 0) if rotation is not None else 0
        self.readable = client_rules.readable(settings, user_pool.schema)
        self.writable = client_rules.writable(settings, user_pool.schema)
        self.is_oauth_enabled = bool(settings.AllowedOAuthFlowsUserPoolClient)
        self.oauth_flows = frozenset(settings.AllowedOAuthFlows or ())
        self.scopes = tuple(settings.AllowedOAuthScopes or ())
        self.callback_urls = tuple(settings.CallbackURLs or ())
        self.logout_urls = frozenset(settings.LogoutURLs or ())
        self.identity_providers = tuple(settings.SupportedIdentityProviders or ())

    def is_secret(self, given: str) -> bool:
        """Whether this is one of the client's secrets; in a time that tells nothing of them."""
        fits = [hmac.compare_digest(secret.encode(), given.encode()) for secret in self.secrets]
        return any(fits)

    @cached_property
    def risk_rules(self) -> risk_rules.RiskRules:
        """The client's own, in place of all that its pool has (DOC), or the pool's."""
        configured = self.user_pool.risk_configurations
        return risk_rules.rules(configured.get(self.id) or configured.get(stored_risk_configurations.POOL))

    @cached_property
    def live_scopes(self) -> tuple[str, ...]:
        """The client's scopes without the custom ones whose resource server has lost them."""
        known = self.user_pool.resource_scopes
        return tuple(scope for scope in self.scopes if "/" not in scope or scope in known)

    @cached_property
    def resource_scopes(self) -> tuple[str, ...]:
        return tuple(scope for scope in self.live_scopes if "/" in scope)


def client_does_not_exist(client_id: str) -> errors.ResourceNotFoundException:
    """For an id that was sent."""
    detail = str(Text(texts.CLIENT_DOES_NOT_EXIST, (discretion.client_id(client_id),)))
    return errors.ResourceNotFoundException(texts.CLIENT_DOES_NOT_EXIST, client_id, detail=detail)


class UserPool:
    """One user pool, ready to decide with. All members are constant for the life of the snapshot."""

    def __init__(  # noqa: PLR0913  what a pool consists of
        self,
        settings: shapes.UserPoolType,
        mfa: shapes.GetUserPoolMfaConfigResponse,
        *,
        generation: int,
        created_at: int,
        pool_keys: pool_keys.PoolKeys,
        keys: signing_keys.SigningKeys,
        domains: tuple[shapes.DomainDescriptionType, ...],
        resource_servers: tuple[shapes.ResourceServerType, ...],
        server: "Settings",
        is_default: bool,
        risk_configurations: Mapping[str, shapes.RiskConfigurationType] | None = None,
        log_delivery: shapes.LogDeliveryConfigurationType | None = None,
        session_settings: Mapping[str, str] | None = None,
    ) -> None:
        self.settings = settings
        self.sessions = session_rules.read(session_settings or {})
        self.generation = generation
        self.created_at = created_at
        self.id: str = settings.Id or ""
        self.region, _, self.name = self.id.rpartition("_")
        self.domains = domains
        self.is_default = is_default
        self.schema: dict[str, shapes.SchemaAttributeType] = {
            attribute.Name or "": attribute for attribute in settings.SchemaAttributes or ()
        }
        case = settings.UsernameConfiguration
        self.is_case_sensitive = case is None or case.CaseSensitive is not False
        self.username_attributes = frozenset(settings.UsernameAttributes or ())
        self.alias_attributes = frozenset(settings.AliasAttributes or ())
        self.auto_verified_attributes = frozenset(settings.AutoVerifiedAttributes or ())
        self.mfa = mfa_rules.read(settings, mfa)
        self.tracks_devices = settings.DeviceConfiguration is not None
        self.web_authn = web_authn_rules.read(mfa.WebAuthnConfiguration)
        self.triggers = lambda_config.triggers(settings)
        self.threat_mode, self.custom_threat_mode = risk_rules.modes(settings)
        # Whether anything of threat protection is asked at all.
        self.is_watched = self.threat_mode != "OFF" or self.custom_threat_mode != "OFF"
        self.risk_configurations = risk_configurations or {}
        self.log_destinations = log_destinations(log_delivery)
        self.tags: Mapping[str, str] = settings.UserPoolTags or {}
        self.password_storage: Literal["verifier", "argon2id"] = (
            "argon2id"
            if self.tags.get("poolhouse:password_storage", server.password_storage) == "argon2id"
            else "verifier"
        )
        # Whether the domain answers as OpenID Connect asks where Cognito does not (docs/design/0010-oidc-profile.md).
        self.is_oidc = self.tags.get(PROFILE_TAG) == "oidc"
        self.revokes_on_password_change = self.tags.get("poolhouse:revoke_on_password_change") == "true"
        self.resource_scopes = frozenset(
            f"{resource.Identifier}/{scope.ScopeName}"
            for resource in resource_servers
            for scope in resource.Scopes or ()
        )
        self.resource_server_identifiers = frozenset(resource.Identifier or "" for resource in resource_servers)
        self.keys = keys
        self.issuer = issuer(server, self.id, is_updated=_is_updated_issuer(settings))
        self._server = server
        self.pool_keys = pool_keys
        # The MAC under the newest key, and the boxes that open under any: for what is made here and comes back.
        self.mac = pool_keys.newest.mac
        self.macs = pool_keys.macs
        self.box = pool_keys.box
        # The MAC under the key that never changes: for what is simulated and must be the same at every look.
        self.lasting_mac = pool_keys.lasting.mac
        self.keys_change_at = min(keys.changes_at, pool_keys.changes_at)

    @property
    def id_token_key(self) -> SigningKey:
        return self.keys.id_token_key

    @property
    def access_token_key(self) -> SigningKey:
        return self.keys.access_token_key

    @property
    def verifying_keys(self) -> Mapping[str, VerifyingKey]:
        return self.keys.verifying_keys

    def fold(self, name: str) -> str:
        """The form in which usernames and aliases of this pool are stored and compared."""
        return names.fold(name, is_case_sensitive=self.is_case_sensitive)

    def fold_uncomposed(self, name: str) -> str:
        """The form in which 0.1 stored them."""
        return names.fold(name, is_case_sensitive=self.is_case_sensitive, is_composed=False)

    @cached_property
    def site(self) -> str | None:
        """What clients are told to append the paths of the domain endpoints to; None: the pool has no domain.

        The custom domain, the public URL of the default pool, or where the prefix domain is: on a host or a path of its own.
        """
        custom = next((d.Domain for d in self.domains if d.Domain and "." in d.Domain), None)
        if custom is not None:
            return domain_origin(self._server, custom)
        if self.is_default:
            return self._server.public_url
        prefix = next((d.Domain for d in self.domains if d.Domain), None)
        if prefix is None:
            return None
        # Programs other than browsers resolve no name below localhost, and behind a tunnel or in a container nobody does.
        is_path = self._server.domain_form == "path"
        return f"{self._server.public_url}/{self.id}" if is_path else domain_origin(self._server, prefix)


def _is_updated_issuer(settings: shapes.UserPoolType) -> bool:
    return settings.IssuerConfiguration is not None and settings.IssuerConfiguration.Type == "UPDATED"


def log_destinations(settings: shapes.LogDeliveryConfigurationType | None) -> Mapping[str, str]:
    """EventSource → the ARN of where its log goes."""
    found = {}
    for each in settings.LogConfigurations if settings is not None else ():
        group, bucket = each.CloudWatchLogsConfiguration, each.S3Configuration
        stream = each.FirehoseConfiguration
        arn = (group and group.LogGroupArn) or (bucket and bucket.BucketArn) or (stream and stream.StreamArn)
        if arn:
            found[each.EventSource] = arn
    return found


def issuer(server: "Settings", user_pool_id: str, *, is_updated: bool = False) -> str:
    """The `iss` of a pool's tokens (endpoints.md §1.1); no trailing slash."""
    if server.issuer_mode == "self":
        return f"{server.public_url}/{user_pool_id}"
    region = user_pool_id.rpartition("_")[0]
    host = "issuer-cognito-idp" if server.issuer_mode == "aws-updated" or is_updated else "cognito-idp"
    return f"https://{host}.{region}.amazonaws.com/{user_pool_id}"


def domain_origin(server: "Settings", domain: str) -> str:
    """The origin of a prefix (no dot) or custom domain, with the scheme and port of the public URL."""
    public = urlsplit(server.public_url)
    host = domain if "." in domain else f"{domain}.{server.domain_suffix}"
    port = f":{public.port}" if public.port is not None else ""
    return f"{public.scheme}://{host}{port}"


class _Directory:
    """What leads to a pool, as of one generation. Whoever waits for an answer writes it to the directory it began with."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.domains: dict[str, str | None] = {}
        self.default: str | None = None


class Configuration:
    """The cache of one process."""

    def __init__(
        self, settings: "Settings", db: Database, keyring: Keyring, counters: SharedCounters, clock: Clock
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._db = db
        self._keyring = keyring
        self._counters = counters
        self._seen = -1
        self._pools: dict[str, tuple[int, UserPool]] = {}
        self._clients: dict[str, Client] = {}
        self._directory = _Directory(-1)

    # -- reading

    async def find_user_pool(self, user_pool_id: str) -> UserPool | None:
        if "\0" in user_pool_id:
            return None  # PostgreSQL would not even take the question
        generation_now = self._counters.generation
        cached = self._pools.get(user_pool_id)
        if cached is not None:
            checked_at, pool = cached
            if checked_at == generation_now:
                return pool
            if await generation.pool_generation(self._db, user_pool_id) == pool.generation:
                is_default = (await self._default_id(generation_now)) == user_pool_id
                if pool.is_default == is_default:
                    self._pools[user_pool_id] = (generation_now, pool)
                    return pool
        return await self._load(user_pool_id, generation_now)

    async def user_pool(self, user_pool_id: str) -> UserPool:
        """Raises ResourceNotFoundException when the pool does not exist."""
        pool = await self.find_user_pool(user_pool_id)
        if pool is None:
            raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, user_pool_id)
        return pool

    async def find_client(self, client_id: str, user_pool_id: str | None = None) -> Client | None:
        """`user_pool_id` saves the look-up of the pool and refuses a client of another one."""
        client = self._clients.get(client_id)
        if client is not None:
            known = client.user_pool
            is_newest = self._pools.get(known.id) == (self._counters.generation, known)
            if is_newest or await self.find_user_pool(known.id) is known:
                return client if user_pool_id in (None, known.id) else None
        if "\0" in client_id:
            return None  # PostgreSQL would not even take the question
        owner = user_pool_id or await stored_clients.find_user_pool_id(self._db, client_id)
        pool = None if owner is None else await self.find_user_pool(owner)
        row = None if pool is None else await stored_clients.get(self._db, pool.id, client_id)
        if pool is None or row is None:
            self._clients.pop(client_id, None)
            return None
        secrets = await stored_clients.list_secrets(self._db, pool.id, client_id)
        client = Client(
            pool,
            row,
            tuple(
                self._keyring.open(s.secret, client_rules.secret_context(pool.id, client_id, s.secret_id)).decode()
                for s in secrets
            ),
        )
        _keep(self._clients, client_id, client)
        return client

    async def client(self, client_id: str) -> Client:
        """Raises ResourceNotFoundException when the client does not exist."""
        client = await self.find_client(client_id)
        if client is None:
            raise client_does_not_exist(client_id)
        return client

    async def find_domain(self, domain: str) -> UserPool | None:
        """The pool of a prefix or a custom host name."""
        if len(domain) > MOST_DOMAIN_CHARACTERS:
            return None  # Asked for by anybody's Host header, it would only fill the cache.
        domains = self._directory_of(self._counters.generation).domains
        if domain not in domains:
            _keep(domains, domain, await stored_domains.find_user_pool_id(self._db, domain))
        user_pool_id = domains[domain]
        return None if user_pool_id is None else await self.find_user_pool(user_pool_id)

    async def default_user_pool(self) -> UserPool | None:
        """The pool whose domain endpoints also stand at the root of the public URL."""
        user_pool_id = await self._default_id(self._counters.generation)
        return None if user_pool_id is None else await self.find_user_pool(user_pool_id)

    def domain_origin(self, domain: str) -> str:
        """The origin of a prefix or custom domain of this server."""
        return domain_origin(self._settings, domain)

    # -- changing

    async def change(self, write: Write, user_pool_id: str, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` and the bump of the generation in one write, then tell every worker of this host.

        write: of the call, or of the database where an operator's command asks.
        """

        async def change(tx: Transaction) -> T:
            await generation.bump_pool(tx, user_pool_id)
            result = await work(tx)
            await generation.bump(tx)
            return result

        result = await write(change)
        self._counters.bump()
        return result

    async def poll(self) -> None:
        """Notice changes made on other hosts, or by a worker that died before it could tell, and keys whose time has come."""
        self._forget_old_keys(self._clock.now_ms())
        current = await generation.current(self._db)
        if current != self._seen:  # So also at the first look: what was read before it may have changed before it.
            self._counters.bump()
            self._seen = current

    # -- inside

    def _forget_old_keys(self, now_ms: int) -> None:
        for user_pool_id in [key for key, (_, pool) in self._pools.items() if pool.keys_change_at <= now_ms]:
            del self._pools[user_pool_id]

    def _directory_of(self, generation_now: int) -> _Directory:
        if self._directory.generation != generation_now:
            self._directory = _Directory(generation_now)
        return self._directory

    async def _default_id(self, generation_now: int) -> str | None:
        if self._settings.default_user_pool_id:
            return self._settings.default_user_pool_id
        directory = self._directory_of(generation_now)
        if directory.default is None:
            directory.default = await stored_user_pools.oldest(self._db)
        return directory.default

    async def _load(self, user_pool_id: str, generation_now: int) -> UserPool | None:
        row = await stored_user_pools.get(self._db, user_pool_id)
        signing_key_rows = [] if row is None else await stored_signing_keys.list_for_pool(self._db, user_pool_id)
        if row is None or not signing_key_rows:  # Deleted, perhaps between the two reads.
            self._pools.pop(user_pool_id, None)
            return None
        not_built.warn(row.settings)
        pool_key_rows = await stored_pool_keys.list_for_pool(self._db, user_pool_id)
        now_ms = self._clock.now_ms()
        is_watched = risk_rules.modes(row.settings) != ("OFF", "OFF")
        pool = UserPool(
            row.settings,
            row.mfa,
            generation=row.generation,
            created_at=row.created_at,
            pool_keys=pool_keys.open_keys(self._keyring, user_pool_id, row.pool_key, pool_key_rows, now_ms),
            keys=signing_keys.open_keys(self._keyring, signing_key_rows, now_ms),
            domains=tuple(await stored_domains.list_for_pool(self._db, user_pool_id)),
            resource_servers=tuple(await stored_resource_servers.list_for_pool(self._db, user_pool_id)),
            server=self._settings,
            is_default=(await self._default_id(generation_now)) == user_pool_id,
            session_settings=await stored_sessions.list_for_pool(self._db, user_pool_id),
            risk_configurations=await stored_risk_configurations.list_for_pool(self._db, user_pool_id)
            if is_watched
            else None,
            log_delivery=await stored_log_delivery.get(self._db, user_pool_id),
        )
        _keep(self._pools, user_pool_id, (generation_now, pool))
        return pool


def _keep(cache: dict[K, V], key: K, value: V) -> None:
    """Remember, and forget the oldest when there are too many."""
    cache.pop(key, None)
    if len(cache) >= MOST_CACHED:
        del cache[next(iter(cache))]
    cache[key] = value
