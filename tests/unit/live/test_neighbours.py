"""What the other processes say of themselves."""

from quizserver.domain.ids import ShowCode
from quizserver.live.neighbours import Neighbours, Said, word
from quizserver.wire.parts import OutputPart

ONE, OTHER = ShowCode("CCHC1"), ShowCode("CCHC2")
STAGE = OutputPart(id="o1", view="stage", layout="16x9")
TALL = OutputPart(id="o2", view="stage", layout="9x16")


def test_the_words_of_all_are_added() -> None:
    neighbours = Neighbours()
    neighbours.hear(
        [
            word({ONE: Said(online=3, rejected=1, outputs=(STAGE,))}),
            word({ONE: Said(online=4, outputs=(TALL,)), OTHER: Said(online=9)}),
        ]
    )
    both = Said(online=7, rejected=1, outputs=(STAGE, TALL))
    assert neighbours.said(ONE) == both
    assert neighbours.said(OTHER) == Said(online=9)


def test_who_says_nothing_any_more_is_left_out() -> None:
    neighbours = Neighbours()
    neighbours.hear([word({ONE: Said(online=3)})])
    neighbours.hear([])
    assert neighbours.said(ONE) == Said()


def test_of_a_show_that_nobody_is_at_nothing_is_said() -> None:
    assert word({ONE: Said()}) == "{}"


def test_what_another_version_says_is_passed_over() -> None:
    neighbours = Neighbours()
    neighbours.hear(["", '{"CCHC1": 3}', word({ONE: Said(online=2)})])
    assert neighbours.said(ONE) == Said(online=2)
