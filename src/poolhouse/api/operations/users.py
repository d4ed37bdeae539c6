"""Users: created, read, changed, searched and deleted, by themselves and by administrators."""

from poolhouse.api.operations import mfa_preferences
from poolhouse.pool.call import PoolCall, UserCall
from poolhouse.pool.users import attribute_changes, attributes, invitations, user_search, users
from poolhouse.storage.users import User
from poolhouse.wire import shapes

# -- by the users themselves


async def get_user(call: UserCall, request: shapes.GetUserRequest) -> shapes.GetUserResponse:
    token = call.access_token
    return shapes.GetUserResponse(
        Username=token.user.username,
        UserAttributes=attributes.on_wire(token.user, token.client.readable),
        MFAOptions=mfa_preferences.options(token.user),
        **mfa_preferences.settings(token.user),
    )


async def update_user_attributes(
    call: UserCall, request: shapes.UpdateUserAttributesRequest
) -> shapes.UpdateUserAttributesResponse:
    sent = await attribute_changes.update_own(call, attributes.given(request.UserAttributes))
    return shapes.UpdateUserAttributesResponse(CodeDeliveryDetailsList=sent)


async def delete_user_attributes(
    call: UserCall, request: shapes.DeleteUserAttributesRequest
) -> shapes.DeleteUserAttributesResponse:
    await attribute_changes.delete_own(call, request.UserAttributeNames)
    return shapes.DeleteUserAttributesResponse()


async def get_user_attribute_verification_code(
    call: UserCall, request: shapes.GetUserAttributeVerificationCodeRequest
) -> shapes.GetUserAttributeVerificationCodeResponse:
    delivery = await attribute_changes.send_code(call, request.AttributeName)
    return shapes.GetUserAttributeVerificationCodeResponse(CodeDeliveryDetails=delivery)


async def verify_user_attribute(
    call: UserCall, request: shapes.VerifyUserAttributeRequest
) -> shapes.VerifyUserAttributeResponse:
    await attribute_changes.verify(call, request.AttributeName, request.Code)
    return shapes.VerifyUserAttributeResponse()


async def delete_user(call: UserCall, request: shapes.DeleteUserRequest) -> None:
    await users.delete(call, call.access_token.user)


# -- by administrators


async def admin_create_user(call: PoolCall, request: shapes.AdminCreateUserRequest) -> shapes.AdminCreateUserResponse:
    password = request.TemporaryPassword or None
    mediums = request.DesiredDeliveryMediums or ("SMS",)
    if request.MessageAction == "RESEND":
        user = await invitations.invite_again(call, request.Username, password, mediums)
    else:
        user = await invitations.create(
            call,
            request.Username,
            attributes.given(request.UserAttributes),
            password,
            steals_aliases=bool(request.ForceAliasCreation),
            mediums=() if request.MessageAction == "SUPPRESS" else mediums,
            validation_data=attributes.validation_data(request.ValidationData),
        )
    return shapes.AdminCreateUserResponse(User=as_user_type(user))


async def admin_get_user(call: PoolCall, request: shapes.AdminGetUserRequest) -> shapes.AdminGetUserResponse:
    user = await users.require(call, request.Username)
    return shapes.AdminGetUserResponse(
        Username=user.username,
        UserAttributes=attributes.on_wire(user),
        UserCreateDate=user.created_at / 1000,
        UserLastModifiedDate=user.updated_at / 1000,
        Enabled=user.is_enabled,
        UserStatus=user.status,
        MFAOptions=mfa_preferences.options(user),
        **mfa_preferences.settings(user),
    )


async def admin_update_user_attributes(
    call: PoolCall, request: shapes.AdminUpdateUserAttributesRequest
) -> shapes.AdminUpdateUserAttributesResponse:
    await attribute_changes.update_by_admin(call, request.Username, attributes.given(request.UserAttributes))
    return shapes.AdminUpdateUserAttributesResponse()


async def admin_delete_user_attributes(
    call: PoolCall, request: shapes.AdminDeleteUserAttributesRequest
) -> shapes.AdminDeleteUserAttributesResponse:
    await attribute_changes.delete_by_admin(call, request.Username, request.UserAttributeNames)
    return shapes.AdminDeleteUserAttributesResponse()


async def admin_enable_user(call: PoolCall, request: shapes.AdminEnableUserRequest) -> shapes.AdminEnableUserResponse:
    await users.enable(call, await users.require(call, request.Username))
    return shapes.AdminEnableUserResponse()


async def admin_disable_user(
    call: PoolCall, request: shapes.AdminDisableUserRequest
) -> shapes.AdminDisableUserResponse:
    await users.disable(call, await users.require(call, request.Username))
    return shapes.AdminDisableUserResponse()


async def admin_delete_user(call: PoolCall, request: shapes.AdminDeleteUserRequest) -> None:
    await users.delete(call, await users.require(call, request.Username))


# -- ListUsers


async def list_users(call: PoolCall, request: shapes.ListUsersRequest) -> shapes.ListUsersResponse:
    shown = request.AttributesToGet or []
    page = await user_search.list_users(call, request.Filter, request.Limit, request.PaginationToken, shown)
    return shapes.ListUsersResponse(
        Users=[as_user_type(user, frozenset(shown) if shown else None) for user in page.users],
        PaginationToken=page.next_token,
    )


def as_user_type(user: User, shown: frozenset[str] | None = None) -> shapes.UserType:
    """The element of ListUsers and ListUsersInGroup. shown: only these attributes, without sub; None: all."""
    listed = attributes.on_wire(user, shown)
    return shapes.UserType(
        Username=user.username,
        Attributes=listed if shown is None else listed[1:],
        UserCreateDate=user.created_at / 1000,
        UserLastModifiedDate=user.updated_at / 1000,
        Enabled=user.is_enabled,
        UserStatus=user.status,
    )
