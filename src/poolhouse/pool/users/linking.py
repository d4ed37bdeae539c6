"""Identities of providers that sign in as a user of the pool (federation.md D1, D4).

They are rows that hang on the sub. The attribute is written from them in the same write, since everything that shows attributes
shows it.
"""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from poolhouse.pool import events, texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import identity_providers
from poolhouse.pool.users import password_history, users
from poolhouse.storage import identity_providers as stored_providers
from poolhouse.storage import linked_identities as stored
from poolhouse.storage import users as stored_users
from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.linked_identities import LinkedIdentity
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

LOCAL = "Cognito"  # the provider of those who have a password here
SUBJECT = "Cognito_Subject"
IDENTITIES = "identities"  # the attribute that shows them; no request can write it
MOST_LINKS = 5  # DOC: per user
MOST_ATTRIBUTES = 5  # DOC: different ones per provider
EXTERNAL = "EXTERNAL_PROVIDER"
_UNLINKED_PER_WRITE = 100  # Keeps each transaction of a deletion short, however many users are linked.
_MOST_CHARACTERS = 128  # OBS aws-sdk-js-v3#6985: of name, attribute and value together


class Identity(msgspec.Struct, frozen=True, rename="camel"):
    """One entry of the attribute `identities`. date_created: epoch ms."""

    user_id: str
    provider_name: str
    provider_type: str
    issuer: str | None
    primary: bool
    date_created: int


async def _show(tx: Transaction, call: PoolCall, before: User, links: Sequence[LinkedIdentity]) -> None:
    """Write the attribute of a user who has these links."""
    shown = [await _identity(tx, call, each) for each in links]
    attributes = {name: value for name, value in before.attributes.items() if name != IDENTITIES}
    if shown:
        attributes[IDENTITIES] = msgspec.json.encode(shown).decode()
    if attributes != before.attributes:
        await users.update(tx, call, before, replace(before, attributes=attributes, updated_at=call.now_ms))


async def _identity(tx: Transaction, call: PoolCall, link: LinkedIdentity) -> Identity:
    """Raises ResourceNotFoundException when the provider is gone, as no link that is read in the same write finds."""
    row = await stored_providers.get(tx, link.user_pool_id, link.provider_name)
    if row is None:
        raise identity_providers.does_not_exist(link.provider_name)
    return Identity(
        user_id=link.value,
        provider_name=link.provider_name,
        provider_type=row.settings.ProviderType or "",
        issuer=identity_providers.entity_id(call, row),  # OBS of SAML and of social ones; OIDC: GUESS
        primary=False,  # of a link; the identity that has made a profile is its primary one
        date_created=link.created_at,
    )


async def link(
    call: PoolCall, destination: shapes.ProviderUserIdentifierType, source: shapes.ProviderUserIdentifierType
) -> None:
    """AdminLinkProviderForUser: whoever is `source` at their provider signs in as `destination` from now on.

    Raises UserNotFoundException, InvalidParameterException, AliasExistsException (linked to somebody else), LimitExceededException.
    """
    user = await _user(call, destination)
    provider, attribute, value = _named(source, "SourceUser")
    if provider == LOCAL:
        raise errors.InvalidParameterException(texts.LINK_SOURCE_IS_LOCAL)
    if len(provider) + len(attribute) + len(value) > _MOST_CHARACTERS:
        raise errors.InvalidParameterException(texts.LINK_SOURCE_TOO_LONG)
    pool_id = call.user_pool.id

    async def work(tx: Transaction) -> None:
        row = await stored_providers.get(tx, pool_id, provider)
        if row is None:
            raise errors.InvalidParameterException(texts.PROVIDER_DOES_NOT_EXIST, provider, pool_id)
        _check_attribute(row.settings, attribute)
        before = await users.reload(tx, user)
        if attribute == SUBJECT and await _profile(tx, call, provider, value) is not None:
            raise errors.InvalidParameterException(texts.LINK_SOURCE_EXISTS)
        known = await stored.get(tx, pool_id, row.provider_id, attribute, value)
        if known is not None and known.sub == user.sub:
            return  # asked for once more
        if known is not None:
            raise errors.AliasExistsException(texts.LINK_SOURCE_TAKEN)
        new = LinkedIdentity(pool_id, row.provider_id, attribute, value, user.sub, call.now_ms, provider)
        links = await _checked_links(tx, new)
        # The user's row first, which locks it: of two links at once the second sees the first.
        await _show(tx, call, before, [*links, new])
        if not await stored.insert(tx, new):  # nobody else has it, as this write has looked
            raise errors.InvalidParameterException(texts.PROVIDER_DOES_NOT_EXIST, provider, pool_id)
        await call.record(tx, events.IdentityLinked(**events.whose(before), provider=provider))

    await call.write(work)


async def _user(call: PoolCall, destination: shapes.ProviderUserIdentifierType) -> User:
    """Whom the destination names. Raises UserNotFoundException, InvalidParameterException."""
    name, value = destination.ProviderName, destination.ProviderAttributeValue
    if not name or not value:
        raise errors.InvalidParameterException(texts.LINK_USER_INCOMPLETE, "DestinationUser")
    if name == LOCAL:
        return await users.require(call, value)
    profile = await _profile(call.db, call, name, value)
    if profile is None:
        raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
    return profile


