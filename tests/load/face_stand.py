"""A server with its show, and a browser with throttled phones in front of it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from playwright.async_api import Browser, BrowserContext, Page

from quizserver.rehearsal.calls import Caller
from tests.server import ServerProcess

SHOW: Final = "CCHC1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A throttled phone: round trip in ms, kbit a second, factor of the processor."""

    name: str
    rtt_ms: int
    kbit: int
    factor: int


GOOD: Final = Line(name="150 ms, 1.6 Mbit/s, ÷4", rtt_ms=150, kbit=1_600, factor=4)
POOR: Final = Line(name="400 ms, 400 kbit/s, ÷6", rtt_ms=400, kbit=400, factor=6)


class Stand:
    """A server with its show, and a browser in front of it."""

    def __init__(self, server: ServerProcess, browser: Browser, host: Caller) -> None:
        self.server = server
        self.browser = browser
        self.host = host
        self._refs = 0

    async def command(self, command: str, **fields: object) -> None:
        """Carry out a command of the host."""
        self._refs += 1
        body = {"command": command, "ref": f"budget-{self._refs}", **fields}
        await self.host.post(f"/api/shows/{SHOW}/commands", body)

    @asynccontextmanager
    async def phone(
        self, line: Line, *, witness: str, seat: str = ""
    ) -> AsyncIterator[Page]:
        """Open a phone that has never been here, on a throttled line.

        `witness` is a script that looks on; it runs before the page's own.
        """
        context = await self.browser.new_context(
            viewport={"width": 360, "height": 800},
            device_scale_factor=2,
            has_touch=True,
            is_mobile=True,
            locale="vi-VN",
        )
        await context.add_init_script(witness)
        if seat:
            key = f"quiz.{SHOW}.seat"
            await context.add_init_script(f"localStorage[{key!r}] = {seat!r}")
        page = await context.new_page()
        await throttle(context, page, line)
        yield page
        await context.close()

    async def seat(self) -> str:
        """Register somebody; return what their phone keeps."""
        consent = {"version": "vi-1", "play": True}
        body = {"name": "Lê Thị Hồng Ánh", "unit": "", "consent": consent}
        async with Caller(self.server.address) as caller:
            said = await caller.call(
                "POST", f"/api/shows/{SHOW}/participants", json.dumps(body).encode()
            )
        return said.decode()


async def throttle(context: BrowserContext, page: Page, line: Line) -> None:
    """Slow the page's requests and its processor."""
    tools = await context.new_cdp_session(page)
    await tools.send("Network.enable")
    await tools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": line.rtt_ms,
            "downloadThroughput": line.kbit * 1000 / 8,
            "uploadThroughput": line.kbit * 1000 / 8,
        },
    )
    await tools.send("Emulation.setCPUThrottlingRate", {"rate": line.factor})
