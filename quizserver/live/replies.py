"""What a show's commands were answered, so that a repeat is told the same (R1.4)."""

from collections import OrderedDict
from typing import Final

from quizserver.domain.rejections import Reason
from quizserver.domain.show import Show
from quizserver.live.disk import Disk
from quizserver.texts.catalogue import text
from quizserver.wire.host import Reply

_KEPT: Final = 1_000


class Replies:
    """The newest replies of one show by `ref`; older ones only the ledger knows."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._by_ref: OrderedDict[str, Reply] = OrderedDict()

    def get(self, ref: str) -> Reply | None:
        """Return what was said to this `ref`, if it is known; "" never is."""
        return self._by_ref.get(ref)

    def remember(self, reply: Reply) -> None:
        """Keep a reply in place of the oldest; one without a `ref` has no repeat."""
        if not reply.ref:
            return
        self._by_ref[reply.ref] = reply
        if len(self._by_ref) > _KEPT:
            self._by_ref.popitem(last=False)

    def said(self, show: Show, ref: str) -> Reply:
        """Return the reply to a command that brought the show to where it is."""
        return Reply(ref=ref, step=show.step, phase=show.phase)

    def refusal(self, show: Show, ref: str, reason: Reason) -> Reply:
        """Return the reply to a command that was not carried out."""
        words = self._disk.words(show.lang) if reason is Reason.NO_SPACE else {}
        sentence = text(show.lang, f"live.rejected.{reason.value}", **words)
        return Reply(
            ref=ref, step=show.step, phase=show.phase, error=reason, message=sentence
        )
