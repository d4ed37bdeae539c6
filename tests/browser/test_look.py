"""Everybody gets in: names, labels, contrast (axe-core), small screens, zoom, and what a first visit costs."""

from pathlib import Path

import pytest

from tests.browser.conftest import PASSWORD
from tests.support import oauth
from tests.support.browser import sign_in, sign_up
from tests.support.pools import unique

pytestmark = [
    pytest.mark.browser,
    pytest.mark.node,
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session"),
]

AXE = Path(__file__).parents[1] / "clients/node/node_modules/axe-core/axe.min.js"


def pages(page, site, inbox):
    """Every page, one after the other, in states that people see. Yields its name while it is open."""
    server = site.server
    page.goto(site.sign_in)
    yield "sign in"
    sign_in(page, "nobody", "wrong")
    yield "sign in, refused"
    page.goto(site.url("/signup"))
    yield "sign up"
    name = unique("a-rather-long-name-without-any-blank-in-it-")
    sign_up(page, name, "short", email=f"{name}@example.com")
    yield "sign up, refused"
    page.fill("input[name='requiredAttributes[email]']", "a@localhost")
    page.fill("#password", PASSWORD)
    page.click("[name=signUpButton]")
    yield "sign up, password kept"
    page.fill("input[name='requiredAttributes[email]']", f"{name}@example.com")
    page.click("[name=signUpButton]")
    yield "confirm"
    page.click("[name=resend]")
    yield "confirm, sent again"
    page.fill("#code", "1")
    page.click("[name=confirm]")
    yield "confirm, refused"
    page.fill("#code", inbox.code(f"{name}@example.com"))
    page.click("[name=confirm]")
    page.wait_for_url("**/_poolhouse/demo/callback?*")
    yield "demo, an answer that nobody asked for"
    page.goto(site.sign_in)
    page.wait_for_url("**/_poolhouse/demo")
    yield "demo, signed in"
    page.goto(site.url("/login"))
    yield "living session"
    page.goto(site.url("/forgotPassword"))
    yield "forgot password"
    page.fill("#username", name)
    page.click("[name=reset_my_password]")
    yield "new password"
    invited = site.invited("Temporary-1")
    page.goto(site.url("/login", prompt="login"))
    sign_in(page, invited.username, invited.password)
    yield "temporary password"
    page.goto(f"{server.url}/error?error=redirect_mismatch&client_id={server.demo_client_id}")
    yield "error"
    page.goto(site.url("/login", redirect_uri="http://localhost/").replace("redirect_uri", "was", 1))
    yield "error, with a command"
    page.goto(f"{server.url}/confirmUser?client_id={server.demo_client_id}&user_name=x&confirmation_code=1")
    yield "link that is no longer good"
    page.goto(site.url("/forgotPassword"))
    page.context.clear_cookies()
    page.fill("#username", name)
    page.click("[name=reset_my_password]")
    yield "forgot password, expired"
    page.goto(server.url)
    yield "landing"
    page.goto(f"{server.url}/_poolhouse/inbox?to=nobody")
    yield "inbox, empty"
    page.goto(f"{server.url}/_poolhouse/inbox")
    yield "inbox"
    page.click(".letter")
    page.wait_for_selector(".read")
    yield "message"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(new_page, site, inbox, scheme):
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    problems = []
    axe = AXE.read_text()
    for name in pages(page, site, inbox):
        page.evaluate(axe)
        found = page.evaluate("axe.run().then(result => result.violations)")
        problems += [
            f"{name}: {violation['id']} ({violation['impact']}): {node['html']} {node.get('failureSummary', '')}"
            for violation in found
            for node in violation["nodes"]
        ]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("width", [320, 390, 640, 1280])
def test_nothing_is_wider_than_the_window_and_targets_are_large(new_page, site, inbox, width):
    """320 is 400 % zoom of 1280 (WCAG 1.4.10), 640 is 200 %."""
    page = new_page(viewport={"width": width, "height": 800})
    problems = []
    for name in pages(page, site, inbox):
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append(f"{name}: scrolls sideways")
        problems += [
            f"{name}: {text} is {height} px high"
            for text, height in page.evaluate(
                """[...document.querySelectorAll("a, button, input:not([type=hidden]):not(.unseen), summary")]
                .filter(e => e.checkVisibility() && !e.matches(".skip, .hint a, .unseen"))
                .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])
                .filter(([_, height]) => height < 43.5)"""
            )
        ]
        problems += [
            f"{name}: {text} has letters of {size}, and a phone zooms in"
            for text, size in page.evaluate(
                """[...document.querySelectorAll("input:not([type=hidden]):not(.unseen)")]
                .map(e => [e.id, getComputedStyle(e).fontSize]).filter(([_, size]) => parseFloat(size) < 16)"""
            )
        ]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("width", [320, 390])
