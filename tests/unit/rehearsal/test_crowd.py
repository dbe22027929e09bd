"""What a crowd can tell afterwards."""

from quizserver.rehearsal.crowd import Crowd
from quizserver.rehearsal.phone import Hints, Tap
from quizserver.wire.phone import Receipt

MS = 1_000_000


def crowd(count: int) -> Crowd:
    """Return phones that have not joined."""
    return Crowd("http://127.0.0.1:1", "CCHC1", count=count, seed=7, hints=Hints())


def tap(sent_ms: int, receipt_ms: int | None) -> Tap:
    """Return a tap that got its receipt at `receipt_ms`, or never."""
    one = Tap("q1", "B", "", 0, sent_ns=sent_ms * MS)
    if receipt_ms is not None:
        one.receipt = Receipt(question="q1", option="B", status="accepted")
        one.receipt_ns = receipt_ms * MS
    return one


def test_a_crowd_that_did_nothing_has_figures_of_nothing() -> None:
    figures = crowd(3).figures()
    assert (figures.phones, figures.taps, figures.receipts) == (3, 0, 0)
    assert (figures.receipt_p50, figures.receipt_max, figures.spread) == (0, 0, 0)


def test_receipts_are_measured_from_the_tap() -> None:
    people = crowd(4)
    waits: list[int | None] = [5, 7, 30, None]
    for phone, wait in zip(people.phones, waits, strict=True):
        phone.log.taps["q1"] = tap(100, None if wait is None else 100 + wait)
    figures = people.figures()
    assert (figures.taps, figures.receipts) == (4, 3)
    assert (figures.receipt_p50, figures.receipt_p99, figures.receipt_max) == (
        7.0,
        30.0,
        30.0,
    )


def test_connections_and_the_spread_of_a_question_are_measured() -> None:
    people = crowd(3)
    for n, phone in enumerate(people.phones):
        phone.log.connect_ns = [4 * MS] * (n + 1)
        phone.log.opens = {"q1": n * MS, "q2": 10 * n * MS}
    figures = people.figures()
    assert (figures.connect_p50, figures.connect_max) == (4.0, 4.0)
    assert figures.reconnects == 3
    assert figures.spread == 20.0


def test_the_same_seed_makes_the_same_crowd() -> None:
    names = [phone.person.name for phone in crowd(20).phones]
    assert names == [phone.person.name for phone in crowd(20).phones]
