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


def violations(page: Page) -> list[tuple[str, str, list[str]]]:
    """Return what axe finds in light and in dark, with the elements at fault."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [
            (scheme, v["id"], [n["html"] for n in v["nodes"]])
            for v in Axe().run(page).response["violations"]
        ]
    return found


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
def test_every_state_is_readable_for_everybody(
    page: Page, stage: Stage, scene: Scene, tmp_path: Path
) -> None:
    """One snapshot, one screen (Source: R2.2).

    What it says; WCAG 2.2 AA in both languages, light and dark; reflow at 320
    pixels and at twice the text.
    """
    page.emulate_media(reduced_motion="reduce")
    seated(page, stage, scene)
    page.screenshot(path=tmp_path / f"{scene.name}.png", full_page=True)
    shown = read(page)
    assert [text for text in scene.texts if text not in shown] == []
    found = violations(page)
    page.evaluate("localStorage['quiz.language'] = '\"en\"'")
    page.set_viewport_size({"width": 320, "height": 568})
    seated(page, stage, scene)
    assert page.locator("html").get_attribute("lang") == "en"
    assert found + violations(page) == []
    page.evaluate("localStorage['quiz.language'] = '\"vi\"'")
    seated(page, stage, scene)
    assert overflow(page) == []
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(page) == []
