"""Replicas of a pool on a server that is one Region (user-pools-api.md §9.11)."""

from tests.support.refusals import refused


class TestListUserPoolReplicas:
    def test_primary_alone(self, cognito, user_pool_id):
        arn = cognito.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]["Arn"]
        assert cognito.list_user_pool_replicas(UserPoolId=user_pool_id)["UserPoolReplicas"] == [
            {"RegionName": "us-east-1", "Status": "ACTIVE", "Role": "PRIMARY", "UserPoolArn": arn}
        ]


class TestCreateUserPoolReplica:
    def test_refused(self, cognito, user_pool_id):
        with refused(
            "OperationNotEnabled", "This server is one Region: a user pool has its primary replica and no other."
        ):
            cognito.create_user_pool_replica(UserPoolId=user_pool_id, RegionName="eu-west-1")


class TestUpdateUserPoolReplica:
    def test_primary_is_active_and_stays_so(self, cognito, user_pool_id):
        given = {"UserPoolId": user_pool_id, "RegionName": "us-east-1"}
        assert cognito.update_user_pool_replica(**given, Status="ACTIVE")["UserPoolReplica"]["Role"] == "PRIMARY"
        with refused("InvalidParameter", "The primary replica can be neither deactivated nor deleted."):
            cognito.update_user_pool_replica(**given, Status="INACTIVE")

    def test_unknown(self, cognito, user_pool_id):
        with refused("ResourceNotFound", "The user pool has no replica in eu-west-1."):
            cognito.update_user_pool_replica(UserPoolId=user_pool_id, RegionName="eu-west-1", Status="ACTIVE")


class TestDeleteUserPoolReplica:
    def test_primary_stays(self, cognito, user_pool_id):
        with refused("InvalidParameter", "The primary replica can be neither deactivated nor deleted."):
            cognito.delete_user_pool_replica(UserPoolId=user_pool_id, RegionName="us-east-1")

    def test_unknown(self, cognito, user_pool_id):
        with refused("ResourceNotFound", "The user pool has no replica in eu-west-1."):
            cognito.delete_user_pool_replica(UserPoolId=user_pool_id, RegionName="eu-west-1")
