"""Tokens that are not what they seem, at the API and at userInfo (security.md §3.3, JWT rows)."""

import base64
import hashlib
import hmac
import json

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from tests.support import oauth
from tests.support.oauth import claims_of, header_of

OUR_KEY = rsa.generate_private_key(65537, 2048)


def encode(data: bytes | dict) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(header, claims, key=OUR_KEY) -> str:
    text = f"{encode(header)}.{encode(claims)}"
    return f"{text}.{encode(key.sign(text.encode(), padding.PKCS1v15(), SHA256()))}"


def hmac_signed(header, claims, secret: bytes) -> str:
    text = f"{encode(header)}.{encode(claims)}"
    return f"{text}.{encode(hmac.digest(secret, text.encode(), hashlib.sha256))}"


@pytest.fixture(scope="module")
def body(world):
    return world.tokens()


@pytest.fixture(scope="module")
def jwks(world):
    return world.server.get_json(f"/{world.pool_id}/.well-known/jwks.json")["keys"]


@pytest.fixture(scope="module")
def other(world, pools, server):
    """A second world on the same server."""
    return oauth.build(server, pools)


def assert_refused(world, token):
    cognito = world.pools.cognito
    with pytest.raises(cognito.exceptions.NotAuthorizedException) as refusal:
        cognito.get_user(AccessToken=token)
    assert refusal.value.response["Error"]["Message"] == "Invalid Access Token"
    answer = world.user_info(token)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def variants(token: str, jwks):
    """Name and token of every forgery that begins with a good token."""
    header, payload, signature = token.split(".")
    head, claims = header_of(token), claims_of(token)
    public = jwt.PyJWK(jwks[1]).key
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ours = jwt.algorithms.RSAAlgorithm.to_jwk(OUR_KEY.public_key(), as_dict=True)
    for alg in ("none", "None", "nOnE", "NONE", ""):
        for end in ("", signature):
            yield f"alg {alg!r} {bool(end)}", f"{encode({**head, 'alg': alg})}.{payload}.{end}"
    yield "no signature", f"{header}.{payload}."
    yield "two parts", f"{header}.{payload}"
    for name, secret in (("PEM", pem), ("DER", der), ("n", jwks[1]["n"].encode()), ("empty", b"")):
        yield f"HS256 with the public key as {name}", hmac_signed({**head, "alg": "HS256"}, claims, secret)
    for alg in ("RS384", "RS512", "PS256", "ES256"):
        yield alg, f"{encode({**head, 'alg': alg})}.{payload}.{signature}"
    yield "our own key", signed(head, claims)
    yield "our own key and kid", signed({**head, "kid": "A" * 43 + "="}, claims)
    yield "embedded jwk", signed({**head, "jwk": ours}, claims)
    yield "jku", signed({**head, "jku": "http://127.0.0.1:9/jwks.json"}, claims)
    yield "x5u", signed({**head, "x5u": "http://127.0.0.1:9/x.pem"}, claims)
    yield "x5c", signed({**head, "x5c": ["AAAA"]}, claims)
    for kid in ("../../../etc/passwd", "' OR 1=1 --", "\0", "", None, 1, ["x"]):
        yield f"kid {kid!r}", signed({**head, "kid": kid}, claims)
    yield "kid of the ID token's key", f"{encode({**head, 'kid': jwks[0]['kid']})}.{payload}.{signature}"
    yield "crit", f"{encode({**head, 'crit': ['exp']})}.{payload}.{signature}"
    yield "typ", f"{encode({**head, 'typ': 'JWT'})}.{payload}.{signature}"
    yield "header in another order", f"{encode({'alg': head['alg'], 'kid': head['kid']})}.{payload}.{signature}"
    for change in (
        {"username": "admin"},
        {"exp": 9_999_999_999},
        {"scope": "openid x"},
        {"client_id": "x"},
        {"iss": "x"},
    ):
        yield f"changed {change}", f"{header}.{encode({**claims, **change})}.{signature}"
    raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    yield "duplicate names", f"{header}.{encode(raw[:-1] + b',' + raw[1:])}.{signature}"
    yield "blanks in the payload", f"{header}.{encode(raw.replace(b':', b': ', 1))}.{signature}"
    for cut in (1, 10, len(signature) // 2):
        yield f"signature cut by {cut}", token[:-cut]
    yield "last bits of the signature", token[:-1] + ("A" if token[-1] != "A" else "B")
    for end in ("A", "=", ".", ".x", " ", "\n", "\0", "é"):
        yield f"followed by {end!r}", token + end
    yield "preceded by a blank", " " + token
    yield "padding", f"{header}=.{payload}=.{signature}="
    yield "standard alphabet", token.replace("-", "+").replace("_", "/") + ("" if set(token) & {"-", "_"} else "+")
    yield "100 KB", f"{header}.{encode(b'[' * 60_000)}.{signature}"
    yield "nested", f"{header}.{encode(b'[' * 9_000)}.{signature}"
    yield "claims are a list", f"{header}.{encode(b'[]')}.{signature}"
    yield "claims are no JSON", f"{header}.{encode(b'{')}.{signature}"
    yield "dots", "." * 5000
    yield "two dots", ".."


def test_forgeries(world, body, jwks):
    token = body["access_token"]
    assert world.user_info(token).status_code == 200
    allowed = {
        ("NotAuthorizedException", "Invalid Access Token"),
        ("SerializationException", "NUL is not allowed in strings"),
    }
    for name, forged in variants(token, jwks):
        answer = world.server.call("GetUser", {"AccessToken": forged}, sign=False)
        refusal = answer.json()
        # The model's own pattern of a token may be first.
        is_constraint = refusal["__type"] == "InvalidParameterException" and "at 'accessToken'" in refusal["message"]
        assert answer.status_code == 400, name
        assert is_constraint or (refusal["__type"], refusal["message"]) in allowed, name
        if any(character in forged for character in " \n\0é") or len(forged) > 60_000:
            continue  # no HTTP header can carry it
        answer = world.user_info(forged)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token"), name


def test_id_token_is_no_access_token(world, body):
    assert_refused(world, body["id_token"])


def test_refresh_token_is_no_access_token(world, body):
    assert_refused(world, body["refresh_token"])


def test_token_of_another_pool_is_good_there_only(world, other, body):
    """Each pool has keys, issuer and users of its own."""
    assert other.user_info(other.tokens()["access_token"]).status_code == 200
    assert other.user_info(body["access_token"]).status_code == 401
    foreign = other.tokens()["access_token"]
    answer = world.user_info(foreign)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def test_foreign_signature_under_our_issuer(world, other, body):
    """The other pool's kid and signature over our claims."""
    ours, foreign = body["access_token"], other.tokens()["access_token"]
    header, _, signature = foreign.split(".")
    assert_refused(world, f"{header}.{ours.split('.')[1]}.{signature}")
    assert_refused(world, f"{ours.split('.')[0]}.{foreign.split('.')[1]}.{ours.split('.')[2]}")


def test_access_token_is_no_refresh_token_and_the_other_way_round(world, body):
    for kind in ("access_token", "id_token"):
        answer = world.refresh(body[kind])
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


def test_refresh_token_of_another_pool(world, other, body):
    answer = other.refresh(body["refresh_token"])
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


def test_code_is_no_token(world):
    code = world.code()
    assert_refused(world, code)
    assert world.refresh(code).json() == {"error": "invalid_grant"}


def test_token_without_the_scope_of_the_api(world, cognito):
    token = world.tokens(scope="openid email")["access_token"]
    for operation, more in (
        (cognito.get_user, {}),
        (cognito.global_sign_out, {}),
        (cognito.update_user_attributes, {"UserAttributes": [{"Name": "name", "Value": "x"}]}),
        (cognito.delete_user, {}),
    ):
        with pytest.raises(cognito.exceptions.NotAuthorizedException) as refusal:
            operation(AccessToken=token, **more)
        assert refusal.value.response["Error"]["Message"] == "Access Token does not have required scopes"
    assert world.user_info(token).status_code == 200


def test_token_of_a_user_who_was_made_anew(world, cognito, pools):
    user = world.user()
    token = world.pools.sign_in(world.public_id, user)["AccessToken"]
    cognito.admin_delete_user(UserPoolId=world.pool_id, Username=user.username)
    pools.user(world.pool_id, username=user.username)
    with pytest.raises(cognito.exceptions.UserNotFoundException):
        cognito.get_user(AccessToken=token)
