"""`quizserver overlay`: overlays for other programs than OBS.

Packs them as OGraf graphics, with the files of this installation and the themes of the
data folder; needs no server. A key is put in only from the file that the panel hands
out, never from the command line.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from quizserver import shipped
from quizserver.cli.options import DataDir
from quizserver.cli.output import Json, speaker, tell
from quizserver.failures import Failure, cause_of
from quizserver.settings import read_settings

if TYPE_CHECKING:
    from quizserver.web.ograf import Given

app = typer.Typer(
    no_args_is_help=True, help="Overlays for renderers and mixers other than OBS."
)


@app.callback()
def _group() -> None:
    """Keep the name of the one command."""


@app.command()
def export(
    target: Annotated[
        Path,
        typer.Argument(
            metavar="TARGET", help="A new folder, or a file ending in .zip."
        ),
    ],
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="OVERLAY", help="stage, timer …; unset: all that draw."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file for OBS that the panel hands out: puts its address and its"
            " key into the package. Unset: the renderer's form asks for both.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over what is there.")
    ] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Pack overlays as OGraf graphics (EBU), each with a template for CasparCG."""
    from quizserver.web.ograf import overlays_of, package, zipped
    from quizserver.web.static import load_assets

    settings = read_settings(data_dir=data_dir)
    assets = load_assets(
        shipped.PACKAGE / "web" / "static",
        shipped.overlays(),
        shipped.PACKAGE / "texts",
        settings.data_dir / "themes",
    )
    known = overlays_of(assets)
    drawn = [name for name, manifest in known.items() if manifest.demo]
    wanted = list(dict.fromkeys(names or drawn))
    for name in wanted:
        if name not in known:
            raise Failure("cli.overlay.unknown", name=name, known=", ".join(known))
    given = _given(file)
    files = package(assets, wanted, settings.lang, shipped.version(), given)
    is_zip = target.suffix.lower() == ".zip"
    _write(target, {"": zipped(files)} if is_zip else files, force=force)
    said = "overlay.with_key" if given.key else "overlay.exported"
    sentence = speaker()(said, count=len(wanted), target=str(target))
    told = {"target": str(target), "overlays": wanted, "holds_key": bool(given.key)}
    tell(sentence, told, as_json=as_json)


def _given(file: Path | None) -> "Given":
    """Return what the panel's file says. Raises Failure."""
    from quizserver.studio.plan import read_overlay
    from quizserver.web.ograf import Given

    if file is None:
        return Given()
    overlay = read_overlay(file)
    parts = urlsplit(overlay.address)
    return Given(server=f"{parts.scheme}://{parts.netloc}", key=overlay.key)


def _write(target: Path, files: Mapping[str, bytes], *, force: bool) -> None:
    """Write `files` below `target`, or the one without a name as it. Raises Failure."""
    is_there = target.exists() and not (target.is_dir() and not any(target.iterdir()))
    if is_there and not force:
        raise Failure("cli.overlay.is_there", file=str(target))
    try:
        for path, body in files.items():
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)
    except OSError as error:
        raise Failure(
            "cli.overlay.unwritten", file=str(target), cause=cause_of(error)
        ) from None
