"""All host panels, or all overlays, of this process, by show.

Implements `live.audiences.Screens`: telling drops a message in each screen's
mailbox and returns. Each screen's own endpoint writes it (`gateway.host`,
`gateway.overlay`).
"""

from quizserver.domain.ids import ShowCode
from quizserver.gateway.mailbox import Mailbox


class ScreenAudience:
    """The mailboxes of one kind of screen."""

    def __init__(self) -> None:
        self._rooms: dict[ShowCode, set[Mailbox]] = {}

    def join(self, show: ShowCode) -> Mailbox:
        """Return the mailbox of a new screen; a fresh state is asked for."""
        mailbox = Mailbox()
        self._rooms.setdefault(show, set()).add(mailbox)
        return mailbox

    def leave(self, show: ShowCode, mailbox: Mailbox) -> None:
        """Forget a screen."""
        room = self._rooms.get(show, set())
        room.discard(mailbox)
        if not room:
            self._rooms.pop(show, None)

    def tell(self, show: ShowCode, payload: bytes) -> None:
        """Give every screen of the show this JSON text."""
        for mailbox in self._rooms.get(show, ()):
            mailbox.put(payload)

    def watched(self, show: ShowCode) -> bool:
        """Tell whether any screen of the show is connected."""
        return show in self._rooms

    def count(self) -> int:
        """Return how many screens are connected."""
        return sum(map(len, self._rooms.values()))
