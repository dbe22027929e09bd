"""The pictures of questions: which files may be shown on air.

Judges a file by its first bytes, never by its name alone. Drawings in SVG are
refused: they may carry scripts and would be served from our own address. What is
uploaded is looked at more closely: whole, and of a size that phones can draw. No
picture is ever decoded here, beside a running show; the browser that uploads one has
made it small before, and left out where it was taken.
"""

import re
from pathlib import Path
from typing import Final

from quizserver.bank.fields import Wrong

MOST_BYTES: Final = 2 * 1024 * 1024

LEAST_SIDE: Final = 16
MOST_SIDE: Final = 4_096
"""Pixels of an uploaded picture's sides; 4,096² is 64 MB once a phone has it drawn."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_ENDINGS: Final = {
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "webp": (".webp",),
}
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_NO_SIZE: Final = frozenset({0xC4, 0xC8, 0xCC})
"""Segments of a JPEG in the range of the frame headers that are none."""

_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers of a JPEG without a length."""


def check_image(name: str, folder: Path) -> None:
    """Check that `name` is a picture that may be shown, beside the pack.

    Raises:
        Wrong: bad name, missing, too large, or not PNG, JPEG or WebP.
    """
    # One plain file name: nothing can point out of the pack's folder.
    if not is_picture_name(name):
        raise Wrong("image_name", found=name)
    path = folder / name
    if not path.is_file() or path.is_symlink():
        raise Wrong("image_missing", found=name, folder=str(folder))
    with path.open("rb") as opened:
        head = opened.read(12)
    _check_kind(name, head, path.stat().st_size)


def check_upload(name: str, content: bytes) -> None:
    """Check a picture that somebody sends.

    Raises:
        Wrong: as `check_image`, or broken off, or too many or too few pixels.
    """
    if not is_picture_name(name):
        raise Wrong("image_name", found=name)
    kind = _check_kind(name, content[:12], len(content))
    try:
        size = _SIZES[kind](content)
    except IndexError:
        size = None
    if size is None:
        raise Wrong("image_broken", found=name)
    width, height = size
    if not LEAST_SIDE <= min(size) <= max(size) <= MOST_SIDE:
        raise Wrong(
            "image_sides",
            found=name,
            width=width,
            height=height,
            least=LEAST_SIDE,
            most=MOST_SIDE,
        )


def is_picture_name(name: str) -> bool:
    """Tell whether `name` is one plain file name."""
    return _NAME.fullmatch(name) is not None


def _check_kind(name: str, head: bytes, size: int) -> str:
    if size > MOST_BYTES:
        raise Wrong("image_too_large", found=name, size=size, most=MOST_BYTES)
    kind = _kind_of(head)
    if kind is None:
        raise Wrong("image_kind", found=name)
    if Path(name).suffix.lower() not in _ENDINGS[kind]:
        raise Wrong("image_ending", found=name, kind=kind, ending=_ENDINGS[kind][0])
    return kind


def _kind_of(head: bytes) -> str | None:
    if head.startswith(_PNG):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"RIFF") and head[8:] == b"WEBP":
        return "webp"
    return None


def _png_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG that has its end, else None."""
    if content[12:16] != b"IHDR" or content[-8:-4] != b"IEND":
        return None
    return _big(content[16:20]), _big(content[20:24])


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a JPEG that has its end, else None.

    Raises:
        IndexError: it breaks off in its head.
    """
    if b"\xff\xd9" not in content[-64:]:
        return None
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_SIZE:
            return _big(content[at + 7 : at + 9]), _big(content[at + 5 : at + 7])
        # Fill bytes and markers alone have no length to skip.
        length = 0 if marker in _ALONE else _big(content[at + 2 : at + 4])
        at += 1 if marker == 0xFF else 2 + length
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a WebP that has its end, else None.

    Raises:
        IndexError: it breaks off in its head.
    """
    if _little(content[4:8]) + 8 > len(content):
        return None
    match content[12:16]:
        case b"VP8X":
            return _little(content[24:27]) + 1, _little(content[27:30]) + 1
        case b"VP8L":
            bits = _little(content[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return (_little(content[26:28]) & 0x3FFF, _little(content[28:30]) & 0x3FFF)
        case _:
            return None


_SIZES: Final = {"png": _png_size, "jpeg": _jpeg_size, "webp": _webp_size}


def _big(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def _little(raw: bytes) -> int:
    return int.from_bytes(raw, "little")
