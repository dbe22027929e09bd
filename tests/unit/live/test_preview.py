"""What previews are told, what held overlays come back to, and what is set for one."""

from typing import Any

from quizserver.domain.ids import ParticipantId
from quizserver.domain.rundown import Rules
from quizserver.live.ports import LedgerDown
from quizserver.store.sqlite import SqliteLedger
from quizserver.wire.parts import OutputPart, SettingsPart
from tests.unit.live.house import House, Message, open_house, said

OPERATOR = "o1"


async def previewed(house: House, rules: Rules | None = None) -> list[bytes]:
    """Make a show with a preview; return what that is told from now on."""
    await house.create(rules)
    told: list[bytes] = []
    part = OutputPart(id=OPERATOR, view="stage", layout="16x9", bus="preview")
    house.live.outputs.report(part, told.append)
    return told


async def coming(house: House, output: str = OPERATOR) -> Message:
    """Return what a preview that comes now is told."""
    return dict(said(await house.live.stage.overlay_state(output))["coming"])


async def own(house: House) -> Message:
    """Return what a host sees of it."""
    return said(await house.live.stage.coming())


async def test_a_preview_is_one_step_ahead_all_evening(ledger: SqliteLedger) -> None:
    async with open_house(ledger) as house:
        told = await previewed(house)
        assert "coming" not in said(await house.live.stage.overlay_state("nobody"))
        seen = [await coming(house)]
        an = (await house.join("An")).participant
        await house.do("open_lobby", "ask", "open")
        await house.pass_by(3_000)
        await house.tap(an, "B", 2_000)
        await house.close()
        await house.do("reveal", "standings", "end")
        seen += [said(text) for text in told if said(text)["type"] == "coming"]
        phases = [(one["command"], one.get("state", {}).get("phase")) for one in seen]
        assert list(dict.fromkeys(phases)) == [
            ("open_lobby", "lobby"),
            ("ask", "asked"),
            ("open", "asked"),
            ("", "asked"),
            ("lock", "locked"),
            ("reveal", None),
            ("standings", "standings"),
            ("next", "asked"),
            ("confirm", "ended"),
        ]
        assert all(one["state"]["step"] for one in seen if "state" in one)
        texts = [one.get("state", {}).get("question", {}).get("text") for one in seen]
        assert texts[1] is None, "nobody has read it"
        standings = next(one for one in seen if one["command"] == "standings")
        assert standings["state"]["standings"]["top"][0]["name"] == "An"
        assert seen[0]["label"] == "Mở phòng chờ"


async def test_a_host_reads_the_next_question_and_its_options_without_a_clock(
    ledger: SqliteLedger,
) -> None:
    async with open_house(ledger) as house:
        await previewed(house)
        await house.do("open_lobby")
        first = await own(house)
        assert first["show"]["title"] == "Số 1"
        assert first["state"]["question"]["text"] == "Câu hỏi q1?"
        await house.do("ask")
        opened = (await own(house))["state"]
        assert len(opened["question"]["options"]) == 4
        assert (opened["phase"], "closes_in_ms" in opened) == ("open", False)
        assert "options" not in (await coming(house))["state"]["question"]


async def test_without_the_ledger_a_card_stands_for_the_standings(
    ledger: SqliteLedger, monkeypatch: Any
) -> None:
    async with open_house(ledger) as house:
        told = await previewed(house)
        await house.do("open_lobby", "ask", "open")
        await house.pass_by(3_000)
        await house.close()
        await house.do("reveal")
        assert "state" in said(told[-1])

        async def down(*asked: object) -> None:
            raise LedgerDown

        monkeypatch.setattr(house.ledger, "leaderboard", down)
        assert await coming(house) == {
            "type": "coming",
            "command": "standings",
            "label": "Hiện bảng xếp hạng",
        }


