"""A picture of each state of the panel for the contact sheet."""

import pytest

from tests.e2e.host import aftermath
from tests.e2e.host.conftest import OpenDesk
from tests.e2e.host.samples import ill_scenes, scenes
from tests.e2e.shots import sheet

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.mark.shots
async def test_each_state_of_the_panel_is_on_the_sheet(desk: OpenDesk) -> None:
    """One picture each, at 1366 × 768."""
    sheet.forget("panel")
    for scene in (*scenes(), *ill_scenes(), *aftermath.scenes()):
        panel = await desk(scene.state)
        await panel.page.evaluate("document.fonts.ready")
        sheet.keep("panel", scene.name, await panel.page.screenshot())
        await panel.page.close()
