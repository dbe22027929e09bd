"""Scenes and the browser source in OBS: made where they are missing, never torn down.

Whatever a person has arranged stays: a scene that is there keeps its sources, a
source its place and its Custom CSS. Only the settings that an overlay needs are set
right, and only where they are wrong, because setting them reloads the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from quizserver.studio.obs import Obs
from quizserver.studio.plan import Plan
from quizserver.studio.protocol import NOT_FOUND, Refused

KIND: Final = "browser_source"
REFRESH: Final = "refreshnocache"
"""The button "Refresh cache of current page" among a source's properties."""

_SIZES: Final = {
    "16x9": (1920, 1080),
    "9x16": (1080, 1920),
    "1x1": (1080, 1080),
    "4x5": (1080, 1350),
}
_MOST: Final = {"16x9": 0.85, "1x1": 1.12, "4x5": 1.49, "9x16": float("inf")}
"""How high a canvas may be for its width; overlays/_kit/params.js has the same."""
_TRANSPARENT: Final = (
    "body { background-color: rgba(0, 0, 0, 0); margin: 0px auto; overflow: hidden; }"
)
_BOUNDS: Final = "OBS_BOUNDS_SCALE_INNER"
_TOP_LEFT: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """What stands in OBS: its version, the overlay's shape, the canvas's size."""

    version: str
    layout: str
    canvas: tuple[int, int]


async def survey(obs: Obs, plan: Plan) -> Rig:
    """Look at OBS; change nothing. Raises Refused, Away."""
    version = await obs.ask("GetVersion")
    video = await obs.ask("GetVideoSettings")
    width, height = int(video["baseWidth"]), int(video["baseHeight"])
    return Rig(
        version=str(version["obsVersion"]),
        layout=plan.overlay.layout or _shape(height / width),
        canvas=(width, height),
    )


def _shape(tall: float) -> str:
    """Return the shape of a canvas so high for its width."""
    return next(shape for shape, most in _MOST.items() if tall <= most)


async def build(obs: Obs, plan: Plan, rig: Rig) -> list[str]:
    """Make what is missing; return the names of what was made or set right.

    Raises Refused, Away.
    """
    made: list[str] = []
    names = list(dict.fromkeys(plan.scenes.values()))
    for scene in await _missing_scenes(obs, names):
        await obs.ask("CreateScene", sceneName=scene)
        made.append(scene)
    if not names:
        return made
    if await _has_source(obs, plan.source):
        made += await _set_right(obs, plan, rig)
    else:
        settings = _settings(plan, rig) | {"css": plan.css or _TRANSPARENT}
        item = await obs.ask(
            "CreateInput",
            sceneName=names[0],
            inputName=plan.source,
            inputKind=KIND,
            inputSettings=settings,
            sceneItemEnabled=True,
        )
        await _place(obs, names[0], int(item["sceneItemId"]), rig)
        made.append(plan.source)
    for scene in names:
        if await _put_in(obs, scene, plan.source, rig) and scene not in made:
            made.append(scene)
    return made


async def refresh(obs: Obs, source: str) -> None:
    """Let the source load its page anew, past OBS's cache. Raises Refused, Away."""
    await obs.ask("PressInputPropertiesButton", inputName=source, propertyName=REFRESH)


async def switch(obs: Obs, scene: str) -> None:
    """Put a scene on program. Raises Refused, Away."""
    await obs.ask("SetCurrentProgramScene", sceneName=scene)


async def on_air(obs: Obs) -> tuple[bool, bool]:
    """Tell whether OBS streams, and whether it records. Raises Refused, Away."""
    stream = await obs.ask("GetStreamStatus")
    record = await obs.ask("GetRecordStatus")
    return bool(stream["outputActive"]), bool(record["outputActive"])


async def _missing_scenes(obs: Obs, names: Iterable[str]) -> list[str]:
    listed = await obs.ask("GetSceneList")
    there = {scene["sceneName"] for scene in listed["scenes"]}
    return [name for name in names if name not in there]


async def _has_source(obs: Obs, name: str) -> bool:
    listed = await obs.ask("GetInputList", inputKind=KIND)
    return any(one["inputName"] == name for one in listed["inputs"])


async def _set_right(obs: Obs, plan: Plan, rig: Rig) -> list[str]:
    """Set what is wrong of a source that is there; return its name if anything was."""
    defaults = await obs.ask("GetInputDefaultSettings", inputKind=KIND)
    own = await obs.ask("GetInputSettings", inputName=plan.source)
    now = defaults["defaultInputSettings"] | own["inputSettings"]
    wrong = {k: v for k, v in _settings(plan, rig).items() if now.get(k) != v}
    if not wrong:
        return []
    await obs.ask(
        "SetInputSettings", inputName=plan.source, inputSettings=wrong, overlay=True
    )
    return [plan.source]


def _settings(plan: Plan, rig: Rig) -> dict[str, Any]:
    """Return what the overlay needs (docs/how-to/obs.md has the same table)."""
    width, height = _SIZES[rig.layout]
    return {
        "is_local_file": True,
        # As OBS writes it, on Windows too: another spelling would reload the page.
        "local_file": plan.overlay.file.as_posix(),
        "width": width,
        "height": height,
        "fps_custom": False,
        "reroute_audio": False,
        "shutdown": False,
        "restart_when_active": False,
    }


async def _put_in(obs: Obs, scene: str, source: str, rig: Rig) -> bool:
    """Put the source into a scene that lacks it, above what is there."""
    try:
        await obs.ask("GetSceneItemId", sceneName=scene, sourceName=source)
    except Refused as refused:
        if refused.code != NOT_FOUND:
            raise
    else:
        return False
    item = await obs.ask("CreateSceneItem", sceneName=scene, sourceName=source)
    await _place(obs, scene, int(item["sceneItemId"]), rig)
    return True


async def _place(obs: Obs, scene: str, item: int, rig: Rig) -> None:
    width, height = rig.canvas
    transform = {
        "positionX": 0,
        "positionY": 0,
        "alignment": _TOP_LEFT,
        "boundsType": _BOUNDS,
        "boundsAlignment": 0,
        "boundsWidth": width,
        "boundsHeight": height,
    }
    await obs.ask(
        "SetSceneItemTransform",
        sceneName=scene,
        sceneItemId=item,
        sceneItemTransform=transform,
    )
