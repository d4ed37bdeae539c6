"""Where log lines go and how they look: standard error; plain sentences in `dev`, one JSON object a line in `serve`."""

import logging
import sys
from datetime import UTC, datetime

import msgspec

from poolhouse.config import Settings

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
        line.update((name, value) for name, value in record.__dict__.items() if name not in _STANDARD)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


class Sentences(logging.Formatter):
    """`12:00:00 warning  The sentence.` and what the caller added behind it."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        added = "".join(f" {name}={value}" for name, value in record.__dict__.items() if name not in _STANDARD)
        trace = "\n" + self.formatException(record.exc_info) if record.exc_info else ""
        return f"{time} {record.levelname.lower():<8} {record.getMessage()}{added}{trace}"


def configure(settings: Settings) -> None:
    """Set up the root logger of this process; again is harmless."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JSONLines() if settings.mode == "serve" else Sentences())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    # uvicorn tells about its own starts and stops at `info`; ours is the banner.
    logging.getLogger("uvicorn").setLevel(logging.DEBUG if settings.log_level == "debug" else logging.WARNING)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
