"""Themes: ours, the operator's own, OBS's Custom CSS, and the editor that makes one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from quizserver.web.static import load_assets
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.stand import OVERLAYS, ROOT, Stand

pytestmark = pytest.mark.browser

OURS: Final = sorted(path.name for path in (OVERLAYS / "_themes").glob("*/"))
INFO: Final = ":root { --q-info: rgb(1, 2, 3) }"
TAB: Final = ".tab[data-kind=info]"


def wearing(page: Page, theme: str, colour: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    expect(page.locator(TAB).first).to_have_css("background-color", colour)


@pytest.fixture
def own(tmp_path: Path, stand: Stand) -> Iterator[Path]:
    """The operator's folder of themes; `serve` makes the stand take it up."""
    folder = tmp_path / "themes"
    folder.mkdir()
    yield folder
    stand.stop()


def serve(stand: Stand, own: Path) -> None:
    """Start again with the themes that are there now, as an operator does."""
    stand.stop()
    web = ROOT / "quizserver"
    stand.files = load_assets(web / "web" / "static", OVERLAYS, web / "texts", own)
    stand.start()


class TestATheme:
    def test_an_operators_own_is_worn_and_custom_css_wins_over_it(
        self, opened: Opened, stand: Stand, own: Path
    ) -> None:
        (own / "nha-dai").mkdir()
        (own / "nha-dai" / "theme.css").write_text(":root { --q-info: rgb(9, 8, 7) }")
        serve(stand, own)
        page = opened(query="&demo=show&at=0&theme=nha-dai", key="")
        wearing(page, "nha-dai", "rgb(9, 8, 7)")
        page.add_style_tag(content=INFO)
        wearing(page, "nha-dai", "rgb(1, 2, 3)")

    @pytest.mark.parametrize("name", ["no-such-theme", "../stage"])
    def test_a_name_that_nobody_knows_gives_the_built_in_look(
        self, opened: Opened, name: str
    ) -> None:
        page = opened(query=f"&demo=show&at=0&theme={name}", key="")
        wearing(page, "bien", "rgb(15, 163, 177)")


class TestTheEditor:
    @pytest.fixture
    def editor(self, opened: Opened, stand: Stand) -> Page:
        page = opened(query="&demo=none", key="")
        page.goto(f"{stand.url}/overlay/_editor")
        page.locator("[name=text]").wait_for()
        return page

    def test_every_theme_of_ours_can_be_read(self, editor: Page) -> None:
        assert OURS
        for name in ("bien", *OURS):
            editor.select_option("[name=base]", name)
            editor.locator(f'iframe[src*="theme={name}"]').first.wait_for()
            editor.locator("[name=text]").wait_for()
            expect(editor.locator(".guard li")).to_have_count(0)

    def test_what_cannot_be_read_is_refused_and_what_can_is_worn_by_overlays(
        self, editor: Page, opened: Opened, stand: Stand, own: Path
    ) -> None:
        save = editor.locator("button")
        editor.fill("[name=name]", "hoang-hon")
        editor.fill("[name=info]", "#0fa3b1")
        editor.fill("[name=text]", "#5a6a7a")
        low = editor.locator('[data-front="--q-text"][data-back="--q-surface"]')
        expect(low).to_contain_text(re.compile(r"tương phản \d,\d\d, cần ít nhất 4,5"))
        expect(save).to_be_disabled()
        editor.fill("[name=text]", "#ffffff")
        editor.fill("[name=info]", "#7fd1c0")
        wide = editor.frame_locator("iframe[data-layout='16x9']")
        expect(wide.locator(TAB).first).to_have_css(
            "background-color", "rgb(127, 209, 192)"
        )
        expect(editor.locator(".guard li")).to_have_count(0)
        with editor.expect_download() as waiting:
            save.click()
        assert waiting.value.suggested_filename == "theme.css"
        (own / "hoang-hon").mkdir()
        waiting.value.save_as(own / "hoang-hon" / "theme.css")
        serve(stand, own)
        page = opened(query="&demo=show&at=0&theme=hoang-hon", key="")
        wearing(page, "hoang-hon", "rgb(127, 209, 192)")

    def test_it_is_measured_as_wcag_does(self, editor: Page) -> None:
        """Figures of WebAIM's checker, and the worse of two grounds under a plate."""
        worst = """([front, back]) => import(
            new URL("contrast.js", document.querySelector("script[src]").src).href
        ).then(({ worst }) => Math.round(worst(front, back) * 100) / 100)"""
        for front, back, ratio in (
            ("#000000", "#ffffff", 21),
            ("#777777", "#ffffff", 4.48),
            ("#ffffff", "rgba(0, 0, 0, 0.5)", 3.98),  # on #808080, nearly
            ("#ffffff", "nonsense", 1),
        ):
            assert editor.evaluate(worst, [front, back]) == ratio
