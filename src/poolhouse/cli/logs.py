"""Where log lines go and how they look: standard error; plain sentences in `dev`, one JSON object a line in `serve`."""

import logging
import sys
from datetime import UTC, datetime

import click
import msgspec

from poolhouse.config import Settings
from poolhouse.request_log import Entry
from poolhouse.triggers.local_files import Printed

# What every LogRecord has; anything else was given as `extra` and belongs into the line.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "color_message"}


class JSONLines(logging.Formatter):
    """{"time", "level", "logger", "message", and what the caller added: request_id, operation, user_pool_id ...}."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if isinstance(record.msg, Entry):
            line.update(message="request", **msgspec.to_builtins(record.msg))
        line.update((name, value) for name, value in record.__dict__.items() if name not in _STANDARD)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


class Sentences(logging.Formatter):
    """`12:00:00 warning  The sentence.` and what the caller added behind it; a request is one line, dim on a terminal.

    What a function of a trigger prints stands alone behind the function's name: a traceback has to be readable.
    """

    def __init__(self, *, is_coloured: bool = False) -> None:
        super().__init__()
        self._is_coloured = is_coloured

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        if isinstance(record.msg, Entry):
            line = f"{time}  {record.msg}"
            return _shaded(line, record.msg) if self._is_coloured else line
        if isinstance(record.msg, Printed):
            return f"{time}  {record.msg.function_name} | {record.msg.line}"
        added = "".join(f" {name}={value}" for name, value in record.__dict__.items() if name not in _STANDARD)
        trace = "\n" + self.formatException(record.exc_info) if record.exc_info else ""
        return f"{time} {record.levelname.lower():<8} {record.getMessage()}{added}{trace}"


def _shaded(line: str, entry: Entry) -> str:
    """Dim, but for what was answered to a refused request."""
    if not entry.is_refused:
        return click.style(line, dim=True)
    before, answered, after = line.partition(entry.answered())
    colour = "red" if entry.status >= 500 else "yellow"
    return click.style(before, dim=True) + click.style(answered, fg=colour) + click.style(after, dim=True)


def configure(settings: Settings) -> None:
    """Set up the root logger of this process; again is harmless."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JSONLines() if settings.mode == "serve" else Sentences(is_coloured=sys.stderr.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    # uvicorn tells about its own starts and stops at `info`; ours is the banner.
    logging.getLogger("uvicorn").setLevel(logging.DEBUG if settings.log_level == "debug" else logging.WARNING)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
