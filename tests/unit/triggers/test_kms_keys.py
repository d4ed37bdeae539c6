"""triggers.kms_keys: the table `kms_keys`, and what refuses to start."""

from pathlib import Path

import pytest

from poolhouse import config
from poolhouse.errors import ConfigError
from poolhouse.triggers import kms_keys
from poolhouse.triggers.kms_keys import Endpoint, RawKey

ARN = "arn:aws:kms:us-east-1:123456789012:key/one"
KEY = bytes(range(32))


@pytest.mark.parametrize(
    "text",
    ["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", KEY.hex(), KEY.hex().upper() + "\n"],
    ids=["base64", "hexadecimal", "with an end of line"],
)
def test_a_file_with_a_key(tmp_path: Path, text: str) -> None:
    (tmp_path / "codes.key").write_text(text)
    assert kms_keys.read({ARN: str(tmp_path / "codes.key")}) == {ARN: RawKey(KEY)}
    assert "\\x01" not in repr(RawKey(KEY))


def test_addresses() -> None:
    table = {ARN: "kms+https://kms.us-east-1.amazonaws.com/", "*": "kms+http://127.0.0.1:8080"}
    assert kms_keys.read(table) == {
        ARN: Endpoint("https://kms.us-east-1.amazonaws.com"),
        "*": Endpoint("http://127.0.0.1:8080"),
    }


@pytest.mark.parametrize(
    ("key_id", "target", "why"),
    [
        ("alias/codes", "kms+https://kms.us-east-1.amazonaws.com", "is no ARN"),
        (ARN, "kms+http://kms.example.com", "is plain http to another machine"),
        (ARN, "kms+https://", "is no web address"),
        (ARN, "kms+ftp://kms.example.com", "is no key"),
        (ARN, "absent.key", "cannot be read: No such file or directory"),
        (ARN, "short.key", "does not hold 32 bytes in base64 or hexadecimal"),
        (ARN, "odd.key", "does not hold 32 bytes in base64 or hexadecimal"),
        (ARN, "odd64.key", "does not hold 32 bytes in base64 or hexadecimal"),
        (ARN, "binary.key", "does not hold 32 bytes in base64 or hexadecimal"),
    ],
)
def test_what_is_no_key(tmp_path: Path, key_id: str, target: str, why: str) -> None:
    (tmp_path / "short.key").write_text("AAEC")
    (tmp_path / "odd.key").write_text("!")
    (tmp_path / "odd64.key").write_text("x" * 64)
    (tmp_path / "binary.key").write_bytes(bytes(range(128, 160)))
    text = str(tmp_path / target) if target.endswith(".key") else target
    with pytest.raises(ConfigError) as refusal:
        kms_keys.read({key_id: text})
    assert f'kms_keys."{key_id}"' in str(refusal.value)
    assert why in str(refusal.value)


def test_a_file_is_looked_for_beside_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "poolhouse.toml"
    file.write_text(f'[kms_keys]\n"{ARN}" = "codes.key"\n"*" = "kms+https://kms.us-east-1.amazonaws.com"\n')
    table = config.load("dev", {}, {}, file).kms_keys
    assert table == {ARN: str(tmp_path / "codes.key"), "*": "kms+https://kms.us-east-1.amazonaws.com"}
