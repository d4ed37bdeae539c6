"""The styles of managed login: a settings document and its assets, one per app client (endpoints.md §17.2)."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from poolhouse.crypto.identifiers import uuid4
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.snapshots import client_does_not_exist
from poolhouse.pool.settings import managed_login_defaults, svg_images
from poolhouse.storage import clients as stored_clients
from poolhouse.storage import managed_login_brandings as stored
from poolhouse.storage.engine import Transaction
from poolhouse.storage.managed_login_brandings import BrandingRow
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

MOST_PER_POOL = 20  # DOC
MOST_ASSETS = 40  # DOC: of a request; GUESS: of a style
MOST_SETTINGS_BYTES = 2_097_152  # DOC: of the request
_SECTIONS = frozenset({"categories", "componentClasses", "components"})
_GRAPHICS = frozenset({"PNG", "SVG", "JPEG", "WEBP"})
_EXTENSIONS = {
    "FAVICON_ICO": frozenset({"ICO"}),
    "FAVICON_SVG": frozenset({"SVG"}),
    "IDP_BUTTON_ICON": frozenset({"ICO", "SVG"}),
}  # of every other category, _GRAPHICS
_MARKS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff", "ICO": b"\x00\x00\x01\x00", "WEBP": b"RIFF"}

Change = shapes.CreateManagedLoginBrandingRequest | shapes.UpdateManagedLoginBrandingRequest


def _does_not_exist() -> errors.ResourceNotFoundException:
    return errors.ResourceNotFoundException(texts.BRANDING_DOES_NOT_EXIST)


async def create(call: PoolCall, request: shapes.CreateManagedLoginBrandingRequest) -> shapes.ManagedLoginBrandingType:
    """Raises InvalidParameterException, ResourceNotFoundException (client), ManagedLoginBrandingExistsException,
    LimitExceededException."""
    pool_id, client_id, branding_id = call.user_pool.id, request.ClientId, uuid4(call.random(16))
    _check(request)
    made = shapes.ManagedLoginBrandingType(
        ManagedLoginBrandingId=branding_id,
        UserPoolId=pool_id,
        UseCognitoProvidedValues=bool(request.UseCognitoProvidedValues),
        Settings=request.Settings,
        Assets=_assets(request.Assets or (), ()),
        CreationDate=round(call.now, 3),
        LastModifiedDate=round(call.now, 3),
    )

    async def work(tx: Transaction) -> None:
        if await stored_clients.get(tx, pool_id, client_id) is None:
            raise client_does_not_exist(client_id)
        if await stored.count(tx, pool_id) >= MOST_PER_POOL:
            raise errors.LimitExceededException(texts.TOO_MANY_BRANDINGS, str(MOST_PER_POOL))
        if not await stored.insert(tx, pool_id, branding_id, BrandingRow(client_id, made)):
            raise errors.ManagedLoginBrandingExistsException(texts.BRANDING_EXISTS)

    await call.change(pool_id, work)
    return made


async def describe(call: PoolCall, branding_id: str, *, is_merged: bool) -> shapes.ManagedLoginBrandingType:
    """is_merged: with what the style leaves to us. Raises ResourceNotFoundException."""
    return _shown(await stored.get(call.db, call.user_pool.id, branding_id), is_merged=is_merged)


async def describe_by_client(call: PoolCall, client_id: str, *, is_merged: bool) -> shapes.ManagedLoginBrandingType:
    """As `describe`."""
    if await stored_clients.get(call.db, call.user_pool.id, client_id) is None:
        raise client_does_not_exist(client_id)
    return _shown(await stored.get_by_client(call.db, call.user_pool.id, client_id), is_merged=is_merged)


def _shown(row: BrandingRow | None, *, is_merged: bool) -> shapes.ManagedLoginBrandingType:
    if row is None:
        raise _does_not_exist()
    if not is_merged:
        return row.settings
    return replace(row.settings, Settings=managed_login_defaults.merged(row.settings.Settings or {}))


async def update(call: PoolCall, request: shapes.UpdateManagedLoginBrandingRequest) -> shapes.ManagedLoginBrandingType:
    """What is given replaces what was: the settings whole, each asset by its category and colour mode (GUESS).

    Raises InvalidParameterException, ResourceNotFoundException.
    """
    pool_id, branding_id = call.user_pool.id, request.ManagedLoginBrandingId or ""
    _check(request)

    async def work(tx: Transaction) -> shapes.ManagedLoginBrandingType:
        row = await stored.get(tx, pool_id, branding_id)
        if row is None:
            raise _does_not_exist()
        before = row.settings
        if request.UseCognitoProvidedValues:
            made = replace(before, UseCognitoProvidedValues=True, Settings=None, Assets=None)
        else:
            had = before.Assets or ()
            made = replace(
                before,
                UseCognitoProvidedValues=False,
                Settings=before.Settings if request.Settings is None else request.Settings,
                Assets=before.Assets if request.Assets is None else _assets(request.Assets, had),
            )
        made.LastModifiedDate = round(call.now, 3)
        await stored.update(tx, pool_id, branding_id, made)
        return made

    return await call.change(pool_id, work)


async def delete(call: PoolCall, branding_id: str) -> None:
    """Raises ResourceNotFoundException."""
    pool_id = call.user_pool.id

    async def work(tx: Transaction) -> None:
        if not await stored.delete(tx, pool_id, branding_id):
            raise _does_not_exist()

    await call.change(pool_id, work)


# -- checking


def _check(request: Change) -> None:
    if request.UseCognitoProvidedValues and (request.Settings is not None or request.Assets):
        raise errors.InvalidParameterException(texts.BRANDING_PROVIDED_AND_OWN)
    if request.Settings is not None:
        _check_settings(request.Settings)


def _check_settings(settings: Any) -> None:
    """Unknown members below the three sections are kept as they are (GUESS)."""
    if not isinstance(settings, dict) or not settings.keys() <= _SECTIONS:
        raise errors.InvalidParameterException(texts.BRANDING_SETTINGS_INVALID)
    if not all(isinstance(section, dict) for section in settings.values()):
        raise errors.InvalidParameterException(texts.BRANDING_SETTINGS_INVALID)
    if len(msgspec.json.encode(settings)) > MOST_SETTINGS_BYTES:
        raise errors.InvalidParameterException(texts.CUSTOMIZATION_TOO_LARGE)


def _assets(given: Sequence[shapes.AssetType], had: Sequence[shapes.AssetType]) -> list[shapes.AssetType] | None:
    """The assets after a change, by category and colour mode. Raises InvalidParameterException."""
    known = {asset.ResourceId: asset for asset in had if asset.ResourceId}
    kept = {(asset.Category, asset.ColorMode): asset for asset in had}
    for asset in given:
        kept[asset.Category, asset.ColorMode] = _checked(asset, known.get(asset.ResourceId or ""))
    if len(kept) > MOST_ASSETS:
        raise errors.InvalidParameterException(texts.TOO_MANY_ASSETS, str(MOST_ASSETS))
    return list(kept.values()) or None


def _checked(asset: shapes.AssetType, known: shapes.AssetType | None) -> shapes.AssetType:
    if asset.Extension not in _EXTENSIONS.get(asset.Category, _GRAPHICS):
        raise errors.InvalidParameterException(texts.ASSET_EXTENSION_INVALID, asset.Extension, asset.Category)
    if asset.Bytes is None:
        if known is None:
            raise errors.InvalidParameterException(texts.ASSET_INVALID, asset.Category)
        return replace(asset, Bytes=known.Bytes)
    if asset.Extension == "SVG":
        return replace(asset, Bytes=svg_images.cleaned(asset.Bytes, asset.Category))
    if not asset.Bytes.startswith(_MARKS[asset.Extension]):
        raise errors.InvalidParameterException(texts.ASSET_INVALID, asset.Category)
    return asset
