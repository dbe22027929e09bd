"""A whole show of people with hostile names, played once, looked at by every face.

The server is the real one, everybody joined and answered over HTTP as phones do. At
each moment every open page is looked at; what it shows and what is wrong with it is
kept by face, and the tests hold each face to it.
"""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from quizserver.app import running
from quizserver.domain.ids import OPTION_IDS, OptionId, QuestionId, ShowCode
from quizserver.domain.rundown import Option, Pack, Question, Rules
from quizserver.live.access import Role
from quizserver.rehearsal.calls import Caller
from quizserver.settings import Settings
from tests.chromium import chromium
from tests.hostile_texts import HOSTILE, authored, shown
from tests.server import ServerProcess

SHOW: Final = ShowCode("TEN1")
WATCHER: Final = "Lê Thị Xem"
"""Whose phone is looked at; no question has these words."""

NAME, PASSWORD = "chu", "mot mat khau du dai"
AT_ONCE: Final = 3
"""People who are right in one question: as many as every face lists together."""

UNIT: Final = "ở xã"
"""Ends every workplace, so that one can be told from a question of the same words."""

WAIT_MS: Final = 20_000
LOOK: Final = (Path(__file__).parent / "look.js").read_text("utf-8")
SCREENS: Final = {
    "phone": {"width": 360, "height": 740},
    "panel": {"width": 1366, "height": 768},
    "stage": {"width": 1920, "height": 1080},
    "tall stage": {"width": 1080, "height": 1920},
    "fastest": {"width": 1920, "height": 1080},
    "results": {"width": 360, "height": 740},
}
OVERLAYS: Final = {
    "stage": "stage",
    "tall stage": "stage?layout=9x16",
    "fastest": "fastest",
}
STILL: Final = """() => {
  for (const a of document.getAnimations()) a.id === "clock" ? a.pause() : a.finish();
}"""
"""What moves is at its end, the clock's bar halts: drawing takes the processor."""
TRAP: Final = """
  window.trapped = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    window.trapped.push(`policy: ${event.violatedDirective} ${event.blockedURI}`);
  });
"""


