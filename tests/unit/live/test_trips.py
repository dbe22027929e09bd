"""The fairness strip: round trips by page, and answers that came late."""

from quizserver.domain.ids import ParticipantId
from quizserver.live.trips import MOST_MS, Trips
from quizserver.wire.host import FairPart

PAGES = {"an": "ktv", "binh": "ktv", "chi": ""}


def page(participant: ParticipantId) -> str:
    return PAGES[participant.rstrip("0123456789")]


def of(*trips: tuple[str, int | None, bool]) -> dict[str, FairPart]:
    """Return the parts after these answers: who, milliseconds, late."""
    made = Trips()
    for who, ms, late in trips:
        rtt_us = None if ms is None else 1_000 * ms
        made.note(ParticipantId(who), rtt_us)
        if late:
            made.note_late(ParticipantId(who))
    return made.parts(page)


def test_each_page_has_its_median_and_its_slow_end() -> None:
    quick = [(f"an{n}", 42, False) for n in range(94)]
    slow = [(f"binh{n}", 480, False) for n in range(6)]
    assert of(*quick, *slow) == {
        "ktv": FairPart(measured=100, p50_ms=45, p95_ms=485, late=0)
    }


def test_what_was_not_measured_counts_only_as_late() -> None:
    assert of(("chi", None, True), ("an", 10, True), ("an2", 10, False)) == {
        "": FairPart(measured=0, late=1),
        "ktv": FairPart(measured=2, p50_ms=15, p95_ms=15, late=1),
    }


def test_a_look_adds_to_the_look_before_and_no_trip_is_endless() -> None:
    trips = Trips()
    assert trips.parts(page) == {}
    trips.note(ParticipantId("an"), 10_000_000)
    far = FairPart(measured=1, p50_ms=MOST_MS + 5, p95_ms=MOST_MS + 5)
    assert trips.parts(page) == {"ktv": far}
    trips.note(ParticipantId("binh"), 1_000)
    assert trips.parts(page)["ktv"].measured == 2
    assert trips.parts(page)["ktv"].p50_ms == 5