async def _profile(db: Reader, call: PoolCall, provider: str, subject: str) -> User | None:
    """Whom a sign-in through the provider has made, or would find: by this username, and no alias."""
    return await stored_users.get(db, call.user_pool.id, call.user_pool.fold(f"{provider}_{subject}"))


def _named(given: shapes.ProviderUserIdentifierType, whose: str) -> tuple[str, str, str]:
    """(provider, attribute, value). Raises InvalidParameterException."""
    name, attribute, value = given.ProviderName, given.ProviderAttributeName, given.ProviderAttributeValue
    if not name or not attribute or not value:
        raise errors.InvalidParameterException(texts.LINK_USER_INCOMPLETE, whose)
    return name, attribute, value


def _check_attribute(provider: shapes.IdentityProviderType, attribute: str) -> None:
    """The subject; for OIDC and SAML also an attribute that a claim is mapped to. Raises InvalidParameterException."""
    mapped = provider.AttributeMapping or {} if provider.ProviderType in ("OIDC", "SAML") else {}
    if attribute != SUBJECT and attribute not in mapped.keys() - {"username"}:
        raise errors.InvalidParameterException(texts.LINK_ATTRIBUTE_INVALID, attribute)


async def _checked_links(tx: Transaction, new: LinkedIdentity) -> Sequence[LinkedIdentity]:
    """What the user has been linked to before. Raises LimitExceededException where there can be no more."""
    links = await stored.list_for_user(tx, new.user_pool_id, new.sub)
    if len(links) >= MOST_LINKS:
        raise errors.LimitExceededException(texts.TOO_MANY_LINKS, str(MOST_LINKS))
    used = await stored.list_attributes(tx, new.user_pool_id, new.provider_id)
    if new.attribute not in used and len(used) >= MOST_ATTRIBUTES:
        raise errors.LimitExceededException(texts.TOO_MANY_LINK_ATTRIBUTES, str(MOST_ATTRIBUTES))
    return links


async def disable(call: PoolCall, given: shapes.ProviderUserIdentifierType) -> None:
    """AdminDisableProviderForUser: a link goes; a user of the pool loses the password; an external user is disabled.

    Raises UserNotFoundException, InvalidParameterException.
    """
    provider, attribute, value = _named(given, "User")
    if provider == LOCAL:
        await _forget_password(call, await users.require(call, value))
        return
    row = await stored_providers.get(call.db, call.user_pool.id, provider)
    known = None if row is None else await stored.get(call.db, call.user_pool.id, row.provider_id, attribute, value)
    if known is None:
        profile = await _profile(call.db, call, provider, value) if attribute == SUBJECT else None
        if profile is None or profile.status != EXTERNAL:  # nobody, or somebody who only has the name
            raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
        await users.disable(call, profile)
        return

    async def work(tx: Transaction) -> None:
        before = await _owner(tx, known)
        links = await stored.list_for_user(tx, known.user_pool_id, known.sub)
        await _show(tx, call, before, [each for each in links if each != known])
        if not await stored.delete(tx, known):
            raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
        await call.record(tx, events.IdentityUnlinked(**events.whose(before), provider=provider))

    await call.write(work)


async def _owner(tx: Transaction, link: LinkedIdentity) -> User:
    """Whose the link is, as of now. Raises UserNotFoundException."""
    user = await stored_users.get_by_sub(tx, link.user_pool_id, link.sub)
    if user is None:
        raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
    return user


async def _forget_password(call: PoolCall, user: User) -> None:
    """Nobody signs in with it any more, and what it has begun is over. The user is as one of a provider, so that no mail gives a
    new one (GUESS); AdminSetUserPassword does.
    """

    async def work(tx: Transaction) -> None:
        before = await users.reload(tx, user)
        after = replace(
            before,
            status=EXTERNAL,
            password=None,
            password_expires_at=None,
            browser_epoch=before.browser_epoch + 1,
            updated_at=call.now_ms,
        )
        await password_history.update_user(tx, call, before, after)

    await call.write(work)


# -- deleting a provider


async def delete_provider(call: PoolCall, name: str) -> None:
    """Delete the provider, then, in batches, what was linked to it, which is dead by then. Its users and its group stay (GUESS).

    No link can come after it: on PostgreSQL one that was being written has held the provider's row, and is seen by now.
    Raises ResourceNotFoundException.
    """
    pool_id = call.user_pool.id

    async def delete(tx: Transaction) -> str:
        row = await stored_providers.get(tx, pool_id, name)
        if row is None or not await stored_providers.delete(tx, pool_id, name):
            raise identity_providers.does_not_exist(name)
        return row.provider_id

    provider_id = await call.change(pool_id, delete)

    async def unlink(tx: Transaction) -> int:
        subs = await stored.list_subs(tx, pool_id, provider_id, _UNLINKED_PER_WRITE)
        for sub in subs:
            before = await stored_users.get_by_sub(tx, pool_id, sub)
            if before is not None:
                await _show(tx, call, before, await stored.list_for_user(tx, pool_id, sub))
                await call.record(tx, events.IdentityUnlinked(**events.whose(before), provider=name))
            await stored.delete_for_user(tx, pool_id, provider_id, sub)
        return len(subs)

    while await call.write(unlink) == _UNLINKED_PER_WRITE:
        pass
