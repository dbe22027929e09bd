"""Chromium with tabs that really go away: hidden, frozen and back again.

Playwright keeps every page in focus, and so visible, for good. This speaks the
DevTools protocol itself, over one socket, and does no more than the tests of a
page in the background need.
"""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

WAIT_S = 15
CONTACT_S = 0.07
"""How long a finger rests on the glass."""


@dataclass(slots=True, kw_only=True)
class Chrome:
    """A browser; `call` is one command of its protocol."""

    socket: ClientConnection
    numbers: Iterator[int] = field(default_factory=count)

    def call(self, method: str, session: str = "", **params: object) -> dict[str, Any]:
        """Send a command and return its result."""
        number = next(self.numbers)
        command: dict[str, object] = {"id": number, "method": method, "params": params}
        if session:
            command["sessionId"] = session
        self.socket.send(json.dumps(command))
        while True:
            said = json.loads(self.socket.recv(timeout=WAIT_S))
            if said.get("id") == number:
                assert "error" not in said, said
                return dict(said["result"])

    def tab(self, url: str = "about:blank", script: str = "") -> "Tab":
        """Open a tab in front of the others; `script` runs before the page's own."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)
        tab = Tab(chrome=self, target=target, session=session["sessionId"])
        tab.call("Page.enable")
        tab.call(
            "Emulation.setDeviceMetricsOverride",
            width=360,
            height=800,
            deviceScaleFactor=2,
            mobile=True,
        )
        tab.call("Emulation.setTouchEmulationEnabled", enabled=True)
        tab.call("Page.addScriptToEvaluateOnNewDocument", source=script)
        tab.call("Page.navigate", url=url)
        return tab


@dataclass(slots=True, kw_only=True)
class Tab:
    """One page of a browser."""

    chrome: Chrome
    target: str
    session: str

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Send a command to this page."""
        return self.chrome.call(method, self.session, **params)

    def show(self) -> None:
        """Bring this tab to the front; the one that was there is hidden."""
        self.chrome.call("Target.activateTarget", targetId=self.target)

    def life(self, state: str) -> None:
        """Freeze a hidden page ("frozen") or wake it ("active")."""
        self.call("Page.setWebLifecycleState", state=state)

    def ask(self, expression: str) -> Any:
        """Return the value of a JavaScript expression."""
        said = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + WAIT_S
        while not self.ask(expression):
            assert time.monotonic() < end, f"never true: {expression}"
            time.sleep(0.02)

    def tap(self, selector: str) -> float:
        """Touch an element; return when the finger left, on the page's clock, ms.

        The touch carries its own times, so they are known exactly, however long
        it takes to be handled.
        """
        x, y = self.ask(
            f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])"
            f"(document.querySelector({selector!r}).getBoundingClientRect())"
        )
        touched = time.time()
        self._touch("touchStart", touched, [{"x": x, "y": y}])
        self._touch("touchEnd", touched + CONTACT_S, [])
        origin = float(self.ask("performance.timeOrigin"))
        return (touched + CONTACT_S) * 1000 - origin

    def _touch(self, kind: str, at: float, points: list[dict[str, float]]) -> None:
        self.call(
            "Input.dispatchTouchEvent", type=kind, touchPoints=points, timestamp=at
        )


@contextmanager
def chrome(path: str, folder: Path) -> Iterator[Chrome]:
    """Start a browser of its own and end it."""
    command = [
        path,
        "--headless",
        "--no-sandbox",
        "--no-first-run",
        "--remote-debugging-port=0",
        f"--user-data-dir={folder}",
        "about:blank",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = None
        while found is None:
            line = process.stderr.readline()
            assert line, "chromium said no address"
            found = re.search(r"DevTools listening on (ws://\S+)", line)
        with connect(found[1], max_size=None, compression=None, proxy=None) as socket:
            browser = Chrome(socket=socket)
            yield browser
            browser.call("Browser.close")
        process.communicate(timeout=WAIT_S)
