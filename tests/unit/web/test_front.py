"""The front end's files hold to what old phones can read and what we say we ship.

There is no build step, so nothing would catch these slips before a viewer does.
"""

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[3]
STATIC: Final = ROOT / "quizserver" / "web" / "static"
TEXTS: Final = ROOT / "quizserver" / "texts"
VENDOR: Final = STATIC / "vendor"
OURS: Final = sorted([*STATIC.glob("kit/*.js"), *STATIC.glob("phone/*.js")])
LISTED: Final = tomllib.loads((VENDOR / "vendor.toml").read_text("utf-8"))["file"]

AFTER_ES2020: Final = {
    "logical assignment": r"(\?\?|\|\||&&)=",
    "lookbehind": r"\(\?<[=!]",
    "private field": r"[{;\s.]#[a-z]\w*\s*[=(;]",
    "Array.prototype.at": r"\.at\(",
    "replaceAll": r"\.replaceAll\(",
    "Object.hasOwn": r"Object\.hasOwn\b",
    "structuredClone": r"structuredClone\(",
    "top-level await": r"(?m)^(const .*= )?await ",
    "class field": r"\bclass [^{]*\{\s*(static )?\w+\s*[=;]",
    "numeric separator": r"\b\d+_\d",
    "bare import": r"(?m)^import [^;]*from \"[^.]",
    "eval": r"\beval\(|new Function",
    "innerHTML": r"innerHTML",
}
"""Syntax and calls that Safari 14.1 or WebView 87 lacks, and what CSP forbids."""


class TestVendored:
    """What is not ours is named, licensed and unchanged."""

    @pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry["path"])
    def test_file_has_the_listed_hash_and_a_licence(
        self, entry: dict[str, str]
    ) -> None:
        body = (VENDOR / entry["path"]).read_bytes()
        assert hashlib.sha256(body).hexdigest() == entry["sha256"]
        assert (VENDOR / entry["licence_file"]).stat().st_size > 0
        assert entry["licence"] in {"MIT", "Apache-2.0", "ISC", "OFL-1.1"}
        assert entry["version"] in entry["source"]

    def test_no_file_is_unlisted(self) -> None:
        listed = {entry["path"] for entry in LISTED}
        licences = {entry["licence_file"] for entry in LISTED}
        found = {path.name for path in VENDOR.iterdir()}
        assert found == listed | licences | {"vendor.toml"}


@pytest.mark.parametrize(
    "path", OURS, ids=lambda path: f"{path.parent.name}/{path.name}"
)
class TestOurModules:
    """Readable by old phones, and by the next person."""

    def test_uses_nothing_newer_than_the_floor(self, path: Path) -> None:
        source = re.sub(r"(?m)^\s*//.*$", "", path.read_text("utf-8"))
        found = [name for name, slip in AFTER_ES2020.items() if re.search(slip, source)]
        assert found == []

    def test_is_checked_and_short(self, path: Path) -> None:
        lines = path.read_text("utf-8").splitlines()
        assert len(lines) <= 150
        assert path.name == "old.js" or lines[0] == "// @ts-check"


class TestPhoneTexts:
    """Every sentence on a phone exists in both languages, and is used."""

    def test_both_languages_have_the_same_keys_and_placeholders(self) -> None:
        for area in ("phone", "common"):
            both = [_texts(area, lang) for lang in ("vi", "en")]
            holes = [{k: _holes(v) for k, v in texts.items()} for texts in both]
            assert holes[0] == holes[1]

    def test_vietnamese_is_composed(self) -> None:
        text = (TEXTS / "phone.vi.json").read_text("utf-8")
        assert not re.search("[\u0300-\u036f]", text)

    def test_every_key_is_there_and_used(self) -> None:
        source = "".join(path.read_text("utf-8") for path in OURS)
        literal = set(re.findall(r'"(phone\.[\w.]+)"', source))
        opening = set(re.findall(r"`(phone\.[\w.]*)\$\{", source))
        closing = set(re.findall(r"\$\{why\}(\.\w+)`", source))
        keys = set(_texts("phone", "vi"))
        assert literal <= keys
        starts = tuple(start for start in opening if start != "phone.")
        rest = {key for key in keys - literal if not key.startswith(starts)}
        gone = ("replaced", "no_show", "forbidden", "outdated")
        assert rest <= {f"phone.{why}{end}" for why in gone for end in closing}


def _texts(area: str, lang: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads(
        (TEXTS / f"{area}.{lang}.json").read_text("utf-8")
    )
    return texts


def _holes(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))
