"""/assets/images/image: the logo that SetUICustomization was given, for the pages and for whoever reads ImageUrl."""

from poolhouse.asgi import Request, Response
from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import ui_customization


async def get_image(call: PoolCall, request: Request) -> Response:
    client_id = dict(request.query_pairs).get("client_id", ui_customization.ALL)
    row = await ui_customization.find(call, client_id)
    if row is None or row.image is None:
        return Response(404, b"", [("cache-control", "no-store"), ("x-content-type-options", "nosniff")])
    return Response(
        200,
        row.image,
        [
            ("content-type", row.image_type),
            ("cache-control", "public, max-age=3600"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'"),
        ],
    )
