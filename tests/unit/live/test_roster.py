"""Who takes part: names that obey consent and moderation, counts by page."""

from dataclasses import replace

import pytest

from quizserver.domain.ids import ParticipantId
from quizserver.domain.show import NameMark, Show
from quizserver.live.roster import Roster
from quizserver.live.rows import Consent, Registration, RosterRow
from tests.shows import AN, BINH, CHI, new_show

HIDDEN = "Người dự thi ẩn tên"


def registration(
    participant: ParticipantId, name: str, *, show_name: bool = True, via: str = ""
) -> Registration:
    """Return somebody's registration."""
    return Registration(
        show=new_show().code,
        epoch="e1",
        participant=participant,
        name=name,
        unit="UBND xã",
        phone="",
        via=via,
        recovery_hash="",
        consent=Consent(
            version="1", play=True, show_name=show_name, contact=False, at_ms=0
        ),
    )


@pytest.fixture
def roster() -> Roster:
    """An agreed to be named, Bình did not."""
    people = Roster()
    people.add(registration(AN, "Nguyễn Văn An", via="ktv"))
    people.add(registration(BINH, "Trần Thị Bình", show_name=False))
    return people


def marked(who: ParticipantId, *, hidden: bool, alias: str = "") -> Show:
    """Return a show whose moderator did something to a name."""
    mark = NameMark(hidden=hidden, alias=alias)
    return replace(new_show(), names={who: mark})


def test_who_joined_is_known_by_id_name_and_unit(roster: Roster) -> None:
    assert len(roster) == 2
    assert AN in roster
    assert CHI not in roster
    assert (roster.own_name(AN), roster.unit(AN)) == ("Nguyễn Văn An", "UBND xã")
    assert (roster.own_name(CHI), roster.unit(CHI)) == ("", "")


def test_joining_again_changes_nothing(roster: Roster) -> None:
    roster.add(registration(AN, "Ai đó", via="khác"))
    assert roster.own_name(AN) == "Nguyễn Văn An"
    assert roster.via == {"ktv": 1, "": 1}


def test_a_restart_fills_in_who_is_missing(roster: Roster) -> None:
    rows = [
        RosterRow(
            participant=who, name=name, unit="Sở Y tế", show_name=False, via="ktv"
        )
        for who, name in ((AN, "Ai đó"), (CHI, "Lê Thị Chi"))
    ]
    roster.fill(rows)
    assert (roster.own_name(AN), roster.own_name(CHI)) == (
        "Nguyễn Văn An",
        "Lê Thị Chi",
    )
    assert (roster.unit(CHI), roster.page(CHI)) == ("Sở Y tế", "ktv")
    assert roster.public_name(new_show(), CHI) == "L. T. C."
    assert roster.via == {"ktv": 2, "": 1}


def test_who_did_not_agree_is_shown_by_initials(roster: Roster) -> None:
    """R2.1: consent is per purpose."""
    show = new_show()
    assert roster.public_name(show, AN) == "Nguyễn Văn An"
    assert roster.public_name(show, BINH) == "T. T. B."
    assert roster.own_name(BINH) == "Trần Thị Bình"


def test_a_hidden_name_is_shown_to_nobody_and_stays_its_owners(
    roster: Roster,
) -> None:
    """R2.5."""
    show = marked(AN, hidden=True)
    assert roster.public_name(show, AN) == HIDDEN
    assert roster.own_name(AN) == "Nguyễn Văn An"


def test_a_name_with_a_word_of_the_list_waits_by_itself() -> None:
    """A glance of a host decides, not the list; initials tell nobody anything."""
    show, people = new_show(), Roster(lambda name: "Tục" in name)
    people.add(registration(AN, "Nguyễn Tục"))
    people.add(registration(BINH, "Trần Tục", show_name=False))
    people.add(registration(CHI, "Lê Chi"))
    assert people.waits(show, AN)
    assert people.public_name(show, AN) == "N. T."
    assert not people.waits(show, BINH), "screens show initials anyway"
    assert not people.waits(show, CHI)
    passed = marked(AN, hidden=False)
    assert not people.waits(passed, AN)
    assert people.public_name(passed, AN) == "Nguyễn Tục"
    assert not people.waits(show, ParticipantId("who?"))


def test_nobody_waits_who_did_not_agree_to_be_named() -> None:
    """R2.5: passing such a name would change nothing on any screen."""
    show, people = replace(new_show(), names_held=True), Roster(lambda name: False)
    people.add(registration(AN, "Nguyễn Văn An"))
    people.add(registration(BINH, "Trần Bình", show_name=False))
    assert people.waits(show, AN)
    assert not people.waits(show, BINH)


def test_hosts_hear_what_screens_show_instead_of_a_name(roster: Roster) -> None:
    """Who reads names aloud must know which of them nobody may hear."""
    show = new_show()
    assert roster.shown_instead(show, AN) == ""
    assert roster.shown_instead(show, BINH) == roster.public_name(show, BINH) != ""
    assert roster.shown_instead(marked(AN, hidden=True), AN) == HIDDEN


@pytest.mark.parametrize("hidden", [True, False])
def test_another_name_stands_for_the_own_one(roster: Roster, hidden: bool) -> None:
    show = marked(BINH, hidden=hidden, alias="Chị Bình")
    assert roster.public_name(show, BINH) == "Chị Bình"


def test_a_name_that_is_shown_again_obeys_consent_again(roster: Roster) -> None:
    assert roster.public_name(marked(AN, hidden=False), AN) == "Nguyễn Văn An"
    assert roster.public_name(marked(BINH, hidden=False), BINH) == "T. T. B."


def test_a_held_name_is_initials_until_it_is_passed(roster: Roster) -> None:
    """R2.5: no name is on air before somebody has seen it."""
    held = replace(new_show(), names_held=True)
    assert roster.public_name(held, AN) == "N. V. A."
    passed = replace(marked(AN, hidden=False), names_held=True)
    assert roster.public_name(passed, AN) == "Nguyễn Văn An"
    hidden = replace(marked(AN, hidden=True), names_held=True)
    assert roster.public_name(hidden, AN) == HIDDEN


def test_somebody_unknown_has_no_name(roster: Roster) -> None:
    assert roster.public_name(new_show(), CHI) == HIDDEN
    assert roster.public_name(replace(new_show(), lang="en"), CHI) != HIDDEN


def test_whom_the_ledger_has_counted_is_not_counted_again(roster: Roster) -> None:
    """Others registered at another process; a board names one of them."""
    roster.recount({"ktv": 3, "": 1})
    assert roster.missing([AN, CHI]) == {CHI}
    roster.add(registration(CHI, "Lê Thị Chi", via="ktv"))
    assert roster.missing([AN, CHI]) == set()
    assert (len(roster), roster.via) == (4, {"ktv": 3, "": 1})
