"""The documents that people agree to (user-pools-api.md §9.7, endpoints.md §17.3)."""

import pytest

from tests.support.refusals import refused

LINKS = {"cognito:default": "https://terms.example.com", "cognito:spanish": "https://terms.example.com/es"}
NOBODYS = "1234567890abcdefghijklmnop"
NO_ID = "11111111-1111-4111-8111-111111111111"
NONE = "Terms do not exist."


@pytest.fixture
def client(pools, user_pool_id):
    return pools.client_id(user_pool_id)


@pytest.fixture
def create(cognito, user_pool_id, client):
    def create(name="terms-of-use", *, pool="", client_id="", **more):
        given = {"TermsSource": "LINK", "Enforcement": "NONE", "Links": LINKS, **more}
        return cognito.create_terms(
            UserPoolId=pool or user_pool_id, ClientId=client_id or client, TermsName=name, **given
        )["Terms"]

    return create


class TestCreateTerms:
    def test_made(self, create, user_pool_id, client):
        made = create()
        assert (made["UserPoolId"], made["ClientId"], made["TermsName"]) == (user_pool_id, client, "terms-of-use")
        assert (made["TermsSource"], made["Enforcement"], made["Links"]) == ("LINK", "NONE", LINKS)
        assert made["CreationDate"] == made["LastModifiedDate"]

    def test_each_kind_once_for_a_client(self, create):
        create()
        create("privacy-policy")
        with refused("TermsExists", "The app client already has terms with the name terms-of-use."):
            create()

    @pytest.mark.parametrize("link", ["terms.html", "javascript:alert(1)", "https://"])
    def test_link_that_is_none(self, create, link):
        with refused("InvalidParameter"):
            create(Links={"cognito:default": link})

    def test_unknown_client(self, create):
        with refused("ResourceNotFound"):
            create(client_id=NOBODYS)

    def test_most(self, create, cognito, pools):
        pool = pools.user_pool()
        for _ in range(20):
            client_id = pools.client_id(pool)
            for name in ("terms-of-use", "privacy-policy"):
                create(name, pool=pool, client_id=client_id)
        with refused("LimitExceeded"):
            create(pool=pool, client_id=pools.client_id(pool))
        first = cognito.list_terms(UserPoolId=pool, MaxResults=30)
        rest = cognito.list_terms(UserPoolId=pool, MaxResults=30, NextToken=first["NextToken"])
        assert len({each["TermsId"] for each in first["Terms"] + rest["Terms"]}) == 40
        assert "NextToken" not in rest


class TestDescribeTerms:
    def test_as_it_was_made(self, create, cognito, user_pool_id):
        made = create()
        found = cognito.describe_terms(UserPoolId=user_pool_id, TermsId=made["TermsId"])["Terms"]
        assert found == made

    def test_unknown(self, cognito, user_pool_id):
        with refused("ResourceNotFound", NONE):
            cognito.describe_terms(UserPoolId=user_pool_id, TermsId=NO_ID)


class TestDescribeTermsByClient:
    def test_same(self, create, cognito, user_pool_id, client):
        made = create("privacy-policy")
        given = {"UserPoolId": user_pool_id, "ClientId": client}
        assert cognito.describe_terms_by_client(**given, TermsName="privacy-policy")["Terms"] == made
        with refused("ResourceNotFound", NONE):
            cognito.describe_terms_by_client(**given, TermsName="terms-of-use")

    def test_unknown_client(self, cognito, user_pool_id):
        with refused("ResourceNotFound"):
            cognito.describe_terms_by_client(UserPoolId=user_pool_id, ClientId=NOBODYS, TermsName="terms-of-use")


class TestListTerms:
    def test_what_is_shown(self, create, cognito, pools):
        pool = pools.user_pool()
        made = create(pool=pool, client_id=pools.client_id(pool))
        (found,) = cognito.list_terms(UserPoolId=pool)["Terms"]
        assert found == {
            name: made[name] for name in ("TermsId", "TermsName", "Enforcement", "CreationDate", "LastModifiedDate")
        }

    def test_edited_token(self, cognito, user_pool_id):
        with refused("InvalidParameter"):
            cognito.list_terms(UserPoolId=user_pool_id, NextToken="edited")


class TestUpdateTerms:
    def test_what_is_given(self, create, cognito, user_pool_id):
        made = create()
        given = {"UserPoolId": user_pool_id, "TermsId": made["TermsId"]}
        links = {"cognito:default": "https://terms.example.org"}
        after = cognito.update_terms(**given, Links=links)["Terms"]
        assert (after["Links"], after["TermsName"], after["CreationDate"]) == (
            links,
            "terms-of-use",
            made["CreationDate"],
        )
        after = cognito.update_terms(**given, TermsName="privacy-policy")["Terms"]
        assert (after["Links"], after["TermsName"]) == (links, "privacy-policy")
        assert cognito.describe_terms(**given)["Terms"] == after
        create()  # the name is free again

    def test_name_of_another(self, create, cognito, user_pool_id):
        create()
        other = create("privacy-policy")
        with refused("TermsExists"):
            cognito.update_terms(UserPoolId=user_pool_id, TermsId=other["TermsId"], TermsName="terms-of-use")

    def test_link_that_is_none(self, create, cognito, user_pool_id):
        with refused("InvalidParameter"):
            cognito.update_terms(
                UserPoolId=user_pool_id, TermsId=create()["TermsId"], Links={"cognito:default": "ftp://x"}
            )

    def test_unknown(self, cognito, user_pool_id):
        with refused("ResourceNotFound", NONE):
            cognito.update_terms(UserPoolId=user_pool_id, TermsId=NO_ID)


class TestDeleteTerms:
    def test_is_gone(self, create, cognito, user_pool_id):
        given = {"UserPoolId": user_pool_id, "TermsId": create()["TermsId"]}
        cognito.delete_terms(**given)
        with refused("ResourceNotFound", NONE):
            cognito.delete_terms(**given)

    def test_gone_with_its_client(self, create, cognito, user_pool_id, client):
        given = {"UserPoolId": user_pool_id, "TermsId": create()["TermsId"]}
        cognito.delete_user_pool_client(UserPoolId=user_pool_id, ClientId=client)
        with refused("ResourceNotFound", NONE):
            cognito.describe_terms(**given)
