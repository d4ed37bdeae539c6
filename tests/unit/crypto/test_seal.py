"""Sealing, and the file of master keys."""

import base64
import os
import stat

import pytest

from poolhouse.crypto.seal import Keyring, SealBroken, SealedBox
from poolhouse.errors import ConfigError

ONE, TWO = bytes(range(32)), bytes(range(1, 33))
NONCE = bytes(12)


def line(key: bytes) -> str:
    return f"poolhouse-master-key-1:{base64.b64encode(key).decode()}\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "master.key"


def write(path, text: str, mode: int = 0o600) -> None:
    path.write_bytes(text.encode("latin-1"))
    path.chmod(mode)


class TestSealedBox:
    def test_opens_what_it_sealed(self):
        box = SealedBox(ONE)
        for plaintext in (b"", b"secret", bytes(10_000)):
            sealed = box.seal(plaintext, b"users/p/u", NONCE)
            assert box.open(sealed, b"users/p/u") == plaintext
            assert len(sealed) == 17 + len(plaintext) + 16

    def test_vector(self):
        # Origin: test case 14 of the GCM specification (McGrew and Viega, 2005): AES-256, zero key, nonce and block.
        sealed = SealedBox(bytes(32)).seal(bytes(16), b"", bytes(12))
        assert sealed[0] == 1
        assert sealed[1:5].hex() == "66687aad"  # SHA-256 of 32 zero bytes begins so.
        assert sealed[17:].hex() == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"

    def test_any_changed_byte_breaks_the_seal(self):
        box = SealedBox(ONE)
        sealed = box.seal(b"secret", b"context", NONCE)
        for i in range(len(sealed)):
            changed = sealed[:i] + bytes((sealed[i] ^ 1,)) + sealed[i + 1 :]
            with pytest.raises(SealBroken):
                box.open(changed, b"context")

    @pytest.mark.parametrize("length", [0, 1, 5, 17, 32])
    def test_a_cut_value_breaks(self, length):
        with pytest.raises(SealBroken):
            SealedBox(ONE).open(SealedBox(ONE).seal(b"secret", b"c", NONCE)[:length], b"c")

    def test_opens_what_its_other_keys_sealed_and_seals_under_the_first(self):
        box = SealedBox(ONE, TWO)
        assert box.open(SealedBox(TWO).seal(b"secret", b"c", NONCE), b"c") == b"secret"
        assert box.seal(b"secret", b"c", NONCE) == SealedBox(ONE).seal(b"secret", b"c", NONCE)
        with pytest.raises(SealBroken):
            box.open(SealedBox(TWO).seal(b"secret", b"c", NONCE), b"d")
        with pytest.raises(SealBroken):
            box.open(SealedBox(TWO).seal(b"secret", b"c", NONCE)[:20], b"c")
        with pytest.raises(SealBroken):
            box.open(SealedBox(bytes(32)).seal(b"secret", b"c", NONCE), b"c")

    def test_opens_only_in_its_context_and_under_its_key(self):
        sealed = SealedBox(ONE).seal(b"secret", b"users/p/alice", NONCE)
        with pytest.raises(SealBroken):
            SealedBox(ONE).open(sealed, b"users/p/bob")
        with pytest.raises(SealBroken):
            SealedBox(TWO).open(sealed, b"users/p/alice")

    def test_key_and_nonce_have_their_lengths(self):
        with pytest.raises(ValueError, match="32 bytes"):
            SealedBox(bytes(16))
        with pytest.raises(ValueError, match="12 bytes"):
            SealedBox(ONE).seal(b"", b"", bytes(16))


