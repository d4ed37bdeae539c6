"""One user pool with a domain and its clients, and a browser without a screen that signs in there (endpoints.md §21)."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from tests.support.pools import NewUser, Pools, unique
from tests.support.server import Server

CALLBACK = "https://a.example/cb"
CALLBACKS = [CALLBACK, "http://localhost:3000/", "myapp://cb", "https://a.example/with?query=1"]
LOGOUT = "https://a.example/out"
# DOC: the pair of the developer guide.
VERIFIER = "9D-aW_iygXrgQcWJd0y0tNVMPSXSChIc2xceDhvYVdGLCBk-JWFTmBNjvKSdOrjTTYazOFbUmrFERrjWx6oKtK2b6z_x4_gHBDlr4K1mRFGyE8yA-05-_v7Dxf3EIYJH"
CHALLENGE = "Eh0mg-OZv7BAyo-tdv_vYamx1boOYDulDklyXoMDtLg"
FORM = "application/x-www-form-urlencoded"


OIDC = {"poolhouse:profile": "oidc"}  # the tag of a pool


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a token, unverified."""
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def header_of(token: str) -> dict[str, Any]:
    head = token.split(".", maxsplit=1)[0]
    return dict(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))))


def at_hash(access_token: str) -> str:
    """OIDC Core §3.1.3.6."""
    return base64.urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest()[:16]).rstrip(b"=").decode()


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def query_of(location: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))


def fragment_of(answer: httpx.Response) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(answer.headers["location"]).fragment, keep_blank_values=True))


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found["action"] = given["action"]
        if tag == "input" and given.get("type") == "hidden":
            self.found[given["name"]] = given["value"]


def fields_of(page: httpx.Response) -> dict[str, str]:
    """The form of a page, its action and its hidden fields; empty where there is none."""
    parser = _Fields()
    parser.feed(page.text)
    return parser.found


