"""The server side of SRP against a written vector and against a client that is not ours."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycognito.aws_srp import AWSSRP, pad_hex

from poolhouse.crypto import srp
from poolhouse.crypto.srp import G, K, N, SRPError
from tests.support.arithmetic import done, power

POOL, USER, PASSWORD = "Ab1Cd2Ef3", "3f1c2b9e-7a4d-4c1b-9f7e-0d6f5b2a1c3d", "Sup3r$ecret"


def session_key(a_pub: int, b: int, v: int, u: int) -> bytes:
    return done(srp.session_key(power, a_pub, b, v, u))


def sha256(i: int) -> str:
    return hashlib.sha256(srp.pad(i)).hexdigest()


class TestGroup:
    def test_is_the_3072_bit_group(self):
        # Origin: RFC 5054 appendix A and RFC 3526 §4; digest from the specification, user-pools-api.md §6.3.
        digest = hashlib.sha256(N.to_bytes(384, "big")).hexdigest()
        assert digest == "48cf8b092fbce4359d9871abf74f98e25b6163379eaa15cd9087e800c6d1c55c"
        assert G == 2

    def test_n_is_the_prime_that_rfc_3526_computes(self):
        # RFC 3526 §4: 2^3072 - 2^3008 - 1 + 2^64 * ( [2^2942 pi] + 1690314 ); pi by Machin's formula, in integers.
        assert 2**3072 - 2**3008 - 1 + 2**64 * (_pi_times_power_of_two(2942) + 1_690_314) == N

    def test_k_is_the_hash_of_n_and_g(self):
        assert int.from_bytes(hashlib.sha256(srp.pad(N) + srp.pad(G)).digest(), "big") == K


class TestVector:
    """Origin: specification user-pools-api.md §6.3, computed there with an independent server and pycognito's client."""

    def test_every_intermediate_value(self):
        salt = bytes.fromhex("a9f3c0de11223344556677889900aabb")
        a, b = int("1f" * 64, 16), int("2e" * 64, 16)
        x = srp.private_x(POOL, USER, PASSWORD, salt)
        assert f"{x:064x}" == "9119a077bcaf5a4f60821b71460185c473acdac7126e9b5520291a16b78b6c71"
        v = srp.verifier(x)
        assert sha256(v) == "04fe431a99875336566a72461474c96b43ef15f4dac34e30a0130b0a3e74c3b8"
        a_pub = pow(G, a, N)
        assert sha256(a_pub) == "94c0e4792f0f7f5ebf51fa299047c1ee4b920494059ff9b3714eca660ae5d7c3"
        b_pub = srp.public_b(srp.verifier(b), v)
        assert sha256(b_pub) == "71b55aa9e74b3fa18b698da8dd34e499e87546e8e4710b3beaf5be7a04a5692a"
        u = srp.scrambler(a_pub, b_pub)
        assert f"{u:064x}" == "00b6b86c170ee5349c997bb263933a3f187dc679c9e5a20c19c8aa778dc77fa7"
        assert (
            sha256(pow(a_pub * pow(v, u, N), b, N))
            == "6dc593eb68608f9350633264b6286af4edfa5df99072927b9d77ca7599466a17"
        )
        key = session_key(a_pub, b, v, u)
        assert key.hex() == "1dca6111548346914c100ce4f5d39573"
        proof = srp.signature(key, POOL, USER, b"secret-block-0123456789", "Mon Jan 5 07:08:09 UTC 2026")
        assert base64.b64encode(proof) == b"xqjnLklti8j+ilqFrDpp2VN8G+L4pw8xd2jSpZ7gR8M="

    def test_the_key_derivation_is_hkdf(self):
        # RFC 5869 through cryptography's implementation, with the numbers of the vector above.
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        v, a_pub, b, u = pow(G, 77, N), pow(G, 88, N), 2**255 + 99, 2**200 + 3
        s = pow(a_pub * pow(v, u, N), b, N)
        expected = HKDF(hashes.SHA256(), 16, srp.pad(u), b"Caldera Derived Key").derive(srp.pad(s))
        assert session_key(a_pub, b, v, u) == expected


