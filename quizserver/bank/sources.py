"""Opens the files people write packs in, whatever their program did to them.

Bytes in, text out: byte-order marks are taken off, every other encoding than
UTF-8 is named and refused with its cure. Knows no pack format.
"""

import codecs
from pathlib import Path
from typing import Final, NoReturn

from quizserver.bank.flaws import Flaw, PackRefused, Shown

MOST_BYTES: Final = 5 * 1024 * 1024


def refuse(code: str, file: str, line: int | None = None, **values: Shown) -> NoReturn:
    """Raise PackRefused for a flaw that leaves nothing more to read."""
    raise PackRefused((Flaw(code=code, file=file, line=line, values=values),))


def read_bytes(path: Path) -> bytes:
    """Return the file's bytes.

    Raises:
        PackRefused: missing, unreadable or larger than 5 MiB.
    """
    file = str(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            refuse("file_too_large", file, most=MOST_BYTES // 1024 // 1024)
        return path.read_bytes()
    except FileNotFoundError:
        refuse("file_missing", file)
    except OSError as error:
        refuse("file_unreadable", file, reason=error.strerror or "")


def read_utf8(path: Path) -> str:
    """Return the file's text without byte-order mark.

    Raises:
        PackRefused: as `read_bytes`, or not UTF-8, with the first bad line.
    """
    content = read_bytes(path)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        refuse("utf16", str(path), 1)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        refuse("not_utf8", str(path), line, byte=f"0x{content[error.start]:02X}")
