"""One glance: nothing on air scrolls, is cut, or is too small to hit.

Sizes: a common laptop, tablets standing and lying. WCAG 2.2 AA by axe in every
phase, both themes, both languages: names and labels are of a language, contrast is of
a scheme, so that each comes once; `make looks` adds what is left of the product.
"""

from itertools import product

import pytest
from playwright.async_api import Page, Route

from tests.axe import violations
from tests.e2e.host import aftermath, samples
from tests.e2e.host.conftest import Desk, OpenDesk
from tests.visitors import DESK

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

STANDING = (820, 1_180)
LYING = (1_024, 768)
TOUCH = 44

OVERFLOWING = """() => {
  const parts = ".panel, .top, .centre, .question, .rundown, .side, .fastest, .dock";
  const over = (part) =>
    part.scrollHeight > part.clientHeight + 1 ||
    part.scrollWidth > part.clientWidth + 1;
  const page = document.documentElement;
  return [page, ...document.querySelectorAll(parts)]
    .filter(over)
    .map((part) => `${part.tagName}.${part.className}`);
}"""
CUT = """() => {
  const text = ".next-label, .action span, .question-text, .phase, .clock-word, dt";
  return [...document.querySelectorAll(text)]
    .filter((part) => part.scrollWidth > part.clientWidth + 1)
    .map((part) => part.textContent);
}"""
SMALL = """(least) =>
  [...document.querySelectorAll("button, a, input, select")]
    .filter((part) => part.checkVisibility())
    .map((part) => [part, part.getBoundingClientRect()])
    .filter(([, box]) => Math.min(box.width, box.height) < least)
    .map(([part, box]) => `${part.className} ${box.width}×${box.height}`)"""
HALVED = """() => {
  const log = document.querySelector(".log");
  if (!log || !log.checkVisibility()) return [];
  const card = log.getBoundingClientRect();
  const list = log.querySelector(".log-lines, p");
  const lines = list.getBoundingClientRect();
  const hides = getComputedStyle(list).overflow === "hidden";
  const end = hides ? lines.bottom : card.bottom;
  return [...log.querySelectorAll(".log-line")]
    .filter((line) => {
      const { top, bottom, left } = line.getBoundingClientRect();
      return left < lines.right - 1 && top < end - 1 && bottom > end + 1;
    })
    .map((line) => line.textContent);
}"""
"""Lines of the log that its lower edge cuts in two."""

HIDDEN = """() => {
  const via = document.querySelector(".via");
  const list = via.querySelector(".via-list") || via;
  const hides = getComputedStyle(list).overflow === "hidden";
  const end = (hides ? list : via).getBoundingClientRect().bottom;
  return [...via.querySelectorAll(".via-item")]
    .filter((item) => item.getBoundingClientRect().bottom > end + 1)
    .map((item) => item.textContent);
}"""
"""Pages whose people and delays have no room."""

OVERLAPPING = """() => {
  const boxes = [...document.querySelectorAll(".card, .top")].map((part) => [
    part.className,
    part.getBoundingClientRect(),
  ]);
  const meet = (a, b) =>
    a.left < b.right - 1 && b.left < a.right - 1 &&
    a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const after = (i, box) => boxes.slice(i + 1).filter(([, other]) => meet(box, other));
  return boxes.flatMap(([name, box], i) =>
    after(i, box).map(([other]) => `${name} ${other}`));
}"""

ON_AIR = samples.scenes()
SCENES = (*ON_AIR, *aftermath.scenes())


async def look(page: Page, script: str, argument: object = None) -> list[str]:
    """Return what a script found wrong."""
    await page.evaluate("document.fonts.ready")
    found: list[str] = await page.evaluate(script, argument)
    return found


async def through(one: Desk, scenes: tuple[samples.Scene, ...]) -> None:
    """Hold every scene to one glance."""
    for step, scene in enumerate(scenes):
        await one.show(scene.state | {"step": 100 + step})
        assert await look(one.page, OVERFLOWING) == [], scene.name
        assert await look(one.page, CUT) == [], scene.name
        assert await look(one.page, OVERLAPPING) == [], scene.name
        assert await look(one.page, HALVED) == [], scene.name
        assert await look(one.page, HIDDEN) == [], scene.name


async def test_nothing_scrolls_on_air_at_1366_by_768(desk: OpenDesk) -> None:
    """Every phase, the longest question with six options included."""
    await through(await desk(size=DESK), ON_AIR)


async def test_nothing_scrolls_on_air_at_1366_by_768_in_english(desk: OpenDesk) -> None:
    """The other language is not allowed to be longer than the place for it."""
    await through(await lit(desk, samples.lobby(), "en", "light"), ON_AIR)


async def test_nothing_scrolls_on_a_standing_tablet(desk: OpenDesk) -> None:
    """820 × 1180, one hand, controls at the bottom edge."""
    one = await desk(size=STANDING)
    await through(one, ON_AIR)
    dock = await one.page.locator(".dock").bounding_box()
    assert dock is not None
    assert dock["y"] + dock["height"] > STANDING[1] - 20