class TestAgainstAnotherClient:
    """pycognito 2024.5.1 as the client; only its arithmetic, no network."""

    @pytest.mark.parametrize("password", [PASSWORD, "pässwörd-パスワード-🔑", "p" * 256, ":"])
    @pytest.mark.parametrize(
        "salt", ["a9f3c0de11223344556677889900aabb", "00" * 15 + "7f", "0012" + "34" * 14, "0b" * 16, "7f" * 16]
    )
    def test_both_sides_find_the_same_key(self, password, salt):
        client = self.client(password)
        salt = bytes.fromhex(salt)
        v = srp.verifier(srp.private_x(POOL, USER, password, salt))
        b = 2**255 + 0x1234567
        b_pub = srp.public_b(srp.verifier(b), v)
        a_pub = srp.parse_public(client.get_auth_params()["SRP_A"])
        key = session_key(a_pub, b, v, srp.scrambler(a_pub, b_pub))
        assert key == client.get_password_authentication_key(USER, password, b_pub, srp.salt_hex(salt))

    def test_the_whole_challenge_and_a_wrong_password(self):
        salt, block = bytes(range(16)), b"\x00\xffopaque"
        v = srp.verifier(srp.private_x(POOL, USER, PASSWORD, salt))
        b = 2**255 + 5
        b_pub = srp.public_b(srp.verifier(b), v)
        for password, is_right in ((PASSWORD, True), (PASSWORD + "x", False)):
            client = self.client(password)
            a_pub = srp.parse_public(client.get_auth_params()["SRP_A"])
            answer = client.process_challenge(
                {
                    "USER_ID_FOR_SRP": USER,
                    "SALT": srp.salt_hex(salt),
                    "SRP_B": f"{b_pub:x}",
                    "SECRET_BLOCK": base64.b64encode(block).decode(),
                },
                {"USERNAME": USER},
            )
            key = session_key(a_pub, b, v, srp.scrambler(a_pub, b_pub))
            expected = srp.signature(key, POOL, USER, block, answer["TIMESTAMP"])
            assert hmac.compare_digest(expected, base64.b64decode(answer["PASSWORD_CLAIM_SIGNATURE"])) is is_right

    @staticmethod
    def client(password: str) -> AWSSRP:
        return AWSSRP(USER, password, f"us-east-1_{POOL}", "client", client=object())


class TestPad:
    @given(st.integers(min_value=0, max_value=2**3100))
    def test_writes_numbers_as_pycognito_does(self, i):
        assert srp.pad(i).hex() == pad_hex(i)

    def test_salt_text_is_the_same_as_number_and_as_text(self):
        for salt in ("00" * 15 + "7f", "00ab" * 8, "ff" * 16, "0b" * 16, "00" * 16):
            text = srp.salt_hex(bytes.fromhex(salt))
            assert pad_hex(text) == pad_hex(int(text, 16)) == text


class TestParsePublic:
    def test_takes_either_case_and_padding(self):
        assert srp.parse_public("aB") == srp.parse_public("00AB") == 0xAB

    @pytest.mark.parametrize("text", ["", " 1", "0x10", "1_0", "-1", "+1", "g", "1\n", "１", "1" * 801, "1" * 10_000])
    def test_refuses_what_is_no_number_or_too_long(self, text):
        with pytest.raises(SRPError, match="hexadecimal"):
            srp.parse_public(text)

    @pytest.mark.parametrize("a_pub", [0, N, 2 * N], ids=["0", "N", "2N"])
    def test_refuses_multiples_of_n(self, a_pub):
        with pytest.raises(SRPError, match="A mod N"):
            srp.parse_public(f"{a_pub:x}")


class TestRefusals:
    @pytest.mark.parametrize("a_pub", [0, N, 2 * N], ids=["0", "N", "2N"])
    def test_a_that_would_fix_the_key_is_refused(self, a_pub):
        with pytest.raises(SRPError, match="A mod N"):
            session_key(a_pub, 3, 5, 7)

    def test_u_of_zero_is_refused(self, monkeypatch):
        with pytest.raises(SRPError, match="u is 0"):
            session_key(2, 3, 5, 0)

        class Zero:
            def digest(self) -> bytes:
                return bytes(32)

        monkeypatch.setattr(hashlib, "sha256", lambda _: Zero())
        with pytest.raises(ValueError, match="u is 0"):
            srp.scrambler(2, 3)


def _pi_times_power_of_two(power: int) -> int:
    one = 1 << (power + 64)

    def arctan_of_inverse(x: int) -> int:
        total = term = one // x
        n, sign = 3, -1
        while term:
            term //= x * x
            total += sign * (term // n)
            n, sign = n + 2, -sign
        return total

    return (16 * arctan_of_inverse(5) - 4 * arctan_of_inverse(239)) >> 64
