"""A real Chromium, driven by Playwright's synchronous API, and the steps that a person takes on the hosted pages."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# The same Chromium without windows of its own costs a fifth: 0.2 s of CPU for a page, against 1.1 s (Chromium 156, 2 cores).
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Without these, Chromium looks for its maker's hosts at every start.
QUIET = [
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
]
TIMEOUT_MS = 15_000


def executable() -> str:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError(
            "Chromium is not installed; `make test` installs the package, or: apt-get install chromium-headless-shell"
        )
    return found


@contextmanager
def running() -> Iterator["Running"]:
    # A sandbox of its own needs an unprivileged account; tests only open pages of this machine.
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=[*QUIET, *sandbox])
        loop = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        try:
            yield Running(browser, loop)
        finally:
            asyncio._set_running_loop(loop)
            browser.close()


class Running:
    """The browser and the event loop of Playwright.

    Playwright's synchronous API leaves its loop marked as the running one, and then no async test could run in this process.
    So the mark is set only while a test uses the browser.
    """

    def __init__(self, browser: Browser, loop: Any) -> None:
        self._browser = browser
        self._loop = loop

    @contextmanager
    def used(self) -> Iterator[Browser]:
        asyncio._set_running_loop(self._loop)
        try:
            yield self._browser
        finally:
            asyncio._set_running_loop(None)


@contextmanager
def new_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page in a context (cookie jar) of its own; the test fails when a page's script or policy complains."""
    context: BrowserContext = browser.new_context(**options)
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.wait_for_function = _evaluates_a_string  # type: ignore[method-assign]
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None,
    )
    try:
        yield page
    finally:
        context.close()
    assert not complaints, complaints


def _evaluates_a_string(*_: object, **__: object) -> NoReturn:
    raise AssertionError(
        "Where the first look finds it false, wait_for_function needs a policy with unsafe-eval, and our pages have none: "
        "use expect(page.locator(...)) with TIMEOUT_MS."
    )


def sign_in(page: Page, username: str, password: str) -> None:
    """Fill in the sign-in page and send it."""
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("[name=signInSubmitButton]")


def sign_up(page: Page, username: str, password: str, **attributes: str) -> None:
    """From the sign-in page to the page that asks for the code."""
    page.click("text=Sign up")
    page.fill("input[name=username]", username)
    for name, value in attributes.items():
        page.fill(f"input[name='{name}'], input[name='requiredAttributes[{name}]']", value)
    page.fill("input[name=password]", password)
    page.click("[name=signUpButton]")


def confirm(page: Page, code: str) -> None:
    page.fill("input[name=code]", code)
    page.click("[name=confirm]")


def focused_invalid(page: Page) -> list[str]:
    """The ids of the fields that are marked as wrong; the first of them has the focus."""
    marked: list[str] = page.eval_on_selector_all("[aria-invalid=true]", "fields => fields.map(field => field.id)")
    assert page.evaluate("document.activeElement.id") == marked[0]
    return marked
