"""The schema: what the migrations make is what the tables say."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from quizserver.domain.ids import ParticipantId
from quizserver.live.clock import SystemClock
from quizserver.live.rows import AnswerRow, Stored
from quizserver.store import migrate
from quizserver.store.accounts import StoredAccounts
from quizserver.store.chain import ANSWER_COLUMNS, EVENT_COLUMNS, FLAG_COLUMNS
from quizserver.store.files import FileLock
from quizserver.store.ledger import open_ledger
from quizserver.store.sqlite import SqliteLedger
from quizserver.store.tables import METADATA
from tests.unit.store.conftest import SECRET
from tests.unit.store.recount import chained, first_broken, links
from tests.unit.store.rows import EPOCH, Q1, SHOW, answer, event, flag, put

FIRST = Path(__file__).parents[2] / "fixtures" / "databases" / "0001.sql"
"""A database that version 0001 wrote: three runs, the third commit of all three."""


def names(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as db:
        return {row[0] for row in db.execute("select name from sqlite_master")}


def test_models_and_migrations_agree(empty_database: Path) -> None:
    engine = create_engine(f"sqlite:///{empty_database}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        difference = compare_metadata(context, METADATA)
    engine.dispose()
    assert difference == []


@pytest.mark.parametrize(
    ("table", "in_order_of_the_key"),
    [("answer", False), ("batch", True), ("flag", True), ("score", True)],
)
def test_order_on_the_disk(
    empty_database: Path, table: str, *, in_order_of_the_key: bool
) -> None:
    """One tree, or a table and an index: what Alembic does not compare."""
    in_order = "WITHOUT ROWID" in statement(empty_database, table)
    assert in_order == in_order_of_the_key


def test_head_is_the_newest_migration() -> None:
    script = ScriptDirectory.from_config(migrate.alembic_settings())
    assert script.get_current_head() == migrate.HEAD


def test_hashed_columns_are_all_but_the_place_in_the_chain() -> None:
    place = {"batch", "line", "seq"}
    hashed = {"answer": ANSWER_COLUMNS, "event": EVENT_COLUMNS, "flag": FLAG_COLUMNS}
    for table, columns in hashed.items():
        assert set(columns) == set(METADATA.tables[table].columns.keys()) - place
    assert (*ANSWER_COLUMNS, "batch", "line") == AnswerRow.__struct_fields__


def test_upgrade_may_be_repeated(tmp_path: Path) -> None:
    path = tmp_path / "quiz.db"
    migrate.upgrade(f"sqlite:///{path}")
    migrate.upgrade(f"sqlite:///{path}")
    assert migrate.is_current(path)


def step(path: Path, direction: Callable[[Any, str], None], revision: str) -> None:
    """Take a database to a revision, up or down."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            settings = migrate.alembic_settings()
            settings.attributes["connection"] = connection
            direction(settings, revision)
    finally:
        engine.dispose()


def downgrade(path: Path) -> None:
    step(path, command.downgrade, "base")


def test_downgrade_takes_everything_back(tmp_path: Path, empty_database: Path) -> None:
    path = tmp_path / "quiz.db"
    path.write_bytes(empty_database.read_bytes())
    downgrade(path)
    assert names(path) == {"alembic_version", "sqlite_autoindex_alembic_version_1"}


def test_downgrade_of_a_database_with_rows_is_refused(first: Path) -> None:
    """The chain of version 0001 cannot be made of the chains of its runs."""
    migrate.upgrade(f"sqlite:///{first}")
    with pytest.raises(NotImplementedError, match="restore the backup"):
        downgrade(first)
    assert migrate.is_current(first)


