"""The form that makes a show: every setting, what is refused, packs that wait."""

import dataclasses
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from quizserver.bank import shelf
from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Rules
from quizserver.live.access import Role
from quizserver.web.routes import application
from tests.protocol.http_site import World, world

PACK = """
[pack]
id = "{id}"
title = "Gói {id}"
lang = "vi"

[[question]]
id = "q1"
text = "Câu hỏi?"
options = ["{first}", "Hai", "Ba"]
key = "B"
source = "000"
author = "Tổ biên soạn"
{reviewed}
"""
REVIEWED = 'reviewer = "Tổ thẩm định"'


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "packs"


@pytest.fixture
def with_packs(site: World, folder: Path) -> World:
    """Return the site with the packs that lie in `folder`."""
    there = dataclasses.replace(
        site.site, packs=partial(shelf.sound, [folder]), pack_folders=[folder]
    )
    return dataclasses.replace(site, site=there, app=application(there))


def write(folder: Path, name: str, *, first: str = "Một", reviewed: str = "") -> None:
    (folder / name).mkdir(parents=True)
    text = PACK.format(id=name, first=first, reviewed=reviewed)
    (folder / name / "pack.toml").write_text(text, encoding="utf-8")


async def make(site: World, **form: str) -> httpx.Response:
    async with await site.with_token(Role.HOST) as host:
        return await host.post("/host/shows", data=form)


async def test_show_of_a_pack_leads_to_its_panel(site: World) -> None:
    answer = await make(site, code="tet26", pack="cchc-thu", title="Tết 2026")
    assert answer.headers["location"] == "/host/TET26"
    assert [row.title for row in await site.shows.listed()][-1] == "Tết 2026"


async def test_show_has_the_settings_of_the_form(site: World) -> None:
    """R1.3, R4, R4.10, R5.4: chosen where the show is made, else the defaults."""
    counts = {"prize_min_right": "2", "max_prizes_per_person": "1"}
    times = {"duration_ms": "20", "roll_ms": "4,5", "timing": "received"}
    said = counts | times | {"ask_first": "no"}
    await make(site, code="TET26", pack="cchc-thu", **said)
    await make(site, code="TET27", pack="cchc-thu", prize_min_right="")
    chosen, unsaid = (site.shows.get(ShowCode(c)) for c in ("TET26", "TET27"))
    assert chosen is not None
    assert unsaid is not None
    assert chosen.stage.show.rules == Rules(
        timing="received",
        ask_first=False,
        duration_ms=20_000,
        roll_ms=4_500,
        prize_min_right=2,
        max_prizes_per_person=1,
    )
    assert unsaid.stage.show.rules == Rules()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"code": "A-B", "pack": "cchc-thu"}, "Mã tham gia gồm 2 đến 12"),
        ({"code": "host", "pack": "cchc-thu"}, "Mã tham gia gồm 2 đến 12"),
        ({"code": "CCHC1", "pack": "cchc-thu"}, "Mã này đã có"),
        ({"code": "TET26", "pack": "khong-co"}, "Không có gói câu hỏi này"),
        (
            {"code": "TET26", "pack": "cchc-thu", "prize_min_right": "99"},
            "nhận giải câu: hãy ghi một số từ 0 đến 3",
        ),
        (
            {"code": "TET26", "pack": "cchc-thu", "max_prizes_per_person": "-1"},
            "cho một người: hãy ghi một số từ 0 đến 4",
        ),
        (
            {"code": "TET26", "pack": "cchc-thu", "duration_ms": "121"},
            "mỗi câu (giây): hãy ghi một số từ 5 đến 120",
        ),
        (
            {"code": "TET26", "pack": "cchc-thu", "roll_ms": "3.0001"},
            "câu hỏi (giây): hãy ghi một số từ 1 đến 10",
        ),
        (
            {"code": "TET26", "pack": "cchc-thu", "timing": "fairest"},
            "sai kiểu",
        ),
    ],
)
async def test_slip_is_told_and_what_was_typed_is_kept(
    site: World, form: dict[str, str], sentence: str
) -> None:
    answer = await make(site, **form)
    assert answer.status_code >= 400
    assert sentence in answer.text
    assert f'value="{form["code"]}"' in answer.text


async def test_a_question_that_fills_more_than_a_packet_is_named_with_its_cure(
    with_packs: World, folder: Path
) -> None:
    """R4.10: the other timing rule takes it."""
    write(folder, "dai", first="👩‍👩‍👧‍👦" * 60, reviewed=REVIEWED)
    answer = await make(with_packs, code="TET26", pack="dai")
    assert answer.status_code == 422
    assert "Câu 1 của gói quá dài" in answer.text
    assert '<details class="form-more" open>' in answer.text
    again = await make(with_packs, code="TET26", pack="dai", timing="received")
    assert again.headers["location"] == "/host/TET26"


async def test_a_pack_that_cannot_be_played_yet_is_listed_with_the_reason(
    with_packs: World, folder: Path
) -> None:
    """Else whoever wrote it looks for it in vain; the editor is one tap away."""
    write(folder, "xong", reviewed=REVIEWED)
    write(folder, "cho-duyet")
    write(folder, "thieu", first="", reviewed=REVIEWED)
    (folder / "hong").mkdir()
    (folder / "hong" / "pack.toml").write_text("[pack", encoding="utf-8")
    async with await with_packs.with_token(Role.HOST) as host:
        page = (await host.get("/host")).text
    assert '<option value="xong">' in page
    assert page.count('<option value="" disabled>') == 3
    for path, reason in (
        ("/cho-duyet", "Gói cho-duyet</a>: 1 câu chưa có người khác duyệt"),
        ("/thieu", "Gói thieu</a>: 1 câu chưa viết xong"),
        ("", "hong</a>: tệp của gói có lỗi"),
    ):
        assert f'<a href="/host/questions{path}">{reason}' in page


async def test_without_a_pack_to_play_the_form_says_which_ones_wait(
    with_packs: World, folder: Path
) -> None:
    write(folder, "cho-duyet")
    async with await with_packs.with_token(Role.HOST) as host:
        page = (await host.get("/host")).text
    assert "Chưa có gói câu hỏi nào dùng được" in page
    assert "1 câu chưa có người khác duyệt" in page
