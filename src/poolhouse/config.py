"""Every setting once: name, type, unit, default, what it means; and where settings come from. Unknown keys refuse to start."""

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from poolhouse.email_address import parse_mailbox
from poolhouse.errors import ConfigError

ENVIRONMENT_PREFIX = "POOLHOUSE_"
CONFIG_FILE = "poolhouse.toml"
LEAST_WEBHOOK_SECRET = 32  # characters
CONFIG_VARIABLE = "POOLHOUSE_CONFIG"  # Names another file; not a setting, so that a file cannot point to a file.
MODEXP_VARIABLE = "POOLHOUSE_MODEXP"  # Forces the engine of crypto/modexp.py, which reads it itself; for tests.
LOG_FILE = "log_delivery.jsonl"  # In the data folder of `dev`, where log_delivery says nothing.
MASTER_KEY_FILE = "master.key"  # In the data folder, when master_key_file is not given.
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
# The widest network that somebody's proxies can fill: 10.0.0.0/8, or the block that a registry gives to one provider.
_WIDEST_PROXIES = {4: 8, 6: 16}
_UNIQUE_LOCAL = ipaddress.IPv6Network("fc00::/7")  # RFC 4193
ANY_ADDRESS = frozenset({"0.0.0.0", "::", ""})


def _doc(text: str, unit: str = "", example: str = "", **constraints: Any) -> Meta:
    """example: of what a pattern takes, for the error about what it does not."""
    return Meta(description=text, extra={"unit": unit, "example": example}, **constraints)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of one server. Flags, then POOLHOUSE_* variables, then poolhouse.toml, then these defaults."""

    # fmt: off
    mode: Annotated[Literal["dev", "serve"], _doc("Set by the command, not by hand.")] = "dev"
    host: Annotated[str, _doc("Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, _doc("TCP port to listen on; 0 takes a free one.", ge=0, le=65_535)] = 9229
    public_url: Annotated[str, _doc("What clients call this server; issuer and links begin with it. Empty: built from host and port.")] = ""
    data: Annotated[Path, _doc("Folder of the SQLite database, the master key and local certificates.")] = Path(".poolhouse")
    database_url: Annotated[str, _doc("`postgresql://...` for PostgreSQL 15 or newer. Empty: SQLite in the data folder.")] = ""
    database_connections: Annotated[int, _doc("Most PostgreSQL connections of one worker.", "connections", ge=1, le=1000)] = 8
    workers: Annotated[int, _doc("Processes that serve requests; 0 means one for each core.", "processes", ge=0, le=256)] = 1
    region: Annotated[str, _doc("Region in pool ids, ARNs and AWS issuers.", example="us-east-1", pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] = "us-east-1"
    account_id: Annotated[str, _doc("Account number in ARNs, 12 digits.", example="123456789012", pattern=r"^\d{12}$")] = "000000000000"
    issuer_mode: Annotated[Literal["self", "aws", "aws-updated"], _doc("`self`: issuer under public_url; `aws`, `aws-updated`: the exact AWS issuer strings.")] = "self"
    default_user_pool_id: Annotated[str, _doc("Pool whose domain endpoints are also served at the root of public_url. Empty: the oldest pool.")] = ""
    domain_suffix: Annotated[str, _doc("Prefix domains are served at `<prefix>.<domain_suffix>`. Empty: `auth.<host of public_url>`.")] = ""
    domain_form: Annotated[Literal["host", "path"], _doc("Where discovery and links send clients of a pool without a custom domain: `host`: `<prefix>.<domain_suffix>`; `path`: `<public_url>/<pool id>`, which needs no name of its own. Both are served. Not given: `path` in `dev`, `host` in `serve`.")] = "path"
    trusted_proxies: Annotated[list[str], _doc("Addresses or networks whose X-Forwarded-For is believed for the client address.")] = []
    allowed_hosts: Annotated[list[str], _doc("`dev` only: further names by which this server may be called, such as that of its container: `poolhouse`, `*.test`. Others are answered with 421, since a web page could give itself any name (DNS rebinding).")] = []
    tls: Annotated[bool, _doc("`dev` only: HTTPS with a certificate of a local authority that is made in the data folder.")] = False
    tls_certificate: Annotated[str, _doc("PEM file with the certificate chain; turns TLS on.")] = ""
    tls_key: Annotated[str, _doc("PEM file with the private key of tls_certificate.")] = ""
    master_key_file: Annotated[str, _doc("File with the master key(s) that seal every secret at rest. Empty in `dev`: made in the data folder with mode 0600.")] = ""
    signatures: Annotated[Literal["verify", "accept-any"], _doc("`verify`: SigV4 with keys of `poolhouse keys`; `accept-any`: any credentials. Not given: `accept-any` in `dev`, `verify` in `serve`.")] = "accept-any"
    delivery: Annotated[Literal["inbox", "smtp", "ses", "none"], _doc("Where e-mail goes: the local inbox, an SMTP server, Amazon SES, or nowhere (CodeDeliveryFailureException). See docs/messages.md.")] = "inbox"
    sms_delivery: Annotated[Literal["inbox", "sns", "webhook", "none"], _doc("Where SMS go: the local inbox, Amazon SNS, a webhook, or nowhere. Not given: `inbox` where delivery is, else `none`.")] = "inbox"
    await_delivery: Annotated[bool, _doc("Answer a request that sends a code or an invitation when the gateway has accepted it, up to 10 seconds later, and with CodeDeliveryFailureException where it has not. `false`: as soon as the message is stored; it leaves behind the answer.")] = False
    smtp_url: Annotated[str, _doc("`smtp://user:password@host:587` (STARTTLS, which another machine has to offer unless `?starttls=optional` stands behind it) or `smtps://...:465`.")] = ""
    smtp_from: Annotated[str, _doc("Sender of e-mails where a pool names none: `address` or `Name <address>`.")] = "no-reply@localhost"
    ses_url: Annotated[str, _doc("Where the SES API (version 2) is. Empty: Amazon's, in the region of the pool's SourceArn.")] = ""
    sns_url: Annotated[str, _doc("Where the SNS API is. Empty: Amazon's, in the pool's SnsRegion.")] = ""
    sms_url: Annotated[str, _doc('The webhook of `sms_delivery = "webhook"`.')] = ""
    inbox_ttl_seconds: Annotated[int, _doc("How long the inbox keeps a message.", "seconds", ge=1)] = 604_800
    triggers: Annotated[dict[str, str], _doc("A table in poolhouse.toml: the ARN of a function in LambdaConfig, and where it leads: a file (`.py`, `.js`, `.mjs`, `.cjs`), `https://...` (a webhook), or `lambda+https://lambda.us-east-1.amazonaws.com` (the Lambda Invoke API). `*` stands for every other ARN. See docs/triggers.md.")] = {}
    kms_keys: Annotated[dict[str, str], _doc("A table in poolhouse.toml: the KMSKeyID of a LambdaConfig, and where it leads: a file with 32 bytes in base64 or hexadecimal, or `kms+https://kms.us-east-1.amazonaws.com` (AWS KMS). `*` stands for every other one. Codes for the functions that send messages themselves are encrypted under it. See docs/triggers.md.")] = {}
    log_delivery: Annotated[dict[str, str], _doc("A table in poolhouse.toml: the ARN of a log group, bucket or stream in a log delivery configuration, and where its lines go: a file, to which one JSON object a line is appended, or `https://...`, to which they are posted. `*` stands for every other ARN. In `dev` all go to `log_delivery.jsonl` in the data folder where nothing is said. See docs/threat-protection.md.")] = {}
    compromised_passwords: Annotated[str, _doc("Passwords that threat protection knows besides the list that ships: a text file with one in a line, or a folder of range files, `00000` to `FFFFF` with or without `.txt`, as public corpora of leaked passwords have them by SHA-1. See docs/threat-protection.md.")] = ""
    webhook_secret: Annotated[str, _doc("What requests to the webhooks of `triggers` and `log_delivery` are signed with, by HMAC-SHA256; 32 characters or more. Needed where there is one; also for `sms_url`.")] = ""
    password_storage: Annotated[Literal["verifier", "argon2id"], _doc("How passwords are kept where the pool's tag poolhouse:password_storage does not say. `argon2id` switches SRP off.")] = "verifier"
    multi_buffer: Annotated[bool, _doc("Under load, make eight signatures at once, and eight SRP exponentiations, where the processor has AVX512-IFMA and the library was built. `false`: one after the other, by OpenSSL.")] = True
    strict_discovery: Annotated[bool, _doc("Leave code_challenge_methods_supported out of openid-configuration, as Cognito does.")] = False
    max_body_bytes: Annotated[int, _doc("Largest request body; branding operations have 2 MB of their own.", "bytes", ge=1024)] = 1_048_576
    ready_file: Annotated[str, _doc("JSON file with address, port and ids, written when requests are answered and removed at the stop; for scripts that start a server.")] = ""
    keep_clock: Annotated[bool, _doc("`dev` only: go on with the clock as it was moved before the last stop, instead of the machine's.")] = False
    demo: Annotated[bool, _doc("`dev` only: make the demo pool, client and user at start.")] = True
    limits: Annotated[Literal["none", "aws"], _doc("`aws`: the request rates and resource quotas of Cognito, counted for all servers of the database together; beyond them TooManyRequestsException and LimitExceededException. Costs a write for each request. See docs/limits.md.")] = "none"
    tiers: Annotated[Literal["free", "strict"], _doc("`free`: a pool of any UserPoolTier has every feature; `strict`: what its tier lacks on Cognito is refused with FeatureUnavailableInTierException, and a lower tier, while a feature that it lacks is on, with TierChangeNotAllowedException.")] = "free"
    request_log: Annotated[bool, _doc("One line for each request: what was asked, what was answered and why. Names users. Not given: yes in `dev`, no in `serve`.")] = True
    audit_log: Annotated[str, _doc("File to which every sign-in, refusal and change is appended, one JSON object a line; `-`: standard output. Noted in the write that does it, so that nothing is missing. Empty: none is kept.")] = ""
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _doc("Least severe line that is logged.")] = "info"
    # fmt: on

    @property
    def is_tls(self) -> bool:
        """Whether this server itself ends TLS."""
        return bool(self.tls_certificate)

    @property
    def has_inbox(self) -> bool:
        """Whether anything goes to the inbox: e-mail, SMS or both."""
        return "inbox" in (self.delivery, self.sms_delivery)

    @property
    def master_key_path(self) -> Path:
        """The master key file: the one named, or the one that `dev` makes in the data folder."""
        return Path(self.master_key_file) if self.master_key_file else self.data / MASTER_KEY_FILE

    @property
    def public_host(self) -> str:
        """The host name of public_url, in lower case, without port."""
        return urlsplit(self.public_url).hostname or "localhost"


# Settings that `dev` and `serve` fill in differently where nobody chose.
BY_COMMAND = frozenset({"signatures", "request_log", "domain_form", "sms_delivery"})


def setting_names() -> list[str]:
    """The settings that a person may give, in the order of the table."""
    return [field.name for field in msgspec.structs.fields(Settings) if field.name != "mode"]


def is_table(name: str) -> bool:
    """Whether it can only be given in the file."""
    return isinstance(getattr(_DEFAULTS, name), dict)


def default_of(name: str) -> Any:
    return getattr(_DEFAULTS, name)


# ---------------------------------------------------------------- where settings come from


def load(
    mode: Literal["dev", "serve"], flags: Mapping[str, Any], environment: Mapping[str, str], file: Path | None = None
) -> Settings:
    """The settings of this start: flags, then variables, then the file, then defaults; checked and complete.

    flags: only those that were given, by setting name.  file: named by hand, so it must exist; None looks for poolhouse.toml
    in the working directory. Raises ConfigError.
    """
    values = {**_from_file(file, environment), **_from_environment(environment), **_from_flags(flags)}
    # What nobody chose is closed in serve and open in dev.
    values.setdefault("signatures", "verify" if mode == "serve" else "accept-any")
    values.setdefault("request_log", mode == "dev")
    values.setdefault("sms_delivery", "inbox" if values.get("delivery", "inbox") == "inbox" else "none")
    values.setdefault("domain_form", "path" if mode == "dev" else "host")
    return Settings(**{**values, "mode": mode})


def _from_flags(flags: Mapping[str, Any]) -> dict[str, Any]:
    known = setting_names()
    return {
        name: _convert(name, value, "--" + name.replace("_", "-"))
        for name, value in flags.items()
        if _known(name, known, "flag")
    }


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    known = [ENVIRONMENT_PREFIX + name.upper() for name in setting_names()]
    values: dict[str, Any] = {}
    for key, text in environment.items():
        if not key.startswith(ENVIRONMENT_PREFIX) or key in {CONFIG_VARIABLE, MODEXP_VARIABLE}:
            continue
        if _is_service_link(key, text):
            raise ConfigError(
                key,
                "is set by Kubernetes for a service named poolhouse, not by you",
                "Set enableServiceLinks: false in the pod, or name the service otherwise.",
            )
        _known(key, known, "variable")
        name = key.removeprefix(ENVIRONMENT_PREFIX).lower()
        values[name] = _convert(name, text, key)
    return values


def _is_service_link(key: str, text: str) -> bool:
    return key.endswith(("_SERVICE_HOST", "_SERVICE_PORT")) or bool(
        re.match(r"POOLHOUSE_PORT(_|$)", key) and (text.startswith("tcp://") or "_TCP" in key)
    )


def _from_file(file: Path | None, environment: Mapping[str, str]) -> dict[str, Any]:
    if file is None and environment.get(CONFIG_VARIABLE):
        file = Path(environment[CONFIG_VARIABLE])
    if file is None:
        file = Path(CONFIG_FILE)
        if not file.exists():
            return {}
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            str(file), f"cannot be read: {error.strerror}", "Name an existing file with --config, or leave it out."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(file), f"is not TOML: {error}") from None
    known = setting_names()
    values = {
        name: _convert(name, value, f"{name} in {file}")
        for name, value in table.items()
        if _known(name, known, f"key in {file}")
    }
    for name in ("triggers", "kms_keys", "log_delivery"):
        if name in values:
            values[name] = {arn: _anchored(target, file.parent) for arn, target in values[name].items()}
    return values


def _anchored(target: str, folder: Path) -> str:
    """A file is looked for beside the file that names it."""
    is_address = target.removeprefix("lambda+").removeprefix("kms+").startswith(("http://", "https://"))
    return target if is_address else str((folder / target).absolute())


def _known(key: str, known: list[str], kind: str) -> bool:
    if key in known:
        return True
    # Compared without the prefix that all variables share, which would make everything look near.
    plain = {name.removeprefix(ENVIRONMENT_PREFIX).lower(): name for name in known}
    near = difflib.get_close_matches(key.removeprefix(ENVIRONMENT_PREFIX).lower(), plain, n=1, cutoff=0.5)
    mend = f"Did you mean {plain[near[0]]}?" if near else "All settings are listed in docs/settings.md."
    raise ConfigError(key, f"is no known {kind}", mend)


@cache
def _types() -> dict[str, Any]:
    return get_type_hints(Settings, include_extras=True)


def _convert(name: str, value: Any, source: str) -> Any:
    """The value as the type of the setting. source: how the error names it."""
    if isinstance(value, str) and isinstance(getattr(_DEFAULTS, name), list):
        value = [part.strip() for part in value.split(",") if part.strip()]
    try:
        return msgspec.convert(value, _types()[name], strict=False, dec_hook=_decode)
    except msgspec.ValidationError:
        raise ConfigError(source, f"must be {_expected(_types()[name])}, not {value!r}") from None


def _expected(hint: Any) -> str:
    """What a setting of this type takes, in words."""
    kind, meta = get_args(hint)
    if get_origin(kind) is dict:
        return "a table in poolhouse.toml"
    if get_origin(kind) is Literal:
        return " or ".join(get_args(kind))
    if kind is bool:
        return "true or false"
    if kind is int:
        return f"a whole number from {meta.ge}" + (f" to {meta.le}" if meta.le is not None else " up")
    return f"like {meta.extra['example']}" if meta.pattern else "a list of text" if get_origin(kind) is list else "text"


def _decode(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str | Path):
        return Path(value).expanduser()
    raise TypeError(f"Expected `{kind.__name__}`")


_DEFAULTS = Settings()


# ---------------------------------------------------------------- what follows from them


def resolve(settings: Settings) -> Settings:
    """Fill in what follows from other settings, then refuse what cannot work or is unsafe. The port must be final.

    Raises ConfigError with the way to mend it.
    """
    if settings.mode == "serve":
        _refuse_unsafe(settings)
    _check_pairs(settings)
    scheme = "https" if settings.is_tls or settings.tls else "http"
    name = "localhost" if settings.host in LOOPBACK_NAMES | ANY_ADDRESS else settings.host
    public_url = _checked_public_url(
        settings.public_url or f"{scheme}://{f'[{name}]' if ':' in name else name}:{settings.port}"
    )
    host = urlsplit(public_url).hostname or "localhost"
    return msgspec.structs.replace(
        settings,
        public_url=public_url,
        domain_suffix=(settings.domain_suffix or f"auth.{'localhost' if host in LOOPBACK_NAMES else host}")
        .lower()
        .strip("."),
        workers=settings.workers or cores(),
        data=settings.data.absolute(),
        log_delivery=settings.log_delivery or _default_log_delivery(settings),
    )


def _default_log_delivery(settings: Settings) -> dict[str, str]:
    return {"*": str((settings.data / LOG_FILE).absolute())} if settings.mode == "dev" else {}


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _checked_public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(
            "public_url", f"{url!r} is no web address", "Give scheme and host, such as https://auth.example.com"
        )
    if parts.path.rstrip("/") or parts.query or parts.fragment or parts.username:
        raise ConfigError(
            "public_url",
            f"{url!r} has more than scheme, host and port",
            "The server answers at the root of its origin: leave the rest out.",
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _check_pairs(settings: Settings) -> None:
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        missing = "tls_key" if settings.tls_certificate else "tls_certificate"
        raise ConfigError(missing, "is missing", "tls_certificate and tls_key go together.")
    for name in ("tls_certificate", "tls_key"):
        file = getattr(settings, name)
        if file and not Path(file).is_file():
            raise ConfigError(name, f"there is no file {file}")
    if settings.database_url and not settings.database_url.startswith(("postgresql://", "postgres://")):
        raise ConfigError(
            "database_url",
            "is not a PostgreSQL address",
            "Write postgresql://user:password@host:5432/name, or leave it out for SQLite.",
        )
    _check_delivery(settings)
    _check_threat_protection(settings)
    tables = (*settings.triggers.items(), *settings.log_delivery.items())
    webhooks = [arn for arn, target in tables if target.startswith(("http://", "https://"))]
    if webhooks and not settings.webhook_secret:
        raise ConfigError(
            "webhook_secret",
            f"is missing: the webhook of {webhooks[0]} could not tell who calls it",
            f"Give it {LEAST_WEBHOOK_SECRET} random characters or more, also to the webhook.",
        )
    if settings.webhook_secret and len(settings.webhook_secret) < LEAST_WEBHOOK_SECRET:
        raise ConfigError(
            "webhook_secret",
            f"has {len(settings.webhook_secret)} characters, which can be guessed",
            f"Give it {LEAST_WEBHOOK_SECRET} random characters or more, also to the webhook.",
        )
    if parse_mailbox(settings.smtp_from) is None:
        raise ConfigError(
            "smtp_from",
            f"{settings.smtp_from!r} is no e-mail address",
            "Write no-reply@example.com or Name <no-reply@example.com>.",
        )
    for network in settings.trusted_proxies:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise ConfigError(
                "trusted_proxies", f"{network!r} is no address or network", "Write 10.0.0.7 or 10.0.0.0/8."
            ) from None


def _check_threat_protection(settings: Settings) -> None:
    known = settings.compromised_passwords
    if known and not Path(known).exists():
        raise ConfigError("compromised_passwords", f"there is no file or folder {known}")
    for arn, target in settings.log_delivery.items():
        key, parts = f'log_delivery."{arn}"', urlsplit(target)
        if arn != "*" and not arn.startswith("arn:"):
            raise ConfigError(
                key, "is no ARN", 'Write the ARN of the log group, bucket or stream, or "*" for all others.'
            )
        is_local = parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES
        if parts.scheme in {"http", "https"} and not (is_local or (parts.scheme == "https" and parts.hostname)):
            raise ConfigError(
                key, f"{target!r} cannot be taken", "Write https://...; plain http is for this machine only."
            )
        if not parts.scheme and not Path(target).parent.is_dir():
            raise ConfigError(
                key, f"there is no folder {Path(target).parent}", "Name a file in a folder that is there."
            )


def _check_delivery(settings: Settings) -> None:
    if settings.delivery == "smtp" and not settings.smtp_url:
        raise ConfigError("smtp_url", "is missing", 'delivery = "smtp" needs it: smtp://user:password@host:587')
    if settings.smtp_url:
        smtp_server(settings.smtp_url)
    for name in ("ses_url", "sns_url", "sms_url"):
        url = getattr(settings, name)
        parts = urlsplit(url)
        is_local = parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES
        if url and not (is_local or (parts.scheme == "https" and parts.hostname)):
            raise ConfigError(
                name,
                f"{url!r} cannot be taken",
                "Write https://...; plain http is for this machine only, since codes travel in clear text.",
            )
    has_key = os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_SECRET_ACCESS_KEY")
    for name, way, url in (("delivery", "ses", settings.ses_url), ("sms_delivery", "sns", settings.sns_url)):
        if getattr(settings, name) == way and not url and not has_key:
            raise ConfigError(
                name,
                f"is {way!r}, and there are no credentials",
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.",
            )
    if settings.sms_delivery == "webhook" and not (settings.sms_url and settings.webhook_secret):
        missing = "webhook_secret" if settings.sms_url else "sms_url"
        raise ConfigError(missing, "is missing", 'sms_delivery = "webhook" needs sms_url and webhook_secret.')


class SMTPServer(NamedTuple):
    """What smtp_url says. start_tls: True: needed, None: taken where it is offered, False: TLS from the first byte."""

    host: str
    port: int
    username: str | None
    password: str | None
    is_tls: bool
    start_tls: bool | None

    @property
    def may_be_clear(self) -> bool:
        """Whether codes may leave this machine in clear text."""
        return not self.is_tls and self.start_tls is None and self.host not in LOOPBACK_NAMES


_SMTP_PORTS = {"smtp": 587, "smtps": 465}


def smtp_server(url: str) -> SMTPServer:
    """Codes travel to another machine encrypted, unless the address says that they need not. Raises ConfigError."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in _SMTP_PORTS or not host or parts.path.strip("/") or parts.fragment:
        raise ConfigError(
            "smtp_url",
            "is not an SMTP address",
            "Write smtp://user:password@host:587 or smtps://user:password@host:465",
        )
    if parts.query not in {"", "starttls=optional"} or (parts.query and (parts.scheme == "smtps" or parts.username)):
        raise ConfigError(
            "smtp_url",
            f"?{parts.query} is not possible here",
            "?starttls=optional sends in clear text where the server offers no STARTTLS. It goes with smtp:// and without a password.",
        )
    is_tls = parts.scheme == "smtps"
    start_tls = None if not is_tls and (host in LOOPBACK_NAMES or parts.query) else not is_tls
    return SMTPServer(host, port or _SMTP_PORTS[parts.scheme], parts.username, parts.password, is_tls, start_tls)


