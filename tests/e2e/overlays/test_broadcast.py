"""Every overlay × scenario × layout × language, held to what television asks.

A page is opened once for an overlay and a layout and then told one scenario after
another, each beginning with a whole state, as after a restart. Pictures that were
judged once are not judged again. `make looks` tells all of it in both languages.
"""

import io
from collections.abc import Iterator
from typing import Final

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page

from tests.e2e.overlays import broadcast, golden
from tests.e2e.overlays.air import SCALE, face_is_free, fit_for_air, kept
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.overlays import DRAWN
from tests.e2e.overlays.scenarios import FEED, LAYOUTS, Frame, frames
from tests.e2e.overlays.script import nothing_is_drawn, reached
from tests.e2e.overlays.stand import Stand
from tests.e2e.overlays.told import LANGS, Told

pytestmark = pytest.mark.browser


@pytest.mark.timeout(150)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", DRAWN)
def test_every_frame_is_fit_for_air(
    opened: Opened, stand: Stand, name: str, layout: str
) -> None:
    """Every state in both layouts, its ground in the wide one, English on the stage.

    What is on the stage in English stands in the other overlays in the same parts.
    """
    langs = LANGS if name == "stage" else ("vi",)
    ground = face_is_free if layout == "16x9" else None
    told = Told(opened, stand, name, layout)
    fit_for_air(told, f"{name}-{layout}", kept(name), langs=langs, ground=ground)


@pytest.mark.long
@pytest.mark.timeout(150)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", DRAWN)
def test_every_frame_in_every_language_is_fit_for_air(
    opened: Opened, stand: Stand, name: str, layout: str
) -> None:
    """Every overlay × sample × layout × language; other words, the same colours."""
    told = Told(opened, stand, name, layout)
    fit_for_air(told, f"{name}-{layout}", kept(name), ground=face_is_free)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_second_theme_is_fit_for_air(
    opened: Opened, stand: Stand, layout: str
) -> None:
    told = Told(opened, stand, "stage", layout, "&theme=sen")
    camera = broadcast.camera(told.page, SCALE)
    pictures = {}
    scenarios = dict.fromkeys(scenario for scenario, _ in golden.STAGE)
    for seen in told.frames(golden.STAGE, scenarios, ("vi",)):
        if (seen.scenario, seen.index) not in golden.STAGE:
            continue
        pictures[seen.scenario, seen.index] = golden.taken(camera)
        if seen.judged is not None:
            image = camera.take(bare=True)
            assert broadcast.contrasts(image, seen.judged["texts"], SCALE) == [], seen
    taken = [(f"{one} {at}", pictures[one, at]) for one, at in golden.STAGE]
    assert golden.compare(f"stage-{layout}-sen", taken) == []


@pytest.mark.parametrize("name", sorted(set(DRAWN) - {"testcard"}))
def test_without_a_key_there_is_nothing(
    opened: Opened, stand: Stand, name: str
) -> None:
    """No picture, no error, and nobody is called."""
    page = opened(key="", name=name)
    page.locator("main").wait_for(state="attached")
    nothing_is_drawn(page)
    assert stand.hellos.empty()


CHANGES: Final = {
    "a colour": ":root { --q-d: #00695c }",
    "a plate a little higher": ".layers { top: -0.12rem }",
    "a smaller line": ".question-text { font-size: 0.6rem }",
    "no clock": ".disc { opacity: 0 }",
}


def test_a_changed_picture_is_seen(opened: Opened) -> None:
    page = opened(query="&demo=show&at=5", key="")
    page.locator("[data-part=option]").first.wait_for()
    page.evaluate(golden.CALM)
    camera = broadcast.camera(page, 1 / 2)
    before = golden.small(camera.take())
    assert golden.unlike(golden.small(camera.take()), before) <= golden.MOST / 4
    for change, css in CHANGES.items():
        changed = page.add_style_tag(content=css)
        apart = golden.unlike(golden.small(camera.take()), before)
        assert apart > golden.MOST, change
        changed.evaluate("style => style.remove()")


FAULTS: Final = {
    "below the floor": ".option-text { font-size: 0.38rem }",
    "unsafe x": ".question-text { margin-left: -0.6rem }",
    "unsafe y": ".layers { top: -6rem }",
    "clipped in height": ".option-plate { min-height: 0; height: 0.4rem }",
    "number on two lines": ".tab { width: 1.2rem; white-space: normal }",
    "other font": ".question-text { font-family: serif }",
    "ellipsis": ".question-text { text-overflow: ellipsis }",
    "contrast": ":root { --q-text: #8a9aa8 }",
}


def test_the_lint_sees_a_planted_fault(opened: Opened) -> None:
    page = opened(query="&demo=show&at=5", key="")
    page.locator("[data-part=option]").first.wait_for()
    camera = broadcast.camera(page, SCALE)
    assert complaints(page, camera) == []
    for complaint, css in FAULTS.items():
        fault = page.add_style_tag(content=css)
        assert any(complaint in found for found in complaints(page, camera)), complaint
        fault.evaluate("style => style.remove()")


def complaints(page: Page, camera: broadcast.Camera) -> list[str]:
    seen = page.evaluate(broadcast.LOOK)
    bare = camera.take(bare=True)
    return [*seen["found"], *broadcast.contrasts(bare, seen["texts"], SCALE)]


FLASHES: Final = 3
"""Most flashes in a second (WCAG 2.2, 2.3.1)."""

