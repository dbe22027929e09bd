"""The interpreter is set up so that the event loop is not kept waiting."""

import json
import subprocess
import sys

LOOK = """
import gc, json, sys
from quizserver.interpreter import load_undisturbed, put_the_loop_first
load_undisturbed()
assert not gc.isenabled()
put_the_loop_first()
assert gc.isenabled()
frozen, others = gc.get_freeze_count(), len(gc.get_objects())
print(json.dumps([sys.getswitchinterval(), frozen, others, gc.get_threshold()]))
"""


def test_a_thread_gives_way_to_the_loop_and_start_up_is_never_collected() -> None:
    # In a process of its own: the settings hold for the whole interpreter.
    said = subprocess.run(
        [sys.executable, "-c", LOOK], capture_output=True, check=True, text=True
    )
    turn_s, frozen, others, thresholds = json.loads(said.stdout)
    assert turn_s < 0.001
    assert frozen > 100 * others
    assert thresholds == [2_000, 10, 100]
