"""Correcting and erasing people on every ledger; and what is left in SQLite's files."""

import asyncio
import random
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from quizserver.domain.ids import ParticipantId
from quizserver.domain.phases import Phase
from quizserver.live.ports import Ledger, StepTaken
from quizserver.live.rows import (
    Correction,
    Erasure,
    EventRow,
    Registration,
    RunOfPeople,
    ShowHead,
)
from quizserver.store.files import open_reader
from quizserver.store.ledger import open_ledger
from quizserver.store.sql_ledger import SqlLedger
from tests.unit.store.conftest import SECRET
from tests.unit.store.rows import EPOCH, SHOW, event, registration

AN, BINH = ParticipantId("an"), ParticipantId("binh")


def alias(step: int, participant: str, name: str) -> EventRow:
    data = f'{{"participant":"{participant}","hidden":false,"alias":"{name}"}}'
    return event(step, name="NameHidden", data=data)


async def both(ledger: Ledger) -> None:
    for one in (AN, BINH):
        await ledger.register(registration(one))


class TestCorrection:
    async def test_changes_what_it_names_and_nothing_else(self, ledger: Ledger) -> None:
        await both(ledger)
        was = await ledger.find_participant(SHOW, EPOCH, AN)
        assert was is not None
        change = Correction(participant=AN, name="Nguyễn Văn Ân", phone="0987654321")
        await ledger.append(event(1), people=[change])
        now = await ledger.find_participant(SHOW, EPOCH, AN)
        assert now is not None
        assert (now.name, now.phone) == ("Nguyễn Văn Ân", "0987654321")
        assert (now.unit, now.consent, now.via) == (was.unit, was.consent, was.via)

    async def test_withdraws_a_consent_and_the_number(self, ledger: Ledger) -> None:
        await both(ledger)
        change = Correction(participant=AN, phone="", show_name=False, contact=False)
        await ledger.append(event(1), people=[change])
        now = await ledger.find_participant(SHOW, EPOCH, AN)
        assert now is not None
        assert (now.phone, now.consent.show_name, now.consent.contact) == (
            "",
            False,
            False,
        )
        assert now.consent.play

    async def test_of_a_step_that_was_taken_is_not_made(self, ledger: Ledger) -> None:
        """The event and what it tells of are one transaction."""
        await both(ledger)
        await ledger.append(event(1))
        with pytest.raises(StepTaken):
            await ledger.append(event(1), people=[Erasure(participant=AN)])
        assert await ledger.find_participant(SHOW, EPOCH, AN) is not None


class TestErasure:
    async def test_leaves_nobody_and_the_count(self, ledger: Ledger) -> None:
        """R2.3: that somebody came from a page is counted still."""
        await both(ledger)
        before = await ledger.joined(SHOW, EPOCH)
        await ledger.append(event(1), people=[Erasure(participant=AN)])
        assert await ledger.find_participant(SHOW, EPOCH, AN) is None
        code = registration(AN).recovery_hash
        assert await ledger.find_by_recovery(SHOW, EPOCH, code) is None
        left = await ledger.registrations(SHOW, EPOCH)
        assert [one.participant for one in left] == [BINH]
        assert await ledger.joined(SHOW, EPOCH) == before

    async def test_takes_the_moderators_name_for_them_too_and_no_others(
        self, ledger: Ledger
    ) -> None:
        """R6.1: no link of the chain breaks, for the chain holds no alias."""
        await both(ledger)
        for step, who in ((1, "an"), (2, "binh")):
            await ledger.append(alias(step, who, f"Chị {who}"))
        links = await ledger.batches(SHOW, EPOCH)
        await ledger.append(event(3), people=[Erasure(participant=AN)])
        texts = [row.data for row in await ledger.events(SHOW, EPOCH)]
        assert ["Chị an" in texts[0], "Chị binh" in texts[1]] == [False, True]
        assert (await ledger.batches(SHOW, EPOCH))[: len(links)] == links

    async def test_of_everybody_is_of_one_run(self, ledger: Ledger) -> None:
        await both(ledger)
        await ledger.append(event(1))
        await ledger.append(alias(2, "an", "Chị A"))
        await ledger.append(event(3), people=[Erasure()])
        assert await ledger.registrations(SHOW, EPOCH) == []
        texts = [row.data for row in await ledger.events(SHOW, EPOCH)]
        assert "Chị A" not in "".join(texts)

    async def test_of_a_run_that_is_over_needs_no_event(self, ledger: Ledger) -> None:
        await both(ledger)
        await ledger.append(event(1))
        await ledger.forget_run(SHOW, EPOCH)
        assert await ledger.registrations(SHOW, EPOCH) == []
        assert len(await ledger.events(SHOW, EPOCH)) == 1


