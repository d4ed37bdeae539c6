"""Where a KMSKeyID leads: the table `kms_keys` of poolhouse.toml; and new data keys under what stands there.

[kms_keys]
"arn:aws:kms:us-east-1:123456789012:key/a6c4f8e2-0c45-47db-925f-87854bc9e357" = "codes.key"
"*" = "kms+https://kms.us-east-1.amazonaws.com"
"""

import asyncio
import base64
import binascii
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from poolhouse.config import Settings
from poolhouse.crypto import encryption_sdk
from poolhouse.crypto.encryption_sdk import DATA_KEY_BYTES, DataKey
from poolhouse.errors import ConfigError
from poolhouse.triggers.failures import BadAnswer, NotInvoked, Unanswered
from poolhouse.triggers.invoker import Invoker
from poolhouse.triggers.targets import ANY, check_address

KEY_BYTES = 32
_SECONDS = 4.0  # with the function's own five less than an attempt of the outbox
_OK = 200
_PREFIX = "kms+"
_MEND = "Name a file with 32 bytes in base64 or hexadecimal (openssl rand -base64 32), or kms+https://kms.us-east-1.amazonaws.com."


class NoKey(Exception):
    """The table has no row for it."""


class RawKey(msgspec.Struct, frozen=True):
    """32 bytes that the functions know too."""

    key: bytes

    def __repr__(self) -> str:
        return "RawKey()"


class Endpoint(msgspec.Struct, frozen=True):
    """KMS, or what speaks as it does. at: without a `/` at its end."""

    at: str


def read(table: Mapping[str, str]) -> dict[str, RawKey | Endpoint]:
    """KMSKeyID -> its key. Raises ConfigError."""
    return {key_id: _key(key_id, text) for key_id, text in table.items()}


def _key(key_id: str, text: str) -> RawKey | Endpoint:
    setting = f'kms_keys."{key_id}"'
    if key_id != ANY and not key_id.startswith("arn:"):
        raise ConfigError(setting, "is no ARN", f'Write the KMSKeyID of LambdaConfig, or "{ANY}" for all others.')
    if text.startswith(_PREFIX):
        address = text.removeprefix(_PREFIX)
        if not address.startswith(("http://", "https://")):
            raise ConfigError(setting, f"{text!r} is no key", _MEND)
        check_address(setting, address, _MEND)
        return Endpoint(address.rstrip("/"))
    try:
        key = _decoded(Path(text).read_text(encoding="ascii").strip())
    except OSError as error:
        raise ConfigError(setting, f"{text} cannot be read: {error.strerror}", _MEND) from None
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigError(setting, f"{text} does not hold {KEY_BYTES} bytes in base64 or hexadecimal", _MEND)
    return RawKey(key)


def _decoded(text: str) -> bytes:
    if len(text) == 2 * KEY_BYTES:  # base64 of as many characters would be another number of bytes
        return bytes.fromhex(text)
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


class _Generated(msgspec.Struct):
    Plaintext: bytes  # msgspec reads base64 into bytes
    CiphertextBlob: bytes
    KeyId: str


class KMSKeys:
    """The keys of one server."""

    def __init__(self, settings: Settings, invoker: Invoker) -> None:
        self._settings = settings
        self._keys = read(settings.kms_keys)
        self._invoker = invoker

    async def new_data_key(self, key_id: str, context: Mapping[str, str]) -> DataKey:
        """A data key under the key of this name, bound to the context. Raises NoKey, NotInvoked, BadAnswer."""
        key = self._keys.get(key_id) or self._keys.get(ANY)
        if key is None:
            raise NoKey(f"{key_id} stands nowhere in [kms_keys] of poolhouse.toml")
        if isinstance(key, RawKey):
            return encryption_sdk.raw_data_key(key.key, key_id, context, os.urandom)
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._generate(key, key_id, context)
        except TimeoutError:
            raise Unanswered("ServiceException", f"no answer of {key.at} in {_SECONDS:.0f} s") from None

    async def _generate(self, key: Endpoint, key_id: str, context: Mapping[str, str]) -> DataKey:
        """GenerateDataKey (https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html)."""
        asked = {"KeyId": key_id, "NumberOfBytes": DATA_KEY_BYTES, "EncryptionContext": context}
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "TrentService.GenerateDataKey"}
        region = key_id.split(":")[3] or self._settings.region
        body = msgspec.json.encode(asked)
        status, _, answer = await self._invoker.http.post_signed("kms", region, key.at, "/", headers, body)
        if status != _OK:
            raise NotInvoked(_error_name(answer) or "KMSException", f"{key.at}: HTTP {status} for {key_id}")
        try:
            made = msgspec.json.decode(answer, type=_Generated)
        except msgspec.DecodeError as error:
            raise BadAnswer(f"{key.at} answers no data key") from error
        if len(made.Plaintext) != DATA_KEY_BYTES:
            raise BadAnswer(f"{key.at} answers a data key of {len(made.Plaintext)} bytes")
        return DataKey(made.Plaintext, encryption_sdk.KMS_PROVIDER, made.KeyId.encode(), made.CiphertextBlob)


class _Refusal(msgspec.Struct):
    name: str = msgspec.field(default="", name="__type")


def _error_name(answer: bytes) -> str:
    try:
        return msgspec.json.decode(answer, type=_Refusal).name.rpartition("#")[2]
    except msgspec.DecodeError:
        return ""
