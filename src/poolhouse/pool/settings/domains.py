"""User pool domains: at most one prefix and one custom domain for each pool, names unique over the server (user-pools-api.md §9.6)."""

import re
import time

from msgspec.structs import replace

from poolhouse.pool import texts
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.settings import resource_quotas, tiers
from poolhouse.storage import domains as stored
from poolhouse.storage import user_pools as stored_user_pools
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

RESERVED_WORDS = ("aws", "amazon", "cognito")  # DOC
CLASSIC, MANAGED_LOGIN = 1, 2
_S3_BUCKET = "aws-cognito-prod-iad-assets"  # OBS aws-cdk#6787; nothing of ours is kept there
_PREFIX = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_CUSTOM = re.compile(rf"{_PREFIX.pattern}(?:\.{_PREFIX.pattern})+")


def _is_custom(domain: str) -> bool:
    return "." in domain


def _check_name(call: Call, domain: str, *, is_custom: bool) -> None:
    """Raises InvalidParameterException."""
    if is_custom:
        # A name below the suffix of prefix domains, or the server's own, would take another pool's visitors.
        is_ours = f".{domain}".endswith(f".{call.settings.domain_suffix}") or domain == call.settings.public_host
        if _CUSTOM.fullmatch(domain) is None or is_ours:
            raise errors.InvalidParameterException(texts.CUSTOM_DOMAIN_INVALID)
        return
    if _PREFIX.fullmatch(domain) is None:
        raise errors.InvalidParameterException(texts.DOMAIN_PREFIX_INVALID)
    for word in RESERVED_WORDS:
        if word in domain:
            raise errors.InvalidParameterException(texts.DOMAIN_RESERVED_WORD, word)


async def _check_version(tx: Transaction, call: PoolCall, version: int | None) -> None:
    """Raises InvalidParameterException, FeatureUnavailableInTierException."""
    if version not in (None, CLASSIC, MANAGED_LOGIN):
        raise errors.InvalidParameterException(texts.MANAGED_LOGIN_VERSION_INVALID)
    row = await stored_user_pools.get(tx, call.user_pool.id)
    if row is None:
        raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, call.user_pool.id)
    if version == MANAGED_LOGIN:
        tiers.require(call, row.settings, tiers.MANAGED_LOGIN)


async def create(call: PoolCall, request: shapes.CreateUserPoolDomainRequest) -> shapes.DomainDescriptionType:
    """Give the pool of the call a domain, which works at once. With CustomDomainConfig it is a custom one."""
    user_pool_id, domain = call.user_pool.id, request.Domain
    is_custom = request.CustomDomainConfig is not None
    _check_name(call, domain, is_custom=is_custom)
    if request.Routing is not None and not is_custom:
        raise errors.InvalidParameterException(texts.ROUTING_NEEDS_CUSTOM_DOMAIN)
    made = shapes.DomainDescriptionType(
        UserPoolId=user_pool_id,
        AWSAccountId=call.settings.account_id,
        Domain=domain,
        CloudFrontDistribution=call.settings.public_host,  # What the name of a custom domain must point at.
        Version=_version(call),
        Status="ACTIVE",
        CustomDomainConfig=request.CustomDomainConfig,
        ManagedLoginVersion=request.ManagedLoginVersion or CLASSIC,
        Routing=request.Routing,
    )

    async def work(tx: Transaction) -> None:
        await _check_version(tx, call, request.ManagedLoginVersion)
        if is_custom:
            await resource_quotas.check_custom_domains(tx, call)
        others = await stored.list_for_pool(tx, user_pool_id)
        if any(_is_custom(other.Domain or "") == is_custom for other in others):
            raise errors.InvalidParameterException(texts.USER_POOL_HAS_SUCH_DOMAIN)
        if not await stored.insert(tx, user_pool_id, domain, made):
            raise errors.InvalidParameterException(texts.DOMAIN_TAKEN)

    await call.change(user_pool_id, work)
    return made


def _version(call: Call) -> str:
    """The timestamp of a description, such as 20261123005500."""
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(call.now))


async def describe(call: Call, domain: str) -> shapes.DomainDescriptionType:
    """The domain of any pool; an empty description when there is none (GUESS+, relied on by Terraform)."""
    found = await stored.find(call.db, domain)
    if found is None:
        return shapes.DomainDescriptionType()
    # OBS localstack/localstack#9242: a prefix domain shows an empty configuration.
    return replace(
        found,
        S3Bucket=_S3_BUCKET,
        CustomDomainConfig=found.CustomDomainConfig or shapes.CustomDomainConfigType(),
    )


async def update(call: PoolCall, request: shapes.UpdateUserPoolDomainRequest) -> shapes.DomainDescriptionType:
    """Change version, certificate or routing; what the request leaves out stays."""
    user_pool_id, domain = call.user_pool.id, request.Domain

    async def work(tx: Transaction) -> shapes.DomainDescriptionType:
        before = await stored.find(tx, domain)
        if before is None or before.UserPoolId != user_pool_id:
            raise errors.InvalidParameterException(texts.DOMAIN_DOES_NOT_EXIST)
        await _check_version(tx, call, request.ManagedLoginVersion)
        if request.CustomDomainConfig is not None and not _is_custom(domain):
            raise errors.InvalidParameterException(texts.CUSTOM_DOMAIN_INVALID)
        if request.Routing is not None and not _is_custom(domain):
            raise errors.InvalidParameterException(texts.ROUTING_NEEDS_CUSTOM_DOMAIN)
        made = replace(
            before,
            ManagedLoginVersion=request.ManagedLoginVersion or before.ManagedLoginVersion,
            CustomDomainConfig=request.CustomDomainConfig or before.CustomDomainConfig,
            Routing=request.Routing or before.Routing,
            Version=_version(call),
        )
        await stored.update(tx, user_pool_id, domain, made)
        return made

    return await call.change(user_pool_id, work)


async def delete(call: PoolCall, domain: str) -> None:
    """Raises InvalidParameterException when the pool has no such domain."""
    user_pool_id = call.user_pool.id

    async def work(tx: Transaction) -> None:
        if not await stored.delete(tx, user_pool_id, domain):
            raise errors.InvalidParameterException(texts.DOMAIN_DOES_NOT_EXIST)

    await call.change(user_pool_id, work)
