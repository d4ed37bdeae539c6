"""What authenticators sign (Web Authentication, Level 3): read and verified. The ceremony itself is the pool's."""

from typing import Any

import msgspec

from poolhouse.errors import PoolhouseError

ALGORITHMS = (-7, -257)  # DOC: ES256, RS256
_PACKED = "packed"


class NotWebAuthn(PoolhouseError, ValueError):
    """Bytes that no authenticator made for this purpose."""


class ClientData(msgspec.Struct, frozen=True):
    """What the browser says of the ceremony. type: webauthn.create or webauthn.get."""

    type: str
    challenge: bytes
    origin: str
    is_cross_origin: bool


class Registration(msgspec.Struct, frozen=True):
    """A new credential. public_key: COSE.  sign_count: 0 where the authenticator counts nothing."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    aaguid: str
    rp_id_hash: bytes
    is_user_present: bool
    is_user_verified: bool


class Assertion(msgspec.Struct, frozen=True):
    """A proof, whose signature was right."""

    sign_count: int
    rp_id_hash: bytes
    is_user_present: bool
    is_user_verified: bool


def read_client_data(raw: bytes) -> ClientData:
    """Raises NotWebAuthn."""
    from fido2.webauthn import CollectedClientData

    try:
        data = CollectedClientData(raw)
        found = ClientData(data.type, data.challenge, data.origin, bool(data.cross_origin))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotWebAuthn("clientDataJSON is none") from error
    if not isinstance(found.type, str) or not isinstance(found.origin, str):
        raise NotWebAuthn("clientDataJSON is none")
    return found


def read_registration(attestation_object: bytes, client_data: bytes) -> Registration:
    """Raises NotWebAuthn: malformed, of another algorithm, or with a packed attestation that is wrong.

    Whose make an authenticator is, nobody here depends on: other attestations are not looked at, as if there were none.
    """
    from fido2.attestation.base import InvalidData, InvalidSignature
    from fido2.attestation.packed import PackedAttestation
    from fido2.webauthn import AttestationObject, CollectedClientData

    try:
        made = AttestationObject(attestation_object)
        credential = made.auth_data.credential_data
        if credential is None or credential.public_key.get(3) not in ALGORITHMS:
            raise NotWebAuthn("no credential of an algorithm that is known")
        if made.fmt == _PACKED:
            PackedAttestation().verify(made.att_stmt, made.auth_data, CollectedClientData(client_data).hash)
        _check_key(credential.public_key)
    except NotWebAuthn:
        raise
    except (InvalidData, InvalidSignature) as error:
        raise NotWebAuthn("the attestation is wrong") from error
    except Exception as error:  # the library reads bytes of strangers, and raises whatever it stumbles over
        raise NotWebAuthn("attestationObject is none") from error
    data, flags = made.auth_data, _flags(made.auth_data)
    return Registration(
        credential_id=bytes(credential.credential_id),
        public_key=_encode(credential.public_key),
        sign_count=data.counter,
        aaguid=bytes(credential.aaguid).hex(),
        rp_id_hash=bytes(data.rp_id_hash),
        is_user_present=flags[0],
        is_user_verified=flags[1],
    )


def read_assertion(public_key: bytes, authenticator_data: bytes, client_data: bytes, signature: bytes) -> Assertion:
    """Raises NotWebAuthn: malformed, or not signed by this key."""
    from fido2 import cbor
    from fido2.cose import CoseKey
    from fido2.webauthn import AuthenticatorData, CollectedClientData

    try:
        data = AuthenticatorData(authenticator_data)
        CoseKey.parse(_map(cbor.decode(public_key))).verify(
            authenticator_data + CollectedClientData(client_data).hash, signature
        )
        flags = _flags(data)
    except Exception as error:  # as above; a wrong signature is one of many
        raise NotWebAuthn("the assertion is wrong") from error
    return Assertion(data.counter, bytes(data.rp_id_hash), *flags)


def _flags(data: Any) -> tuple[bool, bool]:
    """(the user is present, the user is verified)."""
    return bool(data.flags & data.FLAG.UP), bool(data.flags & data.FLAG.UV)


def _check_key(key: Any) -> None:
    """A key that cannot verify anything is found now, not at the first sign-in."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(b"", b"\x30\x06\x02\x01\x01\x02\x01\x01")
    except InvalidSignature:
        return


def _encode(key: Any) -> bytes:
    from fido2 import cbor

    return cbor.encode(dict(key))


def _map(decoded: Any) -> dict[int, Any]:
    if not isinstance(decoded, dict):
        raise NotWebAuthn("no COSE key")
    return decoded
