"""Simulated phones from the panel, and the key that wipes them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quizserver.live.access import Role
from quizserver.wire.common import REHEARSAL
from tests.protocol.http_site import SHOW, World, world

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
        await site.join("Mai", via=REHEARSAL)
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
        # Anybody may say so; who plays in earnest must not be wiped for it.
        await site.join("Mai", via=REHEARSAL)
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
        await site.join("Mai", via=REHEARSAL)
        epoch = site.live.stage.show.epoch
        assert (await host.post(WIPE)).status_code == 200
    assert site.live.stage.show.epoch != epoch
    assert len(site.live.stage.roster) == 0
    assert site.rehearsed == [(SHOW, 0)]