def _refuse_unsafe(settings: Settings) -> None:
    """What `serve` does not start with. Each refusal says how to mend it."""
    if settings.tls:
        raise ConfigError(
            "tls",
            "the local certificate authority is for `poolhouse dev`",
            "Give tls_certificate and tls_key, or end TLS in a proxy.",
        )
    _check_master_key(settings.master_key_file)
    if settings.allowed_hosts:
        raise ConfigError(
            "allowed_hosts", "is for `poolhouse dev`", "`serve` answers to every name that leads to it: leave it out."
        )
    for network in _collapsed(settings.trusted_proxies):
        if network.prefixlen < _WIDEST_PROXIES[network.version] and not _is_unique_local(network):
            raise ConfigError(
                "trusted_proxies",
                f"{network} is next to everybody: any client could say that it is another",
                "Name the addresses of your proxies, such as 10.0.0.7 or 10.0.0.0/8.",
            )
    is_local = settings.host in LOOPBACK_NAMES
    if not settings.public_url and not is_local:
        raise ConfigError(
            "public_url",
            "is needed when others than this machine are served",
            "For example --public-url https://auth.example.com",
        )
    public = urlsplit(settings.public_url)
    if public.scheme == "http" and not _is_loopback(public.hostname or ""):
        raise ConfigError(
            "public_url",
            "is plain http: passwords and tokens would travel in clear text",
            "Write https:// and give tls_certificate and tls_key, or end TLS in a proxy.",
        )
    if not is_local and not settings.tls_certificate and not settings.trusted_proxies:
        raise ConfigError(
            "tls_certificate",
            f"is missing: {settings.host} would be served in clear text",
            "Give tls_certificate and tls_key; or, when a proxy ends TLS, name its address in trusted_proxies.",
        )


