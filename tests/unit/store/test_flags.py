"""Flags that come after an answer (R4.11), and all answers of somebody."""

import logging
from dataclasses import replace

import pytest

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.live.ports import Ledger
from quizserver.live.rows import Stored
from quizserver.store.sql_ledger import SqlLedger
from tests.unit.store.conftest import Open
from tests.unit.store.rows import EPOCH, SHOW, answer, event, flag, put


async def settle(ledger: Ledger, step: int = 1) -> None:
    """Wait until everything that was queued before is durable."""
    await ledger.append(event(step, epoch="settle"))


class TestFlags:
    async def test_flag_comes_back_whole(self, ledger: Ledger) -> None:
        ledger.put_flag(flag("p1"))
        await settle(ledger)
        assert await ledger.flags_of(SHOW, EPOCH) == [flag("p1")]

    async def test_first_of_its_key_stays(self, ledger: Ledger) -> None:
        """Somebody who changes their mind ten times is flagged once."""
        for at_ms in range(10):
            ledger.put_flag(flag("p1", at_ms=at_ms))
        await settle(ledger)
        ledger.put_flag(flag("p1", at_ms=11))
        await settle(ledger, 2)
        assert await ledger.flags_of(SHOW, EPOCH) == [flag("p1", at_ms=0)]

    async def test_each_question_participant_and_flag_has_its_own(
        self, ledger: Ledger
    ) -> None:
        flags = [
            flag("p1"),
            flag("p1", "resent"),
            flag("p2"),
            flag("p1", question="q2"),
        ]
        for one in flags:
            ledger.put_flag(one)
        await settle(ledger)
        assert await ledger.flags_of(SHOW, EPOCH) == flags

    async def test_flags_of_another_run_are_not_told(self, ledger: Ledger) -> None:
        ledger.put_flag(flag("p1"))
        await settle(ledger)
        assert await ledger.flags_of(SHOW, "e2") == []
        assert await ledger.flags_of(ShowCode("OTHER"), EPOCH) == []

    async def test_flag_survives_a_restart(self, opened: Open) -> None:
        ledger = opened()
        ledger.put_flag(flag("p1"))
        ledger.close()
        assert await opened().flags_of(SHOW, EPOCH) == [flag("p1")]

    async def test_flag_has_its_place_in_the_chain(self, ledger: Ledger) -> None:
        await put(ledger, [answer("p1")])
        ledger.put_flag(flag("p1"))
        await settle(ledger)
        (one,) = await ledger.flags_of(SHOW, EPOCH)
        head = await ledger.chain_head(SHOW, EPOCH)
        assert (one.batch, one.line, head.no) == (2, 0, 2)


class TestFlagThatFails:
    async def test_hurts_no_answer_beside_it(
        self, ledger: Ledger, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A lone surrogate is no text of any database."""
        secret = ParticipantId("somebody-\ud800")
        with caplog.at_level(logging.DEBUG):
            ledger.put_flag(replace(flag("p1"), participant=secret))
            ledger.put_flag(flag("p2"))
            results = await put(ledger, [answer("p1"), answer("p3")])
        assert [stored for _, stored in results] == [Stored.NEW, Stored.NEW]
        assert await ledger.flags_of(SHOW, EPOCH) == [flag("p2")]
        (said,) = caplog.messages
        assert said == "a flag was not kept: UnicodeEncodeError"
        assert "somebody" not in caplog.text

    async def test_after_the_end_is_only_logged(
        self, opened: Open, caplog: pytest.LogCaptureFixture
    ) -> None:
        ledger: SqlLedger = opened()
        ledger.close()
        ledger.put_flag(flag("p1"))
        assert caplog.messages == ["a flag was not kept: closed"]


class TestAnswersOf:
    async def test_all_answers_of_the_named_by_question(self, ledger: Ledger) -> None:
        rows = [
            answer(name, question=question, time_ms=number)
            for number, question in enumerate(("q1", "q10", "q2", "q7"))
            for name in ("p1", "p2", "p3")
        ]
        await put(ledger, rows)
        await put(ledger, [answer("p1", epoch="e2"), answer("late", status="late")])
        names = [ParticipantId(name) for name in ("p3", "p1", "late", "stranger")]
        found = await ledger.answers_of(SHOW, EPOCH, names)
        assert [(row.question, row.participant) for row in found] == [
            ("q1", "late"),
            ("q1", "p1"),
            ("q1", "p3"),
            ("q10", "p1"),
            ("q10", "p3"),
            ("q2", "p1"),
            ("q2", "p3"),
            ("q7", "p1"),
            ("q7", "p3"),
        ]
        assert [row for row in found if row.participant == "p3"] == rows[2::3]

    async def test_nobody_named_or_nothing_answered(self, ledger: Ledger) -> None:
        one = [ParticipantId("p1")]
        assert await ledger.answers_of(SHOW, EPOCH, one) == []
        await put(ledger, [answer("p1")])
        assert await ledger.answers_of(SHOW, EPOCH, []) == []
        assert await ledger.answers_of(SHOW, "e2", one) == []
