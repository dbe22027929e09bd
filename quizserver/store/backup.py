"""Copies the ledger while it is being written, and puts a copy back.

A backup is one tar file: `manifest.json`, the database, the server's secret,
without which no phone number could be read and no participant come back, and what
else lies in the data folder (imported packs and their pictures). The copy of the
database is one moment: it is read in a single transaction beside the writer, whom
it does not stop. The manifest holds the newest link of every run's hash chain, so
that a copy which was changed or cut short is refused before anything is touched.
"""

import hashlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterable
from contextlib import closing
from io import BytesIO
from pathlib import Path, PurePath
from typing import Final

import msgspec

from quizserver.failures import Failure, cause_of
from quizserver.live.clock import SystemClock, rfc3339
from quizserver.store import backed_up
from quizserver.store.files import FileLock, open_reader
from quizserver.store.migrate import HEAD

FORMAT: Final = 1
"""Version of the archive; a restore refuses one it does not know."""

MANIFEST: Final = "manifest.json"
DATABASE: Final = "quiz.db"
SECRET: Final = "secret"  # noqa: S105 - the name of a file

BESIDE: Final = "data/"
"""What the names of the other files of the data folder begin with."""

_LEFT_OUT: Final = frozenset(
    {".lock", ".sock", ".tar", "-wal", "-shm", "alive", backed_up.MARK}
)
_MOST_MANIFEST: Final = 1 << 20
_CHUNK: Final = 1 << 20

_RUNS: Final = """
select batch.show, batch.epoch, batch.no, batch.sha256,
    (select count(*) from event
        where event.show = batch.show and event.epoch = batch.epoch),
    (select count(*) from answer
        where answer.show = batch.show and answer.epoch = batch.epoch)
from batch
join (select show, epoch, max(no) as no from batch group by show, epoch) as newest
    on newest.show = batch.show and newest.epoch = batch.epoch
    and newest.no = batch.no
order by batch.show, batch.epoch
"""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a show in a backup: its chain's newest link, and how much."""

    show: str
    epoch: str
    link: int
    sha256: str
    events: int
    answers: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds; `made_at` is RFC 3339 UTC, `files` sha256 by name."""

    format: int
    schema: str
    made_at: str
    files: dict[str, str]
    runs: tuple[Run, ...]

    @property
    def answers(self) -> int:
        """Answers of all runs."""
        return sum(run.answers for run in self.runs)


def back_up(folder: Path, database: Path, secret: Path, archive: Path) -> Manifest:
    """Write a backup to the new file `archive`.

    `folder` is the data folder; `database` and `secret` may lie elsewhere. May
    run beside a server. The file is complete or not there, and for nobody
    else to read.

    Raises:
        Failure: there is no such database, or the archive cannot be written.
    """
    if not database.exists():
        raise Failure("failure.no_database", file=str(database))
    if archive.exists():
        raise Failure("failure.backup_is_there", file=str(archive))
    try:
        archive.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=archive.parent, prefix=".backup-") as at:
            copy = Path(at) / DATABASE
            _copy(database, copy)
            files = {DATABASE: copy, SECRET: secret}
            files |= _beside(folder, {database, secret}, Path(at))
            manifest = _described(copy, files)
            whole = Path(at) / archive.name
            _pack(whole, manifest, files)
            whole.rename(archive)
            _sync_folder(archive.parent)
    except (OSError, sqlite3.Error) as error:
        raise Failure(
            "failure.backup_unwritten", file=str(archive), cause=cause_of(error)
        ) from None
    backed_up.note(folder, SystemClock().utc_ms())
    return manifest


def restore(archive: Path, folder: Path, database: Path, secret: Path) -> Manifest:
    """Put what `archive` holds where nothing is yet.

    Everything is checked before anything appears: the sums of the files, the
    database's own structure, and the chain's links against the manifest.

    Raises:
        Failure: no whole backup, or a database or secret is there already.
    """
    # A log without its database would be taken for the log of the restored one.
    log = database.with_name(database.name + "-wal")
    for there in (database, log, secret):
        if there.exists():
            raise Failure("failure.restore_over", file=str(there))
    database.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(database)
    try:
        return _put_back(archive, folder, database, secret)
    except _Broken as broken:
        raise _unwhole(archive, broken) from None
    except (OSError, tarfile.TarError, sqlite3.Error, msgspec.MsgspecError) as error:
        raise _unwhole(archive, cause_of(error)) from None
    finally:
        lock.release()


class _Broken(Failure):
    """What is wrong with an archive, to be said with its name."""


def _unwhole(archive: Path, cause: str | Failure) -> Failure:
    return Failure("failure.no_whole_backup", file=str(archive), cause=cause)


def described_runs(database: Path) -> tuple[Run, ...]:
    """Return the runs that a database holds.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    with closing(open_reader(database)) as connection:
        rows = connection.execute(_RUNS).fetchall()
    names = Run.__struct_fields__
    return tuple(Run(**dict(zip(names, row, strict=True))) for row in rows)


