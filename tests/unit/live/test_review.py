"""What the host is told of a person before a prize, and when."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from quizserver.domain import commands as c
from quizserver.domain.evolve import created
from quizserver.domain.flags import Flag, answer_flags
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId
from quizserver.domain.phases import Phase
from quizserver.domain.show import Show
from quizserver.domain.stamps import NS_PER_MS
from quizserver.domain.timing import Measured, Trip, take
from quizserver.live.evidence import evidence_text
from quizserver.live.review import (
    GRAVEST_FIRST,
    Review,
    all_flags,
    counting,
    dossiers,
    givens,
)
from quizserver.live.rows import AnswerRow, FlagRow
from quizserver.store.sqlite import SqliteLedger
from tests.shows import (
    AN,
    BINH,
    Q1,
    Q2,
    Q3,
    carried,
    creation,
    opening,
    pack,
    revealing,
)
from tests.shows import question as authored
from tests.unit.live.house import House, Message, on_air, open_house, unreadable

T0 = 10_000 * NS_PER_MS
TRIP = Trip(
    sent_ns=T0,
    sent_rule="live",
    pong_us=30_000,
    rtt_before_us=30_000,
    rtt_after_us=30_000,
    rtt_min_us=28_000,
    ring_us=(30_000, 31_000, 30_500),
    tier="kernel",
)


def row(
    question: QuestionId = Q1,
    ms: int = 2_000,
    *,
    who: ParticipantId = AN,
    option: str = "B",
    origin: str | None = None,
    claimed_ms: int | None = None,
    rule: str = "fair-1",
    **trip: Any,
) -> AnswerRow:
    """Return an answer as the intake stores it."""
    measured = Measured(
        opened_ns=T0,
        received_ns=T0 + ms * NS_PER_MS,
        claimed_ms=claimed_ms,
        trip=TRIP._replace(**trip),
        origin=origin,
    )
    taken = take(rule, measured, 15_000)
    return AnswerRow(
        show=creation().code,
        epoch="e1",
        question=question,
        participant=who,
        option=OptionId(option),
        status="accepted" if taken.in_time else "late",
        time_ms=taken.time_ms,
        received_ns=measured.received_ns,
        at_ms=0,
        receipt="",
        evidence=evidence_text(rule, measured, taken, 15_000),
        flags=",".join(answer_flags(rule, measured, taken)),
    )


def changed(question: QuestionId = Q1, who: ParticipantId = AN) -> FlagRow:
    return FlagRow(
        show=creation().code,
        epoch="e1",
        question=question,
        participant=who,
        flag="changed",
        at_ms=0,
    )


def played(questions: int = 3, lang: str = "vi") -> Show:
    """Return a show in which so many questions have been revealed."""
    names = [QuestionId(f"q{n}") for n in range(1, 11)]
    show = created(creation(None, *(authored(name) for name in names)))
    show = carried(replace(show, lang=lang), c.OpenLobby())
    for name in names[:questions]:
        show = carried(show, *opening(name), *revealing(name))
    return show


def said(
    *rows: AnswerRow,
    about: QuestionId | None = Q1,
    later: tuple[FlagRow, ...] = (),
    show: Show | None = None,
) -> dict[str, str]:
    """Return the notes on An by code."""
    (dossier,) = dossiers(show or played(), [AN], rows, later).values()
    return {note.code: note.text for note in dossier.notes(about)}


# --- sentences --------------------------------------------------------------------


def test_nothing_is_said_of_an_honest_answer() -> None:
    assert said(row(), row(Q2)) == {}
    assert said() == {}
    assert said(row(), row(Q2), about=None) == {}


@pytest.mark.parametrize(
    ("answer", "code", "vi", "en"),
    [
        (
            row(ms=290, claimed_ms=240),
            "impossible",
            "Không ai kịp đọc đề: 0,24 giây từ lúc câu hỏi hiện ra. "
            "Theo thể lệ không được giải nhanh nhất.",
            "Nobody can read that fast: 0.24 s after the question appeared. "
            "By the rules it wins no prize for the fastest.",
        ),
        (
            row(ms=580, claimed_ms=529),
            "fast",
            "Nhanh bất thường: 0,52 giây từ lúc câu hỏi hiện ra. "
            "Nên xem lại trước khi trao giải.",
            "Unusually fast: 0.52 s after the question appeared. "
            "Better look again before handing over a prize.",
        ),
        (
            row(pong_us=640_900, rtt_before_us=41_900, rtt_after_us=41_900),
            "pong_held",
            "Thiết bị giữ lại phản hồi: trình duyệt báo 640 ms, hệ điều hành đo "
            "41 ms. Xem lại trước khi trao giải.",
            "The device held its reply back: the browser says 640 ms, the operating "
            "system 41 ms. Look again before handing over a prize.",
        ),
        (
            row(pong_us=None),
            "no_pong",
            "Thiết bị không phản hồi phép đo mạng mà vẫn trả lời được. "
            "Xem lại trước khi trao giải.",
            "The device did not reply to the network check and answered all the "
            "same. Look again before handing over a prize.",
        ),
        (
            row(ring_us=(400_000, 390_500, 420_000)),
            "rtt_dip",
            "Mạng có dấu hiệu bị làm chậm: luôn báo từ 390 ms trở lên, nhưng có lúc "
            "chỉ mất 28 ms. Xem lại trước khi trao giải.",
            "The network may have been slowed down on purpose: never below 390 ms, "
            "yet once only 28 ms. Look again before handing over a prize.",
        ),
        (
            row(claimed_ms=9_120),
            "claim_over",
            "Máy báo 9,12 giây, dài hơn 2,00 giây máy chủ đo được. "
            "Đã tính theo máy chủ, không cần làm gì.",
            "The phone reported 9.12 s, more than the 2.00 s the server measured. "
            "The server's time counts; nothing to do.",
        ),
        (
            row(sent_rule="resent"),
            "resent",
            "Đã tải lại trang hoặc đổi máy giữa câu hỏi. Thời gian vẫn tính từ lần "
            "hiện đầu tiên, không cần làm gì.",
            "The page was reloaded or the phone changed in mid-question. Time still "
            "runs from the first showing; nothing to do.",
        ),
    ],
)
def test_a_note_is_a_sentence_with_its_numbers(
    answer: AnswerRow, code: str, vi: str, en: str
) -> None:
    assert said(answer) == {code: vi}
    assert said(answer, show=played(lang="en")) == {code: en}


def test_every_flag_has_its_place_and_its_words() -> None:
    assert sorted(GRAVEST_FIRST) == sorted(Flag)


def test_the_gravest_comes_first() -> None:
    answer = row(ms=250, pong_us=200_000, sent_rule="resent")
    assert list(said(answer, later=(changed(),))) == [
        *("impossible", "pong_held", "changed", "resent")
    ]


def test_a_repeated_thing_says_how_often_and_names_this_question() -> None:
    rows = [row(Q1, 580), row(Q2, 360), row(Q3)]
    assert said(*rows)["fast"] == (
        "Nhanh bất thường: 0,55 giây từ lúc câu hỏi hiện ra. "
        "Nên xem lại trước khi trao giải. Có ở 2/3 câu."
    )


def test_of_another_question_only_what_was_repeated_is_told_at_its_worst() -> None:
    rows = [row(Q1), row(Q2, 580), row(Q3, 360)]
    assert said(row(Q1), row(Q2, 580)) == {}
    assert said(*rows) == {
        "fast": "Câu 3: Nhanh bất thường: 0,33 giây từ lúc câu hỏi hiện ra. "
        "Nên xem lại trước khi trao giải. Có ở 2/3 câu."
    }


@pytest.mark.parametrize(
    ("mild", "worse", "code", "number"),
    [
        ({"pong_us": 100_000}, {"pong_us": 300_000}, "pong_held", "300 ms"),
        (
            {"ring_us": (200_000,) * 3},
            {"ring_us": (350_000,) * 3},
            "rtt_dip",
            "350 ms",
        ),
    ],
)
def test_about_the_whole_show_the_worst_answer_speaks(
    mild: dict[str, Any], worse: dict[str, Any], code: str, number: str
) -> None:
    for pair in ((mild, worse), (worse, mild)):
        told = said(row(Q1, **pair[0]), row(Q2, **pair[1]), about=None)
        assert number in told[code]
        assert told[code].startswith("Câu 2:" if pair[1] is worse else "Câu 1:")


def test_what_is_of_every_day_is_told_of_the_question_at_hand_only() -> None:
    rows = [row(Q1, sent_rule="resent"), row(Q2, sent_rule="resent"), row(Q3)]
    later = (changed(Q1), changed(Q2))
    assert list(said(*rows, about=Q1, later=later)) == ["changed", "resent"]
    assert said(*rows, about=Q3, later=later) == {}
    assert said(*rows, about=None, later=later) == {}


def test_a_series_is_told_of_every_question() -> None:
    show = played(10)
    rows = [row(name, 2_000 + 7 * n) for n, name in enumerate(show.order)]
    told = {
        "metronome": "Thời gian đều bất thường: lệch chuẩn 20 ms trong 10 câu. "
        "Xem lại trước khi trao giải."
    }
    assert said(*rows, about=Q3, show=show) == told
    assert said(*rows, about=None, show=show) == told
    assert said(*rows[:4], about=Q3, show=show) == {}


def test_a_claim_below_the_window_counts_where_it_is_believed() -> None:
    show = played(10)
    names = show.order[:6]
    times = [1_200, 3_400, 2_100, 5_000, 1_700, 2_800]
    low = [row(q, ms, claimed_ms=ms - 400) for q, ms in zip(names, times, strict=True)]
    assert list(said(*low, about=None, show=show)) == ["below_window"]
    others: list[dict[str, Any]] = [{"sent_rule": "resent"}, {"tier": "http"}]
    for unbelieved in others:
        rows = [
            row(q, ms, claimed_ms=ms - 400, **unbelieved)
            for q, ms in zip(names, times, strict=True)
        ]
        assert "below_window" not in said(*rows, about=None, show=show)


def test_late_answers_and_questions_that_do_not_count_are_left_out() -> None:
    show = carried(played(2), c.VoidQuestion(question=Q1, reason="Sai đáp án"))
    assert counting(show) == {Q2: "B"}
    rows = [row(Q1, 400), row(Q3, 400), row(Q2, 16_200)]
    assert said(*rows, about=Q2, show=show) == {}
    assert said(row(Q2, 400), about=Q2, show=show).keys() == {"fast"}


def test_who_may_win_nothing_is_named_first_with_the_reason() -> None:
    show = replace(played(), not_eligible={AN: "Thành viên Ban Tổ chức"})
    told = said(row(ms=400), show=show)
    assert list(told) == ["not_eligible", "fast"]
    assert told["not_eligible"].endswith("Thành viên Ban Tổ chức")


def test_evidence_of_old_is_no_hindrance() -> None:
    old = msgspec.structs.replace(row(ms=400), evidence="")
    assert said(old).keys() == {"fast"}
    unproven = row(pong_us=200_000, rtt_after_us=None)
    held = msgspec.structs.replace(unproven, flags="pong_held")
    assert "đo 0 ms" in said(held)["pong_held"]


def test_under_received_there_are_no_claims() -> None:
    rows = [row(Q1, 2_000, claimed_ms=100, rule="received"), row(Q2, rule="received")]
    assert [one.claimed_us for one in givens(rows)] == [None, None]


# --- everybody, for reports -------------------------------------------------------


def test_all_flags_of_everybody_come_gravest_first() -> None:
    show = played(10)
    late = row(Q2, 16_200, who=BINH, pong_us=300_000)
    rows = [
        *(row(q, 580, pong_us=200_000) for q in show.order[:5]),
        *(row(q, 2_000 + 977 * n, who=BINH) for n, q in enumerate(show.order)),
        late,
    ]
    odd = replace(changed(Q1, BINH), flag="seen_by_hand")
    later = (changed(Q1, BINH), odd, changed(QuestionId("void"), AN))
    assert all_flags(rows, later) == {
        AN: ("pong_held", "metronome", "fast"),
        BINH: ("changed", "seen_by_hand"),
    }


# --- the running show -------------------------------------------------------------


def notes_of(shown: Message) -> dict[str, list[str]]:
    """Return the codes of the notes on the fastest."""
    return {
        one["participant"]: [note["code"] for note in one.get("notes", [])]
        for one in shown["live"]["fastest"]
    }


async def compared(house: House) -> Message:
    """Let the pulse of the next seconds tell that everybody was compared."""
    while not any(
        note["code"] in ("twins", "coverage")
        for state in house.hosts.heard("state")
        for winner in state.get("winners", [])
        for note in winner.get("notes", [])
    ):
        await house.ledger.shows()
        await asyncio.to_thread(lambda: None)
        await house.live.stage.pulse()
    return house.hosts.heard("state")[-1]


ALL_B = pack(*(authored(f"q{n}") for n in range(1, 8)))


async def test_notes_come_with_the_reveal_and_not_before(ledger: SqliteLedger) -> None:
    async with on_air(ledger, pack=ALL_B) as house:
        an, binh = [(await house.join(name)).participant for name in ("An", "Bình")]
        await house.open_next()
        await house.tap(an, "B", 520)
        await house.tap(binh, "B", 2_000)
        await house.tap(an, "C", 2_100)
        await house.close()
        shown = await house.hosts.reached(house.show.step)
        assert notes_of(shown) == {an: [], binh: []}
        shown = await house.do("reveal")
        assert notes_of(shown) == {an: ["fast", "changed"], binh: []}
        first = shown["winners"][0]
        assert [note["code"] for note in first["notes"]] == ["fast", "changed"]
        assert first["notes"][0]["text"].startswith("Nhanh bất thường: 0,52 giây")


async def test_a_ledger_that_cannot_be_read_keeps_no_state_from_the_host(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger, pack=ALL_B) as house:
        an = ParticipantId((await house.join("An")).participant)
        await house.play(**{an: ("B", 520)})
        review = Review(house.around)
        with unreadable(ledger):
            assert await review.notes(house.show, [(an, Q1)]) == {}
        (notes,) = (await review.notes(house.show, [(an, Q1)])).values()
        assert [note.code for note in notes] == ["fast"]


async def test_each_step_is_looked_at_once(ledger: SqliteLedger) -> None:
    """The panel asks every second; what it was told stands until the next step."""
    async with on_air(ledger, pack=ALL_B) as house:
        an = ParticipantId((await house.join("An")).participant)
        await house.play(**{an: ("B", 520)})
        review = Review(house.around)
        first = await review.notes(house.show, [(an, Q1)])
        with unreadable(ledger):
            again = await review.notes(house.show, [(an, Q1)])
        assert again == first
        assert again[an, Q1] is first[an, Q1]  # not even the sentences are made anew
        await house.tap(an, "C", 2_000)
        await ledger.flush()
        assert await review.notes(house.show, [(an, Q1)]) == first
        await house.do("notice", text="Xin chờ")
        (notes,) = (await review.notes(house.show, [(an, Q1)])).values()
        assert [note.code for note in notes] == ["fast", "changed"]


async def test_when_the_show_is_over_everybody_is_compared(
    ledger: SqliteLedger,
) -> None:
    """A pair of one network that taps as one is told, also after a recount."""
    async with on_air(ledger, pack=ALL_B) as house:
        names = [f"Người {n}" for n in range(20)]
        people = [(await house.join(name)).participant for name in names]
        network = Trip(network=b"\xcb\x00\x71")
        for n in range(7):
            await house.open_next()
            ms = 1_000 + 700 * (n * 5 % 7)
            for at, who in enumerate(people[:2]):
                await house.tap(who, "B", ms + 250 * at, trip=network)
            for at, who in enumerate(people[2:]):
                await house.tap(who, "A", 9_000 + 100 * at)
            await house.close()
            await house.do("reveal")
        shown = await house.do("end")
        assert "notes" not in shown["winners"][-1]
        shown = await compared(house)
        winner = shown["winners"][-1]
        assert winner["prize"] == "show"
        assert [note["text"] for note in winner["notes"]] == [
            "Có 2 người cùng mạng trả lời giống hệt, cách nhau dưới 1 giây, "
            "ở 7/7 câu. Hãy kiểm tra xem có phải một người."
        ]
        house.hosts.payloads.clear()
        await house.do("void", question="q1", reason="Sai đáp án")
        shown = await compared(house)
        assert "ở 6/6 câu" in shown["winners"][-1]["notes"][0]["text"]


def over(show: Show) -> Show:
    """Return the show as ended."""
    return replace(show, phase=Phase.ENDED)


async def news(review: Review) -> None:
    """Wait until everybody was compared."""
    while not review.has_news():
        await asyncio.to_thread(lambda: None)


async def test_a_comparison_that_fails_is_only_logged(
    ledger: SqliteLedger, caplog: pytest.LogCaptureFixture
) -> None:
    async with on_air(ledger, pack=ALL_B) as house:
        an = (await house.join("An")).participant
        await house.play(**{an: ("B", 2_000)})
        review = Review(house.around)
        with unreadable(ledger):
            await review.notes(over(house.show), [])
            while "could not be compared" not in caplog.text:
                await asyncio.to_thread(lambda: None)
        assert not review.has_news()


async def test_news_are_told_once_for_each_count(ledger: SqliteLedger) -> None:
    async with on_air(ledger, pack=ALL_B) as house:
        an = (await house.join("An")).participant
        await house.play(**{an: ("B", 2_000)})
        review = Review(house.around)
        await review.notes(house.show, [])
        assert not review.has_news()
        await review.notes(over(house.show), [])
        await news(review)
        await review.notes(over(house.show), [])
        await asyncio.to_thread(lambda: None)
        assert not review.has_news()
        await house.do("void", reason="Sai đáp án")
        await review.notes(over(house.show), [])
        await news(review)


async def test_a_count_that_is_overtaken_says_nothing(ledger: SqliteLedger) -> None:
    """A question is void before the first comparison is through."""
    async with on_air(ledger, pack=ALL_B) as house:
        an = (await house.join("An")).participant
        await house.play(**{an: ("B", 2_000)})
        work: list[Coroutine[None, None, None]] = []

        def start(one: Coroutine[None, None, None]) -> Callable[[], None]:
            work.append(one)
            return lambda: None

        review = Review(replace(house.around, start=start))
        await review.notes(over(house.show), [])
        await house.do("void", reason="Sai đáp án")
        await review.notes(over(house.show), [])
        await work[0]
        assert not review.has_news()
        await work[1]
        assert review.has_news()


async def test_after_a_restart_an_ended_show_is_compared_again(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger, pack=ALL_B) as house:
        an = ParticipantId((await house.join("An")).participant)
        for _ in range(5):
            await house.play(**{an: ("B", 2_000)})
        await house.do("end")
        clock = house.clock
    async with open_house(ledger, clock) as again:
        review = Review(again.around)
        await review.notes(again.show, [(an, None)])
        await news(review)
        (notes,) = (await review.notes(again.show, [(an, None)])).values()
        assert [note.code for note in notes] == ["metronome"]
