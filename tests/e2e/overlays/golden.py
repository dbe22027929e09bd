"""Pictures of states as they were approved, to find what changed unasked.

A file holds one overlay in one layout and theme: its states one below the other, at
a sixth of their size, on grey. Small enough to be kept, large enough that a colour, a
wrapped line or a plate that moved by its border shows. Written anew by
`GOLDEN=write make looks ARGS="-k fit_for_air"` after a change that is meant; look
at them.
"""

import io
import os
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops

from tests.e2e.overlays.broadcast import Camera

FOLDER: Final = Path(__file__).parent / "golden"
WRITES: Final = os.environ.get("GOLDEN") == "write"
SHRUNK: Final = 3
"""A picture of half the size becomes one of a sixth."""
MOST_TAKES: Final = 5
GREY: Final = (110, 110, 110, 255)
TILE: Final = 8
"""Side of the squares that are compared, pixels of the small picture."""

MOST: Final = 14
"""Mean difference of a tile's channels that is still the same picture, of 255."""

STAGE: Final = (
    ("show", 2), ("show", 3), ("show", 4), ("show", 5), ("show", 9), ("show", 10),
    ("show", 11), ("show", 19), ("ties", 2), ("void", 1), ("pause", 1), ("pause", 2),
)  # fmt: skip
"""The stage's states: scenario and frame."""

FULL: Final = (("show", 2), ("show", 5), ("show", 10), ("show", 11), ("show", 19))
"""Those of them that are kept of the full picture, too."""

SHAPE: Final = (*FULL, ("long", 3), ("long", 6))
"""Those that are kept of the stage in a feed and beside the face."""

CALM: Final = """() => {
  for (const a of document.getAnimations()) { a.pause(); a.currentTime = 1000; }
  for (const digit of document.querySelectorAll(
    "[data-part=seconds] .digit, [data-part=now] .digit",
  )) digit.textContent = "8";
}"""
"""What runs stands still, and the time of day is none."""


def taken(camera: Camera) -> Image.Image:
    """Return the picture of a page that stands still.

    A busy browser may hand over what it has not finished drawing: the picture is the
    one that comes twice.
    """
    pictures = [_calm(camera), _calm(camera)]
    while pictures[-1] != pictures[-2] and len(pictures) < MOST_TAKES:
        pictures.append(_calm(camera))
    return pictures[-1]


def _calm(camera: Camera) -> Image.Image:
    camera.page.evaluate(CALM)
    return camera.take(scale=1 / 2)


def small(image: Image.Image) -> Image.Image:
    """Return a picture on grey at a sixth of its size."""
    ground = Image.new("RGBA", image.size, GREY)
    ground.alpha_composite(image)
    size = (image.width // SHRUNK, image.height // SHRUNK)
    return ground.convert("RGB").resize(size, Image.Resampling.BOX)


def unlike(one: Image.Image, two: Image.Image) -> float:
    """Return how much the least alike tile differs, mean of its channels."""
    apart = ImageChops.difference(one, two).convert("RGB")
    tiles = apart.resize(
        (max(1, one.width // TILE), max(1, one.height // TILE)), Image.Resampling.BOX
    )
    extrema = tiles.getextrema()
    return max(high for _, high in extrema)  # type: ignore[misc]


def compare(name: str, taken: list[tuple[str, Image.Image]]) -> list[str]:
    """Return the states that differ from the file of that name, or write it.

    An overlay without a file (a new one, which is one folder) has nothing to differ
    from.
    """
    file = FOLDER / f"{name}.webp"
    if WRITES:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(strip([small(image) for _, image in taken]))
    return differences(file, taken) if file.exists() else []


def differences(file: Path, taken: list[tuple[str, Image.Image]]) -> list[str]:
    """Return the states that differ from a file's."""
    body = strip([small(image) for _, image in taken])
    # Both went through the encoder, so that what it loses is no difference.
    now, kept = (Image.open(io.BytesIO(b)) for b in (body, file.read_bytes()))
    if kept.size != now.size:
        return [f"{file.name} has other states"]
    height = now.height // len(taken)
    found = []
    for at, (where, _) in enumerate(taken):
        box = (0, at * height, now.width, (at + 1) * height)
        apart = unlike(now.convert("RGB").crop(box), kept.convert("RGB").crop(box))
        if apart > MOST:
            found.append(f"{file.stem} {where}: {apart:.0f} of 255 apart")
    return found


def strip(pictures: list[Image.Image]) -> bytes:
    """Return pictures of one size below each other as a file."""
    width, height = pictures[0].size
    whole = Image.new("RGB", (width, height * len(pictures)))
    for at, image in enumerate(pictures):
        whole.paste(image, (0, at * height))
    file = io.BytesIO()
    whole.save(file, "WEBP", quality=86, method=4)
    return file.getvalue()
