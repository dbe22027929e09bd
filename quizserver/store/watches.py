"""Who wants to hear that a session or token has ended, in this process.

A socket asks once and then lives for hours; without this it would outlive the
sign-out of whoever opened it (reliability P16). It keeps digests, no tokens.
"""

from collections.abc import Callable, Iterable


class Watches:
    """Calls by the digest of the credential they wait for."""

    def __init__(self) -> None:
        self._calls: dict[str, list[Callable[[], None]]] = {}

    def add(self, digest: str, call: Callable[[], None]) -> Callable[[], None]:
        """Have `call` called when that credential ends; return how to forget it."""
        self._calls.setdefault(digest, []).append(call)

        def forget() -> None:
            waiting = self._calls.get(digest, [])
            if call in waiting:
                waiting.remove(call)
            if not waiting:
                self._calls.pop(digest, None)

        return forget

    def ended(self, digests: Iterable[str]) -> None:
        """Call everybody who waits for one of these."""
        for digest in digests:
            for call in self._calls.pop(digest, ()):
                call()
