"""The acts of the desk: what they tell, and what they refuse in one sentence."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quizserver.desk.acts import CreateShow, Desk, RehearsalPage, ResetShow, perform
from quizserver.domain.rundown import Rules
from quizserver.failures import Failure
from quizserver.live.commitment import published_hash
from quizserver.store.accounts import StoredAccounts
from quizserver.store.ledger import open_ledger
from tests.unit.live.house import CODE, SECRET, House, open_house

PACK = """
[pack]
id = "thu"
title = "Thử"
lang = "vi"

[[question]]
id = "q1"
text = "Câu hỏi?"
options = ["{first}", "Hai", "Ba"]
key = "B"
source = "000"
author = "Tổ biên soạn"
reviewer = "Tổ thẩm định"
"""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A process without shows on a ledger of its own."""
    ledger = open_ledger(f"sqlite:///{tmp_path}/quiz.db", secret=SECRET, linger_ms=0)
    async with open_house(ledger) as opened:
        yield opened
    ledger.close()


def desk(house: House, folder: Path, first: str = "Một") -> Desk:
    """Return a desk whose one pack has `first` as its first option."""
    (folder / "thu").mkdir()
    text = PACK.format(first=first)
    (folder / "thu" / "pack.toml").write_text(text, encoding="utf-8")
    accounts = StoredAccounts(house.ledger, house.clock.utc_ms)
    return Desk(shows=house.shows, accounts=accounts, packs=[folder])


async def test_a_new_show_tells_its_rules_and_the_hash_to_publish(
    house: House, tmp_path: Path
) -> None:
    """R4, R5.4, R6.2."""
    act = CreateShow(code=CODE, pack="thu", rules=Rules(prize_min_right=1))
    told = await perform(desk(house, tmp_path), act)
    assert (told["timing"], told["prize_min_right"]) == ("fair-1", 1)
    assert told["pack_hash"] == published_hash(house.show)


async def test_a_reset_tells_the_hash_of_the_new_run(
    house: House, tmp_path: Path
) -> None:
    at = desk(house, tmp_path)
    first = await perform(at, CreateShow(code=CODE, pack="thu"))
    again = await perform(at, ResetShow(code=CODE))
    assert again["pack_hash"] == published_hash(house.show) != first["pack_hash"]


async def test_a_question_that_fills_more_than_a_packet_is_refused_with_its_cure(
    house: House, tmp_path: Path
) -> None:
    """R4.10; where no ping is timed, it may be as long as the pack allows."""
    long = desk(house, tmp_path, first="👩‍👩‍👧‍👦" * 60)
    with pytest.raises(Failure) as told:
        await perform(long, CreateShow(code=CODE, pack="thu"))
    sentence = str(told.value)
    for part in ("question q1 of pack thu takes 1", "at most 1200", "shorten"):
        assert part in sentence
    assert house.shows.get(CODE) is None
    received = Rules(timing="received")
    await perform(long, CreateShow(code=CODE, pack="thu", rules=received))
    assert house.show.rules.timing == "received"


async def test_the_page_of_simulated_phones_is_told_here_and_is_new_in_each_run(
    house: House, tmp_path: Path
) -> None:
    at = desk(house, tmp_path)
    await perform(at, CreateShow(code=CODE, pack="thu"))
    first = await perform(at, RehearsalPage(code=CODE))
    assert first == {"page": house.shows.rehearsal_page(CODE)}
    await perform(at, ResetShow(code=CODE))
    assert await perform(at, RehearsalPage(code=CODE)) != first
    with pytest.raises(Failure, match="no show"):
        await perform(at, RehearsalPage(code="KHONG"))