def unsigned(**claims: str) -> str:
    """A JWT with alg none."""
    parts = ({"alg": "none"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data.strip())


def text_of(page: httpx.Response) -> str:
    """What a page says."""
    parser = _Text()
    parser.feed(page.text)
    return " ".join(part for part in parser.parts if part)


@dataclass
class Browser:
    """A cookie jar that visits one host of the server and follows nothing by itself.

    host: the Host header; the connection always goes to the server under test.
    """

    server: Server
    host: str
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        # One network name for all hosts: the jar belongs to the browser, and each browser stays on one host.
        self.http = httpx.Client(
            base_url=f"{self.server.scheme}://127.0.0.1:{self.server.port}",
            headers={"host": self.host},
            limits=httpx.Limits(max_keepalive_connections=0),  # so that nobody has to close a browser
            timeout=30,
            trust_env=False,
            verify=self.server.trust(),
        )

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.http.get(path, params=query or None)

    def authorize(self, **query: str) -> httpx.Response:
        return self.get("/oauth2/authorize", **query)

    def login(self, user: NewUser, **query: str) -> httpx.Response:
        """Fill in the sign-in page; the answer to the form."""
        page = self.get("/login", **query)
        assert page.status_code == 200, text_of(page)
        return self.submit("/login?" + urlencode(query), username=user.username, password=user.password)

    def submit(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as our own page would, with the token of its cookie."""
        return self.http.post(path, data={"_csrf": self.http.cookies["XSRF-TOKEN"], **fields})


@dataclass
class World:
    """Pool `pool_id` with a prefix domain; clients public, confidential, machine; user bob in group g1."""

    server: Server
    pools: Pools
    pool_id: str
    domain: str
    public: dict[str, Any]
    confidential: dict[str, Any]
    machine: dict[str, Any]
    bob: NewUser
    resource: str
    role: str

    @property
    def host(self) -> str:
        return f"{self.domain}.auth.localhost:{self.server.port}"

    @property
    def origin(self) -> str:
        return f"{self.server.scheme}://{self.host}"

    @property
    def issuer(self) -> str:
        return f"{self.server.url}/{self.pool_id}"

    @property
    def public_id(self) -> str:
        return str(self.public["ClientId"])

    def client(self, **settings: Any) -> dict[str, Any]:
        """One more client of the pool: code grant, all scopes, unless said otherwise."""
        return self.pools.client(self.pool_id, **{**self.oauth_settings(), **settings})

    def oauth_settings(self) -> dict[str, Any]:
        return {
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": [
                "openid",
                "email",
                "phone",
                "profile",
                "aws.cognito.signin.user.admin",
                f"{self.resource}/read",
            ],
            "CallbackURLs": CALLBACKS,
            "LogoutURLs": [LOGOUT],
            "SupportedIdentityProviders": ["COGNITO"],
        }

    def user(self, **attributes: str) -> NewUser:
        return self.pools.user(self.pool_id, **attributes)

    # ---------------------------------------------------------------- asking

    def browser(self, host: str = "") -> Browser:
        return Browser(self.server, host or self.host)

    def parameters(self, **changed: str | None) -> dict[str, str]:
        """The valid request P of the vectors; None leaves a parameter out."""
        asked = {"response_type": "code", "client_id": self.public_id, "redirect_uri": CALLBACK, **changed}
        return {name: value for name, value in asked.items() if value is not None}

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request to the pool's domain, without cookies."""
        headers = {"host": self.host, **more.pop("headers", {})}
        self.server.http.cookies.clear()  # of the requests before, which all tests of this server share
        return self.server.http.request(method, path, headers=headers, **more)

    def token(
        self,
        form: dict[str, str] | list[tuple[str, str]] | None = None,
        headers: dict[str, str] | None = None,
        **more: str,
    ) -> httpx.Response:
        fields = [*(form.items() if isinstance(form, dict) else form or ()), *more.items()]
        head = {"content-type": FORM, **(headers or {})}
        return self.send("POST", "/oauth2/token", content=urlencode(fields), headers=head)

    def user_info(self, access_token: str, method: str = "GET") -> httpx.Response:
        return self.send(method, "/oauth2/userInfo", headers={"authorization": f"Bearer {access_token}"})

    def revoke(self, headers: dict[str, str] | None = None, **form: str) -> httpx.Response:
        head = {"content-type": FORM, **(headers or {})}
        return self.send("POST", "/oauth2/revoke", content=urlencode(form), headers=head)

    # ---------------------------------------------------------------- whole ways

    def signed_in(self, user: NewUser | None = None) -> Browser:
        """A browser with a living session."""
        browser = self.browser()
        answer = browser.login(user or self.bob, **self.parameters())
        assert answer.status_code == 302, text_of(answer)
        return browser

    def code(self, user: NewUser | None = None, browser: Browser | None = None, **changed: str | None) -> str:
        """A fresh code, by a session: that of the browser, or a new one."""
        used = browser or self.signed_in(user)
        answer = used.authorize(**self.parameters(**changed))
        assert answer.status_code == 302, text_of(answer)
        found = query_of(answer.headers["location"])
        assert "code" in found, answer.headers["location"]
        return found["code"]

    def redeem(self, code: str, **changed: str | None) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": self.public_id,
            "code": code,
            "redirect_uri": CALLBACK,
            **changed,
        }
        return self.token({name: value for name, value in form.items() if value is not None})

    def tokens(
        self, user: NewUser | None = None, browser: Browser | None = None, **changed: str | None
    ) -> dict[str, Any]:
        """The whole code grant; the body of the token endpoint."""
        answer = self.redeem(self.code(user, browser, **changed), client_id=changed.get("client_id") or self.public_id)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def refresh(self, refresh_token: str, client_id: str = "", **more: str) -> httpx.Response:
        return self.token(
            grant_type="refresh_token", client_id=client_id or self.public_id, refresh_token=refresh_token, **more
        )


def build(server: Server, pools: Pools, **settings: Any) -> World:
    """A new world; about half a second, so share it. settings: of the pool."""
    cognito = pools.cognito
    pool_id = pools.user_pool(
        Schema=[
            {"Name": "dept", "AttributeDataType": "String", "Mutable": True},
            {"Name": "score", "AttributeDataType": "Number", "Mutable": True},
        ],
        **settings,
    )
    domain = unique("d")
    cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=domain)
    resource = f"r{secrets.token_hex(3)}"
    scopes = [{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write")]
    cognito.create_resource_server(UserPoolId=pool_id, Identifier=resource, Name=resource, Scopes=scopes)
    role = "arn:aws:iam::123456789012:role/g1"
    cognito.create_group(UserPoolId=pool_id, GroupName="g1", RoleArn=role, Precedence=1)
    bob = pools.user(pool_id, custom__dept="R&D", custom__score="7", name="Bob B.", phone_number="+15555550100")
    cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=bob.username, GroupName="g1")
    world = World(server, pools, pool_id, domain, {}, {}, {}, bob, resource, role)
    world.public = world.client(AllowedOAuthFlows=["code", "implicit"])
    world.confidential = world.client(GenerateSecret=True)
    world.machine = pools.client(
        pool_id,
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=[f"{resource}/read"],
    )
    return world