async def test_an_ordinary_question_fits_a_lying_tablet(desk: OpenDesk) -> None:
    """1024 × 768; only the longest texts scroll, inside their own card."""
    names = ("lobby", "asked", "rolling", "open", "locked", "revealed", "standings")
    scenes = tuple(scene for scene in ON_AIR if scene.name in names)
    await through(await desk(size=LYING), scenes)


@pytest.mark.parametrize("size", [DESK, STANDING, LYING])
async def test_every_target_is_large_enough(
    desk: OpenDesk, size: tuple[int, int]
) -> None:
    """44 px for a finger under stress."""
    one = await desk(size=size)
    for step, scene in enumerate(SCENES):
        await one.show(scene.state | {"step": 200 + step})
        assert await look(one.page, SMALL, TOUCH) == [], scene.name


LIGHTS = [
    ("vi", "light"),
    ("en", "dark"),
    pytest.param("vi", "dark", marks=pytest.mark.long),
    pytest.param("en", "light", marks=pytest.mark.long),
]


async def lit(
    desk: OpenDesk,
    state: samples.Message,
    lang: str,
    scheme: str,
    size: tuple[int, int] = DESK,
) -> Desk:
    """Open a panel in a language and a scheme."""
    one = await desk(state, size=size, scheme=scheme)
    if lang == "en":
        await one.page.click("#lang")
        await one.page.wait_for_selector('html[lang="en"]')
    return one


@pytest.mark.parametrize(("lang", "scheme"), LIGHTS)
async def test_axe_finds_nothing_in_any_phase(
    desk: OpenDesk, lang: str, scheme: str
) -> None:
    """WCAG 2.2 AA and axe's best practices."""
    one = await lit(desk, samples.lobby(), lang, scheme)
    for step, scene in enumerate(SCENES):
        await one.show(scene.state | {"step": 300 + step})
        await no_violation(one.page, scene.name)


DIALOGS = ("v", "r", "n", "x", "q", "?")
PRESSED = {
    "notes": ".person-open >> nth=0",
    "question": ".row >> nth=0",
    "skip": '.prize [data-act="skip"] >> nth=0',
    "bar": '.prize [data-act="bar"] >> nth=0',
    "unbar": '.prize [data-act="unbar"] >> nth=0',
}
"""What opens the dialogs without a key."""


@pytest.mark.parametrize(("lang", "scheme"), LIGHTS)
async def test_axe_finds_nothing_in_any_dialog(
    desk: OpenDesk, lang: str, scheme: str
) -> None:
    """Dialogs too; Escape closes each."""
    everything = ("void", "reserve", "notice", "end", "hide_name")
    one = await lit(desk, samples.locked(allowed=everything), lang, scheme)
    for key in DIALOGS:
        await one.page.keyboard.press(key)
        await fit_dialog(one, key)
    await one.page.keyboard.press("q")
    await one.page.click('[data-dialog="links"] .buttons button >> nth=2')
    await fit_dialog(one, "rekey")
    for name in ("notes", "question"):
        await one.page.click(PRESSED[name])
        await fit_dialog(one, name)
    await one.show(aftermath.ended(step=400))
    for name in ("skip", "bar", "unbar"):
        await one.page.click(PRESSED[name])
        await fit_dialog(one, name)


SEEN = [(DESK, "vi", "light"), (STANDING, "en", "dark"), (LYING, "vi", "dark")]
PREVIEWS = [
    pytest.param(*one, marks=[] if one in SEEN else pytest.mark.long)
    for one in product((DESK, STANDING, LYING), ("vi", "en"), ("light", "dark"))
]


@pytest.mark.parametrize(("size", "lang", "scheme"), PREVIEWS)
async def test_axe_finds_nothing_in_the_preview_of_a_recount(
    desk: OpenDesk, size: tuple[int, int], lang: str, scheme: str
) -> None:
    """Its button stays in view, whatever the preview holds."""
    one = await lit(desk, aftermath.signed(), lang, scheme, size)

    async def answer(route: Route) -> None:
        await route.fulfill(json=aftermath.recount(12))

    await one.page.route("**/recount?*", answer)
    await one.page.click(".row >> nth=4")
    await one.page.click('dialog [data-recount="key"]')
    await one.page.check('dialog [data-option="D"] input')
    await one.page.wait_for_selector(".preview-ranks")
    hold = await one.page.locator("dialog .hold").bounding_box()
    assert hold is not None
    assert hold["y"] + hold["height"] <= size[1]
    await fit_dialog(one, "recount")


async def fit_dialog(one: Desk, name: str) -> None:
    """Hold the open dialog to axe and to fingers, then close it."""
    await one.page.wait_for_selector("dialog[open]")
    await no_violation(one.page, name)
    assert await look(one.page, SMALL, 24) == [], name
    await one.page.keyboard.press("Escape")
    await one.page.wait_for_selector("dialog", state="detached")


async def no_violation(page: Page, where: str) -> None:
    """Fail with axe's own words."""
    assert await violations(page) == [], where
