"""What `dev` seeded, as its pages show it."""

import msgspec


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """callbacks: where the client lets applications come back.  sign_in_url: where the Sign in button leads.

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
