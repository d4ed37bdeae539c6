"""PreAuthentication and PostAuthentication: before the proof of a sign-in is looked at, and after all is proven."""

from collections.abc import Mapping

from poolhouse.pool.call import ClientCall
from poolhouse.pool.triggers import invocation
from poolhouse.storage.users import User


async def before(call: ClientCall, user: User | None, name: str) -> None:
    """PreAuthentication. user: None for somebody who does not exist, where the client hides that (DOC).

    name: what was typed, folded, or the username. Raises invocation.REFUSALS.
    """
    arn = call.user_pool.triggers.pre_authentication
    if not arn:
        return
    request = {
        "userAttributes": {} if user is None else invocation.user_attributes(call, user),
        "validationData": call.client_context.metadata,  # DOC: ClientMetadata of InitiateAuth comes so
        "userNotFound": user is None,
    }
    await invocation.invoke(call, arn, "PreAuthentication_Authentication", name, request, {}, invocation.Nothing)


async def after(call: ClientCall, user: User, metadata: Mapping[str, str] | None) -> None:
    """PostAuthentication, of a pool that has it. metadata: of an answer to a challenge (DOC). Raises invocation.REFUSALS."""
    asked: dict[str, object] = {"userAttributes": invocation.user_attributes(call, user)}
    if call.user_pool.settings.DeviceConfiguration is not None:
        asked["newDeviceUsed"] = True  # DOC: only with device tracking; no device can be remembered yet
    request = invocation.with_metadata(asked, metadata)
    arn = call.user_pool.triggers.post_authentication
    await invocation.invoke(
        call, arn, "PostAuthentication_Authentication", user.username, request, {}, invocation.Nothing
    )
