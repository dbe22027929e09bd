"""Overlays as graphics of OGraf v1 (EBU), for renderers that know nothing of us.

A package is a folder with, for each overlay, its manifest, its module and a template
for CasparCG, and one folder of files that they share, named by the build so that no
renderer mixes two versions. Everything is made of what the overlays' folders say
anyway: a new overlay needs no file more. The form that a renderer draws is the list of
parameters of the address (`_kit/params.toml`, `overlay.toml`) and of the samples.

Source: https://ograf.ebu.io, v1/specification/docs/Specification.md. Opens no file.
"""

import html
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from quizserver.texts.catalogue import text
from quizserver.web.manifests import INDEX, Index, Manifest, Param, read_params
from quizserver.web.static import Assets

SCHEMA: Final = (
    "https://ograf.ebu.io/v1/specification/json-schemas/graphics/schema.json"
)
"""What a manifest names: the schema, and with it the version of OGraf."""

_PARAMS: Final = "overlays/_kit/params.toml"
_LOADER: Final = "overlays/_kit/loader.html"
_SAMPLES: Final = re.compile(r"overlays/_kit/scenarios/([\w-]+)\.json")
_RANGE: Final = re.compile(r"([\d.]+)-([\d.]+)")
_SHARED: Final = re.compile(
    r"(?:kit|vendor|overlays/(?:_kit|_themes))/|texts/overlay\."
)
"""Files that every overlay may ask for."""

_ASKING: Final = (".html", ".css", ".js")
_OTHER: Final = re.compile(r"(?:overlays|\.\.)/([\w-]+)/")
"""Where a page, a sheet or a script asks for a file of another overlay."""

_WORD: Final = re.compile(r"[\w.-]+")
"""A value that is one of several, not a pattern for what may be typed."""

_MODULE: Final = """\
// {title}: a graphic of OGraf v1, made by quizserver {version}. It draws nothing
// before load(); its data are described in {name}.ograf.json.

import {{ graphic }} from "{folder}/overlays/_kit/graphic.js";

export default graphic({{
  name: {name_js},
  files: new URL("{folder}/", import.meta.url).href,
  params: {params},
  given: {given},
  says: {says},
}});
"""

_SAYS: Final = {
    "not_loaded": "web.ograf.said.not_loaded",
    "nothing": "web.ograf.said.nothing",
    "bad_server": "web.ograf.said.bad_server",
    "no_such": "web.ograf.said.no_such",
    "real_time": "web.ograf.said.real_time",
}
"""Why a graphic did not do what it was asked (`_kit/graphic.js`)."""

_TEMPLATE: Final = """\
<!doctype html>
<!-- {title}: for CasparCG and mixers that call play, stop, next and update. -->
<html lang="{lang}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
html, body {{ margin: 0; height: 100%; overflow: hidden; background: transparent; }}
</style>
</head>
<body>
<script type="module">
import Graphic from "./{name}.mjs";
import {{ adapt }} from "{folder}/overlays/_kit/caspar.js";
adapt(Graphic);
</script>
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the operator puts into a package; empty: renderers ask for it.

    `key` is a secret, and whoever has the package then has it.
    """

    server: str = ""
    key: str = ""


def overlays_of(assets: Assets) -> dict[str, Manifest]:
    """Return the overlays there are, by name."""
    index = msgspec.json.decode(assets.files[INDEX].body, type=Index)
    return {said.name: said for said in index.overlays}


