"""PostConfirmation: told that a user is confirmed, or has set a new password by a code. Its error reaches whoever called, and the
user stays confirmed (DOC)."""

from typing import Literal

from poolhouse.pool.call import PoolCall
from poolhouse.pool.triggers import invocation
from poolhouse.storage.users import User


async def fire(call: PoolCall, user: User, source: Literal["ConfirmSignUp", "ConfirmForgotPassword"]) -> None:
    """After the write that has confirmed the user. Raises invocation.REFUSALS."""
    arn = call.user_pool.triggers.post_confirmation
    if not arn:
        return
    request = invocation.with_metadata(
        {"userAttributes": invocation.user_attributes(call, user)}, call.client_context.metadata
    )
    name = f"PostConfirmation_{source}"
    await invocation.invoke(call, arn, name, user.username, request, {}, invocation.Nothing)
