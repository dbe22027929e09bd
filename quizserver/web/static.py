"""Files for browsers: read once, hashed as a whole, served from memory.

The hash of all files is a part of every address (`/static/<build>/…`), so
files may be cached for ever and a page can never mix two versions. It opens
files at start and never again.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from quizserver.failures import Failure, cause_of
from quizserver.live.names import MAX_UNIT, clean, fits
from quizserver.web.bundle import bundle, sheet
from quizserver.web.manifests import INDEX, index

MIME: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".toml": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""Types of the files that are served; a file of another kind is left out,
except licences, which have no ending that means anything."""

BUNDLES: Final = {"phone/bundle.js": "phone/main.js"}
"""Files that hold a module and all it imports: one request instead of thirty."""

SHEETS: Final = {"phone/bundle.css": "phone/phone.css"}
"""Files that hold a style sheet and all it imports."""

PACKED: Final = frozenset({".jpg", ".mp3", ".png", ".webp", ".woff2"})
"""Kinds that gzip cannot make smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file, plain and gzipped (None where that gains nothing)."""

    body: bytes
    zipped: bytes | None
    mime: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """All files by path below `/static/<build>/`; `build` is their hash."""

    build: str
    files: Mapping[str, Asset]

    @property
    def base(self) -> str:
        """The address that all files are below, without a slash at its end."""
        return f"/static/{self.build}"

    def url(self, path: str) -> str:
        """Return the address of a file. Raises KeyError when there is none."""
        if path not in self.files:
            raise KeyError(path)
        return f"{self.base}/{path}"

    def overlays(self) -> list[str]:
        """Return the names of all that have a page: overlays, and tools ("_…")."""
        parts = (path.split("/") for path in self.files)
        shape = ["overlays", "index.html"]
        return sorted(p[1] for p in parts if len(p) == 3 and p[::2] == shape)


WORKPLACES: Final = "workplaces.json"
"""The organiser's list of workplaces, where there is one."""

MOST_WORKPLACES: Final = 2_000
"""More would be slow on an old phone, and no list to choose from."""


def load_assets(
    static: Path,
    overlays: Path,
    texts: Path,
    themes: Path | None = None,
    workplaces: Path | None = None,
) -> Assets:
    """Read the files of the folders and hash them together.

    `texts` holds `<area>.<lang>.json` catalogues; a browser gets an area with
    the common texts merged in as `texts/<area>.<lang>.json`. `themes` is the
    operator's own folder of themes, if there is one; a theme there may have the
    name of one of ours and is then taken in its place. `workplaces` is the
    organiser's own list, one a line; browsers get it as `WORKPLACES`. Raises Failure
    when an overlay's manifest is not sound, or the list cannot be read.
    """
    bodies = dict(_below(static, "")) | dict(_below(overlays, "overlays/"))
    if themes is not None:
        bodies |= _below(themes, "overlays/_themes/")
    if workplaces is not None and workplaces.exists():
        bodies[WORKPLACES] = _workplaces(workplaces)
    bodies |= _catalogues(texts)
    bodies[INDEX] = index(bodies)
    bodies |= _bundles(bodies)
    files = {path: _asset(path, body) for path, body in sorted(bodies.items())}
    digest = hashlib.sha256()
    for path, asset in files.items():
        digest.update(f"{path}\0{len(asset.body)}\0".encode())
        digest.update(asset.body)
    return Assets(build=digest.hexdigest()[:16], files=files)


def _below(folder: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        known = path.suffix in MIME or path.name.startswith("LICENSE")
        if path.is_file() and known:
            yield prefix + path.relative_to(folder).as_posix(), path.read_bytes()


def _workplaces(file: Path) -> bytes:
    """Return the lines of a list as JSON, cleaned as what people type is."""
    try:
        text = file.read_text("utf-8-sig", errors="replace")
    except OSError as error:
        raise Failure(
            "failure.unreadable", file=str(file), cause=cause_of(error)
        ) from None
    lines = dict.fromkeys(map(clean, text.splitlines()))
    places = [line for line in lines if line and fits(line, MAX_UNIT)]
    return json.dumps(places[:MOST_WORKPLACES], ensure_ascii=False).encode()


def _bundles(bodies: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files made of others, where the first of these exists."""
    texts = {
        path: body.decode()
        for path, body in bodies.items()
        if path.endswith((".js", ".mjs", ".css"))
    }
    made = {p: bundle(texts, e) for p, e in BUNDLES.items() if e in texts}
    made |= {p: sheet(texts, e) for p, e in SHEETS.items() if e in texts}
    return {path: text.encode() for path, text in made.items()}


def _catalogues(texts: Path) -> dict[str, bytes]:
    merged = {}
    for path in sorted(texts.glob("*.*.json")):
        lang = path.name.split(".")[1]
        common = _entries(texts / f"common.{lang}.json")
        entries = common | _entries(path)
        merged[f"texts/{path.name}"] = json.dumps(
            entries, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
    return merged


def _entries(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    entries: dict[str, str] = json.loads(path.read_text("utf-8"))
    return entries


def _asset(path: str, body: bytes) -> Asset:
    suffix = Path(path).suffix
    # mtime=0: the same files give the same bytes on every machine.
    zipped = None if suffix in PACKED else gzip.compress(body, 9, mtime=0)
    if zipped is not None and len(zipped) >= len(body):
        zipped = None
    mime = MIME.get(suffix, "text/plain; charset=utf-8")
    return Asset(body=body, zipped=zipped, mime=mime)