def _is_unique_local(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    return isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_UNIQUE_LOCAL)


def _collapsed(networks: list[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Neighbours as one network, so that no list of halves is taken where the whole would be refused."""
    parsed = [ipaddress.ip_network(network.strip(), strict=False) for network in networks]
    four = [network for network in parsed if isinstance(network, ipaddress.IPv4Network)]
    six = [network for network in parsed if isinstance(network, ipaddress.IPv6Network)]
    return [*ipaddress.collapse_addresses(four), *ipaddress.collapse_addresses(six)]


def _is_loopback(host: str) -> bool:
    return host in LOOPBACK_NAMES or host.endswith(".localhost")


def _check_master_key(file: str) -> None:
    if not file:
        raise ConfigError(
            "master_key_file",
            "is needed: it seals every secret in the database",
            "Make one with `poolhouse keys master FILE`, keep a copy apart from the database, and give --master-key-file FILE.",
        )
    if not Path(file).is_file():
        raise ConfigError(
            "master_key_file", f"there is no file {file}", f"Make it with `poolhouse keys master {file}`."
        )


def warnings(settings: Settings) -> list[str]:
    """What a person chose on purpose and should still see at every start of `serve`."""
    if settings.mode != "serve":
        return []
    found = []
    if settings.signatures == "accept-any":
        found.append(
            "signatures = accept-any: WHOEVER REACHES THIS SERVER IS ADMINISTRATOR OF EVERY POOL. Use `verify` and `poolhouse keys create`."
        )
    if settings.delivery == "inbox":
        found.append('delivery = "inbox": codes are kept in the inbox and no mail leaves. Use smtp for real users.')
    if settings.delivery == "smtp" and smtp_server(settings.smtp_url).may_be_clear:
        found.append(
            "smtp_url says starttls=optional: codes travel in clear text where the mail server offers no encryption."
        )
    return found


# ---------------------------------------------------------------- from the supervisor to its workers


def to_json(settings: Settings) -> str:
    return msgspec.json.encode(settings, enc_hook=str).decode()


def from_json(text: str) -> Settings:
    return msgspec.json.decode(text, type=Settings, dec_hook=_decode)
