"""The overlays of one show, how they are, and what a host tells one of them.

An overlay that loses its link stays on the list for some minutes: the host has to
see what is missing. When a page of the same kind comes, it takes that place and
its number, so "number 2" is the same source all evening.

What a host sets for an overlay is kept by its place: the name in its address, else
its view and shape ("stage 16x9"), counted from the second on ("stage 16x9 2"). A page
remembers its place and asks for it again, so that two alike do not change places when
they reload or the server restarts. All with the same name in the address are one place.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Final, Literal

import msgspec

from quizserver.domain.outputs import AS_IT_IS, OutputSettings
from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock
from quizserver.wire.common import encode
from quizserver.wire.overlay import Identify, Reload, Settings
from quizserver.wire.parts import OutputPart, OutputWord, SettingsPart

LOST_NS: Final = 300_000 * NS_PER_MS
"""How long an overlay that has gone is still spoken of."""

MOST_LOST: Final = 20
"""More of them than this are no source in OBS but a browser's reloads."""

Tell = Callable[[bytes], None]
"""Gives one overlay a JSON text; never waits, never fails."""

Do = Literal["identify", "reload"]

Order = Callable[[Do, str | None], None]


@dataclass(slots=True)
class _Seen:
    part: OutputPart
    number: int
    place: str
    tell: Tell
    page: str
    since_ns: int
    at_ns: int
    lag_ms: int | None = None


class Outputs:
    """Reports of overlays by connection."""

    def __init__(self, clock: Clock, spread: Order = lambda do, output: None) -> None:
        """Begin without any; `spread` has other processes order theirs as well."""
        self._clock = clock
        self._spread = spread
        self._seen: dict[str, _Seen] = {}
        self._lost: list[_Seen] = []
        self._replaced: set[str] = set()
        self._told: tuple[int, int] = (0, 0)
        self._set: Mapping[str, OutputSettings] = {}

    def report(self, part: OutputPart, tell: Tell, page: str = "") -> None:
        """Note what an overlay says of itself; the first report adds it.

        A line that broke without a word is here for a while: the same `page` on a new
        one takes its place.
        """
        if part.id in self._replaced:
            return
        now = self._clock.monotonic_ns()
        seen = self._seen.get(part.id)
        if seen is None:
            self._forget(now)
            self._replace(page)
            number, place = self._seat_for(part)
            self._seen[part.id] = _Seen(part, number, place, tell, page, now, now)
            return
        step, told_ns = self._told
        # Who was here when it was told, and says for the first time that it is drawn.
        if part.step == step != seen.part.step and seen.since_ns < told_ns:
            lag_ms = (now - told_ns) // NS_PER_MS - part.delay_ms
            seen.lag_ms = max(0, lag_ms)
        seen.part, seen.at_ns = part, now

    def gone(self, output: str) -> None:
        """Move an overlay to those that are missing."""
        self._replaced.discard(output)
        seen = self._seen.pop(output, None)
        if seen is not None:
            self._lost = [*self._lost, seen][-MOST_LOST:]

    def _replace(self, page: str) -> None:
        for old in [one for one, it in self._seen.items() if page == it.page != ""]:
            self.gone(old)
            self._replaced.add(old)

    def told(self, step: int) -> None:
        """Note that overlays are being told of `step` now."""
        self._told = step, self._clock.monotonic_ns()

    def order(self, do: Do, output: str | None) -> None:
        """Tell one overlay, or all, to show its number or to open its page anew."""
        self.order_here(do, output)
        self._spread(do, output)

    def order_here(self, do: Do, output: str | None) -> None:
        """Tell those of this process."""
        for one, seen in tuple(self._seen.items()):
            if output in {None, one}:
                word = Reload() if do == "reload" else Identify(number=seen.number)
                seen.tell(encode(word))

    def follow(self, settings: Mapping[str, OutputSettings]) -> None:
        """Tell those for which a host has set something else since."""
        was, self._set = self._set, settings
        for one in tuple(self._seen.values()):
            if was.get(one.place, AS_IT_IS) != settings.get(one.place, AS_IT_IS):
                one.tell(encode(Settings(output=self._word_for(one.place))))

    def word(self, output: str) -> OutputWord | None:
        """Return an overlay's place and settings; None when it is not here."""
        seen = self._seen.get(output)
        return None if seen is None else self._word_for(seen.place)

    def previews(self) -> tuple[Tell, ...]:
        """Return how to tell each preview of this process."""
        seen = self._seen.values()
        return tuple(one.tell for one in seen if one.part.bus == "preview")

    def is_preview(self, output: str) -> bool:
        """Tell whether this overlay shows what comes next."""
        seen = self._seen.get(output)
        return seen is not None and seen.part.bus == "preview"

    def parts(self) -> tuple[OutputPart, ...]:
        """Return all by number, those that are missing too."""
        now = self._clock.monotonic_ns()
        self._forget(now)
        parts = [self._part(seen, now, lost=False) for seen in self._seen.values()]
        parts += [self._part(seen, now, lost=True) for seen in self._lost]
        return tuple(sorted(parts, key=lambda part: part.number))

    def _seat_for(self, part: OutputPart) -> tuple[int, str]:
        """Return the number and place of a page that has come.

        Its own as long as nobody else has it: after a restart another page may be
        missing whose place it must not take. One that is new takes the place of a
        missing one of its kind, else what is free.
        """
        kind = _kind(part)
        lost = [seen for seen in self._lost if _kind(seen.part) == kind]
        own = [seen for seen in lost if seen.place == part.place]
        others = [] if self._is_free(part.place, kind) else lost
        for seen in (*own, *others):
            self._lost.remove(seen)
            return seen.number, seen.place
        here = (*self._seen.values(), *self._lost)
        numbers = {seen.number for seen in here}
        free = (n for n in range(1, len(numbers) + 2) if n not in numbers)
        return next(free), self._place_for(part, kind)

    def _place_for(self, part: OutputPart, kind: str) -> str:
        if part.name is not None:
            return kind
        if self._is_free(part.place, kind):
            return part.place
        taken = self._places()
        numbered = (f"{kind} {n}" for n in range(2, len(taken) + 3))
        return next(place for place in (kind, *numbered) if place not in taken)

    def _is_free(self, place: str, kind: str) -> bool:
        """Tell whether a page of this kind may have been called so, and nobody is."""
        number = place.removeprefix(kind + " ")
        is_ours = place == kind or (place != number and number.isdecimal())
        return is_ours and place not in self._places()

    def _places(self) -> set[str]:
        return {seen.place for seen in (*self._seen.values(), *self._lost)}

    def _word_for(self, place: str) -> OutputWord:
        settings = self._set.get(place, AS_IT_IS)
        return OutputWord(place=place, settings=part_of(settings))

    def _part(self, seen: _Seen, now: int, *, lost: bool) -> OutputPart:
        return msgspec.structs.replace(
            seen.part,
            number=seen.number,
            place=seen.place,
            seen_ms=(now - seen.at_ns) // NS_PER_MS,
            lag_ms=seen.lag_ms,
            lost=lost,
        )

    def _forget(self, now: int) -> None:
        self._lost = [seen for seen in self._lost if now - seen.at_ns < LOST_NS]


def _kind(part: OutputPart) -> str:
    return part.name or f"{part.view} {part.layout}"


def settings_of(part: SettingsPart) -> OutputSettings:
    """Return what a host's message sets."""
    return OutputSettings(**msgspec.structs.asdict(part))


def part_of(settings: OutputSettings) -> SettingsPart:
    """Return the same as the wire says it."""
    return SettingsPart(**asdict(settings))
