"""What KMS answers to GenerateDataKey and Decrypt, for one key."""

import base64
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.support.functions.codes import KMS_ARN

_KEY = AESGCM(os.urandom(32))
_IV_BYTES = 12


def answer(target: str, body: bytes) -> tuple[int, bytes]:
    """Status and body."""
    asked = json.loads(body)
    if asked.get("KeyId", KMS_ARN) != KMS_ARN:
        return 400, b'{"__type":"NotFoundException","message":"Key does not exist"}'
    bound = json.dumps(asked.get("EncryptionContext", {}), sort_keys=True).encode()
    match target:
        case "TrentService.GenerateDataKey":
            iv, key = os.urandom(_IV_BYTES), os.urandom(asked["NumberOfBytes"])
            told: dict[str, Any] = {"Plaintext": key, "CiphertextBlob": iv + _KEY.encrypt(iv, key, bound)}
        case "TrentService.Decrypt":
            blob = base64.b64decode(asked["CiphertextBlob"])
            try:
                told = {"Plaintext": _KEY.decrypt(blob[:_IV_BYTES], blob[_IV_BYTES:], bound)}
            except InvalidTag:
                return 400, b'{"__type":"InvalidCiphertextException"}'
        case _:
            return 400, b'{"__type":"UnknownOperationException"}'
    encoded = {name: base64.b64encode(value).decode() for name, value in told.items()}
    return 200, json.dumps({**encoded, "KeyId": KMS_ARN}).encode()