@dataclass
class Seen:
    """What the faces showed, and what was wrong with them."""

    texts: defaultdict[str, list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    faults: defaultdict[str, list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    files: dict[str, bytes] = field(default_factory=dict)
    log: str = ""

    def names_on(self, face: str) -> set[str]:
        """Return the kinds of names that a face has shown as typed."""
        told = "\n".join(self.texts[face])
        if face == "own phone":  # in the sentence that greets
            return {kind for kind, text in HOSTILE.items() if plain(text) in told}
        alone = set(told.split("\n"))
        return {kind for kind, text in HOSTILE.items() if plain(text) in alone}


def plain(text: str) -> str:
    """Return a name as a page's text has it: cleaned, white space single."""
    return " ".join(shown(text).split())


def pack() -> Pack:
    """Return as many questions as show everybody, of texts that are hostile too."""
    texts = authored()
    count = -(-len(HOSTILE) // AT_ONCE)

    def part(number: int, n: int) -> str:
        return f"{texts[(number * 5 + n) % len(texts)]} {n}"

    questions = tuple(
        Question(
            id=QuestionId(f"q{number}"),
            text=part(number, 0),
            options=tuple(
                Option(id=letter, text=part(number, n))
                for n, letter in enumerate(OPTION_IDS[:4], 1)
            ),
            key=OptionId("A"),
            source=part(number, 5),
            explanation=part(number, 6),
            author=part(number, 7),
            reviewer=part(number, 8),
        )
        for number in range(1, count + 1)
    )
    return Pack(id="ten", title=texts[0], lang="vi", questions=questions)


@dataclass
class Evening:
    """The show that is played."""

    server: ServerProcess
    caller: Caller
    pages: dict[str, Page]
    seen: Seen
    seats: dict[str, str]
    browser: Browser

    async def play(self) -> None:
        """Play every question; each group is right once."""
        kinds = list(HOSTILE)
        groups = [kinds[n : n + AT_ONCE] for n in range(0, len(kinds), AT_ONCE)]
        await self.command("open_lobby")
        await self.look("lobby")
        await _own_names(self)
        for group in groups:
            await self._question(group)
        await self.command("standings")
        await self.look("standings")
        await self.command("end")
        await self.look("ended")
        self.seen.log = self.server.said()

    async def _question(self, group: list[str]) -> None:
        await self.command("ask")
        await self.command("open")
        await self.until("open")
        await self.look("open")
        await asyncio.sleep(0.35)  # quicker is impossible, and wins nothing (R4.11)
        for kind in group:
            await self.answer(self.seats[kind])
            await asyncio.sleep(0.02)  # within a hundredth they would tie (R4.8)
        await self.command("lock")
        await self.command("reveal")
        await self.look("revealed")

    async def command(self, name: str) -> None:
        """Do something as the host."""
        body = {"command": name, "ref": secrets.token_hex(8)}
        await self.caller.post(f"/api/shows/{SHOW}/commands", body)

    async def until(self, phase: str) -> dict[str, Any]:
        """Wait for a phase; return the host state."""
        async with asyncio.timeout(20):
            while True:
                state: dict[str, Any] = await self.caller.get(
                    f"/api/shows/{SHOW}/state"
                )
                if state["phase"] == phase:
                    return state
                await asyncio.sleep(0.02)

    async def answer(self, token: str) -> None:
        """Answer right, as a phone does."""
        async with Caller(self.server.address, token) as phone:
            state = await phone.get("/api/phone/state")
            question = state["question"]
            body = {"question": question["id"], "option": "A"}
            await phone.post("/api/phone/answers", body | {"nonce": question["nonce"]})

    async def look(self, phase: str) -> None:
        """Look at every face once it shows `phase`."""
        state = await self.until(phase)
        await self.pages["results"].goto(f"{self.server.address}/{SHOW}/results")
        for face, page in self.pages.items():
            await _arrived(page, face, phase, state["step"])
            found = await page.evaluate(LOOK)
            self.seen.texts[face].append(found["text"])
            self.seen.faults[face] += [f"{phase}: {one}" for one in found["faults"]]


async def _arrived(page: Page, face: str, phase: str, step: int) -> None:
    if face == "phone":
        await page.locator(f"main[data-screen='{phase}']").wait_for(timeout=WAIT_MS)
    elif face == "panel":
        await page.locator(f".panel[data-step='{step}']").wait_for(
            timeout=WAIT_MS, state="attached"
        )
    elif face in OVERLAYS:
        await page.locator(f"html[data-step='{step}']").wait_for(
            timeout=WAIT_MS, state="attached"
        )
        await page.evaluate(STILL)
        await page.locator("[data-leaving]").wait_for(state="detached", timeout=WAIT_MS)


async def _joined(server: ServerProcess, people: dict[str, str]) -> dict[str, str]:
    """Let everybody join, the name as the workplace too; return their tokens."""
    seats = {}
    async with Caller(server.address) as caller:
        for kind, text in people.items():
            form: dict[str, object] = {"name": text, "unit": f"{text} {UNIT}"}
            form["consent"] = {"version": "1", "play": True, "show_name": True}
            path = f"/api/shows/{SHOW}/participants"
            seats[kind] = str((await caller.post(path, form))["token"])
    return seats


async def _prepared(folder: Path) -> tuple[str, str]:
    """Make the show and the host; return the owner's token and an overlay's key."""
    settings = Settings(data_dir=folder / "data", host="127.0.0.1", port=0)
    async with running(settings) as inside:
        await inside.shows.create(
            SHOW,
            pack(),
            title=pack().title,
            lang="vi",
            rules=Rules(timing="received", roll_ms=100),
            actor="setup",
        )
        await inside.accounts.add_account(NAME, PASSWORD, Role.OWNER)
        add = inside.accounts.add_token
        return (
            await add(Role.OWNER, None, "owner"),
            await add(Role.OVERLAY, SHOW, "stage"),
        )


async def _opened(
    browser: Browser, server: ServerProcess, key: str, token: str, seen: Seen
) -> dict[str, Page]:
    pages = {}
    for face in SCREENS:
        pages[face] = await _page(browser, face, seen.faults[face])
    address = server.address
    cookie = {"name": f"quiz-{SHOW}", "value": token, "url": address}
    await pages["phone"].context.add_cookies([cookie])  # type: ignore[list-item]
    await pages["phone"].goto(f"{address}/{SHOW}")
    await pages["panel"].goto(f"{address}/host")
    await pages["panel"].locator("[name=name]").fill(NAME)
    await pages["panel"].locator("[name=password]").fill(PASSWORD)
    await pages["panel"].locator("[name=password]").press("Enter")
    await pages["panel"].wait_for_url("**/host")
    await pages["panel"].goto(f"{address}/host/{SHOW}")
    for face, path in OVERLAYS.items():
        await pages[face].goto(f"{address}/overlay/{path}#k={key}")
    return pages


async def _page(browser: Browser, face: str, faults: list[str]) -> Page:
    size = SCREENS[face]
    context = await browser.new_context(viewport=size, locale="vi-VN")  # type: ignore[arg-type]
    await context.add_init_script(TRAP)
    page = await context.new_page()
    _trap(page, faults)
    return page


def _trap(page: Page, faults: list[str]) -> None:
    """Note whatever a text did that a text must not do."""

    async def dismiss(dialog: Any) -> None:
        faults.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on(
        "console",
        lambda line: (
            faults.append(f"console: {line.text}") if "Policy" in line.text else None
        ),
    )


async def _own_names(evening: Evening) -> None:
    """Open each person's own phone page in the lobby: it greets them by name."""
    page = await _page(evening.browser, "phone", evening.seen.faults["own phone"])
    address = evening.server.address
    for token in evening.seats.values():
        await page.context.clear_cookies()
        cookie = {"name": f"quiz-{SHOW}", "value": token, "url": address}
        await page.context.add_cookies([cookie])  # type: ignore[list-item]
        await page.goto(f"{address}/{SHOW}")
        await page.locator(".hello").wait_for(timeout=WAIT_MS)
        found = await page.evaluate(LOOK)
        evening.seen.texts["own phone"].append(found["text"])
        evening.seen.faults["own phone"] += found["faults"]
        await page.evaluate("localStorage.clear()")
    await page.context.close()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def seen(tmp_path_factory: Any) -> AsyncIterator[Seen]:
    """Everything that the faces showed in one show."""
    folder = tmp_path_factory.mktemp("names")
    owner, key = await _prepared(folder)
    server, seen = ServerProcess(folder), Seen()
    async with AsyncExitStack() as stack:
        await server.start()
        stack.callback(server.kill)
        driver = await stack.enter_async_context(async_playwright())
        browser = await driver.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"]
        )
        stack.push_async_callback(browser.close)
        caller = await stack.enter_async_context(Caller(server.address, owner))
        (watcher,) = (await _joined(server, {"watcher": WATCHER})).values()
        seats = await _joined(server, HOSTILE)
        pages = await _opened(browser, server, key, watcher, seen)
        evening = Evening(server, caller, pages, seen, seats, browser)
        await evening.play()
        for name in ("results.csv", "results.xlsx", "results.json", "audit.jsonl"):
            path = f"/api/shows/{SHOW}/{name}"
            seen.files[name] = await caller.call("GET", path, b"")
        seen.files["metrics"] = await caller.call("GET", "/metrics", b"")
        yield seen
