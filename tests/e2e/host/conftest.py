"""A real Chromium and a scripted server for the panel's tests.

One browser for the folder, one context for each test: nothing a test leaves in
storage reaches the next.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.e2e.host.samples import Message
from tests.e2e.host.scripted import Panel, Scripted, render, scripted
from tests.visitors import DESK, complaints_of, open_browser, seated


@dataclass(slots=True, kw_only=True)
class Desk:
    """A page with a panel in it, and the server's end of its socket."""

    page: Page
    panel: Panel
    stage: Scripted
    problems: list[str]

    async def show(self, state: Message) -> None:
        """Bring the panel to `state` and wait until it stands there."""
        await self.panel.say(state)
        await self.page.wait_for_selector(f'.panel[data-step="{state["step"]}"]')

    async def settled(self) -> None:
        """Wait until the big button may be pressed."""
        await self.page.wait_for_selector('#next[aria-disabled="false"]')

    def forgive(self, words: str) -> None:
        """Strike out the complaints with these words, of which there must be some.

        The browser itself writes an error for every answer that a test refuses.
        """
        left = [problem for problem in self.problems if words not in problem]
        assert left != self.problems
        self.problems[:] = left

    async def stop_clock(self) -> None:
        """Let the page's clock stand still: what is too early stays too early."""
        await self.page.evaluate(
            "() => { const now = performance.now(); performance.now = () => now; }"
        )


OpenDesk = Callable[..., Awaitable[Desk]]


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with open_browser() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="package")
async def stage() -> AsyncIterator[Scripted]:
    """A scripted server on a free port."""
    async with scripted() as running:
        running.pages["/host/CCHC1"] = render(
            "host_panel.html", "vi", code="CCHC1", title="Số 1"
        )
        yield running


@pytest_asyncio.fixture(loop_scope="package")
async def desk(browser: Browser, stage: Scripted) -> AsyncIterator[OpenDesk]:
    """Open panels; at the end none of them may have written an error."""
    desks: list[Desk] = []

    async def open_desk(
        state: Message | None = None,
        size: tuple[int, int] = DESK,
        *,
        scheme: str = "light",
        reduced: bool = True,
        zone: str = "Asia/Ho_Chi_Minh",
    ) -> Desk:
        context = await seated(browser, size, scheme=scheme, reduced=reduced, zone=zone)
        page = await context.new_page()
        # A socket the server closed on purpose is no mistake of the page.
        problems = complaints_of(page, but="WebSocket")
        await page.goto(f"{stage.origin}/host/CCHC1")
        made = Desk(
            page=page, panel=await stage.panel(), stage=stage, problems=problems
        )
        desks.append(made)
        if state is not None:
            await made.show(state)
        return made

    yield open_desk
    for one in desks:
        await one.page.context.close()
    assert [problem for one in desks for problem in one.problems] == []
