"""The box "For the developer" in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import TIMEOUT_MS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [320, 1280])
def test_the_command_is_copied_whole(new_page, site, width):
    """A new user's walk no. 5: the button lies over nothing, and the strict policy holds (new_page watches it)."""
    page = new_page(viewport={"width": width, "height": 800}, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{site.server.url}/logout?client_id={site.server.demo_client_id}&logout_uri=https://app.example/bye")
    command = page.locator("#developer-command")
    button = page.get_by_role("button", name="Copy the command")
    code, box = command.bounding_box(), button.bounding_box()
    assert box["x"] >= code["x"] + code["width"] - 0.5
    assert min(box["width"], box["height"]) >= 44
    button.click()
    expect(page.locator("#said")).to_have_text("Copied", timeout=TIMEOUT_MS)
    assert page.evaluate("navigator.clipboard.readText()") == command.text_content()
    assert command.text_content().startswith("aws cognito-idp update-user-pool-client ")


def test_without_a_command_nothing_is_loaded_for_it(new_page, site):
    """A new user's walk no. 5."""
    page = new_page()
    page.goto(f"{site.server.url}/error?error=redirect_mismatch&client_id={site.server.demo_client_id}")
    assert page.locator("#developer").is_visible()
    assert page.locator("#developer-command, #copy, script[src*='copy.js']").count() == 0
