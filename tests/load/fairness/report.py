"""The table of a run: every figure beside the goal it is held to."""

from collections.abc import Iterator
from typing import Any

from tests.load.fairness.files import Files
from tests.load.fairness.records import read
from tests.load.fairness.score import scores


def report(files: Files) -> str:
    """Score a run, keep the figures as scores.json, return the table."""
    found = scores(read(files))
    found |= {name: files.told(name) for name in ("path", "phones", "server")}
    files.tell("scores", found)
    lines = [f"| {' | '.join(row)} |" for row in _rows(found)]
    return "\n".join([files.told("verified").strip(), "", *lines])


def _rows(found: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield "What", "Measured", "Goal"
    yield "---", "---", "---"
    top, slow, error = found["top1"], found["slow_wins"], found["error"]
    yield "truly fastest wins, `fair-1`", f"{top['fair']:.0%}", "≥ 90 %"
    yield "… by order of arrival", f"{top['arrival']:.0%}", "≤ 70 %"
    yield "… by received − sent", f"{top['sent']:.0%}", "≤ 70 %"
    yield "error, half of all answers", f"{error['p50']} ms", "≤ 10 ms"
    yield "error, 95 % of contenders", f"{error['contenders_p95']} ms", "≤ 30 ms"
    yield "error, 99 % of contenders", f"{error['contenders_p99']} ms", "≤ 200 ms"
    yield "slow networks' wins to true wins", _ratio(slow["fair"]), "0.8 to 1.2"
    yield "… by order of arrival", _ratio(slow["arrival"]), ""
    yield "… first ten places", _ratio(found["slow_top10"]["fair"]), "0.8 to 1.2"
    for kind, (name, goal) in _GOALS.items():
        gain = found["gain"][kind]
        told = f"{gain['median']} / {gain['wifi_median']} / {gain['p99']} ms"
        yield f"gain, {name}: median / on Wi-Fi / 99 %", told, f"median ≤ {goal} ms"
    yield "replayed or sent early, accepted", str(found["stolen"]), "0"
    for stamp, off in found["stamps"].items():
        told = f"{off['p50']} / {off['p99']} ms"
        yield f"stamp of {stamp}, median / 99 %", told, "≤ 2 ms"
    spread = found["spread"]
    yield "fan-out, median / 99 %", f"{spread['p50']} / {spread['p99']} ms", "≤ 150 ms"
    waited, worked = found["server"]["waited_s"], found["server"]["processor_s"]
    yield "server waited for a processor", f"{waited:.1f} s of {worked:.1f} s", ""
    blind = found["blind"]
    yield f"prizes of {blind['phones']} blind tappers", f"{blind['free']:.0%}", ""
    yield "… when 8 of 10 must be right", f"{blind['8_of_10']:.0%}", ""


def _ratio(slow: dict[str, Any]) -> str:
    return f"{slow['ratio']} ({slow['given']} of {slow['true']})"


_GOALS = {
    "EDITED": ("edited page", 80),
    "HOLDER": ("own client that holds pongs", 130),
    "SILENT": ("own client that is silent", 130),
    "BOXED": ("own network box", 500),
    "MOVER": ("reconnects in mid-question", 20),
    "SECOND": ("answers on a second device", 20),
}