def _copy(database: Path, target: Path) -> None:
    """Copy one moment of the database, its log included, to a new file."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(open_reader(database)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        # All pages in one step: a copy in several would begin anew with every
        # commit of the server beside it.
        source.backup(copy, pages=-1)
        copy.execute("pragma journal_mode = delete").fetchall()


def _beside(folder: Path, others: set[Path], at: Path) -> dict[str, Path]:
    """Copy the other files of the data folder to `at`, by their name in the archive.

    From a copy, since one that is written to between its sum and the archive would
    make the whole backup worthless; and what a link leads to, not the link.
    """
    # Settings name the folder as it was typed, and the database by its whole path.
    left_out = {path.resolve() for path in others}
    copies: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and path.resolve() not in left_out and not _is_left_out(name):
            copy = at / f"beside-{len(copies)}"
            copies[BESIDE + name.as_posix()] = copy
            shutil.copyfile(path, copy)
    return copies


def _is_left_out(name: PurePath) -> bool:
    """Tell whether a file is no part of a backup, by its name in the data folder."""
    hidden = any(part.startswith(".") for part in name.parts)
    return hidden or name.name.endswith(tuple(_LEFT_OUT))


def _described(copy: Path, files: dict[str, Path]) -> Manifest:
    return Manifest(
        format=FORMAT,
        schema=HEAD,
        made_at=rfc3339(SystemClock().utc_ms()),
        files={name: _sum(path) for name, path in files.items()},
        runs=described_runs(copy),
    )


def _pack(archive: Path, manifest: Manifest, files: dict[str, Path]) -> None:
    descriptor = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            text = msgspec.json.format(msgspec.json.encode(manifest))
            about = tarfile.TarInfo(MANIFEST)
            about.size, about.mode = len(text), 0o600
            tar.addfile(about, BytesIO(text))
            for name, path in files.items():
                tar.add(path, arcname=name, recursive=False, filter=_private)
        file.flush()
        os.fsync(file.fileno())


def _private(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mode, member.uid, member.gid = 0o600, 0, 0
    member.uname = member.gname = ""
    return member


def _put_back(archive: Path, folder: Path, database: Path, secret: Path) -> Manifest:
    with (
        tarfile.open(archive) as tar,
        tempfile.TemporaryDirectory(dir=database.parent, prefix=".restore-") as at,
    ):
        manifest = _read_manifest(tar)
        places = {SECRET: secret, DATABASE: database}
        names = [*(name for name in manifest.files if name not in places), *places]
        copy = Path(at)
        for number, name in enumerate(names):
            if name not in places:
                places[name] = _place(folder, name)
            copy = Path(at) / str(number)
            _unpack(tar, name, copy)
            if _sum(copy) != manifest.files.get(name):
                raise _Broken("failure.backup.checksum", name=name)
        _check(copy, manifest)  # the database, which is the last
        # And it is put last: without it nothing of the rest counts.
        for number, name in enumerate(names):
            places[name].parent.mkdir(parents=True, exist_ok=True)
            (Path(at) / str(number)).rename(places[name])
        _sync_folder(database.parent)
    return manifest


def _place(folder: Path, name: str) -> Path:
    """Return where a file of the data folder goes; never outside, never over one."""
    place = folder / name.removeprefix(BESIDE)
    inside = place.resolve().is_relative_to(folder.resolve())
    if not name.startswith(BESIDE) or not inside or place.exists():
        raise _Broken("failure.backup.place", name=name, folder=str(folder))
    return place


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    member = tar.next()
    if member is None or member.name != MANIFEST or member.size > _MOST_MANIFEST:
        raise _Broken("failure.backup.no_manifest")
    file = tar.extractfile(member)
    text = file.read() if file is not None else b""
    manifest = msgspec.json.decode(text, type=Manifest)
    if manifest.format != FORMAT:
        raise _Broken("failure.backup.format", format=manifest.format, ours=FORMAT)
    return manifest


def _unpack(tar: tarfile.TarFile, name: str, target: Path) -> None:
    """Write one regular file of the archive; its own path counts for nothing."""
    try:
        file = tar.extractfile(name)
    except KeyError:
        file = None
    if file is None:
        raise _Broken("failure.backup.missing", name=name)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as copy:
        while chunk := file.read(_CHUNK):
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())


def _check(database: Path, manifest: Manifest) -> None:
    with closing(sqlite3.connect(database)) as connection:
        problems = connection.execute("pragma integrity_check").fetchall()
    if problems != [("ok",)]:
        raise _Broken("failure.backup.damaged", problem=str(problems[0][0]))
    if described_runs(database) != manifest.runs:
        raise _Broken("failure.backup.other_runs")


def _sum(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
