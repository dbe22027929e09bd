"""Host states after the show's end: prizes to confirm, results that are signed.

As `samples`: made with the wire's own structs, every name made up.
"""

from typing import Any

import msgspec

from quizserver.wire.host import NextPart, RundownRow
from quizserver.wire.parts import FlagPart, WinnerPart
from quizserver.wire.results import MovedRow, PrizeChange, RankedAnswer, Recount
from tests.e2e.host.samples import (
    ANYTIME,
    FAST,
    NAMES,
    OPTIONS,
    TWINS,
    Message,
    Scene,
    options,
    rows,
    standings,
    state,
)


def winners() -> tuple[WinnerPart, ...]:
    """Return the prizes after the end in every status but a tie.

    Question 2 is void, question 3 has no right answer: no prize for either.
    """
    show = _winner(0, prize="show", right=9, time_ms=24_627)
    skipped: dict[str, Any] = {"status": "skipped", "reason": "Không liên hệ được"}
    passed: dict[str, Any] = {
        "status": "passed",
        "reason": "trả lời nhanh hơn 0,3 giây, không xét giải nhanh nhất",
    }
    barred: dict[str, Any] = {
        "status": "passed",
        "reason": "không đủ điều kiện nhận giải: Thành viên Ban Tổ chức",
        "notes": (FlagPart(code="not_eligible", text="Thành viên Ban Tổ chức"),),
    }
    few: dict[str, Any] = {
        "status": "passed",
        "reason": "mới đúng 3/10 câu, cần ít nhất 8",
    }
    return (
        _winner(0, status="confirmed"),
        _winner(3, 7, **skipped),
        _winner(3, rank=2),
        _winner(4, 8, **passed, time_ms=212),
        _winner(4, notes=(FAST, TWINS), rank=2),
        _winner(5, 9, **barred),
        _winner(5, rank=2),
        _winner(6),
        *(_winner(7, place, rank=place + 1, **few) for place in range(5)),
        _winner(7, rank=6),
        _winner(8),
        _winner(9),
        show,
    )


def settled(winner: WinnerPart, status: str) -> WinnerPart:
    """Return the same claim in another status."""
    return msgspec.structs.replace(winner, status=status)


def confirmed_winners() -> tuple[WinnerPart, ...]:
    """Return the same prizes with nobody left to confirm."""
    return tuple(
        settled(row, "confirmed") if row.status == "provisional" else row
        for row in winners()
    )


def tied_winners() -> tuple[WinnerPart, ...]:
    """Return a show prize that two people share until somebody decides."""
    tie: dict[str, Any] = {
        "prize": "show",
        "status": "undecided",
        "tied": True,
        "right": 9,
    }
    rest = (_winner(n, status="confirmed") for n in (0, 3, 4, 5, 6, 7, 8, 9))
    pair = (_winner(place, **tie, time_ms=24_627) for place in (0, 5))
    return (*rest, *pair)


def signed_winners() -> tuple[WinnerPart, ...]:
    """Return the prizes when everything is decided."""
    rest = (_winner(n, status="confirmed", right=8) for n in (0, 3, 4, 5, 6, 7, 8, 9))
    show = _winner(
        0, prize="show", right=9, time_ms=24_627, status="confirmed", tied=True
    )
    other = _winner(
        5,
        prize="show",
        right=9,
        status="skipped",
        tied=True,
        reason="Đồng hạng; Ban Tổ chức đã chọn người đồng hạng",
    )
    return (*rest, show, other)


def played() -> tuple[RundownRow, ...]:
    """Return the run-down after the last question."""
    return tuple(
        row
        if row.state != "waiting" or row.reserve
        else RundownRow(
            id=row.id,
            number=row.number,
            text=row.text,
            state="revealed",
            answered=1_080,
            right=512,
            key="B",
            seal="7K3M-Q09D-XV2B",
            options=options(OPTIONS),
        )
        for row in rows()
    )


def _winner(of: int, place: int | None = None, **changes: Any) -> WinnerPart:
    """Return a claim to the prize of question `of` + 1 by the person `place`."""
    place = of if place is None else place
    name, unit = NAMES[place]
    number = of + 1
    fields: dict[str, Any] = {
        "prize": f"q{number}",
        "name": name,
        "unit": unit,
        "status": "provisional",
        "number": None if changes.get("prize") else number,
        "time_ms": 1_900 + 130 * place,
        "right": 8,
        "participant": f"p{place}",
    }
    return WinnerPart(**(fields | changes))


def ended(**changes: Any) -> Message:
    """Return the show after its end, winners to confirm."""
    fields: dict[str, Any] = {
        "standings": standings(),
        "questions": played(),
        "winners": winners(),
        "next": NextPart(command="confirm", label="Chốt kết quả"),
        "allowed": ("advance", "void", "confirm", *ANYTIME),
    }
    return state("ended", **(fields | changes))


def tied(**changes: Any) -> Message:
    """Return the same with a prize that waits for the organisers."""
    return ended(**({"winners": tied_winners(), "max_prizes_per_person": 1} | changes))


def signed(phase: str = "confirmed", **changes: Any) -> Message:
    """Return the show with its result confirmed, or published."""
    fields: dict[str, Any] = {
        "standings": standings(),
        "questions": played(),
        "winners": signed_winners(),
        "next": NextPart(command="publish", label="Công bố kết quả"),
        "allowed": ("advance", "void", "publish", *ANYTIME),
    }
    return state(phase, **(fields | changes))


def recount(step: int, **changes: Any) -> Message:
    """Return what the server would say a recount of question 5 changes."""
    fields: dict[str, Any] = {
        "question": "q5",
        "number": 5,
        "action": "correct_key",
        "step": step,
        "key_was": "B",
        "key": "C",
        "fastest_was": (_ranked(4, 1), _ranked(5, 2)),
        "fastest": (_ranked(6, 1), _ranked(7, 1, tied=True), _ranked(8, 3)),
        "moved": tuple(_moved(place) for place in range(10)),
        "participants": 418,
        "prizes": (
            PrizeChange(prize="q5", number=5, was=(NAMES[4][0],), now=(NAMES[6][0],)),
            PrizeChange(
                prize="show", number=None, was=(NAMES[0][0],), now=(NAMES[2][0],)
            ),
            PrizeChange(prize="q7", number=7, was=(NAMES[6][0],), now=()),
        ),
    }
    told: Message = msgspec.to_builtins(Recount(**(fields | changes)))
    return told


def _ranked(place: int, rank: int, *, tied: bool = False) -> RankedAnswer:
    name, unit = NAMES[place]
    return RankedAnswer(
        participant=f"p{place}",
        name=name,
        unit=unit,
        rank=rank,
        tied=tied,
        time_ms=1_900 + 40 * rank,
    )


def _moved(place: int) -> MovedRow:
    gains = place % 2 == 0
    was = (3, 1, 5, 2, 8, 4, 10, 6, None, 9)[place]
    now = (1, 2, 3, 4, 5, 6, 7, 8, 9, 12)[place]
    return MovedRow(
        participant=f"p{place}",
        name=NAMES[place][0],
        rank_was=was,
        rank=now,
        right_was=8 if was else 0,
        right=9 if gains else 7,
        total_ms_was=24_000,
        total_ms=26_100,
        place_was=None if gains else 4,
        place=2 if gains else None,
    )


def scenes() -> tuple[Scene, ...]:
    """Return one scene for every look of the panel after the end."""
    return (
        Scene(name="ended", state=ended()),
        Scene(name="tied", state=tied()),
        Scene(name="confirmed", state=signed()),
        Scene(name="published", state=signed("published", next=None)),
    )
