"""Who takes part in one show: names for screens, counts by page.

In memory, filled from the ledger at start and by each registration. Who registered
at another process is looked up when they come here or stand on a board, and counted
by the ledger. What is shown of a name obeys consent and moderation (Source: R2.1,
R2.5). Of whoever was erased nothing is left here but the pseudonym (R2.6).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from quizserver.domain.ids import ParticipantId
from quizserver.domain.show import Show
from quizserver.live.names import initials
from quizserver.live.rows import Registration, RosterRow
from quizserver.texts.catalogue import text


class Roster:
    """The participants of one show, by id; its length is how many there are."""

    def __init__(self, is_held: Callable[[str], bool] = lambda name: False) -> None:
        """Begin with nobody; `is_held` tells which names a host has to pass."""
        self._is_held = is_held
        self._entries: dict[ParticipantId, RosterRow] = {}
        self.via: Counter[str] = Counter()
        self._is_counted = False
        self._gone: set[ParticipantId] = set()

    def __len__(self) -> int:
        return self.via.total()

    def __contains__(self, participant: ParticipantId) -> bool:
        return participant in self._entries

    def add(self, registration: Registration) -> None:
        """Take a participant in; again changes nothing."""
        row = RosterRow(
            participant=registration.participant,
            name=registration.name,
            unit=registration.unit,
            show_name=registration.consent.show_name,
            via=registration.via,
        )
        self.fill([row])

    def recount(self, via: Mapping[str, int]) -> None:
        """Take the ledger's word on how many there are, by the page they came from.

        From now on it counts: who is looked up here may be counted already.
        """
        self.via, self._is_counted = Counter(via), True

    def count(self, via: Mapping[str, int]) -> None:
        """Begin with so many by page: also those who were erased have been here."""
        self.via = Counter(via)

    def renew(self, rows: Iterable[RosterRow]) -> None:
        """Take what is kept of people now in the place of what was known."""
        for row in rows:
            if row.participant not in self._gone:
                self._entries[row.participant] = row

    def forget(self, participants: Iterable[ParticipantId]) -> None:
        """Know nothing more of some, also if a row of theirs is still on its way."""
        for one in participants:
            self._gone.add(one)
            self._entries.pop(one, None)

    def forget_everybody(self) -> None:
        """Know nobody any more."""
        self._entries.clear()

    def missing(self, participants: Iterable[ParticipantId]) -> set[ParticipantId]:
        """Return whom of these nobody here has heard of."""
        return {
            one
            for one in participants
            if one not in self._entries and one not in self._gone
        }

    def fill(self, rows: Iterable[RosterRow]) -> None:
        """Take all of them in; who is here already stays as they are."""
        known, gone = self._entries, self._gone
        fresh = {
            row.participant: row
            for row in rows
            if row.participant not in known and row.participant not in gone
        }
        known.update(fresh)
        if not self._is_counted:
            self.via.update(row.via for row in fresh.values())

    def own_name(self, participant: ParticipantId) -> str:
        """Return the name as its owner wrote it; empty when unknown."""
        entry = self._entries.get(participant)
        return entry.name if entry else ""

    def full_name(self, show: Show, participant: ParticipantId) -> str:
        """Return the name as its owner wrote it, for hosts and lists."""
        return self.own_name(participant) or self._instead(show, participant)

    def _instead(self, show: Show, participant: ParticipantId) -> str:
        """Return what stands for a name that is not known, or no longer."""
        is_gone = participant in self._gone or participant in show.withdrawn
        return text(show.lang, f"live.{'withdrawn' if is_gone else 'hidden'}_name")

    def unit(self, participant: ParticipantId) -> str:
        """Return the place of work or address, for hosts and lists."""
        entry = self._entries.get(participant)
        return entry.unit if entry else ""

    def page(self, participant: ParticipantId) -> str:
        """Return the page (`via`) this participant came from; "" when unknown."""
        entry = self._entries.get(participant)
        return entry.via if entry else ""

    def public_name(self, show: Show, participant: ParticipantId) -> str:
        """Return what phones and overlays show for this participant."""
        entry, mark = self._entries.get(participant), show.names.get(participant)
        if participant in self._gone:
            return self._instead(show, participant)
        if mark is not None and mark.alias:
            return mark.alias
        if mark is not None and mark.hidden:
            return text(show.lang, "live.hidden_name")
        if entry is None:
            return self._instead(show, participant)
        is_full = entry.show_name and not self.waits(show, participant)
        return entry.name if is_full else initials(entry.name)

    def shown_instead(self, show: Show, participant: ParticipantId) -> str:
        """Return what screens show where it is not the name that hosts see; else ""."""
        shown = self.public_name(show, participant)
        return shown if shown != self.full_name(show, participant) else ""

    def waits(self, show: Show, participant: ParticipantId) -> bool:
        """Tell whether a host has to pass the name before screens show it (R2.5)."""
        if participant in show.names:
            return False
        entry = self._entries.get(participant)
        is_said = entry is not None and entry.show_name
        return is_said and (
            show.names_held or self._is_held(self.own_name(participant))
        )
