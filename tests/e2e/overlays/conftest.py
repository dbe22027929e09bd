"""Fixtures of overlay tests: a stand, Chromium, and pages whose errors count.

The browser lives for one module: while Playwright's synchronous interface is
open in a thread, no asyncio test can run there.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import chromium
from tests.e2e.overlays.scenarios import SHAPES
from tests.e2e.overlays.stand import Stand, assets

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def stand() -> Iterator[Stand]:
    """A scripted show on a free port of this machine."""
    stand = Stand(files=assets())
    stand.start()
    yield stand
    stand.stop()


@pytest.fixture
def opened(browser: Browser, stand: Stand) -> Iterator[Opened]:
    """Open the stage or `name`: `opened(layout, query, key, clock=True, name=…)`.

    `before` is a function that runs in the page before its own scripts.
    A script error, a violated policy or a request to another host fails the test; a
    lost server does not.
    """
    errors: list[str] = []
    pages: list[Page] = []

    def stranger(url: str) -> None:
        if not url.startswith((stand.url, "data:", "blob:")):
            errors.append(f"asked another host: {url}")

    def open_page(
        layout: str = "16x9",
        query: str = "",
        key: str = stand.key,
        clock: bool = False,
        name: str = "stage",
        before: str = "",
    ) -> Page:
        width, height = SHAPES[layout]
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda line: errors.append(line.text) if "Policy" in line.text else None,
        )
        page.on("request", lambda request: stranger(request.url))
        if before:
            page.add_init_script(f"({before})()")
        if clock:
            page.clock.install()
        fragment = f"#k={key}" if key else ""
        page.goto(f"{stand.url}/overlay/{name}?layout={layout}{query}{fragment}")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert errors == []
