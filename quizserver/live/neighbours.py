"""What the processes that share a ledger tell each other of themselves.

Twice a second, with the sign that it lives, each says who is connected to it
(`Shows`). The sum of all is what screens show. Who says nothing for two seconds is
left out, and its phones are counted where they have gone.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from quizserver.domain.ids import ShowCode
from quizserver.wire.parts import OutputPart


class Said(msgspec.Struct, frozen=True):
    """One process's word on one show; `rejected` answers to its question."""

    online: int = 0
    rejected: int = 0
    outputs: tuple[OutputPart, ...] = ()


_NOTHING: Final = Said()
_WORD: Final = msgspec.json.Decoder(dict[ShowCode, Said])


class Neighbours:
    """The other processes that live, as they were half a second ago."""

    def __init__(self) -> None:
        self._words: list[dict[ShowCode, Said]] = []

    def hear(self, texts: Iterable[str]) -> None:
        """Take what they said, in place of what they said before."""
        self._words = [word for text in texts for word in _understood(text)]

    def said(self, show: ShowCode) -> Said:
        """Return what they say of a show, all together."""
        words = [word.get(show, _NOTHING) for word in self._words]
        return Said(
            online=sum(word.online for word in words),
            rejected=sum(word.rejected for word in words),
            outputs=tuple(part for word in words for part in word.outputs),
        )


def word(said: Mapping[ShowCode, Said]) -> str:
    """Return what a process says, as text; of shows that nobody is at, nothing."""
    told = {show: one for show, one in said.items() if one != _NOTHING}
    return msgspec.json.encode(told).decode()


def _understood(text: str) -> Iterable[dict[ShowCode, Said]]:
    """Give a word; none for one that has not spoken, or is of another version."""
    try:
        return [_WORD.decode(text)]
    except msgspec.DecodeError:
        return []
