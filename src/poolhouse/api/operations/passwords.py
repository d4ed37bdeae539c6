"""ChangePassword, ForgotPassword, ConfirmForgotPassword, AdminResetUserPassword and AdminSetUserPassword."""

from poolhouse.pool import secret_hash
from poolhouse.pool.call import ClientCall, PoolCall, UserCall
from poolhouse.pool.users import password_changes, recovery
from poolhouse.wire import shapes


async def change_password(call: UserCall, request: shapes.ChangePasswordRequest) -> shapes.ChangePasswordResponse:
    await password_changes.change(call, request.PreviousPassword, request.ProposedPassword)
    return shapes.ChangePasswordResponse()


async def forgot_password(call: ClientCall, request: shapes.ForgotPasswordRequest) -> shapes.ForgotPasswordResponse:
    secret_hash.check(call.client, request.Username, request.SecretHash)
    return shapes.ForgotPasswordResponse(CodeDeliveryDetails=await recovery.forgot_password(call, request.Username))


async def confirm_forgot_password(
    call: ClientCall, request: shapes.ConfirmForgotPasswordRequest
) -> shapes.ConfirmForgotPasswordResponse:
    secret_hash.check(call.client, request.Username, request.SecretHash)
    await recovery.confirm_forgot_password(call, request.Username, request.ConfirmationCode, request.Password)
    return shapes.ConfirmForgotPasswordResponse()


async def admin_reset_user_password(
    call: PoolCall, request: shapes.AdminResetUserPasswordRequest
) -> shapes.AdminResetUserPasswordResponse:
    await recovery.reset_by_admin(call, request.Username)
    return shapes.AdminResetUserPasswordResponse()


async def admin_set_user_password(
    call: PoolCall, request: shapes.AdminSetUserPasswordRequest
) -> shapes.AdminSetUserPasswordResponse:
    await password_changes.set_by_admin(call, request.Username, request.Password, is_permanent=bool(request.Permanent))
    return shapes.AdminSetUserPasswordResponse()
