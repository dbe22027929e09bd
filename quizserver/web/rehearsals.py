"""Rehearsals from the panel: simulated phones come, and one key wipes everything.

They may come only while nobody else is there: whoever plays beside them would play in
vain, because a run with simulated phones is begun anew before the air.
"""

import msgspec
from starlette.responses import JSONResponse, Response

from quizserver.domain.phases import Phase
from quizserver.live.roster import Roster
from quizserver.web.denied import Denied
from quizserver.web.visit import Visit
from quizserver.wire.common import REHEARSAL


class Wanted(msgspec.Struct, frozen=True):
    """How many phones."""

    phones: int


MOST = 500


async def enter(visit: Visit) -> Response:
    """Let simulated phones join the open lobby."""
    wanted = await visit.body(Wanted)
    if not 1 <= wanted.phones <= MOST:
        raise Denied("bad_field", field="phones")
    stage = visit.live_show().stage
    if stage.show.stage_phase is not Phase.LOBBY or _others(stage.roster):
        raise Denied("no_rehearsal")
    visit.site.rehearse(visit.code, wanted.phones)
    return JSONResponse({"phones": wanted.phones}, status_code=202)


async def wipe(visit: Visit) -> Response:
    """Begin anew a show that was rehearsed; of any other nothing is taken.

    A viewer may say that they come from the rehearsal's page: where anybody else is,
    too, nothing is wiped.
    """
    assert visit.actor is not None, "the door lets only hosts in"
    roster = visit.live_show().stage.roster
    if not roster.via[REHEARSAL]:
        raise Denied("not_rehearsed")
    if _others(roster):
        raise Denied("not_alone")
    visit.site.rehearse(visit.code, 0)
    await visit.site.shows.reset(visit.code, visit.actor)
    return JSONResponse({})


def _others(roster: Roster) -> int:
    """Return how many came from elsewhere."""
    return len(roster) - roster.via[REHEARSAL]