async def test_while_held_it_is_what_take_brings_and_program_stands_still(
    ledger: SqliteLedger,
) -> None:
    async with open_house(ledger) as house:
        await previewed(house)
        await house.do("open_lobby")
        assert (await house.ask("take")).error == "not_now"
        await house.do("look", look="hold")
        await house.do("ask", "open")
        await house.pass_by(3_000)

        state = said(await house.live.stage.overlay_state(OPERATOR))
        assert (state["look"], state["phase"]) == ("hold", "open")
        assert state["held"]["phase"] == "lobby"
        assert (state["coming"]["command"], state["coming"]["label"]) == (
            "take",
            "Đưa hình hiện tại lên sóng (TAKE)",
        )
        present = state["coming"]["state"]
        assert (present["phase"], present["closes_in_ms"]) == ("open", 15_000)
        assert "look" not in present
        await house.do("take")
        step = house.overlays.heard("step")[-1]
        assert (step["look"], step["take"]) == ("hold", True)
        state = said(await house.live.stage.overlay_state(OPERATOR))
        assert state["held"]["phase"] == "open"
        await house.do("look", look="clear")
        assert (await coming(house))["command"] == "look"
        assert "held" not in said(await house.live.stage.overlay_state())


async def test_names_change_in_what_is_held_for_those_who_stayed_and_who_come(
    ledger: SqliteLedger,
) -> None:
    """Hidden, renamed, passed and erased ones, and nothing else of it (R2.5)."""
    async with open_house(ledger) as house:
        await previewed(house)
        await house.do("open_lobby")
        an = (await house.join("Vũ An")).participant
        await house.play(**{an: ("B", 2_000)})
        held_at = (await house.do("look", look="hold"))["step"]
        await house.do("next")

        async def name() -> str:
            await house.hosts.reached(house.show.step)
            told = house.overlays.heard("state")[-1]
            come = said(await house.live.stage.overlay_state())
            assert told["step"] == house.show.step
            assert told["held"] == come["held"]
            assert told["held"]["step"] == held_at
            (one,) = told["held"]["result"]["fastest"]
            return str(one["name"])

        await house.do("hide_name", participant=an)
        assert await name() == "Người dự thi ẩn tên"
        await house.do("hide_name", participant=an, name="Bạn An")
        assert await name() == "Bạn An"
        await house.do("hide_name", participant=an, hidden=False)
        assert await name() == "Vũ An"
        states = len(house.overlays.heard("state"))
        await house.do("notice", text="Xin chờ")
        assert len(house.overlays.heard("state")) == states, "no name has changed"
        await house.live.people.erase(ParticipantId(an))
        assert await name() == "Người dự thi đã rút"


async def test_names_wait_in_what_is_held_as_well(ledger: SqliteLedger) -> None:
    async with open_house(ledger) as house:
        await previewed(house)
        await house.do("open_lobby")
        an = (await house.join("Vũ An")).participant
        await house.play(**{an: ("B", 2_000)})
        await house.do("look", look="hold")
        await house.do("hold_names")
        held = house.overlays.heard("state")[-1]["held"]
        assert [one["name"] for one in held["result"]["fastest"]] == ["V. A."]


async def test_what_is_set_for_an_output_is_told_it_and_outlives_a_restart(
    ledger: SqliteLedger,
) -> None:
    settings = SettingsPart(theme="sen", hide=("fastest",))
    async with open_house(ledger) as house:
        told = await previewed(house)
        await house.do("set_output", output="stage 16x9", settings=settings)
        word = {
            "place": "stage 16x9",
            "settings": {"theme": "sen", "hide": ["fastest"]},
        }
        assert said(told[0]) == {"type": "settings", "output": word}
        state = said(await house.live.stage.overlay_state(OPERATOR))
        assert state["output"] == word
    async with open_house(ledger) as house:
        part = OutputPart(id="o2", view="stage", layout="16x9")
        house.live.outputs.report(part, lambda text: None)
        host = said(await house.live.stage.host_state())
        assert host["outputs"] == {"stage 16x9": word["settings"]}
