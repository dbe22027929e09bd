"""The rules page says what this show's settings really do."""

import html
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Rules
from quizserver.live.commitment import published_hash
from tests.protocol.http_site import SHOW, World, world

FAIR = ShowCode("FAIR1")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        pack = made.site.packs()[0]
        rules = Rules(prize_min_right=8, max_prizes_per_person=1)
        await made.shows.create(
            FAIR, pack, title=pack.title, lang="vi", rules=rules, actor="setup"
        )
        yield made


async def rules_of(site: World, show: str, lang: str = "vi") -> str:
    async with site.client() as anybody:
        page = await anybody.get(f"/rules?show={show}&lang={lang}")
    return html.unescape(page.text)


async def test_fair_time_is_said_in_two_sentences_first(site: World) -> None:
    page = await rules_of(site, FAIR)
    gist = page[page.index('class="gist"') : page.index("Ai được tham gia")]
    assert "chính điện thoại của bạn" in gist
    assert "nhiều nhất là nửa giây" in gist
    assert "bằng nhau thì đồng hạng" in gist


async def test_settings_of_the_show_are_said(site: World) -> None:
    page = await rules_of(site, FAIR)
    assert "ít nhất 8 câu đúng" in page
    assert "nhiều nhất 1 giải" in page
    # R4.7: 300 + 15,000 + 500 + 300 ms.
    assert "trong vòng 16,1 giây" in page


async def test_a_show_by_received_time_promises_no_credit(site: World) -> None:
    page = await rules_of(site, SHOW)
    assert "Độ trễ của mạng không được bù" in page
    assert "nửa giây" not in page
    assert "ít nhất 8 câu đúng" not in page


@pytest.mark.parametrize(("lang", "words"), [("vi", "niêm phong"), ("en", "seal code")])
async def test_anyone_is_told_how_to_check(site: World, lang: str, words: str) -> None:
    page = await rules_of(site, FAIR, lang)
    assert words in page
    assert f'href="/{FAIR}/results"' in page
    live = site.shows.get(FAIR)
    assert live is not None
    assert published_hash(live.stage.show) in page
