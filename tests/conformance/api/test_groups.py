"""Groups and their members through the API."""

import base64
import json
from typing import Any

import pytest

from tests.support.expected import refused, refused_parameter, refused_pool
from tests.support.pools import NewUser, Pools, unique

MISSING_POOL = "us-east-1_Missing00"
ROLE = "arn:aws:iam::123456789012:role/staff"


def not_found() -> Any:
    return refused("ResourceNotFoundException", "Group not found.")


def no_user() -> Any:
    return refused("UserNotFoundException", "User does not exist.")


@pytest.fixture
def group(cognito: Any, user_pool_id: str) -> str:
    name = unique("group")
    cognito.create_group(UserPoolId=user_pool_id, GroupName=name, Description="Staff", RoleArn=ROLE, Precedence=5)
    return name


def add(cognito: Any, user_pool_id: str, group: str, username: str) -> None:
    cognito.admin_add_user_to_group(UserPoolId=user_pool_id, GroupName=group, Username=username)


def members(cognito: Any, user_pool_id: str, group: str) -> list[str]:
    answer = cognito.list_users_in_group(UserPoolId=user_pool_id, GroupName=group)
    return [user["Username"] for user in answer["Users"]]


class TestCreateGroup:
    def test_it_is_answered_whole(self, cognito: Any, user_pool_id: str) -> None:
        name = unique("group")
        made = cognito.create_group(
            UserPoolId=user_pool_id, GroupName=name, Description="Staff", RoleArn=ROLE, Precedence=0
        )["Group"]
        assert made.pop("CreationDate") == made.pop("LastModifiedDate")
        assert made == {
            "GroupName": name,
            "UserPoolId": user_pool_id,
            "Description": "Staff",
            "RoleArn": ROLE,
            "Precedence": 0,
        }

    def test_what_was_not_sent_is_left_out(self, cognito: Any, user_pool_id: str) -> None:
        made = cognito.create_group(UserPoolId=user_pool_id, GroupName=unique("group"))["Group"]
        assert made.keys() == {"GroupName", "UserPoolId", "CreationDate", "LastModifiedDate"}

    def test_a_name_is_taken_once_in_a_pool(self, cognito: Any, user_pool_id: str, group: str, pools: Pools) -> None:
        with refused("GroupExistsException", "A group with the name already exists"):
            cognito.create_group(UserPoolId=user_pool_id, GroupName=group)
        cognito.create_group(UserPoolId=pools.user_pool(), GroupName=group)

    def test_the_precedence_is_not_negative(self, unchecked_cognito: Any, user_pool_id: str) -> None:
        with refused_parameter(
            "1 validation error detected: Value '-1' at 'precedence' failed to satisfy constraint: "
            "Member must have value greater than or equal to 0"
        ):
            unchecked_cognito.create_group(UserPoolId=user_pool_id, GroupName="x", Precedence=-1)

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.create_group(UserPoolId=MISSING_POOL, GroupName="x")


class TestGetGroup:
    def test_it_is_described(self, cognito: Any, user_pool_id: str, group: str) -> None:
        found = cognito.get_group(UserPoolId=user_pool_id, GroupName=group)["Group"]
        assert (found["GroupName"], found["Description"], found["RoleArn"], found["Precedence"]) == (
            group,
            "Staff",
            ROLE,
            5,
        )

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str, group: str) -> None:
        with not_found():
            cognito.get_group(UserPoolId=user_pool_id, GroupName=group.upper())
        with refused_pool(MISSING_POOL):
            cognito.get_group(UserPoolId=MISSING_POOL, GroupName=group)


class TestUpdateGroup:
    def test_what_is_sent_changes_and_the_rest_stays(self, cognito: Any, user_pool_id: str, group: str) -> None:
        before = cognito.get_group(UserPoolId=user_pool_id, GroupName=group)["Group"]
        answer = cognito.update_group(UserPoolId=user_pool_id, GroupName=group, Precedence=0)["Group"]
        assert answer["LastModifiedDate"] >= before["LastModifiedDate"]
        assert answer == {**before, "Precedence": 0, "LastModifiedDate": answer["LastModifiedDate"]}
        other = cognito.update_group(UserPoolId=user_pool_id, GroupName=group, Description="", RoleArn=ROLE + "2")[
            "Group"
        ]
        assert (other["Description"], other["RoleArn"], other["Precedence"]) == ("", ROLE + "2", 0)

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str) -> None:
        with not_found():
            cognito.update_group(UserPoolId=user_pool_id, GroupName="unknown", Precedence=1)
        with refused_pool(MISSING_POOL):
            cognito.update_group(UserPoolId=MISSING_POOL, GroupName="unknown")


