"""A host's commands and state over plain HTTP (wire §2, R1.4)."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from quizserver.live.access import Role
from tests.protocol.http_site import SHOW, World, world

COMMANDS = f"/api/shows/{SHOW}/commands"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def send(site: World, role: Role = Role.HOST, **body: object) -> httpx.Response:
    async with await site.with_token(role) as script:
        return await script.post(COMMANDS, json=body)


async def test_command_is_answered_with_ref_step_and_phase(site: World) -> None:
    answer = await send(site, command="open_lobby", ref="r1", step=1)
    assert answer.status_code == 200
    assert answer.json() == {"ref": "r1", "step": 2, "phase": "lobby"}


async def test_repeated_ref_gets_the_first_reply(site: World) -> None:
    """R1.4: a stream deck that sends twice does one thing."""
    first = await send(site, command="open_lobby", ref="r1")
    again = await send(site, command="open_lobby", ref="r1")
    assert again.json() == first.json()
    assert site.live.conductor.show.step == 2


async def test_a_key_needs_no_body_and_may_bounce(site: World) -> None:
    cue = f"/api/shows/{SHOW}/cues/advance"
    async with await site.with_token(Role.HOST) as deck:
        first = await deck.post(cue)
        again = await deck.post(cue)
        assert (first.status_code, first.json()["phase"]) == (200, "lobby")
        assert again.json() == first.json()
        other = await deck.post(
            f"/api/shows/{SHOW}/cues/look", json={"look": "clear", "ref": "mine"}
        )
        assert other.json()["step"] == 3
        assert other.json()["ref"].startswith("cue-")
        wrong = await deck.post(f"/api/shows/{SHOW}/cues/look", json={"look": "red"})
        assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "look")
        unknown = await deck.post(f"/api/shows/{SHOW}/cues/explode", json={})
        assert unknown.status_code == 422
    assert site.live.conductor.show.step == 3


async def test_stale_step_changes_nothing_and_says_so(site: World) -> None:
    await send(site, command="open_lobby", ref="r1")
    answer = await send(site, command="ask", ref="r2", step=1)
    said = answer.json()
    assert answer.status_code == 409
    assert said["error"]["code"] == "stale_step"
    assert said["error"]["message"].endswith(".")
    assert (said["step"], said["phase"]) == (2, "lobby")
    assert site.live.conductor.show.phase == "lobby"


async def test_command_that_is_not_allowed_now_is_a_conflict(site: World) -> None:
    answer = await send(site, command="reveal", ref="r1")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_now")


async def test_unknown_command_is_refused(site: World) -> None:
    answer = await send(site, command="explode", ref="r1")
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "unknown_command"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ref": "r1"}, "command"),
        ({"command": "ask"}, "ref"),
        ({"command": "extend", "ref": "r1", "ms": "5000"}, "ms"),
    ],
)
async def test_type_error_names_the_field(
    site: World, body: dict[str, object], field: str
) -> None:
    answer = await send(site, Role.HOST, **body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


async def test_moderator_hides_names_and_nothing_else(site: World) -> None:
    joined = await site.join_after_lobby("An")
    who = joined["participant"]
    allowed = await send(
        site, Role.MODERATOR, ref="r1", command="hide_name", participant=who
    )
    refused = await send(site, Role.MODERATOR, ref="r2", command="ask")
    assert allowed.status_code == 200
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")


async def test_state_is_the_panels_own(site: World) -> None:
    async with await site.with_token(Role.HOST) as script:
        said = (await script.get(f"/api/shows/{SHOW}/state")).json()
    expected = json.loads(await site.live.stage.host_state())
    said.pop("live"), expected.pop("live")
    assert said == expected
    assert said["next"]["command"] == "open_lobby"


async def test_unknown_show_is_not_found(site: World) -> None:
    async with await site.with_token(Role.HOST) as script:
        answer = await script.post("/api/shows/NIX/commands", json={"x": 1})
        state = await script.get("/api/shows/NIX/state")
    assert (answer.status_code, state.status_code) == (422, 404)
