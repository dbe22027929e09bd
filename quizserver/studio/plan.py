"""What the bridge is told: where the overlay is, which scene goes with which picture.

Pure but for the reading of three small files.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from quizserver.failures import Failure, cause_of
from quizserver.texts.catalogue import text

PICTURES: Final = (
    "lobby",
    "asked",
    "open",
    "locked",
    "revealed",
    "standings",
    "ended",
    "paused",
)
"""What a show can be at, as a scene map names it."""

_ADDRESS: Final = re.compile(r'const ADDRESS = ("(?:[^"\\\n]|\\.)*");')


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """The overlay's file for OBS and the address in it, with its key."""

    file: Path
    address: str

    @property
    def key(self) -> str:
        """The overlay's key."""
        return parse_qs(urlsplit(self.address).fragment).get("k", [""])[0]

    @property
    def socket(self) -> str:
        """Where the show is heard."""
        parts = urlsplit(self.address)
        scheme = "wss" if parts.scheme == "https" else "ws"
        return f"{scheme}://{parts.netloc}/ws/overlay"

    @property
    def layout(self) -> str:
        """The shape that the address asks for; empty: the window's own."""
        return parse_qs(urlsplit(self.address).query).get("layout", [""])[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that a person chose. `scenes` by picture; none: left as it is."""

    overlay: Overlay
    scenes: Mapping[str, str]
    source: str
    css: str | None = None
    builds: bool = True
    switches: bool = True


def read_overlay(path: Path) -> Overlay:
    """Read the file that the panel hands out for OBS. Raises Failure."""
    found = _ADDRESS.search(_read(path))
    address = str(json.loads(found.group(1))) if found else ""
    overlay = Overlay(file=path.absolute(), address=address)
    if urlsplit(address).scheme not in {"http", "https"} or not overlay.key:
        raise Failure("failure.no_obs_file", file=str(path))
    return overlay


def read_scenes(path: Path | None, lang: str) -> dict[str, str]:
    """Return scene names by picture: the catalogue's, with those of a file instead.

    Raises:
        Failure: the file cannot be read, or names what no show is ever at.
    """
    scenes = {one: text(lang, f"studio.scene.{one}") for one in PICTURES}
    if path is None:
        return scenes
    try:
        chosen = tomllib.loads(_read(path)).get("scenes", {})
    except tomllib.TOMLDecodeError as error:
        raise Failure("failure.no_toml", file=str(path), cause=str(error)) from None
    for picture, scene in chosen.items():
        if picture not in PICTURES or not isinstance(scene, str):
            raise Failure(
                "failure.bad_scene",
                file=str(path),
                line=f"{picture} = {scene!r}",
                known=", ".join(PICTURES),
            )
    return {one: name for one, name in (scenes | chosen).items() if name}


def read_password(path: Path | None, setting: str) -> str:
    """Return OBS's password, from a file or the setting. Raises Failure."""
    return setting if path is None else _read(path).strip("\r\n")


def read_css(path: Path | None) -> str | None:
    """Return the Custom CSS for new sources, if any. Raises Failure."""
    return None if path is None else _read(path)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(
            "failure.unreadable", file=str(path), cause=cause_of(error)
        ) from None
