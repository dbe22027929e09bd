"""The stage beside the face and in place of the picture; every overlay in a feed.

Held to what television asks; `make looks` tells each scenario in both languages.
"""

import tomllib
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from tests.e2e.overlays import broadcast, golden
from tests.e2e.overlays.air import SCALE, face_is_free, fit_for_air, kept, scaled
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.overlays import DRAWN, FED
from tests.e2e.overlays.scenarios import FEED, LAYOUTS, NAMES, SHAPES
from tests.e2e.overlays.script import live_lobby, open_question
from tests.e2e.overlays.stand import Stand
from tests.e2e.overlays.told import LANGS, Seen, Told

pytestmark = pytest.mark.browser

PACKS: Final = Path(__file__).parents[3] / "questions"
FULL: Final = "&position=full"
SIDE: Final = "&position=side"
SHORT: Final = ("show", "long")
"""A whole show and the longest texts: what `make test` tells."""

BESIDE: Final = {"revealed": (0, 0, 1280, 540)}
"""What `side` leaves free while the fastest stand low."""

TWO_THIRDS: Final = (0, 0, 1280, 1080)
"""What it leaves free otherwise."""

OPAQUE: Final = 255


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_full_picture_is_fit_for_air(
    opened: Opened, stand: Stand, layout: str
) -> None:
    """A round without a camera, and the longest texts in it."""
    full_is_fit(Told(opened, stand, "stage", layout, FULL), SHORT, ("vi",))


@pytest.mark.long
@pytest.mark.timeout(150)
@pytest.mark.parametrize("layout", SHAPES)
def test_every_full_picture_is_fit_for_air(
    opened: Opened, stand: Stand, layout: str
) -> None:
    full_is_fit(Told(opened, stand, "stage", layout, FULL), NAMES, LANGS)


def full_is_fit(told: Told, scenarios: tuple[str, ...], langs: tuple[str, ...]) -> None:
    """Hold every frame to what television asks; each covers the whole picture."""
    name = f"stage-{told.layout}-full"
    fit_for_air(
        told, name, golden.FULL, scenarios=scenarios, langs=langs, ground=covered,
        every=scenarios == NAMES,
    )  # fmt: skip


def covered(told: Told, seen: Seen, image: Image.Image) -> None:
    whole = image.crop((0, 0, image.width, int(SHAPES[told.layout][1] * SCALE)))
    assert whole.getchannel("A").getextrema()[0] == OPAQUE, seen


def test_beside_the_face_is_fit_for_air(opened: Opened, stand: Stand) -> None:
    side_is_fit(Told(opened, stand, "stage", "16x9", SIDE), SHORT, ("vi",))


@pytest.mark.long
@pytest.mark.timeout(150)
def test_everything_beside_the_face_is_fit_for_air(
    opened: Opened, stand: Stand
) -> None:
    side_is_fit(Told(opened, stand, "stage", "16x9", SIDE), NAMES, LANGS)


def side_is_fit(told: Told, scenarios: tuple[str, ...], langs: tuple[str, ...]) -> None:
    fit_for_air(
        told, "stage-16x9-side", golden.SHAPE, scenarios=scenarios, langs=langs,
        ground=two_thirds_are_free, every=scenarios == NAMES,
    )  # fmt: skip


def test_beside_the_face_a_question_of_usual_length_is_large(
    opened: Opened, stand: Stand
) -> None:
    """Of those with 60 to 120 letters two thirds are at 56 or more; none stands low."""
    page = live_lobby(opened, stand, query=SIDE)
    sizes = []
    for step, (text, options) in enumerate(usual_questions(), 10):
        said = open_question(14_000, step=step)
        shown = [{"id": "ABCDEF"[n], "text": one} for n, one in enumerate(options)]
        said["question"] |= {"id": f"q{step}", "text": text, "options": shown}
        stand.say(said)
        page.locator(f'html[data-step="{step}"]').wait_for(state="attached")
        fitted = page.locator(".question-scene[data-compact]").last
        fitted.get_by_text(text).wait_for()
        sizes.append(fitted.evaluate(SIZE))
    assert sum(size >= 56 for size in sizes) > len(sizes) * 2 / 3


SIZE: Final = """scene => Number(scene.style.getPropertyValue("--question-size"))"""


def usual_questions() -> list[tuple[str, list[str]]]:
    """Return texts and options of our own packs, of 60 to 120 letters."""
    packs = sorted(PACKS.glob("*/pack.toml"))
    questions = [
        question
        for pack in packs
        for question in tomllib.loads(pack.read_text("utf-8"))["question"]
    ]
    said = [(one["text"], one["options"]) for one in questions]
    return [one for one in said if 60 <= len(one[0]) <= 120]


def two_thirds_are_free(told: Told, seen: Seen, image: Image.Image) -> None:
    """Hold to it where nothing is too long for a third."""
    face_is_free(told, seen, image)
    if seen.scenario != "show":
        return
    scene = told.page.evaluate("document.documentElement.dataset.scene")
    free = BESIDE.get(scene, TWO_THIRDS)
    assert broadcast.alpha_max(image, scaled(free)) == 0, seen


@pytest.mark.parametrize("layout", FEED)
def test_a_feed_is_fit_for_air(opened: Opened, stand: Stand, layout: str) -> None:
    told = Told(opened, stand, "stage", layout)
    fit_for_air(
        told, f"stage-{layout}", golden.SHAPE, scenarios=SHORT, langs=("vi",),
        ground=face_is_free, every=False,
    )  # fmt: skip


@pytest.mark.long
@pytest.mark.timeout(150)
@pytest.mark.parametrize("layout", FEED)
@pytest.mark.parametrize("name", FED)
def test_every_frame_in_a_feed_is_fit_for_air(
    opened: Opened, stand: Stand, name: str, layout: str
) -> None:
    frames = golden.SHAPE if name == "stage" else kept(name)
    told = Told(opened, stand, name, layout)
    fit_for_air(told, f"{name}-{layout}", frames, ground=face_is_free)


def test_pictures_are_kept_of_every_shape_language_and_theme() -> None:
    """One overlay that lost its file would be compared with nothing."""
    kept = {path.stem for path in golden.FOLDER.glob("*.webp")}
    ours = {stem.split("-")[0] for stem in kept}
    assert len(ours) >= 12
    assert ours <= set(DRAWN), "of overlays that are gone"
    assert kept >= {f"{name}-{layout}" for name in ours for layout in SHAPES}
    assert kept >= {f"{name}-{layout}-looks" for name in ours for layout in LAYOUTS}
    assert kept >= {f"stage-{layout}-full" for layout in SHAPES}
    assert kept >= {"stage-16x9-side", "stage-16x9-sen", "stage-9x16-sen"}
