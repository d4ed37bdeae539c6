"""Where lines of exported logs go: the table `log_delivery` of poolhouse.toml.

[log_delivery]
"arn:aws:logs:us-east-1:123456789012:log-group:sign-ins" = "logs/sign-ins.jsonl"
"arn:aws:firehose:us-east-1:123456789012:deliverystream/sign-ins" = "https://logs.example.com/cognito"
"*" = "logs/other.jsonl"
"""

import asyncio
from collections.abc import Mapping, Sequence

from poolhouse.config import Settings
from poolhouse.delivery import audit_log

ANY = "*"
TIMEOUT_SECONDS = 5.0
_MOST_ANSWER_BYTES = 4_096


class NotTaken(Exception):
    """The lines are where they were; another attempt may do better."""


def leads_to(table: Mapping[str, str], arn: str) -> str:
    """The target of an ARN; empty: it has none."""
    return table.get(arn) or table.get(ANY, "")


class LogTargets:
    """The ways of one server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def take(self, arn: str, lines: Sequence[str]) -> None:
        """All of them to where the ARN leads. Raises NotTaken."""
        target = leads_to(self._settings.log_delivery, arn)
        if not target:
            raise NotTaken(f"{arn} leads nowhere")
        if target.startswith(("http://", "https://")):
            await self._post(target, lines)
            return
        try:
            await asyncio.to_thread(audit_log.append, target, lines)
        except OSError as error:
            raise NotTaken(f"{target} cannot be written: {error.strerror}") from error

    async def _post(self, url: str, lines: Sequence[str]) -> None:
        """One JSON object a line, signed as requests to webhooks are. Taken is what is answered with 2xx."""
        from poolhouse.outbound import NotReached, Outbound, webhook_headers

        body = "".join(f"{line}\n" for line in lines).encode()
        headers = webhook_headers(self._settings.webhook_secret, body) | {"content-type": "application/x-ndjson"}
        http = Outbound()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = await http.post(url, headers, body, most_bytes=_MOST_ANSWER_BYTES, may_be_cut=True)
        except TimeoutError:
            raise NotTaken(f"no answer of {url} in {TIMEOUT_SECONDS:.0f} s") from None
        except NotReached as error:
            raise NotTaken(f"{url} is not reached: {error}") from error
        finally:
            await http.close()
        if not 200 <= answer.status < 300:
            raise NotTaken(f"{url} answers {answer.status}")
