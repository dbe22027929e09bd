"""Pages, files and figures of the server as anybody gets them."""

import dataclasses
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx
import pytest
import zxingcpp
from PIL import Image
from starlette.types import Message

from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Rules
from quizserver.live.access import Role
from quizserver.live.ports import LedgerDown
from quizserver.web.pages import qr_code
from quizserver.web.routes import application
from quizserver.web.site import Health
from quizserver.wire.host import CommandMessage
from quizserver.wire.results import Results
from tests.protocol.http_site import HOST, OTHER, SHOW, World, world


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def get(site: World, path: str, **headers: str) -> httpx.Response:
    async with site.client(**headers) as anybody:
        return await anybody.get(path)


class TestHome:
    async def test_show_on_air_comes_first_with_its_way_in(self, site: World) -> None:
        await site.command("open_lobby")
        page = (await get(site, "/")).text
        assert "Đang phát sóng" in page
        assert f'href="/{SHOW}"' in page

    async def test_without_a_show_on_air_there_is_the_list(self, site: World) -> None:
        page = (await get(site, "/")).text
        assert "Hiện chưa có số phát sóng nào" in page
        assert page.count("Sắp phát sóng") == 2

    async def test_shows_stand_as_they_will_be_played_and_the_last_one_over_first(
        self, site: World
    ) -> None:
        """A show that was begun anew is the youngest and still in its place."""
        pack = site.site.packs()[0]
        for code in ("CCHC10", "CCHC9"):
            await site.shows.create(
                ShowCode(code), pack, title=code, lang="vi", rules=Rules(), actor="x"
            )
        await site.shows.reset(OTHER, HOST)
        for code in (SHOW, "CCHC9"):
            live = site.shows.get(ShowCode(code))
            assert live is not None
            for command in ("open_lobby", "end"):
                message = CommandMessage(command=command, ref=f"{code}-{command}")
                assert (await live.conductor.command(HOST, message)).error is None
        page = (await get(site, "/")).text
        codes = re.findall(r'class="soft">(CCHC[0-9]+)', page)
        assert codes == [OTHER, "CCHC10", "CCHC9", SHOW]


