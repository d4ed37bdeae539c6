"""ProviderDetails: which keys each type of provider has, and what Describe adds (federation.md A3). Pure rules."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from poolhouse.pool import texts
from poolhouse.wire import exceptions as errors


class Rules(msgspec.Struct, frozen=True):
    """required, optional: keys of the request.  secret: of them, what is sealed.  hidden: never shown again.

    defaults: what an absent optional key is.  shown: what Describe adds; `{api_version}` is filled in.
    subject: the claim that names a user; empty for SAML, where it is the NameID.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    secret: tuple[str, ...] = ("client_secret",)
    hidden: tuple[str, ...] = ()
    defaults: Mapping[str, str] = {}
    shown: Mapping[str, str] = {}
    subject: str = "sub"


_SOCIAL = ("client_id", "client_secret", "authorize_scopes")
# What is kept of a SAML provider beside its details: the key that it may encrypt for (PKCS#8 in base64), and its name.
SAML_SECRETS = ("encryption_key", "entity_id")
FACEBOOK_API_VERSION = "v17.0"  # GUESS: as the model's example has it
TYPES: Mapping[str, Rules] = {
    "OIDC": Rules(
        required=("client_id", "client_secret", "authorize_scopes", "oidc_issuer"),
        optional=("authorize_url", "token_url", "attributes_url", "jwks_uri", "attributes_request_method"),
        defaults={"attributes_request_method": "GET"},
        shown={"attributes_url_add_attributes": "false"},
    ),
    "Google": Rules(
        required=_SOCIAL,
        shown={
            "oidc_issuer": "https://accounts.google.com",
            "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
            "token_url": "https://www.googleapis.com/oauth2/v4/token",
            "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
            "attributes_url_add_attributes": "true",
            "token_request_method": "POST",
        },
    ),
    "Facebook": Rules(
        required=_SOCIAL,
        optional=("api_version",),
        defaults={"api_version": FACEBOOK_API_VERSION},
        shown={
            "authorize_url": "https://www.facebook.com/{api_version}/dialog/oauth",
            "token_url": "https://graph.facebook.com/{api_version}/oauth/access_token",
            "attributes_url": "https://graph.facebook.com/{api_version}/me?fields=",
            "attributes_url_add_attributes": "true",
            "token_request_method": "GET",
        },
        subject="id",
    ),
    "LoginWithAmazon": Rules(
        required=_SOCIAL,
        shown={
            "authorize_url": "https://www.amazon.com/ap/oa",
            "token_url": "https://api.amazon.com/auth/o2/token",
            "attributes_url": "https://api.amazon.com/user/profile",
            "attributes_url_add_attributes": "false",
            "token_request_method": "POST",
        },
        subject="user_id",
    ),
    "SignInWithApple": Rules(
        required=("client_id", "team_id", "key_id", "private_key", "authorize_scopes"),
        secret=("private_key",),
        hidden=("private_key",),
        shown={
            "oidc_issuer": "https://appleid.apple.com",
            "authorize_url": "https://appleid.apple.com/auth/authorize",
            "token_url": "https://appleid.apple.com/auth/token",
            "attributes_url_add_attributes": "false",
            "token_request_method": "POST",
        },
    ),
    "SAML": Rules(
        required=(),
        optional=(
            "MetadataURL",
            "MetadataFile",
            "IDPSignout",
            "IDPInit",
            "EncryptedResponses",
            "RequestSigningAlgorithm",
            "SSORedirectBindingURI",
            "SLORedirectBindingURI",
        ),
        secret=SAML_SECRETS,
        hidden=SAML_SECRETS,
        subject="",
    ),
}
_BOOLEANS = frozenset({"IDPSignout", "IDPInit", "EncryptedResponses"})
_URLS = frozenset({"oidc_issuer", "authorize_url", "token_url", "attributes_url", "jwks_uri"})
_CHOICES = {"attributes_request_method": ("GET", "POST"), "RequestSigningAlgorithm": ("rsa-sha256",)}
_API_VERSION = re.compile(r"v\d{1,3}\.\d{1,3}", re.ASCII)
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_CHARACTERS = 100_000  # of a value that is no metadata


def checked(provider_type: str, given: Mapping[str, str], *, allows_local: bool) -> dict[str, str]:
    """What is stored, with defaults. allows_local: whether plain http to this machine is fine, as in `dev`.

    Raises InvalidParameterException.
    """
    rules = TYPES[provider_type]
    known = {*rules.required, *rules.optional}
    for key in given:
        if key not in known and (key not in rules.shown or provider_type == "SAML"):
            raise errors.InvalidParameterException(texts.PROVIDER_KEY_UNKNOWN, key, provider_type)
    for key in rules.required:
        if not given.get(key):
            raise errors.InvalidParameterException(texts.PROVIDER_KEY_MISSING, key, provider_type)
    kept = {key: value for key, value in given.items() if key in known and value}
    for key, value in kept.items():
        _check(key, value, provider_type, allows_local=allows_local)
    details = {**rules.defaults, **kept}
    for key, value in _added(rules, details).items():
        if key in given and given[key] != value:  # what Describe adds may be sent back, and is not to be changed
            raise errors.InvalidParameterException(texts.PROVIDER_VALUE_INVALID, key, provider_type)
    return details


def _added(rules: Rules, details: Mapping[str, str]) -> dict[str, str]:
    """What Describe adds."""
    api_version = details.get("api_version", "")
    return {key: value.replace("{api_version}", api_version) for key, value in rules.shown.items()}


def _check(key: str, value: str, provider_type: str, *, allows_local: bool) -> None:
    choices = ("true", "false") if key in _BOOLEANS else _CHOICES.get(key)
    if choices is not None and value not in choices:
        raise errors.InvalidParameterException(texts.PROVIDER_VALUE_INVALID, key, provider_type)
    if key in _URLS and not is_url(value, allows_local=allows_local):
        raise errors.InvalidParameterException(texts.PROVIDER_VALUE_INVALID, key, provider_type)
    if key == "api_version" and not _API_VERSION.fullmatch(value):  # it becomes a part of three addresses
        raise errors.InvalidParameterException(texts.PROVIDER_VALUE_INVALID, key, provider_type)
    if key == "oidc_issuer" and value.endswith("/"):
        raise errors.InvalidParameterException(texts.PROVIDER_VALUE_INVALID, key, provider_type)
    if key != "MetadataFile" and len(value) > _MOST_CHARACTERS:
        raise errors.InvalidParameterException(texts.PROVIDER_VALUE_INVALID, key, provider_type)


def is_url(value: str, *, allows_local: bool) -> bool:
    """Whether it is an address of https."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if "\\" in value or parts.fragment or parts.username or not host:
        return False
    return parts.scheme == "https" or (allows_local and parts.scheme == "http" and host in _LOCAL)


def shown(provider_type: str, details: Mapping[str, str]) -> dict[str, str]:
    """As Describe has them. details: with the secrets."""
    rules = TYPES[provider_type]
    return {**_added(rules, details), **{key: value for key, value in details.items() if key not in rules.hidden}}


def split(provider_type: str, details: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(what anybody may read, what is sealed)."""
    secret = TYPES[provider_type].secret
    return (
        {key: value for key, value in details.items() if key not in secret},
        {key: value for key, value in details.items() if key in secret},
    )
