"""Tags of user pools, by ARN."""

from typing import Any

import pytest

from tests.support.expected import refused, refused_parameter, refused_pool
from tests.support.pools import Pools

PREFIX = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/"
MISSING = "us-east-1_Missing00"


@pytest.fixture
def arn(pools: Pools) -> str:
    return PREFIX + pools.user_pool(UserPoolTags={"team": "blue", "stage": "test"})


def tags(cognito: Any, arn: str) -> dict[str, str]:
    return cognito.list_tags_for_resource(ResourceArn=arn)["Tags"]


class TestTagResource:
    def test_tags_are_added_and_replaced(self, cognito: Any, arn: str) -> None:
        answer = cognito.tag_resource(ResourceArn=arn, Tags={"team": "red", "owner": "", "größe": "☃"})
        assert set(answer) == {"ResponseMetadata"}
        expected = {"team": "red", "stage": "test", "owner": "", "größe": "☃"}
        assert tags(cognito, arn) == expected
        pool = cognito.describe_user_pool(UserPoolId=arn.removeprefix(PREFIX))["UserPool"]
        assert pool["UserPoolTags"] == expected

    def test_fifty_are_the_most(self, cognito: Any, arn: str) -> None:
        cognito.tag_resource(ResourceArn=arn, Tags={f"t{n}": "x" for n in range(48)})
        with refused_parameter("A user pool can have at most 50 tags."):
            cognito.tag_resource(ResourceArn=arn, Tags={"one more": "x"})
        assert len(tags(cognito, arn)) == 50

    def test_settings_of_poolhouse_are_checked(self, cognito: Any, arn: str) -> None:
        cognito.tag_resource(ResourceArn=arn, Tags={"poolhouse:password_storage": "argon2id"})
        with refused_parameter("The tag poolhouse:password_storage must be one of: verifier, argon2id."):
            cognito.tag_resource(ResourceArn=arn, Tags={"poolhouse:password_storage": "plain"})
        with refused_parameter("The tag _custom_id_ can only be set when the user pool is created."):
            cognito.tag_resource(ResourceArn=arn, Tags={"_custom_id_": "local_other"})
        with refused_parameter("Tag keys can not begin with aws:."):
            cognito.tag_resource(ResourceArn=arn, Tags={"aws:x": "x"})

    def test_an_arn_of_no_pool_is_not_found(self, cognito: Any, arn: str) -> None:
        with refused_pool(MISSING):
            cognito.tag_resource(ResourceArn=PREFIX + MISSING, Tags={"x": "y"})
        for wrong in ("arn:aws:s3:us-east-1:000000000000:bucket/x", arn.replace("us-east-1:0", "eu-west-1:0")):
            with refused("ResourceNotFoundException"):
                cognito.tag_resource(ResourceArn=wrong, Tags={"x": "y"})


class TestUntagResource:
    def test_only_the_named_tags_go(self, cognito: Any, arn: str) -> None:
        answer = cognito.untag_resource(ResourceArn=arn, TagKeys=["team", "never set"])
        assert set(answer) == {"ResponseMetadata"}
        assert tags(cognito, arn) == {"stage": "test"}

    def test_an_arn_of_no_pool_is_not_found(self, cognito: Any) -> None:
        with refused_pool(MISSING):
            cognito.untag_resource(ResourceArn=PREFIX + MISSING, TagKeys=["x"])


class TestListTagsForResource:
    def test_a_pool_without_tags_has_an_empty_map(self, cognito: Any, user_pool_id: str) -> None:
        assert tags(cognito, PREFIX + user_pool_id) == {}

    def test_an_arn_of_no_pool_is_not_found(self, cognito: Any) -> None:
        with refused_pool(MISSING):
            cognito.list_tags_for_resource(ResourceArn=PREFIX + MISSING)
        with refused("ResourceNotFoundException"):
            cognito.list_tags_for_resource(ResourceArn="arn:aws:s3:us-east-1:000000000000:bucket/x")
