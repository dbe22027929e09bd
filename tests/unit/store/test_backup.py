"""A backup is one moment of the ledger, whole or refused."""

import asyncio
import shutil
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from quizserver.failures import Failure
from quizserver.live.clock import SystemClock
from quizserver.store import backed_up
from quizserver.store.backup import DATABASE, MANIFEST, back_up, described_runs, restore
from quizserver.store.ledger import open_ledger
from quizserver.store.sqlite import SqliteLedger
from tests.unit.store.conftest import SECRET
from tests.unit.store.rows import EPOCH, Q1, SHOW, answer, event, put, registration


@pytest.fixture
def database(tmp_path: Path, empty_database: Path) -> str:
    """A database in a file: PostgreSQL has a backup of its own."""
    shutil.copy(empty_database, tmp_path / "quiz.db")
    return f"sqlite:///{tmp_path / 'quiz.db'}"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """The server's secret, in a file of its own."""
    path = tmp_path / "secret"
    path.write_bytes(SECRET)
    path.chmod(0o600)
    return path


@pytest.fixture
def archive(ledger: SqliteLedger, secret: Path, tmp_path: Path) -> Path:
    """A backup of a ledger with an event, a person and two answers."""

    async def played() -> None:
        await ledger.append(event(1))
        await ledger.register(registration("an", "r1"))
        await put(ledger, [answer("an"), answer("binh")])

    asyncio.run(played())
    picture = tmp_path / "packs" / "thu" / "a.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    made = tmp_path / "backups" / "backup.tar"
    back_up(tmp_path, tmp_path / "quiz.db", secret, made)
    return made


def restored(archive: Path, folder: Path) -> Path:
    """Restore into `folder`; return the database."""
    restore(archive, folder, folder / "quiz.db", folder / "secret")
    return folder / "quiz.db"


async def _read(path: Path) -> tuple[list[str], str]:
    """Return who answered, and the phone number of "an"."""
    ledger = open_ledger(f"sqlite:///{path}", secret=SECRET)
    try:
        rows = await ledger.answers_to(SHOW, EPOCH, Q1)
        (person,) = await ledger.registrations(SHOW, EPOCH)
        return [row.participant for row in rows], person.phone
    finally:
        ledger.close()


def test_a_restored_ledger_holds_what_was_backed_up(
    archive: Path, tmp_path: Path
) -> None:
    path = restored(archive, tmp_path / "new")
    participants, phone = asyncio.run(_read(path))
    assert participants == ["an", "binh"]
    assert phone == registration("an", "r1").phone
    assert (path.parent / "secret").read_bytes() == SECRET
    assert (path.parent / "packs" / "thu" / "a.png").read_bytes() == b"a picture"


def test_a_backup_leaves_word_of_itself_where_the_server_looks(
    archive: Path, tmp_path: Path
) -> None:
    """A restored folder has none: nobody has backed it up."""
    now_ms = SystemClock().utc_ms()
    assert 0 <= backed_up.age_s(archive.parent.parent, now_ms) < 60
    path = restored(archive, tmp_path / "new")
    assert backed_up.age_s(path.parent, now_ms) == backed_up.NEVER_S


