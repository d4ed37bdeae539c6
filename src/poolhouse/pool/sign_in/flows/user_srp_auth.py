"""USER_SRP_AUTH: SRP-6a, in which the password never leaves the client (user-pools-api.md §6.3): the first half."""

from poolhouse.crypto import srp
from poolhouse.crypto.identifiers import uuid4
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.sign_in import candidates, secret_blocks
from poolhouse.pool.sign_in.challenges import Challenged, PasswordVerifier
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.sign_in.secret_blocks import GROUP_BYTES, SecretBlock
from poolhouse.pool.triggers import authentication
from poolhouse.pool.users import attributes
from poolhouse.wire import exceptions as errors

_SCALAR_BYTES = 32  # b and u


async def begin(call: ClientCall, parameters: Parameters, *, flow: str = "USER_SRP_AUTH") -> Challenged:
    """PASSWORD_VERIFIER, for a user who does not exist too (RFC 5054 §2.5.1.3).

    Raises InvalidParameterException (SRP_A is no number, or 0 mod N; or the pool keeps no verifiers).
    """
    username, a_pub = required(parameters, "USERNAME"), public_a(call, required(parameters, "SRP_A"))
    candidate = await candidates.find(call, username)
    await authentication.before(call, candidate.user, candidate.name)
    return Challenged(challenge(call, candidate, username, a_pub, flow=flow))


def public_a(call: PoolCall, srp_a: str) -> int:
    """Raises InvalidParameterException: as begin."""
    if call.user_pool.password_storage == "argon2id":
        raise errors.InvalidParameterException(texts.FLOW_NOT_ENABLED, "USER_SRP_AUTH")
    try:
        return srp.parse_public(srp_a)
    except srp.SRPError as error:
        raise errors.InvalidParameterException(texts.INVALID_SRP_A, detail=str(error)) from error


def challenge(
    call: ClientCall, candidate: candidates.Candidate, username: str, a_pub: int, *, flow: str = "USER_SRP_AUTH"
) -> PasswordVerifier:
    """What the client has to answer. username: as it was typed."""
    user = candidate.user
    salt, v = secret_blocks.verifier(call, user, candidate.name)
    b, g_b = call.house.batches.ephemeral()
    b_pub = srp.public_b(g_b, v)
    user_id = _fake_user_id(call, candidate.name) if user is None else user.username
    block = SecretBlock(
        client_id=call.client.id,
        user_id=user_id,
        is_known=user is not None,
        name=call.user_pool.fold(username),
        a_pub=a_pub.to_bytes(max(GROUP_BYTES, (a_pub.bit_length() + 7) // 8), "big"),
        b=b.to_bytes(_SCALAR_BYTES, "big"),
        u=srp.scrambler(a_pub, b_pub).to_bytes(_SCALAR_BYTES, "big"),
        expires_at=call.now + call.client.auth_session_ttl_seconds,
        nonce=call.random(16),
        flow=flow,
    )
    return PasswordVerifier(
        user_id=user_id, salt=srp.salt_hex(salt), b_pub=f"{b_pub:x}", secret_block=secret_blocks.seal(call, block)
    )


def _fake_user_id(call: PoolCall, name: str) -> str:
    """USER_ID_FOR_SRP of a name that nobody has: what a user of that name would have.

    The guide promises a UUID in any case; where users are named by what they type, that alone would tell the stranger.
    """
    pool = call.user_pool
    is_alias = bool(pool.alias_attributes) and (attributes.is_email(name) or attributes.is_phone_number(name))
    return uuid4(pool.lasting_mac("fake_user_id", name)[:16]) if pool.username_attributes or is_alias else name
