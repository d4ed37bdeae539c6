"""Passkeys: registered, listed, deleted, and judged (user-pools-api.md §9.8; WebAuthn §7)."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from poolhouse.crypto import web_authn
from poolhouse.crypto.seal import SealBroken
from poolhouse.crypto.web_authn import ClientData
from poolhouse.errors import CognitoError
from poolhouse.pool import pagination, texts
from poolhouse.pool.call import ClientCall, PoolCall, UserCall
from poolhouse.pool.configuration import first_factors
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.users import users
from poolhouse.storage import passkeys as stored
from poolhouse.storage import single_use
from poolhouse.storage.engine import Transaction
from poolhouse.storage.passkeys import PasskeyRow
from poolhouse.storage.users import Mfa, User
from poolhouse.wire import exceptions as errors

WEB_AUTHN = "WEB_AUTHN"
MOST_PER_USER = 20  # DOC
MOST_IN_A_PAGE = 20  # M
TIMEOUT_MS = 300_000  # GUESS: how long a browser waits
_CHALLENGE_SECONDS = 300  # GUESS: as long
_LABEL = "web_authn_registration"
_MOST_BYTES = 16_384  # of one value; attestations have a few certificates
_MOST_TRANSPORTS = 8
# FriendlyCredentialName, by what the most common providers say of themselves (GUESS).
_PROVIDERS = {
    "fbfc3007154e4ecc8c0b6e020557d7bd": "iCloud Keychain",
    "ea9b8d664d011d213ce4b6b48cb575d4": "Google Password Manager",
    "08987058cadc4b81b6e130de50dcbe96": "Windows Hello",
    "bada5566a7aa401fbd9645619a55120d": "1Password",
    "d548826e79b4db40a3d811116f7e8349": "Bitwarden",
}
_ANY_PROVIDER = "Passkey"
T = TypeVar("T")


class _Challenge(msgspec.Struct, frozen=True, array_like=True):
    """What the challenge of a registration carries, sealed, so that to ask for one writes nothing. expires_at: epoch seconds."""

    sub: str
    client_id: str
    expires_at: float
    nonce: bytes


# -- what a pool says


def require_enabled(user_pool: UserPool) -> None:
    """Raises WebAuthnNotEnabledException."""
    if WEB_AUTHN not in first_factors.allowed(user_pool.settings.Policies):
        raise errors.WebAuthnNotEnabledException(texts.WEB_AUTHN_NOT_ENABLED)


def relying_party_id(call: PoolCall) -> str:
    """The configured one, else the custom domain, else the prefix domain. Raises WebAuthnConfigurationMissingException."""
    pool = call.user_pool
    if pool.web_authn.relying_party_id:
        return pool.web_authn.relying_party_id
    domains = sorted((domain.Domain or "" for domain in pool.domains), key=lambda domain: "." not in domain)
    if not domains and not pool.is_default:
        raise errors.WebAuthnConfigurationMissingException(texts.WEB_AUTHN_NO_RELYING_PARTY)
    origin = call.configuration.domain_origin(domains[0]) if domains else call.settings.public_url
    return urlsplit(origin).hostname or ""


def _check_origin(origin: str, rp_id: str) -> None:
    """A secure page of the relying party, or of a host below it. Raises WebAuthnOriginNotAllowedException."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    is_of_party = host == rp_id or host.endswith(f".{rp_id}")
    is_secure = parts.scheme == "https" or (
        parts.scheme == "http" and (host == "localhost" or host.endswith(".localhost"))
    )
    if not is_of_party or not is_secure:
        raise errors.WebAuthnOriginNotAllowedException(
            texts.WEB_AUTHN_ORIGIN_NOT_ALLOWED, detail=f"the page is of {host}"
        )


# -- registration


async def start(call: UserCall) -> dict[str, Any]:
    """PublicKeyCredentialCreationOptions, as JSON.

    Raises WebAuthnNotEnabledException, WebAuthnConfigurationMissingException, LimitExceededException.
    """
    pool, user = call.user_pool, call.access_token.user
    require_enabled(pool)
    rp_id = relying_party_id(call)
    _check_number(user)
    challenge = _Challenge(user.sub, call.client.id, call.now + _CHALLENGE_SECONDS, call.random(16))
    sealed = pool.box(_LABEL).seal(msgspec.msgpack.encode(challenge), b"", call.random(12))
    name = user.attributes.get("email") or user.attributes.get("phone_number") or user.username
    has = await stored.list_page(call.db, pool.id, user.sub, "", MOST_PER_USER)
    return {
        "rp": {"id": rp_id, "name": pool.settings.Name or rp_id},
        "user": {"id": _text(user.sub.encode()), "name": name, "displayName": user.attributes.get("name") or name},
        "challenge": _text(sealed),
        "pubKeyCredParams": [{"type": "public-key", "alg": algorithm} for algorithm in web_authn.ALGORITHMS],
        "timeout": TIMEOUT_MS,
        "excludeCredentials": [descriptor(row) for row in has],
        # GUESS+: a passkey can be found without the name.
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": pool.web_authn.user_verification,
        },
        "attestation": "none",
    }


