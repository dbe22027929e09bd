"""A pack with its pictures in one file: ZIP out, and what people zip in.

Inside lie one pack file in any form and the pictures it names, in whatever folder;
names of folders are not looked at, so nothing can be written outside of `into`.
Every bound is checked against what is really unpacked, never what the file says.
"""

import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from quizserver.bank.fields import Wrong
from quizserver.bank.flaws import Flaw, PackRefused
from quizserver.bank.images import check_upload, is_picture_name
from quizserver.bank.load import PACK_FILE, READERS
from quizserver.bank.sources import MOST_BYTES, refuse
from quizserver.bank.toml_form import toml_text
from quizserver.domain.rundown import Pack

ENDING: Final = ".zip"
MOST_PACKED: Final = 24 * 1024 * 1024
"""Largest parcel, in bytes."""

_MOST_FILES: Final = 1_200
_MOST_UNPACKED: Final = 64 * 1024 * 1024
_PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp"})
_CHUNK: Final = 64 * 1024
_LONGEST_NAME: Final = 60


def packed(pack: Pack, folder: Path) -> bytes:
    """Return the pack and its pictures from `folder` as a ZIP."""
    names = {question.image for question in pack.questions if question.image}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr(PACK_FILE, toml_text(pack))
        for name in sorted(names):
            parcel.write(folder / name, name, zipfile.ZIP_STORED)
    return written.getvalue()


def unpacked(name: str, content: bytes, into: Path) -> Path:
    """Write the pack file and the pictures of a parcel to `into`; return the file.

    Raises:
        PackRefused: no ZIP, too large, no pack in it or several, a bad picture.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parcel:
            found = _unpack(name, parcel, into)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ):
        refuse("bad_zip", name)
    if len(found) != 1:
        code = "zip_many_packs" if found else "zip_no_pack"
        refuse(code, name, found=", ".join(sorted(path.name for path in found)))
    return found[0]


def plain_name(path: str) -> str:
    """Return the last part of a sender's path as a name that any disk can keep."""
    name = PurePosixPath(path.replace("\\", "/")).name
    shown = "".join(char for char in name if char.isprintable())
    stem, dot, suffix = shown.rpartition(".")
    return f"{stem.strip('. ')[-_LONGEST_NAME:] or 'pack'}{dot}{suffix[:10]}"


def _unpack(name: str, parcel: zipfile.ZipFile, into: Path) -> list[Path]:
    entries = [one for one in parcel.infolist() if _counts(one)]
    if len(entries) > _MOST_FILES:
        refuse("zip_too_large", name)
    left = _MOST_UNPACKED
    packs = []
    for entry in entries:
        plain = plain_name(entry.filename)
        is_pack = Path(plain).suffix.lower() in READERS
        raw = _read(name, parcel, entry, min(left, MOST_BYTES))
        left -= len(raw)
        if not is_pack:
            _check(name, plain, raw)
        (into / plain).write_bytes(raw)
        packs += [into / plain] * is_pack
    return packs


def _counts(entry: zipfile.ZipInfo) -> bool:
    """Tell whether an entry is a pack or a picture, and not what systems add."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    hidden = any(part.startswith((".", "__")) for part in path.parts)
    known = path.suffix.lower() in {*READERS, *_PICTURES}
    return known and not hidden and not entry.is_dir()


def _read(
    name: str, parcel: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int
) -> bytes:
    """Return an entry, read only as far as it may go."""
    raw = bytearray()
    with parcel.open(entry) as opened:
        while chunk := opened.read(_CHUNK):
            raw += chunk
            if len(raw) > most:
                refuse("zip_too_large", name)
    return bytes(raw)


def _check(name: str, picture: str, raw: bytes) -> None:
    try:
        if not is_picture_name(picture):
            raise Wrong("image_name", found=picture)
        check_upload(picture, raw)
    except Wrong as wrong:
        flaw = Flaw(code=wrong.code, file=name, field="image", values=wrong.values)
        raise PackRefused((flaw,)) from None
