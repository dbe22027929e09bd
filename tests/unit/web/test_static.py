"""Files for browsers: one hash, right types, zipped where that helps."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from quizserver.failures import Failure
from quizserver.web.static import (
    MOST_WORKPLACES,
    WORKPLACES,
    Assets,
    load_assets,
)


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


MANIFEST = """
name = "stage"
sizes = ["1920x1080"]
layouts = ["16x9"]
[title]
vi = "Sân khấu"
en = "Stage"
[description]
vi = "Cả chương trình"
en = "The whole show"
"""


def index(folders: tuple[Path, Path, Path], themes: Path | None = None) -> Any:
    return json.loads(load_assets(*folders, themes).files["overlays/index.json"].body)


def test_overlays_are_listed_with_what_they_say_of_themselves(
    folders: tuple[Path, Path, Path],
) -> None:
    (folders[1] / "stage" / "overlay.toml").write_text(MANIFEST)
    another = folders[1] / "clock"
    another.mkdir()
    (another / "overlay.toml").write_text(MANIFEST.replace("stage", "clock"))
    said = index(folders)
    assert [one["name"] for one in said["overlays"]] == ["stage", "clock"]
    assert said["overlays"][0]["title"] == {"vi": "Sân khấu", "en": "Stage"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (MANIFEST.replace("[title]", "[titel]"), "titel"),
        (MANIFEST.replace('"stage"', "stage"), r"overlays/stage/overlay\.toml"),
    ],
)
def test_a_manifest_that_is_not_sound_is_named(
    folders: tuple[Path, Path, Path], text: str, complaint: str
) -> None:
    (folders[1] / "stage" / "overlay.toml").write_text(text)
    with pytest.raises(Failure, match=complaint):
        load(folders)


def test_an_operators_theme_stands_beside_ours_and_wins_by_name(
    folders: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    ours = folders[1] / "_themes" / "sen"
    own = tmp_path / "data" / "themes"
    for place, text in (
        (ours, "/* ours */"),
        (own / "sen", "/* own */"),
        (own / "b", ""),
    ):
        place.mkdir(parents=True)
        (place / "theme.css").write_text(text)
    (own / "empty").mkdir()
    assert index(folders)["themes"] == ["bien", "sen"]
    assert index(folders, own)["themes"] == ["bien", "b", "sen"]
    files = load_assets(*folders, own).files
    assert files["overlays/_themes/sen/theme.css"].body == b"/* own */"
    assert index(folders, tmp_path / "nowhere")["themes"] == ["bien", "sen"]


def test_a_list_of_workplaces_comes_clean_and_no_longer_than_a_phone_can_show(
    folders: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    assert WORKPLACES not in load(folders).files
    file = tmp_path / "workplaces.txt"
    file.write_text("  Sở  Nội vụ\r\n\r\nSở Nội vụ\n" + "x" * 81, "utf-8-sig")
    files = load_assets(*folders, workplaces=file).files
    assert json.loads(files[WORKPLACES].body) == ["Sở Nội vụ"]
    file.write_text("\n".join(map(str, range(MOST_WORKPLACES + 1))), "utf-8")
    files = load_assets(*folders, workplaces=file).files
    assert len(json.loads(files[WORKPLACES].body)) == MOST_WORKPLACES
    file.unlink()
    file.mkdir()
    with pytest.raises(Failure, match=r"workplaces\.txt"):
        load_assets(*folders, workplaces=file)
