"""The JavaScript libraries that front ends use, unchanged, in node."""

import pytest

from tests.support import node
from tests.support.pools import unique

pytestmark = pytest.mark.node

WRONG = "Wrong-Horse-1"
INCORRECT = "Incorrect username or password."


class TestAmazonCognitoIdentityJS:
    def run(self, server, user_pool_id, client_id, username, password):
        return node.run(
            "amazon-cognito-identity-js/sign_in",
            endpoint=server.url,
            userPoolId=user_pool_id,
            clientId=client_id,
            username=username,
            password=password,
            newPassword="Permanent-1",
        )

    def test_srp_sign_in_attributes_refresh_and_sign_out(self, server, user_pool_id, client_id, user):
        result = self.run(server, user_pool_id, client_id, user.username, user.password)
        assert "error" not in result, result
        assert result["attributes"]["email"] == user.email
        assert result["refreshedAccessToken"] != result["accessToken"]

    def test_wrong_password_is_refused(self, server, user_pool_id, client_id, user):
        result = self.run(server, user_pool_id, client_id, user.username, WRONG)
        assert (result["error"]["code"], result["error"]["message"]) == ("NotAuthorizedException", INCORRECT)

    def test_first_sign_in_of_an_invited_user(self, server, cognito, user_pool_id, client_id):
        name = unique()
        cognito.admin_create_user(
            UserPoolId=user_pool_id, Username=name, TemporaryPassword="Temporary-1", MessageAction="SUPPRESS"
        )
        assert "accessToken" in self.run(server, user_pool_id, client_id, name, "Temporary-1")


def test_sdk_v3_walk(server):
    result = node.run("aws-sdk-js/walk", endpoint=server.url, password="Correct-Horse-1")
    assert "error" not in result, result
    assert result["isDate"]
    assert result["wrong"] == {"name": "NotAuthorizedException", "message": INCORRECT, "isTyped": True}
    assert (result["username"], result["listed"], result["refreshed"]) == ("ada", ["ada"], True)
    assert result["revoked"] == "NotAuthorizedException"
