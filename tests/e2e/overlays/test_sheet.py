"""A picture of each overlay, in both layouts, for the contact sheet."""

from typing import Final

import pytest

from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.overlays import DRAWN, MANIFESTS
from tests.e2e.overlays.scenarios import LAYOUTS
from tests.e2e.shots import sheet

STAGE: Final = {"lobby": 2, "asked": 3, "roll": 4, "open": 8, "locked": 9,
                "revealed": 10, "standings": 11, "ended": 19}  # fmt: skip
"""Frames of the scenario "show" that the stage is seen at."""


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
            page.locator("html[data-scene]").wait_for(state="attached")
            page.evaluate("document.fonts.ready")
            png = page.screenshot(omit_background=True)
            sheet.keep("overlay", f"{name} {moment} {layout}", png)
            page.close()
