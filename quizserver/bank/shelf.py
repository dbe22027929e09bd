"""The packs a server can play: what lies in its folders, found by pack id.

Folders are searched in order and the first sound or unsound pack of an id
counts: what an organiser imported hides what was shipped. A pack with flaws is
listed with them but never returned. Only the first folder is ever written to, and
by one writer at a time, of this process or another. Called by `app`, `web` and the
commands.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from quizserver.bank.fields import Wrong
from quizserver.bank.flaws import Flaw, PackRefused
from quizserver.bank.images import check_image
from quizserver.bank.load import PACK_FILE, load
from quizserver.bank.names import nearest
from quizserver.bank.toml_form import toml_text
from quizserver.bank.validate import UNFINISHED, Demands
from quizserver.domain.rundown import Pack, Question
from quizserver.failures import Failure

FOLDER: Final = "packs"
"""The folder of imported packs inside the data folder."""

_HASH_LETTERS: Final = 12
_LOCK: Final = ".lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSummary:
    """A pack as lists show it; with flaws only id, folder and flaws are known.

    `questions` counts those to play, `reserves` the reserve questions.
    """

    id: str
    title: str
    lang: str
    questions: int
    reserves: int
    folder: Path
    flaws: tuple[Flaw, ...] = ()


class UnknownPack(Failure):
    """No folder holds a pack of this id."""

    def __init__(self, pack_id: str, known: tuple[str, ...]) -> None:
        """Keep the id asked for and those that exist."""
        there = nearest(pack_id, known) or ", ".join(known)
        super().__init__("desk.no_pack", id=pack_id, there=there)
        self.known = known


class PackExists(Failure):
    """There is a pack of this id already."""

    def __init__(self) -> None:
        super().__init__("editor.error.exists")


def packs(folders: Iterable[Path]) -> list[PackSummary]:
    """Return the packs in `folders` by id; earlier folders win."""
    return [summary for summary, _ in opened(folders)]


def opened(
    folders: Iterable[Path], demands: Demands | None = None
) -> list[tuple[PackSummary, Pack | None]]:
    """Return the packs in `folders` by id, each with its summary.

    None stands for one with flaws. Without `demands` the others may go on air.
    """
    found: dict[str, tuple[PackSummary, Pack | None]] = {}
    for folder, pack in _all(folders, demands):
        summary = _summary(folder, pack)
        sound = None if isinstance(pack, PackRefused) else pack
        found.setdefault(summary.id, (summary, sound))
    return [found[name] for name in sorted(found)]


def sound(folders: Iterable[Path]) -> list[Pack]:
    """Return every pack that is fit to go on air, by id."""
    return [pack for _, pack in opened(folders) if pack is not None]


def load_pack(pack_id: str, folders: Iterable[Path]) -> Pack:
    """Return the pack `pack_id`, fit to go on air.

    Raises:
        UnknownPack: no folder has it.
        PackRefused: it has flaws.
    """
    return find_pack(pack_id, folders)[1]


def find_pack(
    pack_id: str, folders: Iterable[Path], demands: Demands | None = None
) -> tuple[Path, Pack]:
    """Return the folder of the pack `pack_id`, and the pack.

    Without `demands` it is fit to go on air.

    Raises:
        UnknownPack: no folder has it.
        PackRefused: it has flaws.
    """
    known = []
    for folder, pack in _all(folders, demands):
        name = _summary(folder, pack).id
        known.append(name)
        if name == pack_id:
            if isinstance(pack, PackRefused):
                raise pack
            return folder, pack
    raise UnknownPack(pack_id, tuple(sorted(set(known))))


def find_or_none(pack_id: str, folders: Iterable[Path]) -> Pack | None:
    """Return the pack `pack_id`, which may be unfinished; None where there is none.

    Raises:
        PackExists: what is there has flaws and cannot be looked at.
    """
    try:
        return find_pack(pack_id, folders, UNFINISHED)[1]
    except UnknownPack:
        return None
    except PackRefused:
        raise PackExists from None


def image_file(pack_id: str, name: str, folders: Iterable[Path]) -> Path | None:
    """Return the picture `name` of a pack, or None if there is none.

    Also a picture that the pack no longer names: a running show may.
    """
    try:
        folder, _ = find_pack(pack_id, folders, UNFINISHED)
        check_image(name, folder)
    except (UnknownPack, PackRefused, Wrong):
        return None
    return folder / name


def picture(folders: Iterable[Path], name: str) -> Path | None:
    """Return the picture `name` of whichever pack has it, or None."""
    homes = (home for shelf in folders for home in shelf.glob("*/"))
    return next((home / name for home in homes if (home / name).is_file()), None)


def place(pack: Pack, folder: Path, source: Path) -> Path:
    """Put `pack` on the shelf `folder` with its pictures from `source`.

    `pack.toml` changes in one step, so that a reader sees the old pack or the
    new one. Pictures are kept under names with their hash and never replaced:
    a running show keeps its own. Returns the pack's folder.

    Raises:
        OSError: the shelf cannot be written.
    """
    with _locked(folder):
        return _placed(pack, folder, source)


def change(
    pack_id: str, folders: Sequence[Path], edit: Callable[[Pack, Path], Pack]
) -> tuple[Path, Pack]:
    """Write what `edit` makes of a pack and its folder; return both as they are then.

    A shipped pack is copied to the first folder; the shipped file stays. Whatever
    `edit` raises, nothing has changed.

    Raises:
        UnknownPack: no folder has it.
        PackRefused: it has flaws that are more than something missing.
        OSError: the shelf cannot be written.
    """
    with _locked(folders[0]):
        source, pack = find_pack(pack_id, folders, UNFINISHED)
        changed = edit(pack, source)
        if changed == pack:
            return source, pack
        home = _placed(changed, folders[0], source)
        return home, load(home, UNFINISHED)


def exchange(
    pack: Pack,
    source: Path,
    folders: Sequence[Path],
    check: Callable[[Pack | None], None],
) -> Path:
    """Put a whole pack in the place of the one of its id; return its folder.

    `check` sees what is there, None for nothing, and may raise to leave it so.

    Raises:
        PackExists: what is there has flaws and cannot be looked at.
        OSError: the shelf cannot be written.
    """
    with _locked(folders[0]):
        check(find_or_none(pack.id, folders))
        return _placed(pack, folders[0], source)


def add_picture(
    pack_id: str, name: str, content: bytes, folders: Sequence[Path]
) -> str:
    """Keep a picture with a pack, for one of its questions to name; return its name.

    Raises:
        UnknownPack, PackRefused, OSError: as `change`.
    """
    with _locked(folders[0]):
        source, pack = find_pack(pack_id, folders, UNFINISHED)
        home = folders[0] / pack.id
        if source != home:
            _placed(pack, folders[0], source)
        return _kept(Path(name), content, home)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep every other writer of the shelf out, in this process and in others."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _placed(pack: Pack, folder: Path, source: Path) -> Path:
    home = folder / pack.id
    home.mkdir(parents=True, exist_ok=True)
    placed = replace(
        pack,
        questions=tuple(_with_image(one, source, home) for one in pack.questions),
    )
    _write(home / PACK_FILE, toml_text(placed).encode())
    return home


def copy_images(pack: Pack, source: Path, folder: Path) -> None:
    """Copy the pictures that `pack` names from `source` to `folder`.

    Raises:
        OSError: `folder` cannot be written.
    """
    for question in pack.questions:
        if question.image is None or source.resolve() == folder.resolve():
            continue
        _write(folder / question.image, (source / question.image).read_bytes())


def _all(
    folders: Iterable[Path], demands: Demands | None = None
) -> Iterator[tuple[Path, Pack | PackRefused]]:
    for shelf in folders:
        if not shelf.is_dir():
            continue
        for folder in sorted(shelf.iterdir()):
            if not (folder / PACK_FILE).is_file():
                continue
            try:
                yield folder, load(folder, demands)
            except PackRefused as refused:
                yield folder, refused


def _summary(folder: Path, pack: Pack | PackRefused) -> PackSummary:
    if isinstance(pack, PackRefused):
        return PackSummary(
            id=folder.name,
            title=folder.name,
            lang="",
            questions=0,
            reserves=0,
            folder=folder,
            flaws=pack.flaws,
        )
    reserves = sum(question.reserve for question in pack.questions)
    return PackSummary(
        id=pack.id,
        title=pack.title,
        lang=pack.lang,
        questions=len(pack.questions) - reserves,
        reserves=reserves,
        folder=folder,
    )


def _with_image(question: Question, source: Path, home: Path) -> Question:
    if question.image is None:
        return question
    picture = source / question.image
    return replace(question, image=_kept(picture, picture.read_bytes(), home))


def _kept(picture: Path, content: bytes, home: Path) -> str:
    """Write a picture under a name with its hash, once; return the name."""
    mark = hashlib.sha256(content).hexdigest()[:_HASH_LETTERS]
    stem = picture.stem.removesuffix(f"-{mark}")[:80]
    name = f"{stem}-{mark}{picture.suffix.lower()}"
    if not (home / name).exists():
        _write(home / name, content)
    return name


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, also after a power cut."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
