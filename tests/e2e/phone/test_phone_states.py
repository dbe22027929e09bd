"""Each state of the phone page, from one snapshot, in real Chromium.

What is asserted is what a viewer reads; pictures are on the contact sheet.
"""

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.axe import violations_now
from tests.e2e.phone.conftest import Stage
from tests.e2e.phone.scenes import SCENES, Scene

NARROW: ViewportSize = {"width": 320, "height": 568}
SEAT = '{"token":"p.p1.e1.sig","participant":"p1","recovery_code":"7K3M9P"}'

BROWSERS_BLUE = """() => [...document.querySelectorAll("#app a")]
  .filter((a) => getComputedStyle(a).color === "rgb(0, 0, 238)")
  .map((a) => a.textContent)"""
"""Links that have the browser's colour and not the page's."""


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


def violations(page: Page) -> list[tuple[str, str]]:
    """Return what axe finds in light and in dark."""
    return [(scheme, v) for scheme in ("light", "dark") for v in lit(page, scheme)]


def lit(page: Page, scheme: str) -> list[str]:
    """Return what axe finds when the page is "light" or "dark"."""
    page.emulate_media(
        color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
    )
    return violations_now(page)


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
    page: Page, stage: Stage, scene: Scene
) -> None:
    """One snapshot, one screen (Source: R2.2).

    What it says; WCAG 2.2 AA in both languages, light and dark, as names are of a
    language and contrast is of a scheme; reflow at 320 pixels and at twice the text.
    """
    page.emulate_media(reduced_motion="reduce")
    seated(page, stage, scene)
    shown = read(page)
    assert [text for text in scene.texts if text not in shown] == []
    assert lit(page, "light") == []
    assert page.evaluate(BROWSERS_BLUE) == []
    page.set_viewport_size(NARROW)
    assert overflow(page) == []
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(page) == []
    page.evaluate("localStorage['quiz.language'] = '\"en\"'")
    seated(page, stage, scene)
    assert page.locator("html").get_attribute("lang") == "en"
    assert lit(page, "dark") == []


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_every_state_is_readable_in_the_other_light(
    page: Page, stage: Stage, scene: Scene
) -> None:
    """What the test before leaves out: Vietnamese in the dark, English in the light."""
    seated(page, stage, scene)
    assert lit(page, "dark") == []
    page.evaluate("localStorage['quiz.language'] = '\"en\"'")
    page.set_viewport_size(NARROW)
    seated(page, stage, scene)
    assert lit(page, "light") == []


SPOIL = """() => {
  for (const e of document.querySelectorAll("#app *"))
    e.style.cssText = "color: #667 !important; background: #556 !important";
}"""


@pytest.mark.browser
def test_axe_sees_what_is_wrong(page: Page, stage: Stage) -> None:
    """A lost name, and colours that it saw before, now on each other."""
    seated(page, stage, SCENES[0])
    assert lit(page, "light") == []
    page.evaluate("document.querySelector('#app main').append(new Image())")
    assert [found.split(":")[0] for found in lit(page, "light")] == ["image-alt"]
    page.evaluate(SPOIL)
    assert any(found.startswith("color-contrast") for found in lit(page, "dark"))