STEP_MS: Final = 80
TILES: Final = (8, 8)


@pytest.mark.parametrize("cue", ["revealed", "ended"])
def test_no_transition_flashes(opened: Opened, stand: Stand, cue: str) -> None:
    """Looked at in steps of time, in tiles: a flash is a change there and back."""
    told = [frame.message for frame in frames("show")]
    at = next(i for i, message in enumerate(told) if message["type"] == cue)
    stand.snapshot = told[0]
    page = opened()
    reached(page, 1)
    for message in told[1:at]:
        stand.say(message)
    reached(page, told[at]["step"] - 1 if "step" in told[at] else at)
    page.locator("[data-leaving]").wait_for(state="detached")
    broadcast.settle(page)
    stand.say(told[at])
    page.locator(f"html[data-scene={cue}]").wait_for(state="attached")
    page.evaluate("document.getAnimations().forEach((a) => a.pause())")
    camera = broadcast.camera(page, 1 / 24)
    tiles = [levels(camera, page, ms) for ms in range(0, 2_000, STEP_MS)]
    for tile in zip(*tiles, strict=True):
        assert flashes(list(tile)) <= FLASHES * 2_000 / 1_000


def levels(camera: broadcast.Camera, page: Page, ms: int) -> list[float]:
    """Return the luminance of every tile at a moment of the transition, on grey."""
    page.evaluate(
        "ms => document.getAnimations().forEach((a) => { a.currentTime = ms; })", ms
    )
    taken = camera.take()
    ground = Image.new("RGBA", taken.size, (110, 110, 110, 255))
    ground.alpha_composite(taken)
    small = ground.convert("RGB").resize(TILES, Image.Resampling.BOX)
    raw = small.tobytes()
    return [
        broadcast.luminance((raw[at], raw[at + 1], raw[at + 2]))
        for at in range(0, len(raw), 3)
    ]


def flashes(levels: list[float], least: float = 0.1) -> int:
    """Return how often the level went `least` one way and then the other."""
    turns, way, edge = 0, 0, levels[0]
    for level in levels[1:]:
        now = (level > edge) - (level < edge)
        if way in {0, now}:
            edge = max(edge, level) if now > 0 else min(edge, level)
            way = way or (now if abs(level - levels[0]) >= least else 0)
        elif abs(level - edge) >= least:
            turns, way, edge = turns + 1, now, level
    return turns // 2


@pytest.mark.parametrize(
    ("seen", "count"),
    [
        ([0.1] * 6, 0),
        ([0.1, 0.5, 0.5, 0.6], 0),
        ([0.1, 0.5, 0.1, 0.5, 0.1], 1),
        ([0.1, 0.3, 0.5, 0.3, 0.1, 0.3, 0.5, 0.3, 0.1, 0.5, 0.1], 2),
        ([0.1, 0.15, 0.1, 0.15, 0.1], 0),
    ],
)
def test_flashes_are_counted(seen: list[float], count: int) -> None:
    assert flashes(seen) == count


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_show_seen_live_settles_where_it_is_fit_for_air(
    opened: Opened, stand: Stand, layout: str
) -> None:
    """The question keeps its floor of 64 where the text allows."""
    stand.snapshot = frames("show")[0].message
    page = opened(layout)
    for frame in played(page, stand, "show"):
        assert broadcast.on_page(page) == [], f"frame {frame.index}"
        if frame.message["type"] not in {"asked", "roll", "open", "locked"}:
            continue
        size = page.locator("[data-part=question-text]").evaluate(
            "e => Number.parseFloat(getComputedStyle(e).fontSize)"
        )
        assert size >= 64, f"frame {frame.index}: {size} px"


def played(page: Page, stand: Stand, name: str) -> Iterator[Frame]:
    """Send the scenario live and stop at each frame when nothing moves any more."""
    for frame in frames(name):
        if frame.message["type"] == "presence":
            continue
        if frame.index:
            stand.say(frame.message)
        reached(page, frame.step)
        if frame.message["type"] == "standings":
            page.locator("[data-part=standings][data-settled]").wait_for()
        page.locator("[data-leaving]").wait_for(state="detached")
        broadcast.settle(page)
        yield frame


@pytest.mark.parametrize(
    ("layout", "position"),
    [
        *((layout, "lower") for layout in LAYOUTS),
        *(pytest.param(layout, "lower", marks=pytest.mark.long) for layout in FEED),
        pytest.param("16x9", "side", marks=pytest.mark.long),
    ],
)
def test_the_code_is_read_after_a_poor_stream(
    opened: Opened, stand: Stand, layout: str, position: str
) -> None:
    """At 360 lines and JPEG quality 60, as a bad stream leaves it."""
    stand.snapshot = frames("show")[0].message
    page = opened(layout, f"&position={position}")
    page.locator("[data-part=qr]:not([data-wait])").wait_for()
    box = page.locator("[data-part=qr]").bounding_box()
    assert box is not None
    assert box["width"] >= 300
    image = broadcast.picture(page)
    grey = Image.new("RGBA", image.size, (120, 110, 100, 255))
    grey.alpha_composite(image)
    short = 360 / min(image.size)
    small = grey.convert("RGB").resize(
        (round(image.width * short), round(image.height * short))
    )
    poor = io.BytesIO()
    small.save(poor, "JPEG", quality=60)
    read = [code.text for code in zxingcpp.read_barcodes(Image.open(poor))]
    assert read == ["HTTPS://QUIZ.VN/CCHC1"]
