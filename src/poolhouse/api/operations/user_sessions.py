"""GlobalSignOut, AdminUserGlobalSignOut, and the sessions that a pool keeps account of."""

from poolhouse.pool.call import PoolCall, UserCall
from poolhouse.pool.tokens import sign_out, user_sessions
from poolhouse.pool.tokens.user_sessions import Session
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


async def list_user_sessions(
    call: UserCall, request: shapes.ListUserSessionsRequest
) -> shapes.ListUserSessionsResponse:
    token = call.access_token
    found = await user_sessions.list_of(call, token.user, token.origin_jti)
    return shapes.ListUserSessionsResponse(Sessions=[_described(session) for session in found])


async def admin_list_user_sessions(
    call: PoolCall, request: shapes.AdminListUserSessionsRequest
) -> shapes.AdminListUserSessionsResponse:
    found = await user_sessions.list_of(call, await users.require(call, request.Username))
    return shapes.AdminListUserSessionsResponse(Sessions=[_described(session) for session in found])


async def revoke_user_session(
    call: UserCall, request: shapes.RevokeUserSessionRequest
) -> shapes.RevokeUserSessionResponse:
    await user_sessions.revoke_own(call, request.SessionId, _reach(request.RevokeAssociatedSessions))
    return shapes.RevokeUserSessionResponse()


async def admin_revoke_user_session(
    call: PoolCall, request: shapes.AdminRevokeUserSessionRequest
) -> shapes.AdminRevokeUserSessionResponse:
    user = await users.require(call, request.Username)
    await user_sessions.revoke(call, user, request.SessionId, _reach(request.RevokeAssociatedSessions))
    return shapes.AdminRevokeUserSessionResponse()


def _reach(asked: str | None) -> user_sessions.Reach:
    return "LINKED" if asked == "LINKED" else "NONE"


def _described(session: Session) -> shapes.SessionDescriptionType:
    row = session.row
    return shapes.SessionDescriptionType(
        SessionId=row.session_id,
        SessionType="TOKEN" if row.origin_jti else "SSO",
        ClientId=row.client_id,
        CreateDate=row.created_at / 1000,
        LastActiveDate=row.active_at / 1000,
        DeviceType=row.device,
        LastIPAddress=row.ip,
        LastLocation=shapes.SessionLocationType(Country="unknown"),  # no place is looked up for an address
        OriginSessionId=row.origin_session_id or None,
        IsCurrentSession=session.is_current,
    )