class TestPastRuns:
    """Runs that were begun anew: nobody can see or erase what they keep (R2.6)."""

    async def test_forget_everybody_and_the_present_one_nobody(
        self, ledger: Ledger
    ) -> None:
        await both(ledger)
        head = ShowHead(title="Số 1", lang="vi", phase=Phase.DRAFT)
        await ledger.append(event(1), head=head)
        await ledger.append(alias(2, "an", "Chị A"))
        await ledger.forget_past_runs()
        assert len(await ledger.registrations(SHOW, EPOCH)) == 2
        links = await ledger.batches(SHOW, EPOCH)
        await ledger.append(replace(event(1), epoch="e2"), head=head)
        await ledger.register(replace(registration(AN), epoch="e2"))
        await ledger.forget_past_runs()
        assert await ledger.registrations(SHOW, EPOCH) == []
        texts = [row.data for row in await ledger.events(SHOW, EPOCH)]
        assert len(texts) == 2
        assert "Chị A" not in "".join(texts)
        assert await ledger.batches(SHOW, EPOCH) == links
        assert len(await ledger.registrations(SHOW, "e2")) == 1

    async def test_take_in_who_registered_late(self, ledger: Ledger) -> None:
        """Their registration may stand in the queue when the run is over."""
        head = ShowHead(title="Số 1", lang="vi", phase=Phase.DRAFT)
        await ledger.append(replace(event(1), epoch="e2"), head=head)
        late = ledger.register(registration(AN))
        await asyncio.gather(late, ledger.forget_past_runs())
        assert await ledger.registrations(SHOW, EPOCH) == []


class TestExpired:
    async def test_counts_from_the_end_or_else_from_the_last_event(
        self, ledger: Ledger
    ) -> None:
        await both(ledger)
        await ledger.append(event(1, at_ms=100))
        assert await ledger.expired(101) == [
            RunOfPeople(show=SHOW, epoch=EPOCH, people=2)
        ]
        await ledger.append(event(2, name="ShowEnded", at_ms=200))
        await ledger.append(event(3, name="WinnerConfirmed", at_ms=300))
        assert await ledger.expired(200) == []
        assert len(await ledger.expired(201)) == 1

    async def test_has_no_run_without_people(self, ledger: Ledger) -> None:
        await ledger.append(event(1, at_ms=100))
        assert await ledger.expired(1_000) == []


class TestSqliteFiles:
    """P17: what is erased is in no file, whatever the pages went through."""

    @pytest.fixture
    def sqlite(self, tmp_path: Path, empty_database: Path) -> SqlLedger:
        (tmp_path / "quiz.db").write_bytes(empty_database.read_bytes())
        return open_ledger(f"sqlite:///{tmp_path / 'quiz.db'}", secret=SECRET)

    async def gone(self, folder: Path, words: list[bytes]) -> None:
        """Wait for the idle second in which the log is emptied."""
        async with asyncio.timeout(10):
            while held(folder, words):
                await asyncio.to_thread(Event().wait, 0.05)

    async def test_hold_nothing_of_many_who_left_one_by_one(
        self, tmp_path: Path, sqlite: SqlLedger
    ) -> None:
        people = [ParticipantId(f"p{n:04}") for n in range(600)]
        words = [f"Canari-{one}-".encode() for one in people]
        chance = random.Random(3)
        await asyncio.gather(
            *(sqlite.register(named(one, "x" * chance.randrange(25))) for one in people)
        )
        leaving = chance.sample(people, 300)
        reader = open_reader(tmp_path / "quiz.db")
        reader.execute("begin")
        reader.execute("select count(*) from person").fetchall()
        changes = [Erasure(participant=one) for one in leaving]
        await sqlite.append(event(1), people=changes)
        erased = [f"Canari-{one}-".encode() for one in leaving]
        assert held(tmp_path, erased), "somebody reads: the log must stay"
        reader.close()
        await self.gone(tmp_path, erased)
        assert len(held(tmp_path, words)) == 300, "the others are still there"
        sqlite.close()

    async def test_hold_nobody_of_a_run_that_was_begun_anew(
        self, tmp_path: Path, sqlite: SqlLedger
    ) -> None:
        head = ShowHead(title="Số 1", lang="vi", phase=Phase.DRAFT)
        await sqlite.register(named(AN, "y"))
        await sqlite.append(replace(event(1), epoch="e2"), head=head)
        await sqlite.forget_past_runs()
        await self.gone(tmp_path, [b"Canari-an-"])
        sqlite.close()

    async def test_of_a_process_that_was_killed_are_emptied_by_the_next(
        self, tmp_path: Path, sqlite: SqlLedger
    ) -> None:
        """Between the erasure and its scrub there is a second to be killed in."""
        await sqlite.register(named(AN, "y"))
        await sqlite.append(event(1), people=[Erasure(participant=AN)])
        grave = tmp_path / "after"
        grave.mkdir()
        for end in ("", "-wal"):
            name = f"quiz.db{end}"
            (grave / name).write_bytes((tmp_path / name).read_bytes())
        sqlite.close()
        assert held(grave, [b"Canari-an-"]), "or there is nothing to empty"
        again = open_ledger(f"sqlite:///{grave / 'quiz.db'}", secret=SECRET)
        await again.shows()
        await self.gone(grave, [b"Canari-an-"])
        again.close()


def named(one: ParticipantId, tail: str) -> Registration:
    return replace(registration(one), name=f"Canari-{one}-{tail}")


def held(folder: Path, words: list[bytes]) -> list[bytes]:
    raw = b"".join(path.read_bytes() for path in folder.glob("quiz.db*"))
    return [word for word in words if word in raw]
