"""The phones in C, made into a program when they are first needed.

Their source is in `phones/` beside this module and in the wheel. The program lies in
the cache folder under the hash of its source: another version makes another program.
"""

import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from quizserver.failures import Failure, cause_of

SOURCES: Final = Path(__file__).resolve().parent / "phones"
"""The folder of the source."""

COMPILER: Final = "cc"
_FLAGS: Final = ("-O2", "-std=gnu11", "-Wall", "-Wextra")
_LONGEST_S: Final = 120


class NoProgram(Failure):
    """There is none and it cannot be made."""


def cache_folder() -> Path:
    """Return where compiled programs are kept."""
    return Path.home() / ".cache" / "quizserver"


def program(cache: Path) -> Path:
    """Return the program, made now if it is not in `cache` yet.

    Raises:
        NoProgram: there is no compiler, or it fails.
    """
    made = cache / f"phones-{_digest()}"
    if made.exists():
        return made
    compiler = shutil.which(COMPILER)
    if compiler is None:
        raise NoProgram("failure.no_compiler", compiler=COMPILER)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            fresh = Path(folder) / "phones"
            _compile(compiler, fresh)
            fresh.replace(made)  # whole or not at all, for whoever starts beside us
    except OSError as error:
        raise NoProgram(
            "failure.folder_unusable", folder=str(cache), cause=cause_of(error)
        ) from None
    return made


def _sources() -> list[Path]:
    return sorted(SOURCES.glob("*.[ch]"))


def _digest() -> str:
    whole = sha256(" ".join(_FLAGS).encode())
    for source in _sources():
        whole.update(source.read_bytes())
    return whole.hexdigest()[:16]


def _compile(compiler: str, to: Path) -> None:
    sources = [str(source) for source in _sources() if source.suffix == ".c"]
    done = subprocess.run(  # noqa: S603 - the system's compiler on our own files
        [compiler, *_FLAGS, "-o", str(to), *sources, "-lm"],
        capture_output=True,
        text=True,
        timeout=_LONGEST_S,
        check=False,
    )
    if done.returncode != 0:
        first = (done.stderr.splitlines() or [""])[0]
        raise NoProgram("failure.compiler_fails", compiler=COMPILER, cause=first)
