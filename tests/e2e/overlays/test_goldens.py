"""The approved pictures in the other language and the other theme; only `make looks`.

The first language in the first theme stands with the lint of each overlay; here is the
rest of two layouts × two languages × two themes, one file for an overlay and a layout.
"""

from typing import Final

import pytest
from PIL import Image

from tests.e2e.overlays import broadcast, golden
from tests.e2e.overlays.air import SCALE, kept
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.overlays import DRAWN
from tests.e2e.overlays.scenarios import LAYOUTS
from tests.e2e.overlays.stand import Stand
from tests.e2e.overlays.told import LANGS, Told

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(150)]

THEMES: Final = {"bien": ("en",), "sen": LANGS}
"""Theme → the languages that no other test compares."""

SEEDED: Final = ".winner-row .name { letter-spacing: 0.02em }"
"""A change that nobody asked for."""


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", DRAWN)
def test_every_language_and_theme_is_as_approved(
    opened: Opened, stand: Stand, name: str, layout: str
) -> None:
    taken: list[tuple[str, Image.Image]] = []
    for theme, langs in THEMES.items():
        told = Told(opened, stand, name, layout, f"&theme={theme}")
        taken += pictures(told, theme, langs)
    assert golden.compare(f"{name}-{layout}-looks", taken) == []


def test_a_seeded_change_is_seen(opened: Opened, stand: Stand) -> None:
    """Each state of a file tells it, in whatever language and theme."""
    taken: list[tuple[str, Image.Image]] = []
    for theme, langs in THEMES.items():
        told = Told(opened, stand, "winner", "16x9", f"&theme={theme}")
        told.page.add_style_tag(content=SEEDED)
        taken += pictures(told, theme, langs)
    file = golden.FOLDER / "winner-16x9-looks.webp"
    assert len(golden.differences(file, taken)) == len(taken)


def pictures(
    told: Told, theme: str, langs: tuple[str, ...]
) -> list[tuple[str, Image.Image]]:
    """Return the frames that are kept, in each language."""
    camera = broadcast.camera(told.page, SCALE)
    frames = kept(told.name)
    scenarios = dict.fromkeys(scenario for scenario, _ in frames)
    found = {}
    for seen in told.frames(frames, scenarios, langs):
        if (seen.scenario, seen.index) in frames:
            found[seen.lang, seen.scenario, seen.index] = golden.taken(camera)
    return [
        (f"{theme} {lang} {scenario} {at}", found[lang, scenario, at])
        for lang in langs
        for scenario, at in frames
    ]
