"""A pack that comes as an upload: any form, or a parcel with its pictures.

It is unpacked in a folder of its own and judged there; only `shelf.exchange` puts
it among the others. Flaws name the file as its sender calls it. A pack that names
pictures which lie with the pack of the same id already is given those.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from quizserver.bank import parcel, shelf
from quizserver.bank.drafts import PackDraft
from quizserver.bank.flaws import Flaw, PackRefused
from quizserver.bank.images import is_picture_name
from quizserver.bank.load import READERS
from quizserver.bank.sources import refuse
from quizserver.bank.validate import UNFINISHED, UNREVIEWED, validate
from quizserver.domain.rundown import Pack

FORMS: Final = (*READERS, parcel.ENDING)
"""What may be sent, and what is handed out."""


@contextmanager
def delivered(
    name: str, content: bytes, folders: Sequence[Path]
) -> Iterator[tuple[Path, Pack]]:
    """Yield the pack in an upload and the folder of its pictures, for a while.

    Every question must be finished; reviews may be missing.

    Raises:
        PackRefused: with every flaw that was found.
    """
    plain = parcel.plain_name(name)
    with tempfile.TemporaryDirectory(prefix="quiz-pack-") as made:
        folder = Path(made)
        try:
            file = _written(plain, content, folder)
            draft = READERS[file.suffix.lower()](file)
            _fetch_pictures(draft, folder, folders)
            pack = validate(draft, folder, UNREVIEWED)
        except PackRefused as refused:
            flaws = tuple(_as_sent(flaw, plain, folder) for flaw in refused.flaws)
            raise PackRefused(flaws) from None
        yield folder, pack


def _written(name: str, content: bytes, folder: Path) -> Path:
    suffix = Path(name).suffix.lower()
    if suffix == parcel.ENDING:
        return parcel.unpacked(name, content, folder)
    if suffix not in READERS:
        refuse("unknown_form", name, found=suffix or name, known=", ".join(FORMS))
    file = folder / name
    file.write_bytes(content)
    return file


def _fetch_pictures(draft: PackDraft, into: Path, folders: Sequence[Path]) -> None:
    """Copy what the pack names and did not bring, if we have it."""
    named = draft.cells.get("id")
    pack_id = str(named.value).strip() if named else ""
    try:
        home, _ = shelf.find_pack(pack_id, folders, UNFINISHED)
    except (shelf.UnknownPack, PackRefused):
        return
    for question in draft.questions:
        cell = question.cells.get("image")
        name = str(cell.value).strip() if cell else ""
        if not is_picture_name(name) or (into / name).exists():
            continue
        if (home / name).is_file():
            shutil.copyfile(home / name, into / name)


def _as_sent(flaw: Flaw, name: str, folder: Path) -> Flaw:
    """Return the flaw in the sender's words: no folder of ours."""
    values = {key: value for key, value in flaw.values.items() if key != "folder"}
    code = "image_not_sent" if flaw.code == "image_missing" else flaw.code
    file = Path(flaw.file).name if str(folder) in flaw.file else flaw.file
    shown = name if name == file else f"{name} › {file}"
    return replace(flaw, code=code, file=shown, values=values)
