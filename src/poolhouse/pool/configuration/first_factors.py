"""What a pool lets its users begin a sign-in with (user-pools-api.md §3.2)."""

from collections.abc import Sequence

from poolhouse.wire import shapes

PASSWORD = "PASSWORD"  # the factor, not a secret


def allowed(policies: shapes.UserPoolPolicyType | None) -> Sequence[str]:
    """AllowedFirstAuthFactors; the password alone where none are named."""
    policy = policies.SignInPolicy if policies is not None else None
    return (policy.AllowedFirstAuthFactors if policy is not None else None) or (PASSWORD,)


def passwordless(policies: shapes.UserPoolPolicyType | None) -> list[str]:
    """Those of them that are no password."""
    return [factor for factor in allowed(policies) if factor != PASSWORD]
