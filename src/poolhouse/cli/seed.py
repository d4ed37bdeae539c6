"""What `poolhouse dev` makes at its first start: a demo pool with a domain, a client and a user. Again is harmless."""

from poolhouse import config
from poolhouse.config import Settings
from poolhouse.errors import ConfigError
from poolhouse.pool.call import Call, House, PoolCall
from poolhouse.pool.demo import Demo
from poolhouse.pool.settings import clients, domains, user_pools
from poolhouse.pool.users import birth, users
from poolhouse.storage import clients as stored_clients
from poolhouse.storage.engine import Transaction
from poolhouse.wire import shapes

# Always the same, so that they can stand in a developer's own settings; ids follow the server's region.
POOL_NAME = "PoolHouse"
_CLIENT_ID = "poolhousedemoapplication01"
DOMAIN = "demo"
USERNAME = "demo"
PASSWORD = "Poolhouse-1"
EMAIL = "demo@example.com"

CALLBACK_PATH = "/_poolhouse/demo/callback"
# Where development servers of common front ends listen, with the callback paths that their guides use.
LOCAL_PORTS = (3000, 5173, 8000, 8080)
_LOCAL_ORIGINS = tuple(f"http://localhost:{port}" for port in LOCAL_PORTS)
LOCAL_PATHS = ("", "/", "/callback", "/auth/callback", "/api/auth/callback/cognito")

SCOPES = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"]


def user_pool_id(settings: Settings) -> str:
    return f"{settings.region}_{POOL_NAME}"


def client_id(settings: Settings) -> str:
    """Another one in each region but the usual: an id alone says which pool is meant, so no two pools may share one."""
    usual = config.default_of("region")
    return _CLIENT_ID if settings.region == usual else _CLIENT_ID + settings.region.replace("-", "")


def callbacks() -> str:
    """Where the demo client lets applications come back, shorter than the twenty addresses that it has."""
    return f"http://localhost:{', '.join(map(str, LOCAL_PORTS))} at {', '.join(filter(None, LOCAL_PATHS))}"


async def ensure_demo(house: House) -> None:
    """Make what is missing of the demo, and tell the pages."""
    call = Call(house, request_id="demo")
    pool = await house.configuration.find_user_pool(user_pool_id(house.settings))
    if pool is None:
        await user_pools.create(call, _user_pool(house.settings))
    call = call.in_pool(await house.configuration.user_pool(user_pool_id(house.settings)))
    await _ensure_client(call)
    if not call.user_pool.domains and await house.configuration.find_domain(DOMAIN) is None:
        await domains.create(call, shapes.CreateUserPoolDomainRequest(Domain=DOMAIN, UserPoolId=call.user_pool.id))
    if await users.find(call, USERNAME) is None:
        await _create_user(call)
    house.demo = _demo(house.settings)


def _user_pool(settings: Settings) -> shapes.CreateUserPoolRequest:
    return shapes.CreateUserPoolRequest(
        PoolName="Demo",
        UserPoolTags={"_custom_id_": user_pool_id(settings)},
        AutoVerifiedAttributes=["email"],
        AliasAttributes=["email"],
        Schema=[shapes.SchemaAttributeType(Name="email", AttributeDataType="String", Required=True, Mutable=True)],
        UsernameConfiguration=shapes.UsernameConfigurationType(CaseSensitive=False),
    )


async def _ensure_client(call: PoolCall) -> None:
    """Make the client; when the server now has another public URL, let it come back there, too."""
    callback = call.settings.public_url + CALLBACK_PATH
    id_ = client_id(call.settings)
    owner = await stored_clients.find_user_pool_id(call.db, id_)
    if owner is not None and owner != call.user_pool.id:  # Release 0.1.0 used one id in every region.
        raise ConfigError(
            "region",
            f"this data was made for {owner}, which has the demo client {id_}",
            f"Start with --region {owner.partition('_')[0]}, or name another folder with --data.",
        )
    settings = await stored_clients.get(call.db, call.user_pool.id, id_)
    if settings is None:
        await clients.create(call, _client(call), pinned_id=id_)
    elif callback not in (settings.CallbackURLs or ()):
        settings.CallbackURLs = [*(settings.CallbackURLs or ()), callback]
        settings.LogoutURLs = [
            *(settings.LogoutURLs or ()),
            f"{call.settings.public_url}/",
            f"{call.settings.public_url}/_poolhouse/demo",
        ]

        async def work(tx: Transaction) -> None:
            await stored_clients.update(tx, call.user_pool.id, id_, settings)

        await call.change(call.user_pool.id, work)


def _client(call: PoolCall) -> shapes.CreateUserPoolClientRequest:
    public_url = call.settings.public_url
    return shapes.CreateUserPoolClientRequest(
        UserPoolId=call.user_pool.id,
        ClientName="Demo application",
        ExplicitAuthFlows=[
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_CUSTOM_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ],
        SupportedIdentityProviders=["COGNITO"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=SCOPES,
        CallbackURLs=[
            public_url + CALLBACK_PATH,
            *(origin + path for origin in _LOCAL_ORIGINS for path in LOCAL_PATHS),
        ],
        LogoutURLs=[
            f"{public_url}/",
            f"{public_url}/_poolhouse/demo",
            *(origin + path for origin in _LOCAL_ORIGINS for path in ("", "/")),
        ],
        PreventUserExistenceErrors="ENABLED",
        EnableTokenRevocation=True,
    )


async def _create_user(call: PoolCall) -> None:
    attributes = {"email": EMAIL, "email_verified": "true", "name": "Demo"}
    named = birth.name(call, USERNAME, attributes)
    user = await birth.make(call, named, status="CONFIRMED", attributes=attributes, password=PASSWORD)

    async def work(tx: Transaction) -> None:
        await birth.insert(tx, call, user)

    await call.write(work)


def _demo(settings: Settings) -> Demo:
    return Demo(
        user_pool_id=user_pool_id(settings),
        client_id=client_id(settings),
        username=USERNAME,
        password=PASSWORD,
        callbacks=callbacks(),
        sign_in_url=f"{settings.public_url}/_poolhouse/demo/sign-in",
        inbox_url=f"{settings.public_url}/_poolhouse/inbox",
        export_line=f"export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER={settings.public_url}",
    )
