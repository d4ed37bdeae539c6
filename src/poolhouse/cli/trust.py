"""`poolhouse trust`: how browsers, SDKs and systems come to trust the authority of `poolhouse dev --tls`.

It changes nothing by itself: whom a machine trusts is its owner's to say.
"""

import shlex
import ssl
from pathlib import Path
from typing import Any

import click
from cryptography import x509

from poolhouse.cli import local_ca, options
from poolhouse.errors import ConfigError

BUNDLE = "local-bundle.pem"
# Where systems keep all their authorities in one file: Debian, Alpine and Arch; Fedora; SUSE; macOS and the BSDs.
SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


@click.command()
@options.settings_options("data")
@click.option(
    "--bundle",
    "is_bundle",
    is_flag=True,
    help=f"Write {BUNDLE} to the data folder, the system's authorities and this one, and print the lines that use it.",
)
def trust(config_file: Path | None, is_bundle: bool, **flags: Any) -> None:
    """Say how programs come to trust the local authority of `poolhouse dev --tls`.

    Prints the commands for each system and changes nothing. For SDKs and tools in this shell:

    \b
      eval "$(poolhouse trust --bundle)"
    """
    folder = options.load("dev", config_file, flags).data.absolute()
    authority = folder / local_ca.CA_CERTIFICATE
    try:
        certificate = x509.load_pem_x509_certificate(authority.read_bytes())
    except FileNotFoundError:
        raise ConfigError(
            "data", f"there is no local authority in {folder}", "`poolhouse dev --tls` makes one at its first start."
        ) from None
    if is_bundle:
        click.echo("\n".join(_exports(authority, _write_bundle(authority, folder / BUNDLE))))
    else:
        click.echo("\n".join(commands(authority, _permitted(certificate))))


def commands(authority: Path, permitted: str) -> list[str]:
    """What to run, each command under the words for whom it is. Every path is quoted for a shell."""
    file, name = shlex.quote(str(authority)), "poolhouse"
    return [
        f"# The authority is {authority}",
        f"# and can speak for nothing but {permitted}.",
        "# Nothing was changed. Run what you need:",
        "",
        "# SDKs, CLIs, Python, Node.js in this shell. AWS_CA_BUNDLE and SSL_CERT_FILE replace all other authorities,",
        "# so this writes a bundle of the system's and this one and names that.",
        f'eval "$(poolhouse trust --bundle --data {shlex.quote(str(authority.parent))})"',
        "",
        "# Chromium, Chrome and Edge on Linux, which do not read the system's store (certutil: package libnss3-tools)",
        'mkdir -p "$HOME/.pki/nssdb"',
        f'certutil -d sql:"$HOME/.pki/nssdb" -A -t C,, -n {name} -i {file}',
        "",
        "# Firefox, every profile",
        'for profile in "$HOME"/.mozilla/firefox/*.default*; do',
        f'  certutil -d sql:"$profile" -A -t C,, -n {name} -i {file}',
        "done",
        "",
        "# Debian, Ubuntu: the whole system",
        f"sudo cp {file} /usr/local/share/ca-certificates/{name}.crt && sudo update-ca-certificates",
        "",
        "# Fedora, RHEL: the whole system",
        f"sudo cp {file} /etc/pki/ca-trust/source/anchors/{name}.pem && sudo update-ca-trust",
        "",
        "# macOS: the whole system",
        f"sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain {file}",
    ]


def _exports(authority: Path, bundle: Path) -> list[str]:
    everything = shlex.quote(str(bundle))
    return [
        f"export AWS_CA_BUNDLE={everything} SSL_CERT_FILE={everything} REQUESTS_CA_BUNDLE={everything}",
        f"export NODE_EXTRA_CA_CERTS={shlex.quote(str(authority))}",  # Node.js adds it to its own.
    ]


def _write_bundle(authority: Path, bundle: Path) -> Path:
    """The system's authorities and ours in one file."""
    openssl = ssl.get_default_verify_paths().openssl_cafile
    found = next((Path(file) for file in (*SYSTEM_BUNDLES, openssl) if Path(file).is_file()), None)
    if found is None:
        raise ConfigError(
            "bundle", "this system keeps its authorities in no file that is known", f"Use {authority} alone."
        )
    system = found.read_bytes()
    bundle.write_bytes(system + (b"" if system.endswith(b"\n") else b"\n") + authority.read_bytes())
    return bundle


def _permitted(certificate: x509.Certificate) -> str:
    """The names that the authority may speak for, in words."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        raise ConfigError(
            local_ca.CA_CERTIFICATE,
            "was made by an earlier release and could speak for every site of the world",
            "Start `poolhouse dev --tls` once: it makes one that cannot. Then remove the old one where you trusted it.",
        ) from None
    return ", ".join(str(name.value) for name in constraints.permitted_subtrees or ())
