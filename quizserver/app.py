"""The server put together: the only place where the parts meet.

Read it top to bottom to see how a process is built: settings, ledger, shows,
gateway, pages. Nothing here decides anything. `running` is the whole server as
a context; `Running.serve` keeps it until somebody stops it.
"""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import uvicorn

from quizserver import premises, shipped
from quizserver.addresses import address_of, from_here, listen
from quizserver.bank import shelf
from quizserver.bus.memory import MemoryBus
from quizserver.desk.acts import Act, Desk, Told, perform
from quizserver.desk.line import open_line
from quizserver.domain.ids import ShowCode
from quizserver.failures import Failure
from quizserver.gateway.arrivals import Arrivals
from quizserver.gateway.server import (
    Audiences,
    Gateway,
    Listening,
    LiveSide,
    make_audiences,
)
from quizserver.live.access import Accounts
from quizserver.live.admission import Admission
from quizserver.live.cheers import Cheers
from quizserver.live.clock import SystemClock
from quizserver.live.disk import Disk
from quizserver.live.held_words import HeldWords
from quizserver.live.ports import Bus
from quizserver.live.retention import Retention
from quizserver.live.secrets import Signer
from quizserver.live.shows import Shows
from quizserver.live.surroundings import Surroundings
from quizserver.live.tasks import Tasks
from quizserver.live.vitals import VitalSigns, stops_phones
from quizserver.live.watch import Watchdog
from quizserver.rehearsal.company import Company
from quizserver.reports.audit import audit_of
from quizserver.reports.formats import to_csv, to_json, to_xlsx
from quizserver.reports.recount import recount_of
from quizserver.reports.results import results_of
from quizserver.settings import Settings
from quizserver.store import backed_up
from quizserver.store.accounts import StoredAccounts
from quizserver.store.ledger import home, on_postgres, open_ledger
from quizserver.store.lifesign import FileLifeSign
from quizserver.store.reminders import FileReminders
from quizserver.store.sql_ledger import SqlLedger
from quizserver.web.routes import application
from quizserver.web.site import Health, Keeping, Site
from quizserver.web.static import load_assets
from quizserver.web.throttle import Throttle

FINISH_S: Final = 3.0
"""Longest that a stop waits for what people asked about their data: a database that is
gone must not hold it up, nor the killing of a worker that takes longer (15 s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that is ready: what the command line and tests reach into."""

    settings: Settings
    shows: Shows
    accounts: Accounts
    ledger: SqlLedger
    address: str
    listener: socket.socket
    uvicorn: uvicorn.Server

    async def serve(self) -> None:
        """Take connections until somebody stops the server."""
        await self.uvicorn.serve(sockets=[self.listener])
        # uvicorn raises the signal that ended it again, and asyncio's runner cancels us
        # for it: taken here, or it would end what the shutdown awaits first.
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0)  # noqa: TID251 - waits for nothing


def pack_folders(settings: Settings) -> list[Path]:
    """Return where packs are looked for: imported ones first."""
    return [settings.data_dir / "packs", shipped.questions()]


@asynccontextmanager
async def running(
    settings: Settings, listener: socket.socket | None = None
) -> AsyncIterator[Running]:
    """Build the server, restore its shows, and take it down again.

    It listens on `listener`, or on a socket of its own.

    Raises:
        Failure: the folder, the secret, the database or the port cannot be
            used; the sentence says which and what to do.
    """
    premises.prepare_folder(settings.data_dir)
    secret = premises.read_secret(settings.secret)
    listener = listener or listen(settings.host, settings.port)
    address = settings.public_url or address_of(
        listener, speaks_tls=settings.tls_certificate is not None
    )
    clock = SystemClock()
    ledger = _opened_ledger(settings, secret, listener)
    accounts = StoredAccounts(ledger, clock.utc_ms)
    company = _company(settings, listener)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = Tasks(group)
            parts = _parts(
                settings, secret, clock, ledger, tasks, _Place(address, company)
            )
            gateway = Gateway(
                clock=clock,
                audiences=parts.audiences,
                live=LiveSide(
                    shows=parts.shows, admission=parts.admission, accounts=accounts
                ),
                listening=_listening(settings),
            )
            await _start_shows(parts, settings, tasks)
            gateway.open(group)
            health = partial(_health, parts, gateway)
            site = _site(parts, settings, secret, accounts, health, company)
            act = _desk(settings, parts, accounts)
            async with open_line(settings.data_dir, act, several=settings.several):
                yield Running(
                    settings=settings,
                    shows=parts.shows,
                    accounts=accounts,
                    ledger=ledger,
                    address=address,
                    listener=listener,
                    uvicorn=_uvicorn(site, gateway),
                )
            gateway.close()
            await _finish(parts.shows)
            tasks.cancel()
    finally:
        company.disperse()
        listener.close()
        accounts.close()
        ledger.close()


