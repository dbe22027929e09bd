"""The seams: what is said through them is what the wire says."""

from quizserver.live.rows import AnswerStatus, Stored


def test_statuses_are_the_words_of_the_wire() -> None:
    """R3.3; receipts and exports carry them as they are."""
    assert [status.value for status in AnswerStatus] == [
        "accepted",
        "late",
        "not_open",
        "void",
    ]


def test_only_a_failed_write_leaves_nothing_behind() -> None:
    """R3.4: the two others end in a receipt."""
    assert set(Stored) - {Stored.FAILED} == {Stored.NEW, Stored.DUPLICATE}
