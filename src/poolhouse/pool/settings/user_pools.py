"""User pools: creating, describing, replacing, deleting; custom attributes; MFA configuration. Rules: user_pool_settings.py."""

from msgspec.structs import asdict, replace

from poolhouse.pool import pagination, texts
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.configuration import not_built, pool_keys, signing_keys
from poolhouse.pool.identifiers import ALPHANUMERIC, random_text
from poolhouse.pool.settings import resource_quotas, schema, tags, tiers, user_pool_settings
from poolhouse.storage import domains as stored_domains
from poolhouse.storage import log_delivery as stored_log_delivery
from poolhouse.storage import signing_keys as stored_signing_keys
from poolhouse.storage import tables
from poolhouse.storage import user_import_jobs as stored_import_jobs
from poolhouse.storage import user_pools as stored
from poolhouse.storage import users as stored_users
from poolhouse.storage.engine import Transaction
from poolhouse.storage.tables import Table
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

_ID_CHARACTERS = 9  # GUESS+: what real ids have after the region
DELETED_ROWS_PER_WRITE = 1_000  # Keeps each transaction of a deletion short, however many users the pool has.


async def _require(tx: Transaction, user_pool_id: str) -> stored.UserPoolRow:
    """The pool as it is inside a write. Raises ResourceNotFoundException when it was deleted meanwhile."""
    row = await stored.get(tx, user_pool_id)
    if row is None:
        raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, user_pool_id)
    return row


# -- create, describe, list


async def create(call: Call, request: shapes.CreateUserPoolRequest) -> shapes.UserPoolType:
    """Make a pool with its two signing keys. The tag `_custom_id_` pins its id."""
    mfa = shapes.GetUserPoolMfaConfigResponse()
    made = user_pool_settings.settings(request, mfa)
    tiers.check(call, made, mfa)
    _add_immutable(made, request)
    pinned = (request.UserPoolTags or {}).get(tags.CUSTOM_ID)
    user_pool_id = pinned or f"{call.settings.region}_{random_text(call.random, ALPHANUMERIC, _ID_CHARACTERS)}"
    made.Id = user_pool_id
    made.Name = request.PoolName
    made.Arn = f"arn:aws:cognito-idp:{call.settings.region}:{call.settings.account_id}:userpool/{user_pool_id}"
    made.CreationDate = made.LastModifiedDate = round(call.now, 3)
    keys = await signing_keys.create(
        call.keyring, user_pool_id, request.UserPoolTags or {}, call.now_ms, stock=call.house.key_stock
    )
    pool_key = pool_keys.create_first(call.keyring, user_pool_id, call.random)

    async def work(tx: Transaction) -> None:
        await resource_quotas.check_user_pools(tx, call)
        if not await stored.insert(tx, user_pool_id, made, pool_key, call.now_ms):
            raise errors.InvalidParameterException(texts.CUSTOM_ID_TAKEN, user_pool_id)
        if pinned is not None:
            # A server that died while it deleted a pool of this id may have left rows of its users.
            for table in tables.RUNTIME:
                while await stored.delete_runtime_rows(tx, user_pool_id, table, DELETED_ROWS_PER_WRITE):
                    pass
            await stored_users.insert_counts(tx, user_pool_id)
        for key in keys:
            await stored_signing_keys.insert(tx, key)
        await _sync_sms_factor(tx, user_pool_id, made, mfa)

    await call.change(user_pool_id, work)
    not_built.warn(made)
    return replace(made, EstimatedNumberOfUsers=0)


def _add_immutable(made: shapes.UserPoolType, request: shapes.CreateUserPoolRequest) -> None:
    """What only CreateUserPool may say: the schema and how users are named."""
    if request.AliasAttributes and request.UsernameAttributes:
        raise errors.InvalidParameterException(texts.ALIAS_AND_USERNAME_ATTRIBUTES)
    made.SchemaAttributes = schema.build(request.Schema)
    made.AliasAttributes = request.AliasAttributes or None
    made.UsernameAttributes = request.UsernameAttributes or None
    made.UsernameConfiguration = request.UsernameConfiguration
    is_required = any(a.Name == "preferred_username" and a.Required for a in made.SchemaAttributes)
    if is_required and "preferred_username" in (made.AliasAttributes or ()):
        raise errors.InvalidParameterException(texts.ALIAS_CANNOT_BE_REQUIRED)