def test_copy_buttons_lie_over_nothing(new_page, site, width):
    """first-hour D15: neither at rest nor while a long line is scrolled."""
    page = new_page(viewport={"width": width, "height": 800})
    page.goto(site.server.url)
    page.wait_for_selector(".snippet .copy")
    overlaps = page.evaluate(
        """[...document.querySelectorAll(".snippet")].filter(snippet => {
          const code = snippet.querySelector("pre").getBoundingClientRect();
          return snippet.querySelector(".copy").getBoundingClientRect().left < code.right - 0.5;
        }).length"""
    )
    assert overlaps == 0


def test_the_monogram_grows_with_the_letter(new_page, site):
    """first-hour D16: text at 200 %."""
    page = new_page(viewport={"width": 390, "height": 800})
    page.goto(site.url("/login"))
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    assert page.evaluate(
        "document.querySelector('.monogram').scrollHeight <= document.querySelector('.monogram').clientHeight"
    )
    assert page.evaluate("document.querySelector('.monogram').clientHeight") >= 60


def test_a_pool_has_a_colour_of_its_own(new_page, server, pools):
    """So that two tenants are told apart before they have a logo."""
    page, colours = new_page(), set()
    for _ in range(8):
        world = oauth.build(server, pools)
        page.goto(f"{world.issuer}/error")
        colours.add(page.evaluate("getComputedStyle(document.querySelector('.monogram')).backgroundColor"))
    assert len(colours) > 1


def test_every_ring_is_the_same(new_page, site):
    page, rings = new_page(), set()
    page.goto(site.url("/login"))
    for _ in range(5):
        page.keyboard.press("Tab")
        rings.add(
            page.evaluate(
                "(style => style.outlineWidth + style.outlineColor)(getComputedStyle(document.activeElement))"
            )
        )
    assert len(rings) == 1


def test_a_long_label_wraps(new_page, site):
    """first-hour D18: `<input type=submit>` is what test suites look for, and it wraps all the same."""
    page = new_page(viewport={"width": 320, "height": 800})
    for path, button in (("/login", "[name=signInSubmitButton]"), ("/forgotPassword", "[name=reset_my_password]")):
        page.goto(site.url(path))
        page.evaluate(
            f"""(button => {{ button.value = button.textContent = "Mit dem Unternehmenskonto jetzt hier anmelden" }})
            (document.querySelector("{button}"))"""
        )
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert page.locator(button).bounding_box()["height"] > 60


def test_names_of_every_script_stand_right(new_page, site):
    """first-hour D18: each field takes the direction of what is typed."""
    page = new_page()
    page.goto(site.url("/signup"))
    page.fill("#username", "مريم")
    page.fill("input[name='requiredAttributes[email]']", "مريم@مثال.example")
    for selector in ("#username", "input[name='requiredAttributes[email]']"):
        assert page.evaluate(f"""getComputedStyle(document.querySelector("{selector}")).direction""") == "rtl"
    page.fill("#username", "Maryam")
    assert page.evaluate("getComputedStyle(document.querySelector('#username')).direction") == "ltr"


def test_first_visit_is_small_and_asks_nobody_else(new_page, site):
    page = new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  Playwright wants a function
    page.goto(site.url("/login"))
    page.wait_for_load_state("networkidle")
    assert all(answer.url.startswith(site.server.url) for answer in answers)
    sizes = {answer.url.rpartition("/")[2].partition("?")[0]: len(answer.body()) for answer in answers}
    assert set(sizes) == {"login", "pool.css", "pool.js"}
    assert sizes["login"] + sizes["pool.css"] < 30_000


def test_nothing_moves_while_the_page_loads(new_page, site):
    page = new_page()
    page.add_init_script(
        """window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => window.shift += e.value))
        .observe({type: "layout-shift", buffered: true});"""
    )
    page.goto(site.url("/signup"))
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") < 0.01


def test_right_to_left(new_page, site):
    page = new_page(viewport={"width": 390, "height": 800})
    page.goto(site.url("/login"))
    page.evaluate("document.documentElement.dir = 'rtl'")
    field, eye = page.locator("#signInFormPassword").bounding_box(), page.locator(".reveal").bounding_box()
    assert eye["x"] < field["x"] + field["width"] / 2
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
