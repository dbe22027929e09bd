"""A picture of each state and each dialog of the panel for the contact sheet."""

from typing import Final

import pytest

from tests.e2e.host import aftermath, samples
from tests.e2e.host.conftest import OpenDesk
from tests.e2e.host.samples import ill_scenes, scenes
from tests.e2e.shots import sheet

pytestmark = pytest.mark.asyncio(loop_scope="package")

EVERYTHING: Final = ("void", "reserve", "notice", "end", "undo", "reshow", "advance")
PRESSED: Final = {
    "undo": ("u", samples.asked()),
    "reshow": ("w", samples.board()),
    "reorder": ("g", samples.revealed()),
    "outputs": ("o", samples.opened()),
    "rehearsal": ("b", samples.lobby(live=samples.live(joined=0, online=0, via={}))),
    "driver": ("d", samples.opened()),
    "void": ("v", samples.locked(allowed=EVERYTHING)),
    "reserve": ("r", samples.voided(allowed=EVERYTHING)),
    "notice": ("n", samples.locked(allowed=EVERYTHING)),
    "end": ("x", samples.revealed(allowed=EVERYTHING)),
    "keys": ("?", samples.opened()),
}
"""Dialogs, each with the key that opens it and the state it opens in."""


@pytest.mark.shots
async def test_each_state_of_the_panel_is_on_the_sheet(desk: OpenDesk) -> None:
    """One picture each, at 1366 × 768."""
    sheet.forget("panel")
    for scene in (*scenes(), *ill_scenes(), *aftermath.scenes()):
        panel = await desk(scene.state)
        await panel.page.evaluate("document.fonts.ready")
        sheet.keep("panel", scene.name, await panel.page.screenshot())
        await panel.page.close()
    for name, (key, state) in PRESSED.items():
        panel = await desk(state)
        await panel.page.keyboard.press(key)
        await panel.page.wait_for_selector("dialog[open]")
        await panel.page.evaluate("document.fonts.ready")
        sheet.keep("panel", f"{name} {key.upper()}", await panel.page.screenshot())
        await panel.page.close()
