"""The classic look of a pool's pages: a style sheet and a logo, for one client or for all (endpoints.md §17.1)."""

import hashlib
import time

from msgspec.structs import replace

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.snapshots import client_does_not_exist
from poolhouse.pool.settings import classic_css
from poolhouse.storage import clients as stored_clients
from poolhouse.storage import domains as stored_domains
from poolhouse.storage import ui_customizations as stored
from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.ui_customizations import UICustomizationRow
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

ALL = "ALL"
IMAGE_PATH = "/assets/images/image"  # of a domain; Cognito's own ends so
MOST_IMAGE_BYTES = 102_400  # DOC
MOST_CSS_CHARACTERS = 3_072  # DOC
_TYPES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


async def put(
    call: PoolCall, client_id: str | None, css: str | None, image: bytes | None
) -> shapes.UICustomizationType:
    """Style sheet and logo are set together: what is not given is gone.

    Raises InvalidParameterException (no domain; what the pages would not show), ResourceNotFoundException (client).
    """
    pool_id, whose = call.user_pool.id, client_id or ALL
    if len(css or "") > MOST_CSS_CHARACTERS or len(image or b"") > MOST_IMAGE_BYTES:
        raise errors.InvalidParameterException(texts.CUSTOMIZATION_TOO_LARGE)
    classic_css.check(css or "")
    image_type = _image_type(image) if image else ""
    made = shapes.UICustomizationType(
        UserPoolId=pool_id,
        ClientId=whose,
        CSS=css or None,
        CSSVersion=time.strftime("%Y%m%d%H%M%S", time.gmtime(call.now)),
        LastModifiedDate=round(call.now, 3),
        CreationDate=round(call.now, 3),
    )

    async def work(tx: Transaction) -> UICustomizationRow:
        if not await stored_domains.list_for_pool(tx, pool_id):
            raise errors.InvalidParameterException(texts.CUSTOMIZATION_NEEDS_DOMAIN)
        await _check_client(tx, pool_id, whose)
        before = await stored.get(tx, pool_id, whose)
        created = made if before is None else replace(made, CreationDate=before.settings.CreationDate)
        row = UICustomizationRow(created, image or None, image_type)
        await stored.put(tx, pool_id, whose, row)
        return row

    return _shown(call, await call.change(pool_id, work))


async def _check_client(db: Reader, pool_id: str, client_id: str) -> None:
    if client_id != ALL and await stored_clients.get(db, pool_id, client_id) is None:
        raise client_does_not_exist(client_id)


def _image_type(image: bytes) -> str:
    """By its first bytes. Raises InvalidParameterException."""
    found = next((media for mark, media in _TYPES.items() if image.startswith(mark)), None)
    if found is None:
        raise errors.InvalidParameterException(texts.IMAGE_NOT_SUPPORTED)
    return found


async def describe(call: PoolCall, client_id: str | None) -> shapes.UICustomizationType:
    """Of the client, else of the pool, else nothing but whose it would be. Raises ResourceNotFoundException."""
    pool_id = call.user_pool.id
    await _check_client(call.db, pool_id, client_id or ALL)
    row = await find(call, client_id or ALL)
    return shapes.UICustomizationType(UserPoolId=pool_id, ClientId=ALL) if row is None else _shown(call, row)


async def find(call: PoolCall, client_id: str) -> UICustomizationRow | None:
    """Of the client, else of the pool. client_id: as a browser may have sent it."""
    known = client_id if "\0" not in client_id else ALL
    row = await stored.get(call.db, call.user_pool.id, known)
    if row is None and known != ALL:
        row = await stored.get(call.db, call.user_pool.id, ALL)
    return row


def _shown(call: PoolCall, row: UICustomizationRow) -> shapes.UICustomizationType:
    """With the address of the image, which changes with its content."""
    if row.image is None or call.user_pool.site is None:
        return row.settings
    version = hashlib.sha256(row.image).hexdigest()[:12]
    url = f"{call.user_pool.site}{IMAGE_PATH}?client_id={row.settings.ClientId}&v={version}"
    return replace(row.settings, ImageUrl=url)
