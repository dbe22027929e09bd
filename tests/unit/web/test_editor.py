"""The question editor's calls, over HTTP on the whole server.

Two people, drafts, versions, four eyes, uploads: whatever is refused names what, where
and the cure, and has changed nothing.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from quizserver import shipped
from quizserver.bank import shelf
from quizserver.bank.export import export
from quizserver.bank.load import load
from quizserver.domain.ids import QuestionId, ShowCode
from quizserver.domain.rundown import Rules
from quizserver.live.access import Role
from quizserver.shipped import PACKAGE
from quizserver.texts.catalogue import LANGS, catalogue
from tests.protocol.http_site import PASSWORD
from tests.protocol.premises import Grounds, grounds
from tests.unit.bank.test_delivery import drawn

pytestmark = pytest.mark.asyncio(loop_scope="module")

ID = "cchc-2023-so-1"
URL = f"/api/packs/{ID}"
Told = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Writer:
    """Somebody signed in, with the token that their writes need."""

    client: httpx.AsyncClient
    csrf: str

    async def read(self, path: str = URL) -> Told:
        told: Told = (await self.client.get(path)).json()
        return told

    async def send(self, path: str, json: object) -> tuple[int, Told]:
        answer = await self.client.post(path, json=json, headers=self.head)
        return answer.status_code, answer.json()

    async def upload(self, path: str, content: bytes) -> tuple[int, Told]:
        answer = await self.client.post(path, content=content, headers=self.head)
        return answer.status_code, answer.json()

    @property
    def head(self) -> dict[str, str]:
        return {"X-CSRF-Token": self.csrf}

    async def question(self, at: int = 0) -> Told:
        told: Told = (await self.read())["questions"][at]
        return told

    async def save(self, was: Told, **fields: object) -> tuple[int, Told]:
        wish = {"at": was["id"], "version": was["version"], "question": was | fields}
        return await self.send(f"{URL}/questions", wish)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Grounds]:
    async with grounds(tmp_path_factory.mktemp("site")) as made:
        for name in ("thao", "binh"):
            await made.server.accounts.add_account(name, PASSWORD, Role.HOST)
        yield made


@pytest.fixture(autouse=True)
def fresh(site: Grounds) -> None:
    """Every test finds the packs as they were shipped."""
    home = folders(site)[0]
    for file in home.glob("*/*"):
        file.unlink()


async def writer(site: Grounds, name: str) -> Writer:
    session = await site.server.accounts.sign_in(name, PASSWORD)
    client = httpx.AsyncClient(
        base_url=site.address,
        cookies={"quiz": str(session)},
        headers={"Origin": site.address, "Accept-Language": "vi"},
        trust_env=False,
    )
    return Writer(client=client, csrf=await site.csrf(client))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def thao(site: Grounds) -> AsyncIterator[Writer]:
    one = await writer(site, "thao")
    yield one
    await one.client.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def binh(site: Grounds) -> AsyncIterator[Writer]:
    one = await writer(site, "binh")
    yield one
    await one.client.aclose()


def folders(site: Grounds) -> list[Path]:
    return [site.server.settings.data_dir / "packs", shipped.questions()]


async def test_every_pack_is_listed_with_its_states(thao: Writer) -> None:
    told = await thao.read("/api/packs")

    states = {pack["id"]: pack["states"] for pack in told["packs"]}
    assert states[ID] == {"unfinished": 0, "written": 0, "reviewed": 12}
    assert (told["hits"], told["more"]) == ([], False)


async def test_search_needs_no_accents(thao: Writer) -> None:
    told = await thao.read("/api/packs?find=thong%20DIEP%20cua%20cuoc%20thi")

    assert [(hit["pack"], hit["id"]) for hit in told["hits"]] == [(ID, "a04")]


async def test_broken_pack_is_listed_with_its_flaws(
    site: Grounds, thao: Writer
) -> None:
    home = folders(site)[0] / "hong"
    home.mkdir(parents=True, exist_ok=True)
    (home / "pack.toml").write_text("[pack]\nid = ")

    rows = {row["id"]: row for row in (await thao.read("/api/packs"))["packs"]}

    assert rows["hong"]["flaws"][0]["line"] == 2
    status, told = await thao.send("/api/packs/hong/questions", {"question": {}})
    assert (status, told["flaws"][0]["code"]) == (422, "bad_toml")


class TestSaving:
    async def test_change_is_kept_in_the_file_and_asks_for_a_review(
        self, site: Grounds, thao: Writer
    ) -> None:
        was = await thao.question()
        status, told = await thao.save(was, text="  Thông điệp  mới là gì? ")

        one = told["questions"][0]
        assert (status, told["put"], one["text"]) == (
            200,
            "a04",
            "Thông điệp mới là gì?",
        )
        assert (one["state"], one["author"]) == ("written", "Tổ biên soạn; thao")
        kept = (folders(site)[0] / ID / "pack.toml").read_text("utf-8")
        assert "Thông điệp mới là gì?" in kept
        assert ID not in {pack.id for pack in await offered(site)}

    async def test_second_one_is_told_what_stands_there(
        self, thao: Writer, binh: Writer
    ) -> None:
        was = await thao.question()
        await thao.save(was, text="Của Thảo?")

        status, told = await binh.save(was, text="Của Bình?")

        assert (status, told["error"]["code"]) == (409, "changed")
        assert told["question"]["text"] == "Của Thảo?"
        again = was | {"version": told["question"]["version"]}
        assert (await binh.save(again, text="Của Bình?"))[0] == 200

    async def test_flaws_come_at_once_and_nothing_is_kept(
        self, site: Grounds, thao: Writer
    ) -> None:
        was = await thao.question()

        status, told = await thao.save(was, text="x" * 201, options=["a", "A"], key="D")

        assert status == 422
        assert {(flaw["field"], flaw["code"]) for flaw in told["flaws"]} == {
            ("text", "too_long"),
            ("options", "equal_options"),
            ("key", "bad_key"),
        }
        assert all(flaw["cure"] and flaw["what"] for flaw in told["flaws"])
        assert await thao.question() == was
        assert not (folders(site)[0] / ID / "pack.toml").exists()

    async def test_unfinished_one_is_kept_and_says_what_it_lacks(
        self, thao: Writer
    ) -> None:
        said = {"question": {"text": "Mới viết dở?"}}
        _, told = await thao.send(f"{URL}/questions", said)

        (new,) = [one for one in told["questions"] if one["id"] == told["put"]]
        assert (new["state"], new["author"]) == ("unfinished", "thao")
        assert {flaw["code"] for flaw in new["flaws"]} == {
            "missing_options",
            "missing_key",
            "missing_source",
        }

    @pytest.mark.parametrize(
        "body", [{}, {"question": 1}, [], {"question": {"options": "abc"}}]
    )
    async def test_nonsense_is_refused(self, thao: Writer, body: object) -> None:
        status, told = await thao.send(f"{URL}/questions", body)

        assert status == 422
        assert told["error"]["message"]

    async def test_too_much_is_refused(self, thao: Writer) -> None:
        said = {"question": {"text": "x" * 60_000}}
        assert (await thao.send(f"{URL}/questions", said))[0] == 413

    async def test_unknown_pack_is_told(self, thao: Writer) -> None:
        status, told = await thao.send("/api/packs/none/questions", {"question": {}})

        assert (status, told["error"]["code"]) == (404, "gone")

    async def test_full_disk_is_told_and_the_pack_stays(
        self, thao: Writer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        was = await thao.question()

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(shelf, "_write", full)
        status, told = await thao.save(was, text="Mới?")

        assert (status, told["error"]["code"]) == (503, "disk")
        assert await thao.question() == was


async def offered(site: Grounds) -> list[Any]:
    """Return the packs that a new show may be made of."""
    return [pack for pack in shelf.packs(folders(site)) if not pack.flaws]


class TestReviewing:
    async def test_takes_two(self, site: Grounds, thao: Writer, binh: Writer) -> None:
        """Source: contest.md A17."""
        _, told = await thao.save(await thao.question(), text="Mới?")
        seen = {"version": told["questions"][0]["version"], "reviewed": True}
        path = f"{URL}/questions/a04/review"

        status, own = await thao.send(path, seen)
        assert (status, own["error"]["code"]) == (403, "own_work")
        status, told = await binh.send(path, seen)

        one = told["questions"][0]
        assert (status, one["state"], one["reviewer"]) == (200, "reviewed", "binh")
        assert ID in {pack.id for pack in await offered(site)}
        seen = {"version": one["version"], "reviewed": False}
        _, told = await thao.send(path, seen)
        assert told["questions"][0]["state"] == "written"

    async def test_is_of_what_was_read(self, thao: Writer, binh: Writer) -> None:
        was = await thao.question()
        await thao.save(was, text="Mới?")

        seen = {"version": was["version"], "reviewed": True}
        status, told = await binh.send(f"{URL}/questions/a04/review", seen)

        assert (status, told["error"]["code"]) == (409, "changed")


class TestArranging:
    async def test_order_and_title(self, thao: Writer) -> None:
        pack = await thao.read()
        order = [one["id"] for one in pack["questions"]][::-1]
        wish = {"version": pack["version"], "title": "Số 1 mới", "order": order}

        status, told = await thao.send(f"{URL}/frame", wish)

        assert (status, told["title"]) == (200, "Số 1 mới")
        assert [one["id"] for one in told["questions"]] == order
        status, told = await thao.send(f"{URL}/frame", wish)
        assert (status, told["error"]["code"]) == (409, "changed")

    async def test_title_is_needed(self, thao: Writer) -> None:
        pack = await thao.read()
        wish = {"version": pack["version"], "title": " ", "order": []}

        status, told = await thao.send(f"{URL}/frame", wish)

        assert (status, told["flaws"][0]["field"]) == (422, "pack_title")

    async def test_removing(self, thao: Writer) -> None:
        was = await thao.question()
        path = f"{URL}/questions/a04/remove"

        status, told = await thao.send(path, {"version": "old"})
        assert (status, told["error"]["code"]) == (409, "changed")
        status, told = await thao.send(path, {"version": was["version"]})
        assert status == 200
        assert "a04" not in {one["id"] for one in told["questions"]}

    async def test_new_pack(self, thao: Writer) -> None:
        wish = {"id": "cchc-2026-so-1", "title": "Số 1", "lang": "vi"}

        status, told = await thao.send("/api/packs", wish)

        assert (status, told["questions"]) == (201, [])
        assert [flaw["code"] for flaw in told["lacks"]] == ["no_questions"]
        status, told = await thao.send("/api/packs", wish)
        assert (status, told["error"]["code"]) == (409, "exists")
        wish["id"] = "Số 1"
        status, told = await thao.send("/api/packs", wish)
        assert (status, told["flaws"][0]["code"]) == (422, "bad_pack_id")


class TestPictures:
    async def test_are_kept_and_shown_to_editors(
        self, site: Grounds, thao: Writer
    ) -> None:
        path = f"{URL}/pictures?name=ban-do.png"
        status, told = await thao.upload(path, drawn("png"))
        assert status == 201
        await thao.save(await thao.question(), image=told["image"])

        answer = await thao.client.get(f"{URL}/pictures/{told['image']}")
        assert (answer.content, answer.headers["content-type"]) == (
            drawn("png"),
            "image/png",
        )
        assert (await thao.question())["image"] == told["image"]
        async with site.client() as stranger:  # not asked yet (Source: R3.6)
            public = await stranger.get(f"/pictures/{told['image']}")
        assert public.status_code == 404

    @pytest.mark.parametrize(
        ("name", "content", "status", "code"),
        [
            ("a.png", b"<svg/>", 422, "image_kind"),
            ("a.png", drawn("png")[:-20], 422, "image_broken"),
            ("a.png", drawn("png", (5_000, 20)), 422, "image_sides"),
            ("../a.png", drawn("png"), 422, "image_name"),
            ("a.png", b"x" * 2_100_000, 413, "too_big"),
        ],
    )
    async def test_others_are_refused(
        self, thao: Writer, name: str, content: bytes, status: int, code: str
    ) -> None:
        path = f"{URL}/pictures?name={name}"
        got, told = await thao.upload(path, content)

        found = told.get("flaws") or [told["error"]]
        assert (got, found[0]["code"]) == (status, code)

    async def test_missing_one_is_not_found(self, thao: Writer) -> None:
        for name in ("none.png", "pack.toml"):
            answer = await thao.client.get(f"{URL}/pictures/{name}")
            assert answer.status_code == 404


class TestFiles:
    @pytest.mark.parametrize("form", ["toml", "csv", "xlsx", "zip"])
    async def test_every_form_makes_the_way_there_and_back(
        self, site: Grounds, thao: Writer, form: str
    ) -> None:
        _, told = await thao.upload(f"{URL}/pictures?name=a.webp", drawn("webp"))
        await thao.save(await thao.question(), image=told["image"], text="Có ảnh?")
        before = await thao.read()

        file = await thao.client.get(f"{URL}/export.{form}")
        assert f'filename="{ID}.{form}"' in file.headers["content-disposition"]
        path = f"/api/packs/import?name=so-1.{form}"
        _, looked = await thao.upload(f"{path}&look=1", file.content)
        assert (looked["id"], looked["exists"], looked["same"]) == (ID, True, 12)
        path = f"{path}&version={looked['version']}"
        assert (await thao.upload(path, file.content))[0] == 200
        assert await thao.read() == before

    async def test_looking_changes_nothing_and_counts(
        self, site: Grounds, thao: Writer
    ) -> None:
        pack = load(shipped.questions() / ID)
        changed = [QuestionId(f"{q.id}x") for q in pack.questions[:2]]
        source = export(pack, ".toml", "vi").decode()
        for new in changed:
            source = source.replace(f'"{new[:-1]}"', f'"{new}"')

        path = "/api/packs/import?name=a.toml&look=1"
        _, told = await thao.upload(path, source.encode())

        counts = [told[name] for name in ("added", "changed", "same", "removed")]
        assert counts == [2, 0, 10, 2]
        assert not (folders(site)[0] / ID / "pack.toml").exists()

    async def test_pack_changed_meanwhile_is_not_replaced(
        self, thao: Writer, binh: Writer
    ) -> None:
        file = export(load(shipped.questions() / ID), ".toml", "vi")
        path = "/api/packs/import?name=a.toml"
        _, looked = await thao.upload(f"{path}&look=1", file)
        await binh.save(await binh.question(), text="Của Bình?")

        status, told = await thao.upload(f"{path}&version={looked['version']}", file)

        assert (status, told["error"]["code"]) == (409, "changed")
        assert (await thao.question())["text"] == "Của Bình?"

    async def test_bad_file_says_where_and_how_to_cure_it(
        self, site: Grounds, thao: Writer
    ) -> None:
        source = export(load(shipped.questions() / ID), ".csv", "vi").decode()
        bad = source.replace("15 giây", "10 giây").replace('"B"', "Z").encode()

        path = "/api/packs/import?name=Số%201.csv&version="
        status, told = await thao.upload(path, bad)

        assert status == 422
        flaw = told["flaws"][0]
        assert (flaw["file"], flaw["line"], flaw["question"]) == ("Số 1.csv", 7, "a34")
        assert flaw["code"] == "equal_options"
        assert flaw["cure"]
        assert not (folders(site)[0] / ID / "pack.toml").exists()

    async def test_unknown_form_is_not_found(self, thao: Writer) -> None:
        assert (await thao.client.get(f"{URL}/export.ods")).status_code == 404

    async def test_large_file_is_refused_at_the_door(self, site: Grounds) -> None:
        """Nobody who may not write gets to send megabytes (P7)."""
        async with site.client() as stranger:
            answer = await stranger.post(
                "/api/packs/import?name=a.zip", content=b"x" * 1_000_000
            )
            assert answer.status_code == 401


class TestOnAir:
    async def test_show_keeps_its_own_questions(
        self, site: Grounds, thao: Writer
    ) -> None:
        """A question of a show that was made cannot be changed under it."""
        code = ShowCode("GIU")
        pack = shelf.load_pack(ID, folders(site))
        live = await site.server.shows.create(
            code, pack, title="Giữ", lang="vi", rules=Rules(), actor="setup"
        )
        was = await thao.question()
        assert was["shows"] == [{"code": "GIU", "asked": False}]

        status, told = await thao.save(was, text="Đổi trong lúc phát?")

        assert status == 200
        kept = site.server.shows.get(code)
        assert kept is live
        question = kept.stage.show.questions[QuestionId("a04")]
        assert question == pack.questions[0]
        assert told["questions"][0]["shows"] == []
        _, told = await thao.send(
            f"{URL}/questions/a34/remove", {"version": told["questions"][1]["version"]}
        )
        assert QuestionId("a34") in kept.stage.show.questions


async def test_pages_are_for_hosts(site: Grounds, thao: Writer) -> None:
    for path in ("/host/questions", f"/host/questions/{ID}", "/host/preview/phone"):
        answer = await thao.client.get(path)
        assert answer.status_code == 200
    assert (await thao.client.get("/host/preview/x")).status_code == 404
    token = await site.server.accounts.add_token(Role.MODERATOR, None, "mod")
    async with site.client(Authorization=f"Bearer {token}") as moderator:
        assert (await moderator.get(URL)).status_code == 403
        assert (await moderator.get("/host/questions")).status_code == 403


async def test_every_text_of_the_editor_is_there_and_used() -> None:
    """Keys that are put together from a value are listed here."""
    made = {
        *(f"editor.state.{name}" for name in ("unfinished", "written", "reviewed")),
        *(f"editor.face.{name}" for name in ("phone", "wide", "tall", "overlay")),
        *(f"editor.export.{form}" for form in ("xlsx", "csv", "toml", "zip")),
        *(f"editor.import.{n}" for n in ("added", "changed", "same", "removed")),
        *(f"editor.error.{n}" for n in ("offline", "sign_in_first", "too_big")),
        *(f"editor.error.{n}" for n in ("changed", "exists", "own_work", "flaws")),
        *(f"editor.error.{n}" for n in ("gone", "disk")),
        *(f"editor.field.{n}" for n in ("key", "duration_ms")),
        *(f"editor.advice.{n}" for n in ("text", "option", "all", "sticks_out")),
        *(f"editor.advice.{n}" for n in ("everything", "not_twice")),
    }
    sources = [
        *PACKAGE.glob("web/static/editor/*.js"),
        *PACKAGE.glob("web/templates/*.html"),
    ]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    used = set(re.findall(r'"(editor\.[a-z0-9_.]*[a-z0-9])"', text)) | made
    for lang in LANGS:
        there = set(catalogue(lang, ["editor"]))
        assert used - there == set()
        assert there - used == set()
