"""The question editor: its pages and the calls they make.

Every change names the version its writer saw and is refused when somebody else was
quicker, with what stands there now. Files are read and written in threads, away from
the loop that phones are on. A show has its own copy of its questions, so nothing done
here reaches one that was made before.
"""

from collections.abc import Awaitable, Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from quizserver.bank import delivery, editing, images, parcel, shelf
from quizserver.bank.editing import Changed, OwnWork
from quizserver.bank.export import export
from quizserver.bank.fields import Wrong, read_lang, read_pack_id, read_text
from quizserver.bank.flaws import Flaw, PackRefused
from quizserver.bank.validate import UNFINISHED
from quizserver.domain.rundown import Pack
from quizserver.domain.show import Show
from quizserver.failures import Failure
from quizserver.web import editorview as view
from quizserver.web.denied import Denied
from quizserver.web.downloads import TYPES
from quizserver.web.render import page
from quizserver.web.static import MIME
from quizserver.web.visit import Visit, decoded

MOST_WRITTEN: Final = 48 * 1024
"""Longest body of a change in bytes: a question, or the order of 500."""

MOST_HITS: Final = 50
_FACES: Final = ("phone", "overlay")
_MIMES: Final = {
    ".toml": "text/plain; charset=utf-8",
    ".csv": TYPES["csv"],
    ".xlsx": TYPES["xlsx"],
    ".zip": "application/zip",
}
_REFUSED: Final = {"changed": 409, "exists": 409, "own_work": 403, "flaws": 422,
                   "gone": 404, "disk": 503}  # fmt: skip

Answer = Callable[[Visit], Awaitable[Response]]
_T = TypeVar("_T")


class Put(msgspec.Struct):
    """A question as somebody wrote it; `at` "" is a new one."""

    question: dict[str, object]
    at: str = ""
    version: str = ""


class Seen(msgspec.Struct):
    """Which version of a question is meant; `reviewed` for reviews."""

    version: str
    reviewed: bool = True


class Frame(msgspec.Struct):
    """Title and order of a pack."""

    version: str
    title: str
    order: list[str]


class NewPack(msgspec.Struct):
    """A pack without questions."""

    id: str
    title: str
    lang: str


def _told(answer: Answer) -> Answer:
    """Turn what the bank refuses into an answer that says what, where and the cure."""

    @wraps(answer)
    async def respond(visit: Visit) -> Response:
        try:
            return await answer(visit)
        except (Failure, OSError) as error:
            return _why(visit, error)

    return respond


def _why(visit: Visit, error: Failure | OSError) -> Response:
    match error:
        case Changed(question=now):
            said = view.one_question(now, (), (), visit.lang) if now else None
            return _refusal(visit, "changed", question=said)
        case PackRefused(flaws=flaws):
            rows = view.flaw_rows(flaws, visit.lang)
            return _refusal(visit, "flaws", flaws=rows)
        case OwnWork():
            return _refusal(visit, "own_work")
        case shelf.PackExists():
            return _refusal(visit, "exists")
        case shelf.UnknownPack():
            return _refusal(visit, "gone")
        case OSError():
            return _refusal(visit, "disk")
        case _:
            raise error


def _refusal(visit: Visit, code: str, **more: object) -> Response:
    said = {"code": code, "message": visit.say(f"editor.error.{code}")}
    return JSONResponse({"error": said} | more, status_code=_REFUSED[code])


async def pages(visit: Visit) -> Response:
    """Return the editor's page: the list, or one pack; its script asks for the rest."""
    return page(visit, "editor.html", pack=visit.request.path_params.get("pack", ""))


async def preview(visit: Visit) -> Response:
    """Return an empty phone or overlay, into which the editor puts a question."""
    face = str(visit.request.path_params["face"])
    if face not in _FACES:
        raise Denied("not_found")
    return page(visit, f"editor_{face}.html")