def package(
    assets: Assets, names: Sequence[str], lang: str, version: str, given: Given
) -> dict[str, bytes]:
    """Return the files of a package by path. Raises KeyError: no such overlay."""
    known = overlays_of(assets)
    folder = f"quizserver-{assets.build}"
    needed = tuple(f"overlays/{name}/" for name in _needed(assets, names, set(known)))
    files: dict[str, bytes] = {}
    for path, asset in assets.files.items():
        own = path.startswith(needed)
        if own or _SHARED.match(path):
            files[f"{folder}/{path}"] = _placed(path, asset.body, assets.build, lang)
    for name in names:
        facts = _Facts(assets, known[name], lang, version, given)
        files |= facts.files(f"./{folder}")
    return {path: files[path] for path in sorted(files)}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip; the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, body in files.items():
            entry = zipfile.ZipInfo(path)
            # Else nobody but who unpacks it could read it, no renderer's server.
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, body, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _needed(assets: Assets, names: Sequence[str], known: set[str]) -> set[str]:
    """Return the overlays `names` and those whose files they ask for."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        for path, asset in assets.files.items():
            if path.startswith(f"overlays/{name}/") and path.endswith(_ASKING):
                asked = _OTHER.findall(asset.body.decode())
                waiting |= (set(asked) & known) - found
    return found


def _placed(path: str, body: bytes, build: str, lang: str) -> bytes:
    """Return a file as it stands in a package, where no server fills anything in."""
    if path == _LOADER:
        # The address comes in the fragment, as the graphic knows it.
        there = b"decodeURIComponent(location.hash.slice(1))"
        return body.replace(b'"{{address}}"', there)
    if not path.endswith("/index.html"):
        return body
    marks = {"static": "../..", "build": build, "lang": lang}
    for mark, value in marks.items():
        body = body.replace(b"{{%s}}" % mark.encode(), value.encode())
    return body


@dataclass(frozen=True, slots=True)
class _Facts:
    """One overlay and what is said of it."""

    assets: Assets
    said: Manifest
    lang: str
    version: str
    given: Given

    @property
    def params(self) -> list[Param]:
        """The parameters of its address."""
        kit = self.assets.files[_PARAMS].body.decode()
        return [*read_params(kit, _PARAMS), *self.said.param]

    @property
    def title(self) -> str:
        """What people call it."""
        return str(getattr(self.said.title, self.lang))

    def files(self, folder: str) -> dict[str, bytes]:
        """Return manifest, module and template; `folder` is that of the other files."""
        name = self.said.name
        words = {
            "name": name,
            "folder": folder,
            "lang": self.lang,
            "title": self.title,
            "version": self.version,
        }
        given = {"server": self.given.server, "key": self.given.key}
        module = _MODULE.format(
            **words,
            name_js=_js(name),
            params=_js({param.name: param.nothing for param in self.params}),
            given=_js({key: value for key, value in given.items() if value}),
            says=_js({one: self.say(key) for one, key in _SAYS.items()}),
        )
        manifest = json.dumps(self.manifest(), ensure_ascii=False, indent=2) + "\n"
        return {
            f"{name}.ograf.json": manifest.encode(),
            f"{name}.mjs": module.encode(),
            f"{name}.html": _TEMPLATE.format(
                **words | {"title": html.escape(self.title)}
            ).encode(),
        }

    def manifest(self) -> dict[str, Any]:
        """Return the manifest.

        Steps are unknown (-1): a show goes by itself, so playing twice must not take
        it off the air, as it would with one step.
        """
        reload = {
            "id": "reload",
            "name": self.say("web.ograf.reload"),
            "description": self.say("web.ograf.reload_note"),
            "schema": None,
        }
        return {
            "$schema": SCHEMA,
            # Renderers make the name of an element of both: letters, digits, . and -
            "id": f"quizserver-{self.said.name}",
            "version": self.version,
            "name": self.title,
            "description": getattr(self.said.description, self.lang),
            "author": {"name": "quizserver"},
            "main": f"{self.said.name}.mjs",
            "supportsRealTime": True,
            "supportsNonRealTime": False,
            "stepCount": -1,
            "customActions": [reload],
            "schema": {"type": "object", "properties": self.properties()},
            "renderRequirements": [_resolution(size) for size in self.said.sizes],
        }

    def properties(self) -> dict[str, Any]:
        """Return the schema of the data: where the show is, then the parameters."""
        said: dict[str, dict[str, Any]] = {
            "server": {
                **_typed(self.given.server),
                "title": self.say("web.ograf.server"),
                "description": self.say("web.ograf.server_note"),
            },
            "key": {
                **_typed(),
                "title": self.say("web.ograf.key"),
                "description": self.say("web.ograf.key_note"),
            },
        }
        for param in self.params:
            said[param.name] = {
                **self.form(param),
                "title": param.name,
                "description": getattr(param, self.lang),
            }
        for order, one in enumerate(said.values()):
            one |= {"hidden": True, "order": order}  # labels need none of them
        return said

    def form(self, param: Param) -> dict[str, Any]:
        """Return what may be given for a parameter, as JSON Schema and GDD types."""
        if param.name == "demo":
            return _chosen({"": "–"} | self.samples())
        if len(param.values) == 1 and (found := _RANGE.fullmatch(param.values[0])):
            return _number(found[1], found[2], param.nothing or found[1])
        if not all(map(_WORD.fullmatch, param.values)):
            return _typed()
        if param.many:
            return {
                "type": "array",
                "items": _chosen({value: value for value in param.values}),
                "default": [],
            }
        yes_no = {"0": self.say("web.ograf.no"), "1": self.say("web.ograf.yes")}
        is_switch = param.values == ["0", "1"]
        labels = yes_no if is_switch else {value: value for value in param.values}
        return _chosen({"": "–"} | labels)

    def samples(self) -> dict[str, str]:
        """Return the titles of the samples by name."""
        found: dict[str, str] = {}
        for path, asset in self.assets.files.items():
            if match := _SAMPLES.fullmatch(path):
                found[match[1]] = json.loads(asset.body)["title"][self.lang]
        return found

    def say(self, key: str) -> str:
        """Return a text of the catalogue."""
        return text(self.lang, key)


def _typed(default: str = "") -> dict[str, Any]:
    return {"type": "string", "gddType": "single-line", "default": default}


def _chosen(labels: Mapping[str, str]) -> dict[str, Any]:
    """Return one of several words; SPX-GC reads its list in a field of its own."""
    items = [{"text": label, "value": value} for value, label in labels.items()]
    return {
        "type": "string",
        "enum": list(labels),
        "gddType": "select",
        "gddOptions": {"labels": dict(labels)},
        "default": next(iter(labels)),
        "v_spx": {"ftype": "dropdown", "items": items},
    }


def _number(least: str, most: str, nothing: str) -> dict[str, Any]:
    is_whole = "." not in least + most
    low, high, default = (
        int(value) if is_whole else float(value) for value in (least, most, nothing)
    )
    return {
        "type": "integer" if is_whole else "number",
        "minimum": min(low, default),
        "maximum": high,
        "default": default,
    }


def _resolution(size: str) -> dict[str, Any]:
    width, _, height = size.partition("x")
    wanted = {"width": {"ideal": int(width)}, "height": {"ideal": int(height)}}
    return {"resolution": wanted}


def _js(value: object) -> str:
    """Return a value as JavaScript."""
    return json.dumps(value, ensure_ascii=False)
