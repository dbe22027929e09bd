"""The kit's scenarios as the wire would carry them, and what an overlay shows."""

import json
from dataclasses import dataclass
from typing import Any, Final

from tests.e2e.overlays.stand import OVERLAYS

FOLDER: Final = OVERLAYS / "_kit" / "scenarios"
NAMES: Final = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))
LAYOUTS: Final = {"16x9": (1920, 1080), "9x16": (1080, 1920)}
"""The shapes that every overlay has: those of a broadcast."""

FEED: Final = {"1x1": (1080, 1080), "4x5": (1080, 1350)}
"""Those of a feed, which ours have, too."""

SHAPES: Final = LAYOUTS | FEED
EPOCH: Final = "e1"

STEPLESS: Final = {"presence", "cheers"}
"""Messages that do not carry the show forward."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One message of a scenario with the step it leads to."""

    index: int
    step: int
    message: dict[str, Any]


def frames(name: str) -> list[Frame]:
    """Return the scenario's messages, numbered as the server would."""
    scenario = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    found = []
    step = 0
    for index, frame in enumerate(scenario["frames"]):
        message = dict(frame["message"])
        if message["type"] not in STEPLESS:
            step += 1
            message |= {"epoch": EPOCH, "step": step}
        found.append(Frame(index=index, step=step, message=message))
    return found