def descriptor(row: PasskeyRow) -> dict[str, Any]:
    return {"type": "public-key", "id": row.credential_id, "transports": row.transports}


def _check_number(user: User) -> None:
    if user.mfa.passkeys >= MOST_PER_USER:
        raise errors.LimitExceededException(texts.WEB_AUTHN_TOO_MANY)


async def complete(call: UserCall, credential: Mapping[str, Any]) -> None:
    """Keep the credential of a RegistrationResponseJSON.

    Raises InvalidParameterException (no such document), LimitExceededException, and each WebAuthn…Exception.
    """
    pool, user = call.user_pool, call.access_token.user
    require_enabled(pool)
    rp_id = relying_party_id(call)
    response = _member(credential, "response", dict)
    raw = _bytes(response, "clientDataJSON")
    said = _client_data(raw, "webauthn.create")
    challenge = _open(call, said.challenge)
    _check_origin(said.origin, rp_id)
    try:
        made = web_authn.read_registration(_bytes(response, "attestationObject"), raw)
    except web_authn.NotWebAuthn as error:
        raise errors.WebAuthnCredentialNotSupportedException(
            texts.WEB_AUTHN_NOT_SUPPORTED, detail=str(error)
        ) from error
    if made.rp_id_hash != hashlib.sha256(rp_id.encode()).digest():
        raise errors.WebAuthnRelyingPartyMismatchException(texts.WEB_AUTHN_PARTY_MISMATCH)
    is_verified = made.is_user_verified or pool.web_authn.user_verification != "required"
    if not made.is_user_present or not is_verified or said.is_cross_origin:
        raise errors.WebAuthnCredentialNotSupportedException(
            texts.WEB_AUTHN_NOT_SUPPORTED, detail="the user is not verified"
        )
    row = PasskeyRow(
        user_pool_id=pool.id,
        credential_id=_text(made.credential_id),
        sub=user.sub,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=_PROVIDERS.get(made.aaguid, _ANY_PROVIDER),
        relying_party_id=rp_id,
        attachment=_word(credential.get("authenticatorAttachment")),
        transports=[each for each in map(_word, _list(response.get("transports"))) if each],
        created_at=call.now_ms,
    )

    async def work(tx: Transaction) -> None:
        value = hashlib.sha256(_LABEL.encode() + challenge.nonce).digest()
        if not await single_use.take(tx, pool.id, value, int((challenge.expires_at + 60) * 1000)):
            raise errors.WebAuthnChallengeNotFoundException(texts.WEB_AUTHN_NO_CHALLENGE)
        before = await _reload(tx, user)
        _check_number(before)
        if not await stored.insert(tx, row):
            raise errors.WebAuthnCredentialNotSupportedException(texts.WEB_AUTHN_KNOWN)
        mfa = replace(before.mfa, passkeys=before.mfa.passkeys + 1)
        await users.update(tx, call, before, replace(before, mfa=mfa, updated_at=call.now_ms))

    await call.write(work)


async def _reload(tx: Transaction, user: User) -> User:
    """As users.reload, where no UserNotFoundException is declared."""
    try:
        return await users.reload(tx, user)
    except errors.UserNotFoundException as error:
        raise errors.NotAuthorizedException(texts.REVOKED_ACCESS_TOKEN, detail="the user is gone") from error


def _open(call: UserCall, sealed: bytes) -> _Challenge:
    """Raises WebAuthnChallengeNotFoundException, WebAuthnClientMismatchException."""
    try:
        challenge = msgspec.msgpack.decode(call.user_pool.box(_LABEL).open(sealed, b""), type=_Challenge)
    except (SealBroken, msgspec.DecodeError) as error:
        raise errors.WebAuthnChallengeNotFoundException(texts.WEB_AUTHN_NO_CHALLENGE) from error
    if challenge.sub != call.access_token.user.sub or challenge.expires_at < call.now:
        detail = "of another user, or too old"
        raise errors.WebAuthnChallengeNotFoundException(texts.WEB_AUTHN_NO_CHALLENGE, detail=detail)
    if challenge.client_id != call.client.id:
        raise errors.WebAuthnClientMismatchException(texts.WEB_AUTHN_CLIENT_MISMATCH)
    return challenge


# -- listing and deleting


async def list_page(call: UserCall, limit: int | None, token: str | None) -> tuple[list[PasskeyRow], str | None]:
    """Passkeys, and the token of the next page. Raises InvalidParameterException (token)."""
    sub, most = call.access_token.user.sub, limit or MOST_IN_A_PAGE
    after = pagination.decode(call, sub, token)
    found = await stored.list_page(call.db, call.user_pool.id, sub, after, most + 1)
    page = found[:most]
    return page, pagination.encode(call, sub, page[-1].credential_id) if len(found) > most else None


