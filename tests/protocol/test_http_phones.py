"""Phones over plain HTTP: joining, coming back, state and answers (wire §2)."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quizserver.domain.ids import QuestionId
from quizserver.live.commitment import published_hash
from quizserver.live.secrets import Signer
from quizserver.web.visit import Visit
from tests.protocol.http_site import SECRET, SHOW, World, world

CONSENT = {"version": "vi-1", "play": True, "show_name": True, "contact": False}
GIVEN = {"consent": CONSENT}
JOIN = f"/api/shows/{SHOW}/participants"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        await made.command("open_lobby")
        yield made


def given(**changes: object) -> dict[str, object]:
    return {"consent": CONSENT | changes}


class TestJoin:
    async def test_answer_has_all_that_a_phone_keeps(self, site: World) -> None:
        body = {"name": "Nguyễn Thị Phương Thảo", "unit": "", "consent": CONSENT}
        async with site.client() as phone:
            answer = await phone.post(JOIN, json=body)
        said = answer.json()
        assert answer.status_code == 201
        assert set(said) == {"participant", "name", "token", "recovery_code"}
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"quiz-{SHOW}={said['token']}")
        assert "HttpOnly" in cookie
        assert said["token"] not in str(answer.url)

    @pytest.mark.parametrize(
        ("body", "code", "field"),
        [
            ({}, "bad_field", "name"),
            ({"name": 5}, "bad_field", "name"),
            ({"name": "  "}, "name_missing", "name"),
            ({"name": "\u202e\u200b"}, "name_missing", "name"),
            ({"name": "a" * 41, **GIVEN}, "name_long", "name"),
            ({"name": "An", "unit": "x" * 300, **GIVEN}, "unit_long", "unit"),
            ({"name": "An"}, "consent_missing", "consent.play"),
            ({"name": "An", **given(play=False)}, "consent_missing", "consent.play"),
            ({"name": "An", **given(play="yes")}, "bad_field", "consent.play"),
            ({"name": "An", "phone": "abc", **GIVEN}, "phone_bad", "phone"),
        ],
    )  # fmt: skip
    async def test_refusal_names_code_field_and_reason(
        self, site: World, body: dict[str, object], code: str, field: str
    ) -> None:
        async with site.client() as phone:
            answer = await phone.post(JOIN, json=body)
        error = answer.json()["error"]
        assert answer.status_code == 422
        assert (error["code"], error["field"]) == (code, field)
        assert error["message"].endswith(".")

    async def test_sentence_is_in_the_visitors_language(self, site: World) -> None:
        async with site.client(**{"Accept-Language": "en"}) as phone:
            said = (await phone.post(JOIN, json={"name": ""})).json()
        assert said["error"]["message"] == "Enter your full name."

    @pytest.mark.parametrize(
        ("content", "status", "code"),
        [
            (b"{", 400, "bad_json"),
            (b"\xff\xfe", 400, "bad_json"),
            (b'{"x":' + b"[" * 4_000, 400, "bad_json"),
            (b'{"name": "' + b"a" * 5_000 + b'"}', 413, "too_big"),
        ],
    )
    async def test_broken_or_huge_bodies_are_refused(
        self, site: World, content: bytes, status: int, code: str
    ) -> None:
        async with site.client() as phone:
            answer = await phone.post(JOIN, content=content)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)

    async def test_unknown_show_is_not_found(self, site: World) -> None:
        async with site.client() as phone:
            answer = await phone.post(
                "/api/shows/NIX/participants", json={"name": "An"}
            )
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "no_such_show"

    async def test_ended_show_takes_nobody(self, site: World) -> None:
        await site.command("end")
        async with site.client() as phone:
            answer = await phone.post(JOIN, json={"name": "An", "consent": CONSENT})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "closed")


class TestRecover:
    PATH = f"/api/shows/{SHOW}/recover"

    async def test_code_gives_the_same_participant_a_new_token(
        self, site: World
    ) -> None:
        """R2.2."""
        joined = await site.join("An")
        async with site.client() as other:
            body = {"recovery_code": joined["recovery_code"].lower()}
            answer = await other.post(self.PATH, json=body)
        assert answer.status_code == 200
        assert answer.json()["participant"] == joined["participant"]
        assert answer.json()["token"] != joined["token"]

    async def test_cookie_stands_in_for_the_code_in_the_same_browser(
        self, site: World
    ) -> None:
        async with site.client() as phone:
            joined = await phone.post(JOIN, json={"name": "An", "consent": CONSENT})
            again = await phone.post(self.PATH, json={"recovery_code": ""})
        assert again.status_code == 200
        assert again.json()["participant"] == joined.json()["participant"]
        assert (again.json()["name"], again.json()["token"]) == (
            "An",
            joined.json()["token"],
        )

    async def test_empty_code_without_a_cookie_is_wrong(self, site: World) -> None:
        async with site.client() as phone:
            answer = await phone.post(self.PATH, json={"recovery_code": ""})
        assert answer.status_code == 422

    async def test_wrong_code_says_so(self, site: World) -> None:
        async with site.client() as phone:
            answer = await phone.post(self.PATH, json={"recovery_code": "ABCD-2345"})
        error = answer.json()["error"]
        assert answer.status_code == 422
        assert (error["code"], error["field"]) == ("wrong_code", "recovery_code")


class TestState:
    async def test_state_is_the_sockets_snapshot(self, site: World) -> None:
        joined = await site.join("An")
        async with site.client(Authorization=f"Bearer {joined['token']}") as phone:
            said = (await phone.get("/api/phone/state")).json()
        live = await site.live.stage.snapshot(joined["participant"])  # type: ignore[arg-type]
        assert said == json.loads(live)
        assert said["phase"] == "lobby"

    async def test_cookie_speaks_where_the_page_forgot_its_token(
        self, site: World
    ) -> None:
        async with site.client() as phone:
            await phone.post(JOIN, json={"name": "An", "consent": CONSENT})
            assert (await phone.get("/api/phone/state")).status_code == 200
            page = (await phone.get(f"/{SHOW}")).text
        assert 'data-joined="1"' in page

    @pytest.mark.parametrize("token", ["", "p.CCHC1.a.b.c.d", "x" * 500])
    async def test_bad_token_is_401_with_a_way_out(
        self, site: World, token: str
    ) -> None:
        async with site.client(Authorization=f"Bearer {token}") as phone:
            answer = await phone.get("/api/phone/state")
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "bad_token"


class TestAnswer:
    async def test_receipt_comes_when_the_answer_is_stored(self, site: World) -> None:
        """R3.4, R3.5."""
        joined = await site.join("An")
        await site.open_question()
        said = (await site.answer(joined["token"], "C")).json()
        assert (said["type"], said["status"]) == ("receipt", "accepted")
        assert said["receipt"]
        rows = await site.site.ledger.answers_to(SHOW, site.live.stage.show.epoch, "q1")  # type: ignore[arg-type]
        assert [(r.option, r.receipt) for r in rows] == [("C", said["receipt"])]

    async def test_network_is_kept_as_an_origin_that_nobody_can_read(
        self, site: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """R2.4, R4.11: over HTTP as over a socket."""
        monkeypatch.setattr(Visit, "address", "203.0.113.7")
        joined = await site.join("An")
        await site.open_question()
        await site.answer(joined["token"], "C")
        epoch = site.live.stage.show.epoch
        (row,) = await site.site.ledger.answers_to(SHOW, epoch, "q1")  # type: ignore[arg-type]
        origin = Signer(SECRET).origin(SHOW, epoch, bytes((203, 0, 113)))
        assert json.loads(row.evidence)["origin"] == origin
        assert "203.0" not in row.evidence

    async def test_second_tap_gets_the_first_receipt(self, site: World) -> None:
        """R3.1."""
        joined = await site.join("An")
        await site.open_question()
        first = (await site.answer(joined["token"], "C")).json()
        second = (await site.answer(joined["token"], "B")).json()
        assert second == first | {"duplicate": True}

    async def test_question_that_is_not_open_is_not_open(self, site: World) -> None:
        joined = await site.join("An")
        body = {"question": "q1", "option": "A", "nonce": ""}
        async with site.client(Authorization=f"Bearer {joined['token']}") as phone:
            said = (await phone.post("/api/phone/answers", json=body)).json()
        assert said["status"] == "not_open"

    async def test_answer_without_its_nonce_is_refused(self, site: World) -> None:
        joined = await site.join("An")
        await site.open_question()
        body = {"question": "q1", "option": "C", "nonce": "0" * 16}
        async with site.client(Authorization=f"Bearer {joined['token']}") as phone:
            answer = await phone.post("/api/phone/answers", json=body)
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "bad_nonce"

    async def test_time_runs_until_the_last_byte(self, site: World) -> None:
        """R4.2: a head sent early and an option sent late is a late answer."""
        joined = await site.join("An")
        await site.open_question()
        whole_ns: list[int] = []
        async with site.client(Authorization=f"Bearer {joined['token']}") as phone:
            open_now = (await phone.get("/api/phone/state")).json()["question"]

            async def slowly() -> AsyncIterator[bytes]:
                yield b'{"question": "q1", "nonce": "%b", ' % open_now["nonce"].encode()
                whole_ns.append(site.clock.monotonic_ns())
                yield b'"option": "C"}'

            said = (await phone.post("/api/phone/answers", content=slowly())).json()
        assert said["status"] == "accepted"
        epoch = site.live.stage.show.epoch
        (row,) = await site.site.ledger.answers_to(SHOW, epoch, QuestionId("q1"))
        assert row.received_ns >= whole_ns[0]

    async def test_type_error_names_the_field(self, site: World) -> None:
        joined = await site.join("An")
        async with site.client(Authorization=f"Bearer {joined['token']}") as phone:
            body = {"question": "q1", "option": 2}
            answer = await phone.post("/api/phone/answers", json=body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, "option")


async def pages_before_the_reveal(folder: Path, keys: str) -> list[str]:
    """Play the same show up to a locked question; return what anybody gets."""
    folder.mkdir()
    async with world(folder, keys) as site:
        joined = await site.join_after_lobby("An")
        await site.open_question()
        await site.answer(joined["token"], "C")
        await site.command("lock")
        await site.reach(lambda: site.live.stage.show.phase == "locked")
        paths = ("/", f"/{SHOW}", f"/{SHOW}/results", "/rules", "/metrics")
        # The hash of the pack is there to be compared later, and salted (R6.2).
        published = published_hash(site.live.stage.show)
        async with site.client() as anybody:
            pages = [(await anybody.get(path)).text for path in paths]
        assert published in "".join(pages)
        assert site.live.stage.show.salt not in "".join(pages)
        return [page.replace(published, "#") for page in pages]


async def test_pages_do_not_depend_on_the_key_before_the_reveal(
    tmp_path: Path,
) -> None:
    """R3.6: the same show with only the keys changed gives the same bytes."""
    right = await pages_before_the_reveal(tmp_path / "right", "CAB")
    wrong = await pages_before_the_reveal(tmp_path / "wrong", "BCD")
    assert right == wrong
    assert "CANARY" not in "".join(right)
