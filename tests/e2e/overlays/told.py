"""A page that is told one scenario after another, each beginning with a whole state.

Nobody sees the page, so nothing moves: what is judged is where things end. A page
load costs as much as forty frames.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.e2e.overlays import broadcast
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.scenarios import NAMES, frames
from tests.e2e.overlays.script import hide, reached
from tests.e2e.overlays.stand import Stand

LANGS: Final = ("vi", "en")

HEARD: Final = """() => {
  const Plain = WebSocket;
  window.heard = 0;
  window.WebSocket = class extends Plain {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", () => { window.heard += 1; });
    }
  };
}"""
"""Counts what the page was told: a presence carries no step to wait for."""

NEXT: Final = f"""async ([heard, lang]) => {{
  const task = () => new Promise((next) => setTimeout(next));
  const root = document.documentElement;
  const held = "[data-part=qr][data-wait], [data-leaving]";
  do await task();
  while (window.heard < heard || root.dataset.lang !== lang
    || document.querySelector(held));
  ({broadcast.STILL})();
  const markup = document.querySelector("main").outerHTML;
  window.judged ??= new Set();
  if (window.judged.has(markup)) return null;
  window.judged.add(markup);
  return ({broadcast.LOOK})();
}}"""
"""Waits for a frame and judges it: null when it was judged before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A frame that was told; `judged` is findings.js's word, None after the first."""

    scenario: str
    index: int
    lang: str
    judged: dict[str, Any] | None

    def __str__(self) -> str:
        return f"{self.scenario} frame {self.index} {self.lang}"


class Told:
    """One overlay in one layout."""

    def __init__(
        self, opened: Opened, stand: Stand, name: str, layout: str, query: str = ""
    ) -> None:
        self._stand = stand
        self._said = 0
        stand.snapshot = self._next(frames("show")[0].message, "vi")
        self.page = opened(layout, f"&seal=1{query}", name=name, before=HEARD)
        reached(self.page, 1)
        hide(self.page, hidden=True)

    def frames(
        self, scenarios: Iterable[str] = NAMES, langs: Iterable[str] = LANGS
    ) -> Iterator[Seen]:
        """Tell everything and yield each frame when it stands."""
        for lang in langs:
            for scenario in scenarios:
                for frame in frames(scenario):
                    self._stand.say(self._next(frame.message, lang))
                    judged = self.page.evaluate(NEXT, [self._said, lang])
                    yield Seen(
                        scenario=scenario, index=frame.index, lang=lang, judged=judged
                    )

    def _next(self, message: dict[str, Any], lang: str) -> dict[str, Any]:
        """Return the message as the next one of a show in that language."""
        self._said += 1
        if "show" not in message:
            return message
        return {**message, "show": {**message["show"], "lang": lang}}
