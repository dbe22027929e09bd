"""The shelf: what was imported hides what was shipped, and is whole or absent."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from quizserver.bank import shelf
from quizserver.bank.flaws import PackRefused
from quizserver.bank.load import load

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "packs"
HOUSE = Path(__file__).resolve().parents[3] / "questions"
PNG = b"\x89PNG\r\n\x1a\n"


def with_picture(folder: Path, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    source = (FIXTURES / "image-missing" / "pack.toml").read_text()
    (folder / "pack.toml").write_text(source)
    (folder / "ban-do.png").write_bytes(content)
    return folder


def test_shipped_packs_are_listed_by_id() -> None:
    found = shelf.packs([HOUSE])

    assert [one.id for one in found] == sorted(path.name for path in HOUSE.iterdir())
    assert {(one.questions, one.reserves) for one in found} == {(10, 2)}


def test_what_is_no_pack_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    (tmp_path / "README.md").write_text("not a pack")
    shutil.copytree(FIXTURES / "sound", tmp_path / "sound")

    assert [one.id for one in shelf.packs([tmp_path])] == ["goi-thu"]


def test_pack_is_found_by_its_id() -> None:
    assert shelf.load_pack("cchc-2023-so-1", [HOUSE]).title.endswith("Số 1")


def test_missing_folder_is_an_empty_shelf(tmp_path: Path) -> None:
    assert shelf.packs([tmp_path / "none"]) == []


def test_unknown_pack_is_told_the_nearest() -> None:
    with pytest.raises(shelf.UnknownPack, match=r"'cchc-2023-so1'.*cchc-2023-so-1"):
        shelf.load_pack("cchc-2023-so1", [HOUSE])


def test_placed_pack_is_the_same_pack_and_hides_the_shipped_one(
    tmp_path: Path,
) -> None:
    changed = replace(load(HOUSE / "par-en-1"), title="Mine")

    shelf.place(changed, tmp_path, HOUSE / "par-en-1")

    assert shelf.load_pack("par-en-1", [tmp_path, HOUSE]) == changed
    titles = [one.title for one in shelf.packs([tmp_path, HOUSE])]
    assert titles.count("Mine") == 1
    assert len(titles) == len(list(HOUSE.iterdir()))


def test_placing_again_replaces_and_leaves_nothing_behind(tmp_path: Path) -> None:
    pack = load(FIXTURES / "sound")

    shelf.place(replace(pack, title="Một"), tmp_path, FIXTURES)
    home = shelf.place(replace(pack, title="Hai"), tmp_path, FIXTURES)

    assert [path.name for path in home.iterdir()] == ["pack.toml"]
    assert shelf.load_pack("goi-thu", [tmp_path]).title == "Hai"


def test_failed_write_keeps_the_old_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = load(FIXTURES / "sound")
    shelf.place(pack, tmp_path, FIXTURES)

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("quizserver.bank.shelf.os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        shelf.place(replace(pack, title="Mới"), tmp_path, FIXTURES)

    assert shelf.load_pack("goi-thu", [tmp_path]) == pack
    assert [path.name for path in (tmp_path / "goi-thu").iterdir()] == ["pack.toml"]


def test_broken_pack_is_listed_with_its_flaws_and_never_loaded(
    tmp_path: Path,
) -> None:
    shutil.copytree(FIXTURES / "two-keys", tmp_path / "two-keys")

    (summary,) = shelf.packs([tmp_path])

    assert (summary.id, summary.questions) == ("two-keys", 0)
    assert [flaw.code for flaw in summary.flaws] == ["two_keys"]
    assert [pack.id for pack in shelf.sound([HOUSE])] == [
        one.id for one in shelf.packs([HOUSE])
    ]
    assert shelf.sound([tmp_path]) == []
    with pytest.raises(PackRefused):
        shelf.load_pack("two-keys", [tmp_path])


def test_pictures_go_along_and_old_ones_stay_for_running_shows(
    tmp_path: Path,
) -> None:
    names = []
    for content in (PNG + b"1", PNG + b"2"):
        folder = with_picture(tmp_path / "source", content)
        shelf.place(load(folder), tmp_path / "shelf", folder)
        pack = shelf.load_pack("goi-thu", [tmp_path / "shelf"])
        names.append(pack.questions[1].image or "")

    assert names[0] != names[1]
    for name, content in zip(names, (PNG + b"1", PNG + b"2"), strict=True):
        file = shelf.image_file("goi-thu", name, [tmp_path / "shelf"])
        assert file is not None
        assert file.read_bytes() == content
        assert shelf.picture([HOUSE, tmp_path / "shelf"], name) == file
    assert shelf.picture([HOUSE, tmp_path / "shelf"], "none.png") is None


def test_placed_picture_keeps_its_name_when_placed_again(tmp_path: Path) -> None:
    folder = with_picture(tmp_path / "source", PNG)
    first = shelf.place(load(folder), tmp_path / "one", folder)
    second = shelf.place(load(first), tmp_path / "two", first)

    assert load(first) == load(second)


@pytest.mark.parametrize("name", ["pack.toml", "../../pack.toml", "none.png", ""])
def test_nothing_but_pictures_leaves_a_pack(tmp_path: Path, name: str) -> None:
    folder = with_picture(tmp_path / "source", PNG)
    shelf.place(load(folder), tmp_path / "shelf", folder)

    assert shelf.image_file("goi-thu", name, [tmp_path / "shelf"]) is None


def test_picture_of_an_unknown_pack_is_none() -> None:
    assert shelf.image_file("none", "ban-do.png", [HOUSE]) is None


def test_pictures_are_copied_beside_an_export(tmp_path: Path) -> None:
    folder = with_picture(tmp_path / "source", PNG)
    (tmp_path / "out").mkdir()

    shelf.copy_images(load(folder), folder, tmp_path / "out")

    assert (tmp_path / "out" / "ban-do.png").read_bytes() == PNG
