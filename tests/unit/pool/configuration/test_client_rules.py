"""What an app client's settings mean (user-pools-api.md §4.1)."""

import pytest

from poolhouse.pool.configuration import client_rules
from poolhouse.wire import shapes
from poolhouse.wire.shapes import UserPoolClientType as Settings

UNITS = shapes.TokenValidityUnitsType


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        (None, client_rules.DEFAULT_AUTH_FLOWS),
        ([], client_rules.DEFAULT_AUTH_FLOWS),
        (["ALLOW_USER_SRP_AUTH"], {"ALLOW_USER_SRP_AUTH"}),
        (["ADMIN_NO_SRP_AUTH"], {"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"}),
        (["USER_PASSWORD_AUTH"], {"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"}),
        (["CUSTOM_AUTH_FLOW_ONLY"], {"ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}),
    ],
)
def test_auth_flows(flows, expected):
    assert client_rules.auth_flows(Settings(ExplicitAuthFlows=flows)) == expected


@pytest.mark.parametrize(
    ("settings", "access", "identity", "refresh"),
    [
        (Settings(), 3600, 3600, 30 * 86_400),
        (Settings(AccessTokenValidity=2, IdTokenValidity=3, RefreshTokenValidity=4), 7200, 10_800, 4 * 86_400),
        (Settings(RefreshTokenValidity=0), 3600, 3600, 30 * 86_400),
        (
            Settings(
                AccessTokenValidity=5,
                IdTokenValidity=600,
                RefreshTokenValidity=90,
                TokenValidityUnits=UNITS(AccessToken="minutes", IdToken="seconds", RefreshToken="minutes"),
            ),
            300,
            600,
            5400,
        ),
        (
            Settings(AccessTokenValidity=1, RefreshTokenValidity=2, TokenValidityUnits=UNITS(AccessToken="days")),
            86_400,
            3600,
            2 * 86_400,
        ),
    ],
)
def test_lifetimes(settings, access, identity, refresh):
    assert client_rules.access_ttl_seconds(settings) == access
    assert client_rules.id_ttl_seconds(settings) == identity
    assert client_rules.refresh_ttl_seconds(settings) == refresh


def test_attributes():
    schema = dict.fromkeys(
        ["sub", "email", "email_verified", "name", "custom:x", "dev:y"], shapes.SchemaAttributeType()
    )
    assert client_rules.readable(Settings(), schema) == {
        "sub",
        "identities",
        "email",
        "email_verified",
        "name",
        "custom:x",
    }
    assert client_rules.writable(Settings(), schema) == {"email", "name", "custom:x"}
    chosen = Settings(ReadAttributes=["name"], WriteAttributes=["name", "email_verified"])
    assert client_rules.readable(chosen, schema) == {"name", "identities"}
    assert client_rules.writable(chosen, schema) == {"name"}
