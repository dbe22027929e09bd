"""What `serve` prints when it is ready: where everybody goes.

The phone's address with a QR code, the one-time link of the first account,
the overlay's address with its key. Printed for the person at the terminal
only; no log holds any of it.
"""

import os
from pathlib import Path

import segno
from rich.console import Console

from quizserver.app import Running
from quizserver.domain.ids import ShowCode
from quizserver.live.access import Role
from quizserver.texts.catalogue import text


async def greet(server: Running) -> None:
    """Print the addresses."""
    lang = server.settings.lang
    console = Console(highlight=False, soft_wrap=True)
    listed = await server.shows.listed()
    code = listed[0].code if listed else ShowCode("")
    phone = f"{server.address}/{code}"
    console.print()
    console.print(text(lang, "cli.banner.phone", url=phone), markup=False)
    print_qr(console, phone)
    console.print(text(lang, "cli.banner.host", url=f"{server.address}/host"))
    setup = await server.accounts.setup_code()
    if setup is not None:
        link = f"{server.address}/host/setup#code={setup}"
        console.print(text(lang, "cli.banner.setup", url=link), markup=False)
    if code:
        overlay = f"{server.address}/overlay/stage#k={await overlay_key(server, code)}"
        console.print(text(lang, "cli.banner.overlay", url=overlay), markup=False)
    console.print(text(lang, "cli.banner.stop"))


async def keep_quiet(_: Running) -> None:
    """Print nothing: another worker does."""


def print_qr(console: Console, url: str) -> None:
    """Draw a QR code that a phone reads off the terminal."""
    if console.is_terminal:
        segno.make(url, error="m").terminal(compact=True, border=2)


async def overlay_key(server: Running, show: ShowCode) -> str:
    """Return the key of a show's overlays, the same at every start.

    Kept beside the database, readable by its owner only, like the secret.
    """
    path = server.settings.data_dir / f"overlay-key-{show}"
    kept = path.read_text(encoding="ascii").strip() if path.exists() else ""
    if kept and await server.accounts.bearer(kept) is not None:
        return kept
    fresh = await server.accounts.add_token(Role.OVERLAY, show, "serve")
    _keep(path, fresh)
    return fresh


def _keep(path: Path, key: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key + "\n")
