"""What each overlay says of itself, for pages that list overlays.

An overlay is a folder with an `overlay.toml`; the panel and the theme editor read
all of them as one file, `overlays/index.json`, beside the themes there are. Opens
no file itself: the bodies come from `static`.
"""

import tomllib
from collections.abc import Mapping
from typing import Final, TypeVar

import msgspec

from quizserver.failures import Failure

INDEX: Final = "overlays/index.json"
"""Where the list is, below `/static/<build>/`."""

_T = TypeVar("_T", bound=msgspec.Struct)

BUILT_IN: Final = "bien"
"""The theme that needs no folder: the look of the kit's own style sheet."""


class Words(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A text in both languages."""

    vi: str
    en: str


class Param(Words, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A parameter of the address and what it may be.

    `values` are words, or one range of numbers, or "*" for any text; `many` takes
    several of the words, separated by commas. `nothing` says the same as leaving it
    out, for forms of numbers, which cannot be empty.
    """

    name: str
    values: list[str]
    many: bool = False
    nothing: str = ""


class Manifest(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """An overlay.toml.

    `layouts` are shapes and `sizes` the pictures in pixels that go with them;
    `demo` and `at` name the sample picture; `covers` says that the corners are
    not transparent; `param` are the overlay's own, besides those of the kit.
    """

    name: str
    title: Words
    description: Words
    sizes: list[str]
    layouts: list[str]
    demo: str = ""
    at: int = -1
    covers: bool = False
    param: list[Param] = []


class KitParams(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The parameters of every overlay: `_kit/params.toml`."""

    param: list[Param]


class Index(msgspec.Struct, frozen=True):
    """All overlays, by name, and all themes."""

    overlays: list[Manifest]
    themes: list[str]


def read_manifest(text: str, place: str) -> Manifest:
    """Return an overlay.toml as a value. Raises Failure that names `place`."""
    return _read(text, place, Manifest)


def read_params(text: str, place: str) -> list[Param]:
    """Return a params.toml as values. Raises Failure that names `place`."""
    return _read(text, place, KitParams).param


def _read(text: str, place: str, kind: type[_T]) -> _T:
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Failure("failure.manifest", file=place, cause=str(error)) from None


def index(bodies: Mapping[str, bytes]) -> bytes:
    """Return the list of the overlays and themes among files. Raises Failure."""
    manifests = [
        read_manifest(bodies[path].decode(), path)
        for path in sorted(bodies)
        if path.startswith("overlays/") and path.endswith("/overlay.toml")
    ]
    stage_first = sorted(manifests, key=lambda said: (said.name != "stage", said.name))
    return msgspec.json.encode(Index(stage_first, themes(bodies)))


def themes(bodies: Mapping[str, bytes]) -> list[str]:
    """Return the names of the themes, the built-in one first."""
    parts = (path.split("/") for path in sorted(bodies))
    shape = ["overlays", "_themes", "theme.css"]
    return [BUILT_IN, *(p[2] for p in parts if len(p) == 4 and [*p[:2], p[3]] == shape)]
