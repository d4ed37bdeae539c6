"""The landing page of `dev`: what is running, in one glance."""

import msgspec

from poolhouse import __version__
from poolhouse.asgi import Request, Response
from poolhouse.browser import render
from poolhouse.call import Call


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """What `dev` has seeded.

    callbacks: where the client lets applications come back.  sign_in_url: where the Sign in button leads.
    export_line: what points SDKs here.
    """

    user_pool_id: str
    client_id: str
    username: str
    password: str
    callbacks: str
    sign_in_url: str
    inbox_url: str
    export_line: str


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
