"""Files for browsers: one hash, right types, zipped where that helps."""

import gzip
import json
from pathlib import Path

import pytest

from quizserver.web.static import Assets, load_assets


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    static, overlays, texts = (tmp_path / n for n in ("static", "overlays", "texts"))
    for folder in (static / "vendor", overlays / "stage", overlays / "_kit", texts):
        folder.mkdir(parents=True)
    (static / "vendor" / "preact.mjs").write_text("export const a = 1;\n" * 50)
    (static / "vendor" / "LICENSE.preact").write_text("MIT\n")
    (static / "vendor" / "notes.md").write_text("not for browsers")
    (static / "pixel.png").write_bytes(bytes(200))
    (overlays / "stage" / "index.html").write_text("<!doctype html>")
    (overlays / "_kit" / "start.js").write_text("// kit")
    (texts / "common.vi.json").write_text('{"common.a": "chung", "common.b": "b"}')
    (texts / "phone.vi.json").write_text('{"phone.a": "điện thoại"}')
    return static, overlays, texts


def load(folders: tuple[Path, Path, Path]) -> Assets:
    return load_assets(*folders)


def test_modules_have_the_type_that_browsers_insist_on(
    folders: tuple[Path, Path, Path],
) -> None:
    asset = load(folders).files["vendor/preact.mjs"]
    assert asset.mime == "text/javascript; charset=utf-8"


def test_zipped_form_unzips_to_the_file(folders: tuple[Path, Path, Path]) -> None:
    asset = load(folders).files["vendor/preact.mjs"]
    assert asset.zipped is not None
    assert gzip.decompress(asset.zipped) == asset.body


def test_images_and_tiny_files_are_not_zipped(
    folders: tuple[Path, Path, Path],
) -> None:
    files = load(folders).files
    assert files["pixel.png"].zipped is None
    assert files["vendor/LICENSE.preact"].zipped is None


def test_overlays_stand_below_their_own_prefix(
    folders: tuple[Path, Path, Path],
) -> None:
    assets = load(folders)
    assert assets.overlays() == ["stage"]
    assert assets.url("overlays/_kit/start.js").endswith("/overlays/_kit/start.js")


def test_unknown_kinds_of_files_are_not_served(
    folders: tuple[Path, Path, Path],
) -> None:
    assert "vendor/notes.md" not in load(folders).files


def test_an_area_comes_with_the_common_texts(
    folders: tuple[Path, Path, Path],
) -> None:
    texts = json.loads(load(folders).files["texts/phone.vi.json"].body)
    assert texts == {"common.a": "chung", "common.b": "b", "phone.a": "điện thoại"}


def test_same_files_give_the_same_build(folders: tuple[Path, Path, Path]) -> None:
    assert load(folders).build == load(folders).build


@pytest.mark.parametrize("place", [0, 1, 2])
def test_any_changed_file_gives_another_build(
    folders: tuple[Path, Path, Path], place: int
) -> None:
    before = load(folders).build
    (folders[place] / "new.vi.json").write_text("{}")
    assert load(folders).build != before


def test_address_of_a_missing_file_is_an_error(
    folders: tuple[Path, Path, Path],
) -> None:
    with pytest.raises(KeyError, match=r"gone\.js"):
        load(folders).url("gone.js")
