"""The ready file: what a script needs to know of a server that it started, as JSON, once requests are answered."""

import json
import os
import secrets
from pathlib import Path

from poolhouse import __version__
from poolhouse.config import Settings
from poolhouse.errors import ConfigError


def prepare(settings: Settings) -> None:
    """Remove what a killed server left behind: it names a port that is another's by now. Raises ConfigError."""
    if settings.ready_file and not Path(settings.ready_file).absolute().parent.is_dir():
        raise ConfigError(
            "ready_file", f"there is no folder for {settings.ready_file}", "Name a file in a folder that is there."
        )
    remove(settings)


def write(settings: Settings) -> None:
    """Put the file in place whole, so that a reader who waits for it never sees half of it."""
    if not settings.ready_file:
        return
    file = Path(settings.ready_file)
    aside = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    aside.write_text(json.dumps(content(settings), indent=2) + "\n", "utf-8")
    aside.replace(file)


def remove(settings: Settings) -> None:
    if settings.ready_file:
        Path(settings.ready_file).unlink(missing_ok=True)


def content(settings: Settings) -> dict[str, object]:
    """Every value that a test or a script would otherwise read off the banner."""
    facts: dict[str, object] = {
        "version": __version__,
        "url": settings.public_url,
        "port": settings.port,
        "pid": os.getpid(),
        "region": settings.region,
        "health_url": f"{settings.public_url}/_poolhouse/health",
        "data": str(settings.data),
    }
    if settings.mode == "dev":
        if settings.has_inbox:
            facts["inbox_url"] = f"{settings.public_url}/_poolhouse/api/inbox"
        facts["clock_url"] = f"{settings.public_url}/_poolhouse/api/clock"
        if settings.tls:
            from poolhouse.cli import local_ca

            facts["authority"] = str(settings.data / local_ca.CA_CERTIFICATE)
        if settings.demo:
            from poolhouse.cli import seed

            facts["user_pool_id"] = seed.user_pool_id(settings)
            facts["client_id"] = seed.client_id(settings)
            facts["username"] = seed.USERNAME
            facts["password"] = seed.PASSWORD
    return facts
