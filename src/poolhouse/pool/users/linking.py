"""Identities of providers that sign in as a user of the pool (federation.md D1, D4)."""

import msgspec
from msgspec.structs import replace

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.users import users
from poolhouse.storage import identity_providers as stored_providers
from poolhouse.storage import linked_identities as stored
from poolhouse.storage import users as stored_users
from poolhouse.storage.engine import Transaction
from poolhouse.storage.linked_identities import LinkedIdentity
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

LOCAL = "Cognito"  # the provider of those who have a password here
SUBJECT = "Cognito_Subject"
IDENTITIES = "identities"  # the attribute that shows them; no request can write it
MOST_LINKS = 5  # DOC: per user
MOST_ATTRIBUTES = 5  # DOC: different ones per provider
_MOST_CHARACTERS = 128  # OBS aws-sdk-js-v3#6985: of name, attribute and value together


class Identity(msgspec.Struct, frozen=True, rename="camel"):
    """One entry of the attribute `identities`. date_created: epoch ms."""

    user_id: str
    provider_name: str
    provider_type: str
    issuer: str | None
    primary: bool
    date_created: int


def identities_of(user: User) -> list[Identity]:
    return msgspec.json.decode(user.attributes.get(IDENTITIES, "[]"), type=list[Identity])


def with_identities(user: User, identities: list[Identity]) -> User:
    others = {name: value for name, value in user.attributes.items() if name != IDENTITIES}
    shown = {IDENTITIES: msgspec.json.encode(identities).decode()} if identities else {}
    return replace(user, attributes={**others, **shown})


async def link(
    call: PoolCall, destination: shapes.ProviderUserIdentifierType, source: shapes.ProviderUserIdentifierType
) -> None:
    """AdminLinkProviderForUser: whoever is `source` at their provider signs in as `destination` from now on.

    Raises UserNotFoundException, InvalidParameterException, AliasExistsException (linked to somebody else), LimitExceededException.
    """
    user = await _user(call, destination)
    provider, attribute, value = _named(source)
    if provider == LOCAL:
        raise errors.InvalidParameterException(texts.LINK_SOURCE_IS_LOCAL)
    if len(provider) + len(attribute) + len(value) > _MOST_CHARACTERS:
        raise errors.InvalidParameterException(texts.LINK_SOURCE_TOO_LONG)
    pool_id = call.user_pool.id
    new = LinkedIdentity(pool_id, provider, attribute, value, user.sub, call.now_ms)

    async def work(tx: Transaction) -> None:
        row = await stored_providers.get(tx, pool_id, provider)
        if row is None:
            raise errors.InvalidParameterException(texts.PROVIDER_DOES_NOT_EXIST, provider, pool_id)
        _check_attribute(row.settings, attribute)
        before = await users.reload(tx, user)
        if attribute == SUBJECT and await users.find(call, f"{provider}_{value}") is not None:
            raise errors.InvalidParameterException(texts.LINK_SOURCE_EXISTS)
        known = await stored.get(tx, pool_id, provider, attribute, value)
        if known is not None and known.sub == user.sub:
            return  # asked for once more
        if known is not None:
            raise errors.AliasExistsException(texts.LINK_SOURCE_TAKEN)
        await _check_numbers(tx, new)
        await stored.insert(tx, new)
        shown = Identity(
            value, provider, row.settings.ProviderType or "", None, primary=False, date_created=call.now_ms
        )
        after = with_identities(before, [*identities_of(before), shown])
        await users.update(tx, call, before, replace(after, updated_at=call.now_ms))

    await call.write(work)


async def _user(call: PoolCall, destination: shapes.ProviderUserIdentifierType) -> User:
    """Whom the destination names. Raises UserNotFoundException, InvalidParameterException."""
    name, value = destination.ProviderName, destination.ProviderAttributeValue
    if not name or not value:
        raise errors.InvalidParameterException(texts.LINK_USER_INCOMPLETE, "DestinationUser")
    return await users.require(call, value if name == LOCAL else f"{name}_{value}")


def _named(given: shapes.ProviderUserIdentifierType) -> tuple[str, str, str]:
    """(provider, attribute, value). Raises InvalidParameterException."""
    name, attribute, value = given.ProviderName, given.ProviderAttributeName, given.ProviderAttributeValue
    if not name or not attribute or not value:
        raise errors.InvalidParameterException(texts.LINK_USER_INCOMPLETE, "SourceUser")
    return name, attribute, value


def _check_attribute(provider: shapes.IdentityProviderType, attribute: str) -> None:
    """The subject; for OIDC and SAML also an attribute that a claim is mapped to. Raises InvalidParameterException."""
    mapped = provider.AttributeMapping or {} if provider.ProviderType in ("OIDC", "SAML") else {}
    if attribute != SUBJECT and attribute not in mapped:
        raise errors.InvalidParameterException(texts.LINK_ATTRIBUTE_INVALID, attribute)


async def _check_numbers(tx: Transaction, new: LinkedIdentity) -> None:
    """Raises LimitExceededException."""
    if len(await stored.list_for_user(tx, new.user_pool_id, new.sub)) >= MOST_LINKS:
        raise errors.LimitExceededException(texts.TOO_MANY_LINKS, str(MOST_LINKS))
    used = await stored.list_attributes(tx, new.user_pool_id, new.provider_name)
    if new.attribute not in used and len(used) >= MOST_ATTRIBUTES:
        raise errors.LimitExceededException(texts.TOO_MANY_LINK_ATTRIBUTES, str(MOST_ATTRIBUTES))


async def disable(call: PoolCall, given: shapes.ProviderUserIdentifierType) -> None:
    """AdminDisableProviderForUser: a link goes; a user of the pool loses the password; an external user is disabled.

    Raises UserNotFoundException, InvalidParameterException.
    """
    provider, attribute, value = _named(given)
    if provider == LOCAL:
        await _forget_password(call, await users.require(call, value))
        return
    known = await stored.get(call.db, call.user_pool.id, provider, attribute, value)
    if known is None:
        await users.disable(call, await users.require(call, f"{provider}_{value}"))
        return

    async def work(tx: Transaction) -> None:
        if not await stored.delete(tx, known):
            raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
        before = await _owner(tx, known)
        left = [each for each in identities_of(before) if (each.provider_name, each.user_id) != (provider, value)]
        await users.update(tx, call, before, replace(with_identities(before, left), updated_at=call.now_ms))

    await call.write(work)


async def _owner(tx: Transaction, link: LinkedIdentity) -> User:
    """Whose the link is, as of now. Raises UserNotFoundException."""
    user = await stored_users.get_by_sub(tx, link.user_pool_id, link.sub)
    if user is None:
        raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
    return user


async def _forget_password(call: PoolCall, user: User) -> None:
    """Nobody signs in with it any more, and what it has begun is over; AdminSetUserPassword gives another."""

    async def work(tx: Transaction) -> None:
        before = await users.reload(tx, user)
        after = replace(before, password=None, browser_epoch=before.browser_epoch + 1, updated_at=call.now_ms)
        await users.update(tx, call, before, after)

    await call.write(work)
