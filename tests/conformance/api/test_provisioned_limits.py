"""Request rates, resource quotas and provisioned limits, where `limits = aws` (user-pools-api.md §9.11, §10)."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from botocore.exceptions import ClientError

from poolhouse.api.registry import OPERATIONS
from poolhouse.pool.settings.request_rates import CATEGORY_OF
from poolhouse.routes import DOMAIN_ROUTES
from poolhouse.wire.operations import OPERATIONS as DECLARED
from tests.support.pools import Pools
from tests.support.refusals import refused
from tests.support.server import starter

LIKE_AWS = ("--limits", "aws")


def definition(category, limit_class="API_CATEGORY", **more):
    return {"LimitClass": limit_class, "Attributes": {"Category": category, **more}}


def test_every_operation_has_a_rate():
    assert sorted(set(OPERATIONS) - CATEGORY_OF.keys()) == []


def test_what_has_a_rate_exists():
    names = {name for route in DOMAIN_ROUTES.values() for _, name in route.handlers.values()}
    assert sorted(CATEGORY_OF.keys() - set(OPERATIONS) - names) == []


def test_document_names_what_is_not_counted():
    said = (Path(__file__).parents[3] / "docs" / "limits.md").read_text()
    uncounted = [name for name, each in DECLARED.items() if "TooManyRequestsException" not in each.errors]
    assert len(uncounted) == 9
    assert [name for name in uncounted if f"`{name}`" not in said] == []


class TestGetProvisionedLimit:
    def test_free(self, cognito):
        found = cognito.get_provisioned_limit(LimitDefinition=definition("UserAuthentication"))["Limit"]
        assert found == {
            "LimitDefinition": definition("UserAuthentication"),
            "ProvisionedLimitValue": 120,
            "FreeLimitValue": 120,
        }

    def test_unknown(self, cognito):
        with refused("ResourceNotFound", "There is no category Nothing."):
            cognito.get_provisioned_limit(LimitDefinition=definition("Nothing"))

    def test_malformed(self, cognito):
        with refused("InvalidParameter"):
            cognito.get_provisioned_limit(LimitDefinition=definition("UserRead", Other="x"))


class TestUpdateProvisionedLimit:
    def test_raised(self, start_server):
        cognito = start_server().client()
        given = {"LimitDefinition": definition("UserRead")}
        made = cognito.update_provisioned_limit(**given, RequestedLimitValue=200)["Limit"]
        assert (made["ProvisionedLimitValue"], made["FreeLimitValue"]) == (200, 120)
        assert cognito.get_provisioned_limit(**given)["Limit"] == made

    @pytest.mark.parametrize("value", [119, 12_001])
    def test_out_of_range(self, cognito, value):
        with refused("ServiceQuotaExceeded", "The limit must be between 120 and 12000."):
            cognito.update_provisioned_limit(LimitDefinition=definition("UserRead"), RequestedLimitValue=value)

    def test_not_adjustable(self, cognito):
        with refused("InvalidParameter", "The limit of UserUpdate can not be changed."):
            cognito.update_provisioned_limit(LimitDefinition=definition("UserUpdate"), RequestedLimitValue=30)

    def test_unknown(self, cognito):
        with refused("ResourceNotFound"):
            cognito.update_provisioned_limit(LimitDefinition=definition("Nothing"), RequestedLimitValue=30)


def refused_codes(ask, times):
    """What `times` calls of ask, eight at a time, were refused with."""

    def said(number):
        try:
            ask(number)
        except ClientError as error:
            return error.response["Error"]["Code"], error.response["Error"]["Message"]
        return None

    with ThreadPoolExecutor(8) as threads:
        return set(filter(None, threads.map(said, range(times))))


RATE_EXCEEDED = {("TooManyRequestsException", "Rate exceeded")}


@pytest.fixture(scope="module")
def like_aws(engine, new_database_url, tmp_path_factory):
    """Two workers that count together."""
    with starter(new_database_url, tmp_path_factory) as start:
        yield start("--workers", "2", *LIKE_AWS)


class TestRates:
    def test_counted_by_all_workers_together(self, like_aws):
        """UserPoolRead has 15 a second: of so many at once, some are refused."""
        cognito = like_aws.client()
        pool = Pools(cognito).user_pool()
        assert refused_codes(lambda _: cognito.describe_user_pool(UserPoolId=pool), 120) == RATE_EXCEEDED

    def test_no_more_than_the_rate_in_a_second(self, like_aws):
        """Over 2 workers: whatever comes, at most 15 are served in each second that the calls touch."""
        cognito = like_aws.client()
        served = []

        def ask(_):
            cognito.list_user_pools(MaxResults=1)
            served.append(1)

        began = time.time()
        refused_codes(ask, 100)
        assert len(served) <= 15 * (int(time.time()) - int(began) + 1)

    def test_operation_of_one_pool(self, like_aws):
        """5 a second, where the category has 20."""
        cognito = like_aws.client()
        pool = Pools(cognito).user_pool()
        served = []

        def ask(_):
            cognito.list_groups(UserPoolId=pool)
            served.append(1)

        began = time.time()
        assert refused_codes(ask, 60) == RATE_EXCEEDED
        assert len(served) <= 5 * (int(time.time()) - int(began) + 1)

    def test_one_user(self, like_aws):
        """10 reads a second, where the category has 120."""
        cognito = like_aws.client()
        pool = Pools(cognito).user_pool()
        user = Pools(cognito).user(pool)
        served = []

        def ask(_):
            cognito.admin_get_user(UserPoolId=pool, Username=user.username)
            served.append(1)

        began = time.time()
        assert refused_codes(ask, 100) == RATE_EXCEEDED
        assert len(served) <= 10 * (int(time.time()) - int(began) + 1)

    def test_off_by_default(self, cognito, user_pool_id):
        for _ in range(40):
            cognito.list_groups(UserPoolId=user_pool_id)

    def test_endpoint_of_a_domain(self, like_aws):
        with httpx.Client() as http, ThreadPoolExecutor(8) as threads:

            def ask(_):
                answer = http.post(f"{like_aws.url}/oauth2/revoke", data={"token": "x", "client_id": "x"})
                return answer.status_code, answer.text

            said = set(threads.map(ask, range(1_500)))
        assert said == {(401, '{"error":"invalid_client"}'), (429, '{"error":"too_many_requests"}')}

    def test_page(self, like_aws):
        """A forgotten password: 30 a second."""
        with httpx.Client() as http, ThreadPoolExecutor(8) as threads:
            said = list(threads.map(lambda _: http.post(f"{like_aws.url}/forgotPassword", data={}), range(300)))
        refused_pages = [answer for answer in said if answer.status_code == 429]
        assert refused_pages
        assert "Too many requests" in refused_pages[0].text
        assert refused_pages[0].headers["content-type"].startswith("text/html")

    def test_health_and_keys_are_not_counted(self, like_aws):
        pool = like_aws.client().list_user_pools(MaxResults=1)["UserPools"][0]["Id"]
        for path in ("/_poolhouse/health", f"/{pool}/.well-known/jwks.json"):
            with httpx.Client() as http, ThreadPoolExecutor(8) as threads:
                said = set(threads.map(lambda _: http.get(like_aws.url + path).status_code, range(700)))  # noqa: B023
            assert said == {200}


class TestQuotas:
    def test_resource_servers(self, start_server):
        cognito = start_server(*LIKE_AWS).client()
        pool = Pools(cognito).user_pool()
        for number in range(25):
            make(cognito, pool, number)
        with pytest.raises(ClientError) as refusal:
            make(cognito, pool, 25)
        assert refusal.value.response["Error"]["Code"] == "LimitExceededException"
        assert refusal.value.response["Error"]["Message"] == "The limit of 25 resource servers is exceeded."

    def test_custom_domains_of_all_pools(self, start_server):
        cognito = start_server(*LIKE_AWS).client()
        pools = Pools(cognito)
        certificate = {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"}
        for number in range(4):
            cognito.create_user_pool_domain(
                UserPoolId=pools.user_pool(), Domain=f"a{number}.example.com", CustomDomainConfig=certificate
            )
        with refused("LimitExceeded", "The limit of 4 custom domains is exceeded."):
            cognito.create_user_pool_domain(
                UserPoolId=pools.user_pool(), Domain="a5.example.com", CustomDomainConfig=certificate
            )

    def test_off_by_default(self, cognito, pools):
        pool = pools.user_pool()
        for number in range(26):
            make(cognito, pool, number)


def make(cognito, pool, number):
    """A resource server; a rate that is exceeded is waited for."""
    while True:
        try:
            cognito.create_resource_server(UserPoolId=pool, Identifier=f"r{number}", Name="r")
        except ClientError as error:
            if error.response["Error"]["Code"] != "TooManyRequestsException":
                raise
        else:
            return
