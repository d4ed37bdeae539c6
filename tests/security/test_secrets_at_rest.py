"""After a run that used every kind of secret, none of them is in the database in clear: not as text, base64 or hex."""

import base64
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from poolhouse.cli.keys import keys
from poolhouse.crypto.seal import Keyring
from tests.support.pools import Pools, unique
from tests.support.server import starter

CALLBACK = "https://app.example.com/callback"


def spellings(secret):
    """The ways in which a careless program would write a secret down."""
    raw = secret if isinstance(secret, bytes) else secret.encode()
    found = {raw, raw.hex().encode(), raw.hex().upper().encode()}
    for offset in range(3):  # Base64 of a text that the secret is a part of: its inner characters, for each alignment.
        encoded = base64.b64encode(b"\0" * offset + raw)
        inner = encoded[4 if offset else 0 : len(encoded) // 4 * 4 - 4]
        found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    found.add(json.dumps(secret if isinstance(secret, str) else raw.hex()).strip('"').encode())
    return {spelling for spelling in found if len(spelling) >= 6}


class Canary:
    """Collects what was secret in this run."""

    def __init__(self):
        self.secrets = {}

    def __call__(self, name, secret):
        assert secret, name
        self.secrets[name] = secret
        return secret


def run_with_secrets(server, canary):
    """Use each kind of secret at a server once, and leave it in a state in which the server still needs it."""
    cognito = server.client()
    pools = Pools(cognito)
    pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
    client = pools.client(
        pool_id,
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email"],
        CallbackURLs=[CALLBACK],
        SupportedIdentityProviders=["COGNITO"],
    )
    canary("client secret", client["ClientSecret"])
    client_id = pools.client_id(pool_id)

    # What a pool shows at identity providers.
    for kind, secret, more in [
        ("Google", "client_secret", {}),
        ("SignInWithApple", "private_key", {"team_id": "team", "key_id": "key"}),
    ]:
        details = {"client_id": "x", "authorize_scopes": "email", **more}
        details[secret] = canary(f"{secret} of {kind}", f"Canary-{kind}-9-{unique()}")
        cognito.create_identity_provider(
            UserPoolId=pool_id, ProviderName=kind, ProviderType=kind, ProviderDetails=details
        )

    # A password of an administrator, and what a sign-in returns.
    user = pools.user(pool_id, password=canary("password", "Canary-Horse-9-" + unique()))
    tokens = pools.sign_in(client_id, user)
    for name in ("AccessToken", "IdToken", "RefreshToken"):
        canary(name, tokens[name])

    # A sign-up that waits for its code.
    email = f"{unique()}@example.com"
    password = canary("password of a sign-up", "Canary-Mouse-9-" + unique())
    attributes = [{"Name": "email", "Value": email}]
    cognito.sign_up(ClientId=client_id, Username=unique(), Password=password, UserAttributes=attributes)
    codes = {"sign-up": server.inbox.code(email)}

    # An invitation with its temporary password, and a challenge under way.
    invited = unique()
    temporary = canary("temporary password", "Canary-Temp-9-" + unique())
    cognito.admin_create_user(
        UserPoolId=pool_id,
        Username=invited,
        TemporaryPassword=temporary,
        DesiredDeliveryMediums=["EMAIL"],
        UserAttributes=[{"Name": "email", "Value": f"{invited}@example.com"}],
    )
    challenge = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": invited, "PASSWORD": temporary},
    )
    canary("challenge session", challenge["Session"])

    # An invitation that waits for a function of the pool.
    sender = {"LambdaVersion": "V1_0", "LambdaArn": "arn:aws:lambda:us-east-1:123456789012:function:nowhere"}
    key = "arn:aws:kms:us-east-1:123456789012:key/nowhere"
    cognito.admin_create_user(
        UserPoolId=pools.user_pool(LambdaConfig={"CustomEmailSender": sender, "KMSKeyID": key}),
        Username=unique(),
        TemporaryPassword=canary("temporary password for a function", "Canary-Sent-9-" + unique()),
        DesiredDeliveryMediums=["EMAIL"],
        UserAttributes=[{"Name": "email", "Value": f"{unique()}@example.com"}],
    )

    # A forgotten password that waits for its code.
    cognito.forgot_password(ClientId=client_id, Username=user.username)
    codes["forgotten password"] = server.inbox.code(user.email)

    canary("authorization code", hosted_sign_in(server, user, canary))
    return codes


