"""R3.6: until the reveal nothing that leaves the server depends on the key.

One show is played twice, with the same people, answers and chance; only the
keys, the explanations and the sources of its questions differ. What phones and
overlays are told, and what any of them would be shown on connecting, must be
the same bytes. That holds for the seal code too: the hash chain has no key in it
before the reveal. Only the published hash of the pack differs, which is its purpose;
the salt in it, 256 bits that are told to nobody, keeps what it says (R6.2).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from quizserver.domain.ids import OptionId, ParticipantId
from quizserver.domain.rundown import Pack
from quizserver.live.commitment import published_hash
from quizserver.store.ledger import open_ledger
from quizserver.store.sql_ledger import SqlLedger
from quizserver.wire.parts import OutputPart
from tests.shows import pack
from tests.unit.live.house import SECRET, House, on_air

Told = list[tuple[str, bytes]]
"""(where in the show, bytes), in order."""

PREVIEW = "o1"
PRESENCE = b'"type":"presence"'


@pytest.fixture
def twice(
    tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], SqlLedger]]:
    """Open a fresh ledger; every run draws the same ids."""
    opened: list[SqlLedger] = []
    runs = count()

    def fresh() -> SqlLedger:
        path = tmp_path / f"{next(runs)}.db"
        path.write_bytes(empty_database.read_bytes())
        opened.append(open_ledger(f"sqlite:///{path}", secret=SECRET, linger_ms=0))
        ids = (ParticipantId(f"p{n}") for n in count())
        monkeypatch.setattr("quizserver.live.shows.new_epoch", lambda: "e1")
        monkeypatch.setattr("tests.unit.live.house._REFS", count(1))
        monkeypatch.setattr(
            "quizserver.live.admission.new_participant_id", ids.__next__
        )
        return opened[-1]

    yield fresh
    for ledger in opened:
        ledger.close()


def rekeyed() -> Pack:
    """Return the pack of `pack()` with everything secret changed."""
    others = {"A": "C", "B": "D", "C": "B", "D": "A"}
    questions = tuple(
        replace(
            q,
            key=OptionId(others[q.key]),
            explanation="Một lời giải thích khác, dài hơn hẳn",
            source="nguồn khác",
        )
        for q in pack().questions
    )
    return replace(pack(), questions=questions)


async def told_before_the_reveal(ledger: SqlLedger, questions: Pack) -> Told:
    """Play up to the first reveal; return all that left the server."""
    told: Told = []
    async with on_air(ledger, pack=questions) as house:
        people = [(await house.join(name)).participant for name in ("An", "Bình")]
        _preview(house, told)

        async def note(where: str) -> None:
            told.extend([(where, frame) for frame in _frames(house)])
            told.extend([(where, shot) for shot in await _shots(house, people)])

        await note("lobby")
        await house.do("ask")
        await note("asked")
        await house.do("open")
        await note("rolling")
        await house.pass_by(3_000)
        for who, option, ms in ((people[0], "B", 2_000), (people[1], "D", 2_500)):
            got: list[bytes] = []
            await house.tap(who, option, ms, payloads=got)
            told.extend([("receipt", payload) for payload in got])
        await house.live.stage.pulse()
        await note("open")
        await house.do("extend", ms=5_000)
        await note("extended")
        await house.close()
        await note("locked")
        await house.do("pause", reason="Mất tín hiệu")
        await note("paused")
        await _taken(house)
        await note("held")
        await _noticed(house)
        await note("noticed")
    return _unpublished(house, told)


def _preview(house: House, told: Told) -> None:
    part = OutputPart(id=PREVIEW, view="stage", layout="16x9", bus="preview")
    house.live.outputs.report(part, lambda text: told.append(("coming", text)))


async def _taken(house: House) -> None:
    await house.do("look", look="hold")
    await house.do("resume")
    await house.do("take")


async def _noticed(house: House) -> None:
    await house.do("look", look="live")
    reply = await house.ask("notice", text="Sắp có đáp án")
    await house.hosts.reached(reply.step)


def _unpublished(house: House, told: Told) -> Told:
    """Return what was told without the published hash; the salt was never told."""
    published = published_hash(house.show).encode()
    assert not any(house.show.salt.encode() in payload for _, payload in told)
    return [(where, payload.replace(published, b"#")) for where, payload in told]


def _frames(house: House) -> list[bytes]:
    """Return what everybody has been told so far."""
    phones = [frame for frames in house.crowd.frames.values() for frame in frames]
    return [*phones, *house.overlays.payloads]


async def _shots(house: House, people: list[str]) -> list[bytes]:
    """Return what each phone and an overlay would be shown now."""
    stage = house.live.stage
    shots = [await stage.welcome(ParticipantId(who)) for who in people]
    shots += [await stage.snapshot(ParticipantId(who)) for who in people]
    # A preview's, with a key and before a host's own eyes: not even there.
    shots += [await stage.overlay_state(PREVIEW), await stage.coming()]
    return [*shots, await stage.overlay_state()]


async def test_two_shows_that_differ_in_their_keys_say_the_same_before_the_reveal(
    twice: Callable[[], SqlLedger],
) -> None:
    one = await told_before_the_reveal(twice(), pack())
    other = await told_before_the_reveal(twice(), rekeyed())
    assert Counter(where for where, _ in one)["receipt"] == 2
    assert any(b'"sealed"' in payload for _, payload in one)
    assert {b'"open"', b'"lock"', b'"reveal"', b'"take"'} <= {
        payload.split(b'"command":')[1].split(b",")[0]
        for where, payload in one
        if where == "coming"
    }
    assert _cues(one) == _cues(other)
    assert _pulses(one) == _pulses(other)
    assert len(_pulses(one)) > 1


def _cues(told: Told) -> Told:
    """Return all but the numbers of the pulse, which cues may come before or after."""
    return [(where, payload) for where, payload in told if PRESENCE not in payload]


def _pulses(told: Told) -> set[bytes]:
    """Return the numbers of the pulse, each once."""
    return {payload for _, payload in told if PRESENCE in payload}


async def test_no_message_before_the_reveal_holds_what_is_secret(
    twice: Callable[[], SqlLedger],
) -> None:
    """Not even in a field that two shows would share."""
    for where, payload in await told_before_the_reveal(twice(), pack()):
        for secret in (b'"key"', b'"correct"', b"explanation", "Vì sao".encode()):
            assert secret not in payload, where


async def test_after_the_reveal_the_two_shows_differ(
    twice: Callable[[], SqlLedger],
) -> None:
    """The comparison above sees what it should see."""
    shots = []
    for questions in (pack(), rekeyed()):
        async with on_air(twice(), pack=questions) as house:
            an = (await house.join("An")).participant
            await house.play(**{an: ("B", 2_000)})
            shots.append(await _shots(house, [an]))
    assert shots[0] != shots[1]