async def describe(call: PoolCall) -> shapes.UserPoolType:
    """The pool of the call with its domains and the number of its users."""
    user_pool_id = call.user_pool.id
    row = await stored.get(call.db, user_pool_id)
    if row is None:
        raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, user_pool_id)
    names = [domain.Domain or "" for domain in await stored_domains.list_for_pool(call.db, user_pool_id)]
    return replace(
        row.settings,
        EstimatedNumberOfUsers=await stored_users.count(call.db, user_pool_id),
        Domain=next((name for name in names if "." not in name), None),
        CustomDomain=next((name for name in names if "." in name), None),
    )


async def list_page(
    call: Call, limit: int, pagination_token: str | None
) -> tuple[list[shapes.UserPoolDescriptionType], str | None]:
    """Pools by id, and the token of the next page."""
    after = pagination.decode(call, "", pagination_token)
    found = await stored.list_page(call.db, after, limit + 1)
    page = [
        shapes.UserPoolDescriptionType(
            Id=pool.Id,
            Name=pool.Name,
            LambdaConfig=pool.LambdaConfig,
            LastModifiedDate=pool.LastModifiedDate,
            CreationDate=pool.CreationDate,
        )
        for pool in found[:limit]
    ]
    return page, pagination.encode(call, "", page[-1].Id or "") if len(found) > limit else None


# -- change


async def update(call: PoolCall, request: shapes.UpdateUserPoolRequest) -> None:
    """Replace the mutable settings: what the request leaves out goes back to its default (DOC), but tags, which stay."""
    user_pool_id = call.user_pool.id

    async def work(tx: Transaction) -> shapes.UserPoolType:
        row = await _require(tx, user_pool_id)
        await _check_no_import(tx, user_pool_id)
        before = row.settings
        made = user_pool_settings.settings(request, row.mfa, before)
        tiers.check(call, made, row.mfa, await _beside(tx, call), before)
        made.Id, made.Arn, made.CreationDate = before.Id, before.Arn, before.CreationDate
        made.SchemaAttributes = before.SchemaAttributes
        made.AliasAttributes = before.AliasAttributes
        made.UsernameAttributes = before.UsernameAttributes
        made.UsernameConfiguration = before.UsernameConfiguration
        made.Name = request.PoolName or before.Name
        made.LastModifiedDate = round(call.now, 3)
        await stored.update(tx, user_pool_id, made)
        await _sync_sms_factor(tx, user_pool_id, made, row.mfa)
        return made

    not_built.warn(await call.change(user_pool_id, work))


async def _beside(tx: Transaction, call: PoolCall) -> list[tiers.Feature]:
    """What the pool uses that stands elsewhere than in its settings."""
    domains = await stored_domains.list_for_pool(tx, call.user_pool.id)
    logs = await stored_log_delivery.get(tx, call.user_pool.id)
    uses = {
        tiers.MANAGED_LOGIN: any(domain.ManagedLoginVersion == 2 for domain in domains),
        tiers.SESSIONS: call.user_pool.sessions.is_tracked,
        tiers.ACTIVITY_LOGS: logs is not None
        and any(each.EventSource == "userAuthEvents" for each in logs.LogConfigurations),
    }
    return [feature for feature, is_used in uses.items() if is_used]


async def add_custom_attributes(call: PoolCall, attributes: list[shapes.SchemaAttributeType]) -> None:
    """Raises InvalidParameterException, UserImportInProgressException."""
    user_pool_id = call.user_pool.id

    async def work(tx: Transaction) -> None:
        before = (await _require(tx, user_pool_id)).settings
        await _check_no_import(tx, user_pool_id)
        extended = schema.extended(before.SchemaAttributes or (), attributes)
        settings = replace(before, SchemaAttributes=extended, LastModifiedDate=round(call.now, 3))
        await stored.update(tx, user_pool_id, settings)

    await call.change(user_pool_id, work)


async def delete(call: PoolCall) -> None:
    """Delete the pool of the call: first all that makes it exist, then, in batches, what its users left."""
    user_pool_id = call.user_pool.id

    async def work(tx: Transaction) -> None:
        settings = (await _require(tx, user_pool_id)).settings
        if settings.DeletionProtection == "ACTIVE":
            raise errors.InvalidParameterException(texts.DELETION_PROTECTED)
        if await stored_domains.list_for_pool(tx, user_pool_id):
            raise errors.InvalidParameterException(texts.USER_POOL_HAS_DOMAIN)
        await _check_no_import(tx, user_pool_id)
        await stored.delete(tx, user_pool_id)

    await call.change(user_pool_id, work)
    for table in tables.RUNTIME:
        await _empty(call, user_pool_id, table)


