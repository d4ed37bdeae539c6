"""What is asked of an identity provider before it is stored: its name, its mappings, its details, its SAML metadata (federation.md A)."""

from base64 import b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING

from poolhouse.crypto.signatures import RS256
from poolhouse.outbound import NotReached, TooLong, fetch
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import provider_details, provider_discovery
from poolhouse.pool.settings.provider_details import TYPES
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

if TYPE_CHECKING:
    from poolhouse.crypto.saml_metadata import Metadata

_RESERVED = frozenset({"COGNITO", "Cognito"})
ChangeRequest = shapes.CreateIdentityProviderRequest | shapes.UpdateIdentityProviderRequest


def check_name(name: str, provider_type: str) -> None:
    is_social = provider_type not in ("OIDC", "SAML")
    if (is_social and name != provider_type) or (not is_social and (name in TYPES or name in _RESERVED)):
        raise errors.InvalidParameterException(texts.PROVIDER_NAME_OF_TYPE, name, provider_type)


def check_others(call: PoolCall, provider_type: str, request: ChangeRequest) -> None:
    known = {*call.user_pool.schema, "username", "email_verified", "phone_number_verified"} - {"sub", "identities"}
    mapping = request.AttributeMapping or {}
    wrong = [name for name in mapping if name not in known]
    if wrong:
        raise errors.InvalidParameterException(texts.ATTRIBUTE_MAPPING_INVALID, ", ".join(wrong))
    subject = TYPES[provider_type].subject
    if subject and mapping.get("username", subject) != subject:
        raise errors.InvalidParameterException(texts.ATTRIBUTE_MAPPING_USERNAME, provider_type, subject)
    if request.AcrMapping and provider_type != "OIDC":
        raise errors.InvalidParameterException(texts.ACR_MAPPING_NOT_OIDC)


async def checked_details(call: PoolCall, provider_type: str, given: Mapping[str, str]) -> dict[str, str]:
    """Raises InvalidParameterException."""
    details = provider_details.checked(provider_type, given, allows_local=call.settings.mode == "dev")
    if provider_type == "OIDC":
        return details | await provider_discovery.missing_endpoints(call, details)
    if provider_type != "SAML":
        return details
    metadata = await _metadata(call, details)
    found = {
        "SSORedirectBindingURI": metadata.sso_redirect,
        "SLORedirectBindingURI": metadata.slo_redirect,
        "entity_id": metadata.entity_id,
    }
    # What the metadata says stands (GUESS), also where it has no place to sign out.
    return {key: value for key, value in {**details, **found}.items() if value}


async def encryption_key(call: PoolCall) -> dict[str, str]:
    """A key that a SAML provider may encrypt for, its own alone (DOC), and the certificate that is shown."""
    from poolhouse.crypto import certificates

    private_key = await call.house.key_stock.take(RS256)
    certificate = certificates.self_signed(private_key, call.user_pool.id, call.now)
    return {"encryption_key": b64encode(private_key).decode(), "ActiveEncryptionCertificate": certificate}


async def _metadata(call: PoolCall, details: Mapping[str, str]) -> "Metadata":
    from poolhouse.crypto import certificates, saml_metadata  # lxml takes 20 ms to import, and most pools need none

    url, document = details.get("MetadataURL", ""), details.get("MetadataFile", "").encode()
    if bool(url) == bool(document):
        raise errors.InvalidParameterException(texts.SAML_METADATA_MISSING)
    if url:
        try:
            document = await fetch(url, most_bytes=saml_metadata.MOST_BYTES, allows_local=call.settings.mode == "dev")
        except (NotReached, TooLong) as error:
            detail = str(error) or type(error).__name__
            raise errors.InvalidParameterException(texts.SAML_METADATA_NOT_READ, url, detail=detail) from error
    try:
        metadata = saml_metadata.read(document)
        expiries = [certificates.expires_at(each) for each in metadata.certificates]
    except ValueError as error:
        raise errors.InvalidParameterException(texts.SAML_METADATA_INVALID, detail=str(error)) from error
    if not metadata.entity_id or not metadata.certificates:
        detail = "it has no entityID, or no certificate that signs"
        raise errors.InvalidParameterException(texts.SAML_METADATA_INVALID, detail=detail)
    if not metadata.sso_redirect:
        raise errors.InvalidParameterException(texts.SAML_METADATA_NO_REDIRECT)
    if not any(expiry > call.now for expiry in expiries):
        raise errors.InvalidParameterException(texts.SAML_CERTIFICATES_EXPIRED)
    return metadata
