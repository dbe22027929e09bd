"""The pictures of questions: which files may be shown on air.

Judges a file by its first bytes, never by its name alone. Drawings in SVG are
refused: they may carry scripts and would be served from our own address.
Reads files, writes none.
"""

import re
from pathlib import Path
from typing import Final

from quizserver.bank.fields import Wrong

MOST_BYTES: Final = 2 * 1024 * 1024

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_ENDINGS: Final = {
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "webp": (".webp",),
}


def check_image(name: str, folder: Path) -> None:
    """Check that `name` is a picture that may be shown, beside the pack.

    Raises:
        Wrong: bad name, missing, too large, or not PNG, JPEG or WebP.
    """
    # One plain file name: nothing can point out of the pack's folder.
    if not _NAME.fullmatch(name):
        raise Wrong("image_name", found=name)
    path = folder / name
    if not path.is_file() or path.is_symlink():
        raise Wrong("image_missing", found=name, folder=str(folder))
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Wrong("image_too_large", found=name, size=size, most=MOST_BYTES)
    kind = _kind_of(path)
    if kind is None:
        raise Wrong("image_kind", found=name)
    if path.suffix.lower() not in _ENDINGS[kind]:
        raise Wrong("image_ending", found=name, kind=kind, ending=_ENDINGS[kind][0])


def _kind_of(path: Path) -> str | None:
    with path.open("rb") as opened:
        head = opened.read(12)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"RIFF") and head[8:] == b"WEBP":
        return "webp"
    return None
