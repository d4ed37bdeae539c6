"""Log lines: one JSON object a line in `serve`, sentences in `dev`; what the caller adds is in the line."""

import json
import logging
import sys

from poolhouse.cli import logs
from poolhouse.triggers.local_files import Printed


def record(message, *arguments, exc_info=None, **extra):
    made = logging.LogRecord("poolhouse", logging.WARNING, "file.py", 1, message, arguments, exc_info)
    made.__dict__.update(extra)
    return made


def failure():
    try:
        raise ValueError("broken")
    except ValueError:
        return sys.exc_info()


def test_a_json_line_has_time_level_message_and_what_was_added():
    line = json.loads(logs.JSONLines().format(record("slow %s", "query", request_id="r-1", user_pool_id="p")))
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "poolhouse",
        "message": "slow query",
        "request_id": "r-1",
        "user_pool_id": "p",
    }


def test_a_json_line_stays_one_line_with_a_traceback():
    text = logs.JSONLines().format(record("failed\nbadly", exc_info=failure()))
    assert "\n" not in text
    assert "ValueError: broken" in json.loads(text)["traceback"]


def test_what_json_cannot_say_is_written_as_text():
    assert "object" in json.loads(logs.JSONLines().format(record("x", odd=object())))["odd"]


def test_a_sentence_shows_what_was_added_and_the_traceback():
    text = logs.Sentences().format(record("failed", exc_info=failure(), request_id="r-1"))
    assert " warning  failed request_id=r-1\n" in text
    assert text.endswith("ValueError: broken")


def test_what_a_function_prints_is_readable_in_a_terminal_and_whole_in_json():
    printed = record(Printed("arn:aws:lambda:eu-west-1:123456789012:function:claims", "  File"), request_id="r-1")
    assert logs.Sentences().format(printed)[8:] == "  claims |   File"
    line = json.loads(logs.JSONLines().format(printed))
    assert (line["message"], line["request_id"]) == (
        "arn:aws:lambda:eu-west-1:123456789012:function:claims:   File",
        "r-1",
    )
