"""What a pool says of passkeys, read from its settings (user-pools-api.md §9.8)."""

import msgspec

from poolhouse.wire import shapes


class WebAuthnRules(msgspec.Struct, frozen=True):
    """relying_party_id: as it is set, or empty.  user_verification: required or preferred.

    satisfies_mfa: whether a passkey with user verification is two factors in one.
    """

    relying_party_id: str
    user_verification: str
    satisfies_mfa: bool


def read(config: shapes.WebAuthnConfigurationType | None) -> WebAuthnRules:
    config = config or shapes.WebAuthnConfigurationType()
    return WebAuthnRules(
        relying_party_id=config.RelyingPartyId or "",
        user_verification=config.UserVerification or "preferred",
        satisfies_mfa=config.FactorConfiguration == "MULTI_FACTOR_WITH_USER_VERIFICATION",
    )
