"""Opening a ledger: one owner, and a plain sentence for each way it fails."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from quizserver.failures import Failure
from quizserver.store import ledger as ledger_module
from quizserver.store.archive import open_archive
from quizserver.store.files import FileLock, open_reader, open_writer
from quizserver.store.ledger import open_ledger
from tests.unit.store.conftest import SECRET
from tests.unit.store.rows import EPOCH, Q1, SHOW, answer, event, put, registration


def open_and_close(url: str) -> None:
    open_ledger(url, secret=SECRET).close()


class TestOwner:
    def test_second_owner_is_refused_with_path_and_cure(self, tmp_path: Path) -> None:
        path = tmp_path / "quiz.db"
        lock = FileLock(path)
        with pytest.raises(Failure, match="in use by another quizserver") as failure:
            FileLock(path)
        assert str(path) in str(failure.value)
        assert "QUIZ_DATA_DIR" in str(failure.value)
        lock.release()
        FileLock(path).release()

    def test_lock_goes_with_its_process_however_it_ends(self, tmp_path: Path) -> None:
        path = tmp_path / "quiz.db"
        code = (
            "import os, signal, sys; from pathlib import Path; "
            "from quizserver.store.files import FileLock; "
            "lock = FileLock(Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
        )
        killed = subprocess.run([sys.executable, "-c", code, path], check=False)
        assert killed.returncode == -9
        FileLock(path).release()

    def test_failed_opening_gives_the_lock_back(self, tmp_path: Path) -> None:
        path = tmp_path / "quiz.db"
        path.write_bytes(b"this is no database, but long enough to be read as one")
        for _ in range(2):
            with pytest.raises(Failure, match="cannot open the database"):
                open_and_close(f"sqlite:///{path}")

    def test_closing_twice_gives_the_file_to_the_next(
        self, tmp_path: Path, empty_database: Path
    ) -> None:
        path = tmp_path / "quiz.db"
        path.write_bytes(empty_database.read_bytes())
        ledger = open_ledger(f"sqlite:///{path}", secret=SECRET)
        ledger.close()
        ledger.close()
        open_and_close(f"sqlite:///{path}")


class TestSentences:
    def test_postgresql_without_its_driver(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ledger_module, "find_spec", lambda _: None)
        with pytest.raises(Failure, match="pip install 'psycopg"):
            open_and_close("postgresql://quiz@db/quiz")

    @pytest.mark.parametrize(
        "url",
        ["sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://x/y", "quiz.db"],
    )
    def test_url_that_names_no_file(self, url: str) -> None:
        with pytest.raises(Failure, match="expected sqlite:///PATH"):
            open_and_close(url)

    def test_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(Failure, match="cannot write in") as failure:
            open_and_close(f"sqlite:///{tmp_path / 'file' / 'quiz.db'}")
        assert "make the folder writable" in str(failure.value)

    def test_database_of_a_newer_version(
        self, tmp_path: Path, empty_database: Path
    ) -> None:
        path = tmp_path / "quiz.db"
        path.write_bytes(empty_database.read_bytes())
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("update alembic_version set version_num = '9999'")
        with pytest.raises(Failure, match="made by a newer quizserver"):
            open_and_close(f"sqlite:///{path}")

    async def test_database_is_nobody_elses_to_read(self, tmp_path: Path) -> None:
        """Names stand in it, and in the log beside it; also after an upgrade."""
        path = tmp_path / "quiz.db"
        path.touch(mode=0o644)
        before = os.umask(0o022)
        try:
            ledger = open_ledger(f"sqlite:///{path}", secret=SECRET)
            await ledger.append(event(1))
            modes = {one.name: one.stat().st_mode & 0o777 for one in tmp_path.iterdir()}
            ledger.close()
        finally:
            os.umask(before)
        assert modes.keys() >= {"quiz.db", "quiz.db-wal", "quiz.db-shm"}
        assert set(modes.values()) == {0o600}

    def test_missing_folder_is_made(self, tmp_path: Path) -> None:
        open_and_close(f"sqlite:///{tmp_path / 'new' / 'quiz.db'}")
        assert (tmp_path / "new" / "quiz.db").exists()


class TestArchive:
    async def test_archive_reads_beside_the_owner(
        self, tmp_path: Path, empty_database: Path
    ) -> None:
        """An export during the show sees everything committed, and no lock."""
        path = tmp_path / "quiz.db"
        path.write_bytes(empty_database.read_bytes())
        url = f"sqlite:///{path}"
        ledger = open_ledger(url, secret=SECRET)
        await ledger.append(event(1))
        await put(ledger, [answer("p1")])
        await ledger.register(registration("p1"))
        with open_archive(url, lambda: SECRET) as archive:
            assert await archive.events(SHOW) == [event(1)]
            assert await archive.answers_to(SHOW, EPOCH, Q1) == [answer("p1")]
            await ledger.append(event(2))
            assert len(await archive.events(SHOW)) == 2
            assert await archive.registrations(SHOW, EPOCH) == [registration("p1")]
        ledger.close()
        with open_archive(url, lambda: SECRET) as archive:
            assert len(await archive.events(SHOW)) == 2

    @pytest.mark.parametrize("content", [None, b"", b"no database" * 500])
    def test_archive_that_is_not_there_is_one_sentence(
        self, tmp_path: Path, content: bytes | None
    ) -> None:
        path = tmp_path / "quiz.db"
        if content is not None:
            path.write_bytes(content)
        with (
            pytest.raises(Failure, match="no database of this version at"),
            open_archive(f"sqlite:///{path}", lambda: SECRET),
        ):
            pass


class TestConnections:
    def test_writer_waits_for_the_disk_and_leaves_checkpoints_to_the_journal(
        self, tmp_path: Path
    ) -> None:
        """R3.4; reliability of the log depends on each of these."""
        with closing(open_writer(tmp_path / "quiz.db")) as db:
            found = {
                name: db.execute(f"pragma {name}").fetchone()[0]
                for name in (
                    "journal_mode",
                    "synchronous",
                    "wal_autocheckpoint",
                    "foreign_keys",
                    "secure_delete",
                    "temp_store",
                )
            }
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,
            "wal_autocheckpoint": 0,
            "foreign_keys": 1,
            "secure_delete": 1,
            "temp_store": 2,  # savepoints write no file
        }

    def test_reader_cannot_write(self, tmp_path: Path) -> None:
        path = tmp_path / "quiz.db"
        with closing(open_writer(path)) as writer:
            writer.execute("create table t (x)")
            with (
                closing(open_reader(path)) as reader,
                pytest.raises(sqlite3.OperationalError, match="readonly"),
            ):
                reader.execute("insert into t values (1)")

    def test_odd_characters_in_the_path_are_part_of_it(self, tmp_path: Path) -> None:
        folder = tmp_path / "dữ liệu 100% #1"
        open_and_close(f"sqlite:///{folder / 'quiz.db'}")
        assert (folder / "quiz.db").exists()
