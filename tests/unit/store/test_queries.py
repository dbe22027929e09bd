"""The SQL must be understood by databases that the tests do not run (`queries`)."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS

from quizserver.store import account_queries, process_queries, queries
from quizserver.store.files import open_reader
from quizserver.store.sqlite_readers import SqliteReaders
from quizserver.store.tables import METADATA

STATEMENTS = {
    name: sql
    for module in (queries, account_queries, process_queries)
    for name, sql in vars(module).items()
    if name.isupper() and isinstance(sql, str)
}

OWN = set(METADATA.tables) | {
    column.name for table in METADATA.tables.values() for column in table.columns
}
"""What we called our tables and columns."""


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_names_that_postgresql_reserves_are_in_quotes(name: str) -> None:
    """SQLite takes a table called `placing` without them."""
    words = re.findall(r'(?<!["\w:])[a-z_]+(?!["\w])', STATEMENTS[name])
    assert (set(words) & OWN & RESERVED_WORDS) == set()


def plan(database: Path, sql: str) -> list[str]:
    """Return the steps by which SQLite answers a query."""
    values = dict.fromkeys(re.findall(r":(\w+)", sql), "[]")
    with closing(open_reader(database)) as db:
        return [row[3] for row in db.execute(f"explain query plan {sql}", values)]


@pytest.mark.parametrize(
    "sql",
    [
        queries.TALLY,
        queries.ANSWERS_TO,
        queries.PROVISIONAL,
        queries.RANK_QUESTION,
        queries.ADD_SCORES,
        queries.OWN_ANSWERS,
    ],
)
def test_question_is_read_without_the_rest_of_its_show(
    empty_database: Path, sql: str
) -> None:
    steps = [step for step in plan(empty_database, sql) if " answer" in step]
    assert len(steps) == 1
    assert "(show=? AND epoch=? AND question=?)" in steps[0]


@pytest.mark.parametrize("sql", [queries.SOME_ANSWERS_TO, queries.ANSWERS_OF])
def test_some_answers_are_found_by_their_whole_key(
    empty_database: Path, sql: str
) -> None:
    order = "order by answer.question, participant"
    steps = plan(empty_database, f"{sql}{SqliteReaders.NAMED} {order}")
    assert any("question=? AND participant=?)" in step for step in steps)
    assert "SCAN answer" not in steps
