"""ConfirmDevice, GetDevice, ListDevices, UpdateDeviceStatus, ForgetDevice, and the last four by administrators."""

from poolhouse.pool.call import PoolCall, UserCall
from poolhouse.pool.users import devices, users
from poolhouse.storage.devices import DeviceRow
from poolhouse.wire import shapes

# -- by the users themselves


async def confirm_device(call: UserCall, request: shapes.ConfirmDeviceRequest) -> shapes.ConfirmDeviceResponse:
    name = request.DeviceName or ""
    asks_user = await devices.confirm(call, request.DeviceKey, request.DeviceSecretVerifierConfig, name)
    return shapes.ConfirmDeviceResponse(UserConfirmationNecessary=asks_user)


async def get_device(call: UserCall, request: shapes.GetDeviceRequest) -> shapes.GetDeviceResponse:
    row = await devices.require(call, call.access_token.user, request.DeviceKey)
    return shapes.GetDeviceResponse(Device=as_device_type(row))


async def list_devices(call: UserCall, request: shapes.ListDevicesRequest) -> shapes.ListDevicesResponse:
    rows, token = await devices.list_page(call, call.access_token.user, request.Limit, request.PaginationToken)
    return shapes.ListDevicesResponse(Devices=[as_device_type(row) for row in rows], PaginationToken=token)


async def update_device_status(
    call: UserCall, request: shapes.UpdateDeviceStatusRequest
) -> shapes.UpdateDeviceStatusResponse:
    await devices.set_status(call, call.access_token.user, request.DeviceKey, request.DeviceRememberedStatus)
    return shapes.UpdateDeviceStatusResponse()


async def forget_device(call: UserCall, request: shapes.ForgetDeviceRequest) -> None:
    await devices.forget(call, call.access_token.user, request.DeviceKey)


# -- by administrators


async def admin_get_device(call: PoolCall, request: shapes.AdminGetDeviceRequest) -> shapes.AdminGetDeviceResponse:
    row = await devices.require(call, await users.require_declared(call, request.Username), request.DeviceKey)
    return shapes.AdminGetDeviceResponse(Device=as_device_type(row))


async def admin_list_devices(
    call: PoolCall, request: shapes.AdminListDevicesRequest
) -> shapes.AdminListDevicesResponse:
    user = await users.require_declared(call, request.Username)
    rows, token = await devices.list_page(call, user, request.Limit, request.PaginationToken)
    return shapes.AdminListDevicesResponse(Devices=[as_device_type(row) for row in rows], PaginationToken=token)


async def admin_update_device_status(
    call: PoolCall, request: shapes.AdminUpdateDeviceStatusRequest
) -> shapes.AdminUpdateDeviceStatusResponse:
    user = await users.require(call, request.Username)
    await devices.set_status(call, user, request.DeviceKey, request.DeviceRememberedStatus)
    return shapes.AdminUpdateDeviceStatusResponse()


async def admin_forget_device(call: PoolCall, request: shapes.AdminForgetDeviceRequest) -> None:
    await devices.forget(call, await users.require(call, request.Username), request.DeviceKey)


def as_device_type(row: DeviceRow) -> shapes.DeviceType:
    # user-pools-api.md §6.10: which attributes there are, GUESS+.
    told = {
        "device_status": "valid",
        "device_name": row.name,
        "last_ip_used": row.last_ip,
        "dev:device_remembered_status": "remembered" if row.is_remembered else "not_remembered",
    }
    return shapes.DeviceType(
        DeviceKey=row.device_key,
        DeviceAttributes=[shapes.AttributeType(Name=name, Value=value) for name, value in told.items() if value],
        DeviceCreateDate=row.created_at / 1000,
        DeviceLastModifiedDate=row.updated_at / 1000,
        DeviceLastAuthenticatedDate=row.authenticated_at / 1000,
    )
