"""UserMigration: another directory knows somebody whom the pool does not (user-pools-api.md §7.3)."""

from typing import Any

import msgspec

from poolhouse.pool.call import ClientCall
from poolhouse.pool.triggers import invocation


class Found(msgspec.Struct, rename="camel"):
    """What the trigger says of them; without attributes they are found nowhere.

    The pool does not write to them whatever message_action and desired_delivery_mediums say (docs/triggers.md).
    """

    user_attributes: dict[str, str] | None = None
    final_user_status: str | None = None
    message_action: str | None = None
    desired_delivery_mediums: list[str] | None = None
    force_alias_creation: bool | None = None
    enable_sms_mfa: bool | None = msgspec.field(default=None, name="enableSMSMFA")

    @property
    def status(self) -> str:
        """DOC: RESET_REQUIRED unless it says CONFIRMED."""
        return "CONFIRMED" if self.final_user_status == "CONFIRMED" else "RESET_REQUIRED"


_RESPONSE = {
    "userAttributes": None,
    "finalUserStatus": None,
    "messageAction": None,
    "desiredDeliveryMediums": None,
    "forceAliasCreation": None,
    "enableSMSMFA": None,
}


async def at_sign_in(call: ClientCall, username: str, password: str) -> Found:
    """username: as it was typed. Raises invocation.REFUSALS."""
    return await _fire(
        call, "Authentication", username, {"password": password, "validationData": call.client_context.metadata}
    )


async def at_forgot_password(call: ClientCall, username: str) -> Found:
    """As at_sign_in; there is no password."""
    request = invocation.with_metadata({"validationData": None}, call.client_context.metadata)
    return await _fire(call, "ForgotPassword", username, request)


async def _fire(call: ClientCall, source: str, username: str, request: dict[str, Any]) -> Found:
    arn, name = call.user_pool.triggers.user_migration, f"UserMigration_{source}"
    return await invocation.invoke(call, arn, name, username, request, _RESPONSE, Found)
