"""What a host sees: the key, the numbers, the names as they were written."""

from dataclasses import replace

import pytest

from quizserver.domain.ids import QuestionId
from quizserver.domain.phases import Phase
from quizserver.domain.rundown import Rules
from quizserver.live.backstage import Backstage
from quizserver.live.commitment import published_hash, seal_code
from quizserver.live.vitals import Concern, Vitals
from quizserver.store.sqlite import SqliteLedger
from quizserver.texts.catalogue import catalogue
from quizserver.wire.parts import OutputPart
from tests.shows import pack, question
from tests.unit.live.house import (
    CODE,
    RUDE,
    House,
    Message,
    on_air,
    open_house,
    said,
    unreadable,
)


async def state(house: House) -> Message:
    """Return the host's state of this moment."""
    return await house.hosts.reached(house.show.step)


def backstage_of(house: House) -> Backstage:
    """Return another backstage of the same show."""
    return Backstage(
        house.around,
        intake=house.live.intake,
        roster=house.live.roster,
        outputs=house.live.outputs,
        join_url="",
        pack_hash="",
    )


async def test_a_draft_shows_the_run_down_and_the_first_step(
    ledger: SqliteLedger,
) -> None:
    async with open_house(ledger) as house:
        await house.create()
        told = await house.live.stage.host_state()
        assert b'"key"' not in told, "no question is on yet"
        await house.live.stage.tell_hosts()
        shown = house.hosts.heard("state")[-1]
    assert (shown["code"], shown["title"], shown["phase"]) == (CODE, "Số 1", "draft")
    assert shown["join_url"] == "https://thi.example/CCHC1"
    assert [(row["id"], row["number"]) for row in shown["questions"]] == [
        ("q1", 1),
        ("q2", 2),
        ("q3", 3),
        ("r1", None),
    ]
    assert shown["questions"][3]["reserve"] is True
    assert shown["next"] == {"command": "open_lobby", "label": "Mở phòng chờ"}
    assert shown["timing"] == "received"


async def test_a_question_that_only_its_authors_read_is_told(
    ledger: SqliteLedger,
) -> None:
    """Shows made before reviews were asked for may hold such questions."""
    read, alone = question("q1"), replace(question("q2"), author="thao; Bình")
    unread = [
        replace(alone, reviewer=""),
        replace(alone, id=QuestionId("q3"), reviewer="bình"),
        replace(alone, id=QuestionId("q4"), author=""),
    ]
    async with open_house(ledger) as house:
        await house.create(pack=pack(read, *unread))
        await house.live.stage.tell_hosts()
        shown = house.hosts.heard("state")[-1]
    rows = {row["id"]: row.get("unread", False) for row in shown["questions"]}
    assert rows == {"q1": False, "q2": True, "q3": True, "q4": True}


