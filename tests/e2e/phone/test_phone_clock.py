"""What a phone claims to have measured is what happened (Source: R4.3).

The truth comes from elsewhere: which frame showed the options, and when the next one
began, says an observer of its own, and Element Timing that they were not on the glass
before; when the finger left it says the test, which made the touch. Nothing is held to
a speed: how late a busy machine puts a frame on the glass is not the phone's to say.
"""

import shutil
from collections.abc import Iterator
from typing import Final

import pytest

from quizserver.wire.parts import QuestionPart
from quizserver.wire.phone import Answer, Asked, Hello, Open, Roll, State
from tests.e2e.phone.conftest import EPOCH, Stage
from tests.e2e.phone.scenes import question
from tests.e2e.phone.tabs import CONTACT_S, Chrome, Tab, chrome
from tests.e2e.phone.test_phone_states import SEAT

pytestmark = pytest.mark.browser

HELD_UP_MS: Final = 300
"""How long the page is held up on purpose, each time where a wrong stamp of the
moment would be that much wrong: before the frame, in it, and before the tap is
handled."""

FRAME_MS: Final = 50
"""A frame bears the time at which it was due: 11 ms ago at most here; three frames."""

OFF_BY_MS: Final = 5
"""Most that a claim may differ from the truth: whole milliseconds, and two clocks."""

B: Final = "button.option[data-option=b]"
SEATED: Final = f"localStorage['quiz.CCHC1.seat'] = '{SEAT}';"

WITNESS: Final = """
(held_up_ms, contact_ms) => {
  const truth = (window.truth = { next: 0, painted: 0, handled: 0, sent: [] });
  const hold_until = (end) => {
    while (performance.now() < end);
  };
  const hold = () => hold_until(performance.now() + held_up_ms);
  new PerformanceObserver((list) => {
    truth.painted = list.getEntries()[0].renderTime;
  }).observe({ type: "element", buffered: true });
  const drawn = new ResizeObserver(() => {
    drawn.disconnect();
    requestAnimationFrame((at) => (truth.next = at));
    hold(); // in the frame: a stamp from its beginning would be too early
    truth.drawn = performance.now();
  });
  const options = new MutationObserver(() => {
    const option = document.querySelector(".option-text");
    if (!option) return;
    options.disconnect();
    truth.built = performance.now();
    option.setAttribute("elementtiming", "option");
    requestAnimationFrame((at) => (truth.frame = at));
    drawn.observe(option);
    hold(); // before the frame: a stamp from the message would be too early
  });
  options.observe(document, { childList: true, subtree: true });
  document.addEventListener("touchstart", ({ timeStamp }) => {
    hold_until(timeStamp + contact_ms + held_up_ms);
  });
  document.addEventListener("click", () => {
    truth.handled = performance.now();
  }, true);
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (text) {
    if (JSON.parse(text).type === "answer") truth.sent.push(performance.now());
    return send.call(this, text);
  };
}
"""


def told(stage: Stage) -> Answer:
    """Return the next answer that is heard."""
    answer = stage.next_heard(Answer).message
    assert isinstance(answer, Answer)
    return answer


def rolls(stage: Stage) -> None:
    """Tell the phones that question 4 is about to open."""
    asked = question("asked", opened=False)
    stage.say(Asked(epoch=EPOCH, step=2, question=asked))
    roll = QuestionPart(id="q4", number=4, total=10)
    stage.say(Roll(epoch=EPOCH, step=3, question=roll, in_ms=3000))


def opens(stage: Stage) -> None:
    """Open question 4 for a time that outlasts a slow machine."""
    stage.snapshot = State(
        epoch=EPOCH, step=4, phase="open", question=question(), closes_in_ms=90_000
    )
    stage.say(Open(epoch=EPOCH, step=4, question=question(), duration_ms=90_000))


