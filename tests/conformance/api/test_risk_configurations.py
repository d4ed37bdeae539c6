"""What a pool or a client wants of threat protection, through the API."""

from typing import Any

import pytest

from tests.support.expected import refused, refused_parameter, refused_pool
from tests.support.pools import Pools

MISSING_POOL = "us-east-1_Missing00"
AUDIT = {"AdvancedSecurityMode": "AUDIT"}
COMPROMISED = {"EventFilter": ["SIGN_IN", "SIGN_UP"], "Actions": {"EventAction": "BLOCK"}}
NOTIFY = {
    "From": "Shop <shop@example.com>",
    "ReplyTo": "help@example.com",
    "SourceArn": "arn:aws:ses:us-east-1:000000000000:identity/example.com",
    "BlockEmail": {"Subject": "Blocked", "HtmlBody": "<p>Blocked</p>", "TextBody": "Blocked"},
    "NoActionEmail": {"Subject": "New sign-in", "HtmlBody": "<p>New sign-in</p>"},
    "MfaEmail": {"Subject": "Code needed", "TextBody": "Code needed"},
}
TAKEOVER = {
    "NotifyConfiguration": NOTIFY,
    "Actions": {
        "LowAction": {"Notify": False, "EventAction": "NO_ACTION"},
        "MediumAction": {"Notify": True, "EventAction": "MFA_IF_CONFIGURED"},
        "HighAction": {"Notify": True, "EventAction": "BLOCK"},
    },
}
EXCEPTIONS = {"BlockedIPRangeList": ["192.0.2.0/24"], "SkippedIPRangeList": ["198.51.100.7/32", "2001:db8::/32"]}
EVERYTHING: dict[str, Any] = {
    "CompromisedCredentialsRiskConfiguration": COMPROMISED,
    "AccountTakeoverRiskConfiguration": TAKEOVER,
    "RiskExceptionConfiguration": EXCEPTIONS,
}


@pytest.fixture(scope="module")
def watched(pools: Pools) -> str:
    """A pool with threat protection."""
    return pools.user_pool(UserPoolAddOns=AUDIT)


def described(cognito: Any, user_pool_id: str, **of: str) -> dict[str, Any]:
    found: dict[str, Any] = cognito.describe_risk_configuration(UserPoolId=user_pool_id, **of)["RiskConfiguration"]
    return found


