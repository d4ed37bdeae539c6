"""Identity providers, the links of users to them, and the signing certificate (user-pools-api.md §9.4, federation.md A, D4)."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509

from poolhouse.crypto import certificates, jwt
from tests.support.oauth import claims_of
from tests.support.pools import PASSWORD, unique
from tests.support.refusals import refused, values

OIDC = {
    "client_id": "1",
    "client_secret": "very-secret-value",
    "authorize_scopes": "openid email",
    "oidc_issuer": "https://idp.example.com",
}
SOCIAL = {"client_id": "1", "client_secret": "s", "authorize_scopes": "email"}
APPLE = {"client_id": "1", "team_id": "t", "key_id": "k", "private_key": "PRIVATE", "authorize_scopes": "email name"}


def certificate(*, now=None):
    return certificates.self_signed(jwt.generate_private_key(), "idp", time.time() if now is None else now)


CERTIFICATE = certificate()
OLD_CERTIFICATE = certificate(now=0)


def metadata(*, cert=CERTIFICATE, binding="HTTP-Redirect", head="", entity="https://idp.example.com/saml"):
    return (
        f'{head}<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" '
        f'xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{entity}"><md:IDPSSODescriptor '
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor><ds:KeyInfo><ds:X509Data>'
        f"<ds:X509Certificate>{cert}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        f'<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:{binding}" Location="https://idp.example.com/slo"/>'
        f'<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:{binding}" Location="https://idp.example.com/sso"/>'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


@pytest.fixture
def pool(pools):
    return pools.user_pool()


@pytest.fixture
def create(cognito, user_pool_id):
    def create(provider_type="OIDC", details=None, *, name="", pool="", **more):
        social = provider_type not in ("OIDC", "SAML")
        defaults = {"OIDC": OIDC, "SignInWithApple": APPLE, "SAML": {"MetadataFile": metadata()}}
        return cognito.create_identity_provider(
            UserPoolId=pool or user_pool_id,
            ProviderName=name or (provider_type if social else unique("idp")),
            ProviderType=provider_type,
            ProviderDetails=details or defaults.get(provider_type, SOCIAL),
            **more,
        )["IdentityProvider"]

    return create


class TestCreateIdentityProvider:
    def test_oidc(self, create, user_pool_id):
        made = create(name="Corp1", AttributeMapping={"email": "mail"}, IdpIdentifiers=["corp.example"])
        assert made["ProviderDetails"] == {
            **OIDC,
            "attributes_request_method": "GET",
            "attributes_url_add_attributes": "false",
        }
        assert made["AttributeMapping"] == {"email": "mail", "username": "sub"}
        assert made["IdpIdentifiers"] == ["corp.example"]
        assert (made["UserPoolId"], made["ProviderName"], made["ProviderType"]) == (user_pool_id, "Corp1", "OIDC")
        assert made["CreationDate"] == made["LastModifiedDate"]

    @pytest.mark.parametrize(
        ("provider_type", "shown", "subject"),
        [
            ("Google", {"oidc_issuer": "https://accounts.google.com", "token_request_method": "POST"}, "sub"),
            ("Facebook", {"token_url": "https://graph.facebook.com/v17.0/oauth/access_token"}, "id"),
            ("LoginWithAmazon", {"attributes_url": "https://api.amazon.com/user/profile"}, "user_id"),
            ("SignInWithApple", {"team_id": "t", "authorize_url": "https://appleid.apple.com/auth/authorize"}, "sub"),
        ],
    )
    def test_social(self, create, pool, provider_type, shown, subject):
        made = create(provider_type, pool=pool)
        assert shown.items() <= made["ProviderDetails"].items()
        assert "private_key" not in made["ProviderDetails"]
        assert made["AttributeMapping"] == {"username": subject}

    def test_saml(self, create):
        made = create("SAML")
        details = made["ProviderDetails"]
        assert details["SSORedirectBindingURI"] == "https://idp.example.com/sso"
        assert details["SLORedirectBindingURI"] == "https://idp.example.com/slo"
        assert (details["IDPInit"], details["IDPSignout"], details["EncryptedResponses"]) == ("false",) * 3
        x509.load_der_x509_certificate(base64.b64decode(details["ActiveEncryptionCertificate"]))
        assert "AttributeMapping" not in made

    def test_saml_by_address(self, create):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                found = self.path == "/metadata"
                self.send_response(200 if found else 302)
                self.send_header("location", "/metadata")
                self.end_headers()
                self.wfile.write(metadata().encode() if found else b"")

            def log_message(self, *_):
                return

        web = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=web.serve_forever, daemon=True).start()
        try:
            address = f"http://127.0.0.1:{web.server_port}"
            made = create("SAML", {"MetadataURL": f"{address}/metadata"})
            assert made["ProviderDetails"]["SSORedirectBindingURI"] == "https://idp.example.com/sso"
            for url in (
                f"{address}/elsewhere",
                "http://127.0.0.1:1/",
                "ftp://example.com/",
                "https://169.254.169.254/",
            ):
                with refused("InvalidParameter", f"Error retrieving metadata from {url}"):
                    create("SAML", {"MetadataURL": url})
        finally:
            web.shutdown()
            web.server_close()

    @pytest.mark.parametrize(
        ("document", "text"),
        [
            ("no xml", "Invalid SAML metadata."),
            ("<a/>", "Invalid SAML metadata."),
            (metadata(head='<!DOCTYPE a [<!ENTITY x "y">]>'), "Invalid SAML metadata."),
            (metadata(cert="!"), "Invalid SAML metadata."),
            (metadata(cert=base64.b64encode(b"none").decode()), "Invalid SAML metadata."),
            (
                metadata(binding="HTTP-POST"),
                "No SingleSignOn Http redirect binding location found in metadata.",
            ),
            (metadata(cert=OLD_CERTIFICATE), "Signing certificates are expired"),
        ],
    )
    def test_saml_metadata_that_is_none(self, create, document, text):
        with refused("InvalidParameter", text):
            create("SAML", {"MetadataFile": document})

    @pytest.mark.parametrize(
        ("provider_type", "details", "text"),
        [
            ("SAML", {"IDPInit": "true"}, "Exactly one of MetadataURL and MetadataFile is required."),
            (
                "SAML",
                {"MetadataFile": metadata(), "ActiveEncryptionCertificate": "x"},
                "ActiveEncryptionCertificate is not a valid key for SAML identity provider details.",
            ),
            (
                "SAML",
                {"MetadataFile": metadata(), "IDPInit": "yes"},
                "IDPInit has not a valid value for SAML identity provider details.",
            ),
            ("OIDC", {**OIDC, "team_id": "x"}, "team_id is not a valid key for OIDC identity provider details."),
            (
                "OIDC",
                {name: value for name, value in OIDC.items() if name != "client_secret"},
                "client_secret is required for OIDC identity provider details.",
            ),
            (
                "OIDC",
                {**OIDC, "oidc_issuer": "http://idp.example.com"},
                "oidc_issuer has not a valid value for OIDC identity provider details.",
            ),
            (
                "OIDC",
                {**OIDC, "oidc_issuer": "https://idp.example.com/"},
                "oidc_issuer has not a valid value for OIDC identity provider details.",
            ),
            (
                "OIDC",
                {**OIDC, "attributes_request_method": "PUT"},
                "attributes_request_method has not a valid value for OIDC identity provider details.",
            ),
        ],
    )
    def test_details_that_are_none(self, create, provider_type, details, text):
        with refused("InvalidParameter", text):
            create(provider_type, details)

    @pytest.mark.parametrize(
        ("provider_type", "name"), [("Google", "example"), ("OIDC", "Google"), ("SAML", "COGNITO")]
    )
    def test_name_of_another_type(self, create, provider_type, name):
        with refused("InvalidParameter", f"Provider {name} cannot be of type {provider_type}."):
            create(provider_type, name=name)

    def test_name_twice(self, create):
        made = create()
        with refused("DuplicateProvider", f"A provider with the name {made['ProviderName']} already exists."):
            create(name=made["ProviderName"])

    def test_identifier_of_another(self, create):
        identifier = unique()
        create(IdpIdentifiers=[identifier])
        with refused("DuplicateProvider"):
            create(IdpIdentifiers=[identifier])

    def test_mapping_to_an_attribute_that_is_none(self, create):
        with refused("InvalidParameter", "AttributeMapping contains invalid mapping: [custom:zen_groups]"):
            create(AttributeMapping={"custom:zen_groups": "groups", "email": "email"})

    def test_acr_mapping(self, create):
        assert create(AcrMapping={"Level1": "low"})["AcrMapping"] == {"Level1": "low"}
        with refused("InvalidParameter", "AcrMapping is for OIDC providers only."):
            create("SAML", AcrMapping={"Level1": "low"})

    def test_makes_a_group(self, create, cognito, user_pool_id):
        made = create()
        group = cognito.get_group(UserPoolId=user_pool_id, GroupName=f"{user_pool_id}_{made['ProviderName']}")["Group"]
        assert group["Description"] == f"Autogenerated group for users who sign in using {made['ProviderName']}"


class TestDescribeIdentityProvider:
    @pytest.mark.parametrize(
        "provider_type", ["OIDC", "SAML", "Google", "Facebook", "LoginWithAmazon", "SignInWithApple"]
    )
    def test_as_it_was_made(self, create, cognito, pool, provider_type):
        made = create(provider_type, pool=pool)
        found = cognito.describe_identity_provider(UserPoolId=pool, ProviderName=made["ProviderName"])
        assert found["IdentityProvider"] == made

    def test_unknown(self, cognito, user_pool_id):
        with refused("ResourceNotFound", "Identity provider nothing does not exist."):
            cognito.describe_identity_provider(UserPoolId=user_pool_id, ProviderName="nothing")


class TestUpdateIdentityProvider:
    def test_replaces_what_is_given(self, create, cognito, user_pool_id):
        made = create(AttributeMapping={"email": "mail"}, IdpIdentifiers=["a" + unique()])
        given = {"UserPoolId": user_pool_id, "ProviderName": made["ProviderName"]}
        after = cognito.update_identity_provider(**given, AttributeMapping={"name": "cn"})["IdentityProvider"]
        assert after["AttributeMapping"] == {"name": "cn", "username": "sub"}
        assert after["ProviderDetails"] == made["ProviderDetails"]
        assert after["IdpIdentifiers"] == made["IdpIdentifiers"]
        assert after["CreationDate"] == made["CreationDate"]
        details = {**OIDC, "client_secret": "another"}
        after = cognito.update_identity_provider(**given, ProviderDetails=details, IdpIdentifiers=[])[
            "IdentityProvider"
        ]
        assert after["ProviderDetails"]["client_secret"] == "another"
        assert "IdpIdentifiers" not in after
        assert cognito.describe_identity_provider(**given)["IdentityProvider"] == after

    def test_what_describe_shows_can_be_sent_back(self, create, cognito, pool):
        made = create("Google", pool=pool)
        cognito.update_identity_provider(
            UserPoolId=pool, ProviderName="Google", ProviderDetails=made["ProviderDetails"]
        )

    def test_identifier_of_another(self, create, cognito, user_pool_id):
        taken = create(IdpIdentifiers=[unique()])["IdpIdentifiers"]
        own = create(IdpIdentifiers=[unique()])
        with refused("InvalidParameter"):
            cognito.update_identity_provider(
                UserPoolId=user_pool_id, ProviderName=own["ProviderName"], IdpIdentifiers=taken
            )
        found = cognito.get_identity_provider_by_identifier(
            UserPoolId=user_pool_id, IdpIdentifier=own["IdpIdentifiers"][0]
        )
        assert found["IdentityProvider"]["ProviderName"] == own["ProviderName"]

    def test_unknown(self, cognito, user_pool_id):
        with refused("ResourceNotFound", "Identity provider nothing does not exist."):
            cognito.update_identity_provider(UserPoolId=user_pool_id, ProviderName="nothing")


class TestDeleteIdentityProvider:
    def test_is_gone(self, create, cognito, user_pool_id):
        identifier = unique()
        given = {"UserPoolId": user_pool_id, "ProviderName": create(IdpIdentifiers=[identifier])["ProviderName"]}
        cognito.delete_identity_provider(**given)
        with refused("ResourceNotFound"):
            cognito.describe_identity_provider(**given)
        with refused("ResourceNotFound"):
            cognito.delete_identity_provider(**given)
        create(IdpIdentifiers=[identifier])  # it is free again


class TestListIdentityProviders:
    def test_pages(self, create, cognito, pool):
        names = sorted(create(pool=pool)["ProviderName"] for _ in range(3))
        first = cognito.list_identity_providers(UserPoolId=pool, MaxResults=2)
        rest = cognito.list_identity_providers(UserPoolId=pool, MaxResults=2, NextToken=first["NextToken"])
        found = first["Providers"] + rest["Providers"]
        assert [each["ProviderName"] for each in found] == names
        assert all(
            each.keys() == {"ProviderName", "ProviderType", "LastModifiedDate", "CreationDate"} for each in found
        )
        assert "NextToken" not in rest


class TestGetIdentityProviderByIdentifier:
    def test_found(self, create, cognito, user_pool_id):
        identifier = unique()
        made = create(IdpIdentifiers=[identifier])
        found = cognito.get_identity_provider_by_identifier(UserPoolId=user_pool_id, IdpIdentifier=identifier)
        assert found["IdentityProvider"] == made

    def test_unknown(self, cognito, user_pool_id):
        with refused("ResourceNotFound", "Identity provider nothing does not exist."):
            cognito.get_identity_provider_by_identifier(UserPoolId=user_pool_id, IdpIdentifier="nothing")


class TestClients:
    def test_may_name_what_exists(self, create, pools, user_pool_id):
        name = create()["ProviderName"]
        client = pools.client(user_pool_id, SupportedIdentityProviders=["COGNITO", name])
        assert client["SupportedIdentityProviders"] == ["COGNITO", name]
        with refused("InvalidParameter", f"The provider nothing does not exist for User Pool {user_pool_id}."):
            pools.client(user_pool_id, SupportedIdentityProviders=["nothing"])

    def test_one_that_begins_by_itself_goes_with_its_like(self, create, pools, user_pool_id):
        name = create("SAML", {"MetadataFile": metadata(), "IDPInit": "true"})["ProviderName"]
        pools.client(user_pool_id, SupportedIdentityProviders=[name])
        for other in ("COGNITO", create()["ProviderName"]):
            with refused("InvalidParameter"):
                pools.client(user_pool_id, SupportedIdentityProviders=[name, other])


class TestGetSigningCertificate:
    def test_stays_the_same(self, cognito, pool):
        first = cognito.get_signing_certificate(UserPoolId=pool)["Certificate"]
        assert cognito.get_signing_certificate(UserPoolId=pool)["Certificate"] == first
        found = x509.load_der_x509_certificate(base64.b64decode(first))
        assert (found.not_valid_after_utc - found.not_valid_before_utc).days >= 3650
        found.verify_directly_issued_by(found)


def link(cognito, pool, destination, provider, value, *, attribute="Cognito_Subject", at="Cognito"):
    cognito.admin_link_provider_for_user(
        UserPoolId=pool,
        DestinationUser={"ProviderName": at, "ProviderAttributeValue": destination},
        SourceUser={
            "ProviderName": provider,
            "ProviderAttributeName": attribute,
            "ProviderAttributeValue": value,
        },
    )


def identities(cognito, pool, username):
    shown = values(cognito.admin_get_user(UserPoolId=pool, Username=username)["UserAttributes"])
    return json.loads(shown.get("identities", "[]"))


class TestAdminLinkProviderForUser:
    def test_shows_in_the_attribute_and_in_tokens(self, create, cognito, pools, user_pool_id, client_id, user):
        provider = create()["ProviderName"]
        link(cognito, user_pool_id, user.username, provider, "Subject-1")
        (shown,) = identities(cognito, user_pool_id, user.username)
        assert isinstance(shown.pop("dateCreated"), int)
        assert shown == {
            "userId": "Subject-1",
            "providerName": provider,
            "providerType": "OIDC",
            "issuer": None,
            "primary": False,
        }
        issued = pools.sign_in(client_id, user)
        (claim,) = claims_of(issued["IdToken"])["identities"]
        assert (claim["userId"], claim["primary"]) == ("Subject-1", "false")
        assert claim["dateCreated"].isdigit()
        assert "identities" in values(cognito.get_user(AccessToken=issued["AccessToken"])["UserAttributes"])

    def test_nobody_can_write_it(self, cognito, pools, user_pool_id, client_id, user):
        token = pools.sign_in(client_id, user)["AccessToken"]
        given = [{"Name": "identities", "Value": "[]"}]
        with refused("InvalidParameter"):
            cognito.update_user_attributes(AccessToken=token, UserAttributes=given)
        with refused("InvalidParameter"):
            cognito.admin_update_user_attributes(UserPoolId=user_pool_id, Username=user.username, UserAttributes=given)

    def test_the_same_once_more_changes_nothing(self, create, cognito, user_pool_id, user):
        provider = create()["ProviderName"]
        for _ in range(2):
            link(cognito, user_pool_id, user.username, provider, "s")
        assert len(identities(cognito, user_pool_id, user.username)) == 1

    def test_linked_to_somebody_else(self, create, cognito, pools, user_pool_id, user):
        """OBS amplify-js#497."""
        provider = create()["ProviderName"]
        link(cognito, user_pool_id, user.username, provider, "s")
        with refused("AliasExists"):
            link(cognito, user_pool_id, pools.user(user_pool_id).username, provider, "s")

    def test_most(self, create, cognito, user_pool_id, user):
        provider = create()["ProviderName"]
        for number in range(5):
            link(cognito, user_pool_id, user.username, provider, f"s{number}")
        with refused("LimitExceeded"):
            link(cognito, user_pool_id, user.username, provider, "s5")
        assert len(identities(cognito, user_pool_id, user.username)) == 5

    def test_by_a_mapped_attribute(self, create, cognito, user_pool_id, user):
        provider = create(AttributeMapping={"email": "mail"})["ProviderName"]
        link(cognito, user_pool_id, user.username, provider, "a@example.com", attribute="email")
        with refused("InvalidParameter"):
            link(cognito, user_pool_id, user.username, provider, "x", attribute="name")

    def test_social_by_subject_alone(self, create, cognito, pools, pool):
        create("Google", pool=pool, AttributeMapping={"email": "email"})
        user = pools.user(pool)
        with refused("InvalidParameter"):
            link(cognito, pool, user.username, "Google", "a@example.com", attribute="email")
        link(cognito, pool, user.username, "Google", "1")

    def test_a_local_user_is_no_source(self, cognito, user_pool_id, user):
        """OBS amplify-js#13334."""
        text = (
            "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, "
            "only as a DestinationUser"
        )
        with refused("InvalidParameter", text):
            link(cognito, user_pool_id, user.username, "Cognito", "x")

    def test_unknown_provider(self, cognito, user_pool_id, user):
        with refused("InvalidParameter", f"The provider nothing does not exist for User Pool {user_pool_id}."):
            link(cognito, user_pool_id, user.username, "nothing", "x")

    def test_unknown_destination(self, create, cognito, user_pool_id):
        provider = create()["ProviderName"]
        with refused("UserNotFound", "User does not exist."):
            link(cognito, user_pool_id, "nobody", provider, "x")
        with refused("UserNotFound", "User does not exist."):
            link(cognito, user_pool_id, "nobody", provider, "x", at=provider)

    def test_too_long(self, create, cognito, user_pool_id, user):
        """OBS aws-sdk-js-v3#6985."""
        with refused("InvalidParameter"):
            link(cognito, user_pool_id, user.username, create()["ProviderName"], "x" * 120)

    def test_source_has_signed_up(self, create, cognito, pools, user_pool_id, user):
        """OBS aws-sdk-net#1000: refused, and not linked all the same."""
        provider = create()["ProviderName"]
        pools.user(user_pool_id, username=f"{provider}_subject")
        text = "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link"
        with refused("InvalidParameter", text):
            link(cognito, user_pool_id, user.username, provider, "subject")
        assert identities(cognito, user_pool_id, user.username) == []


