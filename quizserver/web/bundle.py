"""One file out of many modules, and one out of many sheets, joined at the start.

A phone on a slow line pays a round trip for every few files, so the page's
modules also go out as one, and so do its style sheets (budget: 8 requests, 35 KB).
There is no build step: the sources stay what browsers can read as they are, and
this only wraps each module in a function, in the order of their imports, or puts
each sheet where it is imported. It knows no more of JavaScript and CSS than our
own files and the vendored ones use, and refuses what it does not know.
"""

import posixpath
import re
from collections.abc import Mapping
from typing import Final

_IMPORT: Final = re.compile(
    r'^import\s*(?:(?P<default>\w+)\s*,?\s*)?(?:\{(?P<names>[^}]*)\}\s*)?from\s*"(?P<path>[^"]+)";?',
    re.MULTILINE,
)
_DECLARED: Final = re.compile(
    r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE
)
_LISTED: Final = re.compile(r"export\s*\{([^}]*)\};?")
_DEFAULT: Final = re.compile(r"export default (function|class)?")
_LEFT_OVER: Final = re.compile(r"^(?:export|import)\b(?!\.)", re.MULTILINE)
_COMMENT: Final = re.compile(
    r"/\*\* .*?\*/|^[ \t]*(?://[^\n]*|/\*\*.*?\*/)|(?<=[;,])[ \t]+//[^\n]*$",
    re.M | re.S,
)
_REST: Final = re.compile(r"[ \t]//[ \t]")
"""A remark that would take the next line with it once the lines are joined."""
_SPACE: Final = re.compile(r"[ \t]*\n\s*")
_NEEDLESS: Final = re.compile(r"(?<=[;{>(\[])\n|\n(?=[})\]<?:])")
"""Ends of lines that no statement and no sentence of a template ends with; beside its
tags a template drops them itself."""

_SHEET: Final = re.compile(r'^@import "(?P<path>[^"]+)";\n', re.MULTILINE)
_REMARK: Final = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_BETWEEN: Final = re.compile(r"\s*([{};,])\s*|(?<=[a-z])(:) ")


class BundleError(Exception):
    """A module or sheet says something this joiner does not understand."""


def bundle(sources: Mapping[str, str], entry: str) -> str:
    """Return the module `entry` and all it imports as one module.

    `sources` are JavaScript texts by path; imports are relative paths.

    Raises:
        BundleError: a module is missing, imports in a circle, or uses a form of
            import or export that is not known here.
    """
    order: list[str] = []
    _visit(sources, entry, order, ())
    names = {path: f"$m{place}" for place, path in enumerate(order)}
    return "".join(_wrapped(sources[path], path, names) for path in order)


def sheet(sources: Mapping[str, str], entry: str) -> str:
    """Return the style sheet `entry` with the sheets it imports put in place.

    `sources` are style sheets by path; imports are relative paths, without
    conditions, and an imported sheet imports none.

    Raises:
        BundleError: a sheet is missing, or imports in a form not known here.
    """
    parts = [
        _resolve(entry, found["path"]) for found in _SHEET.finditer(sources[entry])
    ]
    missing = [path for path in parts if path not in sources]
    if missing:
        raise BundleError(f"{entry} wants {missing[0]}")
    own = _SHEET.sub("", sources[entry])
    joined = "".join([*(sources[path] for path in parts), own])
    if "@import" in joined:
        raise BundleError(f"{entry} imports in a way not known here")
    return _BETWEEN.sub(r"\1\2", _SPACE.sub("\n", _REMARK.sub("", joined)))


def _visit(
    sources: Mapping[str, str], path: str, order: list[str], above: tuple[str, ...]
) -> None:
    if path in above:
        raise BundleError(f"{path} imports itself through {' and '.join(above)}")
    if path not in sources:
        raise BundleError(f"{above[-1] if above else 'the page'} wants {path}")
    for found in _IMPORT.finditer(sources[path]):
        target = _resolve(path, found["path"])
        if target not in order:
            _visit(sources, target, order, (*above, path))
    order.append(path)


def _resolve(path: str, wanted: str) -> str:
    if not wanted.startswith(".") and not wanted.endswith(".css"):
        raise BundleError(f"{path} imports {wanted}, which is no relative path")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), wanted))


def _wrapped(source: str, path: str, names: Mapping[str, str]) -> str:
    """Return one module as a constant that holds what it exports."""
    exports: dict[str, str] = {}
    body = source if path.endswith(".mjs") else _bare(source)
    body = _IMPORT.sub(lambda found: _taken(found, path, names), body)
    body = _DECLARED.sub(lambda found: _declared(found, exports), body)
    body = _LISTED.sub(lambda found: _listed(found, exports), body)
    body = _DEFAULT.sub(lambda found: _default(found, exports), body)
    if _LEFT_OVER.search(body):
        raise BundleError(f"{path} imports or exports in a way not known here")
    if not path.endswith(".mjs"):
        if _REST.search(body):
            raise BundleError(f"{path} has a remark in a line that it cannot end")
        body = _NEEDLESS.sub("", body)
    given = ", ".join(map(_member, exports, exports.values()))
    return f"const {names[path]} = (() => {{\n{body}\nreturn {{ {given} }};\n}})();\n"


def _bare(source: str) -> str:
    """Return our own module without comments, indents and empty lines."""
    return _SPACE.sub("\n", _COMMENT.sub("", source)).strip()


def _taken(found: re.Match[str], path: str, names: Mapping[str, str]) -> str:
    module = names[_resolve(path, found["path"])]
    wanted = [_pair(part) for part in _parts(found["names"] or "")]
    if found["default"]:
        wanted.append(("default", found["default"]))
    inside = ", ".join(_member(name, local) for name, local in wanted)
    return f"const {{ {inside} }} = {module};"


def _declared(found: re.Match[str], exports: dict[str, str]) -> str:
    exports[found[2]] = found[2]
    return f"{found[1]} {found[2]}"


def _listed(found: re.Match[str], exports: dict[str, str]) -> str:
    pairs = map(_pair, _parts(found[1]))
    exports.update({name: local for local, name in pairs})
    return ""


def _default(found: re.Match[str], exports: dict[str, str]) -> str:
    exports["default"] = "$default"
    return f"const $default = {found[1] or ''}"


def _parts(listed: str) -> list[str]:
    return [part for part in (piece.strip() for piece in listed.split(",")) if part]


def _member(name: str, local: str) -> str:
    return name if name == local else f"{name}: {local}"


def _pair(part: str) -> tuple[str, str]:
    first, _, second = part.partition(" as ")
    return first.strip(), (second or first).strip()
