"""SECRET_HASH of the public operations; the vector is that of user-pools-api.md §4.1."""

from dataclasses import dataclass

import pytest

from poolhouse.pool import secret_hash
from poolhouse.wire.exceptions import NotAuthorizedException

RIGHT = "QgeCLjIe1S+HisiX9HLLYE91zUfklvoG+exwFBMYlqY="


@dataclass
class Client:
    secrets: tuple[str, ...]
    id: str = "client123"

    @property
    def has_secret(self) -> bool:
        return bool(self.secrets)


def refusal(client: Client, given: str | None, *, is_sign_in: bool = False) -> str | None:
    with pytest.raises(NotAuthorizedException) as refused:
        secret_hash.check(client, "alice", given, is_sign_in=is_sign_in)
    return refused.value.message


@pytest.mark.parametrize("secrets", [("secret123",), ("other", "secret123"), ("secret123", "other")])
def test_any_active_secret(secrets):
    secret_hash.check(Client(secrets), "alice", RIGHT)
    assert secret_hash.fits(Client(secrets), "alice", RIGHT)
    assert not secret_hash.fits(Client(secrets), "bob", RIGHT)


def test_refusals():
    unable = "Unable to verify secret hash for client client123"
    client = Client(("secret123",))
    assert refusal(client, RIGHT[:-2] + "A=") == unable
    assert refusal(client, None) == unable
    assert refusal(client, "", is_sign_in=True) == (
        "Client client123 is configured with secret but SECRET_HASH was not received"
    )
    assert refusal(Client(()), RIGHT) == unable


def test_client_without_secret():
    secret_hash.check(Client(()), "alice", None)
    assert not secret_hash.fits(Client(()), "alice", None)
