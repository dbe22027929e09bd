"""What must be on disk before the server starts: its folder and its secret.

Both are made at the first start and checked at every other one. A secret that
others can read, or that is too short, is refused, never repaired: somebody may
have copied it. It is never printed. Used by `app` and the command line.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from quizserver.failures import Failure, cause_of

SECRET_BYTES: Final = 32
"""The fewest bytes of a secret; what we make has exactly as many."""

_OTHERS: Final = 0o077


def prepare_folder(folder: Path) -> None:
    """Make `folder` if it is missing and prove that it can be written.

    Raises:
        Failure: it cannot be made or written.
    """
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
    except OSError as error:
        raise Failure(
            "failure.data_folder", folder=str(folder), cause=cause_of(error)
        ) from None
    finally:
        with suppress(OSError):
            probe.unlink()


def read_secret(path: Path) -> bytes:
    """Return the secret kept in `path`, made there if there is none.

    Raises:
        Failure: the file is open to others, too short, or cannot be used.
    """
    try:
        _make_once(path)
        mode = path.stat().st_mode
        secret = path.read_bytes()
    except OSError as error:
        raise Failure(
            "failure.secret_unusable", file=str(path), cause=cause_of(error)
        ) from None
    _refuse_weak(path, mode, secret)
    return secret


def held_words(folder: Path) -> list[str]:
    """Return the lines that hosts wrote in `held-words.txt`, none without the file.

    Raises:
        Failure: there is one, and it cannot be read.
    """
    own = folder / "held-words.txt"
    try:
        return own.read_text("utf-8-sig", errors="replace").split("\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Failure(
            "failure.unreadable", file=str(own), cause=cause_of(error)
        ) from None


def _make_once(path: Path) -> None:
    """Make the file in one step, so that two starts at once agree on one secret."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


def _refuse_weak(path: Path, mode: int, secret: bytes) -> None:
    if mode & _OTHERS:
        shown = f"{mode & 0o777:04o}"
        raise Failure("failure.secret_open", file=str(path), mode=shown)
    if len(secret) < SECRET_BYTES:
        raise Failure(
            "failure.secret_short",
            file=str(path),
            size=len(secret),
            least=SECRET_BYTES,
        )
