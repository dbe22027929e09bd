"""What the gateway asks of the running show, as types.

`live` implements these; the gateway knows no more of it than stands here, and
its tests plug in shows of their own. Payloads are JSON texts, ready to frame.
"""

from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.domain.timing import NO_TRIP, Trip
from quizserver.live.access import Actor
from quizserver.wire.host import CommandMessage, Reply
from quizserver.wire.parts import OutputPart
from quizserver.wire.phone import Answer, Cheer


class Admission(Protocol):
    """Who a phone's token belongs to, by its signature alone."""

    def identify(self, token: str, show: ShowCode) -> ParticipantId | None:
        """Return the participant, or None for a token that is not good."""
        ...


class Stage(Protocol):
    """This process's replica of a show: makes the snapshots."""

    def welcome(self, participant: ParticipantId) -> Awaitable[bytes]:
        """Make a phone's Welcome. Raises LookupError for somebody unknown."""
        ...

    def greeting(self, participant: ParticipantId) -> bytes | None:
        """Return a phone's Welcome if it can be made at once."""
        ...

    def snapshot(self, participant: ParticipantId) -> Awaitable[bytes]:
        """Make a phone's State. Raises LookupError for somebody unknown."""
        ...

    def seen(self, participant: ParticipantId, number: int, at_ns: int) -> None:
        """Take the number that a viewer sees in the stream."""
        ...

    def cheered(self, participant: ParticipantId, cheer: Cheer, at_ns: int) -> None:
        """Count how often a viewer tapped each reaction."""
        ...

    def host_state(self) -> Awaitable[bytes]:
        """Make a HostState."""
        ...

    def overlay_state(self, output: str) -> Awaitable[bytes]:
        """Make an overlay's State, with what is this one's own."""
        ...


class Intake(Protocol):
    """The door for answers."""

    def answer(
        self,
        participant: ParticipantId,
        answer: Answer,
        received_ns: int,
        reply: Callable[[bytes], None],
        trip: Trip = NO_TRIP,
    ) -> None:
        """Take an answer received at `received_ns`; `reply` gets the receipt.

        `trip` is what this socket measured around it.
        """
        ...


class Conductor(Protocol):
    """The one writer of a show's events."""

    def command(self, actor: Actor, message: CommandMessage) -> Awaitable[Reply]:
        """Carry out a host's command, or refuse it in the reply."""
        ...


class Outputs(Protocol):
    """The connected overlays and their health."""

    def report(
        self, part: OutputPart, tell: Callable[[bytes], None], page: str
    ) -> None:
        """Note what an overlay says of itself; the first report adds it.

        `tell` gives it a JSON text and never waits. `page` is the same on each line
        of a page.
        """
        ...

    def gone(self, output: str) -> None:
        """Note that an overlay has gone."""
        ...

    def order(self, do: Literal["identify", "reload"], output: str | None) -> None:
        """Tell one overlay, or all, to show its number or to open its page anew."""
        ...

    def parts(self) -> tuple[OutputPart, ...]:
        """Return all of them, those that are missing too."""
        ...


class LiveShow(Protocol):
    """A show on air and its parts."""

    @property
    def stage(self) -> Stage:
        """Where its state comes from."""
        ...

    @property
    def intake(self) -> Intake:
        """Where its answers go."""
        ...

    @property
    def conductor(self) -> Conductor:
        """Who carries out its commands."""
        ...

    @property
    def outputs(self) -> Outputs:
        """Which overlays show it."""
        ...


class Shows(Protocol):
    """The shows of this process."""

    def get(self, code: ShowCode) -> LiveShow | None:
        """Return the show that is played under this code, or None."""
        ...
