"""Seals: what was shown on the screens when no answer could come any more (R6.1).

A seal names the link that holds everything up to the close of a question. So no
answer that counts may stand in a later link, and the link cannot be made anew:
its code was read by everybody.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quizserver.reports.verify.chain import Chain, seal_code
from quizserver.reports.verify.finding import Finding, at, line

Row = Mapping[str, Any]


def problems(
    chain: Chain,
    sealed: Sequence[Row],
    rows: Sequence[tuple[int, Row]],
    newest: Mapping[str, tuple[int, int]],
    end: int,
) -> Iterator[Finding]:
    """Yield what does not fit.

    `sealed` are the events' data, `rows` the seal rows with their lines, `newest`
    the (link, line of the file) of each question's last answer that counts, `end` the
    number of lines.
    """
    for (number, row), event in zip(rows, sealed, strict=False):
        expected = {**event, "code": seal_code(event["sha256"])}
        for name in ("question", "link", "sha256", "code"):
            if row[name] != expected[name]:
                told, value = row[name], expected[name]
                what = Finding("verify.other_seal", name=name, told=told, value=value)
                yield at(line(number), what)
    if len(rows) != len(sealed):
        what = Finding("verify.seals_end", seals=len(rows), value=len(sealed))
        yield at(line(end), what)
    for event in sealed:
        question, link = event["question"], event["link"]
        if chain.sha256(link) != event["sha256"]:
            yield Finding("verify.not_what_sealed", link=link, question=question)
        last, number = newest.get(question, (0, 0))
        if last > link:
            yield at(line(number), Finding("verify.after_seal", question=question))


def codes_problems(chain: Chain, codes: Sequence[str]) -> Iterator[Finding]:
    """Yield the codes, as read off a screen, that no link of the chain has."""
    there = {_plain(seal_code(link.sha256)) for link in chain.links.values()}
    for code in codes:
        if _plain(code) not in there:
            yield Finding("verify.no_such_seal", code=code)


def _plain(code: str) -> str:
    """Return a code without what people write differently."""
    return code.upper().replace("-", "").replace(" ", "").translate(_ALIKE)


_ALIKE = str.maketrans("OIL", "011")
