"""The overlays of a show: how they are, what is missing, what they are told."""

import json

import pytest

from quizserver.domain.outputs import OutputSettings
from quizserver.live.outputs import (
    MOST_LOST,
    Outputs,
    part_of,
    settings_of,
)
from quizserver.wire.parts import OutputPart, OutputWord, SettingsPart
from tests.manual_clock import ManualClock


def part(output: str, **fields: object) -> OutputPart:
    base: dict[str, object] = {"id": output, "view": "stage", "layout": "16x9"}
    return OutputPart(**(base | fields))  # type: ignore[arg-type]


def nobody(text: bytes) -> None:
    raise AssertionError(text)


def test_an_overlay_is_listed_with_the_time_since_its_last_report() -> None:
    clock = ManualClock()
    outputs = Outputs(clock)
    outputs.report(part("o1"), nobody)
    clock.forward(2_500)
    outputs.report(part("o2", layout="9x16"), nobody)
    assert [(one.number, one.id, one.seen_ms) for one in outputs.parts()] == [
        (1, "o1", 2_500),
        (2, "o2", 0),
    ]


def test_the_last_report_counts() -> None:
    clock = ManualClock()
    outputs = Outputs(clock)
    outputs.report(part("o1"), nobody)
    clock.forward(5_000)
    outputs.report(part("o1", visible=False), nobody)
    seen = part("o1", visible=False, number=1, place="stage 16x9")
    assert outputs.parts() == (seen,)


def test_who_has_gone_is_missing_for_five_minutes() -> None:
    clock = ManualClock()
    outputs = Outputs(clock)
    outputs.report(part("o1"), nobody)
    outputs.gone("o1")
    outputs.gone("o1")
    clock.forward(299_999)
    assert [(one.number, one.lost) for one in outputs.parts()] == [(1, True)]
    clock.forward(1)
    assert outputs.parts() == ()


def test_a_page_that_comes_back_keeps_its_number_and_others_do_not_take_it() -> None:
    outputs = Outputs(ManualClock())
    for one in ("o1", "o2"):
        outputs.report(part(one), nobody)
    outputs.gone("o1")
    outputs.report(part("o3", layout="9x16"), nobody)
    outputs.report(part("o4"), nobody)
    numbers = {one.id: (one.number, one.lost) for one in outputs.parts()}
    assert numbers == {"o4": (1, False), "o2": (2, False), "o3": (3, False)}


def test_many_that_came_and_went_are_not_all_kept() -> None:
    outputs = Outputs(ManualClock())
    for n in range(MOST_LOST + 5):
        outputs.report(part(f"o{n}", layout=f"{n}"), nobody)
        outputs.gone(f"o{n}")
    assert len(outputs.parts()) == MOST_LOST


def test_the_lag_is_from_being_told_to_the_report_of_the_step() -> None:
    clock = ManualClock()
    outputs = Outputs(clock)
    outputs.report(part("o1", step=6), nobody)
    clock.forward(1_000)
    outputs.told(7)
    clock.forward(2_080)
    outputs.report(part("late", step=7), nobody)
    for step, lag_ms in ((6, None), (7, 580), (7, 580), (None, 580)):
        outputs.report(part("o1", step=step, delay_ms=2_000), nobody)
        assert outputs.parts()[0].lag_ms == lag_ms, step
        clock.forward(500)
    outputs.report(part("late", step=6), nobody)
    outputs.report(part("late", step=7), nobody)
    assert outputs.parts()[1].lag_ms is None, "it came with a state of the step"


@pytest.mark.parametrize(("named", "hear"), [("o2", ["o2"]), (None, ["o1", "o2"])])
def test_one_or_all_are_told_their_number_or_to_open_anew(
    named: str | None, hear: list[str]
) -> None:
    outputs = Outputs(ManualClock())
    heard: list[tuple[str, object]] = []
    for one in ("o1", "o2"):
        outputs.report(part(one), lambda text, one=one: heard.append((one, text)))  # type: ignore[misc]
    outputs.order("identify", named)
    outputs.order("reload", named)
    told = [(who, json.loads(text)) for who, text in heard]  # type: ignore[arg-type]
    numbers = {"o1": 1, "o2": 2}
    assert told == [
        *((one, {"type": "identify", "number": numbers[one]}) for one in hear),
        *((one, {"type": "reload"}) for one in hear),
    ]


def test_an_order_goes_to_other_processes_and_one_of_theirs_only_here() -> None:
    spread: list[tuple[str, str | None]] = []
    outputs = Outputs(ManualClock(), lambda do, output: spread.append((do, output)))
    told: list[bytes] = []
    outputs.report(part("o1"), told.append)
    outputs.order("reload", None)
    assert (spread, len(told)) == ([("reload", None)], 1)
    outputs.order_here("identify", "o1")
    assert (spread, len(told)) == ([("reload", None)], 2)