async def test_the_host_reads_the_key_before_anybody(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        shown = await house.do("ask")
    assert shown["question"]["key"] == "B"
    assert shown["question"]["explanation"] == "Vì sao q1"
    assert len(shown["question"]["options"]) == 4
    assert shown["next"] == {
        "command": "open",
        "label": "Mở câu 1 – 15 giây",
        "number": 1,
        "seconds": 15,
    }


async def test_while_it_is_open_the_host_sees_answers_come_in(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an = (await house.join("Nguyễn Văn An", show_name=False, via="ktv")).participant
        binh = (await house.join("Bình")).participant
        await house.open_next()
        await house.tap(an, "B", 2_000)
        await house.tap(binh, "A", 15_500)
        await house.tap(binh, "E", 3_000)
        here = OutputPart(id="o1", view="stage", layout="16x9")
        house.live.outputs.report(here, lambda text: None)
        house.hosts.payloads.clear()
        house.clock.forward(1_000)
        live = (await house.hosts.came("live"))["live"]
    assert live == {
        "online": 2,
        "joined": 2,
        "answered": 1,
        "counts": {"A": 0, "B": 1, "C": 0, "D": 0},
        "accepted": 1,
        "late": 1,
        "fastest": [
            {
                "participant": an,
                "name": "Nguyễn Văn An",
                "unit": "UBND xã",
                "rank": 1,
                "tied": False,
                "time_ms": 2_000,
                "shown": "N. V. A.",
            }
        ],
        "via": {"ktv": 1, "": 1},
        "outputs": [
            {
                "id": "o1",
                "view": "stage",
                "layout": "16x9",
                "seen_ms": 1_000,
                "number": 1,
                "place": "stage 16x9",
            }
        ],
        "fair": {"": {"measured": 0, "late": 1}, "ktv": {"measured": 0}},
        "health": {"loop_lag_ms": 0.5},
    }


async def test_what_is_wrong_with_the_server_is_told_with_the_numbers(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        low = Concern(
            code="disk_low",
            level="warning",
            gauge="disk_free_bytes",
            value=850_000_000,
            unit="bytes",
        )
        house.vitals = Vitals(
            numbers={"ledger_ok": 0.0},
            concerns=(
                Concern(code="ledger_io_error", level="bad", gauge="ledger_ok"),
                low,
            ),
        )
        live = (await house.do("ask"))["live"]
    assert live["health"] == {"ledger_ok": 0.0}
    assert live["concerns"] == [
        {"code": "ledger_io_error", "level": "bad", "gauge": "ledger_ok"},
        {
            "code": "disk_low",
            "level": "warning",
            "gauge": "disk_free_bytes",
            "value": 850_000_000,
            "unit": "bytes",
        },
    ]


async def test_after_the_reveal_the_run_down_knows_how_many_were_right(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an, binh = [(await house.join(name)).participant for name in ("An", "Bình")]
        await house.play(**{an: ("B", 2_000), binh: ("A", 3_000)})
        shown = await state(house)
        row = shown["questions"][0]
        assert (row["state"], row["answered"], row["right"]) == ("revealed", 2, 1)
        assert (row["key"], row["seal"]) == ("B", seal_code(house.show.play.seal))
        assert "key_was" not in row
        assert not {"key", "seal"} & set(shown["questions"][1])
        assert [option["id"] for option in row["options"]] == ["A", "B", "C", "D"]
        assert "options" not in shown["questions"][1], "not revealed yet"
        assert [one["name"] for one in shown["live"]["fastest"]] == ["An"]
        shown = await house.do("void", reason="Sai đáp án")
        assert shown["questions"][0]["void_reason"] == "Sai đáp án"


@pytest.mark.parametrize("change", [{}, {"hidden": False, "name": "Chị A"}])
async def test_a_host_sees_whose_name_is_hidden_or_replaced_and_may_show_it_again(
    ledger: SqliteLedger, change: Message
) -> None:
    """R2.5: who is hidden by mistake must not stay so."""
    async with on_air(ledger) as house:
        an, binh = [(await house.join(name)).participant for name in ("An", "Bình")]
        await house.play(**{an: ("B", 2_000), binh: ("B", 3_000)})
        shown = await house.do("hide_name", participant=an, **change)
        flags = [one.get("flags", []) for one in shown["live"]["fastest"]]
        assert flags == [["hidden"], []]
        shown = await house.do("hide_name", participant=an, hidden=False)
        assert not any("flags" in one for one in shown["live"]["fastest"])


async def test_winners_are_named_in_full_with_their_question(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an = (await house.join("Nguyễn Văn An", show_name=False)).participant
        await house.play(**{an: ("B", 2_000)})
        await house.do("hide_name", participant=an)
        shown = await house.do("end")
        by_prize = {one["prize"]: one for one in shown["winners"]}
        assert {one["name"] for one in by_prize.values()} == {"Nguyễn Văn An"}
        assert by_prize["q1"]["number"] == 1
        assert "number" not in by_prize["show"]
        assert by_prize["show"]["participant"] == an
        shown = await house.do(
            "skip_winner", prize="show", participant=an, reason="Trùng người"
        )
        skipped = [one for one in shown["winners"] if one["status"] == "skipped"]
        assert [one["reason"] for one in skipped] == ["Trùng người"]


async def test_a_panel_that_asks_again_costs_no_new_run_down(
    ledger: SqliteLedger,
) -> None:
    """Rows and winners are made once for each event, numbers at every look."""
    async with on_air(ledger) as house:
        backstage = backstage_of(house)
        await house.open_next()
        first = await backstage.state(house.show)
        await house.join("An")
        house.clock.forward(1_000)
        again = await backstage.state(house.show)
        assert again.questions is first.questions
        assert again.live.joined == first.live.joined + 1
        assert first.closes_in_ms is not None
        assert again.closes_in_ms == first.closes_in_ms - 1_000
        await house.close()
        later = await backstage.state(house.show)
    assert later.questions is not first.questions
    assert later.step > first.step


async def test_notes_that_could_not_be_read_come_with_the_next_look(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        await house.play(**{an: ("B", 600)})
        backstage = backstage_of(house)
        revealed = replace(house.show, phase=Phase.STANDINGS)
        with unreadable(ledger):
            shown = await backstage.state(revealed)
        assert shown.winners[0].notes == ()
        shown = await backstage.state(revealed)
    assert [note.code for note in shown.winners[0].notes] == ["fast"]


async def test_a_panel_knows_the_rules_for_prizes_and_the_hash_of_the_pack(
    ledger: SqliteLedger,
) -> None:
    """R5.4, R6.2."""
    rules = Rules(prize_min_right=2, max_prizes_per_person=1)
    async with on_air(ledger, rules) as house:
        shown = await state(house)
        assert (shown["prize_min_right"], shown["max_prizes_per_person"]) == (2, 1)
        assert shown["pack_hash"] == published_hash(house.show)
        assert len(shown["pack_hash"]) == 64
        assert house.show.salt not in str(shown)


async def test_standings_on_the_panel_are_those_of_the_screens(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an = (await house.join("Nguyễn Văn An", show_name=False)).participant
        await house.play(**{an: ("B", 2_000)})
        shown = await house.do("standings")
        assert [row["name"] for row in shown["standings"]] == ["N. V. A."]


async def test_the_log_tells_who_did_what_and_keeps_the_newest(
    ledger: SqliteLedger,
) -> None:
    """R6.3; the whole of it is in the ledger."""
    async with on_air(ledger) as house:
        house.clock.forward(125)
        shown = await house.do("ask")
        assert shown["audit"][-1] == {
            "at": "2023-10-19T13:00:00.125Z",
            "actor": "Hoa",
            "name": "QuestionAsked",
        }
        assert [line["name"] for line in shown["audit"]][:1] == ["ShowCreated"]
        for n in range(40):
            shown = await house.do("notice", text=str(n))
        assert len(shown["audit"]) == 30


async def test_the_log_tells_acts_of_one_kind_apart_and_why(
    ledger: SqliteLedger,
) -> None:
    """R6.3: who looks back must see whether a name was passed or hidden."""
    async with on_air(ledger) as house:
        an = (await house.join("Nguyễn Văn An")).participant
        words = catalogue("vi", ["host"])
        acts: dict[tuple[str, str, str], tuple[str, dict[str, object]]] = {
            ("NameHidden", "hidden", ""): (
                "hide_name",
                {"participant": an, "hidden": True},
            ),
            ("NameHidden", "renamed", ""): (
                "hide_name",
                {"participant": an, "hidden": False, "name": "An"},
            ),
            ("NameHidden", "passed", ""): (
                "hide_name",
                {"participant": an, "hidden": False},
            ),
            ("NameHoldSet", "on", ""): ("hold_names", {}),
            ("NameHoldSet", "off", ""): ("hold_names", {"hidden": False}),
            ("CheeringSet", "on", ""): ("cheer", {}),
            ("CheeringSet", "off", ""): ("cheer", {"on": False}),
            ("LookSet", "hold", ""): ("look", {"look": "hold"}),
            ("LookSet", "take", ""): ("take", {}),
            ("LookSet", "live", ""): ("look", {"look": "live"}),
            ("StreamSet", "measured", ""): ("stream", {"sync": True}),
            ("StreamSet", "", ""): ("stream", {"sync": False}),
            ("NoticePosted", "", "Xin chờ"): ("notice", {"text": "Xin chờ"}),
            ("NoticePosted", "gone", ""): ("notice", {"text": ""}),
            ("ShowPaused", "", "Mất hình"): ("pause", {"reason": "Mất hình"}),
        }
        for told, (command, fields) in acts.items():
            line = (await house.do(command, **fields))["audit"][-1]
            assert told == (line["name"], line.get("what", ""), line.get("text", ""))
            assert ".".join(filter(None, ("host.event", *told[:2]))) in words


async def test_a_pause_and_a_notice_are_shown_as_they_are(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        await house.do("notice", text="Xin chờ")
        shown = await house.do("pause", reason="Mất tín hiệu")
        assert (shown["phase"], shown["paused"]) == ("lobby", True)
        assert shown["notice"] == "Xin chờ"
        assert shown["allowed"] == [
            "resume",
            "reorder",
            "place",
            "hide_name",
            "hold_names",
            "cheer",
            "set_eligible",
            "notice",
            "look",
            "set_output",
            "drive",
            "stream",
        ]
        assert shown["next"]["command"] == "resume"


async def test_names_that_wait_to_be_passed_are_told(ledger: SqliteLedger) -> None:
    """R2.5: those that screens show or soon will, each once, until somebody has."""
    async with on_air(ledger) as house:
        an = (await house.join("Nguyễn Văn An")).participant
        binh = (await house.join("Bình")).participant
        await house.open_next()
        await house.tap(an, "B", 2_000)
        await house.tap(binh, "B", 3_000)
        shown = house.live.stage.host_state
        assert "waiting" not in said(await shown())["live"]
        await house.do("hold_names")
        state = said(await shown())
        assert state["names_held"]
        waiting = [one["name"] for one in state["live"]["waiting"]]
        assert waiting == ["Nguyễn Văn An", "Bình"]
        await house.do("hide_name", participant=an, hidden=False)
        await house.close()
        await house.do("reveal")
        state = await house.do("end")
        waiting = [one["participant"] for one in state["live"]["waiting"]]
        assert waiting == [binh]


async def test_a_rude_name_waits_though_the_others_do_not(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        rude = (await house.join(RUDE)).participant
        an = (await house.join("An")).participant
        await house.open_next()
        for participant in (rude, an):
            await house.tap(participant, "B", 2_000)
        await house.close()
        state = await house.do("reveal")
        (waiting,) = state["live"]["waiting"]
        assert (waiting["participant"], waiting["name"]) == (rude, RUDE)
        shown = house.overlays.heard("revealed")[-1]["fastest"]
        assert {one["name"] for one in shown} == {"An", "K. T. T."}
        state = await house.do("hide_name", participant=rude, hidden=False)
        assert "waiting" not in state["live"]


async def test_the_big_button_says_which_question_and_how_long(
    ledger: SqliteLedger,
) -> None:
    """R1.3 both ways: the label is what will happen."""
    labels = []
    two = pack(question("q1"), question("q2"))
    async with on_air(ledger, Rules(timing="received", ask_first=False), two) as house:
        while house.show.phase != "published":
            shown = await state(house)
            labels.append(shown["next"]["label"])
            await house.do("advance")
            if house.show.play.opens_at is not None:
                assert "next" not in await state(house)
                await house.pass_by(3_000)
                labels.append((await state(house))["next"]["label"])
                await house.close()
    question_1 = [
        "Mở câu 1 – 15 giây",
        "Khóa câu 1",
        "Công bố đáp án câu 1",
        "Hiện bảng xếp hạng",
    ]
    assert labels == [
        *question_1,
        "Sang câu 2",
        *(label.replace("câu 1", "câu 2") for label in question_1[1:]),
        "Kết thúc số phát sóng",
        "Chốt kết quả",
        "Công bố kết quả",
    ]
