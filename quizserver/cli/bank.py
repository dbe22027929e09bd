"""`quizserver bank`: check, import, export question packs, and make templates.

A thin face of `quizserver.bank`: reads arguments, prints sentences or JSON,
chooses the exit code. 0: done; 1: flaws or a failure, told in plain sentences;
2: used wrongly. Knows no rule of packs and no running show.
"""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from quizserver import shipped
from quizserver.bank import shelf
from quizserver.bank.export import export as exported
from quizserver.bank.flaws import Flaw, PackRefused, as_row, sentence
from quizserver.bank.load import READERS, load, pack_file
from quizserver.bank.template import template as blank
from quizserver.bank.validate import Demands
from quizserver.cli.options import DataDir
from quizserver.cli.output import Json, refuse, tell
from quizserver.domain.rundown import Pack
from quizserver.settings import Settings, read_settings
from quizserver.texts.catalogue import LANGS, text

app = typer.Typer(
    no_args_is_help=True, help="Question packs: TOML, CSV (UTF-8) or XLSX."
)

_FORMS = ", ".join(READERS)


def _known_lang(lang: str | None) -> str | None:
    if lang is not None and lang not in LANGS:
        raise typer.BadParameter(" / ".join(LANGS))
    return lang


Lang = Annotated[
    str | None,
    typer.Option(
        "--lang", callback=_known_lang, help="vi or en; unset: that of QUIZ_LANG."
    ),
]
Draft = Annotated[
    bool,
    typer.Option("--draft", help="Do not ask for author and reviewer yet."),
]
Options = Annotated[
    int | None,
    typer.Option("--options", min=2, max=6, help="Ask for exactly so many options."),
]
Force = Annotated[bool, typer.Option("--force", help="Write over an existing file.")]
PackFile = Annotated[
    Path, typer.Argument(metavar="FILE", help=f"A pack ({_FORMS}) or its folder.")
]
Written = Annotated[
    Path, typer.Argument(metavar="FILE", help=f"The file to write ({_FORMS}).")
]


@app.command()
def check(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help=f"Packs ({_FORMS}) or their folders."),
    ],
    draft: Draft = False,
    options: Options = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Tell whether packs are sound, with every flaw and its cure."""
    lang = lang or read_settings().lang
    demands = Demands(reviewed=not draft, options=options)
    sound: list[dict[str, object]] = []
    flaws: list[Flaw] = []
    for file in files:
        try:
            pack = load(file, demands)
        except PackRefused as refused:
            flaws.extend(refused.flaws)
        else:
            sound.append(_row(pack, pack_file(file)))
    if as_json:
        _print_json(ok=not flaws, packs=sound, errors=_rows(flaws, lang))
    else:
        for row in sound:
            typer.echo(_says(lang, "sound", row))
        _print_flaws(flaws, lang, "unsound")
    raise typer.Exit(1 if flaws else 0)


@app.command("import")
def import_pack(
    file: PackFile,
    options: Options = None,
    data_dir: DataDir = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Put a sound pack where the server finds it; nothing on any flaw."""
    settings = read_settings(data_dir=data_dir)
    lang = lang or settings.lang
    try:
        pack = load(file, Demands(options=options))
    except PackRefused as refused:
        _refuse(refused, lang, as_json=as_json)
    target = settings.data_dir / shelf.FOLDER
    replaced = (target / pack.id).exists()
    try:
        home = shelf.place(pack, target, pack_file(file).parent)
    except OSError as error:
        _unwritable(target, error, lang, as_json=as_json)
    row = _row(pack, pack_file(file)) | {"folder": str(home), "replaced": replaced}
    said = _says(lang, "replaced" if replaced else "imported", row)
    tell(said, {"pack": row}, as_json=as_json)


