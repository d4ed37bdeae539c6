"""What a user may be asked to prove, one struct each. How they are spelled on the wire, the JSON edge knows; pages match on them."""

from typing import ClassVar

import msgspec

# The words of RespondToAuthChallenge; also what a Session is sealed for.
PASSWORD_VERIFIER = "PASSWORD_VERIFIER"
NEW_PASSWORD_REQUIRED = "NEW_PASSWORD_REQUIRED"
CUSTOM_CHALLENGE = "CUSTOM_CHALLENGE"


class PasswordVerifier(msgspec.Struct, frozen=True):
    """The second half of SRP. It has no Session: secret_block carries what the answer needs (user-pools-api.md §6.3).

    salt, b_pub: hexadecimal.  secret_block: base64.  user_id: USER_ID_FOR_SRP.
    """

    name: ClassVar[str] = PASSWORD_VERIFIER

    user_id: str
    salt: str
    b_pub: str
    secret_block: str


class NewPassword(msgspec.Struct, frozen=True):
    """The temporary password has to give way (user-pools-api.md §6.8). missing: required attributes that the user lacks.

    attributes: what the client may read of the user.
    """

    name: ClassVar[str] = NEW_PASSWORD_REQUIRED

    user_id: str
    missing: tuple[str, ...]
    attributes: dict[str, str]


class CustomChallenge(msgspec.Struct, frozen=True):
    """What the pool's CreateAuthChallenge trigger asks (user-pools-api.md §6.4). parameters: as it said, for the client."""

    name: ClassVar[str] = CUSTOM_CHALLENGE

    username: str
    parameters: dict[str, str]


Challenge = PasswordVerifier | NewPassword | CustomChallenge


class Challenged(msgspec.Struct, frozen=True):
    """One more thing to prove. session: what the answer has to bring back, or None."""

    challenge: Challenge
    session: str | None = None
