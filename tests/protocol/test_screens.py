"""Host panels and overlays: hello, rights, commands, states, close codes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from quizserver.gateway.limits import Limits
from quizserver.gateway.screen import ScreenProtocol
from quizserver.live.ports import LedgerDown
from quizserver.wire.parts import SettingsPart
from tests.protocol.clocks import ManualClock
from tests.protocol.raw import (
    BINARY,
    PING,
    PONG,
    TEXT,
    RawSocket,
    closing,
    connect,
    dial,
    frame,
    turn,
)
from tests.protocol.stub import CODE, Served, js, serving

HOST, OVERLAY = "/ws/host", "/ws/overlay"
LAP_S = 1.1


def host_hello(**changed: object) -> bytes:
    fields: dict[str, object] = {"type": "hello", "v": 1, "show": CODE}
    return frame(TEXT, js(**(fields | changed)))


def overlay_hello(**changed: object) -> bytes:
    fields: dict[str, object] = {"type": "hello", "v": 1, "key": f"overlay@{CODE}"}
    return frame(TEXT, js(**(fields | changed)))


def command(name: str = "open_lobby", ref: str = "r1") -> bytes:
    return frame(TEXT, js(type="command", command=name, ref=ref, step=0))


@asynccontextmanager
async def host(served: Served) -> AsyncIterator[RawSocket]:
    async with connect(served.port, HOST) as raw:
        raw.send(host_hello(token="host"))
        assert json.loads(await raw.text())["you"] == "host"
        assert json.loads(await raw.text())["type"] == "you"
        yield raw


@asynccontextmanager
async def overlay(served: Served) -> AsyncIterator[RawSocket]:
    async with connect(served.port, OVERLAY) as raw:
        raw.send(overlay_hello())
        assert json.loads(await raw.text())["you"] == "overlay"
        yield raw


# hosts -------------------------------------------------------------------------


@pytest.mark.parametrize("cookie", ["quiz=host", "a=b; quiz=host"])
async def test_host_is_known_by_the_session_cookie(
    cookie: str, clock: ManualClock
) -> None:
    async with (
        serving(clock) as served,
        connect(served.port, HOST, Cookie=cookie) as raw,
    ):
        raw.send(host_hello())
        assert json.loads(await raw.text())["type"] == "state"


@pytest.mark.parametrize(
    ("proto", "cookie", "is_known"),
    [
        ("https", "__Host-quiz=host", True),
        ("https", "quiz=host", False),
        ("http", "quiz=host", True),
        ("http", "__Host-quiz=host", False),
    ],
)
async def test_over_tls_only_the_cookie_that_nobody_can_plant_counts(
    proto: str, cookie: str, is_known: bool, clock: ManualClock
) -> None:
    """P16: another site could sign the panel in as somebody else."""
    async with (
        serving(clock, trusted_proxies=["127.0.0.1"]) as served,
        connect(served.port, HOST, Cookie=cookie, X_Forwarded_Proto=proto) as raw,
    ):
        raw.send(host_hello())
        if is_known:
            assert json.loads(await raw.text())["type"] == "state"
        else:
            assert await raw.close_code() == 4401


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(host_hello(), 4401, id="nobody"),
        pytest.param(host_hello(token="forged"), 4401, id="forged token"),
        pytest.param(host_hello(token="overlay"), 4403, id="an overlay's key"),
        pytest.param(host_hello(token="host@OTHER"), 4403, id="of another show"),
        pytest.param(host_hello(token="host", show="NONE"), 4404, id="no such show"),
        pytest.param(host_hello(token="host", v=2), 4400, id="another version"),
        pytest.param(frame(TEXT, b"{"), 4400, id="no JSON"),
        pytest.param(command(), 4400, id="command before hello"),
        pytest.param(frame(BINARY, b"x"), 1003, id="binary"),
        pytest.param(frame(TEXT, b"\xff"), 1007, id="not UTF-8"),
        pytest.param(frame(TEXT, b"x" * 5000), 4413, id="too long"),
        pytest.param(frame(TEXT, b"x", rsv=4), 1002, id="reserved bit"),
        pytest.param(
            frame(TEXT, b"x", fin=False) + frame(0, fin=False) * 5, 4429, id="fragments"
        ),
        pytest.param(frame(0, b"x", fin=False) * 3000, 4429, id="flood"),
        pytest.param(closing(1000), 1000, id="goodbye"),
    ],
)
async def test_host_is_closed_with(
    sent: bytes, code: int, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(clock) as served, connect(served.port, HOST) as raw:
        raw.send(sent)
        assert await raw.close_code() == code
        assert not served.audiences.hosts.watched(CODE)
        await finished(served)
        assert "Traceback" not in caplog.text


@pytest.mark.parametrize("role", ["owner", "host", "moderator", "auditor"])
async def test_who_may_watch_gets_the_whole_state(
    role: str, clock: ManualClock
) -> None:
    async with serving(clock) as served, connect(served.port, HOST) as raw:
        raw.send(host_hello(token=role))
        assert json.loads(await raw.text())["you"] == "host"
        assert served.audiences.hosts.watched(CODE)
        you = json.loads(await raw.text())
        assert (you["type"], you["role"]) == ("you", role)
        assert ("open_lobby" in you["commands"]) == (role in {"owner", "host"})
        assert ("hide_name" in you["commands"]) == (role != "auditor")


@pytest.mark.parametrize(("role", "is_done"), [("host", True), ("moderator", False)])
async def test_host_may_identify_an_overlay_and_open_it_anew(
    role: str, is_done: bool, clock: ManualClock
) -> None:
    async with serving(clock) as served, connect(served.port, HOST) as raw:
        raw.send(host_hello(token=role))
        raw.send(frame(TEXT, js(type="output", do="identify", output="o1")))
        raw.send(frame(TEXT, js(type="output", do="reload")))
        raw.send(frame(TEXT, js(type="output", do="explode")))
        assert await raw.close_code() == 4400
        done = [("identify", "o1"), ("reload", None)] if is_done else []
        assert served.show.outputs.orders == done


async def test_command_is_answered_with_its_ref(clock: ManualClock) -> None:
    async with serving(clock) as served, host(served) as raw:
        raw.send(command(ref="r7"))
        assert json.loads(await raw.text()) == {
            "type": "reply",
            "ref": "r7",
            "step": 1,
            "phase": "lobby",
        }
        ((actor, message),) = served.show.conductor.heard
        assert (actor.role, message.command) == ("host", "open_lobby")


async def test_second_hello_of_a_host_is_closed_with_4400(clock: ManualClock) -> None:
    async with serving(clock) as served, host(served) as raw:
        raw.send(host_hello(token="host"))
        assert await raw.close_code() == 4400


async def test_reset_show_is_found_anew(clock: ManualClock) -> None:
    async with serving(clock) as served, host(served) as raw:
        fresh = served.replace_show()
        raw.send(command())
        await raw.text()
        assert len(fresh.conductor.heard) == 1


async def test_ledger_that_is_down_closes_a_host_with_1012(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port, HOST) as raw:
        served.show.stage.trouble = LedgerDown()
        raw.send(host_hello(token="host"))
        assert await raw.close_code() == 1012


async def test_bug_closes_a_host_with_1011(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(clock) as served, connect(served.port, HOST) as raw:
        served.show.stage.trouble = ValueError("bug")
        raw.send(host_hello(token="host"))
        assert await raw.close_code() == 1011
        assert "a screen's connection failed" in caplog.text


# overlays ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(overlay_hello(key="forged"), 4401, id="forged key"),
        pytest.param(overlay_hello(key="moderator@CCHC1"), 4403, id="a moderator"),
        pytest.param(overlay_hello(key="overlay"), 4404, id="key of no show"),
        pytest.param(overlay_hello(key="overlay@NONE"), 4404, id="show not there"),
        pytest.param(overlay_hello(v=3), 4400, id="another version"),
        pytest.param(overlay_hello(bus="key"), 4400, id="another bus"),
        pytest.param(frame(TEXT, js(type="output")), 4400, id="output before hello"),
        pytest.param(overlay_hello() + overlay_hello(), 4400, id="hello twice"),
        pytest.param(frame(BINARY, b"x"), 1003, id="binary"),
    ],
)
async def test_overlay_is_closed_with(
    sent: bytes, code: int, clock: ManualClock
) -> None:
    async with serving(clock) as served, connect(served.port, OVERLAY) as raw:
        raw.send(sent)
        assert await raw.close_code() == code
        await finished(served)
        assert not served.audiences.overlays.watched(CODE)
        assert served.audiences.refused.lately() == (code == 4401)
        assert not served.show.outputs.here


async def test_overlay_and_its_health_are_known_while_it_is_here(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served:
        async with connect(served.port, OVERLAY) as raw:
            raw.send(overlay_hello(view="stage", layout="9x16", build="b1"))
            first = await served.show.outputs.came.get()
            assert (first.view, first.layout, first.build) == ("stage", "9x16", "b1")
            raw.send(
                frame(
                    TEXT,
                    js(type="output", visible=False, frame_p95_ms=17.5, fonts=False),
                )
            )
            second = await served.show.outputs.came.get()
            assert (second.id, second.visible) == (first.id, False)
            assert (second.frame_p95_ms, second.build) == (17.5, "b1")
            assert (first.fonts, second.fonts) == (None, False)
        await served.show.outputs.went.wait()
        assert not served.show.outputs.here


async def test_an_output_says_what_it_is_called_and_how_it_draws(
    clock: ManualClock,
) -> None:
    hello = overlay_hello(name="hội trường", place="stage 16x9 2", bus="preview")
    settings = {"theme": "sen", "hide": ["fastest"]}
    async with serving(clock) as served, connect(served.port, OVERLAY) as raw:
        raw.send(hello)
        first = await served.show.outputs.came.get()
        assert (first.name, first.place) == ("hội trường", "stage 16x9 2")
        assert (first.bus, first.has, first.fixed) == ("preview", None, ())
        report = js(type="output", has=settings, fixed=["theme"], place="hội trường")
        raw.send(frame(TEXT, report))
        second = await served.show.outputs.came.get()
        assert second.has == SettingsPart(theme="sen", hide=("fastest",))
        assert (second.fixed, second.place) == (("theme",), "hội trường")
        await raw.text()
        assert served.show.stage.whose == [first.id]


async def test_bridge_may_ask_which_overlays_are_here(clock: ManualClock) -> None:
    async with serving(clock) as served, overlay(served) as raw:
        raw.send(frame(TEXT, js(type="outputs")))
        said = json.loads(await raw.text())
        assert said["type"] == "outputs"
        assert [one["view"] for one in said["outputs"]] == ["stage"]


async def test_long_texts_of_an_overlay_are_cut(clock: ManualClock) -> None:
    async with serving(clock) as served, connect(served.port, OVERLAY) as raw:
        raw.send(overlay_hello(view="v" * 1000, obs="o" * 1000))
        part = await served.show.outputs.came.get()
        assert (part.view, part.obs) == ("v" * 40, "o" * 40)


async def test_cues_reach_overlays_in_order(clock: ManualClock) -> None:
    async with serving(clock) as served, overlay(served) as raw:
        for step in range(1, 6):
            served.audiences.overlays.tell(CODE, js(type="step", step=step))
        assert [json.loads(await raw.text())["step"] for _ in range(5)] == [
            1,
            2,
            3,
            4,
            5,
        ]


# both ----------------------------------------------------------------------------


class TestSignedOut:
    """P16: a socket ends with the session or token that opened it."""

    async def test_signing_out_closes_the_sockets_of_that_session(
        self, clock: ManualClock
    ) -> None:
        async with (
            serving(clock) as served,
            connect(served.port, HOST, Cookie="quiz=host") as mine,
            connect(served.port, HOST, Cookie="quiz=host@CCHC1") as another,
        ):
            for raw in (mine, another):
                raw.send(host_hello())
                assert [json.loads(await raw.text())["type"] for _ in "ab"] == [
                    "state",
                    "you",
                ]
            await served.accounts.sign_out("host")
            assert await mine.close_code() == 4401
            another.send(command())
            assert json.loads(await another.text())["type"] == "reply"
            assert served.audiences.hosts.count() == 1

    async def test_revoked_key_closes_the_overlay(self, clock: ManualClock) -> None:
        async with serving(clock) as served, overlay(served) as raw:
            await served.accounts.sign_out(f"overlay@{CODE}")
            assert await raw.close_code() == 4401
            await finished(served)
            assert not served.show.outputs.here

    async def test_what_ends_by_its_age_is_found_by_looking_again(
        self, clock: ManualClock
    ) -> None:
        limits = Limits(recheck_ns=1_000_000)
        async with serving(clock, limits=limits) as served, host(served) as raw:
            served.accounts.gone.add("host")
            assert await raw.close_code() == 4401

    async def test_ledger_that_cannot_be_read_signs_nobody_out(
        self, clock: ManualClock
    ) -> None:
        limits = Limits(recheck_ns=1_000_000)
        async with serving(clock, limits=limits) as served, host(served) as raw:
            served.accounts.trouble = LedgerDown()
            looked = served.accounts.looks
            while served.accounts.looks < looked + 3:
                await turn()
            served.accounts.trouble = None
            raw.send(command())
            assert json.loads(await raw.text())["type"] == "reply"

    async def test_ended_between_hello_and_state_is_not_missed(
        self, clock: ManualClock
    ) -> None:
        async with (
            serving(clock) as served,
            connect(served.port, HOST) as raw,
        ):
            served.show.stage.gate.clear()
            raw.send(host_hello(token="host"))
            while not served.show.stage.asked:
                await turn()
            await served.accounts.sign_out("host")
            assert await raw.close_code() == 4401


@pytest.mark.parametrize("path", [HOST, OVERLAY])
async def test_screen_that_says_no_hello_is_closed_with_4400(
    path: str, clock: ManualClock
) -> None:
    async with (
        serving(clock, limits=Limits(hello_ns=50_000_000)) as served,
        connect(served.port, path) as raw,
    ):
        assert await raw.close_code() == 4400


async def test_ping_of_a_screen_is_answered(clock: ManualClock) -> None:
    async with serving(clock) as served, host(served) as raw:
        raw.send(frame(PING, b"x"))
        assert await raw.read() == (PONG, b"x")


async def test_screen_that_does_not_read_delays_nobody_and_is_cut(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served, overlay(served) as quick:
        async with dial(served.port, receive_buffer=4096, limit=2048) as slow:
            await slow.upgrade(OVERLAY)
            slow.send(overlay_hello())
            await slow.text()
            for step in range(300):
                cue = js(type="step", step=step, pad="x" * 20_000)
                served.audiences.overlays.tell(CODE, cue)
                assert json.loads(await quick.text())["step"] == step
            clock.advance(15 + LAP_S)
            await slow.gone()
        assert served.audiences.overlays.count() == 1


async def test_shutdown_sends_screens_1012(clock: ManualClock) -> None:
    async with serving(clock) as served, host(served) as one, overlay(served) as two:
        for connection in list(served.server.server_state.connections):
            connection.shutdown()
        assert await one.close_code() == 1012
        assert await two.close_code() == 1012


async def finished(served: Served) -> None:
    """Wait for the endpoints to end."""
    while served.server.server_state.tasks:
        await turn()


async def test_cues_told_while_a_screen_is_shut_out_are_no_error(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(clock) as served, overlay(served) as raw:
        raw.send(frame(0, b"x", fin=False) * 3000)
        while served.audiences.overlays.watched(CODE):
            served.audiences.overlays.tell(CODE, js(type="step"))
            await asyncio.sleep(0)
        assert await raw.close_code() == 4429
        await finished(served)
        assert "Exception" not in caplog.text
        assert "failed" not in caplog.text


async def test_cue_told_as_a_link_is_given_up_is_no_error(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(clock) as served, overlay(served) as raw:
        (screen,) = served.server.server_state.connections
        assert isinstance(screen, ScreenProtocol)
        served.audiences.overlays.tell(CODE, js(type="step"))
        screen.keepalive_timeout()
        assert await raw.close_code() == 1011
        await finished(served)
        assert "failed" not in caplog.text
