"""What the tiers of a pool lack, where `tiers = strict` (user-pools-api.md §3.2); otherwise every tier has all."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.pools import Pools, unique
from tests.support.refusals import refused
from tests.support.server import starter

ARN = "arn:aws:lambda:us-east-1:000000000000:function:f"
SES = "arn:aws:ses:us-east-1:000000000000:identity/a@example.com"
GROUP = {"CloudWatchLogsConfiguration": {"LogGroupArn": "arn:aws:logs:us-east-1:000000000000:log-group:g"}}
ACTIVITY = {"LogLevel": "INFO", "EventSource": "userAuthEvents", **GROUP}
NOTIFICATIONS = {"LogLevel": "ERROR", "EventSource": "userNotification", **GROUP}
CHOICES = {"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}
HISTORY = {"Policies": {"PasswordPolicy": {"PasswordHistorySize": 3}}}
WATCHED = {"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}
EMAIL = {"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": SES}}

FEATURES = [
    ({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}}, "Passwordless sign-in"),
    (HISTORY, "Password history"),
    (
        {"LambdaConfig": {"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": ARN}}},
        "Access token customization",
    ),
    ({"AcrConfiguration": {"Level1": {"AcrValue": "bronze"}}}, "Custom ACR names"),
    ({"DcrConfiguration": {}}, "Dynamic client registration"),
    (WATCHED, "Threat protection"),
]


def email_mfa(cognito: Any, pool: str) -> None:
    cognito.set_user_pool_mfa_config(UserPoolId=pool, MfaConfiguration="ON", EmailMfaConfiguration={"Subject": "Code"})


def track(cognito: Any, pool: str) -> None:
    cognito.set_user_pool_session_configuration(
        UserPoolId=pool, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 20}
    )


def managed_login(cognito: Any, pool: str) -> None:
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=unique("d"), ManagedLoginVersion=2)


def export_activity(cognito: Any, pool: str) -> None:
    cognito.set_log_delivery_configuration(UserPoolId=pool, LogConfigurations=[ACTIVITY])


def choices(cognito: Any, pool: str) -> None:
    cognito.create_user_pool_client(UserPoolId=pool, ClientName="x", **CHOICES)


BESIDE = [
    (email_mfa, "Email MFA"),
    (track, "Session management"),
    (managed_login, "Managed login"),
    (export_activity, "User activity log export"),
    (choices, "Choice-based sign-in"),
]


@pytest.fixture(scope="module")
def strict(
    new_database_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Any, Pools]]:
    with starter(new_database_url, tmp_path_factory) as start:
        cognito = start("--tiers", "strict").client()
        yield cognito, Pools(cognito)


class TestStrict:
    @pytest.mark.parametrize(("settings", "feature"), FEATURES)
    def test_a_pool_has_what_its_tier_has(self, strict, settings, feature):
        with refused("FeatureUnavailableInTier", f"{feature} is not available in the LITE tier."):
            strict[0].create_user_pool(PoolName="refused", UserPoolTier="LITE", **settings)

    @pytest.mark.parametrize(("turn_on", "feature"), BESIDE)
    def test_so_has_what_stands_beside_its_settings(self, strict, turn_on, feature):
        pool = strict[1].user_pool(UserPoolTier="LITE", **EMAIL)
        with refused("FeatureUnavailableInTier", f"{feature} is not available in the LITE tier."):
            turn_on(strict[0], pool)

    def test_an_update(self, strict):
        cognito, pools = strict
        pool, prefix = pools.user_pool(UserPoolTier="LITE"), unique("p")
        client_id = pools.client_id(pool)
        cognito.create_user_pool_domain(UserPoolId=pool, Domain=prefix)
        with refused("FeatureUnavailableInTier"):
            cognito.update_user_pool_domain(UserPoolId=pool, Domain=prefix, ManagedLoginVersion=2)
        with refused("FeatureUnavailableInTier"):
            cognito.update_user_pool_client(UserPoolId=pool, ClientId=client_id, **CHOICES)
        with refused("FeatureUnavailableInTier", "Password history is not available in the LITE tier."):
            cognito.update_user_pool(UserPoolId=pool, UserPoolTier="LITE", **HISTORY)

    def test_a_client_has_no_browser_session_of_its_own(self, strict):
        cognito, pools = strict
        pool = pools.user_pool(UserPoolTier="LITE")
        with refused("FeatureUnavailableInTier"):
            cognito.set_user_pool_client_session_configuration(
                UserPoolId=pool, ClientId=pools.client_id(pool), SSOSession={"MaxValidityMinutes": 5}
            )

    def test_activity_is_of_the_plus_tier_and_notifications_of_any(self, strict):
        cognito, pools = strict
        pool = pools.user_pool()
        with refused("FeatureUnavailableInTier"):
            export_activity(cognito, pool)
        cognito.set_log_delivery_configuration(UserPoolId=pool, LogConfigurations=[NOTIFICATIONS])

    def test_a_lower_tier_waits_for_its_features_to_be_off(self, strict):
        cognito, pools = strict
        pool = pools.user_pool(**WATCHED)
        tracked = pools.user_pool()
        track(cognito, tracked)
        managed = pools.user_pool()
        managed_login(cognito, managed)
        exporting = pools.user_pool(UserPoolTier="PLUS")
        export_activity(cognito, exporting)
        for lowered, more, feature in (
            (pool, WATCHED, "Threat protection"),
            (pool, HISTORY, "Password history"),
            (tracked, {}, "Session management"),
            (managed, {}, "Managed login"),
            (exporting, {}, "User activity log export"),
        ):
            text = f"The user pool uses {feature}, which is not available in the LITE tier."
            with refused("TierChangeNotAllowed", text):
                cognito.update_user_pool(UserPoolId=lowered, UserPoolTier="LITE", **more)
        cognito.update_user_pool(UserPoolId=pool, UserPoolTier="LITE")
        assert cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["UserPoolTier"] == "LITE"


class TestFree:
    @pytest.mark.parametrize("settings", [settings for settings, _ in FEATURES])
    def test_a_pool_has_every_feature(self, cognito, pools, settings):
        pool = pools.user_pool(UserPoolTier="LITE", **settings)
        assert cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["UserPoolTier"] == "LITE"

    def test_so_has_what_stands_beside_its_settings(self, cognito, pools):
        pool = pools.user_pool(UserPoolTier="LITE", **EMAIL)
        for turn_on, _ in BESIDE:
            turn_on(cognito, pool)
        cognito.update_user_pool(UserPoolId=pool, UserPoolTier="LITE", **EMAIL)
