"""SignUp, ConfirmSignUp, AdminConfirmSignUp and ResendConfirmationCode."""

from poolhouse.pool import secret_hash
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.sign_in import auto_sign_in
from poolhouse.pool.users import attributes
from poolhouse.pool.users import sign_up as core
from poolhouse.wire import shapes


async def sign_up(call: ClientCall, request: shapes.SignUpRequest) -> shapes.SignUpResponse:
    secret_hash.check(call.client, request.Username, request.SecretHash)
    values = attributes.given(request.UserAttributes)
    validation_data = attributes.validation_data(request.ValidationData)
    signed_up = await core.sign_up(call, request.Username, request.Password, values, validation_data)
    return shapes.SignUpResponse(
        UserConfirmed=signed_up.is_confirmed,
        CodeDeliveryDetails=signed_up.delivery,
        UserSub=signed_up.sub,
        Session=auto_sign_in.begin(call, signed_up.user),
    )


async def confirm_sign_up(call: ClientCall, request: shapes.ConfirmSignUpRequest) -> shapes.ConfirmSignUpResponse:
    secret_hash.check(call.client, request.Username, request.SecretHash)
    auto_sign_in.check(call, request.Session)
    confirmed, attribute = await core.confirm_by_code(
        call, request.Username, request.ConfirmationCode, steals_aliases=bool(request.ForceAliasCreation)
    )
    return shapes.ConfirmSignUpResponse(Session=auto_sign_in.go_on(call, confirmed, attribute))


async def admin_confirm_sign_up(
    call: PoolCall, request: shapes.AdminConfirmSignUpRequest
) -> shapes.AdminConfirmSignUpResponse:
    await core.admin_confirm_sign_up(call, request.Username)
    return shapes.AdminConfirmSignUpResponse()


async def resend_confirmation_code(
    call: ClientCall, request: shapes.ResendConfirmationCodeRequest
) -> shapes.ResendConfirmationCodeResponse:
    secret_hash.check(call.client, request.Username, request.SecretHash)
    delivery = await core.resend_confirmation_code(call, request.Username)
    return shapes.ResendConfirmationCodeResponse(CodeDeliveryDetails=delivery)
