"""SECRET_HASH."""

from pycognito.aws_srp import AWSSRP

from poolhouse.crypto.secret_hash import matches, secret_hash

# Origin: specification user-pools-api.md §4.1.
VECTOR = "QgeCLjIe1S+HisiX9HLLYE91zUfklvoG+exwFBMYlqY="


def test_vector():
    assert secret_hash("secret123", "alice", "client123") == VECTOR


def test_agrees_with_another_client():
    for username in ("alice", "älice@example.com", ""):
        assert secret_hash("s3cret", username, "client") == AWSSRP.get_secret_hash(username, "client", "s3cret")


def test_any_of_the_active_secrets_will_do():
    assert matches(VECTOR, ["secret123"], "alice", "client123")
    assert matches(VECTOR, ["other", "secret123"], "alice", "client123")
    assert matches(VECTOR, ["secret123", "other"], "alice", "client123")


def test_everything_else_is_refused():
    assert not matches(VECTOR, [], "alice", "client123")
    assert not matches(VECTOR, ["other"], "alice", "client123")
    assert not matches(VECTOR, ["secret123"], "Alice", "client123")
    for wrong in ("", VECTOR[:-1], VECTOR + "=", VECTOR.lower(), "é", "\ud800"):
        assert not matches(wrong, ["secret123"], "alice", "client123")