class TestDeleteGroup:
    def test_memberships_go_with_it(self, cognito: Any, user_pool_id: str, group: str, user: NewUser) -> None:
        add(cognito, user_pool_id, group, user.username)
        cognito.delete_group(UserPoolId=user_pool_id, GroupName=group)
        with not_found():
            cognito.get_group(UserPoolId=user_pool_id, GroupName=group)
        assert cognito.admin_list_groups_for_user(UserPoolId=user_pool_id, Username=user.username)["Groups"] == []
        # A group of the same name begins empty.
        cognito.create_group(UserPoolId=user_pool_id, GroupName=group)
        assert members(cognito, user_pool_id, group) == []

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str) -> None:
        with not_found():
            cognito.delete_group(UserPoolId=user_pool_id, GroupName="unknown")
        with refused_pool(MISSING_POOL):
            cognito.delete_group(UserPoolId=MISSING_POOL, GroupName="unknown")


class TestListGroups:
    def test_every_group_appears_once_over_all_pages(self, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool()
        made = [cognito.create_group(UserPoolId=user_pool_id, GroupName=f"g{n}")["Group"] for n in range(5)]
        paginator = cognito.get_paginator("list_groups")
        pages = list(paginator.paginate(UserPoolId=user_pool_id, PaginationConfig={"PageSize": 2}))
        assert [len(page["Groups"]) for page in pages] == [2, 2, 1]
        assert [group for page in pages for group in page["Groups"]] == made
        assert len(cognito.list_groups(UserPoolId=user_pool_id, Limit=0)["Groups"]) == 5

    def test_a_foreign_token_is_refused(self, cognito: Any, user_pool_id: str) -> None:
        with refused_parameter("Invalid pagination token"):
            cognito.list_groups(UserPoolId=user_pool_id, NextToken="garbage")

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.list_groups(UserPoolId=MISSING_POOL)


class TestAdminAddUserToGroup:
    def test_twice_is_once(self, cognito: Any, user_pool_id: str, group: str, user: NewUser) -> None:
        add(cognito, user_pool_id, group, user.username)
        add(cognito, user_pool_id, group, user.username)
        assert members(cognito, user_pool_id, group) == [user.username]

    def test_a_user_may_be_named_by_sub(self, cognito: Any, user_pool_id: str, group: str, user: NewUser) -> None:
        add(cognito, user_pool_id, group, user.sub)
        assert members(cognito, user_pool_id, group) == [user.username]

    def test_tokens_name_groups_by_precedence_then_name(
        self, cognito: Any, user_pool_id: str, client_id: str, user: NewUser, pools: Pools
    ) -> None:
        names = [unique(letter) for letter in "abcd"]
        for name, precedence in zip(names, (None, 7, 3, 7), strict=True):
            given = {} if precedence is None else {"Precedence": precedence}
            cognito.create_group(UserPoolId=user_pool_id, GroupName=name, **given)
            add(cognito, user_pool_id, name, user.username)
        payload = pools.sign_in(client_id, user)["AccessToken"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        assert claims["cognito:groups"] == [names[2], names[1], names[3], names[0]]

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str, group: str, user: NewUser) -> None:
        with not_found():
            add(cognito, user_pool_id, "unknown", user.username)
        with no_user():
            add(cognito, user_pool_id, group, "unknown")
        with refused_pool(MISSING_POOL):
            add(cognito, MISSING_POOL, group, user.username)


class TestAdminRemoveUserFromGroup:
    def test_twice_is_once(self, cognito: Any, user_pool_id: str, group: str, user: NewUser) -> None:
        add(cognito, user_pool_id, group, user.username)
        for _ in range(2):
            cognito.admin_remove_user_from_group(UserPoolId=user_pool_id, GroupName=group, Username=user.username)
            assert members(cognito, user_pool_id, group) == []

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str, group: str, user: NewUser) -> None:
        with not_found():
            cognito.admin_remove_user_from_group(UserPoolId=user_pool_id, GroupName="unknown", Username=user.username)
        with no_user():
            cognito.admin_remove_user_from_group(UserPoolId=user_pool_id, GroupName=group, Username="unknown")
        with refused_pool(MISSING_POOL):
            cognito.admin_remove_user_from_group(UserPoolId=MISSING_POOL, GroupName=group, Username=user.username)


