"""What the bench compares: like with like, within one round."""

import json

import pytest

from tests.load.bench.stands import notice_of, text_of
from tests.load.bench.table import ROWS, figure
from tests.load.bench.visit import Visit


@pytest.mark.parametrize("size", [200, 400])
def test_peers_and_ours_tell_texts_of_the_same_size(size: int) -> None:
    peers = text_of(10, size)
    assert len(peers) == size
    ours = {**json.loads(peers), "text": notice_of(size)}
    said = json.dumps(ours, separators=(",", ":"), ensure_ascii=False)
    assert len(said.encode()) == size
    assert len(notice_of(size)) <= 200, "no longer notice is taken"


def visit(frame_us: float, per_s: float = 100) -> Visit:
    """Return a visit that measured this."""
    return Visit(phones=10, handshakes_per_s=per_s, frame_us=frame_us)


def test_a_ratio_is_of_one_round_and_the_median_of_all() -> None:
    rounds = {
        "floor": [visit(10), visit(20), visit(40)],
        "ours": [visit(15), visit(22), visit(60)],
    }
    cue = ROWS[0]
    assert figure(cue, rounds, "ours") == 1.5
    assert figure(cue, rounds, "floor") == 1
    assert figure(cue, rounds, "node ws") is None


def test_handshakes_are_held_against_uvicorns() -> None:
    row = next(row for row in ROWS if row.against == "uvicorn")
    rounds = {"ours": [visit(1, 500)], "uvicorn": [visit(1, 200)]}
    assert figure(row, rounds, "ours") == 2.5
