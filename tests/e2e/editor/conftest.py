"""A real server and a real Chromium for the question editor's tests."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page

from quizserver.live.access import Role
from tests.protocol.http_site import PASSWORD
from tests.protocol.premises import Grounds, grounds
from tests.visitors import DESK, complaints_of, open_browser, seated

PACK = "cchc-2023-so-1"


@dataclass(slots=True, kw_only=True)
class Writer:
    """Somebody at the editor, signed in as a host."""

    page: Page
    site: Grounds
    problems: list[str]

    async def open(self, path: str = f"/host/questions/{PACK}") -> Page:
        """Go to a page of the editor and wait until it is drawn."""
        await self.page.goto(self.site.address + path)
        await self.page.wait_for_selector(".editor, .packs-tools")
        return self.page


Sit = Callable[..., Awaitable[Writer]]


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with open_browser() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="package")
async def site(tmp_path: Path) -> AsyncIterator[Grounds]:
    """The whole server, with the sample packs, on a free port."""
    async with grounds(tmp_path) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="package")
async def sit(browser: Browser, site: Grounds) -> AsyncIterator[Sit]:
    """Sit down at an editor; at the end no page may have written an error."""
    writers: list[Writer] = []

    async def sit_down(
        name: str = "thao",
        size: tuple[int, int] = DESK,
        *,
        scheme: str = "light",
        lang: str = "vi",
    ) -> Writer:
        accounts = site.server.accounts
        if name not in {account.name for account in await accounts.accounts()}:
            await accounts.add_account(name, PASSWORD, Role.HOST)
        session = await accounts.sign_in(name, PASSWORD)
        assert session is not None
        context = await seated(browser, size, scheme=scheme, lang=lang)
        await context.add_cookies(
            [{"name": "quiz", "value": session, "url": site.address}]
        )
        page = await context.new_page()
        page.set_default_timeout(15_000)
        # A refusal that the page shows is no mistake of the page.
        problems = complaints_of(page, but="Failed to load resource")
        writer = Writer(page=page, site=site, problems=problems)
        writers.append(writer)
        return writer

    yield sit_down
    for writer in writers:
        await writer.page.context.close()
    assert [problem for writer in writers for problem in writer.problems] == []