class TestAdminDisableProviderForUser:
    def disable(self, cognito, pool, provider, value, attribute="Cognito_Subject"):
        cognito.admin_disable_provider_for_user(
            UserPoolId=pool,
            User={"ProviderName": provider, "ProviderAttributeName": attribute, "ProviderAttributeValue": value},
        )

    def test_link_is_gone(self, create, cognito, user_pool_id, user):
        provider = create()["ProviderName"]
        for value in ("one", "two"):
            link(cognito, user_pool_id, user.username, provider, value)
        self.disable(cognito, user_pool_id, provider, "one")
        assert [each["userId"] for each in identities(cognito, user_pool_id, user.username)] == ["two"]
        link(cognito, user_pool_id, user.username, provider, "one")

    def test_local_user_loses_the_password(self, cognito, pools, user_pool_id, client_id, user):
        self.disable(cognito, user_pool_id, "Cognito", user.username)
        with refused("NotAuthorized", "Incorrect username or password."):
            pools.sign_in(client_id, user)
        cognito.admin_set_user_password(
            UserPoolId=user_pool_id, Username=user.username, Password=PASSWORD, Permanent=True
        )
        pools.sign_in(client_id, user)

    def test_external_user_is_disabled(self, create, cognito, pools, user_pool_id):
        provider = create()["ProviderName"]
        external = pools.user(user_pool_id, username=f"{provider}_subject")
        self.disable(cognito, user_pool_id, provider, "subject")
        assert not cognito.admin_get_user(UserPoolId=user_pool_id, Username=external.username)["Enabled"]

    def test_unknown(self, create, cognito, user_pool_id):
        for provider in ("Cognito", create()["ProviderName"]):
            with refused("UserNotFound", "User does not exist."):
                self.disable(cognito, user_pool_id, provider, "nobody")

    def test_gone_with_the_user(self, create, cognito, pools, user_pool_id):
        provider, user = create()["ProviderName"], pools.user(user_pool_id)
        link(cognito, user_pool_id, user.username, provider, "s")
        cognito.admin_delete_user(UserPoolId=user_pool_id, Username=user.username)
        link(cognito, user_pool_id, pools.user(user_pool_id).username, provider, "s")
