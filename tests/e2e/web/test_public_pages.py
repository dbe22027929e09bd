"""The pages in Debian's Chromium: reachable by all, narrow, calm, signed in.

The site is the real one over a real ledger; only phones' sockets are missing.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import ConsoleMessage, Error, Page

from quizserver.live.access import Role
from tests.axe import violations
from tests.listening import PageServer
from tests.protocol.http_site import PASSWORD, SHOW, World, world
from tests.visitors import open_browser

PAGES = (
    "/",
    "/rules?show=CCHC1",
    "/CCHC1/results",
    "/CCHC1/my-data",
    "/khong/co",
    "/host",
    "/host/setup",
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@asynccontextmanager
async def served(site: World) -> AsyncIterator[str]:
    """Serve the site on a free port; yield its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = PageServer(uvicorn.Config(site.app, log_level="error"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await site.reach(lambda: server.started)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await serving


async def a_finished_show(site: World) -> list[str]:
    """Play two questions; the second has no winner, a third is void.

    Returns the tokens of two who took part.
    """
    await site.command("open_lobby")
    names = ("Nguyễn Thị Phương Thảo", "Lê Hoàng Phúc Nguyên Khang Bảo Ngọc Ẫn")
    tokens = [(await site.join(name))["token"] for name in names]
    for option in ("C", "B"):
        await site.open_question()
        for token in tokens:
            await site.answer(token, option)
        await site.finish_question()
    await site.open_question()
    await site.command("void", reason="Câu hỏi có hai cách hiểu")
    await site.command("end")
    return tokens


def complaints_of(page: Page) -> list[str]:
    """Return the list that fills with what the browser complains of."""
    complaints: list[str] = []

    def failed(error: Error) -> None:
        complaints.append(str(error))

    def said(message: ConsoleMessage) -> None:
        complaints.append(message.text)

    page.on("pageerror", failed)
    page.on("console", said)
    return complaints


async def faults(page: Page) -> list[str]:
    """Return what axe finds, and a page wider than the screen."""
    found = await violations(page)
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["wider than the screen"] if wide else [])]


async def own_page(page: Page, address: str, token: str) -> list[list[str]]:
    """Look at a person's own page, withdraw, and erase; return what was wrong."""
    cookie = {"name": f"quiz-{SHOW}", "value": token, "url": address}
    await page.context.add_cookies([cookie])  # type: ignore[list-item]
    await page.goto(f"{address}/{SHOW}/my-data")
    looks = [await faults(page)]
    await page.click("button[value=show_name]")
    await page.wait_for_selector(".said")
    looks.append(await faults(page))
    await page.evaluate("localStorage.setItem('quiz.person', '{}')")
    await page.check("[name=confirm]")
    await page.click("button[value=erase]")
    await page.wait_for_selector("html[data-erased]")
    looks.append(await faults(page))
    await page.wait_for_function("localStorage.length === 0")
    return [found for found in looks if found]


async def test_pages_are_open_to_everybody_and_fit_a_narrow_phone(
    tmp_path: Path,
) -> None:
    """WCAG 2.2 AA as far as axe sees, 320-pixel reflow, both looks and languages."""
    wrong: list[tuple[str, str, str, list[str]]] = []
    async with (
        world(tmp_path) as site,
        served(site) as address,
        open_browser() as browser,
    ):
        tokens = await a_finished_show(site)
        await site.accounts.add_account("chu", PASSWORD, Role.OWNER)
        for scheme, lang in (("light", "vi"), ("dark", "en")):
            context = await browser.new_context(
                viewport={"width": 320, "height": 700},
                color_scheme=scheme,  # type: ignore[arg-type]
                locale=lang,
            )
            page = await context.new_page()
            complaints = complaints_of(page)
            for path in PAGES:
                await page.goto(address + path)
                found = await faults(page)
                loud = [c for c in complaints if "404" not in c and "422" not in c]
                if found or loud:
                    wrong.append((path, scheme, lang, found + loud))
            mine = await own_page(page, address, tokens.pop())
            wrong += [("/my-data", scheme, lang, found) for found in mine]
            await context.close()
    assert wrong == []


async def test_host_signs_in_makes_a_show_and_signs_out(tmp_path: Path) -> None:
    """The forms carry what the door asks for: token, origin, cookie."""
    async with (
        world(tmp_path) as site,
        served(site) as address,
        open_browser() as browser,
    ):
        code = await site.accounts.setup_code()
        page = await browser.new_page()
        await page.goto(f"{address}/host/setup#code={code}")
        await page.fill("#name", "chu.toa")
        await page.fill("#password", PASSWORD)
        await page.click("#setup button[type=submit]")
        await page.wait_for_url(f"{address}/host")
        await page.fill("#code", "tet26")
        await page.click("form[action='/host/shows'] button[type=submit]")
        await page.wait_for_url(f"{address}/host/TET26")
        await page.goto(f"{address}/host")
        await page.click("form[action='/host/signout'] button")
        await page.wait_for_url(f"{address}/host")
        await page.goto(f"{address}/host/{SHOW}")
        await page.wait_for_url(f"{address}/host?next=/host/{SHOW}")
        await page.fill("#name", "chu.toa")
        await page.fill("#password", PASSWORD)
        await page.click("button[type=submit]")
        await page.wait_for_url(f"{address}/host/{SHOW}")
