"""Each state of the phone page, from one snapshot, in real Chromium.

Screenshots land in pytest's temporary directory (`--basetemp DIR` to keep
them). What is asserted is what a viewer reads.
"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.phone.conftest import Stage
from tests.e2e.phone.scenes import SCENES, Scene

SEAT = '{"token":"p.p1.e1.sig","participant":"p1","recovery_code":"7K3M9P"}'


def seated(page: Page, stage: Stage, scene: Scene) -> None:
    """Open the page of somebody who joined before."""
    stage.snapshot = scene.snapshot
    page.add_init_script(f"localStorage['quiz.CCHC1.seat'] = '{SEAT}'")
    page.goto(f"{stage.url}/CCHC1")
    # Not the page as it comes from the server, but drawn from the snapshot.
    page.locator("main[data-screen]:not([data-screen=connecting])").wait_for()
    for summary in page.locator("summary").all():
        summary.click()  # what stands behind it is looked at too


def read(page: Page) -> str:
    """Return what is on the screen, with plain spaces."""
    return " ".join(page.locator("#app").inner_text().split())


def overflow(page: Page) -> list[str]:
    """Return what reaches beyond the screen's width or is cut off in a button."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("#app *")]
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5
            || (e.matches("button") && e.scrollHeight > e.clientHeight + 1)
            || (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
                && getComputedStyle(e).display !== "inline"
                && !(e instanceof SVGElement)))
          .map((e) => `${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`)"""
    )
    return found


@pytest.mark.browser
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
class TestEveryState:
    """One snapshot, one screen (Source: R2.2)."""

    def test_shows_what_the_snapshot_says(
        self, page: Page, stage: Stage, scene: Scene, tmp_path: Path
    ) -> None:
        seated(page, stage, scene)
        page.screenshot(path=tmp_path / f"{scene.name}.png", full_page=True)
        shown = read(page)
        for text in scene.texts:
            assert text in shown

    def test_has_no_accessibility_violation(
        self, page: Page, stage: Stage, scene: Scene
    ) -> None:
        found = []
        page.emulate_media(reduced_motion="reduce")
        seated(page, stage, scene)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            violations = Axe().run(page).response["violations"]
            found += [(v["id"], [n["html"] for n in v["nodes"]]) for v in violations]
        assert found == []

    def test_reflows_at_320_pixels_and_at_twice_the_text(
        self, page: Page, stage: Stage, scene: Scene
    ) -> None:
        page.set_viewport_size({"width": 320, "height": 568})
        seated(page, stage, scene)
        assert overflow(page) == []
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert overflow(page) == []
