"""The SQL must be understood by databases that the tests do not run (`queries`)."""

import re

import pytest
from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS

from quizserver.store import queries
from quizserver.store.tables import METADATA

STATEMENTS = {
    name: sql
    for name, sql in vars(queries).items()
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
