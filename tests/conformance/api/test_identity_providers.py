"""Identity providers, the links of users to them, and the signing certificate (user-pools-api.md §9.4, federation.md A, D4)."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509

from poolhouse.crypto import certificates, jwt
from tests.support.pools import Pools, unique
from tests.support.refusals import refused

OIDC = {
    "client_id": "1",
    "client_secret": "very-secret-value",
    "authorize_scopes": "openid email",
    "oidc_issuer": "https://idp.example.com",
}
ENDPOINTS = {
    "authorize_url": "https://idp.example.com/authorize",
    "token_url": "https://idp.example.com/token",
    "attributes_url": "https://idp.example.com/userinfo",
    "jwks_uri": "https://idp.example.com/jwks",
}
OIDC |= ENDPOINTS
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
            (
                "Google",
                {
                    "oidc_issuer": "https://accounts.google.com",
                    "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
                    "token_url": "https://www.googleapis.com/oauth2/v4/token",
                    "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
                    "attributes_url_add_attributes": "true",
                    "token_request_method": "POST",
                },
                "sub",
            ),
            (
                "Facebook",
                {
                    "api_version": "v17.0",
                    "authorize_url": "https://www.facebook.com/v17.0/dialog/oauth",
                    "token_url": "https://graph.facebook.com/v17.0/oauth/access_token",
                    "attributes_url": "https://graph.facebook.com/v17.0/me?fields=",
                    "attributes_url_add_attributes": "true",
                    "token_request_method": "GET",
                },
                "id",
            ),
            (
                "LoginWithAmazon",
                {
                    "authorize_url": "https://www.amazon.com/ap/oa",
                    "token_url": "https://api.amazon.com/auth/o2/token",
                    "attributes_url": "https://api.amazon.com/user/profile",
                    "attributes_url_add_attributes": "false",
                    "token_request_method": "POST",
                },
                "user_id",
            ),
            (
                "SignInWithApple",
                {
                    "oidc_issuer": "https://appleid.apple.com",
                    "authorize_url": "https://appleid.apple.com/auth/authorize",
                    "token_url": "https://appleid.apple.com/auth/token",
                    "attributes_url_add_attributes": "false",
                    "token_request_method": "POST",
                },
                "sub",
            ),
        ],
    )
    def test_social(self, create, pool, provider_type, shown, subject):
        made = create(provider_type, pool=pool)
        sent = {**SOCIAL} if provider_type != "SignInWithApple" else {**APPLE}
        sent.pop("private_key", None)
        assert made["ProviderDetails"] == sent | shown
        assert made["AttributeMapping"] == {"username": subject}

    def test_what_describe_adds_can_not_be_changed(self, create, pool):
        text = "token_request_method has not a valid value for Facebook identity provider details."
        with refused("InvalidParameter", text):
            create("Facebook", {**SOCIAL, "token_request_method": "POST"}, pool=pool)
        with refused("InvalidParameter", "api_version has not a valid value for Facebook identity provider details."):
            create("Facebook", {**SOCIAL, "api_version": "v1/evil"}, pool=pool)
        made = create("Facebook", {**SOCIAL, "api_version": "v21.0"}, pool=pool)["ProviderDetails"]
        assert made["token_url"] == "https://graph.facebook.com/v21.0/oauth/access_token"

    @pytest.mark.parametrize("provider_type", ["OIDC", "Google", "Facebook", "LoginWithAmazon", "SignInWithApple"])
    def test_every_required_detail_is_asked_for(self, create, pool, provider_type):
        whole = {"OIDC": OIDC, "SignInWithApple": APPLE}.get(provider_type, SOCIAL)
        for key in whole.keys() - ENDPOINTS:
            text = f"{key} is required for {provider_type} identity provider details."
            with refused("InvalidParameter", text):
                create(provider_type, {name: value for name, value in whole.items() if name != key}, pool=pool)

    def test_the_username_is_the_subject(self, create, pool):
        with refused("InvalidParameter", "The attribute username of a Facebook identity provider maps to id."):
            create("Facebook", pool=pool, AttributeMapping={"username": "email"})
        made = create("Facebook", pool=pool, AttributeMapping={"username": "id"})
        assert made["AttributeMapping"] == {"username": "id"}

    def test_each_saml_provider_has_a_certificate_of_its_own_and_keeps_it(self, create, cognito, pool):
        made = [create("SAML", pool=pool) for _ in range(2)]
        shown = [each["ProviderDetails"]["ActiveEncryptionCertificate"] for each in made]
        assert shown[0] != shown[1]
        after = cognito.update_identity_provider(
            UserPoolId=pool,
            ProviderName=made[0]["ProviderName"],
            ProviderDetails={"MetadataFile": metadata(), "IDPSignout": "true"},
        )["IdentityProvider"]["ProviderDetails"]
        assert (after["ActiveEncryptionCertificate"], after["IDPSignout"]) == (shown[0], "true")

    def test_the_first_one_brings_identities_to_the_schema(self, create, cognito, pool):
        """Issue 5 exactness 3."""

        def listed():
            schema = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["SchemaAttributes"]
            return [entry for entry in schema if entry["Name"] == "identities"]

        assert listed() == []
        create("Google", pool=pool)
        create("Facebook", pool=pool)
        assert listed() == [
            {
                "Name": "identities",
                "AttributeDataType": "String",
                "DeveloperOnlyAttribute": False,
                "Mutable": True,
                "Required": False,
                "StringAttributeConstraints": {},
            }
        ]

    def test_saml(self, create):
        made = create("SAML")
        details = made["ProviderDetails"]
        assert details["SSORedirectBindingURI"] == "https://idp.example.com/sso"
        assert details["SLORedirectBindingURI"] == "https://idp.example.com/slo"
        # OBS hashicorp/terraform-provider-aws: no defaults are added
        assert details.keys() == {
            *("MetadataFile", "SSORedirectBindingURI", "SLORedirectBindingURI", "ActiveEncryptionCertificate")
        }
        x509.load_der_x509_certificate(base64.b64decode(details["ActiveEncryptionCertificate"]))
        assert "AttributeMapping" not in made

    def test_oidc_endpoints_that_were_not_sent_are_discovered(self, create):
        """federation.md A3, E: another issuer's document, or plain http elsewhere, is none."""
        documents = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                document = documents.get(self.path)
                self.send_response(404 if document is None else 200)
                self.end_headers()
                self.wfile.write(b"" if document is None else document)

            def log_message(self, *_):
                return

        web = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=web.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{web.server_port}"

        def made(name, document, **more):
            issuer = f"{address}/{name}"
            documents[f"/{name}/.well-known/openid-configuration"] = document
            sent = {key: value for key, value in OIDC.items() if key not in ENDPOINTS} | {"oidc_issuer": issuer} | more
            shown = create("OIDC", sent)["ProviderDetails"]
            return {key: value for key, value in shown.items() if key in ENDPOINTS}

        def document(name, **changed):
            said = {
                "issuer": f"{address}/{name}",
                "authorization_endpoint": f"{address}/a",
                "token_endpoint": f"{address}/t",
                "userinfo_endpoint": f"{address}/u",
                "jwks_uri": f"{address}/j",
                "scopes_supported": ["openid"],
            }
            return json.dumps(said | changed).encode()

        try:
            found = dict(zip(ENDPOINTS, (f"{address}/a", f"{address}/t", f"{address}/u", f"{address}/j"), strict=True))
            assert made("good", document("good")) == found
            own = {"token_url": "https://own.example.com/token"}
            assert made("own", document("own"), **own) == found | own
            assert made("other", document("good")) == {}
            assert made("plain", document("plain", jwks_uri="http://elsewhere.example.com/jwks")) == {}
            assert made("odd", document("odd", token_endpoint=7)) == {}
            assert made("none", b"[]") == {}
            assert made("absent", None) == {}
        finally:
            web.shutdown()
            web.server_close()

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
            (metadata(entity=""), "Invalid SAML metadata."),
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

    def test_one_can_not_begin_by_itself_where_a_client_supports_others(self, create, cognito, pools, user_pool_id):
        given = {"UserPoolId": user_pool_id, "ProviderName": create("SAML")["ProviderName"]}
        details = {"MetadataFile": metadata(), "IDPInit": "true"}
        client = pools.client(user_pool_id, SupportedIdentityProviders=[given["ProviderName"], "COGNITO"])
        text = "A provider with IDPInit can only be combined with SAML providers in SupportedIdentityProviders."
        with refused("InvalidParameter", text):
            cognito.update_identity_provider(**given, ProviderDetails=details)
        cognito.delete_user_pool_client(UserPoolId=user_pool_id, ClientId=client["ClientId"])
        cognito.update_identity_provider(**given, ProviderDetails=details)


class TestGetSigningCertificate:
    def test_a_year_later_there_is_another_one_of_the_same_key(self, start_local_server):
        server = start_local_server("--no-demo")
        cognito = server.client()
        pool = Pools(cognito).user_pool()

        def certificate():
            text = cognito.get_signing_certificate(UserPoolId=pool)["Certificate"]
            return x509.load_der_x509_certificate(base64.b64decode(text))

        first = certificate()
        server.advance_clock(364 * 86_400)
        assert certificate() == first
        server.advance_clock(2 * 86_400)
        second = certificate()
        assert second.public_key() == first.public_key()
        assert second.serial_number != first.serial_number
        assert (second.not_valid_before_utc - first.not_valid_before_utc).days == 365
        assert certificate() == second

    def test_stays_the_same(self, cognito, pool):
        first = cognito.get_signing_certificate(UserPoolId=pool)["Certificate"]
        assert cognito.get_signing_certificate(UserPoolId=pool)["Certificate"] == first
        found = x509.load_der_x509_certificate(base64.b64decode(first))
        assert (found.not_valid_after_utc - found.not_valid_before_utc).days >= 3650
        found.verify_directly_issued_by(found)