@_told
async def listed(visit: Visit) -> Response:
    """Return all packs, and with `?find=` the questions that hold those words."""
    wanted = editing.sought(visit.request.query_params.get("find", ""))
    folders = visit.site.pack_folders

    def look() -> dict[str, object]:
        rows: list[object] = []
        hits: list[object] = []
        for summary, pack in shelf.opened(folders, UNFINISHED):
            states = view.states(pack, summary.folder) if pack else {}
            hits += _hits(pack, wanted) if pack else []
            rows.append(view.pack_row(summary, states, visit.lang))
        return {"packs": rows, "hits": hits[:MOST_HITS], "more": len(hits) > MOST_HITS}

    return JSONResponse(await run_in_threadpool(look))


def _hits(pack: Pack, wanted: str) -> Iterable[object]:
    for number, question in enumerate(pack.questions, start=1):
        if wanted and wanted in editing.searchable(question):
            yield {
                "pack": pack.id,
                "id": question.id,
                "number": number,
                "text": question.text,
            }


@_told
async def create(visit: Visit) -> Response:
    """Make an empty pack."""
    body = await _body(visit, NewPack)
    pack = Pack(
        id=_field("pack_id", body.id, read_pack_id),
        title=editing.title_of(body.title, read_text),
        lang=_field("pack_lang", body.lang, read_lang),
        questions=(),
    )

    def must_be_new(now: Pack | None) -> None:
        if now is not None:
            raise shelf.PackExists

    folders = visit.site.pack_folders
    await run_in_threadpool(shelf.exchange, pack, Path(), folders, must_be_new)
    return await _pack(visit, pack.id, status=201)


def _field(name: str, value: str, read: Callable[[object], str]) -> str:
    try:
        return read(value)
    except Wrong as wrong:
        flaw = Flaw(code=wrong.code, file="", field=name, values=wrong.values)
        raise PackRefused((flaw,)) from None


@_told
async def one(visit: Visit) -> Response:
    """Return a pack with everything the editor shows of it."""
    return await _pack(visit, _id(visit))


@_told
async def put(visit: Visit) -> Response:
    """Save a question, or add one; `put` of the answer is its id."""
    body = await _body(visit, Put)

    def edit(pack: Pack, folder: Path) -> Pack:
        numbers = [n for n, q in enumerate(pack.questions, start=1) if q.id == body.at]
        number = numbers[0] if numbers else len(pack.questions) + 1
        wish = editing.written(body.question, number, folder)
        return editing.put(pack, body.at, body.version, wish, _editor(visit))

    return await _changed(visit, edit, body.at)


@_told
async def remove(visit: Visit) -> Response:
    """Take a question out of its pack."""
    body, at = await _body(visit, Seen), str(visit.request.path_params["question"])
    return await _changed(visit, lambda pack, _: editing.remove(pack, at, body.version))


@_told
async def review(visit: Visit) -> Response:
    """Sign a question as reviewed by who asks, or take the review back."""
    body, at = await _body(visit, Seen), str(visit.request.path_params["question"])
    reviewer = _editor(visit) if body.reviewed else ""

    def edit(pack: Pack, folder: Path) -> Pack:
        return editing.review(pack, at, body.version, reviewer, folder)

    return await _changed(visit, edit)


@_told
async def arrange(visit: Visit) -> Response:
    """Change a pack's title and the order of its questions."""
    body = await _body(visit, Frame)
    title = editing.title_of(body.title, read_text)

    def edit(pack: Pack, _: Path) -> Pack:
        return editing.arrange(pack, body.version, title, body.order)

    return await _changed(visit, edit)


@_told
async def add_picture(visit: Visit) -> Response:
    """Keep an uploaded picture and return the name that a question may give."""
    content = await visit.content(images.MOST_BYTES)
    name = visit.request.query_params.get("name", "")
    try:
        images.check_upload(name, content)
    except Wrong as wrong:
        flaw = Flaw(code=wrong.code, file="", field="image", values=wrong.values)
        raise PackRefused((flaw,)) from None
    kept = await run_in_threadpool(
        shelf.add_picture, _id(visit), name, content, visit.site.pack_folders
    )
    return JSONResponse({"image": kept}, status_code=201)