def test_a_backup_holds_no_other_backup_and_no_lock(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    assert names == [MANIFEST, DATABASE, "secret", "data/packs/thu/a.png"]


@pytest.mark.parametrize("hidden", ["data", ".quizserver"])
def test_a_folder_named_as_people_type_it_is_backed_up_whole(
    archive: Path, tmp_path: Path, hidden: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`./data` while the database has its whole path, also below a hidden folder."""
    home = tmp_path / hidden
    database = restored(archive, home / "data")
    monkeypatch.chdir(home)
    back_up(Path("data"), database, Path("data/secret"), tmp_path / "again.tar")
    with tarfile.open(tmp_path / "again.tar") as tar:
        names = tar.getnames()
    assert names == [MANIFEST, DATABASE, "secret", "data/packs/thu/a.png"]


def test_a_link_is_backed_up_as_what_it_leads_to(archive: Path, tmp_path: Path) -> None:
    folder = restored(archive, tmp_path / "one").parent
    (tmp_path / "elsewhere.png").write_bytes(b"another picture")
    (folder / "packs" / "b.png").symlink_to(tmp_path / "elsewhere.png")
    again = tmp_path / "again.tar"
    back_up(folder, folder / "quiz.db", folder / "secret", again)
    path = restored(again, tmp_path / "two")
    assert (path.parent / "packs" / "b.png").read_bytes() == b"another picture"
    assert not (path.parent / "packs" / "b.png").is_symlink()


def test_a_backup_is_for_nobody_else_to_read(archive: Path, tmp_path: Path) -> None:
    path = restored(archive, tmp_path / "new")
    files = (archive, path, path.parent / "secret")
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


async def test_a_backup_beside_a_busy_writer_is_one_moment(
    ledger: SqliteLedger, secret: Path, tmp_path: Path
) -> None:
    """Everything up to some commit and nothing after it: the chain says so."""
    archive = tmp_path / "busy.tar"
    await put(ledger, [answer(f"first-{n}") for n in range(20)])
    copying = asyncio.create_task(  # noqa: TID251 - the backup is another program
        asyncio.to_thread(back_up, tmp_path, tmp_path / "quiz.db", secret, archive)
    )
    number = 0
    while not copying.done() or number < 200:
        await put(ledger, [answer(f"p{number}-{n}") for n in range(20)])
        number += 1
    manifest = await copying
    path = restored(archive, tmp_path / "new")
    (run,) = described_runs(path)
    assert manifest.runs == (run,)
    assert run.answers % 20 == 0
    assert run.link == run.answers // 20


@pytest.mark.parametrize("there", ["quiz.db", "quiz.db-wal", "secret"])
def test_nothing_that_is_there_is_written_over(
    archive: Path, tmp_path: Path, there: str
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / there).write_bytes(b"mine")
    with pytest.raises(Failure, match="is there already"):
        restored(archive, folder)
    assert (folder / there).read_bytes() == b"mine"
    assert [path.name for path in folder.iterdir()] == [there]


def _flip(archive: Path) -> None:
    """Change one byte of an answer inside the database."""
    whole = bytearray(archive.read_bytes())
    at = whole.index(b"binh", whole.index(b"SQLite format 3"))
    whole[at] ^= 1
    archive.write_bytes(bytes(whole))


def _cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:20_000])


def _no_tar(archive: Path) -> None:
    archive.write_bytes(b"\0" * 5)


def _without_secret(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        kept = {
            name: tar.extractfile(name).read()  # type: ignore[union-attr]
            for name in tar.getnames()
            if name != "secret"
        }
    _write(archive, kept)


def _newer(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        text = tar.extractfile(MANIFEST).read()  # type: ignore[union-attr]
    _write(archive, {MANIFEST: text.replace(b'"format": 1', b'"format": 2')})


def _elsewhere(archive: Path) -> None:
    """Name a file of the archive, and of its manifest, outside the folder."""
    with tarfile.open(archive) as tar:
        kept = {m.name: tar.extractfile(m).read() for m in tar}  # type: ignore[union-attr]
    name = "data/../../packs/thu/a.png"
    kept[MANIFEST] = kept[MANIFEST].replace(b"data/packs/thu/a.png", name.encode())
    kept[name] = kept.pop("data/packs/thu/a.png")
    _write(archive, kept)


def _no_manifest(archive: Path) -> None:
    _write(archive, {"../../etc/passwd": b"root"})


def _write(archive: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(archive, "w") as tar:
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            tar.addfile(about, BytesIO(content))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_flip, "quiz.db differs from its checksum"),
        (_cut, "is no whole backup"),
        (_no_tar, "is no whole backup"),
        (_without_secret, "secret is missing"),
        (_elsewhere, "cannot be put into"),
        (_newer, "format 2, ours is 1"),
        (_no_manifest, "its first file is no manifest"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_spoilt_backup_is_refused_and_leaves_nothing(
    archive: Path, tmp_path: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    spoil(archive)
    with pytest.raises(Failure, match=sentence):
        restored(archive, tmp_path / "new")
    assert [p.name for p in (tmp_path / "new").iterdir()] in ([], ["quiz.db.lock"])


def test_a_backup_needs_a_database_and_a_new_name(
    archive: Path, secret: Path, tmp_path: Path
) -> None:
    with pytest.raises(Failure, match="there is no database"):
        back_up(tmp_path, tmp_path / "none.db", secret, tmp_path / "b.tar")
    with pytest.raises(Failure, match="is there already"):
        back_up(tmp_path, tmp_path / "quiz.db", secret, archive)
    with pytest.raises(Failure, match="cannot back up"):
        back_up(tmp_path, tmp_path / "quiz.db", secret, secret / "b.tar")
