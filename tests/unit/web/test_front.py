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
ON_PHONES: Final = [*OURS, *sorted(VENDOR.glob("*.mjs"))]
SHEETS: Final = sorted([*STATIC.glob("kit/*.css"), *STATIC.glob("phone/*.css")])
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
    "static block": r"\bstatic\s*\{",
    "regular expression flag": r"/[gimsuy]*[dv][gimsuy]*\.(?:exec|test)\(",
    "import attribute": r"(?m)^import [^;]*\b(?:with|assert)\s*\{",
    "findLast": r"\.findLast",
    "copying array method": r"\.(?:toSorted|toReversed|toSpliced|with)\(",
    "groupBy": r"\.groupBy\(",
    "Array.fromAsync": r"\bfromAsync\(",
    "later promise": r"\bPromise\.(?:any|try|withResolvers)\b|\bAggregateError\b",
    "weak reference": r"\bWeakRef\b|\bFinalizationRegistry\b",
    "cause of an error": r"\bcause:",
    "randomUUID": r"\brandomUUID\b",
    "AbortSignal": r"\bAbortSignal\.",
    "idle callback": r"\brequestIdleCallback\b",
    "BroadcastChannel": r"\bBroadcastChannel\b",
    "dialog": r"\.showModal\(|<dialog",
    "inert": r"\binert\b",
    "later Intl": r"\bIntl\.(?:Segmenter|DurationFormat)\b",
    "URL.canParse": r"\bURL\.(?:canParse|parse)\(",
    "popover": r"\bpopover\b|\bstartViewTransition\b",
    "numeric separator": r"\b\d+_\d",
    "bare import": r"(?m)^import [^;]*from \"[^.]",
    "eval": r"\beval\(|new Function",
    "innerHTML": r"innerHTML",
}
"""Syntax and calls that Safari 14.1 or WebView 87 lacks, and what CSP forbids."""

NOT_VENDORED: Final = frozenset({"innerHTML", "inert", "popover"})
"""Attributes that the vendored files name and our own code never uses."""

AFTER_THE_FLOOR: Final = {
    "relational selector": r":(?:has|is|where)\(|:not\([^)]*,",
    "container query": r"@container|container-type",
    "cascade layer": r"@layer|@scope|@property|@starting-style",
    "nesting": r"(?m)^\s*&",
    "aspect-ratio": r"aspect-ratio",
    "colour function": r"color-mix|\b(?:oklch|oklab|lab|lch|light-dark)\(",
    "own transform": r"(?m)^\s*(?:translate|rotate|scale)\s*:",
    "clipped overflow": r"overflow(?:-[xy])?:\s*clip",
    "small or large viewport": r"\d(?:svh|lvh|svw|lvw|lh|rlh|cq[whib])\b",
    "range in a media query": r"@media[^{]*[<>]",
}
"""What sheets may not say: Chrome 87 or Safari 14.1 would drop the whole rule."""

SLIPS: Final = {
    "logical assignment": "a ??= 1;",
    "lookbehind": "/(?<=a)b/",
    "private field": "class A { #a = 1 }",
    "Array.prototype.at": "rows.at(-1)",
    "class field": "class A { a = 1 }",
    "static block": "class A { static { b(); } }",
    "regular expression flag": "/a/gd.exec(b)",
    "import attribute": 'import a from "./a.json" with { type: "json" };',
    "copying array method": "rows.toSorted()",
    "later promise": "Promise.any([])",
    "numeric separator": "const a = 1_000;",
    "top-level await": "const a = await b();",
}
"""What each of the rules that are easily written wrong must find."""


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


def slips(source: str) -> set[str]:
    """Return which of the rules of `AFTER_ES2020` a script breaks."""
    bare = re.sub(r"(?m)^\s*//.*$|/\*[\s\S]*?\*/", "", source)
    return {name for name, slip in AFTER_ES2020.items() if re.search(slip, bare)}


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


class TestFloor:
    """What phones get runs in Chrome and WebView 87 and in Safari 14.1."""

    @pytest.mark.parametrize("path", ON_PHONES, ids=_place)
    def test_script_uses_nothing_newer(self, path: Path) -> None:
        found = slips(path.read_text("utf-8"))
        assert found - (NOT_VENDORED if path.parent == VENDOR else set()) == set()

    @pytest.mark.parametrize("path", SHEETS, ids=_place)
    def test_sheet_uses_nothing_newer(self, path: Path) -> None:
        source = re.sub(r"/\*[\s\S]*?\*/", "", path.read_text("utf-8"))
        rules = AFTER_THE_FLOOR.items()
        assert [name for name, slip in rules if re.search(slip, source)] == []

    def test_dynamic_height_has_a_height_before_it(self) -> None:
        for path in SHEETS:
            for found in re.finditer(r"([\w-]+): 100dvh", path.read_text("utf-8")):
                before = path.read_text("utf-8")[: found.start()].rstrip()
                assert before.endswith(f"{found[1]}: 100vh;")

    @pytest.mark.parametrize(("name", "source"), SLIPS.items())
    def test_rule_finds_what_it_is_for(self, name: str, source: str) -> None:
        assert name in slips(source)


@pytest.mark.parametrize("path", OURS, ids=_place)
class TestOurModules:
    """Readable by the next person."""

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
