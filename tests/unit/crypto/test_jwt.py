"""Signing and strict verification of our own tokens."""

import base64
import hashlib
import json

import jwt as pyjwt
import msgspec
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwk as joserfc_jwk
from joserfc import jwt as joserfc_jwt

from poolhouse.crypto import jwt
from poolhouse.crypto.jwt import SigningKey, TokenInvalid, VerifyingKey
from tests.support.arithmetic import signed

DER = jwt.generate_private_key()
KEY, OTHER = SigningKey.load(DER), SigningKey.load(jwt.generate_private_key())
KEYS = {KEY.kid: KEY.verifying_key, OTHER.kid: OTHER.verifying_key}
CLAIMS = {
    "sub": "3f1c2b9e",
    "cognito:groups": ["a", "ü"],
    "exp": 1_700_000_000,
    "nested": {"n": None, "f": 1.5, "t": True},
    "q": 'a"b\\c/',
}
TOKEN = signed(KEY, CLAIMS)


def b64(data: bytes | str) -> str:
    return base64.urlsafe_b64encode(data.encode() if isinstance(data, str) else data).rstrip(b"=").decode()


def forge(header: str, claims: str = "{}") -> str:
    """A token with any header and claims, and a good signature of our key."""
    signing_input = f"{b64(header)}.{b64(claims)}"
    private = serialization.load_der_private_key(DER, None)
    return f"{signing_input}.{b64(private.sign(signing_input.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def verify(token: str, keys: dict[str, VerifyingKey]):
    return jwt.read(token).verify(keys)


class Counting:
    """A public key that counts what it is asked."""

    def __init__(self, key):
        self.key, self.verified = key, 0

    def verify(self, *arguments):
        self.verified += 1
        return self.key.verify(*arguments)


HEADER = f'{{"kid":"{KEY.kid}","alg":"RS256"}}'


class TestSign:
    def test_header_has_kid_then_alg_and_nothing_else(self):
        header = base64.urlsafe_b64decode(TOKEN.split(".")[0] + "==").decode()
        assert header == HEADER

    def test_claims_keep_their_order(self):
        payload = TOKEN.split(".")[1]
        assert list(json.loads(base64.urlsafe_b64decode(payload + "==")).items()) == list(CLAIMS.items())

    def test_other_libraries_accept_it_with_the_published_key(self):
        jwk = jwt.public_jwk(KEY.verifying_key)
        assert joserfc_jwt.decode(TOKEN, joserfc_jwk.RSAKey.import_key(jwk), algorithms=["RS256"]).claims == CLAIMS
        public = pyjwt.PyJWK(jwk).key
        assert pyjwt.decode(TOKEN, public, ["RS256"], options={"verify_exp": False, "verify_sub": False}) == CLAIMS

    def test_rfc_7515_appendix_a2_key_signs_the_signature_of_the_appendix(self):
        # Origin: RFC 7515 appendix A.2. Same key and payload; the RSA signature of a text is one number, so ours over the
        # appendix's own signing input must be the appendix's.
        signing_input, key, expected = _rfc_7515_a2()
        signature = key.sign(signing_input)
        assert b64(signature) == expected


class TestKeys:
    def test_kid_is_base64_of_the_hash_of_the_public_key(self):
        der = KEY.verifying_key.to_der()
        assert KEY.kid == base64.b64encode(hashlib.sha256(der).digest()).decode()
        assert len(KEY.kid) == 44
        assert KEY.kid.endswith("=")

    def test_public_key_survives_its_text(self):
        again = VerifyingKey.load(KEY.verifying_key.to_der())
        assert again.kid == KEY.kid
        assert verify(TOKEN, {again.kid: again}) == CLAIMS

    def test_jwk_has_cognitos_six_members_in_order(self):
        jwk = jwt.public_jwk(KEY.verifying_key)
        assert list(jwk) == ["alg", "e", "kid", "kty", "n", "use"]
        assert (jwk["alg"], jwk["e"], jwk["kid"], jwk["kty"], jwk["use"]) == ("RS256", "AQAB", KEY.kid, "RSA", "sig")
        assert len(jwk["n"]) == 342

    def test_generated_keys_are_rsa_2048_and_sound(self):
        private = serialization.load_der_private_key(DER, None)  # with OpenSSL's full check
        assert private.key_size == 2048
        assert private.public_key().public_numbers().e == 65_537

    def test_other_kinds_of_keys_are_refused(self):
        private = ec.generate_private_key(ec.SECP384R1())
        der = private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with pytest.raises(TypeError):
            SigningKey.load(der)
        with pytest.raises(TypeError):
            VerifyingKey.load(
                private.public_key().public_bytes(
                    serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
                )
            )

    def test_nothing_secret_is_printed(self):
        assert hex(KEY.private_key.private_numbers().d)[2:40] not in repr(KEY)


