"""Rights: what is not listed is refused."""

import pytest

from quizserver.domain.ids import ShowCode
from quizserver.live.access import RIGHTS, Actor, Right, Role

ONE, OTHER = ShowCode("CCHC1"), ShowCode("CCHC2")

ALLOWED = {
    Role.OWNER: "watch_host watch_overlay conduct moderate export audit administer",
    Role.HOST: "watch_host watch_overlay conduct moderate export",
    Role.MODERATOR: "watch_host moderate",
    Role.AUDITOR: "watch_host export audit",
    Role.OVERLAY: "watch_overlay",
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_a_role_has_the_rights_of_the_table_and_no_other(
    role: Role, right: Right
) -> None:
    """Written out a second time, so that a wrong line shows."""
    assert Actor(name="x", role=role).may(right) is (right in ALLOWED[role].split())


def test_every_role_has_a_line() -> None:
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize(
    ("bound", "asked", "may"),
    [(None, None, True), (None, ONE, True), (ONE, ONE, True), (ONE, OTHER, False)],
)
def test_a_credential_of_one_show_is_good_for_no_other(
    bound: ShowCode | None, asked: ShowCode | None, may: bool
) -> None:
    actor = Actor(name="x", role=Role.HOST, show=bound)
    assert actor.may(Right.CONDUCT, asked) is may


def test_a_credential_of_one_show_still_lacks_what_its_role_lacks() -> None:
    overlay = Actor(name="x", role=Role.OVERLAY, show=ONE)
    assert not overlay.may(Right.WATCH_HOST, ONE)
    assert overlay.may(Right.WATCH_OVERLAY, ONE)
