"""Opens the code of a custom sender's event, with the AWS Encryption SDK of Amazon and nothing of ours."""

import base64
import html
from typing import Any

import aws_encryption_sdk
from aws_encryption_sdk.identifiers import CommitmentPolicy, EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
from aws_encryption_sdk.key_providers.kms import StrictAwsKmsMasterKeyProvider
from aws_encryption_sdk.key_providers.raw import RawMasterKeyProvider

RAW_KEY = bytes(range(32))
RAW_ARN = "arn:aws:kms:us-east-1:123456789012:key/raw"
KMS_ARN = "arn:aws:kms:eu-central-1:123456789012:key/kms"


def raw_provider(key: bytes, name: str) -> RawMasterKeyProvider:
    class Provider(RawMasterKeyProvider):
        provider_id = "poolhouse"

        def _get_raw_key(self, key_id: bytes) -> WrappingKey:  # noqa: ARG002  its signature
            return WrappingKey(WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING, key, EncryptionKeyType.SYMMETRIC)

    provider = Provider()
    provider.add_master_key(name)
    return provider


def code_of(event: dict[str, Any], *, is_kms: bool = False) -> str:
    """As it is to be typed; is_kms as there."""
    return html.unescape(plaintext_of(event, is_kms=is_kms))


def plaintext_of(event: dict[str, Any], *, is_kms: bool = False) -> str:
    """is_kms: by the KMS that AWS_ENDPOINT_URL_KMS names."""
    client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
    provider = StrictAwsKmsMasterKeyProvider(key_ids=[KMS_ARN]) if is_kms else raw_provider(RAW_KEY, RAW_ARN)
    plaintext, header = client.decrypt(source=base64.b64decode(event["request"]["code"]), key_provider=provider)
    assert header.encryption_context == {"userpool-id": event["userPoolId"]}
    return str(plaintext.decode())
