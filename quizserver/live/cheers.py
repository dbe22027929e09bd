"""What people tap to cheer, summed up and told once a second (Source: R1.11).

Memory only: nothing of it is stored or logged, and no more is known of anybody than
when they cheered last. Where it may be heard at all, the show says; a phone that sends
too much is not answered and not closed, it only does not count.

Several processes tell each other in notes. One that is lost costs a second's joy.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final, get_args

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.domain.show import Show
from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.audiences import Screens
from quizserver.live.ports import Bus, Note
from quizserver.wire import overlay as m
from quizserver.wire.common import encode
from quizserver.wire.parts import Reaction

REACTIONS: Final[tuple[Reaction, ...]] = get_args(Reaction)

SECOND_NS: Final = 1_000 * NS_PER_MS

MOST: Final = 10
"""So many taps of a message count, and one message of a person in a second."""

MESSAGES: Final = 5_000
"""So many messages count in a second, of all people at this process: a twentieth of
the loop. 18,000 phones that cheer without a pause send somewhat fewer."""

_KIND: Final = "cheers"
"""Notes by twos: a reaction, and how often it was tapped."""


class Cheers:
    """Those of every show in this process."""

    def __init__(self, bus: Bus, overlays: Screens) -> None:
        self._bus = bus
        self._overlays = overlays
        self._shows: defaultdict[ShowCode, _Heard] = defaultdict(_Heard)
        self._since_ns = 0
        self._messages = 0
        bus.overhear(self._overhear)

    def heard(
        self,
        show: ShowCode,
        participant: ParticipantId,
        counts: Mapping[str, int],
        at_ns: int,
    ) -> None:
        """Count the taps of a message received at `at_ns`, as far as they may count."""
        if at_ns - self._since_ns >= SECOND_NS:
            self._since_ns, self._messages = at_ns, 0
        self._messages += 1
        if self._messages <= MESSAGES:
            self._shows[show].take(participant, counts, at_ns)

    def pulse(self, show: Show) -> None:
        """Tell what came since the last pulse: to overlays here, and elsewhere."""
        if not show.hears_cheers:
            self._shows.pop(show.code, None)
            return
        heard = self._shows[show.code]
        if heard.here:
            texts = tuple(str(one) for pair in heard.here.items() for one in pair)
            self._bus.whisper(Note(kind=_KIND, show=show.code, texts=texts))
        if heard.turn():
            self._overlays.tell(show.code, encode(heard.message()))

    def told(self, show: ShowCode) -> dict[Reaction, int]:
        """Return what was told at the last pulse."""
        return self._shows[show].told

    def _overhear(self, note: Note, is_own: bool) -> None:  # noqa: FBT001 - the port's
        if note.kind == _KIND and not is_own:
            pairs = zip(note.texts[::2], map(int, note.texts[1::2]), strict=True)
            self._shows[note.show].elsewhere.update(dict(pairs))


class _Heard:
    """What came for one show since the last pulse, and what was told till then."""

    def __init__(self) -> None:
        self.here: Counter[str] = Counter()
        self.elsewhere: Counter[str] = Counter()
        self.told: dict[Reaction, int] = {}
        self._totals: Counter[Reaction] = Counter()
        self._last_ns: dict[ParticipantId, int] = {}

    def take(
        self, participant: ParticipantId, counts: Mapping[str, int], at_ns: int
    ) -> None:
        last_ns = self._last_ns.get(participant)
        if last_ns is not None and at_ns - last_ns < SECOND_NS:
            return
        self._last_ns[participant] = at_ns
        left = MOST
        for reaction in REACTIONS:
            taps = min(counts.get(reaction, 0), left)
            if taps > 0:
                self.here[reaction] += taps
                left -= taps

    def turn(self) -> bool:
        """Begin the next second; return whether there was anything in the last."""
        everywhere = self.here + self.elsewhere
        self.told = {r: everywhere[r] for r in REACTIONS if everywhere[r]}
        self.here, self.elsewhere = Counter(), Counter()
        self._totals.update(self.told)
        return bool(self.told)

    def message(self) -> m.Cheers:
        return m.Cheers(counts=self.told, totals=dict(self._totals))
