"""Domains of user pools through the API, and that they are served at once."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.expected import refused_parameter, refused_pool
from tests.support.pools import Pools, unique
from tests.support.server import Server

MISSING_POOL = "us-east-1_Missing00"
CERTIFICATE = {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/one"}
OTHER_CERTIFICATE = {
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/two",
    "SecurityPolicy": "TLS_V1_2_2021",
}
FAILOVER = {"Failover": {"SecondaryRegion": "us-west-2", "PrimaryRoute53HealthCheckId": "check"}}
BAD_PREFIX = (
    "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. "
    "Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$"
)
NO_SUCH = "No such domain or user pool exists."


@pytest.fixture
def bare_pool_id(cognito: Any, user_pool_id: str) -> Iterator[str]:
    """The pool of the file, with no domain before and after."""
    yield user_pool_id
    pool = cognito.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]
    for member in ("Domain", "CustomDomain"):
        if member in pool:
            cognito.delete_user_pool_domain(UserPoolId=user_pool_id, Domain=pool[member])


def custom_name() -> str:
    return f"{unique('auth')}.example.com"


class TestCreateUserPoolDomain:
    def test_a_prefix_works_at_once(self, cognito: Any, server: Server, bare_pool_id: str) -> None:
        prefix = unique("p")
        answer = cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix)
        del answer["ResponseMetadata"]
        assert answer == {"ManagedLoginVersion": 1}
        answer = server.http.get("/logout", headers={"host": f"{prefix}.auth.localhost:{server.port}"})
        assert answer.status_code != 404

    def test_a_custom_domain_stands_beside_a_prefix(self, cognito: Any, bare_pool_id: str) -> None:
        custom = custom_name()
        cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=unique("p"))
        answer = cognito.create_user_pool_domain(
            UserPoolId=bare_pool_id,
            Domain=custom,
            CustomDomainConfig=CERTIFICATE,
            ManagedLoginVersion=2,
            Routing=FAILOVER,
        )
        del answer["ResponseMetadata"]
        assert answer == {"ManagedLoginVersion": 2, "CloudFrontDomain": "localhost", "Routing": FAILOVER}

    def test_one_of_each_kind_is_the_most(self, cognito: Any, bare_pool_id: str) -> None:
        cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=unique("p"))
        with refused_parameter("User pool already has a domain configured."):
            cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=unique("p"))
        cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=custom_name(), CustomDomainConfig=CERTIFICATE)
        with refused_parameter("User pool already has a domain configured."):
            cognito.create_user_pool_domain(
                UserPoolId=bare_pool_id, Domain=custom_name(), CustomDomainConfig=CERTIFICATE
            )

    def test_a_name_belongs_to_one_pool(self, cognito: Any, bare_pool_id: str, pools: Pools) -> None:
        prefix = unique("p")
        cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix)
        with refused_parameter("Domain already associated with another user pool."):
            cognito.create_user_pool_domain(UserPoolId=pools.user_pool(), Domain=prefix)

    @pytest.mark.parametrize("prefix", ["-a", "a-", "A", "a_b", "a.b", "auth.example.com", "é", "a b", "a\n"])
    def test_a_prefix_has_its_characters(self, unchecked_cognito: Any, user_pool_id: str, prefix: str) -> None:
        with refused_parameter(BAD_PREFIX):
            unchecked_cognito.create_user_pool_domain(UserPoolId=user_pool_id, Domain=prefix)

    def test_a_prefix_has_at_most_63_characters(self, unchecked_cognito: Any, user_pool_id: str) -> None:
        with refused_parameter(
            f"1 validation error detected: Value '{'a' * 64}' at 'domain' failed to satisfy constraint: "
            "Member must have length less than or equal to 63"
        ):
            unchecked_cognito.create_user_pool_domain(UserPoolId=user_pool_id, Domain="a" * 64)

    @pytest.mark.parametrize(
        ("prefix", "word"), [("my-aws-app", "aws"), ("amazonia", "amazon"), ("xcognitox", "cognito")]
    )
    def test_reserved_words_are_refused(self, cognito: Any, user_pool_id: str, prefix: str, word: str) -> None:
        with refused_parameter(f"Domain cannot contain reserved word: {word}"):
            cognito.create_user_pool_domain(UserPoolId=user_pool_id, Domain=prefix)

    @pytest.mark.parametrize(
        "custom",
        ["nodot", "a..b", "Auth.example.com", "-a.example.com", "a.example.com.", "p.auth.localhost", "auth.localhost"],
    )
    def test_a_custom_domain_is_a_name_of_its_own(self, cognito: Any, user_pool_id: str, custom: str) -> None:
        with refused_parameter("Custom domain is not a valid subdomain"):
            cognito.create_user_pool_domain(UserPoolId=user_pool_id, Domain=custom, CustomDomainConfig=CERTIFICATE)

    def test_routing_is_for_custom_domains(self, cognito: Any, user_pool_id: str) -> None:
        with refused_parameter("Routing is only supported for custom domains."):
            cognito.create_user_pool_domain(UserPoolId=user_pool_id, Domain=unique("p"), Routing=FAILOVER)

    def test_managed_login_has_two_versions(self, cognito: Any, user_pool_id: str) -> None:
        for version in (0, 3):
            with refused_parameter("ManagedLoginVersion must be 1 or 2."):
                cognito.create_user_pool_domain(
                    UserPoolId=user_pool_id, Domain=unique("p"), ManagedLoginVersion=version
                )

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.create_user_pool_domain(UserPoolId=MISSING_POOL, Domain=unique("p"))


class TestDescribeUserPoolDomain:
    def test_a_prefix(self, cognito: Any, bare_pool_id: str) -> None:
        """Issue 5 exactness 5: with an empty CustomDomainConfig, and S3Bucket."""
        prefix = unique("p")
        cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix)
        found = cognito.describe_user_pool_domain(Domain=prefix)["DomainDescription"]
        assert re.fullmatch(r"20[0-9]{12}", found.pop("Version"))
        assert found == {
            "UserPoolId": bare_pool_id,
            "AWSAccountId": "000000000000",
            "Domain": prefix,
            "S3Bucket": "aws-cognito-prod-iad-assets",
            "CloudFrontDistribution": "localhost",
            "Status": "ACTIVE",
            "CustomDomainConfig": {},
            "ManagedLoginVersion": 1,
        }
        # It is no custom domain for that: an update may not make it one, and its answer names no CloudFront domain.
        answer = cognito.update_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix)
        assert "CloudFrontDomain" not in answer

    def test_a_custom_domain(self, cognito: Any, bare_pool_id: str) -> None:
        custom = custom_name()
        cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=custom, CustomDomainConfig=CERTIFICATE)
        found = cognito.describe_user_pool_domain(Domain=custom)["DomainDescription"]
        assert (found["Domain"], found["CustomDomainConfig"]) == (custom, CERTIFICATE)

    def test_an_unknown_domain_has_an_empty_description(self, cognito: Any) -> None:
        assert cognito.describe_user_pool_domain(Domain=unique("p"))["DomainDescription"] == {}


class TestUpdateUserPoolDomain:
    def test_what_is_sent_changes_and_the_rest_stays(self, cognito: Any, bare_pool_id: str) -> None:
        custom = custom_name()
        cognito.create_user_pool_domain(
            UserPoolId=bare_pool_id, Domain=custom, CustomDomainConfig=CERTIFICATE, ManagedLoginVersion=2
        )
        answer = cognito.update_user_pool_domain(
            UserPoolId=bare_pool_id, Domain=custom, CustomDomainConfig=OTHER_CERTIFICATE
        )
        assert (answer["ManagedLoginVersion"], answer["CloudFrontDomain"]) == (2, "localhost")
        cognito.update_user_pool_domain(UserPoolId=bare_pool_id, Domain=custom, ManagedLoginVersion=1, Routing=FAILOVER)
        found = cognito.describe_user_pool_domain(Domain=custom)["DomainDescription"]
        assert found["CustomDomainConfig"] == OTHER_CERTIFICATE
        assert (found["ManagedLoginVersion"], found["Routing"]) == (1, FAILOVER)

    def test_a_prefix_has_no_certificate_and_no_routing(self, cognito: Any, bare_pool_id: str) -> None:
        prefix = unique("p")
        cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix)
        with refused_parameter("Custom domain is not a valid subdomain"):
            cognito.update_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix, CustomDomainConfig=CERTIFICATE)
        with refused_parameter("Routing is only supported for custom domains."):
            cognito.update_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix, Routing=FAILOVER)
        with refused_parameter("ManagedLoginVersion must be 1 or 2."):
            cognito.update_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix, ManagedLoginVersion=3)

    def test_a_domain_of_another_pool_is_not_touched(self, cognito: Any, bare_pool_id: str, pools: Pools) -> None:
        prefix = unique("p")
        cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix)
        with refused_parameter(NO_SUCH):
            cognito.update_user_pool_domain(UserPoolId=pools.user_pool(), Domain=prefix, ManagedLoginVersion=2)
        with refused_parameter(NO_SUCH):
            cognito.update_user_pool_domain(UserPoolId=bare_pool_id, Domain=unique("p"), ManagedLoginVersion=2)
        with refused_pool(MISSING_POOL):
            cognito.update_user_pool_domain(UserPoolId=MISSING_POOL, Domain=prefix)


class TestDeleteUserPoolDomain:
    def test_the_name_is_free_again(self, cognito: Any, bare_pool_id: str) -> None:
        prefix = unique("p")
        cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix)
        answer = cognito.delete_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix)
        assert set(answer) == {"ResponseMetadata"}
        assert cognito.describe_user_pool_domain(Domain=prefix)["DomainDescription"] == {}
        cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix)

    def test_a_domain_of_another_pool_is_not_touched(self, cognito: Any, bare_pool_id: str, pools: Pools) -> None:
        prefix = unique("p")
        cognito.create_user_pool_domain(UserPoolId=bare_pool_id, Domain=prefix)
        with refused_parameter(NO_SUCH):
            cognito.delete_user_pool_domain(UserPoolId=pools.user_pool(), Domain=prefix)
        with refused_parameter(NO_SUCH):
            cognito.delete_user_pool_domain(UserPoolId=bare_pool_id, Domain=unique("p"))
        with refused_pool(MISSING_POOL):
            cognito.delete_user_pool_domain(UserPoolId=MISSING_POOL, Domain=prefix)
        assert cognito.describe_user_pool_domain(Domain=prefix)["DomainDescription"]["UserPoolId"] == bare_pool_id