def hosted_sign_in(server, user, canary):
    """Sign the demo user in on the pages as a form would; the code that nobody has redeemed."""
    query = {
        "client_id": server.demo_client_id,
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": "http://localhost:3000/callback",
        "state": "state",
    }
    canary("demo password", server.demo_password)
    with server.browser() as browser:
        page = browser.get("/oauth2/authorize", params=query, follow_redirects=True)
        csrf = re.search(r'name="_csrf" value="([^"]+)"', page.text)[1]
        form = {"_csrf": csrf, "username": server.demo_username, "password": server.demo_password}
        answer = browser.post(page.url, data=form)
        assert answer.status_code == 302, answer.text
        for cookie in browser.cookies.jar:
            canary(f"cookie {cookie.name}", cookie.value)
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


def stored(server, postgres):
    """Every byte that the database keeps."""
    if server.database_url:
        dump = postgres.dump(server.database_url)
        # bytea is dumped as hex: also as the bytes that it stands for.
        blobs = [bytes.fromhex(match) for match in re.findall(r"'\\x([0-9a-f]+)'", dump)]
        return b"\n".join([dump.encode(), *blobs])
    files = [file for file in server.data.iterdir() if file.name.startswith("poolhouse.db")]
    assert any(file.name.endswith("-wal") for file in files) or len(files) >= 1
    return b"\n".join(file.read_bytes() for file in files)


@pytest.fixture(scope="module")
def run(engine, new_database_url, tmp_path_factory, request):
    """A server that is still up after the run (so that the log of SQLite is not folded away), its secrets, its codes."""
    with starter(new_database_url, tmp_path_factory) as start_server:
        server = start_server()
        canary = Canary()
        storage = ["--data", str(server.data)] + (
            ["--database-url", server.database_url] if server.database_url else []
        )
        made = CliRunner().invoke(keys, ["create", *storage], catch_exceptions=False).stdout
        canary("secret access key", made.splitlines()[1].split("=", 1)[1])
        codes = run_with_secrets(server, canary)
        rotated = CliRunner().invoke(keys, ["rotate", "--all", *storage], catch_exceptions=False)
        assert rotated.exit_code == 0  # What is kept of old and new keys is looked at, too.
        cluster = request.getfixturevalue("postgres") if engine == "postgresql" else None
        yield server, canary, codes, stored(server, cluster)


def test_no_secret_of_a_run_is_in_the_database(run):
    """Acceptance 24."""
    _, canary, _, kept = run
    found = [
        f"{name} as {spelling!r}"
        for name, secret in canary.secrets.items()
        for spelling in spellings(secret)
        if spelling in kept
    ]
    assert found == []


def test_the_search_would_find_one(run):
    """The same search finds what is kept in clear on purpose: the user's e-mail address."""
    _, _, _, kept = run
    assert any(spelling in kept for spelling in spellings("demo@example.com"))
    framed = b"..." + base64.b64encode(b'{"token":"needle-in-a-haystack"}') + b"..."
    assert any(spelling in framed for spelling in spellings("needle-in-a-haystack"))


def test_no_code_is_kept_as_itself_or_as_a_plain_hash(run):
    """Six digits may be anywhere by chance, so their text is looked for in quotes, and their unkeyed hashes anywhere."""
    import hashlib

    _, _, codes, kept = run
    for name, code in codes.items():
        assert f"'{code}'".encode() not in kept, name
        assert f'"{code}"'.encode() not in kept, name
        for algorithm in ("sha256", "sha1", "md5"):
            assert hashlib.new(algorithm, code.encode()).digest() not in kept, name


def test_signing_keys_and_pool_keys_are_sealed(run):
    server, _, _, kept = run
    assert b"-----BEGIN" not in kept
    # An RSA private key in PKCS#8: this prefix is the algorithm's identifier and the key's octet string.
    assert bytes.fromhex("06092a864886f70d010101050004") not in kept
    # Neither is the master key beside what it seals.
    line = (server.data / "master.key").read_text().strip()
    assert base64.b64decode(line.partition(":")[2]) not in kept
    Keyring.load(server.data / "master.key")
