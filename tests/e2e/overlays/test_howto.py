"""A new overlay, by the how-to: one folder comes and goes, nothing else changes."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import pytest
from playwright.sync_api import expect

from quizserver.web.manifests import INDEX, Index
from quizserver.web.static import Assets, load_assets
from tests.e2e.overlays import broadcast
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.scenarios import LAYOUTS, frames
from tests.e2e.overlays.script import conn
from tests.e2e.overlays.stand import OVERLAYS, ROOT, Stand

pytestmark = pytest.mark.browser

HOW_TOS: Final = [
    ROOT / "docs" / "how-to" / f"design-your-own-look{lang}.md" for lang in ("", ".vi")
]
NAME: Final = "audience"


def files_of(how_to: Path) -> dict[str, str]:
    """Return the files that a how-to says to write, by path."""
    blocks = re.findall(
        r"^`(overlays/[\w./-]+)`\n\n```\w+\n(.*?)^```$",
        how_to.read_text("utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    return dict(blocks)


def names(assets: Assets) -> list[str]:
    index = msgspec.json.decode(assets.files[INDEX].body, type=Index)
    return [said.name for said in index.overlays]


@pytest.fixture
def copy(tmp_path: Path, stand: Stand) -> Iterator[Path]:
    """A copy of the overlays' folder, which `serve` serves."""
    shutil.copytree(OVERLAYS, tmp_path / "overlays")
    yield tmp_path
    stand.stop()


def serve(stand: Stand, copy: Path) -> None:
    stand.stop()
    web = ROOT / "quizserver"
    stand.files = load_assets(web / "web" / "static", copy / "overlays", web / "texts")
    stand.start()


def test_both_languages_say_the_same_files() -> None:
    english, vietnamese = (files_of(how_to) for how_to in HOW_TOS)
    assert english == vietnamese
    assert {Path(path).parent.as_posix() for path in english} == {f"overlays/{NAME}"}


def test_a_new_overlay_is_one_folder_that_comes_and_goes(
    opened: Opened, stand: Stand, copy: Path
) -> None:
    before = names(load_assets(copy, copy / "overlays", copy))
    for path, text in files_of(HOW_TOS[0]).items():
        (copy / path).parent.mkdir(exist_ok=True)
        (copy / path).write_text(text, "utf-8")
    serve(stand, copy)
    assert sorted(names(stand.files)) == sorted([*before, NAME])

    stand.snapshot = frames("show")[0].message
    for layout in LAYOUTS:
        page = opened(layout, name=NAME)
        conn(page, "live")
        stand.say({"type": "presence", "online": 8412})
        expect(page.locator("[data-part=audience]")).to_have_text("8.412")
        assert broadcast.on_page(page) == []
        assert broadcast.corners(broadcast.picture(page)) == []
    demo = opened(query="&demo=show&at=2", key="", name=NAME)
    expect(demo.locator("[data-part=audience]")).to_have_text("1.238")

    shutil.rmtree(copy / "overlays" / NAME)
    serve(stand, copy)
    assert names(stand.files) == before
    response = demo.request.get(f"{stand.url}/overlay/{NAME}")
    assert response.status == 404
