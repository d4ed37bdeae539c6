"""`poolhouse serve`: closed, quiet, refuses unsafe settings and says how to mend them."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from poolhouse import config
from poolhouse.cli import options
from poolhouse.config import Settings

if TYPE_CHECKING:
    from poolhouse.cli.runner import Found

log = logging.getLogger("poolhouse")


@click.command(cls=options.ServerCommand)
@options.settings_options(is_serve=True)
def serve(config_file: Path | None, **flags: Any) -> None:
    """Serve for real.

    Signatures are verified, nothing is seeded, and what is unsafe is refused with the way to mend it. Needed at least:

    \b
      poolhouse keys master /etc/poolhouse/master.key
      poolhouse serve --master-key-file /etc/poolhouse/master.key \\
          --public-url https://auth.example.com --host 0.0.0.0 \\
          --tls-certificate chain.pem --tls-key key.pem
      poolhouse keys create --master-key-file /etc/poolhouse/master.key
    """
    from poolhouse.cli import runner

    settings = options.load("serve", config_file, flags)
    runner.run(settings, _say_ready)
    log.info("poolhouse stopped")


def _say_ready(settings: Settings, found: "Found") -> None:
    from poolhouse.crypto import multi_buffer

    for warning in [*config.warnings(settings), *filter(None, [found.neighbour])]:
        log.warning(warning)
    if settings.signatures == "verify" and not found.access_keys:
        log.warning(
            "there is no access key yet, so nobody can administer a pool: make one with `poolhouse keys create`"
        )
    log.info(
        "poolhouse serves",
        extra={
            "public_url": settings.public_url,
            "listen": f"{settings.host}:{settings.port}",
            "workers": settings.workers,
            "signatures": multi_buffer.choose(is_wanted=settings.multi_buffer)[1],
        },
    )