async def _check_no_import(tx: Transaction, user_pool_id: str) -> None:
    if await stored_import_jobs.is_active(tx, user_pool_id):
        raise errors.UserImportInProgressException(texts.IMPORT_IN_PROGRESS)


async def _empty(call: Call, user_pool_id: str, table: Table) -> None:
    """Delete what the users of a deleted pool left in one table; nothing once a new pool has its pinned id, which began empty."""

    async def batch(tx: Transaction) -> int:
        # A write sees one snapshot: where it holds no pool of this id, it holds no row of a later one either.
        if await stored.created_at(tx, user_pool_id) is not None:
            return 0
        return await stored.delete_runtime_rows(tx, user_pool_id, table, DELETED_ROWS_PER_WRITE)

    while await call.write(batch) == DELETED_ROWS_PER_WRITE:
        pass


# -- MFA configuration


async def _sync_sms_factor(
    tx: Transaction, user_pool_id: str, made: shapes.UserPoolType, mfa: shapes.GetUserPoolMfaConfigResponse
) -> None:
    """CreateUserPool and UpdateUserPool can turn on SMS as a factor, and no other (DOC)."""
    sms = None
    if made.SmsConfiguration is not None:
        sms = shapes.SmsMfaConfigType(
            SmsConfiguration=made.SmsConfiguration, SmsAuthenticationMessage=made.SmsAuthenticationMessage
        )
    if sms != mfa.SmsMfaConfiguration:
        await stored.update_mfa(tx, user_pool_id, replace(mfa, SmsMfaConfiguration=sms))


async def mfa_config(call: PoolCall) -> shapes.GetUserPoolMfaConfigResponse:
    """The MFA and passkey configuration of the call's pool."""
    row = await stored.get(call.db, call.user_pool.id)
    if row is None:
        raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, call.user_pool.id)
    return replace(row.mfa, MfaConfiguration=row.settings.MfaConfiguration)


async def set_mfa_config(
    call: PoolCall, request: shapes.SetUserPoolMfaConfigRequest
) -> shapes.SetUserPoolMfaConfigResponse:
    """Replace the MFA and passkey configuration; MfaConfiguration left out stays as it is (GUESS+, user-pools-api.md §2.5).

    Raises InvalidParameterException, FeatureUnavailableInTierException.
    """
    user_pool_id = call.user_pool.id
    sms = request.SmsMfaConfiguration
    mfa = shapes.GetUserPoolMfaConfigResponse(
        SmsMfaConfiguration=sms,
        SoftwareTokenMfaConfiguration=request.SoftwareTokenMfaConfiguration,
        EmailMfaConfiguration=request.EmailMfaConfiguration,
        WebAuthnConfiguration=request.WebAuthnConfiguration,
    )

    async def work(tx: Transaction) -> str:
        before = (await _require(tx, user_pool_id)).settings
        mode = request.MfaConfiguration or before.MfaConfiguration or "OFF"
        if mode != "OFF":
            _check_factors(request)
        settings = replace(before, MfaConfiguration=mode, LastModifiedDate=round(call.now, 3))
        if sms is not None:
            settings.SmsAuthenticationMessage = sms.SmsAuthenticationMessage
            if sms.SmsConfiguration is not None:
                settings.SmsConfiguration = user_pool_settings.checked_sms_configuration(sms.SmsConfiguration)
        sender = settings.EmailConfiguration
        if mfa.EmailMfaConfiguration is not None and (sender is None or sender.EmailSendingAccount != "DEVELOPER"):
            raise errors.InvalidParameterException(texts.EMAIL_MFA_NEEDS_DEVELOPER)
        user_pool_settings.check_mfa(settings, mfa)
        tiers.check(call, settings, mfa)
        await stored.update(tx, user_pool_id, settings)
        await stored.update_mfa(tx, user_pool_id, mfa)
        return mode

    mode = await call.change(user_pool_id, work)
    return shapes.SetUserPoolMfaConfigResponse(**asdict(replace(mfa, MfaConfiguration=mode)))


def _check_factors(request: shapes.SetUserPoolMfaConfigRequest) -> None:
    """MFA that is on needs a factor. Raises InvalidParameterException."""
    sms, totp = request.SmsMfaConfiguration, request.SoftwareTokenMfaConfiguration
    if sms is None and not (totp is not None and totp.Enabled) and request.EmailMfaConfiguration is None:
        raise errors.InvalidParameterException(texts.MFA_NEEDS_A_FACTOR)
    if sms is not None and sms.SmsConfiguration is None:
        raise errors.InvalidParameterException(texts.MFA_NEEDS_SMS_CONFIGURATION)
