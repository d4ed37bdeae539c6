"""The styles of managed login (user-pools-api.md §9.7, endpoints.md §17.2)."""

import pytest

from tests.support.refusals import refused

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
SETTINGS = {"components": {"primaryButton": {"lightMode": {"defaults": {"backgroundColor": "112233ff"}}}, "mine": 1}}
NONE = "Managed login branding does not exist."


def asset(category="FORM_LOGO", extension="PNG", content=PNG, mode="LIGHT", **more):
    return {"Category": category, "ColorMode": mode, "Extension": extension, "Bytes": content, **more}


@pytest.fixture
def client(pools, user_pool_id):
    return pools.client_id(user_pool_id)


@pytest.fixture
def create(cognito, user_pool_id, client):
    def create(**more):
        return cognito.create_managed_login_branding(UserPoolId=user_pool_id, ClientId=client, **more)[
            "ManagedLoginBranding"
        ]

    return create


class TestCreateManagedLoginBranding:
    def test_own_settings_and_assets(self, create, user_pool_id):
        made = create(Settings=SETTINGS, Assets=[asset(), asset("FAVICON_SVG", "SVG", SVG)])
        assert (made["UserPoolId"], made["Settings"], made["UseCognitoProvidedValues"]) == (
            user_pool_id,
            SETTINGS,
            False,
        )
        assert [each["Category"] for each in made["Assets"]] == ["FORM_LOGO", "FAVICON_SVG"]
        assert made["CreationDate"] == made["LastModifiedDate"]

    def test_provided_values(self, create):
        made = create(UseCognitoProvidedValues=True)
        assert made["UseCognitoProvidedValues"] is True
        assert not {"Settings", "Assets"} & made.keys()

    @pytest.mark.parametrize("more", [{"Settings": SETTINGS}, {"Assets": [asset()]}])
    def test_provided_values_and_own(self, create, more):
        with refused("InvalidParameter", "Settings and Assets can not be set with UseCognitoProvidedValues."):
            create(UseCognitoProvidedValues=True, **more)

    def test_one_for_each_client(self, create):
        create()
        with refused("ManagedLoginBrandingExists"):
            create()

    @pytest.mark.parametrize("settings", [{"other": {}}, {"components": 1}, []])
    def test_settings_that_are_none(self, create, settings):
        with refused("InvalidParameter"):
            create(Settings=settings)

    @pytest.mark.parametrize(
        "wrong",
        [
            asset("FAVICON_ICO", "PNG"),
            asset(content=b"no image"),
            asset("FORM_LOGO", "SVG", b"<html/>"),
            {"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG"},
            {"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "ResourceId": "nothing"},
        ],
    )
    def test_asset_that_is_none(self, create, wrong):
        with refused("InvalidParameter"):
            create(Assets=[wrong])

    def test_drawing_loses_what_runs_or_loads(self, create):
        drawing = (
            b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><foreignObject/>'
            b'<image href="https://evil.example/x"/><a href="javascript:alert(1)"><path d="M0 0"/></a>'
            b'<path d="M2 2" style="fill:u\\72l(https://evil.example)"/><path style="fill:src(//evil.example)"/>'
            b'<path d="M1 1" style="fill:url(https://evil.example)" fill="url(#g)" onclick="x"/></svg>'
        )
        kept = create(Assets=[asset("FORM_LOGO", "SVG", drawing)])["Assets"][0]["Bytes"]
        for word in (b"script", b"onload", b"onclick", b"evil", b"javascript", b"foreignObject", b"image"):
            assert word not in kept
        assert b'fill="url(#g)"' in kept

    def test_unknown_client(self, cognito, user_pool_id):
        with refused("ResourceNotFound"):
            cognito.create_managed_login_branding(UserPoolId=user_pool_id, ClientId="1234567890abcdefghijklmnop")

    def test_most(self, cognito, pools):
        pool = pools.user_pool()
        for _ in range(20):
            cognito.create_managed_login_branding(UserPoolId=pool, ClientId=pools.client_id(pool))
        with refused("LimitExceeded"):
            cognito.create_managed_login_branding(UserPoolId=pool, ClientId=pools.client_id(pool))


class TestDescribeManagedLoginBranding:
    def test_as_it_was_made(self, create, cognito, user_pool_id):
        made = create(Settings=SETTINGS, Assets=[asset(ResourceId="logo 1")])
        given = {"UserPoolId": user_pool_id, "ManagedLoginBrandingId": made["ManagedLoginBrandingId"]}
        assert cognito.describe_managed_login_branding(**given)["ManagedLoginBranding"] == made
        merged = cognito.describe_managed_login_branding(**given, ReturnMergedResources=True)["ManagedLoginBranding"]
        button = merged["Settings"]["components"]["primaryButton"]["lightMode"]
        assert button["defaults"] == {"backgroundColor": "112233ff", "textColor": "ffffffff"}
        assert button["hover"]["backgroundColor"] == "033160ff"
        assert merged["Settings"]["categories"]["global"]["colorSchemeMode"] == "LIGHT"

    def test_unknown(self, cognito, user_pool_id):
        with refused("ResourceNotFound", NONE):
            cognito.describe_managed_login_branding(
                UserPoolId=user_pool_id, ManagedLoginBrandingId="11111111-1111-4111-8111-111111111111"
            )


class TestDescribeManagedLoginBrandingByClient:
    def test_same(self, create, cognito, user_pool_id, client):
        made = create(Settings=SETTINGS)
        found = cognito.describe_managed_login_branding_by_client(UserPoolId=user_pool_id, ClientId=client)
        assert found["ManagedLoginBranding"] == made

    def test_client_without_one(self, cognito, user_pool_id, client):
        with refused("ResourceNotFound", NONE):
            cognito.describe_managed_login_branding_by_client(UserPoolId=user_pool_id, ClientId=client)

    def test_unknown_client(self, cognito, user_pool_id):
        with refused("ResourceNotFound"):
            cognito.describe_managed_login_branding_by_client(
                UserPoolId=user_pool_id, ClientId="1234567890abcdefghijklmnop"
            )


class TestUpdateManagedLoginBranding:
    def test_what_is_given(self, create, cognito, user_pool_id):
        made = create(Settings=SETTINGS, Assets=[asset(ResourceId="logo")])
        given = {"UserPoolId": user_pool_id, "ManagedLoginBrandingId": made["ManagedLoginBrandingId"]}
        after = cognito.update_managed_login_branding(**given, Assets=[asset(mode="DARK")])["ManagedLoginBranding"]
        assert [each["ColorMode"] for each in after["Assets"]] == ["LIGHT", "DARK"]
        assert after["Settings"] == SETTINGS
        known = {"Category": "FORM_LOGO", "ColorMode": "DYNAMIC", "Extension": "PNG", "ResourceId": "logo"}
        after = cognito.update_managed_login_branding(**given, Settings={}, Assets=[known])["ManagedLoginBranding"]
        assert after["Settings"] == {}
        assert after["Assets"][2]["Bytes"] == PNG
        after = cognito.update_managed_login_branding(**given, UseCognitoProvidedValues=True)["ManagedLoginBranding"]
        assert not {"Settings", "Assets"} & after.keys()
        assert after["CreationDate"] == made["CreationDate"]
        assert cognito.describe_managed_login_branding(**given)["ManagedLoginBranding"] == after

    def test_unknown(self, cognito, user_pool_id):
        with refused("ResourceNotFound", NONE):
            cognito.update_managed_login_branding(
                UserPoolId=user_pool_id, ManagedLoginBrandingId="11111111-1111-4111-8111-111111111111"
            )

    def test_most_assets(self, create, cognito, user_pool_id):
        graphics = [
            *("EMAIL_GRAPHIC", "SMS_GRAPHIC", "AUTH_APP_GRAPHIC", "PASSWORD_GRAPHIC", "PASSKEY_GRAPHIC"),
            *("PAGE_HEADER_LOGO", "PAGE_HEADER_BACKGROUND", "PAGE_FOOTER_LOGO", "PAGE_FOOTER_BACKGROUND"),
            *("PAGE_BACKGROUND", "FORM_BACKGROUND", "FORM_LOGO"),
        ]
        modes = ("LIGHT", "DARK", "DYNAMIC")
        made = create(Assets=[asset(category, mode=mode) for category in graphics for mode in modes])
        given = {"UserPoolId": user_pool_id, "ManagedLoginBrandingId": made["ManagedLoginBrandingId"]}
        icons = [asset("FAVICON_SVG", "SVG", SVG, mode) for mode in modes]
        icons += [asset("IDP_BUTTON_ICON", "SVG", SVG, mode) for mode in modes]
        with refused("InvalidParameter", "A managed login style can have at most 40 assets."):
            cognito.update_managed_login_branding(**given, Assets=icons)
        after = cognito.update_managed_login_branding(**given, Assets=icons[:4])["ManagedLoginBranding"]
        assert len(after["Assets"]) == 40


class TestDeleteManagedLoginBranding:
    def test_is_gone(self, create, cognito, user_pool_id):
        given = {"UserPoolId": user_pool_id, "ManagedLoginBrandingId": create()["ManagedLoginBrandingId"]}
        cognito.delete_managed_login_branding(**given)
        with refused("ResourceNotFound", NONE):
            cognito.delete_managed_login_branding(**given)
        create()

    def test_gone_with_its_client(self, create, cognito, user_pool_id, client):
        given = {"UserPoolId": user_pool_id, "ManagedLoginBrandingId": create()["ManagedLoginBrandingId"]}
        cognito.delete_user_pool_client(UserPoolId=user_pool_id, ClientId=client)
        with refused("ResourceNotFound", NONE):
            cognito.describe_managed_login_branding(**given)
