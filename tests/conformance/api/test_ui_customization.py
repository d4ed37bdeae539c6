"""SetUICustomization and GetUICustomization (user-pools-api.md §9.7, endpoints.md §17.1)."""

import httpx
import pytest

from tests.support.pools import unique
from tests.support.refusals import refused

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
CSS = ".label-customizable { font-weight: 400; color: #ff0000 }\n/* a comment */ .submitButton-customizable:hover{color:red;}"


@pytest.fixture(scope="module")
def world(pools, cognito):
    """(pool with a domain, one of its clients)."""
    pool = pools.user_pool()
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=unique("looks"))
    return pool, pools.client_id(pool)


class TestSetUICustomization:
    def test_for_all(self, cognito, pools):
        pool = pools.user_pool()
        cognito.create_user_pool_domain(UserPoolId=pool, Domain=unique("looks"))
        made = cognito.set_ui_customization(UserPoolId=pool, CSS=CSS, ImageFile=PNG)["UICustomization"]
        assert (made["UserPoolId"], made["ClientId"], made["CSS"]) == (pool, "ALL", CSS)
        assert {"CSSVersion", "CreationDate", "LastModifiedDate"} <= made.keys()
        image = httpx.get(made["ImageUrl"])
        assert (image.content, image.headers["content-type"]) == (PNG, "image/png")

    @pytest.mark.parametrize("client_id", ["%00", "nobody", "%EF%BF%BF"])
    def test_image_asked_for_by_an_odd_name(self, cognito, pools, client_id):
        """What was set for all is shown for a client that has nothing of its own, whoever that is."""
        pool = pools.user_pool()
        cognito.create_user_pool_domain(UserPoolId=pool, Domain=unique("looks"))
        made = cognito.set_ui_customization(UserPoolId=pool, ImageFile=PNG)["UICustomization"]
        answer = httpx.get(made["ImageUrl"].replace("client_id=ALL", f"client_id={client_id}"))
        assert (answer.status_code, answer.content) == (200, PNG)

    def test_for_one_client(self, cognito, world):
        pool, client_id = world
        made = cognito.set_ui_customization(UserPoolId=pool, ClientId=client_id, CSS=CSS)["UICustomization"]
        assert made["ClientId"] == client_id
        assert "ImageUrl" not in made

    def test_replaces_both(self, cognito, world):
        pool, client_id = world
        first = cognito.set_ui_customization(UserPoolId=pool, ClientId=client_id, CSS=CSS, ImageFile=PNG)
        second = cognito.set_ui_customization(UserPoolId=pool, ClientId=client_id)["UICustomization"]
        assert not {"CSS", "ImageUrl"} & second.keys()
        assert second["CreationDate"] == first["UICustomization"]["CreationDate"]

    @pytest.mark.parametrize(
        "css",
        [
            "body { color: red }",
            ".label-customizable { position: fixed }",
            ".label-customizable { color: url(https://evil.example) }",
            ".background-customizable { background-color: expression(alert(1)) }",
            ".label-customizable { color: red } @import 'x';",
            "@media print { .label-customizable { color: red } }",
            ".label-customizable { color: red",
            ".label-customizable, body { color: red }",
            ".label-customizable { color: red; } </style><script>alert(1)</script>",
            "/* </style><script>alert(1)</script> */ .label-customizable { color: red }",
            ".label-customizable:hover { color: red }",
            ".label-customizable { color: \\72 ed }",
        ],
    )
    def test_style_that_is_not_allowed(self, cognito, world, css):
        with refused("InvalidParameter") as refusal:
            cognito.set_ui_customization(UserPoolId=world[0], CSS=css)
        assert refusal.value.response["Error"]["Message"].startswith("The CSS is not allowed: ")

    @pytest.mark.parametrize("image", [b"GIF89a", b"<svg/>"])
    def test_image_of_another_kind(self, cognito, world, image):
        with refused("InvalidParameter", "ImageFile must be a PNG or JPEG image."):
            cognito.set_ui_customization(UserPoolId=world[0], ImageFile=image)

    def test_too_large(self, cognito, world):
        with refused("InvalidParameter", "request parameters too large"):
            cognito.set_ui_customization(UserPoolId=world[0], ImageFile=PNG + b"\0" * 102_400)
        with refused("InvalidParameter", "request parameters too large"):
            cognito.set_ui_customization(UserPoolId=world[0], CSS="/*" + "x" * 3_072 + "*/")

    def test_needs_a_domain(self, cognito, pools):
        with refused("InvalidParameter", "There has to be an existing domain associated with this user pool"):
            cognito.set_ui_customization(UserPoolId=pools.user_pool(), CSS=CSS)

    def test_unknown_client(self, cognito, world):
        with refused("ResourceNotFound"):
            cognito.set_ui_customization(UserPoolId=world[0], ClientId="1234567890abcdefghijklmnop", CSS=CSS)


class TestGetUICustomization:
    def test_of_the_client_else_of_the_pool_else_none(self, cognito, pools):
        pool = pools.user_pool()
        cognito.create_user_pool_domain(UserPoolId=pool, Domain=unique("looks"))
        client_id = pools.client_id(pool)
        given = {"UserPoolId": pool, "ClientId": client_id}
        assert cognito.get_ui_customization(**given)["UICustomization"] == {"UserPoolId": pool, "ClientId": "ALL"}
        of_all = cognito.set_ui_customization(UserPoolId=pool, CSS=CSS)["UICustomization"]
        assert cognito.get_ui_customization(**given)["UICustomization"] == of_all
        own = cognito.set_ui_customization(**given, CSS=".banner-customizable { padding: 1px }")["UICustomization"]
        assert cognito.get_ui_customization(**given)["UICustomization"] == own
        assert cognito.get_ui_customization(UserPoolId=pool)["UICustomization"] == of_all

    def test_unknown_client(self, cognito, world):
        with refused("ResourceNotFound"):
            cognito.get_ui_customization(UserPoolId=world[0], ClientId="1234567890abcdefghijklmnop")

    def test_gone_with_its_client(self, cognito, pools, world):
        client_id = pools.client_id(world[0])
        cognito.set_ui_customization(UserPoolId=world[0], ClientId=client_id, CSS=CSS)
        cognito.delete_user_pool_client(UserPoolId=world[0], ClientId=client_id)
        with refused("ResourceNotFound"):
            cognito.get_ui_customization(UserPoolId=world[0], ClientId=client_id)
