"""The algorithms beside RS256: to the letter of their RFCs, and each bound to its keys."""

import base64
import json

import jwt as pyjwt
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jwk as joserfc_jwk
from joserfc import jwt as joserfc_jwt

from poolhouse.crypto import jwt, signatures
from poolhouse.crypto.jwt import SigningKey, TokenInvalid
from poolhouse.crypto.signatures import ALGORITHMS
from tests.support.arithmetic import signed

# RFC 9864 names it Ed25519 instead; what is in use knows EdDSA.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
KEYS = {name: SigningKey.load(jwt.generate_private_key(algorithm)) for name, algorithm in ALGORITHMS.items()}
VERIFYING = {key.kid: key.verifying_key for key in KEYS.values()}


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("name", ALGORITHMS)
class TestEach:
    def test_other_libraries_accept_a_token_with_the_published_key(self, name):
        token, jwk = signed(KEYS[name], {"sub": "ada"}), jwt.public_jwk(KEYS[name].verifying_key)
        imported = joserfc_jwk.JWKRegistry.import_key(jwk)
        assert joserfc_jwt.decode(token, imported, algorithms=[name]).claims == {"sub": "ada"}
        assert pyjwt.decode(token, pyjwt.PyJWK(jwk).key, [name]) == {"sub": "ada"}
        assert list(jwk) == sorted(jwk)
        assert (jwk["alg"], jwk["kid"], jwk["use"]) == (name, KEYS[name].kid, "sig")

    def test_we_verify_it(self, name):
        token = signed(KEYS[name], {"sub": "ada"})
        assert jwt.read(token).verify(VERIFYING) == {"sub": "ada"}
        head, payload, signature = token.split(".")
        changed = raw(signature)[:-1] + bytes([raw(signature)[-1] ^ 1])
        with pytest.raises(TokenInvalid, match="does not verify"):
            jwt.read(f"{head}.{payload}.{b64(changed)}").verify(VERIFYING)

    def test_every_signature_has_its_length(self, name):
        made = {len(KEYS[name].sign(b"%d" % n)) for n in range(200)}
        assert made == {ALGORITHMS[name].signature_bytes}

    @pytest.mark.parametrize("change", [lambda s: s[:-1], lambda s: s + b"\0", lambda s: b"\0" + s, lambda _: b""])
    def test_a_signature_of_another_length_is_none(self, name, change):
        public, signature = KEYS[name].verifying_key.public_key, KEYS[name].sign(b"data")
        with pytest.raises(InvalidSignature):
            ALGORITHMS[name].verify(public, change(signature), b"data")

    def test_a_key_survives_its_text(self, name):
        again = jwt.VerifyingKey.load(KEYS[name].verifying_key.to_der())
        assert (again.kid, again.algorithm.name) == (KEYS[name].kid, name)

    def test_no_other_key_verifies_it(self, name):
        other = SigningKey.load(jwt.generate_private_key(ALGORITHMS[name])).verifying_key
        token = signed(KEYS[name], {"n": 1})
        other.kid, other.header = KEYS[name].kid, KEYS[name].verifying_key.header
        with pytest.raises(TokenInvalid, match="does not verify"):
            jwt.read(token).verify({KEYS[name].kid: other})


@pytest.mark.parametrize(
    ("said", "of"), [(said, of) for of in ALGORITHMS for said in [*ALGORITHMS, "none", "HS256"] if said != of]
)
def test_an_algorithm_is_its_keys_and_no_headers(said, of):
    """RFC 8725 §3.1: whoever writes another algorithm into the header gets nowhere, however it is signed."""
    head = b64(json.dumps({"kid": KEYS[of].kid, "alg": said}, separators=(",", ":")).encode())
    data = f"{head}.{b64(b'{}')}".encode()
    for signer in KEYS.values():
        with pytest.raises(TokenInvalid):
            jwt.read(f"{data.decode()}.{b64(signer.sign(data))}").verify(VERIFYING)


def test_es256_verifies_the_signature_of_rfc_7515_appendix_a3():
    x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
    y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    numbers = ec.EllipticCurvePublicNumbers(*(int.from_bytes(raw(each), "big") for each in (x, y)), ec.SECP256R1())
    data = b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    signature = raw("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
    signatures.ES256.verify(numbers.public_key(), signature, data)
    assert signatures.ES256.numbers(numbers.public_key()) == {"x": raw(x), "y": raw(y)}


def test_eddsa_makes_the_signature_of_rfc_8037_appendix_a4():
    key = Ed25519PrivateKey.from_private_bytes(raw("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
    data = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
    signature = raw("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
    assert signatures.EDDSA.sign(key)(data) == signature
    public = Ed25519PublicKey.from_public_bytes(raw("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
    signatures.EDDSA.verify(public, signature, data)


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65_537, 1024)])
def test_other_keys_are_none_of_ours(key):
    with pytest.raises(TypeError):
        signatures.of(key)
