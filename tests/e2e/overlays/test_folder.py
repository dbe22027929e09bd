"""The overlay folders themselves: manifests, vendored files, floors, scenarios.

No browser is started here.
"""

import hashlib
import json
import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Final

import msgspec
import pytest

from quizserver.texts.catalogue import catalogue
from quizserver.web.manifests import read_params
from quizserver.wire.overlay import Cheers
from quizserver.wire.phone import PhoneOut
from tests.e2e.overlays.overlays import FOLDERS, manifest
from tests.e2e.overlays.scenarios import NAMES, frames
from tests.e2e.overlays.stand import OVERLAYS

KIT: Final = OVERLAYS / "_kit"
SCRIPTS: Final = sorted(OVERLAYS.rglob("*.js"))
STYLES: Final = sorted(OVERLAYS.rglob("*.css"))
AFTER_103: Final = {
    ":has(": "Chromium 105",
    "@container": "Chromium 105",
    "color-mix(": "Chromium 111",
    "@layer": "kept out: a theme must win by order alone",
    "@starting-style": "Chromium 117",
    "backdrop-filter": "45 ms a frame without a graphics card",
    "filter:": "140 ms a frame when it moves",
}
KEY_SIGNAL: Final = "filter: brightness(0) invert(1)"
"""White where it is opaque (`out=key`): nothing else can say that."""
MOVES: Final = {"transform", "opacity"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
class TestAnOverlaysFolder:
    def test_its_manifest_says_what_the_panel_asks(self, folder: Path) -> None:
        said = manifest(folder)
        assert said.name == folder.name
        assert said.sizes
        assert all(re.fullmatch(r"\d{1,4}x\d{1,4}", size) for size in said.sizes)
        assert len(said.layouts) == len(said.sizes)
        assert not said.demo or said.demo in NAMES
        assert "k" not in {param.name for param in said.param}

    def test_it_has_the_four_files(self, folder: Path) -> None:
        needed = {"overlay.toml", "index.html", "overlay.js", "overlay.css"}
        assert needed <= {path.name for path in folder.iterdir()}

    def test_its_page_keeps_to_the_policy(self, folder: Path) -> None:
        """Nothing inline, nothing from another host, every file by its build."""
        html = (folder / "index.html").read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=", html)
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)
        sources = re.findall(r'(?:src|href)="([^"]*)"', html)
        assert sources
        assert all(s.startswith(("{{static}}/", "data:")) for s in sources)
        marks = set(re.findall(r"\{\{(\w+)\}\}", html))
        assert marks == {"static", "build", "lang"}


def test_the_manifests_name_every_parameter_that_the_kit_reads() -> None:
    script = (KIT / "params.js").read_text("utf-8")
    read = set(re.findall(r'(?:text|layoutOf\(text)\("(\w+)"\)', script)) - {"view"}
    kit = (KIT / "params.toml").read_text("utf-8")
    named = {param.name for param in read_params(kit, "params.toml")}
    assert "k" not in named
    for folder in FOLDERS:
        own = {param.name for param in manifest(folder).param} - read
        script = (folder / "overlay.js").read_text("utf-8")
        assert {name for name in own if name not in script} == set(), folder.name
        named |= {param.name for param in manifest(folder).param} - own
    assert read == named


def test_vendored_files_have_the_hashes_they_came_with() -> None:
    said = tomllib.loads((KIT / "vendor.toml").read_text("utf-8"))["file"]
    for entry in said:
        body = (KIT / entry["path"]).read_bytes()
        assert hashlib.sha256(body).hexdigest() == entry["sha256"], entry["path"]
        assert (KIT / entry["licence_file"]).is_file()
    fonts = {path.relative_to(KIT).as_posix() for path in KIT.rglob("*.woff2")}
    assert fonts == {entry["path"] for entry in said}


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
class TestStyles:
    def test_they_run_on_the_oldest_engine(self, path: Path) -> None:
        css = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        css = css.replace(KEY_SIGNAL, "")
        assert {what: why for what, why in AFTER_103.items() if what in css} == {}
        assert not re.search(r"^\s*&", css, flags=re.MULTILINE), "nesting: Chromium 112"

    def test_only_transform_and_opacity_move(self, path: Path) -> None:
        css = path.read_text("utf-8")
        for name, body in re.findall(
            r"@keyframes (\S+) \{(.*?\})\s*\}", css, re.DOTALL
        ):
            moved = set(re.findall(r"([a-z-]+)\s*:", body))
            assert moved <= MOVES, name
        moved = set(re.findall(r"transition:\s*([a-z-]+)", css)) - {"none"}
        assert moved <= MOVES

    def test_no_file_comes_from_another_host(self, path: Path) -> None:
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", path.read_text("utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_a_script_is_checked_and_short(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == "// @ts-check"
    assert lines[1].startswith("// "), "says what it is for"
    assert len(lines) <= 150
    # A relative import keeps the build in its address.
    code = "\n".join(lines)
    imported = re.findall(r'^(?:import [^"]*|\} )from "([^"]+)"', code, re.MULTILINE)
    assert all(source.startswith(".") for source in imported)


@pytest.mark.parametrize("name", NAMES)
class TestScenarios:
    def test_it_speaks_the_wire(self, name: str) -> None:
        for frame in frames(name):
            msgspec.convert(frame.message, PhoneOut | Cheers)

    def test_it_begins_with_a_snapshot_that_names_the_show(self, name: str) -> None:
        first = frames(name)[0].message
        assert first["type"] == "state"
        assert first["show"]["join_url"].startswith("https://")

    def test_its_words_are_nfc_and_titled_in_both_languages(self, name: str) -> None:
        text = (KIT / "scenarios" / f"{name}.json").read_text("utf-8")
        assert unicodedata.is_normalized("NFC", text)
        assert set(json.loads(text)["title"]) == {"vi", "en"}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_texts_and_scripts_name_the_same_keys(lang: str) -> None:
    code = "\n".join(path.read_text("utf-8") for path in SCRIPTS)
    used = set(re.findall(r'"(overlay\.[a-z.]+)"', code))
    assert used == set(catalogue(lang, ["overlay"]))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_texts_of_the_theme_editor_are_those_it_uses(lang: str) -> None:
    """Names of groups, colours and samples are put together from its lists."""
    scripts = sorted((OVERLAYS / "_editor").glob("*.js"))
    editor = "\n".join(path.read_text("utf-8") for path in scripts)
    used = set(re.findall(r'"(theme\.[a-z.]+)"', editor)) - {"theme.json"}
    groups = editor.partition("GROUPS = {")[2].partition("};")[0]
    for group, names in re.findall(r"^  (\w+): \[(.+)\],$", groups, re.MULTILINE):
        used |= {f"theme.group.{group}"}
        used |= {f"theme.colour.{name}" for name in re.findall(r'"([\w-]+)"', names)}
    samples = re.search(r"const SCENES = \{(.*?)\};", editor, re.DOTALL)
    assert samples
    used |= {f"theme.scene.{name}" for name in re.findall(r"(\w+): \[", samples[1])}
    assert used == set(catalogue(lang, ["theme"]))
