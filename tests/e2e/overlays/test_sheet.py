"""Pictures for the sheet: each overlay in both layouts, more looks of the stage."""

from typing import Final

import pytest
from playwright.sync_api import Page

from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.overlays import DRAWN, MANIFESTS
from tests.e2e.overlays.scenarios import LAYOUTS
from tests.e2e.shots import sheet

STAGE: Final = {"lobby": 2, "asked": 3, "roll": 4, "open": 8, "locked": 9,
                "revealed": 10, "standings": 11, "ended": 19}  # fmt: skip
"""Frames of the scenario "show" that the stage is seen at."""

MORE: Final = ("lobby", "open", "revealed", "standings", "ended")
"""Those of them that it is seen at beside the face, in a feed and as a full picture."""

LOOKS: Final = (("16x9", "side"), ("16x9", "full"), ("1x1", "lower"), ("4x5", "lower"))


@pytest.mark.shots
def test_each_overlay_is_on_the_sheet_in_both_layouts(opened: Opened) -> None:
    """The stage in every phase; the others where their manifest says."""
    sheet.forget("overlay")
    seen = [("stage", "show", at, moment) for moment, at in STAGE.items()]
    others = [MANIFESTS[name] for name in DRAWN if name != "stage"]
    seen += [(said.name, said.demo, said.at, "") for said in others]
    for layout in LAYOUTS:
        for name, demo, at, moment in seen:
            page = opened(layout, f"&demo={demo}&at={at}&seal=1", "", name=name)
            keep(page, f"{name} {moment} {layout}")
    for layout, position in LOOKS:
        for moment in MORE:
            query = f"&demo=show&at={STAGE[moment]}&position={position}"
            page = opened(layout, query, "")
            keep(page, f"stage {moment} {layout} {position}")


def keep(page: Page, name: str) -> None:
    """Keep the picture of a page that stands still, and close it."""
    page.locator("html[data-scene]").wait_for(state="attached")
    page.evaluate("document.fonts.ready")
    sheet.keep("overlay", name, page.screenshot(omit_background=True))
    page.close()
