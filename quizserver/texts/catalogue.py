"""Every sentence a person sees, by language and key.

Each area has a file per language beside this module, `<area>.<lang>.json`, flat:
`{"phone.join": "Vào chơi"}`; a key begins with its area. Values are NFC text
with `{placeholders}`. A missing key is a bug and raises; it never shows through
as an English text on a Vietnamese screen. Languages have the same keys: a test
holds that (tests/unit/texts).
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

LANGS: Final = ("vi", "en")
"""The languages; the first is the default."""

_FOLDER: Final = Path(__file__).resolve().parent


def text(lang: str, key: str, **values: str | int) -> str:
    """Return the text of `key` with its placeholders filled in.

    Raises:
        KeyError: no such language or key, or a placeholder without a value;
            carries the name that is missing.
    """
    area = key.partition(".")[0]
    if area not in areas():
        raise KeyError(key)
    return _read(area, lang)[key].format_map(values)


def catalogue(lang: str, areas: Iterable[str]) -> dict[str, str]:
    """Return all texts of `areas` with placeholders as they are, for the browser.

    Raises:
        KeyError: no such language or area.
    """
    merged: dict[str, str] = {}
    for area in areas:
        merged |= _read(area, lang)
    return merged


@cache
def areas() -> tuple[str, ...]:
    """Return the names of all areas, in order."""
    names = {path.name.partition(".")[0] for path in _FOLDER.glob("*.*.json")}
    return tuple(sorted(names))


@cache
def _read(area: str, lang: str) -> Mapping[str, str]:
    if lang not in LANGS:
        raise KeyError(lang)
    path = _FOLDER / f"{area}.{lang}.json"
    if not path.is_file():
        raise KeyError(path.name)
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType(texts)
