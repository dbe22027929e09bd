"""What the bridge is told: the panel's file, the scene map, the password."""

from pathlib import Path

import pytest

from quizserver.failures import Failure
from quizserver.studio.plan import (
    PICTURES,
    read_css,
    read_overlay,
    read_password,
    read_scenes,
)
from quizserver.texts.catalogue import LANGS

LOADER = Path(__file__).parents[3] / "overlays" / "_kit" / "loader.html"


def handed_out(folder: Path, address: str) -> Path:
    """Write the file as the panel fills it in."""
    path = folder / "overlay-CCHC1.html"
    whole = LOADER.read_text("utf-8").replace('"{{address}}"', f'"{address}"')
    path.write_text(whole, "utf-8")
    return path


def test_the_panels_file_says_where_the_show_is_and_holds_the_key(
    tmp_path: Path,
) -> None:
    plain = read_overlay(
        handed_out(tmp_path, "http://quiz.example:8000/overlay/stage#k=o.k-1")
    )
    assert (plain.key, plain.layout) == ("o.k-1", "")
    assert plain.socket == "ws://quiz.example:8000/ws/overlay"
    assert plain.file.is_absolute()
    tall = "https://quiz.example/overlay/stage?layout=9x16\\u0026seal=1#k=o.k"
    over_tls = read_overlay(handed_out(tmp_path, tall))
    assert (over_tls.socket, over_tls.layout) == (
        "wss://quiz.example/ws/overlay",
        "9x16",
    )


@pytest.mark.parametrize(
    "address", ["http://quiz.example/overlay/stage", "{{address}}", "file:///x#k=k"]
)
def test_another_file_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(Failure, match="download it again"):
        read_overlay(handed_out(tmp_path, address))


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_bytes(b"\xff\xfe")
    for path in (tmp_path / "none", bad):
        with pytest.raises(Failure, match="cannot read"):
            read_overlay(path)


@pytest.mark.parametrize("lang", LANGS)
def test_every_picture_has_a_scene(lang: str) -> None:
    scenes = read_scenes(None, lang)
    assert set(scenes) == set(PICTURES)
    assert all(name.startswith("Quiz – ") for name in scenes.values())


def test_a_map_names_other_scenes_and_leaves_some_alone(tmp_path: Path) -> None:
    path = tmp_path / "scenes.toml"
    path.write_text('[scenes]\nlobby = "Chờ"\npaused = ""\n', "utf-8")
    scenes = read_scenes(path, "vi")
    assert scenes["lobby"] == "Chờ"
    assert "paused" not in scenes
    assert scenes["ended"] == "Quiz – Kết thúc"


@pytest.mark.parametrize(
    "text", ['[scenes]\nfinale = "x"', "[scenes]\nlobby = 3", "[scenes"]
)
def test_a_map_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scenes.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(Failure, match="scenes"):
        read_scenes(path, "en")


def test_the_password_comes_from_its_file_or_the_setting(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text(" mật khẩu \r\n", "utf-8")
    assert read_password(path, "other") == " mật khẩu "
    assert read_password(None, "other") == "other"
    assert read_css(None) is None
    assert read_css(path) == " mật khẩu \n"