class TestPhonePage:
    async def test_brings_what_its_module_asks_for(self, site: World) -> None:
        page = (await get(site, f"/{SHOW}")).text
        assert f'data-show="{SHOW}"' in page
        assert "data-joined" not in page
        path = re.search(r'href="(/static/[^"]+/texts/phone.vi.json)" as="fetch"', page)
        assert path is not None
        assert (await get(site, path[1])).json()["phone.join.title"]
        assert "<noscript>" in page

    async def test_leads_to_the_results_when_all_is_over(self, site: World) -> None:
        """Nobody types a name and ticks consents to hear that it is too late."""
        before = (await get(site, f"/{SHOW}")).text
        await site.command("open_lobby")
        await site.command("end")
        after = (await get(site, f"/{SHOW}")).text
        assert "data-over" not in before
        assert f'href="/{SHOW}/results"' not in before
        assert 'data-over="1"' in after
        assert f'href="/{SHOW}/results"' in after

    async def test_names_the_organisers_list_of_workplaces(self, site: World) -> None:
        page = (await get(site, f"/{SHOW}")).text
        path = re.search(r'data-workplaces="([^"]+)"', page)
        assert path is not None
        places = (await get(site, path[1])).json()
        assert places == ["Sở Nội vụ", "UBND phường Phước Hòa"]

    async def test_all_its_files_are_there(self, site: World) -> None:
        page = (await get(site, f"/{SHOW}")).text
        paths = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert len(paths) == 5
        for path in paths:
            assert (await get(site, path)).status_code == 200, path

    async def test_has_nothing_inline_that_the_policy_forbids(
        self, site: World
    ) -> None:
        for path in (f"/{SHOW}", "/", "/rules", f"/{SHOW}/results", "/host/setup"):
            page = (await get(site, path)).text
            assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page), path
            for tag in re.findall(r"<script[^>]*>", page):
                assert "src=" in tag or "application/json" in tag, path

    async def test_comes_zipped_to_who_can_unzip(self, site: World) -> None:
        packed = await get(site, f"/{SHOW}", **{"Accept-Encoding": "gzip"})
        plain = await get(site, f"/{SHOW}", **{"Accept-Encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.text == plain.text
        assert int(packed.headers["content-length"]) < len(plain.content) / 2

    async def test_small_letters_lead_to_the_code(self, site: World) -> None:
        answer = await get(site, "/cchc1/ktv?lang=en")
        assert answer.status_code == 302
        assert answer.headers["location"] == "/CCHC1/ktv?lang=en"

    @pytest.mark.parametrize(
        "path", ["/NIX", "/CCHC1/a_b", "/CCHC1/<x>", "/favicon.ico"]
    )
    async def test_what_is_not_there_is_a_calm_page(
        self, site: World, path: str
    ) -> None:
        answer = await get(site, path)
        assert answer.status_code == 404
        assert "Chưa mở được trang" in answer.text
        assert "Traceback" not in answer.text

    async def test_language_of_a_link_is_remembered(self, site: World) -> None:
        async with site.client() as anybody:
            await anybody.get("/rules?lang=en")
            page = (await anybody.get(f"/{SHOW}")).text
        assert '<html lang="en"' in page


class TestRules:
    async def test_say_the_shows_real_settings(self, site: World) -> None:
        page = (await get(site, f"/rules?show={SHOW}")).text
        assert "Mỗi câu mở trong 15 giây" in page
        assert "3 câu hỏi trắc nghiệm" in page
        assert f'data-timing="{site.live.stage.show.rules.timing}"' in page

    async def test_name_the_version_of_the_consent(self, site: World) -> None:
        page = (await get(site, "/rules")).text
        assert "Phiên bản văn bản đồng ý: vi-4/90" in page
        assert "Thông tin bị xóa 90 ngày sau khi chương trình kết thúc" in page

    async def test_of_an_unknown_show_are_not_found(self, site: World) -> None:
        assert (await get(site, "/rules?show=NIX")).status_code == 404


class TestQr:
    def test_uses_the_dense_mode_and_bears_damage(self) -> None:
        code = qr_code("http://192.168.1.7:8000/CCHC1")
        assert (code.mode, code.error) == ("alphanumeric", "Q")

    def test_is_read_back_as_the_address(self) -> None:
        drawn = io.BytesIO()
        qr_code("https://do.vui.vn/CCHC1").save(drawn, kind="png", scale=6)
        read = zxingcpp.read_barcodes(Image.open(drawn).convert("RGB"))
        assert [code.text for code in read] == ["HTTPS://DO.VUI.VN/CCHC1"]

    async def test_is_an_image_by_itself(self, site: World) -> None:
        answer = await get(site, f"/{SHOW}/qr.svg")
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.text.startswith("<svg")


class TestOverlayShell:
    async def test_marks_are_filled_in_and_no_key_is_there(self, site: World) -> None:
        answer = await get(site, "/overlay/stage?layout=9x16")
        assert "{{" not in answer.text
        assert site.site.assets.build in answer.text
        assert "'unsafe-inline'" in answer.headers["content-security-policy"]
        for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', answer.text):
            assert (await get(site, path)).status_code == 200, path

    @pytest.mark.parametrize(
        "name", ["nix", "_kit", "..%2Fvendor", "stage%2Findex.html"]
    )
    async def test_unknown_overlay_is_not_found(self, site: World, name: str) -> None:
        assert (await get(site, f"/overlay/{name}")).status_code == 404


class TestFiles:
    def path(self, site: World, name: str = "pages.css") -> str:
        return f"/static/{site.site.assets.build}/{name}"

    async def test_may_be_kept_for_ever(self, site: World) -> None:
        answer = await get(site, self.path(site))
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"

    async def test_come_zipped_to_who_can_unzip(self, site: World) -> None:
        zipped = await get(site, self.path(site), **{"Accept-Encoding": "br, gzip"})
        plain = await get(site, self.path(site), **{"Accept-Encoding": "identity"})
        assert zipped.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert zipped.text == plain.text

    @pytest.mark.parametrize(
        "name", ["../routes.py", "%2e%2e/routes.py", "..%2froutes.py", "nix.css", ""]
    )
    async def test_nothing_else_can_be_reached(self, site: World, name: str) -> None:
        assert (await get(site, self.path(site, name))).status_code == 404

    async def test_another_build_is_not_found(self, site: World) -> None:
        assert (
            await get(site, "/static/0000000000000000/pages.css")
        ).status_code == 404


class TestPictures:
    PATH: Final = "/pictures/bien-0a1b2c.png"

    @pytest.fixture(autouse=True)
    def picture(self, tmp_path: Path) -> None:
        Image.new("RGB", (4, 4)).save(tmp_path / "bien-0a1b2c.png")

    async def test_is_not_there_before_its_question_is_asked(self, site: World) -> None:
        """R3.6."""
        await site.command("open_lobby")
        assert (await get(site, self.PATH)).status_code == 404

    async def test_is_there_once_asked_at_the_address_phones_get(
        self, site: World
    ) -> None:
        joined = await site.join_after_lobby("An")
        await site.command("ask")
        bearer = {"Authorization": f"Bearer {joined['token']}"}
        state = (await get(site, "/api/phone/state", **bearer)).json()
        answer = await get(site, state["question"]["image"])
        assert state["question"]["image"] == self.PATH
        assert answer.headers["content-type"] == "image/png"

    async def test_no_other_file_is_there(self, site: World) -> None:
        await site.command("open_lobby")
        await site.command("ask")
        for name in ("quiz.db", "..%2Fquiz.db", "nix.png"):
            assert (await get(site, f"/pictures/{name}")).status_code == 404


class TestOperation:
    async def test_alive_and_ready(self, site: World) -> None:
        assert (await get(site, "/healthz")).text == "ok\n"
        answer = await get(site, "/readyz")
        assert answer.status_code == 200
        assert answer.json() == {"ready": True, "problems": [], "warnings": []}

    async def test_a_warning_leaves_it_ready(self, site: World) -> None:
        low = Health(ready=True, warnings=("little room",))
        site = dataclasses.replace(
            site, app=application(dataclasses.replace(site.site, health=lambda: low))
        )
        answer = await get(site, "/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (200, True)
        assert answer.json()["warnings"] == ["little room"]

    async def test_not_ready_says_why(self, site: World) -> None:
        sick = Health(ready=False, problems=("the disk is full",))
        broken = dataclasses.replace(site.site, health=lambda: sick)
        ill = dataclasses.replace(site, site=broken, app=application(broken))
        answer = await get(ill, "/readyz")
        assert answer.status_code == 503
        assert answer.json()["ready"] is False
        assert answer.json()["problems"] == ["the disk is full"]

    async def test_figures_name_routes_and_no_person(self, site: World) -> None:
        await site.command("open_lobby")
        joined = await site.join("Nguyễn Văn Mật")
        await get(site, f"/{SHOW}/ktv")
        text = (await get(site, "/metrics")).text
        assert 'route="/{code}/{via}"' in text
        assert "quizserver_phones_online 3.0" in text
        for secret in ("Mật", joined["token"], joined["participant"], "ktv"):
            assert secret not in text


async def test_fault_of_the_server_tells_nothing_of_the_inside(site: World) -> None:
    def broken() -> Health:
        raise RuntimeError("CANARY /etc/quiz/secret")

    sick = dataclasses.replace(site.site, health=broken)
    ill = dataclasses.replace(site, site=sick, app=application(sick))
    page = await get(ill, "/metrics")
    call = await get(ill, "/readyz", Accept="application/json")
    assert (page.status_code, call.status_code) == (500, 500)
    assert call.json()["error"]["code"] == "broken"
    assert "CANARY" not in page.text + call.text
    assert page.headers["x-content-type-options"] == "nosniff"


async def test_foreign_host_name_is_refused(site: World) -> None:
    assert (await get(site, "/", Host="evil.example")).status_code == 400


async def test_ledger_that_cannot_be_read_is_busy_and_not_broken(site: World) -> None:
    async def down(show: ShowCode) -> Results:
        raise LedgerDown("read_failed")

    sick = dataclasses.replace(site.site, results=down)
    ill = dataclasses.replace(site, site=sick, app=application(sick))
    async with await ill.with_token(Role.OWNER) as owner:
        answer = await owner.get(f"/api/shows/{SHOW}/results.json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "not_ready")


async def test_sender_who_leaves_in_mid_body_breaks_nothing(site: World) -> None:
    said: list[Message] = []
    parts: list[Message] = [
        {"type": "http.request", "body": b'{"na', "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return parts.pop(0)

    async def send(message: Message) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/api/shows/{SHOW}/participants",
        "raw_path": b"/",
        "query_string": b"",
        "scheme": "http",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await site.app(scope, receive, send)
    assert said[0]["status"] == 400
