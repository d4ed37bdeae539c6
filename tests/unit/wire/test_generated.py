"""The generated wire layer is what its generator writes now, complete, and keeps secrets out of reprs."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from poolhouse.errors import CognitoError
from poolhouse.wire import exceptions, shapes
from poolhouse.wire.operations import OPERATIONS

ROOT = Path(__file__).parents[3]


def test_the_committed_files_are_what_the_generator_writes():
    command = [sys.executable, str(ROOT / "tools" / "generate_wire.py"), "--check"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout[:2000]


def test_the_counts_of_the_model():
    by_class = {}
    for operation in OPERATIONS.values():
        by_class.setdefault(operation.authorisation, []).append(operation.name)
    assert {name: len(operations) for name, operations in by_class.items()} == {
        "sigv4": 105,
        "optional": 2,
        "access_token": 24,
        "public": 10,
    }
    assert sum(operation.response is None for operation in OPERATIONS.values()) == 13
    assert len([c for c in vars(exceptions).values() if isinstance(c, type) and issubclass(c, CognitoError)]) == 60


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.name)
def test_every_structure_can_be_decoded(operation):
    # Building the decoder resolves all annotations below the structure.
    msgspec.json.Decoder(operation.request)
    if operation.response is not None:
        msgspec.json.Decoder(operation.response)


def test_absent_members_are_not_encoded():
    assert (
        msgspec.json.encode(shapes.UserType(Username="jane", Enabled=False)) == b'{"Username":"jane","Enabled":false}'
    )


def test_sensitive_members_are_not_printed():
    request = shapes.SignUpRequest(
        ClientId="client",
        Username="jane",
        Password="hunter2",
        UserAttributes=[shapes.AttributeType(Name="email", Value="a@b")],
    )
    assert repr(request) == (
        "SignUpRequest(ClientId='***', Username='***', Password='***', UserAttributes=[AttributeType(Name='email', Value='***')])"
    )
    assert "hunter2" not in f"{request} {request.__rich_repr__()}"


def test_faults_are_500():
    assert exceptions.InternalErrorException.status == 500
    assert exceptions.InternalServerException.status == 500
    assert exceptions.NotAuthorizedException.status == 400
    assert exceptions.NotAuthorizedException("x").code == "NotAuthorizedException"