def came(outputs: Outputs, *parts: OutputPart) -> list[str]:
    for one in parts:
        outputs.report(one, nobody)
    places = {one.id: one.place for one in outputs.parts()}
    return [places[one.id] for one in parts]


def test_a_place_is_the_view_and_its_shape_and_from_the_second_on_a_number() -> None:
    outputs = Outputs(ManualClock())
    parts = [part("o1"), part("o2", layout="9x16"), part("o3"), part("o4")]
    places = ["stage 16x9", "stage 9x16", "stage 16x9 2", "stage 16x9 3"]
    assert came(outputs, *parts) == places


def test_all_with_one_name_in_their_address_are_one_place() -> None:
    outputs = Outputs(ManualClock())
    parts = [part("o1", name="led"), part("o2", name="led", layout="9x16")]
    assert came(outputs, *parts) == ["led", "led"]


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("stage 16x9 3", "stage 16x9 3"),
        ("stage 16x9 2", "stage 16x9 2"),
        ("stage 16x9", "stage 16x9 2"),
        ("stage 16x9 x", "stage 16x9 2"),
        ("ticker 16x9", "stage 16x9 2"),
        ("7", "stage 16x9 2"),
    ],
)
def test_after_a_restart_a_page_has_its_old_place_if_it_is_free(
    wanted: str, place: str
) -> None:
    outputs = Outputs(ManualClock())
    assert came(outputs, part("o1"), part("o2", place=wanted))[1] == place


def test_two_that_reload_at_once_do_not_change_places() -> None:
    outputs = Outputs(ManualClock())
    came(outputs, part("o1"), part("o2"))
    outputs.gone("o1")
    outputs.gone("o2")
    back = [part("o3", place="stage 16x9 2"), part("o4", place="stage 16x9")]
    assert came(outputs, *back) == ["stage 16x9 2", "stage 16x9"]
    assert [(one.id, one.number) for one in outputs.parts()] == [("o4", 1), ("o3", 2)]


def test_after_a_restart_a_page_takes_nobody_elses_place_who_is_missing() -> None:
    outputs = Outputs(ManualClock())
    came(outputs, part("o1", place="stage 16x9"))
    outputs.gone("o1")
    back = [part("o2", place="stage 16x9 2"), part("o3", place="stage 16x9")]
    assert came(outputs, *back) == ["stage 16x9 2", "stage 16x9"]


def test_a_page_that_dials_again_takes_its_own_place_before_its_old_line_is_lost() -> (
    None
):
    outputs = Outputs(ManualClock())
    came(outputs, part("o1"))
    outputs.report(part("o2"), nobody, "page b")
    outputs.report(part("o3"), nobody, "page c")
    outputs.report(part("o4", place="stage 16x9 2"), nobody, "page b")
    outputs.report(part("o2", place="stage 16x9 2"), nobody)  # was on its way
    outputs.gone("o2")
    seen = {one.place: (one.number, one.id, one.lost) for one in outputs.parts()}
    assert seen == {
        "stage 16x9": (1, "o1", False),
        "stage 16x9 2": (2, "o4", False),
        "stage 16x9 3": (3, "o3", False),
    }


def test_what_is_set_is_told_to_that_output_alone_and_stays_for_who_comes() -> None:
    outputs = Outputs(ManualClock())
    heard: list[tuple[str, object]] = []
    for one in ("o1", "o2"):
        outputs.report(part(one), lambda text, one=one: heard.append((one, text)))  # type: ignore[misc]
    settings = {"stage 16x9 2": OutputSettings(theme="sen", hide=("fastest",))}
    outputs.follow(settings)
    outputs.follow(settings | {"ticker 16x9": OutputSettings(mute=True)})
    shown_part = {"theme": "sen", "hide": ["fastest"]}
    word = {"place": "stage 16x9 2", "settings": shown_part}
    said = [(who, json.loads(text)) for who, text in heard]  # type: ignore[arg-type]
    assert said == [("o2", {"type": "settings", "output": word})]
    shown = SettingsPart(theme="sen", hide=("fastest",))
    assert outputs.word("o2") == OutputWord(place="stage 16x9 2", settings=shown)
    assert outputs.word("o1") == OutputWord(place="stage 16x9", settings=SettingsPart())
    assert outputs.word("nobody") is None
    outputs.follow({})
    assert json.loads(heard[-1][1])["output"]["settings"] == {}  # type: ignore[arg-type]


def test_previews_are_those_that_said_so() -> None:
    outputs = Outputs(ManualClock())
    told: list[bytes] = []
    outputs.report(part("o1"), nobody)
    outputs.report(part("o2", bus="preview"), told.append)
    for tell in outputs.previews():
        tell(b"next")
    assert told == [b"next"]
    previews = [outputs.is_preview(one) for one in ("o1", "o2", "nobody")]
    assert previews == [False, True, False]


def test_settings_go_over_the_wire_and_back() -> None:
    settings = OutputSettings(layout="9x16", delay_ms=0, safe=False, hide=("notice",))
    assert settings_of(part_of(settings)) == settings
