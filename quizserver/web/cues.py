"""Cues by plain HTTP: one address for each, for stream decks and other keys.

A key sends the same request every time and knows no `ref`, so that is made here;
`presses` keeps a key that bounces from taking the show two steps on.
"""

import msgspec
from starlette.responses import Response

from quizserver.web.api import carry_out
from quizserver.web.visit import Visit, decoded
from quizserver.wire.host import CommandMessage


async def cue(visit: Visit) -> Response:
    """Carry out the command in the address; the body may hold its other fields."""
    command = visit.request.path_params["command"]
    visit.live_show()
    now_ns = visit.site.clock.monotonic_ns()
    ref = visit.site.presses.ref(visit.code, command, now_ns)
    fields = decoded(await visit.content() or b"{}", dict[str, msgspec.Raw])
    named = {"command": command, "ref": ref}
    whole = fields | {k: msgspec.Raw(msgspec.json.encode(v)) for k, v in named.items()}
    message = decoded(msgspec.json.encode(whole), CommandMessage)
    return await carry_out(visit, message)