async def delete(call: UserCall, credential_id: str) -> None:
    """Raises ResourceNotFoundException."""
    user = call.access_token.user

    async def work(tx: Transaction) -> None:
        before = await _reload(tx, user)
        if not await stored.delete(tx, call.user_pool.id, user.sub, credential_id):
            raise errors.ResourceNotFoundException(texts.WEB_AUTHN_NO_CREDENTIAL)
        mfa = _without_one(before.mfa)
        await users.update(tx, call, before, replace(before, mfa=mfa, updated_at=call.now_ms))

    await call.write(work)


def _without_one(mfa: Mfa) -> Mfa:
    left = max(mfa.passkeys - 1, 0)
    enabled = mfa.enabled if left else tuple(factor for factor in mfa.enabled if factor != WEB_AUTHN)
    return replace(mfa, passkeys=left, enabled=enabled)


# -- signing in


class PasskeyProof(msgspec.Struct, frozen=True):
    """A passkey that has answered. sign_count: what its counter says now."""

    row: PasskeyRow
    sign_count: int
    is_user_verified: bool


async def judge(
    call: ClientCall, tx: Transaction, user: User, challenge: bytes, credential: Mapping[str, Any]
) -> PasskeyProof:
    """Whether an AuthenticationResponseJSON proves this user, by this challenge.

    Raises WrongProof with the reason, whatever it is.
    """
    response = _proving(lambda: _member(credential, "response", dict))
    raw = _proving(lambda: _bytes(response, "clientDataJSON"))
    said = _proving(lambda: _client_data(raw, "webauthn.get"))
    rp_id = _proving(lambda: relying_party_id(call))
    _proving(lambda: _check_origin(said.origin, rp_id))
    handle = _proving(lambda: _bytes(response, "userHandle")) if response.get("userHandle") else b""
    row = await stored.get(tx, call.user_pool.id, user.sub, str(credential.get("id", "")))
    if row is None or said.challenge != challenge or handle not in (b"", user.sub.encode()):
        raise WrongProof("another user's passkey, or another challenge")
    try:
        proof = web_authn.read_assertion(
            row.public_key,
            _proving(lambda: _bytes(response, "authenticatorData")),
            raw,
            _proving(lambda: _bytes(response, "signature")),
        )
    except web_authn.NotWebAuthn as error:
        raise WrongProof(str(error)) from error
    needs_user = call.user_pool.web_authn.user_verification == "required" or WEB_AUTHN in user.mfa.enabled
    if proof.rp_id_hash != hashlib.sha256(rp_id.encode()).digest() or said.is_cross_origin:
        raise WrongProof("of another relying party")
    if not proof.is_user_present or (needs_user and not proof.is_user_verified):
        raise WrongProof("the user is not verified")
    if (proof.sign_count or row.sign_count) and proof.sign_count <= row.sign_count:
        raise WrongProof("the counter has not moved: the passkey may have a twin")
    return PasskeyProof(row, proof.sign_count, proof.is_user_verified)


class WrongProof(Exception):
    """Why an assertion proves nothing; for the log."""


def _proving(read: Callable[[], T]) -> T:
    try:
        return read()
    except CognitoError as error:
        raise WrongProof(error.detail or str(error)) from error


# -- documents of browsers


def _member(document: Mapping[str, Any], name: str, kind: type[T]) -> T:
    value = document.get(name)
    if not isinstance(value, kind):
        raise errors.InvalidParameterException(texts.WEB_AUTHN_MALFORMED, name)
    return value


def _bytes(document: Mapping[str, Any], name: str) -> bytes:
    text = _member(document, name, str)
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise errors.InvalidParameterException(texts.WEB_AUTHN_MALFORMED, name) from error
    if len(decoded) > _MOST_BYTES:
        raise errors.InvalidParameterException(texts.WEB_AUTHN_MALFORMED, name)
    return decoded


def _client_data(raw: bytes, type: str) -> ClientData:
    try:
        said = web_authn.read_client_data(raw)
    except web_authn.NotWebAuthn as error:
        raise errors.InvalidParameterException(texts.WEB_AUTHN_MALFORMED, "clientDataJSON") from error
    if said.type != type:
        raise errors.InvalidParameterException(texts.WEB_AUTHN_MALFORMED, "clientDataJSON", detail=f"it is {said.type}")
    return said


def _list(value: object) -> list[object]:
    return value[:_MOST_TRANSPORTS] if isinstance(value, list) else []


def _word(value: object) -> str:
    """One of the short words of the specification; of anything else nothing."""
    return value if isinstance(value, str) and len(value) <= 32 and value.replace("-", "").isalnum() else ""


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
