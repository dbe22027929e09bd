"""Who may win what, a second time: the lines for the prizes, and the claims (R5.4).

A line is who comes next for a prize, best first. A claim is somebody's place in
a line, as the rules and the words of the hosts leave it. A tie is never broken
here: it stays undecided until a host confirms somebody (R5.5).
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from quizserver.reports.verify.ranks import TOP, Given, places, standings

SHOW: Final = "show"
"""The prize of the whole show; the others are named by their question."""

DEPTH: Final = 50
"""How many who satisfy the rules a line holds."""

IMPOSSIBLE_MS: Final = 300
"""Below this T an answer wins no question's prize (R4.11)."""

OUT: Final = ("passed", "skipped")

Counting = Mapping[str, tuple[Sequence[Given], str]]
"""Of each question that counts: its answers, and the key in force."""


class Candidate(NamedTuple):
    """Somebody in a line; `right` counts the whole show, None before its end."""

    rank: int
    tied: bool
    participant: str
    time_ms: int
    right: int | None = None


class Claim(NamedTuple):
    """A candidate with a status; `reason` is a host's, or the code of a rule."""

    candidate: Candidate
    status: str = "provisional"
    reason: str = ""


class Word(NamedTuple):
    """What a host said of a claim: why it was skipped; None: it was confirmed."""

    prize: str
    participant: str
    reason: str | None


Line = list[Candidate]
Lines = Mapping[str, Line]


def lines_of(counting: Counting, least_right: int) -> dict[str, Line]:
    """Return the lines for all prizes: by question, then the show's.

    A question's line has the first ten, and the first fifty of those whose T is
    possible and who were right often enough in the show. A question that nobody got
    right has no line.
    """
    order = standings(counting.values())
    right = {row.participant: row.right for row in order}
    lines: dict[str, Line] = {}
    for question in sorted(counting):
        given, key = counting[question]
        row = [Candidate(*p, right[p.participant]) for p in places(given, key)]
        may = [at for at, c in enumerate(row) if may_win(c, least_right)]
        kept = sorted({*range(min(TOP, len(row))), *may[:DEPTH]})
        if kept:
            lines[question] = [row[at] for at in kept]
    lines[SHOW] = [
        Candidate(s.rank, s.tied, s.participant, s.total_ms, s.right)
        for s in order[:DEPTH]
        if s.right
    ]
    return lines


def may_win(candidate: Candidate, least_right: int) -> bool:
    """Tell whether T is possible and there are right answers enough."""
    enough = candidate.right is None or candidate.right >= least_right
    return candidate.time_ms >= IMPOSSIBLE_MS and enough


def claims(
    lines: Lines,
    said: Iterable[Word],
    not_eligible: Iterable[str],
    rules: Mapping[str, Any],
    withdrawn: Container[str] = (),
) -> dict[str, list[Claim]]:
    """Return for each prize who wins, or may, and who was passed over before.

    Of several words on the same claim the last counts.
    """
    words = {(word.prize, word.participant): word.reason for word in said}
    won = Counter(who for (_, who), reason in words.items() if reason is None)
    most, out = rules["max_prizes_per_person"], set(not_eligible)

    def judged(prize: str, candidate: Candidate) -> Claim:
        who = candidate.participant
        word = words.get((prize, who), "")
        others = won[who] - (word is None)
        if who in out:
            code = "not_eligible"
        elif who in withdrawn and word is not None:
            code = "withdrawn"
        elif most and others >= most:
            code = "max_prizes"
        else:
            code = _by_the_answer(prize, candidate, rules["prize_min_right"])
        if code:
            return Claim(candidate, "passed", code)
        if word is None:
            return Claim(candidate, "confirmed")
        return Claim(candidate, "skipped", word) if word else Claim(candidate)

    return {
        prize: _front([judged(prize, candidate) for candidate in line])
        for prize, line in lines.items()
    }


def overtaken(lines: Lines, said: Iterable[Word], who: str) -> list[Word]:
    """Return the confirmations of others in whose line `who` stands as high.

    They fall when somebody comes back into the lines: the winner may change.
    """
    ranks = {
        (p, row.participant): row.rank for p, line in lines.items() for row in line
    }
    return [
        word
        for word in said
        if word.reason is None
        and word.participant != who
        and (word.prize, who) in ranks
        and ranks[word.prize, who] <= ranks.get(word[:2], ranks[word.prize, who])
    ]


def _by_the_answer(prize: str, candidate: Candidate, least_right: int) -> str:
    """Return the code of the rule that passes over this answer, "" for none."""
    if prize == SHOW or may_win(candidate, least_right):
        return ""
    return "impossible" if candidate.time_ms < IMPOSSIBLE_MS else "min_right"


def _front(line: list[Claim]) -> list[Claim]:
    """Return the first who are not out, equals together, and who stood before."""
    left = [claim for claim in line if claim.status not in OUT]
    if not left:
        return line
    rank = left[0].candidate.rank
    front = [claim for claim in line if claim.candidate.rank <= rank]
    tied = [claim for claim in left if claim.candidate.rank == rank]
    if len(tied) == 1:
        return front
    decided = any(claim.status == "confirmed" for claim in tied)
    status = "skipped" if decided else "undecided"
    return [
        c._replace(status=status) if c.status == "provisional" else c for c in front
    ]
