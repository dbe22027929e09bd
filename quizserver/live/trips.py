"""How far away the audience of each page is: the fairness strip of the panel.

Round trips that were measured around the answers to one question, as a histogram by
page, and how many came late. For the eye only: what is ranked is computed from each
answer's own evidence (Source: R4). Each answer costs one count, and a look costs the
answers since the last.
"""

from collections import Counter
from collections.abc import Callable
from itertools import accumulate
from typing import Final

from quizserver.domain.ids import ParticipantId
from quizserver.wire.host import FairPart

BIN_MS: Final = 5
MOST_MS: Final = 2_000
"""Longer round trips count as this long."""

US_PER_MS: Final = 1_000


class Trips:
    """The round trips of one question."""

    def __init__(self) -> None:
        self._new: dict[ParticipantId, int | None] = {}
        self._new_late: list[ParticipantId] = []
        self._pages: dict[str, Counter[int]] = {}
        self._late: Counter[str] = Counter()

    def note(self, participant: ParticipantId, rtt_us: int | None) -> None:
        """Take an answer's round trip, None when nothing was measured."""
        self._new[participant] = rtt_us

    def note_late(self, participant: ParticipantId) -> None:
        """Take an answer that was too late."""
        self._new_late.append(participant)

    def parts(self, page_of: Callable[[ParticipantId], str]) -> dict[str, FairPart]:
        """Return median and 95th percentile by page, and how many were late."""
        new, self._new = self._new, {}
        late, self._new_late = self._new_late, []
        self._late.update(map(page_of, late))
        for participant, rtt_us in new.items():
            bins = self._pages.setdefault(page_of(participant), Counter())
            if rtt_us is not None:
                bins[min(rtt_us // US_PER_MS, MOST_MS) // BIN_MS] += 1
        return {
            page: FairPart(
                measured=bins.total(),
                p50_ms=_quantile(bins, 50),
                p95_ms=_quantile(bins, 95),
                late=self._late[page],
            )
            for page, bins in sorted(self._pages.items())
        }


def _quantile(bins: Counter[int], percent: int) -> int | None:
    """Return the upper end of the bin that holds the quantile; None of nothing."""
    sizes = sorted(bins.items())
    for (place, _), sum_ in zip(
        sizes, accumulate(size for _, size in sizes), strict=True
    ):
        if 100 * sum_ >= percent * bins.total():
            return (place + 1) * BIN_MS
    return None