@_told
async def picture(visit: Visit) -> Response:
    """Return a picture of a pack, whether its question was asked or not."""
    name = str(visit.request.path_params["name"])
    folders = visit.site.pack_folders
    file = await run_in_threadpool(shelf.image_file, _id(visit), name, folders)
    if file is None:
        raise Denied("not_found")
    body = await run_in_threadpool(file.read_bytes)
    return Response(body, media_type=MIME[file.suffix.lower()])


@_told
async def take_in(visit: Visit) -> Response:
    """Look at an uploaded pack (`?look=1`), or put it in the place of the present one.

    `?version=` is that of the pack it replaces, as the look said; "" for none.
    """
    asked = visit.request.query_params
    content = await visit.content(parcel.MOST_PACKED)
    folders = visit.site.pack_folders
    told: dict[str, object] = {}

    def tell(now: Pack | None, pack: Pack) -> None:
        told.update(id=pack.id, title=pack.title, exists=now is not None)
        told.update(editing.difference(now, pack))
        told["version"] = editing.pack_version(now) if now else ""

    def check(now: Pack | None) -> None:
        if (editing.pack_version(now) if now else "") != asked.get("version", ""):
            raise Changed

    def work() -> None:
        with delivery.delivered(asked.get("name", ""), content, folders) as found:
            folder, pack = found
            tell(shelf.find_or_none(pack.id, folders), pack)
            if asked.get("look") != "1":
                shelf.exchange(pack, folder, folders, check)

    await run_in_threadpool(work)
    return JSONResponse(told)


@_told
async def hand_out(visit: Visit) -> Response:
    """Return a pack as a file; "zip" holds its pictures too."""
    form = f".{visit.request.path_params['form']}"
    if form not in delivery.FORMS:
        raise Denied("not_found")
    folders = visit.site.pack_folders

    def work() -> bytes:
        folder, pack = shelf.find_pack(_id(visit), folders, UNFINISHED)
        if form == parcel.ENDING:
            return parcel.packed(pack, folder)
        return export(pack, form, pack.lang)

    body = await run_in_threadpool(work)
    said = {"Content-Disposition": f'attachment; filename="{_id(visit)}{form}"'}
    return Response(body, media_type=_MIMES[form], headers=said)


async def _changed(
    visit: Visit, edit: Callable[[Pack, Path], Pack], at: str = ""
) -> Response:
    """Carry out a change and return the pack as it is then."""
    folders = visit.site.pack_folders
    known: set[str] = set()

    def remember(pack: Pack, folder: Path) -> Pack:
        known.update(question.id for question in pack.questions)
        return edit(pack, folder)

    _, pack = await run_in_threadpool(shelf.change, _id(visit), folders, remember)
    new = (one.id for one in pack.questions if one.id not in known)
    return await _pack(visit, pack.id, put=at or next(new, ""))


async def _pack(
    visit: Visit, pack_id: str, *, status: int = 200, **more: object
) -> Response:
    shows = await _shows(visit)

    def look() -> dict[str, object]:
        folders = visit.site.pack_folders
        folder, pack = shelf.find_pack(pack_id, folders, UNFINISHED)
        return view.whole_pack(pack, folder, view.uses_of(pack, shows), visit.lang)

    return JSONResponse(await run_in_threadpool(look) | more, status_code=status)


async def _shows(visit: Visit) -> list[Show]:
    rows = await visit.site.shows.listed()
    lives = [visit.site.shows.get(row.code) for row in rows]
    return [live.stage.show for live in lives if live is not None]


async def _body(visit: Visit, kind: type[_T]) -> _T:
    return decoded(await visit.content(MOST_WRITTEN), kind)


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["pack"])


def _editor(visit: Visit) -> str:
    assert visit.actor is not None, "the door lets only hosts in"
    return visit.actor.name
