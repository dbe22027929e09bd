"""The newest connection of a participant wins, at whichever process (Source: R2.2).

Each process tells the others who has come to it, in notes that all of them hear in
one order; no clock is compared. A phone is closed when its participant comes to
another process after our own note of it was heard. A note that is lost costs nothing
but that: of two open phones, the ledger takes the first answer in any case.
"""

from collections import defaultdict
from typing import Final

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.domain.stamps import NS_PER_MS
from quizserver.gateway.fanout import PhoneAudience
from quizserver.live.first_sent import ARRIVED
from quizserver.live.ports import Bus, Clock, Note

_GATHERED_NS: Final = 50 * NS_PER_MS
"""While thousands come back, a note names all who came in so long."""

_LOST_NS: Final = 10_000 * NS_PER_MS
"""A note of ours that was not heard for so long will not be."""


class Arrivals:
    """Tells who came here, and closes the phones of those who went elsewhere."""

    def __init__(self, audience: PhoneAudience, bus: Bus, clock: Clock) -> None:
        self._audience = audience
        self._bus = bus
        self._clock = clock
        self._serial = 0
        self._waiting: defaultdict[ShowCode, list[ParticipantId]] = defaultdict(list)
        self._unheard: dict[tuple[ShowCode, ParticipantId], int] = {}
        self._sent_ns: dict[int, int] = {}
        audience.on_join(self._joined)
        bus.overhear(self._hear)

    def _joined(self, show: ShowCode, participant: ParticipantId) -> None:
        if not self._waiting:
            now = self._clock.monotonic_ns()
            self._clock.at(now + _GATHERED_NS, self._tell)
        self._unheard[show, participant] = self._serial + 1
        self._waiting[show].append(participant)

    def _tell(self) -> None:
        """Send one note for each show, all with the same number.

        Who has gone again is not named: a note that is late on a busy process would
        close the phone that has come to another one since.
        """
        self._serial += 1
        waiting, self._waiting = self._waiting, defaultdict(list)
        for show, came in waiting.items():
            here = tuple(who for who in came if self._audience.has(show, who))
            for who in set(came).difference(here):
                del self._unheard[show, who]
            note = Note(kind=ARRIVED, show=show, texts=here, serial=self._serial)
            self._bus.whisper(note)
        self._give_up()

    def _give_up(self) -> None:
        """Take what was sent long ago for heard."""
        now = self._clock.monotonic_ns()
        self._sent_ns[self._serial] = now
        lost = {n for n, at in self._sent_ns.items() if now - at > _LOST_NS}
        if lost:
            self._sent_ns = {n: at for n, at in self._sent_ns.items() if n not in lost}
            self._unheard = {k: n for k, n in self._unheard.items() if n not in lost}

    def _hear(self, note: Note, is_own: bool) -> None:  # noqa: FBT001 - the port's
        if note.kind != ARRIVED:
            return
        for text in note.texts:
            key = note.show, ParticipantId(text)
            if is_own:
                if self._unheard.get(key) == note.serial:
                    del self._unheard[key]
            elif key not in self._unheard:
                self._audience.replace(*key)