@pytest.fixture(scope="module")
def tabs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser whose tabs can be hidden and frozen."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("needs chromium: apt install chromium")
    with chrome(path, tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def phone(tabs: Chrome, stage: Stage) -> Iterator[Tab]:
    """A seated phone in the lobby; its page never breaks."""
    errors = "window.broken = []; onerror = (text) => void broken.push(text);"
    tab = tabs.tab(f"{stage.url}/CCHC1", SEATED + errors)
    stage.next_heard(Hello)
    tab.until("document.querySelector('[data-screen=lobby]') !== null")
    rolls(stage)
    tab.until("document.querySelector('.roll') !== null")
    yield tab
    assert tab.ask("broken") == []


def answered(tab: Tab, stage: Stage, *, thawed: bool = False) -> Answer:
    """Tap option B as soon as it is there; return what the phone said.

    DevTools thaws a page, but touches do not reach it any more: there the page's
    own click has to do.
    """
    tab.until("document.querySelectorAll('button.option').length === 4")
    if thawed:
        tab.ask(f"void document.querySelector({B!r}).click()")
    else:
        tab.tap(B)
    return told(stage)


def drawn(tab: Tab) -> None:
    """Wait until the options have been in view for a while, 50 ms or more."""
    tab.until("document.querySelectorAll('button.option').length === 4")
    tab.ask(
        "void requestAnimationFrame(() => requestAnimationFrame(() => "
        "setTimeout(() => { window.drawn = true; }, 50)))"
    )
    tab.until("window.drawn === true")


def away(tab: Tab, *, frozen: bool) -> None:
    """Put another tab before this one; frozen: as a phone does to save power."""
    tab.chrome.tab()
    tab.until("document.visibilityState === 'hidden'")
    if frozen:
        tab.life("frozen")


def back(tab: Tab, *, frozen: bool) -> None:
    """Bring the tab back, and thaw it."""
    tab.show()
    if frozen:
        tab.life("active")
    tab.until("document.visibilityState === 'visible'")


class TestSlowPhone:
    """A processor four and six times slower; a page that is busy when it matters."""

    @pytest.mark.parametrize("slower", [1, 4, 6])
    def test_claims_the_time_from_the_painted_options_to_the_tap(
        self, phone: Tab, stage: Stage, slower: int
    ) -> None:
        phone.call("Emulation.setCPUThrottlingRate", rate=slower)
        phone.ask(f"({WITNESS})({HELD_UP_MS}, {CONTACT_S * 1000})")
        opens(stage)
        phone.until("truth.next > 0 && truth.painted > 0")
        lifted = phone.tap(B)
        answer = told(stage)
        phone.until("truth.sent.length > 1")
        truth = phone.ask("truth")
        # The lateness that a wrong stamp would have added was really there.
        assert truth["next"] - truth["built"] > 2 * HELD_UP_MS - FRAME_MS
        assert truth["next"] - truth["frame"] > HELD_UP_MS - FRAME_MS
        assert truth["handled"] - lifted > HELD_UP_MS - OFF_BY_MS
        # Nothing was on the glass, nor is counted from, before it was drawn.
        assert truth["painted"] > truth["drawn"] - FRAME_MS
        assert truth["next"] > truth["drawn"] - FRAME_MS
        assert answer.elapsed_ms is not None
        assert abs(answer.elapsed_ms - (lifted - truth["next"])) <= OFF_BY_MS
        assert answer.visible
        assert told(stage).elapsed_ms == answer.elapsed_ms
        first, second = truth["sent"][:2]
        assert second - first >= 14  # 15 ms by a clock of whole steps (R4.10)


class TestAway:
    """The page goes out of sight: no claim, no crash, and the answer is taken."""

    def test_claims_its_time_when_it_was_in_view_all_the_time(
        self, phone: Tab, stage: Stage
    ) -> None:
        opens(stage)
        drawn(phone)
        answer = answered(phone, stage)
        assert answer.visible
        assert answer.elapsed_ms is not None
        assert answer.elapsed_ms >= 50

    def test_claims_nothing_when_the_question_came_behind_another_tab(
        self, phone: Tab, stage: Stage
    ) -> None:
        away(phone, frozen=False)
        opens(stage)
        phone.until("document.querySelectorAll('button.option').length === 4")
        back(phone, frozen=False)
        answer = answered(phone, stage)
        assert answer.option == "B"
        assert answer.elapsed_ms is None
        assert not answer.visible

    def test_claims_no_less_than_it_was_in_view_when_the_question_found_it_frozen(
        self, phone: Tab, stage: Stage
    ) -> None:
        """It may come as a cue or as a snapshot; only the cue can be measured."""
        away(phone, frozen=True)
        opens(stage)
        back(phone, frozen=True)
        drawn(phone)
        answer = answered(phone, stage, thawed=True)
        assert answer.option == "B"
        assert answer.elapsed_ms is None or answer.elapsed_ms >= 50

    @pytest.mark.parametrize("frozen", [False, True])
    def test_claims_nothing_when_it_went_away_during_the_question(
        self, phone: Tab, stage: Stage, frozen: bool
    ) -> None:
        opens(stage)
        drawn(phone)
        away(phone, frozen=frozen)
        back(phone, frozen=frozen)
        answer = answered(phone, stage, thawed=frozen)
        assert answer.elapsed_ms is None
        assert not answer.visible