class TestSetRiskConfiguration:
    def test_all_of_it_is_kept_for_the_pool(self, cognito: Any, watched: str) -> None:
        answer = cognito.set_risk_configuration(UserPoolId=watched, **EVERYTHING)["RiskConfiguration"]
        assert answer.pop("LastModifiedDate")
        assert answer == {"UserPoolId": watched, **EVERYTHING}
        found = described(cognito, watched)
        assert found.pop("LastModifiedDate")
        assert found == answer

    def test_it_replaces_what_was_there(self, cognito: Any, watched: str) -> None:
        cognito.set_risk_configuration(UserPoolId=watched, **EVERYTHING)
        cognito.set_risk_configuration(UserPoolId=watched, RiskExceptionConfiguration=EXCEPTIONS)
        assert described(cognito, watched).keys() == {"UserPoolId", "RiskExceptionConfiguration", "LastModifiedDate"}

    def test_the_pool_alone_brings_its_defaults_back(self, cognito: Any, watched: str) -> None:
        cognito.set_risk_configuration(UserPoolId=watched, **EVERYTHING)
        answer = cognito.set_risk_configuration(UserPoolId=watched)["RiskConfiguration"]
        assert answer.keys() == {"UserPoolId", "LastModifiedDate"}
        assert described(cognito, watched) == {"UserPoolId": watched}

    def test_a_client_has_its_own(self, cognito: Any, pools: Pools, watched: str) -> None:
        client_id = pools.client_id(watched)
        cognito.set_risk_configuration(UserPoolId=watched)
        cognito.set_risk_configuration(
            UserPoolId=watched, ClientId=client_id, CompromisedCredentialsRiskConfiguration=COMPROMISED
        )
        found = described(cognito, watched, ClientId=client_id)
        assert found["ClientId"] == client_id
        assert found["CompromisedCredentialsRiskConfiguration"] == COMPROMISED
        assert described(cognito, watched) == {"UserPoolId": watched}
        cognito.set_risk_configuration(UserPoolId=watched, ClientId=client_id)
        assert described(cognito, watched, ClientId=client_id) == {"UserPoolId": watched, "ClientId": client_id}

    def test_a_pool_without_threat_protection_refuses(self, cognito: Any, user_pool_id: str) -> None:
        with refused("UserPoolAddOnNotEnabledException", "User pool add-on is not enabled."):
            cognito.set_risk_configuration(UserPoolId=user_pool_id, **EVERYTHING)

    @pytest.mark.parametrize("given", ["192.0.2.1", "192.0.2.0/33", "example.com/24", ""])
    @pytest.mark.parametrize("member", ["BlockedIPRangeList", "SkippedIPRangeList"])
    def test_a_range_is_written_in_cidr(self, cognito: Any, watched: str, member: str, given: str) -> None:
        with refused_parameter(f"{given} is not a valid IP address range in CIDR notation."):
            cognito.set_risk_configuration(UserPoolId=watched, RiskExceptionConfiguration={member: [given]})

    def test_two_hundred_ranges_are_the_most(self, unchecked_cognito: Any, watched: str) -> None:
        ranges = [f"10.0.{number}.0/24" for number in range(201)]
        with refused_parameter():
            unchecked_cognito.set_risk_configuration(
                UserPoolId=watched, RiskExceptionConfiguration={"BlockedIPRangeList": ranges}
            )
        unchecked_cognito.set_risk_configuration(
            UserPoolId=watched, RiskExceptionConfiguration={"BlockedIPRangeList": ranges[:200]}
        )

    def test_who_is_to_be_told_has_to_be_told_by_somebody(self, cognito: Any, watched: str) -> None:
        actions = {"HighAction": {"Notify": True, "EventAction": "BLOCK"}}
        with refused_parameter("NotifyConfiguration is required when Notify is true."):
            cognito.set_risk_configuration(UserPoolId=watched, AccountTakeoverRiskConfiguration={"Actions": actions})

    @pytest.mark.parametrize(
        ("changed", "text"),
        [
            ({"From": "nobody"}, "From in NotifyConfiguration is not a valid email address."),
            ({"ReplyTo": "a b@example"}, "ReplyTo in NotifyConfiguration is not a valid email address."),
            ({"MfaEmail": {"Subject": "x"}}, "MfaEmail needs an HtmlBody or a TextBody."),
        ],
    )
    def test_messages_can_be_sent(self, cognito: Any, watched: str, changed: dict[str, Any], text: str) -> None:
        takeover = {**TAKEOVER, "NotifyConfiguration": {**NOTIFY, **changed}}
        with refused_parameter(text):
            cognito.set_risk_configuration(UserPoolId=watched, AccountTakeoverRiskConfiguration=takeover)

    def test_an_unknown_client_does_not_exist(self, cognito: Any, pools: Pools, watched: str) -> None:
        other = pools.client_id(pools.user_pool())
        for client_id in ("missing", other):
            with refused("ResourceNotFoundException", f"User pool client {client_id} does not exist."):
                cognito.set_risk_configuration(UserPoolId=watched, ClientId=client_id, **EVERYTHING)

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.set_risk_configuration(UserPoolId=MISSING_POOL)


class TestDescribeRiskConfiguration:
    def test_what_was_never_set_is_nobodys_but_the_pools(self, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool(UserPoolAddOns=AUDIT)
        assert described(cognito, user_pool_id) == {"UserPoolId": user_pool_id}

    def test_a_client_that_was_deleted_leaves_nothing(self, cognito: Any, pools: Pools, watched: str) -> None:
        client_id = pools.client_id(watched)
        cognito.set_risk_configuration(UserPoolId=watched, ClientId=client_id, **EVERYTHING)
        cognito.delete_user_pool_client(UserPoolId=watched, ClientId=client_id)
        with refused("ResourceNotFoundException", f"User pool client {client_id} does not exist."):
            described(cognito, watched, ClientId=client_id)

    def test_it_outlives_an_update_of_the_pool(self, cognito: Any, pools: Pools) -> None:
        user_pool_id = pools.user_pool(UserPoolAddOns=AUDIT)
        cognito.set_risk_configuration(UserPoolId=user_pool_id, **EVERYTHING)
        cognito.update_user_pool(UserPoolId=user_pool_id)
        with refused("UserPoolAddOnNotEnabledException", "User pool add-on is not enabled."):
            described(cognito, user_pool_id)
        cognito.update_user_pool(UserPoolId=user_pool_id, UserPoolAddOns=AUDIT)
        assert described(cognito, user_pool_id)["RiskExceptionConfiguration"] == EXCEPTIONS

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.describe_risk_configuration(UserPoolId=MISSING_POOL)
