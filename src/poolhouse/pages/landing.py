"""The landing page of `dev`: what is running, in one glance."""

from poolhouse import __version__
from poolhouse.asgi import Request, Response
from poolhouse.browser import render
from poolhouse.pool.call import Call


async def get_landing(call: Call, request: Request) -> Response:
    demo = call.house.demo
    export_line = f"export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER={call.settings.public_url}"
    return render.house_page(
        call,
        "landing.html",
        title="Welcome",
        section="home",
        demo=demo,
        export_line=demo.export_line if demo is not None else export_line,
        region=call.settings.region,
        version=__version__,
    )
