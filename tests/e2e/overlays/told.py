"""A page that is told one scenario after another, each beginning with a whole state.

Nobody sees the page, so nothing moves: what is judged is where things end. A page
load costs as much as forty frames.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.e2e.overlays import broadcast
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.scenarios import NAMES, frames
from tests.e2e.overlays.script import hide, reached
from tests.e2e.overlays.stand import Stand

LANGS: Final = ("vi", "en")

HELD: Final = """() => {
  const Plain = WebSocket;
  window.held = [];
  window.judged = new Set();
  window.WebSocket = class extends Plain {
    constructor(...all) {
      super(...all);
      window.line = this;
      this.addEventListener("message", (event) => {
        if (!window.holds || !event.isTrusted) return;
        event.stopImmediatePropagation();
        window.held.push(event.data);
      });
    }
  };
}"""
"""Keeps back what the page is told, to hand it on message by message."""

NEXT: Final = f"""async ([last, lang, wanted]) => {{
  const task = () => new Promise((next) => setTimeout(next));
  const root = document.documentElement;
  const moves = "[data-part=qr][data-wait], [data-leaving], "
    + "[data-part=standings]:not([data-settled])";
  for (window.at ??= 0; window.at < last; ) {{
    while (!window.held.length) await task();
    window.line.dispatchEvent(
      new MessageEvent("message", {{ data: window.held.shift() }}),
    );
    do await task();
    while (root.dataset.lang !== lang || document.querySelector(moves));
    ({broadcast.STILL})();
    const markup = document.querySelector("main").outerHTML;
    const index = window.at;
    window.at += 1;
    const fresh = !window.judged.has(markup);
    window.judged.add(markup);
    if (fresh || wanted.includes(index))
      return {{ index, judged: fresh ? ({broadcast.LOOK})() : null }};
  }}
  window.at = 0;
  return null;
}}"""
"""Goes on to the next frame that is new or wanted, and judges what is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A frame that was told; `judged` is findings.js's word, None if it is not new."""

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
        self.name = name
        self.layout = layout
        stand.snapshot = in_language(frames("show")[0].message, "vi")
        self.page = opened(layout, f"&seal=1{query}", name=name, before=HELD)
        reached(self.page, 1)
        hide(self.page, hidden=True)
        self.page.evaluate("window.holds = true")

    def frames(
        self,
        wanted: Collection[tuple[str, int]],
        scenarios: Iterable[str] = NAMES,
        langs: Iterable[str] = LANGS,
    ) -> Iterator[Seen]:
        """Tell everything; yield each frame that is new, or wanted, when it stands."""
        for lang in langs:
            for scenario in scenarios:
                told = frames(scenario)
                for frame in told:
                    self._stand.say(in_language(frame.message, lang))
                stops = [index for name, index in wanted if name == scenario]
                while seen := self.page.evaluate(NEXT, [len(told), lang, stops]):
                    yield Seen(scenario=scenario, lang=lang, **seen)


def in_language(message: dict[str, Any], lang: str) -> dict[str, Any]:
    """Return the message as one of a show in that language."""
    if "show" not in message:
        return message
    return {**message, "show": {**message["show"], "lang": lang}}
