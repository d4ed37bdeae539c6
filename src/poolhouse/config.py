"""Every setting once: name, type, unit, default, what it means. Unknown keys refuse to start."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta


def _doc(text: str) -> Meta:
    return Meta(description=text)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of one server. Flags, then POOLHOUSE_* variables, then poolhouse.toml, then these defaults."""

    mode: Annotated[Literal["dev", "serve"], _doc("Set by the command, not by hand.")] = "dev"
    host: Annotated[str, _doc("Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, _doc("TCP port to listen on; 0 takes a free one.")] = 9229
    public_url: Annotated[str, _doc("What clients call this server; issuer and links begin with it. Empty: built from host and port.")] = ""
    data: Annotated[Path, _doc("Folder of the SQLite database, the master key and local certificates.")] = Path(".poolhouse")
    database_url: Annotated[str, _doc("postgresql://... for PostgreSQL 15 or newer. Empty: SQLite in the data folder.")] = ""
    database_connections: Annotated[int, _doc("Most PostgreSQL connections of one worker.")] = 8
    workers: Annotated[int, _doc("Processes that serve requests; 0 means one for each core.")] = 1
    region: Annotated[str, _doc("Region in pool ids, ARNs and AWS issuers.")] = "us-east-1"
    account_id: Annotated[str, _doc("Account number in ARNs, 12 digits.")] = "000000000000"
    issuer_mode: Annotated[Literal["self", "aws", "aws-updated"], _doc("`self`: issuer under public_url; `aws`, `aws-updated`: the exact AWS issuer strings.")] = "self"
    default_user_pool_id: Annotated[str, _doc("Pool whose domain endpoints are also served at the root of public_url. Empty: the oldest pool.")] = ""
    domain_suffix: Annotated[str, _doc("Prefix domains are served at <prefix>.<domain_suffix>. Empty: auth.<host of public_url>.")] = ""
    trusted_proxies: Annotated[list[str], _doc("Addresses or networks whose X-Forwarded-For is believed for the client address.")] = []
    tls_certificate: Annotated[str, _doc("PEM file with the certificate chain; turns TLS on.")] = ""
    tls_key: Annotated[str, _doc("PEM file with the private key of tls_certificate.")] = ""
    master_key_file: Annotated[str, _doc("File with the master key(s) that seal every secret at rest. Empty in dev: made in the data folder with mode 0600.")] = ""
    signatures: Annotated[Literal["verify", "accept-any"], _doc("`verify`: SigV4 with keys of `poolhouse keys`; `accept-any`: any credentials. Empty default: verify in serve, accept-any in dev.")] = "accept-any"
    delivery: Annotated[Literal["inbox", "smtp", "none"], _doc("Where e-mail and SMS go: the local inbox, an SMTP server, or nowhere (CodeDeliveryFailureException).")] = "inbox"
    smtp_url: Annotated[str, _doc("smtp://user:password@host:587 (STARTTLS) or smtps://...:465.")] = ""
    smtp_from: Annotated[str, _doc("Sender address of e-mails.")] = "no-reply@localhost"
    inbox_ttl_seconds: Annotated[int, _doc("How long the inbox keeps a message, seconds.")] = 604_800
    password_storage: Annotated[Literal["verifier", "argon2id"], _doc("How passwords are kept where the pool's tag poolhouse:password_storage does not say. `argon2id` switches SRP off.")] = "verifier"
    strict_discovery: Annotated[bool, _doc("Leave code_challenge_methods_supported out of openid-configuration, as Cognito does.")] = False
    max_body_bytes: Annotated[int, _doc("Largest request body, bytes; branding operations have 2 MB of their own.")] = 1_048_576
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _doc("Least severe line that is logged.")] = "info"