async def _finish(shows: Shows) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(FINISH_S):
            await shows.finish()


def _uvicorn(site: Site, gateway: Gateway) -> uvicorn.Server:
    pages = application(site, gateway.routes())
    return uvicorn.Server(gateway.config(pages))


def _opened_ledger(
    settings: Settings, secret: bytes, listener: socket.socket
) -> SqlLedger:
    try:
        return open_ledger(
            settings.database,
            secret=secret,
            linger_ms=settings.linger_ms,
            shared=settings.several,
        )
    except Failure:
        listener.close()
        raise


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the server is reached, and who comes from this very machine."""

    address: str
    company: Company


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The running side of a process, before any page or socket."""

    audiences: Audiences
    shows: Shows
    admission: Admission
    ledger: SqlLedger
    clock: SystemClock
    vitals: VitalSigns


def _parts(
    settings: Settings,
    secret: bytes,
    clock: SystemClock,
    ledger: SqlLedger,
    tasks: Tasks,
    place: _Place,
) -> _Parts:
    audiences, signer = make_audiences(clock), Signer(secret)
    bus, is_carried = _bus(settings, clock, audiences, tasks)
    disk = Disk(home(settings.database, settings.data_dir), _free_bytes)
    watchdog = Watchdog(clock, ledger.health)
    tasks.start(disk.watch(clock))
    tasks.start(watchdog.run())
    vitals = VitalSigns(
        ledger=ledger.health,
        disk=disk,
        watchdog=watchdog,
        audience={
            "phones_online": audiences.phones.online_everywhere,
            "hosts_online": audiences.hosts.count,
            "overlays_online": audiences.overlays.count,
            "overlays_refused": audiences.refused.lately,
        },
        is_carried=is_carried,
        backup_age_s=_backup_age(settings, clock),
    )
    shows = Shows(
        Surroundings(
            ledger=ledger,
            bus=bus,
            clock=clock,
            signer=signer,
            phones=audiences.phones,
            overlays=audiences.overlays,
            hosts=audiences.hosts,
            start=tasks.start,
            public_url=place.address,
            vitals=vitals.read,
            life=FileLifeSign(settings.data_dir / "alive"),
            disk=disk,
            cheers=Cheers(bus, audiences.overlays),
            is_shared=settings.several,
            trouble=place.company.trouble,
            keep_days=settings.retention_days,
            is_held=_held_words(settings).are_in,
        )
    )
    admission = Admission(ledger=ledger, signer=signer, clock=clock, room=shows.room)
    return _Parts(
        audiences=audiences,
        shows=shows,
        admission=admission,
        ledger=ledger,
        clock=clock,
        vitals=vitals,
    )


def _bus(
    settings: Settings, clock: SystemClock, audiences: Audiences, tasks: Tasks
) -> tuple[Bus, Callable[[], bool]]:
    """Return what carries events, to all who share the ledger, and whether it does."""
    if not settings.several:
        return MemoryBus(), lambda: True
    from quizserver.bus.redis import RedisBus  # noqa: PLC0415 - for several only

    bus = RedisBus(settings.redis_url, clock)
    tasks.start(bus.run())
    Arrivals(audiences.phones, bus, clock)
    return bus, bus.ready.is_set


