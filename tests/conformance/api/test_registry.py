"""The table of operations is complete, and says the truth about itself."""

import inspect
import re
from pathlib import Path

import pytest

from poolhouse.api.registry import OPERATIONS
from poolhouse.wire.operations import OPERATIONS as MODELLED

WORKING = sorted(name for name, handler in OPERATIONS.items() if handler is not None)
HERE = Path(__file__).parent


def test_every_modelled_operation_has_its_row():
    assert list(OPERATIONS) == sorted(MODELLED)
    assert len(OPERATIONS) == 141


@pytest.mark.parametrize("name", WORKING)
def test_a_handler_is_named_and_typed_like_its_operation(name):
    handler = OPERATIONS[name]
    operation = MODELLED[name]
    assert handler.__name__.replace("_", "").lower() == name.lower()
    assert inspect.iscoroutinefunction(handler)
    _, request = inspect.signature(handler, eval_str=True).parameters.values()
    assert request.annotation is operation.request
    assert inspect.signature(handler, eval_str=True).return_annotation is operation.response


def test_every_working_operation_has_its_test_class():
    classes = {
        name
        for file in HERE.glob("test_*.py")
        for name in re.findall(r"^class Test(\w+)", file.read_text(), re.MULTILINE)
    }
    assert [name for name in WORKING if name not in classes] == []
