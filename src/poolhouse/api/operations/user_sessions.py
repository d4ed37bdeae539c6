"""GlobalSignOut and AdminUserGlobalSignOut."""

from poolhouse.pool.call import PoolCall, UserCall
from poolhouse.pool.tokens import sign_out
from poolhouse.pool.users import users
from poolhouse.wire import shapes


async def global_sign_out(call: UserCall, _request: shapes.GlobalSignOutRequest) -> shapes.GlobalSignOutResponse:
    await sign_out.sign_out_everywhere(call, call.access_token.user)
    return shapes.GlobalSignOutResponse()


async def admin_user_global_sign_out(
    call: PoolCall, request: shapes.AdminUserGlobalSignOutRequest
) -> shapes.AdminUserGlobalSignOutResponse:
    await sign_out.sign_out_everywhere(call, await users.require(call, request.Username))
    return shapes.AdminUserGlobalSignOutResponse()
