"""The overlays there are, by what their manifests say."""

from pathlib import Path
from typing import Final

from quizserver.web.manifests import Manifest, read_manifest
from tests.e2e.overlays.scenarios import FEED, LAYOUTS
from tests.e2e.overlays.stand import OVERLAYS

FOLDERS: Final = sorted(OVERLAYS.glob("[!_]*/"))


def manifest(folder: Path) -> Manifest:
    """Return what a folder says of its overlay."""
    text = (folder / "overlay.toml").read_text("utf-8")
    return read_manifest(text, folder.name)


MANIFESTS: Final = {folder.name: manifest(folder) for folder in FOLDERS}

DRAWN: Final = [
    name for name, said in MANIFESTS.items() if set(LAYOUTS) <= set(said.layouts)
]
"""Those with a picture; another one may only act (its size is a pixel)."""

FED: Final = [name for name in DRAWN if set(FEED) <= set(MANIFESTS[name].layouts)]
"""Those with a picture in the shapes of a feed, too."""

COVERING: Final = {name for name, said in MANIFESTS.items() if said.covers}
"""Those whose corners are not transparent."""
