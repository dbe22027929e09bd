"""OGraf packages: valid by the EBU's schema, whole, and without a key."""

import hashlib
import io
import json
import posixpath
import re
import shutil
import tomllib
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from quizserver import shipped
from quizserver.cli import app
from quizserver.texts.catalogue import LANGS
from quizserver.web.manifests import INDEX
from quizserver.web.ograf import SCHEMA, Given, overlays_of, package, zipped
from quizserver.web.static import Assets, load_assets

VENDORED: Final = Path(__file__).parents[2] / "fixtures" / "ograf"
WEB: Final = shipped.PACKAGE / "web" / "static"
ASSETS: Final = load_assets(WEB, shipped.overlays(), shipped.PACKAGE / "texts")
NAMES: Final = list(overlays_of(ASSETS))
LINK: Final = re.compile(
    r"""(?:^import\s|^\}|^export\s).*?from "(\.[^"]+)"|(?:src|href)="([^"#]+)"|"""
    r"""url\(["']?([^"')]+)["']?\)|new URL\(["'`]([^"'`$]+)["'`], import""",
    re.MULTILINE,
)
"""What a file asks for: imports, links of pages and sheets, addresses in scripts."""

Files = dict[str, bytes]


def made(
    *names: str, lang: str = "vi", given: Given | None = None, assets: Assets = ASSETS
) -> Files:
    return package(assets, names or NAMES, lang, "1.2.3", given or Given())


