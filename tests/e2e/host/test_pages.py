"""The pages around the panel: plain forms, the one-time code, accessibility."""

from dataclasses import dataclass
from typing import Final

import pytest
from playwright.async_api import Browser, Page, expect

from quizserver.web import newshow
from tests.e2e.host.scripted import Scripted, assets, render
from tests.e2e.host.test_layout import no_violation

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

SHOWS: Final = [
    {"code": "CCHC2", "title": "Số 2 – Một cửa, dịch vụ công", "phase": "draft"},
    {"code": "CCHC1", "title": "Số 1 – Cuộc thi và cải cách", "phase": "published"},
]
PACKS: Final = [{"id": "cchc-so-3", "title": "Số 3 – Chuyển đổi số", "questions": 10}]
UNREADY: Final = [
    {"id": "so-4", "title": "Số 4", "lack": "1 câu chưa có người khác duyệt"}
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """Who is signed in."""

    name: str = "minh"


LIST: Final[dict[str, object]] = {
    "shows": SHOWS,
    "packs": PACKS,
    "unready": UNREADY,
    "may_create": True,
    "error": "Sai.",
    "actor": Someone(),
    **newshow.filled({}, wrong="timing"),
}


async def visit(browser: Browser, stage: Scripted, path: str, html: str) -> Page:
    """Open a page in a fresh context."""
    stage.pages[path.split("#", maxsplit=1)[0]] = html
    context = await browser.new_context(viewport={"width": 1_024, "height": 768})
    page = await context.new_page()
    await page.goto(stage.origin + path)
    return page


async def test_the_one_time_code_moves_from_the_fragment_into_the_form(
    browser: Browser, stage: Scripted
) -> None:
    """It reaches no log, and a shared screen does not keep it (wire §1)."""
    html = render("host_setup.html", "vi", name="", error="")
    page = await visit(browser, stage, "/host/setup#code=abc-123", html)
    await expect(page.locator("#code")).to_have_value("abc-123")
    await expect(page.locator("#code-found")).to_be_visible()
    await expect(page.locator("#code-field")).to_be_hidden()
    assert page.url.endswith("/host/setup")


async def test_a_one_time_link_is_taken_over_in_a_tab_that_is_open_already(
    browser: Browser, stage: Scripted
) -> None:
    """Whoever opened /host first stands on the page that the link leads to.

    The browser then loads nothing; and another language is another page, to which
    the code goes along.
    """
    html = render("host_setup.html", "vi", name="", error="")
    page = await visit(browser, stage, "/host/setup", html)
    await expect(page.locator("#show-password-row")).to_be_visible()
    await page.goto(f"{stage.origin}/host/setup#code=abc-123")
    await expect(page.locator("#code")).to_have_value("abc-123")
    await expect(page.locator("#code-field")).to_be_hidden()
    assert page.url.endswith("/host/setup")
    stage.pages["/host/setup"] = render("host_setup.html", "en", name="", error="")
    await page.click("#lang")
    await page.wait_for_selector('html[lang="en"]')
    await expect(page.locator("#code")).to_have_value("abc-123")
    assert page.url.endswith("/host/setup?lang=en")


async def test_without_a_fragment_the_code_is_asked_for(
    browser: Browser, stage: Scripted
) -> None:
    """Somebody who copied half the link can still type the rest."""
    html = render("host_setup.html", "vi", name="", error="Mã đã dùng.")
    page = await visit(browser, stage, "/host/setup", html)
    await expect(page.locator("#code-field")).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_text("Mã đã dùng.")


async def test_a_failed_sign_in_keeps_the_name_and_where_to_go(
    browser: Browser, stage: Scripted
) -> None:
    """The password is typed again, nothing else."""
    html = render(
        "host_signin.html",
        "vi",
        error="Tên đăng nhập hoặc mật khẩu không đúng.",
        name="minh",
        next="/host/CCHC1",
    )
    page = await visit(browser, stage, "/host", html)
    await expect(page.locator("#name")).to_have_value("minh")
    await expect(page.locator("[name=next]")).to_have_value("/host/CCHC1")
    await expect(page.locator("#password")).to_be_focused()
    await expect(page.locator("form")).to_have_attribute("action", "/host/signin")


async def test_the_pages_have_the_panels_switches_and_remember_the_same(
    browser: Browser, stage: Scripted
) -> None:
    """Light is kept in the browser, language by the server's cookie: one for all."""
    html = render("host_signin.html", "vi", error="", name="", next="/host/CCHC1")
    page = await visit(browser, stage, "/host", html)
    await expect(page.locator("html")).to_have_attribute("data-theme", "light")
    english = page.get_by_role("link", name="English")
    await expect(english).to_have_text("EN")
    await expect(english).to_have_attribute("href", "/host?lang=en&next=/host/CCHC1")
    await page.get_by_role("button", name="Giao diện tối").click()
    await page.get_by_role("button", name="Giao diện sáng").wait_for()
    stage.pages["/host"] = render("host_shows.html", "en", **LIST)
    await page.goto(f"{stage.origin}/host")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    vietnamese = page.get_by_role("link", name="Tiếng Việt")
    await expect(vietnamese).to_have_attribute("href", "/host?lang=vi")
    # The panel goes by the page's language, whichever it showed before.
    url = f"{stage.origin}/static/{assets().build}/host/prefs.js"
    said = await page.evaluate(
        "async (url) => (await import(url)).readPrefs()",
        url,
    )
    assert (said["theme"], said["lang"]) == ("dark", "en")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_axe_finds_nothing_on_the_pages(
    browser: Browser, stage: Scripted, scheme: str, lang: str
) -> None:
    """WCAG 2.2 AA for sign-in, set-up and the list of shows."""
    contexts: dict[str, dict[str, object]] = {
        "host_signin.html": {"error": "Sai.", "name": "minh", "next": ""},
        "host_setup.html": {"error": "", "name": ""},
        "host_shows.html": LIST,
    }
    context = await browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light"
    )
    page = await context.new_page()
    for template, values in contexts.items():
        stage.pages["/host"] = render(template, lang, **values)
        await page.goto(f"{stage.origin}/host")
        await no_violation(page, template)
    await context.close()
