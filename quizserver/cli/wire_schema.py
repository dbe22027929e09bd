"""`quizserver wire-schema`: print every message as JSON Schema.

Made from the types of `wire` themselves, for those who write another client.
"""

import json
from typing import Any

import typer

from quizserver.cli.output import Json


def command(as_json: Json = False) -> None:
    """Print the messages of all sockets and calls as JSON Schema."""
    typer.echo(json.dumps(schema(), ensure_ascii=False, indent=2))


def schema() -> dict[str, Any]:
    """Return one JSON Schema document; `messages` has one schema per direction."""
    import msgspec

    from quizserver.wire import common, host, overlay, phone, results

    directions: dict[str, Any] = {
        "phone_in": phone.PhoneIn,
        "phone_out": phone.PhoneOut,
        "host_in": host.HostIn,
        "host_out": host.HostOut,
        "overlay_in": overlay.OverlayIn,
        "overlay_out": overlay.OverlayOut,
        "join": phone.JoinBody,
        "joined": phone.Joined,
        "recover": phone.RecoverBody,
        "refused": phone.Refused,
        "results": results.Results,
    }
    schemas, parts = msgspec.json.schema_components(
        directions.values(), ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Messages of quizserver",
        "v": common.VERSION,
        "messages": dict(zip(directions, schemas, strict=True)),
        "$defs": parts,
    }