class TestKeyring:
    def test_seals_differently_each_time(self):
        keyring = Keyring([ONE])
        first, second = (keyring.seal(b"secret", "users/p/u") for _ in range(2))
        assert first != second
        assert keyring.open(first, "users/p/u") == keyring.open(second, "users/p/u") == b"secret"

    def test_the_first_key_seals_and_all_open(self):
        old = Keyring([ONE]).seal(b"secret", "c")
        keyring = Keyring([TWO, ONE])
        assert keyring.open(old, "c") == b"secret"
        assert keyring.needs_reseal(old)
        new = keyring.reseal(old, "c")
        assert not keyring.needs_reseal(new)
        assert Keyring([TWO]).open(new, "c") == b"secret"
        with pytest.raises(SealBroken, match="does not have"):
            Keyring([TWO]).open(old, "c")

    def test_reseal_does_not_bless_a_moved_value(self):
        keyring = Keyring([TWO, ONE])
        with pytest.raises(SealBroken):
            keyring.reseal(Keyring([ONE]).seal(b"secret", "c"), "d")

    @pytest.mark.parametrize("sealed", [b"", b"x", bytes(40)])
    def test_what_is_not_sealed_does_not_open(self, sealed):
        with pytest.raises(SealBroken):
            Keyring([ONE]).open(sealed, "c")

    @pytest.mark.parametrize("keys", [[], [ONE, ONE]])
    def test_needs_keys_each_once(self, keys):
        with pytest.raises(ValueError, match="keyring"):
            Keyring(keys)

    def test_does_not_print_its_keys(self):
        assert "00" not in repr(Keyring([bytes(32)])).replace("0x", "").split(" at ")[0]


class TestFile:
    def test_is_made_for_the_owner_only_and_read_back(self, path):
        sealed = Keyring.create_file(path).seal(b"secret", "c")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert Keyring.load(path).open(sealed, "c") == b"secret"
        assert list(path.parent.iterdir()) == [path]

    def test_is_private_under_any_umask(self, path):
        before = os.umask(0)
        try:
            Keyring.create_file(path)
        finally:
            os.umask(before)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_a_key_that_exists_is_never_replaced(self, path):
        Keyring.create_file(path)
        before = path.read_text()
        with pytest.raises(FileExistsError):
            Keyring.create_file(path)
        assert path.read_text() == before
        assert list(path.parent.iterdir()) == [path]

    def test_first_line_seals(self, path):
        write(path, f"# rotated in May\n\n{line(TWO)}{line(ONE)}")
        keyring = Keyring.load(path)
        assert Keyring([TWO]).open(keyring.seal(b"x", "c"), "c") == b"x"
        assert keyring.open(Keyring([ONE]).seal(b"y", "c"), "c") == b"y"

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620])
    def test_one_that_others_can_reach_is_refused_with_the_mend(self, path, mode):
        write(path, line(ONE), mode)
        with pytest.raises(ConfigError) as caught:
            Keyring.load(path)
        assert caught.value.key == "master_key_file"
        assert caught.value.mend == f"chmod 600 {path}"

    def test_a_missing_one_is_named(self, path):
        with pytest.raises(ConfigError, match=r"master\.key: No such file"):
            Keyring.load(path)

    @pytest.mark.parametrize(
        "text",
        [
            "AAAA\n",
            "poolhouse-master-key-1:AAAA\n",
            "poolhouse-master-key-1:!!!\n",
            line(ONE)[:-4] + "\n",
            "poolhouse-master-key-2:\n",
        ],
    )
    def test_a_malformed_line_is_numbered_and_not_shown(self, path, text):
        write(path, line(ONE) + text)
        with pytest.raises(ConfigError, match="line 2 of") as caught:
            Keyring.load(path)
        assert text.strip() not in str(caught.value).replace("poolhouse-master-key-1:<base64", "")

    @pytest.mark.parametrize("text", ["", "# nothing\n", line(ONE) * 2])
    def test_one_without_keys_or_with_a_key_twice_is_refused(self, path, text):
        write(path, text)
        with pytest.raises(ConfigError, match="at least one key"):
            Keyring.load(path)

    def test_one_that_is_not_text_is_refused(self, path):
        write(path, "\xff\xfe\x00")
        with pytest.raises(ConfigError, match="not a master key file"):
            Keyring.load(path)