def _backup_age(settings: Settings, clock: SystemClock) -> Callable[[], float] | None:
    """Return what tells the last backup's age; nobody tells us of PostgreSQL's."""
    if on_postgres(settings.database):
        return None
    return lambda: backed_up.age_s(settings.data_dir, clock.utc_ms())


async def _start_shows(parts: _Parts, settings: Settings, tasks: Tasks) -> None:
    """Restore the shows; then names whose time is over may go."""
    await parts.shows.start()
    days = settings.retention_days
    reminders = FileReminders(settings.data_dir)
    keeper = Retention(parts.ledger, parts.shows, parts.clock, reminders, days)
    tasks.start(keeper.run())


def _held_words(settings: Settings) -> HeldWords:
    return HeldWords([*shipped.held_words(), *premises.held_words(settings.data_dir)])


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _site(
    parts: _Parts,
    settings: Settings,
    secret: bytes,
    accounts: Accounts,
    health: Callable[[], Health],
    company: Company,
) -> Site:
    return Site(
        shows=parts.shows,
        admission=parts.admission,
        accounts=accounts,
        ledger=parts.ledger,
        clock=parts.clock,
        packs=partial(shelf.sound, pack_folders(settings)),
        pack_folders=pack_folders(settings),
        picture=partial(shelf.picture, pack_folders(settings)),
        results=partial(results_of, parts.ledger),
        recount=partial(recount_of, parts.ledger),
        formats={"json": to_json, "csv": to_csv, "xlsx": to_xlsx},
        audit=partial(audit_of, parts.ledger),
        health=health,
        assets=load_assets(
            shipped.PACKAGE / "web" / "static",
            shipped.overlays(),
            shipped.PACKAGE / "texts",
            settings.data_dir / "themes",
            settings.data_dir / "workplaces.txt",
        ),
        throttle=Throttle(parts.clock),
        rehearse=partial(_rehearse, parts.shows, company),
        secret=secret,
        keeping=Keeping(
            days=settings.retention_days,
            organiser=settings.organiser,
            contact=settings.contact,
        ),
        public_url=settings.public_url,
    )


def _desk(
    settings: Settings, parts: _Parts, accounts: Accounts
) -> Callable[[Act], Awaitable[Told]]:
    packs = pack_folders(settings)
    return partial(perform, Desk(shows=parts.shows, accounts=accounts, packs=packs))


def _company(settings: Settings, listener: socket.socket) -> Company:
    certificate = settings.tls_certificate
    here = from_here(listener, speaks_tls=certificate is not None)
    return Company(here, certificate)


def _rehearse(shows: Shows, company: Company, code: ShowCode, phones: int) -> None:
    company.send(code, phones, shows.rehearsal_page(code))


def _listening(settings: Settings) -> Listening:
    certificate, key = settings.tls_certificate, settings.tls_key
    return Listening(
        host=settings.host,
        port=settings.port,
        public_url=settings.public_url or None,
        trusted_proxies=[str(network) for network in settings.trusted_proxies],
        certificate=str(certificate) if certificate else None,
        certificate_key=str(key) if key else None,
    )


def _health(parts: _Parts, gateway: Gateway) -> Health:
    """Phones can join when answers can be stored, and a show is on air or may be."""
    vitals = parts.vitals.read()
    on_air = parts.shows.on_air() is not None
    stops = [one for one in vitals.concerns if stops_phones(one, on_air=on_air)]
    rest = [one for one in vitals.concerns if one not in stops]
    tally = gateway.tally
    counted = {
        "phone_handshakes_total": float(tally.handshakes),
        "phones_refused_total": float(tally.refused),
        "phones_dead_total": float(tally.dead),
        "phone_resyncs_total": float(tally.resyncs),
    }
    return Health(
        ready=not stops,
        problems=tuple(one.sentence("en") for one in stops),
        warnings=tuple(one.sentence("en") for one in rest),
        numbers={**vitals.numbers, **counted},
    )
