"""An export made to fit again after it was changed, as a forger would."""

from typing import Any

from quizserver.reports.verify.chain import START, canonical, seal_code
from quizserver.reports.verify.pack import compact, sha256

Row = dict[str, Any]
"""A line of an export."""


def relinked(rows: list[Row], *, with_seals: bool) -> None:
    """Make every link anew, so that the chain fits what the rows now say."""
    digests: dict[tuple[int, int], str] = {}
    sealed: dict[int, str] = {}
    placed = sorted((r for r in rows if "batch" in r), key=lambda r: r["batch"])
    links = {row["no"]: row for row in rows if row["kind"] == "batch"}
    prev = START
    for no, link in sorted(links.items()):
        inside = sorted(
            (row for row in placed if row["batch"] == no), key=lambda r: r["line"]
        )
        for row in inside:
            if with_seals and row.get("name") == "QuestionSealed":
                row["data"]["sha256"] = sealed[row["data"]["link"]]
            digests[no, row["line"]] = sha256(compact(canonical(row, rows[0])))
        joined = "".join(digests[no, row["line"]] for row in inside)
        link["prev"], link["sha256"] = prev, sha256(prev + joined)
        prev = sealed[no] = link["sha256"]
    rows[0]["head"]["sha256"] = prev
    for row in rows:
        if with_seals and row["kind"] == "seal":
            row["sha256"] = sealed[row["link"]]
            row["code"] = seal_code(row["sha256"])
