"""What one server told everybody, and what it must not have told (Source: R3.6).

The ear of test_server_secrecy.py: what is masked, and why, is said there.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

ANSWERS: Final = 5
"""How many answer each question in time."""

TIMES: Final = (
    *("time_ms", "total_ms", "in_ms", "opens_in_ms", "closes_in_ms", "elapsed_ms"),
    *("most_ms", "credited_ms"),
)
"""Fields that tell how long something took or lasts in real time."""

FIGURES: Final = (
    "loop_",
    "ledger_",
    "disk_",
    "hosts_",
    "phones_online",
    "phones_dead",
    "phone_resyncs",
)
"""Beginnings of figures that move by themselves: times, sizes, who is connected."""

POLLED: Final = ("/api/shows/{code}/state", "/readyz")
"""Asked until something has happened: as often as it takes."""

_TIMES = re.compile(rf'((?:"(?:{"|".join(TIMES)})": ?|class="time">)-?)[0-9][0-9,.]*')
_LOCKED = re.compile(r'"duration_ms":[0-9]+(?=,"state":"(?:locked|revealed)")')
"""How long a question was open that the host locked early."""

_WARNINGS = re.compile(r'"warnings":\[[^]]*\]')
"""Sentences of /readyz about the machine: how busy it is, how full its disk."""

_PORT = re.compile(r"127\.0\.0\.1(:|%3A)[0-9]+")
_CANARY = re.compile(r"CANARY-(\w+)-([qr][0-9]+)")


def masked(text: str) -> str:
    """Return a text without times and ports."""
    untimed = _LOCKED.sub('"duration_ms":#', _TIMES.sub(r"\1#", text))
    untimed = _WARNINGS.sub('"warnings":#', untimed)
    return _PORT.sub("HOST", untimed)


def unmoved(metrics: str) -> str:
    """Return the text of /metrics without what moves by itself."""
    kept = []
    for line in metrics.splitlines():
        name = line.removeprefix("quizserver_")
        moves = name.startswith(FIGURES) or any(path in line for path in POLLED)
        kept.append(line.rpartition(" ")[0] if moves else line)
    return "\n".join(kept)


@dataclass
class Ear:
    """Everything that one server told everybody, by channel."""

    said: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def hear(self, channel: str, text: str) -> None:
        """Note one text; of the counts of every second what they can be."""
        if text.startswith('{"type":"presence"'):
            # How many of the counts between come by depends on the second; the
            # last one, with every answer in it, is waited for.
            counts = json.loads(text)
            assert counts.keys() <= {"type", "online", "answered"}
            assert 0 <= counts.get("answered", 0) <= ANSWERS
            return
        self.said[channel].append(masked(text))

    def so_far(self, state: dict[str, Any]) -> dict[str, tuple[str, ...]]:
        """Return what was said until now; `state` is the host's, with the seals."""
        rows = state["questions"]
        known = {row["seal"]: f"SEAL {row['id']}" for row in rows if row.get("seal")}
        known[state["pack_hash"]] = "PACK"
        pattern = re.compile("|".join(map(re.escape, known)))
        return {
            channel: tuple(pattern.sub(lambda m: known[m[0]], text) for text in said)
            for channel, said in self.said.items()
        }


def too_early(
    said: dict[str, tuple[str, ...]], *, asked: str, revealed: str
) -> list[str]:
    """Return what was told before its time, on any channel."""
    found = []
    for channel, texts in said.items():
        for kind, name in _CANARY.findall("\n".join(texts)):
            is_asked_for = channel.endswith(f"/CANARY-{kind}-{name}.png")
            known = asked if kind in ("text", "image") else revealed
            if name not in known.split() and not is_asked_for:
                found.append(f"{channel}: {kind} of {name}")
    return found


def shown_when(said: dict[str, tuple[str, ...]], path: str) -> str:
    """Return the first moment at which `path` was found."""
    moments = (channel for channel in said if channel.endswith(f" {path}"))
    found = (moment for moment in moments if said[moment][0].startswith("200 "))
    return next(found, "never").removesuffix(f" {path}")


def differences(
    one: dict[str, tuple[str, ...]], other: dict[str, tuple[str, ...]]
) -> list[str]:
    """Return where two servers said something else, from there on."""
    return [
        f"{channel}: {_apart(one.get(channel, ()), other.get(channel, ()))}"
        for channel in sorted(one.keys() | other.keys())
        if one.get(channel) != other.get(channel)
    ]


def _apart(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    for at, (mine, yours) in enumerate(zip(one, other, strict=False)):
        if mine != yours:
            pairs = enumerate(zip(mine, yours, strict=False))
            since = next((n for n, (a, b) in pairs if a != b), 0)
            part = slice(max(0, since - 60), since + 90)
            return f"text {at}: …{mine[part]} and …{yours[part]}"
    return f"{len(one)} and {len(other)} texts"


def receipts(said: dict[str, tuple[str, ...]]) -> list[str]:
    """Return the first receipts that phones got over their sockets."""
    return [
        text
        for channel, texts in said.items()
        if channel.startswith("phone")
        for text in texts
        if '"type":"receipt"' in text and "duplicate" not in text
    ]
