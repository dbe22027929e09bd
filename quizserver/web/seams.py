"""What `web` asks of the running show, as types.

`live` implements these; the handlers know no more of it than stands here.
Payloads are JSON texts, ready to send.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.domain.rejections import Reason
from quizserver.domain.rundown import Pack, Rules
from quizserver.domain.show import Show
from quizserver.domain.timing import Trip
from quizserver.live.access import Actor
from quizserver.live.admission import Refusal
from quizserver.live.roster import Roster
from quizserver.live.rows import Correction, Registration, ShowRow
from quizserver.wire.host import CommandMessage, Reply
from quizserver.wire.phone import Answer, JoinBody, Joined


class Admission(Protocol):
    """Joining a show and coming back to it."""

    def identify(self, token: str, show: ShowCode) -> ParticipantId | None:
        """Return whose token this is in the present run of `show`."""
        ...

    def show_of(self, token: str) -> ShowCode | None:
        """Return the show a token belongs to; None when it is not ours."""
        ...

    def join(self, code: ShowCode, body: JoinBody) -> Awaitable[Joined | Refusal]:
        """Register a participant; durable on return."""
        ...

    def recover(self, code: ShowCode, recovery_code: str) -> Awaitable[Joined | None]:
        """Return a new token for the participant of a recovery code."""
        ...


class Stage(Protocol):
    """This process's replica of a show: makes the snapshots."""

    @property
    def show(self) -> Show:
        """The show as it stands."""
        ...

    @property
    def roster(self) -> Roster:
        """Who takes part, and what may be shown of their names."""
        ...

    def snapshot(self, participant: ParticipantId) -> Awaitable[bytes]:
        """Make a phone's State."""
        ...

    @property
    def names_until(self) -> str | None:
        """The day on which names are erased (ISO), once the show is over."""
        ...

    def know(self, participant: ParticipantId) -> Awaitable[None]:
        """Make sure that somebody is known here. Raises LookupError."""
        ...

    def host_state(self) -> Awaitable[bytes]:
        """Make a HostState."""
        ...

    def anybodys_state(self) -> bytes:
        """Make a phone's State without anything personal."""
        ...

    def coming(self) -> Awaitable[bytes]:
        """Make what comes next, for a host."""
        ...


class People(Protocol):
    """People's own data: each call says why not, or None when it is done."""

    def kept(self, participant: ParticipantId) -> Awaitable[Registration | None]:
        """Return what is kept of somebody."""
        ...

    def answers(self, participant: ParticipantId) -> Awaitable[int]:
        """Return how many answers of theirs are kept."""
        ...

    def correct(self, change: Correction) -> Awaitable[Reason | None]:
        """Correct somebody's data or withdraw a consent. Raises WishWaits."""
        ...

    def erase(
        self, participant: ParticipantId, *, actor: str = ..., reason: str = ...
    ) -> Awaitable[Reason | None]:
        """Erase somebody. Raises WishWaits."""
        ...

    def note_export(
        self, form: str, people: int, actor: str
    ) -> Awaitable[Reason | None]:
        """Note that names leave the server, before they do."""
        ...


class Intake(Protocol):
    """The door for answers."""

    def answer(
        self,
        participant: ParticipantId,
        message: Answer,
        received_ns: int,
        reply: Callable[[bytes], None],
        trip: Trip,
    ) -> None:
        """Take an answer; `reply` gets its receipt or error, now or later.

        Over HTTP nothing is measured; `trip` says the sender's network.
        """
        ...


class Conductor(Protocol):
    """The one writer of a show's events."""

    def command(self, actor: Actor, message: CommandMessage) -> Awaitable[Reply]:
        """Carry out a host's command, or refuse it in the reply."""
        ...


class LiveShow(Protocol):
    """A running show and its parts."""

    @property
    def stage(self) -> Stage:
        """Where its state comes from."""
        ...

    @property
    def intake(self) -> Intake:
        """Where its answers go."""
        ...

    @property
    def people(self) -> People:
        """What is kept of those who take part."""
        ...

    @property
    def conductor(self) -> Conductor:
        """Who carries out its commands."""
        ...


class Shows(Protocol):
    """The shows of this server."""

    def get(self, code: ShowCode) -> LiveShow | None:
        """Return the show of this code, or None."""
        ...

    def listed(self) -> Awaitable[list[ShowRow]]:
        """Return all shows, for lists."""
        ...

    def create(
        self,
        code: ShowCode,
        pack: Pack,
        *,
        title: str,
        lang: str,
        rules: Rules,
        actor: str,
    ) -> Awaitable[object]:
        """Make a new show of a pack."""
        ...

    def reset(self, code: ShowCode, actor: Actor) -> Awaitable[None]:
        """Begin a show anew, without participants. Raises LedgerDown."""
        ...

    def on_air(self) -> ShowCode | None:
        """Return the show people should be brought to, if there is one."""
        ...
