"""Groups and their members."""

from poolhouse.api.operations.users import as_user_type
from poolhouse.pool.call import PoolCall
from poolhouse.pool.users import groups
from poolhouse.storage.groups import Group
from poolhouse.wire import shapes

DEFAULT_PAGE = 60  # An absent Limit, and 0.


def _group_type(group: Group) -> shapes.GroupType:
    return shapes.GroupType(
        GroupName=group.name,
        UserPoolId=group.user_pool_id,
        Description=group.description,
        RoleArn=group.role_arn,
        Precedence=group.precedence,
        LastModifiedDate=group.updated_at / 1000,
        CreationDate=group.created_at / 1000,
    )


async def create_group(call: PoolCall, request: shapes.CreateGroupRequest) -> shapes.CreateGroupResponse:
    group = await groups.create(call, request.GroupName, request.Description, request.RoleArn, request.Precedence)
    return shapes.CreateGroupResponse(Group=_group_type(group))


async def get_group(call: PoolCall, request: shapes.GetGroupRequest) -> shapes.GetGroupResponse:
    return shapes.GetGroupResponse(
        Group=_group_type(await groups.require(call.db, call.user_pool.id, request.GroupName))
    )


async def update_group(call: PoolCall, request: shapes.UpdateGroupRequest) -> shapes.UpdateGroupResponse:
    group = await groups.update(call, request.GroupName, request.Description, request.RoleArn, request.Precedence)
    return shapes.UpdateGroupResponse(Group=_group_type(group))


async def delete_group(call: PoolCall, request: shapes.DeleteGroupRequest) -> None:
    await groups.delete(call, request.GroupName)


async def list_groups(call: PoolCall, request: shapes.ListGroupsRequest) -> shapes.ListGroupsResponse:
    page, next_token = await groups.list_page(call, request.Limit or DEFAULT_PAGE, request.NextToken)
    return shapes.ListGroupsResponse(Groups=[_group_type(group) for group in page], NextToken=next_token)


async def admin_add_user_to_group(call: PoolCall, request: shapes.AdminAddUserToGroupRequest) -> None:
    await groups.add_user(call, request.GroupName, request.Username)


async def admin_remove_user_from_group(call: PoolCall, request: shapes.AdminRemoveUserFromGroupRequest) -> None:
    await groups.remove_user(call, request.GroupName, request.Username)


async def admin_list_groups_for_user(
    call: PoolCall, request: shapes.AdminListGroupsForUserRequest
) -> shapes.AdminListGroupsForUserResponse:
    limit = request.Limit or DEFAULT_PAGE
    page, next_token = await groups.list_for_user_page(call, request.Username, limit, request.NextToken)
    return shapes.AdminListGroupsForUserResponse(Groups=[_group_type(group) for group in page], NextToken=next_token)


async def list_users_in_group(
    call: PoolCall, request: shapes.ListUsersInGroupRequest
) -> shapes.ListUsersInGroupResponse:
    limit = request.Limit or DEFAULT_PAGE
    page, next_token = await groups.list_members_page(call, request.GroupName, limit, request.NextToken)
    return shapes.ListUsersInGroupResponse(Users=[as_user_type(user) for user in page], NextToken=next_token)
