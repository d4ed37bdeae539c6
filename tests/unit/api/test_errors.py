"""How errors leave the JSON API."""

import json
import logging

import pytest

from poolhouse.api import errors
from poolhouse.wire.exceptions import InternalErrorException, InvalidParameterException


class FakeCall:
    request_id = "5f3c0f2e"
    operation = "SignUp"


def test_a_modelled_error():
    answer = errors.render(InvalidParameterException("Bad é", reason_code="X"), "id-1", {})
    assert answer.status == 400
    assert json.loads(answer.body) == {"__type": "InvalidParameterException", "message": "Bad é", "reasonCode": "X"}
    assert answer.headers == [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amzn-requestid", "id-1"),
        ("x-amzn-errortype", "InvalidParameterException:"),
        ("x-amzn-errormessage", "Bad ?"),
    ]


def test_the_private_detail_is_never_shown():
    answer = errors.render(InvalidParameterException("Bad", detail="secret"), "id-1", {"origin": "https://a"})
    assert b"secret" not in answer.body
    assert not any("secret" in value for _, value in answer.headers)
    assert ("access-control-allow-origin", "*") in answer.headers


def test_protocol_errors_are_named_like_their_class():
    assert errors.SerializationException.code == "SerializationException"
    assert errors.RequestEntityTooLargeException("x").status == 413
    assert "message" not in json.loads(errors.render(errors.UnknownOperationException(), "id", {}).body)


@pytest.mark.parametrize(
    ("message", "header"),
    [
        ("plain", "plain"),
        ("two\r\nlines: x", "two  lines: x"),
        ("é\x00\x7f", "???"),
        ("x" * 2000, "x" * 1024),
        (" a ", "a"),
    ],
)
def test_header_text(message, header):
    assert errors.header_text(message) == header


@pytest.mark.parametrize(("level", "is_shown"), [(logging.INFO, False), (logging.DEBUG, True)])
def test_an_unexpected_error_is_logged_without_what_the_caller_sent(caplog, level, is_shown):
    secret = "hunter2"
    try:
        raise KeyError(secret)
    except KeyError as caught:
        with caplog.at_level(level, "poolhouse.api"):
            error = errors.unexpected(FakeCall, caught)
    assert isinstance(error, InternalErrorException)
    assert error.status == 500
    assert error.message == "Internal error. The request id is 5f3c0f2e."
    (record,) = caplog.records
    assert (record.request_id, record.operation) == ("5f3c0f2e", "SignUp")
    assert record.getMessage().startswith("unexpected KeyError")
    assert "test_errors.py" in record.getMessage()
    assert ("'hunter2'" in caplog.text) == is_shown


def test_details_of_refusals_are_for_the_debug_log(caplog):
    with caplog.at_level(logging.DEBUG, "poolhouse.api"):
        errors.log_detail(FakeCall, InvalidParameterException("public", detail="private"))
        errors.log_detail(FakeCall, InvalidParameterException("public"))
    assert [record.getMessage() for record in caplog.records] == ["InvalidParameterException: private"]