def test_upgrade_cut_short_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a schema would keep the next start from making a whole one."""
    path = tmp_path / "quiz.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table token (hash text)")  # the last one but one made
    with pytest.raises(Exception, match="already exists"):
        migrate.upgrade(f"sqlite:///{path}")
    assert names(path) == {"token"}


@pytest.mark.parametrize("content", [None, b""], ids=["missing", "empty"])
def test_database_without_schema_is_not_current(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "quiz.db"
    if content is not None:
        path.write_bytes(content)
    assert not migrate.is_current(path)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """The database of version 0001."""
    path = tmp_path / "quiz.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(FIRST.read_text())
    return path


class TestFromTheFirstVersion:
    def test_rows_are_unchanged(self, first: Path) -> None:
        """All but their place in the chain, and the links."""
        before = contents(first)
        migrate.upgrade(f"sqlite:///{first}")
        assert contents(first) == before
        assert len(before["answer"]) == 7

    def test_each_run_has_a_chain_that_fits(self, first: Path) -> None:
        migrate.upgrade(f"sqlite:///{first}")
        assert first_broken(first) is None
        sizes = {
            run: [rows for _, rows, _, _ in links(first, *run)]
            for run in (("THU1", "e1"), ("THU1", "e2"), ("CCHC1", "e1"))
        }
        assert sizes == {
            ("THU1", "e1"): [1, 4, 1],
            ("THU1", "e2"): [1, 1],
            ("CCHC1", "e1"): [1, 2, 1],
        }

    def test_rows_keep_their_order(self, first: Path) -> None:
        migrate.upgrade(f"sqlite:///{first}")
        rows = sorted(chained(first, "THU1", "e1"))
        assert [[row[0], row[4]] for _, _, row in rows] == [
            ["event", 1_763_000_000_000],
            ["event", 1_763_000_100_000],
            ["answer", "an"],
            ["answer", "bình"],
            ["answer", "chi"],
            ["event", 1_763_000_000_000],
        ]

    async def test_server_goes_on_with_it(self, first: Path) -> None:
        ledger = open_ledger(f"sqlite:///{first}", secret=SECRET)
        await ledger.append(event(2))
        await put(ledger, [answer("em"), answer("phúc")])
        ledger.put_flag(flag("phúc"))
        await ledger.append(event(3))
        assert [row.step for row in await ledger.events(SHOW, "e1")] == [1, 2, 3]
        ledger.close()
        assert first_broken(first) is None
        assert len(links(first, SHOW, "e1")) > 3

    @pytest.mark.parametrize(
        ("tamper", "at"),
        [
            ("update answer set option = 'C' where participant = 'chi'", 3),
            ("delete from answer where participant = 'em'", 6),
            ("update event set at_ms = 1 where step = 1 and epoch = 'e2'", 5),
        ],
    )
    def test_broken_chain_is_said_in_the_log(
        self, first: Path, caplog: pytest.LogCaptureFixture, tamper: str, at: int
    ) -> None:
        """The new chain fits whatever the rows say, so it must be said before."""
        with closing(sqlite3.connect(first)) as db, db:
            db.execute(tamper)
        migrate.upgrade(f"sqlite:///{first}")
        said = [one.getMessage() for one in caplog.records if one.levelname != "INFO"]
        assert said == [f"the chain of the old database breaks at its link {at}"]

    async def test_tokens_go_on_without_an_end(self, first: Path) -> None:
        digest = sha256(b"qs_overlay_old").hexdigest()
        with closing(sqlite3.connect(first)) as db, db:
            row = (digest, "overlay", "THU1", "OBS", 1)
            db.execute("insert into token values (?, ?, ?, ?, ?)", row)
        ledger = open_ledger(f"sqlite:///{first}", secret=SECRET)
        accounts = StoredAccounts(ledger, lambda: 1_763_000_000_000)
        assert await accounts.bearer("qs_overlay_old") is not None
        accounts.close()
        ledger.close()

    def test_chain_that_fits_needs_no_word(
        self, first: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        migrate.upgrade(f"sqlite:///{first}")
        assert caplog.records == []


@pytest.fixture
async def fifth(tmp_path: Path) -> Path:
    """A database of version 0005: answers of two runs, some offered twice; a flag."""
    path = tmp_path / "quiz.db"
    step(path, command.upgrade, "0005")
    ledger = SqliteLedger(
        path,
        lock=FileLock(path),
        secret=SECRET,
        linger_ms=0,
        now_ns=SystemClock().monotonic_ns,
    )
    for number in range(1, 5):
        await ledger.append(event(number))
        rows = [answer(f"{n * 7919 % 1000:03}", time_ms=n) for n in range(number * 100)]
        await put(ledger, [*rows, answer("early", question=f"q{number}", epoch="e0")])
    ledger.put_flag(flag("000"))
    ledger.close()
    return path


class TestAnswersAsTheyCome:
    def test_every_row_is_kept_whole(self, fifth: Path) -> None:
        before = whole(fifth)
        migrate.upgrade(f"sqlite:///{fifth}")
        assert whole(fifth) == before
        assert len(before["answer"]) == 404
        assert first_broken(fifth) is None

    def test_nothing_is_left_of_the_old_table(
        self, fifth: Path, empty_database: Path
    ) -> None:
        migrate.upgrade(f"sqlite:///{fifth}")
        assert names(fifth) == names(empty_database)

    async def test_server_goes_on_with_it(self, fifth: Path) -> None:
        ledger = open_ledger(f"sqlite:///{fifth}", secret=SECRET)
        first = await ledger.answers_to(SHOW, EPOCH, Q1, [ParticipantId("000")])
        told = await put(ledger, [answer("000", "B"), answer("new")])
        ledger.close()
        assert told == [(first[0], Stored.DUPLICATE), (answer("new"), Stored.NEW)]
        assert first_broken(fifth) is None

    def test_upgrade_that_breaks_off_leaves_the_old_table(
        self, fifth: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A full disk, say, when the rows are copied already."""
        before = whole(fifth)
        monkeypatch.setattr(op, "drop_table", cut_short)
        with pytest.raises(OSError, match="no space"):
            migrate.upgrade(f"sqlite:///{fifth}")
        assert not migrate.is_current(fifth)
        assert whole(fifth) == before
        assert "answer_before" not in names(fifth)

    def test_way_back_keeps_every_row(self, fifth: Path) -> None:
        before = whole(fifth)
        migrate.upgrade(f"sqlite:///{fifth}")
        step(fifth, command.downgrade, "0005")
        assert whole(fifth) == before
        assert "WITHOUT ROWID" in statement(fifth, "answer")


