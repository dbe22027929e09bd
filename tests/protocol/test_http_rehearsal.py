"""Simulated phones from the panel, and the key that wipes them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quizserver.live.access import Role
from tests.protocol.http_site import HOST, SHOW, World, world

ENTER, WIPE = f"/api/shows/{SHOW}/rehearsal", f"/api/shows/{SHOW}/rehearsal/wipe"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def test_phones_may_come_to_an_open_lobby_with_nobody_in_it(site: World) -> None:
    async with await site.with_token(Role.HOST) as host:
        early = await host.post(ENTER, json={"phones": 20})
        assert (early.status_code, early.json()["error"]["code"]) == (
            409,
            "no_rehearsal",
        )
        await site.command("open_lobby")
        await site.join("Mai", via=site.shows.rehearsal_page(SHOW))
        for phones in (0, 501):
            assert (await host.post(ENTER, json={"phones": phones})).status_code == 422
        assert (await host.post(ENTER, json={"phones": 20})).status_code == 202
        await site.join_after_lobby("An")
        assert (await host.post(ENTER, json={"phones": 20})).status_code == 409
    assert site.rehearsed == [(SHOW, 20)]


async def test_nobody_real_is_wiped(site: World) -> None:
    async with await site.with_token(Role.HOST) as host:
        await site.join_after_lobby("An")
        real = await host.post(WIPE)
        assert (real.status_code, real.json()["error"]["code"]) == (
            409,
            "not_rehearsed",
        )
        # Should that page ever be known: who plays in earnest is not wiped for it.
        await site.join("Mai", via=site.shows.rehearsal_page(SHOW))
        beside = await host.post(WIPE)
        assert (beside.status_code, beside.json()["error"]["code"]) == (
            409,
            "not_alone",
        )
        assert "show reset" in beside.json()["error"]["message"]
        assert len(site.live.stage.roster) == 2
    assert site.rehearsed == []


async def test_a_rehearsed_show_is_wiped(site: World) -> None:
    async with await site.with_token(Role.HOST) as host:
        await site.command("open_lobby")
        await site.join("Mai", via=site.shows.rehearsal_page(SHOW))
        epoch = site.live.stage.show.epoch
        assert (await host.post(WIPE)).status_code == 200
    assert site.live.stage.show.epoch != epoch
    assert len(site.live.stage.roster) == 0
    assert site.rehearsed == [(SHOW, 0)]


async def test_a_stranger_cannot_pass_for_a_simulated_phone(site: World) -> None:
    """Neither by the page that rehearsals are counted under, nor by an old run's."""
    of_a_run_before = site.shows.rehearsal_page(SHOW)
    async with await site.with_token(Role.HOST) as host:
        await site.shows.reset(SHOW, HOST)
        await site.command("open_lobby")
        for via in ("tapduot", "*tapduot", of_a_run_before):
            await site.join("Mai", via=via)
        live = (await host.get(f"/api/shows/{SHOW}/state")).json()["live"]
        assert "*tapduot" not in live["via"]
        assert (await host.post(ENTER, json={"phones": 20})).status_code == 409
        wiped = await host.post(WIPE)
        assert wiped.json()["error"]["code"] == "not_rehearsed"


async def test_nobody_is_told_the_page_of_the_simulated_phones(site: World) -> None:
    async with await site.with_token(Role.OWNER) as owner:
        await site.command("open_lobby")
        page = site.shows.rehearsal_page(SHOW)
        await site.join("Mai", via=page)
        state = await owner.get(f"/api/shows/{SHOW}/state")
        assert state.json()["live"]["via"] == {"*tapduot": 1}
        results = await owner.get(f"/api/shows/{SHOW}/results.json")
        audit = await owner.get(f"/api/shows/{SHOW}/audit.jsonl")
        for answer in (state, results, audit):
            assert answer.status_code == 200
            assert page not in answer.text
