"""What television asks of every frame of an overlay, and of the ones that are kept."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from PIL import Image

from tests.e2e.overlays import broadcast, golden
from tests.e2e.overlays.overlays import COVERING, MANIFESTS
from tests.e2e.overlays.scenarios import NAMES
from tests.e2e.overlays.told import LANGS, Seen, Told

SCALE: Final = 0.25
"""Size of the pictures that are looked at."""

Box = tuple[int, int, int, int]

FACES: Final[dict[str, Box]] = {
    "16x9": (0, 0, 1280, 324),
    "1x1": (0, 0, 480, 160),
    "4x5": (0, 0, 480, 200),
}
"""Where the presenter's face is: left, top, right, bottom, design pixels."""

Frames = tuple[tuple[str, int], ...]
"""Scenarios and which of their frames."""

Texts = list[dict[str, Any]]
"""Where the writing is, as findings.js says."""

Ground = Callable[[Told, Seen, Image.Image], None]
"""Holds what is behind the writing of a frame to more."""


def fit_for_air(
    told: Told,
    name: str,
    kept: Frames,
    *,
    scenarios: Iterable[str] = NAMES,
    langs: tuple[str, ...] = LANGS,
    ground: Ground | None = None,
    every: bool = True,
) -> None:
    """Hold every frame to what television asks, the `kept` ones to the file `name`.

    `ground` looks at `every` one, or at those that are kept, and in one language:
    everything stands there in the other, too.
    """
    camera = broadcast.camera(told.page, SCALE)
    pictures: dict[tuple[str, int], Image.Image] = {}
    drawn = 0
    for seen in told.frames(kept, scenarios, langs):
        is_kept = (seen.scenario, seen.index) in kept and seen.lang == "vi"
        if is_kept:
            pictures[seen.scenario, seen.index] = golden.taken(camera)
        if seen.judged is None:
            continue
        drawn += bool(seen.judged["texts"])
        assert seen.judged["found"] == [], seen
        if ground and (is_kept or (every and seen.lang == "vi")):
            ground(told, seen, readable(told, camera, seen, seen.judged["texts"]))
    assert drawn, "it is on in some scenario"
    taken = [(f"{one} {at}", pictures[one, at]) for one, at in kept]
    assert golden.compare(name, taken) == []


def readable(
    told: Told, camera: broadcast.Camera, seen: Seen, texts: Texts
) -> Image.Image:
    """Hold what is behind the writing to its contrast; return it."""
    image = camera.take(bare=True)
    if broadcast.contrasts(image, texts, SCALE):  # the ticker's turn may be over
        texts = told.page.evaluate(broadcast.LOOK)["texts"]
        image = camera.take(bare=True)
    assert broadcast.contrasts(image, texts, SCALE) == [], seen
    return image


def face_is_free(told: Told, seen: Seen, image: Image.Image) -> None:
    """Hold corners and the presenter's face to be free.

    The longest texts a pack may hold are the exception: they must be read.
    """
    if told.name in COVERING:
        return
    assert broadcast.corners(image) == [], seen
    if told.layout in FACES and seen.scenario != "long":
        assert broadcast.alpha_max(image, scaled(FACES[told.layout])) == 0, seen


def scaled(box: Box) -> Box:
    """Return where a box of the page is in the pictures that are looked at."""
    left, top, right, bottom = (round(edge * SCALE) for edge in box)
    return left, top, right, bottom


def kept(name: str) -> Frames:
    """Return the frames of an overlay that are kept."""
    said = MANIFESTS[name]
    return golden.STAGE if name == "stage" else ((said.demo, said.at),)
