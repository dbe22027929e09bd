"""A picture of each state of the phone for the contact sheet."""

import pytest
from playwright.sync_api import Page

from tests.e2e.phone.conftest import Stage
from tests.e2e.phone.scenes import SCENES
from tests.e2e.phone.test_phone_states import seated
from tests.e2e.shots import sheet


@pytest.mark.shots
def test_each_state_of_the_phone_is_on_the_sheet(page: Page, stage: Stage) -> None:
    """One picture each, at 360 × 800."""
    sheet.forget("phone")
    page.emulate_media(reduced_motion="reduce")
    for scene in SCENES:
        seated(page, stage, scene)
        page.evaluate("scrollTo(0, 0)")
        sheet.keep("phone", scene.name, page.screenshot())