def cut_short(_table: str) -> None:
    raise OSError("no space")


def statement(path: Path, table: str) -> str:
    """Return the statement that makes a table."""
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("select sql from sqlite_master where name = ?", (table,))
        return str(found.fetchone()[0])


def whole(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of the chained tables and the chain, in one order."""
    with closing(sqlite3.connect(path)) as db:
        return {
            name: sorted(db.execute(f"select * from {name}"))
            for name in ("event", "answer", "flag", "batch")
        }


def contents(path: Path) -> dict[str, set[tuple[object, ...]]]:
    """Return the rows of the database without their place in the chain and streaks."""
    with closing(sqlite3.connect(path)) as db:
        return {
            table: set(db.execute(f"select {columns(db, table)} from {table}"))
            for table in ("show", "event", "answer", "person", "placing", "score")
        }


def columns(db: sqlite3.Connection, table: str) -> str:
    found = db.execute(f"select name from pragma_table_info('{table}')")
    return ", ".join(sorted({name for (name,) in found} - {"batch", "line", "streak"}))


def test_upgrade_says_nothing_of_alembic(tmp_path: Path) -> None:
    """The first start of the server shows addresses, not a tool's own words."""
    code = (
        "import logging, sys; logging.basicConfig(level=logging.INFO); "
        "from quizserver.store.migrate import upgrade; upgrade(sys.argv[1])"
    )
    url = f"sqlite:///{tmp_path / 'quiz.db'}"
    said = subprocess.run(
        [sys.executable, "-c", code, url], check=True, capture_output=True, text=True
    )
    assert (said.stdout, said.stderr) == ("", "")
