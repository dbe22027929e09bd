"""The overlays of a show, and when they were last heard of."""

from quizserver.live.outputs import Outputs
from quizserver.wire.host import OutputPart
from tests.manual_clock import ManualClock


def test_an_overlay_is_listed_with_the_time_since_its_last_report() -> None:
    clock = ManualClock()
    outputs = Outputs(clock)
    outputs.report("o1", OutputPart(id="o1", view="stage", layout="16x9"))
    clock.forward(2_500)
    outputs.report("o2", OutputPart(id="o2", view="stage", layout="9x16"))
    assert [(one.id, one.seen_ms) for one in outputs.parts()] == [
        ("o1", 2_500),
        ("o2", 0),
    ]


def test_the_last_report_counts() -> None:
    clock = ManualClock()
    outputs = Outputs(clock)
    outputs.report("o1", OutputPart(id="o1", view="stage", layout="16x9"))
    clock.forward(5_000)
    hidden = OutputPart(id="o1", view="stage", layout="16x9", visible=False)
    outputs.report("o1", hidden)
    assert outputs.parts() == (hidden,)


def test_an_overlay_that_has_gone_is_forgotten() -> None:
    outputs = Outputs(ManualClock())
    outputs.report("o1", OutputPart(id="o1", view="stage", layout="16x9"))
    outputs.gone("o1")
    outputs.gone("o1")
    assert outputs.parts() == ()