def manifest(files: Files, name: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(files[f"{name}.ograf.json"])
    return said


def judge() -> Draft202012Validator:
    """Return what holds manifests to the EBU's schema."""
    schemas = [json.loads(path.read_text()) for path in VENDORED.glob("*.json")]
    parts = [(one["$id"], Resource.from_contents(one)) for one in schemas]
    whole = next(one for one in schemas if one["$id"] == SCHEMA)
    return Draft202012Validator(whole, registry=Registry().with_resources(parts))


def wrong(said: object) -> list[str]:
    return [error.message for error in judge().iter_errors(said)]


def test_the_vendored_schemas_have_the_hashes_they_came_with() -> None:
    listed = tomllib.loads((VENDORED / "vendor.toml").read_text())["file"]
    for entry in listed:
        body = (VENDORED / entry["path"]).read_bytes()
        assert hashlib.sha256(body).hexdigest() == entry["sha256"], entry["path"]
        assert (VENDORED / entry["licence_file"]).is_file()
    found = {path.name for path in VENDORED.glob("*.json")}
    assert found == {entry["path"] for entry in listed}


class TestManifest:
    @pytest.mark.parametrize("lang", LANGS)
    def test_that_of_every_overlay_is_valid_by_the_ebus_schema(self, lang: str) -> None:
        files = made(lang=lang)
        said = {name: manifest(files, name) for name in NAMES}
        assert {name: wrong(one) for name, one in said.items() if wrong(one)} == {}
        for name, one in said.items():
            assert files[one["main"]]
            # SPX-GC makes the element's name of both.
            element = f"{one['id']}-v{one['version']}"
            assert re.fullmatch(r"[a-z][a-z0-9]*-[a-z0-9.-]*", element), name

    def test_one_that_is_not_valid_is_found(self) -> None:
        said = manifest(made("stage"), "stage")
        assert wrong(said | {"stepCount": -2})
        assert wrong(said | {"supportsRealTime": "yes"})
        said["schema"]["properties"]["layout"].pop("gddOptions")
        assert wrong(said)

    def test_its_form_is_the_parameters_of_the_address_and_the_samples(self) -> None:
        form = manifest(made("stage", lang="en"), "stage")["schema"]["properties"]
        kit = tomllib.loads((shipped.overlays() / "_kit/params.toml").read_text())
        own = tomllib.loads((shipped.overlays() / "stage/overlay.toml").read_text())
        params = [param["name"] for param in (*kit["param"], *own["param"])]
        assert list(form) == ["server", "key", *params]
        assert form["position"]["enum"] == ["", "lower", "side", "full"]
        assert form["mute"]["gddOptions"]["labels"] == {"": "–", "0": "no", "1": "yes"}
        assert form["hide"]["items"]["enum"][:2] == ["lobby", "question"]
        assert form["delay"] | {"type": "integer", "default": 0} == form["delay"]
        assert (form["at"]["minimum"], form["at"]["maximum"]) == (-1, 999)
        samples = shipped.overlays() / "_kit" / "scenarios"
        names = {path.stem for path in samples.glob("*.json")}
        assert set(form["demo"]["enum"]) == {"", *names}
        assert form["bg"]["type"] == form["theme"]["type"] == "string"

    def test_its_form_says_nothing_by_itself(self) -> None:
        """A renderer that sends every default must not outdo the panel's settings."""
        for name in NAMES:
            form = manifest(made(name), name)["schema"]["properties"]
            params = re.search(r"params: (\{.*\}),", made(name)[f"{name}.mjs"].decode())
            assert params
            for param, nothing in json.loads(params[1]).items():
                default = form[param]["default"]
                said = "" if default == [] else f"{default:g}" if nothing else default
                assert said == nothing, (name, param)


class TestFiles:
    def test_whatever_a_file_asks_for_is_in_the_package(self) -> None:
        for name in NAMES:
            files = made(name)
            lost = [
                (path, link)
                for path, body in files.items()
                if path.endswith((".js", ".mjs", ".css", ".html"))
                for found in LINK.finditer(body.decode())
                for link in filter(None, found.groups())
                if not link.startswith(("data:", "http", "#"))
                and not link.endswith(
                    "/"
                )  # a folder: the files in it are named by data
                and posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
                not in files
            ]
            assert lost == [], name

    def test_every_file_but_the_few_of_each_overlay_lies_below_the_build(self) -> None:
        files = made("stage", "timer")
        top = {path for path in files if "/" not in path}
        ends = (".ograf.json", ".mjs", ".html")
        assert top == {f"{name}{end}" for name in ("stage", "timer") for end in ends}
        below = {path.split("/")[0] for path in files if "/" in path}
        assert below == {f"quizserver-{ASSETS.build}"}

    def test_no_mark_of_the_server_is_left(self) -> None:
        marks = rb"\{\{(?:static|build|lang|address)\}\}"
        assert [path for path, body in made().items() if re.search(marks, body)] == []

    def test_licences_of_others_come_along(self) -> None:
        names = {path.rpartition("/")[2] for path in made("timer")}
        assert {"LICENSE.preact", "LICENSE.htm", "OFL.txt"} <= names

    def test_a_new_overlay_is_one_folder_here_too(self, tmp_path: Path) -> None:
        shutil.copytree(shipped.overlays(), tmp_path / "overlays")
        shutil.copytree(tmp_path / "overlays/timer", tmp_path / "overlays/hall")
        said = tmp_path / "overlays/hall/overlay.toml"
        said.write_text(said.read_text().replace('"timer"', '"hall"'))
        assets = load_assets(WEB, tmp_path / "overlays", shipped.PACKAGE / "texts")
        files = made("hall", assets=assets)
        assert wrong(manifest(files, "hall")) == []
        assert INDEX in assets.files

    def test_a_key_is_in_the_module_alone_and_only_when_it_was_given(self) -> None:
        given = Given(server="https://quiz.example", key="o.secret")
        files = made("stage", given=given)
        assert [path for path, body in files.items() if b"o.secret" in body] == [
            "stage.mjs"
        ]
        form = manifest(files, "stage")["schema"]["properties"]
        assert form["server"]["default"] == "https://quiz.example"
        assert b"given: {}" in made("stage")["stage.mjs"]


class TestCommand:
    @pytest.fixture(autouse=True)
    def _nowhere(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("QUIZ_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("QUIZ_LANG", "en")

    def run(self, *arguments: str) -> int:
        return app.run(("overlay", "export", *arguments))

    def test_it_writes_a_folder_or_a_zip_of_the_same_files(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(str(tmp_path / "out"), "timer", "stage") == 0
        assert "2 overlays are packed" in capsys.readouterr().out
        assert self.run(str(tmp_path / "out.zip"), "timer", "stage") == 0
        with zipfile.ZipFile(tmp_path / "out.zip") as archive:
            zipped_files = {one: archive.read(one) for one in archive.namelist()}
        folder = tmp_path / "out"
        found = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        assert found == zipped_files

    def test_without_names_it_packs_all_that_draw(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """`obs-remote` draws nothing and works in OBS alone."""
        assert self.run(str(tmp_path / "out.zip"), "--json") == 0
        packed = json.loads(capsys.readouterr().out)["overlays"]
        assert set(packed) == set(NAMES) - {"obs-remote"}

    def test_it_takes_address_and_key_from_the_panels_file(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "overlay-T1.html"
        loader = (shipped.overlays() / "_kit" / "loader.html").read_text()
        address = '"https://quiz.example/overlay/stage#k=o.secret"'
        file.write_text(loader.replace('"{{address}}"', address))
        target = tmp_path / "out"
        assert self.run(str(target), "stage", "--file", str(file), "--json") == 0
        assert json.loads(capsys.readouterr().out)["holds_key"] is True
        assert '"key": "o.secret"' in (target / "stage.mjs").read_text()
        assert '"server": "https://quiz.example"' in (target / "stage.mjs").read_text()

    def test_it_writes_over_nothing_unless_told(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "mine").write_text("x")
        assert self.run(str(tmp_path), "stage") == 1
        assert "is there already" in capsys.readouterr().err
        assert self.run(str(tmp_path), "stage", "--force") == 0
        assert (tmp_path / "mine").read_text() == "x"

    def test_an_overlay_that_is_not_there_is_named_with_those_that_are(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(str(tmp_path / "out"), "clock") == 1
        said = capsys.readouterr().err
        assert "no overlay clock" in said
        assert "timer" in said
        assert not (tmp_path / "out").exists()

    def test_a_place_that_cannot_be_written_is_said(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").write_text("")
        assert self.run(str(tmp_path / "file" / "out"), "stage") == 1
        assert "cannot write" in capsys.readouterr().err


def test_the_same_files_give_the_same_zip_whose_files_a_web_server_may_read() -> None:
    assert zipped(made("timer")) == zipped(made("timer"))
    with zipfile.ZipFile(io.BytesIO(zipped(made("timer")))) as archive:
        assert archive.testzip() is None
        modes = {one.external_attr >> 16 for one in archive.infolist()}
    assert modes == {0o100644}
