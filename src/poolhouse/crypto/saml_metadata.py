"""SAML metadata of an identity provider: what a pool needs of it (federation.md A3)."""

import base64
import binascii

import msgspec
from lxml import etree

from poolhouse.errors import PoolhouseError

MOST_BYTES = 1_048_576  # ours
MOST_CERTIFICATE_CHARACTERS = 4096  # DOC
_MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


class NotMetadata(PoolhouseError, ValueError):
    """What was given describes no SAML identity provider."""


class Metadata(msgspec.Struct, frozen=True):
    """sso_redirect, slo_redirect: addresses of the HTTP-Redirect binding, or empty.  certificates: DER, that sign."""

    entity_id: str
    sso_redirect: str
    slo_redirect: str
    certificates: tuple[bytes, ...]


def read(document: bytes) -> Metadata:
    """Raises NotMetadata. No entity is expanded and nothing is fetched, whatever the document says."""
    if len(document) > MOST_BYTES:
        raise NotMetadata("it is larger than a megabyte")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotMetadata("it is no XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotMetadata("it has a document type")
    found = [
        (entity, role)
        for entity in root.iter(f"{_MD}EntityDescriptor")
        for role in entity.findall(f"{_MD}IDPSSODescriptor")
    ]
    if len(found) != 1:
        raise NotMetadata(f"it describes {len(found)} identity providers")
    entity, role = found[0]
    return Metadata(
        entity_id=entity.get("entityID", ""),
        sso_redirect=_location(role, "SingleSignOnService"),
        slo_redirect=_location(role, "SingleLogoutService"),
        certificates=tuple(_certificates(role)),
    )


def _location(role: etree._Element, service: str) -> str:
    places = (each.get("Location", "") for each in role.findall(f"{_MD}{service}") if each.get("Binding") == _REDIRECT)
    return next(places, "")


def _certificates(role: etree._Element) -> list[bytes]:
    """Of the keys that sign; one without a use signs, too."""
    found = []
    for key in role.findall(f"{_MD}KeyDescriptor"):
        if key.get("use", "signing") != "signing":
            continue
        for each in key.iter(f"{_DS}X509Certificate"):
            text = "".join((each.text or "").split())
            if len(text) > MOST_CERTIFICATE_CHARACTERS:
                raise NotMetadata("a certificate is too long")
            try:
                found.append(base64.b64decode(text, validate=True))
            except (binascii.Error, ValueError) as error:
                raise NotMetadata("a certificate is no base64") from error
    return found