@app.command("export")
def export_pack(
    pack_id: Annotated[
        str, typer.Argument(metavar="PACK", help="Id of a pack, or a pack's file.")
    ],
    file: Written,
    force: Force = False,
    data_dir: DataDir = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write a pack as TOML, CSV or XLSX; importing it gives the same pack."""
    settings = read_settings(data_dir=data_dir)
    shown = lang or settings.lang
    form = _form(file, shown)
    try:
        folder, pack = _found(pack_id, settings)
    except PackRefused as refused:
        _refuse(refused, shown, as_json=as_json)
    except shelf.UnknownPack as unknown:
        known = ", ".join(unknown.known) or text(shown, "bank.cli.none")
        said = text(shown, "bank.cli.unknown_pack", id=pack_id, known=known)
        _fail(said, as_json=as_json)
    content = exported(pack, form, lang or pack.lang)
    _write(file, content, shown, force=force, as_json=as_json)
    try:
        shelf.copy_images(pack, folder, file.parent)
    except OSError as error:
        _unwritable(file.parent, error, shown, as_json=as_json)
    row = _row(pack, file)
    tell(_says(shown, "exported", row), {"pack": row}, as_json=as_json)


@app.command()
def template(
    file: Written, force: Force = False, lang: Lang = None, as_json: Json = False
) -> None:
    """Make a file to write a pack in, with an example and help."""
    lang = lang or read_settings().lang
    content = blank(_form(file, lang), lang)
    _write(file, content, lang, force=force, as_json=as_json)
    made: dict[str, object] = {"file": str(file)}
    tell(_says(lang, "template", made), made, as_json=as_json)


def _found(pack_id: str, settings: Settings) -> tuple[Path, Pack]:
    """Return folder and pack of an id on the shelves, or of a file."""
    path = Path(pack_id)
    if path.suffix.lower() in READERS or path.is_dir():
        return pack_file(path).parent, load(path, Demands(reviewed=False))
    folders = (settings.data_dir / shelf.FOLDER, shipped.questions())
    return shelf.find_pack(pack_id, folders)


def _form(file: Path, lang: str) -> str:
    form = file.suffix.lower()
    if form not in READERS:
        said = text(lang, "bank.cli.form", file=str(file), known=_FORMS)
        raise typer.BadParameter(said)
    return form


def _write(
    file: Path, content: bytes, lang: str, *, force: bool, as_json: bool
) -> None:
    try:
        with file.open("wb" if force else "xb") as opened:
            opened.write(content)
    except FileExistsError:
        _fail(text(lang, "bank.cli.exists", file=str(file)), as_json=as_json)
    except OSError as error:
        _unwritable(file, error, lang, as_json=as_json)


def _row(pack: Pack, file: Path) -> dict[str, object]:
    reserves = sum(question.reserve for question in pack.questions)
    return {
        "file": str(file),
        "id": pack.id,
        "title": pack.title,
        "lang": pack.lang,
        "questions": len(pack.questions) - reserves,
        "reserves": reserves,
    }


def _rows(flaws: list[Flaw], lang: str) -> list[dict[str, str | int | None]]:
    return [as_row(flaw, lang) for flaw in flaws]


def _says(lang: str, name: str, row: dict[str, object]) -> str:
    values = {key: str(value) for key, value in row.items() if key != "lang"}
    return text(lang, f"bank.cli.{name}", **values)


def _refuse(refused: PackRefused, lang: str, *, as_json: bool) -> NoReturn:
    flaws = list(refused.flaws)
    if as_json:
        _print_json(ok=False, errors=_rows(flaws, lang))
    else:
        _print_flaws(flaws, lang, "refused")
    raise typer.Exit(1)


def _print_flaws(flaws: list[Flaw], lang: str, closing: str) -> None:
    for flaw in flaws:
        typer.echo(sentence(flaw, lang), err=True)
    if flaws:
        typer.echo(text(lang, f"bank.cli.{closing}", count=len(flaws)), err=True)


def _unwritable(place: Path, error: OSError, lang: str, *, as_json: bool) -> NoReturn:
    reason = error.strerror or str(error)
    said = text(lang, "bank.cli.unwritable", file=str(place), reason=reason)
    _fail(said, as_json=as_json)


def _fail(said: str, *, as_json: bool) -> NoReturn:
    raise typer.Exit(refuse(said, as_json=as_json))


def _print_json(**values: object) -> None:
    typer.echo(json.dumps(values, ensure_ascii=False, indent=2))
