"""The fairness lab's scores, on taps whose outcome is plain."""

from pathlib import Path

from tests.load.fairness.people import Kind, Phone, invent, write_plan
from tests.load.fairness.records import Log, Record, Row
from tests.load.fairness.score import scores

WIFI, THREE_G = 0, 2
T0 = 1_000_000_000_000


def phone(number: int, kind: Kind = Kind.HONEST, network: int = WIFI) -> Phone:
    return Phone(
        number=number,
        kind=kind,
        network=network,
        rtt_ms=30,
        down=0.5,
        skill=0,
        render_ms=20,
        frame_ms=16.7,
        offset_ms=40,
        trait=0,
    )


def tap(
    one: Phone, truth: float, given: float, came: float, *, question: int = 1
) -> Record:
    """Return a right answer: true, by `fair-1` and by arrival, in ms since T0."""
    row: Row = {
        "status": "accepted",
        "T_us": int(given * 1_000),
        "E_us": int((came - 5) * 1_000),
        "T0_ns": T0,
        "S_ns": T0 + 5_000_000,
        "R_ns": T0 + int(came * 1_000_000),
        "S_rule": "live",
        "tier": "kernel",
        "retrans": 0,
        "flags": ["pong_held"] if one.kind is Kind.HOLDER else [],
    }
    return Record(phone=one, question=question, truth=truth, is_right=True, row=row)


def test_slow_network_wins_by_the_rule_and_loses_by_arrival() -> None:
    slow, near = phone(1, network=THREE_G), phone(2)
    records = [tap(slow, 900, 940, 1_400), tap(near, 1_000, 1_040, 1_060)]
    found = scores(Log(records=records, stolen=0))
    assert found["top1"] == {"fair": 1.0, "arrival": 0.0, "sent": 0.0}
    assert found["slow_wins"]["fair"]["ratio"] == 1.0
    assert found["slow_wins"]["arrival"]["ratio"] == 0.0
    assert found["error"]["common_bias"] == 40.0
    assert found["error"]["contenders_p99"] == 0.0


def test_equal_hundredths_win_together_and_others_do_not() -> None:
    records = [tap(phone(1), 900, 949, 960), tap(phone(2), 905, 940, 960)]
    assert scores(Log(records=records, stolen=0))["top1"]["fair"] == 1.0
    records = [tap(phone(1), 900, 950, 960), tap(phone(2), 905, 940, 960)]
    assert scores(Log(records=records, stolen=0))["top1"]["fair"] == 0.0


def test_fastest_whose_answer_was_lost_has_not_won() -> None:
    lost = Record(phone=phone(1), question=1, truth=500, is_right=True, row=None)
    found = scores(Log(records=[lost, tap(phone(2), 900, 940, 950)], stolen=0))
    assert found["top1"]["fair"] == 0.0
    assert found["unanswered_share"] == 0.5


def test_gain_is_beyond_what_honest_phones_of_that_network_get() -> None:
    records = [
        tap(phone(1), 900, 940, 950),
        tap(phone(2, network=THREE_G), 900, 960, 1_300),
        tap(phone(3, Kind.HOLDER), 1_000, 920, 1_050),
        tap(phone(4, Kind.HOLDER, THREE_G), 1_000, 950, 1_350),
    ]
    found = scores(Log(records=records, stolen=0))
    assert found["gain"]["HOLDER"]["wifi_median"] == 120.0
    assert found["gain"]["HOLDER"]["most"] == 120.0
    assert found["gain"]["HOLDER"]["answers"] == 2
    assert found["flags"]["HOLDER"] == {"pong_held": 1.0}
    assert found["flags"]["HONEST"] == {}


def test_blind_tapper_needs_right_answers_in_the_whole_show() -> None:
    sure = [tap(phone(1), 900, 940, 950, question=q) for q in range(1, 11)]
    blind = [tap(phone(2, Kind.BLIND), 400, 440, 450, question=q) for q in (1, 2)]
    found = scores(Log(records=sure + blind, stolen=0))["blind"]
    assert found == {"phones": 1, "free": 0.2, "8_of_10": 0.0}


def test_every_kind_has_its_exact_share_of_every_network() -> None:
    people = invent({Kind.HONEST: 1000, Kind.EDITED: 20}, 7)
    for kind, shares in (Kind.HONEST, [450, 400, 100, 50]), (Kind.EDITED, [9, 8, 2, 1]):
        networks = [one.network for one in people if one.kind is kind]
        assert [networks.count(number) for number in range(4)] == shares


def test_a_network_has_as_many_slow_paths_as_it_should() -> None:
    people = invent({Kind.HONEST: 1000}, 7)
    of_3g = sorted(one.rtt_ms for one in people if one.network == 2)
    assert of_3g[49] < 190 < of_3g[50]
    assert sum(rtt_ms > 400 for rtt_ms in of_3g) == 5


def test_same_seed_plans_the_same_show(tmp_path: Path) -> None:
    counts = {Kind.HONEST: 20, Kind.EARLY: 2}
    assert invent(counts, 7) == invent(counts, 7) != invent(counts, 8)
    plans = []
    for name in ("a", "b"):
        write_plan(invent(counts, 7), 3, 7, tmp_path / name)
        plans.append((tmp_path / name).read_bytes())
    assert plans[0] == plans[1]
    assert len(plans[0]) == 22 * 3 * 40