class TestVerify:
    def test_gives_the_claims(self):
        assert verify(TOKEN, KEYS) == CLAIMS
        assert verify(signed(OTHER, {}), KEYS) == {}

    def test_unverified_claims_are_readable_to_find_the_key(self):
        assert jwt.read(TOKEN).claims() == CLAIMS

    def test_a_token_is_verified_once_but_by_each_key_anew(self):
        token, counted = signed(KEY, {"once": 1}), VerifyingKey(KEY.verifying_key.public_key)
        counted.public_key = Counting(counted.public_key)
        for _ in range(3):
            assert verify(token, {KEY.kid: counted}) == {"once": 1}
        assert counted.public_key.verified == 1
        same_kid = VerifyingKey(OTHER.verifying_key.public_key)
        same_kid.kid, same_kid.header = KEY.kid, KEY.verifying_key.header
        with pytest.raises(TokenInvalid, match="does not verify"):
            verify(token, {KEY.kid: same_kid})

    def test_a_refused_signature_is_refused_again(self):
        token = signed(KEY, {"refused": 1})
        forged = token[:-10] + ("A" if token[-10] != "A" else "B") + token[-9:]
        for _ in range(3):
            with pytest.raises(TokenInvalid):
                verify(forged, KEYS)
            assert verify(token, KEYS) == {"refused": 1}

    def test_the_oldest_of_many_is_forgotten(self, monkeypatch):
        monkeypatch.setattr(jwt, "_MOST_REMEMBERED", 2)
        monkeypatch.setattr(jwt, "_remembered", {})
        tokens = [signed(KEY, {"number": number}) for number in range(3)]
        for token in tokens:
            verify(token, KEYS)
        assert list(jwt._remembered) == tokens[1:]

    def test_unknown_kid(self):
        with pytest.raises(TokenInvalid, match="unknown kid"):
            verify(TOKEN, {OTHER.kid: OTHER.verifying_key})

    def test_a_key_under_a_wrong_kid_is_not_used(self):
        with pytest.raises(TokenInvalid, match="not the key's"):
            verify(TOKEN, {KEY.kid: OTHER.verifying_key})

    def test_every_changed_character_is_refused(self):
        for i in range(len(TOKEN)):
            changed = TOKEN[:i] + ("A" if TOKEN[i] != "A" else "B") + TOKEN[i + 1 :]
            with pytest.raises(TokenInvalid):
                verify(changed, KEYS)

    @pytest.mark.parametrize(
        "token",
        [
            "",
            ".",
            "..",
            "...",
            "a.b.c",
            TOKEN + ".",
            "." + TOKEN,
            TOKEN + ".x",
            TOKEN.replace(".", "", 1),
            TOKEN.rpartition(".")[0],
            TOKEN.rpartition(".")[0] + ".",
            TOKEN + "=",
            TOKEN + "\n",
            " " + TOKEN,
            TOKEN[:-1],
            TOKEN.replace(".", "=.", 1),
            TOKEN[:-2] + "\xe9\xe9",
            TOKEN[:-1] + "+",
            TOKEN[:-1] + "/",
            TOKEN[:-1] + "!",
        ],
    )
    def test_other_forms_are_refused(self, token):
        with pytest.raises(TokenInvalid):
            verify(token, KEYS)

    def test_the_unused_bits_of_the_last_character_are_fixed(self):
        # 256 bytes fill 342 characters but for four bits: sixteen spellings, of which only the one with zeros is ours.
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        last = alphabet.index(TOKEN[-1])
        for other in range(last & ~0xF, (last & ~0xF) + 16):
            if other != last:
                with pytest.raises(TokenInvalid, match="canonical"):
                    verify(TOKEN[:-1] + alphabet[other], KEYS)

    def test_a_long_token_is_refused_before_any_work(self):
        token = signed(KEY, {"x": "y" * 13_000})
        assert len(token) > jwt.MAX_TOKEN_BYTES
        with pytest.raises(TokenInvalid, match="too long"):
            verify(token, KEYS)

    @pytest.mark.parametrize(
        "header",
        [
            f'{{"alg":"RS256","kid":"{KEY.kid}"}}',
            f'{{"kid": "{KEY.kid}","alg":"RS256"}}',
            f'{{"kid":"{KEY.kid}","alg":"none"}}',
            f'{{"kid":"{KEY.kid}","alg":"HS256"}}',
            f'{{"kid":"{KEY.kid}","alg":"RS512"}}',
            f'{{"kid":"{KEY.kid}","alg":"RS256","typ":"JWT"}}',
            f'{{"kid":"{KEY.kid}","alg":"RS256","crit":["x"]}}',
            f'{{"kid":"{KEY.kid}","alg":"RS256","alg":"none"}}',
            f'{{"kid":"{OTHER.kid}","kid":"{KEY.kid}","alg":"RS256"}}',
            '{"alg":"RS256"}',
            '{"kid":"","alg":"RS256"}',
            "[]",
            "",
            "\xff" * 68,
        ],
        ids=range(14),  # the keys are new in every process, and parallel runs must agree on the names
    )
    def test_any_other_header_is_refused_even_with_a_good_signature(self, header):
        with pytest.raises(TokenInvalid):
            verify(forge(header), KEYS)

    def test_a_kid_that_is_not_ascii_is_unknown(self):
        kid = b"\xff" * 44
        header = b64(b'{"kid":"' + kid + b'","alg":"RS256"}')
        with pytest.raises(TokenInvalid, match="unknown kid"):
            verify(f"{header}.{'.'.join(TOKEN.split('.')[1:])}", KEYS)

    def test_forged_helper_is_good_apart_from_its_header(self):
        assert verify(forge(HEADER, '{"a":1}'), KEYS) == {"a": 1}

    @pytest.mark.parametrize(
        "claims",
        [
            '{"a":1,"a":2}',
            '{"a":{"b":1,"b":1}}',
            '{"a": 1}',
            "[]",
            "1",
            "",
            "{",
            '{"a":1}x',
            '"x"',
            "[" * 8000,
            '{"a":' * 1500,
        ],
    )
    def test_claims_in_another_spelling_are_refused_even_with_a_good_signature(self, claims):
        with pytest.raises(TokenInvalid):
            verify(forge(HEADER, claims), KEYS)

    def test_a_payload_that_is_not_base64url_is_refused(self):
        with pytest.raises(TokenInvalid):
            jwt.read(f"{TOKEN.split('.')[0]}.a+b/.{TOKEN.split('.')[2]}").claims()

    @given(
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers(-(2**63), 2**64 - 1)
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
            max_leaves=12,
        )
    )
    def test_whatever_claims_we_can_sign_we_read_back(self, value):
        token = signed(KEY, {"value": value})
        assert msgspec.json.encode(verify(token, KEYS)) == msgspec.json.encode({"value": value})

    @given(st.text(max_size=200))
    def test_junk_is_refused_and_nothing_else_happens(self, text):
        with pytest.raises(TokenInvalid):
            verify(text, KEYS)


def _rfc_7515_a2() -> tuple[bytes, SigningKey, str]:
    jwk = {
        "kty": "RSA",
        "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMs"
        "D1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdV"
        "MTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
        "e": "AQAB",
        "d": "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0"
        "BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYT"
        "CBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
    }
    payload = (
        "eyJhbGciOiJSUzI1NiJ9"
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    )
    expected = (
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjb"
        "KBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZES"
        "c6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
    )
    key = SigningKey(joserfc_jwk.RSAKey.import_key(jwk).private_key)
    return payload.encode(), key, expected