class TestAdminListGroupsForUser:
    def test_the_strongest_come_first_over_all_pages(self, cognito: Any, user_pool_id: str, user: NewUser) -> None:
        names = {(precedence, letter): unique(letter) for precedence in (None, 0, 2) for letter in "ab"}
        for (precedence, _), name in names.items():
            given = {} if precedence is None else {"Precedence": precedence}
            cognito.create_group(UserPoolId=user_pool_id, GroupName=name, **given)
            add(cognito, user_pool_id, name, user.username)
        paginator = cognito.get_paginator("admin_list_groups_for_user")
        for size in (1, 2, 4):
            pages = paginator.paginate(
                UserPoolId=user_pool_id, Username=user.username, PaginationConfig={"PageSize": size}
            )
            listed = [group["GroupName"] for page in pages for group in page["Groups"]]
            assert listed == [names[p, letter] for p in (0, 2, None) for letter in "ab"]

    def test_a_token_of_another_user_is_refused(
        self, cognito: Any, user_pool_id: str, user: NewUser, pools: Pools
    ) -> None:
        for name in (unique("a"), unique("b")):
            cognito.create_group(UserPoolId=user_pool_id, GroupName=name)
            add(cognito, user_pool_id, name, user.username)
        page = cognito.admin_list_groups_for_user(UserPoolId=user_pool_id, Username=user.username, Limit=1)
        with refused_parameter("Invalid pagination token"):
            cognito.admin_list_groups_for_user(
                UserPoolId=user_pool_id, Username=pools.user(user_pool_id).username, NextToken=page["NextToken"]
            )

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str) -> None:
        with no_user():
            cognito.admin_list_groups_for_user(UserPoolId=user_pool_id, Username="unknown")
        with refused_pool(MISSING_POOL):
            cognito.admin_list_groups_for_user(UserPoolId=MISSING_POOL, Username="unknown")


class TestListUsersInGroup:
    def test_every_member_appears_once_over_all_pages(
        self, cognito: Any, user_pool_id: str, group: str, pools: Pools
    ) -> None:
        made = sorted(pools.user(user_pool_id).username for _ in range(5))
        for username in made:
            add(cognito, user_pool_id, group, username)
        paginator = cognito.get_paginator("list_users_in_group")
        pages = list(paginator.paginate(UserPoolId=user_pool_id, GroupName=group, PaginationConfig={"PageSize": 2}))
        assert [len(page["Users"]) for page in pages] == [2, 2, 1]
        assert [user["Username"] for page in pages for user in page["Users"]] == made

    def test_an_element_is_that_of_list_users(self, cognito: Any, user_pool_id: str, group: str, user: NewUser) -> None:
        add(cognito, user_pool_id, group, user.username)
        [member] = cognito.list_users_in_group(UserPoolId=user_pool_id, GroupName=group)["Users"]
        [listed] = cognito.list_users(UserPoolId=user_pool_id, Filter=f'username = "{user.username}"')["Users"]
        assert member == listed
        assert member["Attributes"][0] == {"Name": "sub", "Value": user.sub}

    def test_a_deleted_user_is_no_member(self, cognito: Any, user_pool_id: str, group: str, user: NewUser) -> None:
        add(cognito, user_pool_id, group, user.username)
        cognito.admin_delete_user(UserPoolId=user_pool_id, Username=user.username)
        assert members(cognito, user_pool_id, group) == []

    def test_a_token_of_another_group_is_refused(
        self, cognito: Any, user_pool_id: str, group: str, pools: Pools
    ) -> None:
        for _ in range(2):
            add(cognito, user_pool_id, group, pools.user(user_pool_id).username)
        page = cognito.list_users_in_group(UserPoolId=user_pool_id, GroupName=group, Limit=1)
        other = unique("group")
        cognito.create_group(UserPoolId=user_pool_id, GroupName=other)
        with refused_parameter("Invalid pagination token"):
            cognito.list_users_in_group(UserPoolId=user_pool_id, GroupName=other, NextToken=page["NextToken"])

    def test_unknown_ones_do_not_exist(self, cognito: Any, user_pool_id: str) -> None:
        with not_found():
            cognito.list_users_in_group(UserPoolId=user_pool_id, GroupName="unknown")
        with refused_pool(MISSING_POOL):
            cognito.list_users_in_group(UserPoolId=MISSING_POOL, GroupName="unknown")
