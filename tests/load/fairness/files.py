"""What lies where in the folder of one run."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.load.fairness.people import Kind, Phone, invent


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is played: honest phones, phones of each cheating kind, questions."""

    honest: int
    cheats: int
    blind: int
    questions: int
    duration_ms: int
    seed: int

    def people(self) -> list[Phone]:
        """Return everybody, the same for the same plan."""
        counts = dict.fromkeys(Kind, self.cheats)
        counts |= {Kind.HONEST: self.honest, Kind.BLIND: self.blind}
        return invent(counts, self.seed)


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one run, all in `folder`."""

    folder: Path

    @property
    def networks(self) -> Path:
        """What path.c reads."""
        return self.folder / "networks.txt"

    @property
    def phones(self) -> Path:
        """What phones.c reads of each phone; holds tokens."""
        return self.folder / "phones.txt"

    @property
    def fingers(self) -> Path:
        """What every finger will do."""
        return self.folder / "plan.bin"

    @property
    def seen(self) -> Path:
        """What the path saw."""
        return self.folder / "path.bin"

    @property
    def taps(self) -> Path:
        """What the phones did: the truth."""
        return self.folder / "taps.bin"

    @property
    def audit(self) -> Path:
        """The server's audit export."""
        return self.folder / "audit.jsonl"

    def program(self, name: str) -> Path:
        """Return where a compiled program is."""
        return self.folder / name

    def tell(self, name: str, facts: object) -> None:
        """Write facts for another part of the lab."""
        (self.folder / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n")

    def told(self, name: str) -> Any:
        """Return what another part of the lab wrote."""
        return json.loads((self.folder / f"{name}.json").read_text())

    @property
    def plan(self) -> Plan:
        """The plan of this run."""
        return Plan(**self.told("plan"))

    def keep(self, plan: Plan) -> None:
        """Write the plan of this run."""
        self.tell("plan", asdict(plan))
