"""How the interpreter is set up for a show: the event loop comes first.

The moment an answer was received is read by the event loop (R4.2). Whatever keeps the
loop from running makes that stamp late, and the interpreter itself can: another thread
may keep it for five milliseconds at a time, and the garbage collector stops everything
while it looks at every object there is. Measured with 1,250 phones: 11 % of the stamps
were more than a millisecond late, 5 % with the shorter turn.
"""

import gc
import sys
from typing import Final

TURN_S: Final = 0.0005
"""Longest turn of a thread that another one waits for, in seconds. The journal's
commits take about as long; a shorter turn costs more switches and gains nothing."""

YOUNG: Final = 2_000
"""Objects made before the collector looks at the newest; Python's own is 700."""

OLD: Final = 100
"""Looks at the middle-aged before it may look at everything; Python's own is 10."""


def load_undisturbed() -> None:
    """Collect nothing until `put_the_loop_first`: modules and shows are here to stay.

    Looking through them again and again took a tenth of the start.
    """
    gc.disable()


def put_the_loop_first() -> None:
    """Shorten other threads' turns; leave what start-up made to no collection.

    Called once, when everything is loaded and nobody is connected yet.
    """
    sys.setswitchinterval(TURN_S)
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, OLD)
