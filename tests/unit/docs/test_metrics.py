"""The reference of figures says what a running server tells, and nothing else.

After a change, `python -m tests.unit.docs.test_metrics` writes the page anew.
"""

from pathlib import Path
from typing import Any, Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from quizserver.app import running
from quizserver.live.vitals import LIMITS, Limit
from quizserver.settings import Settings
from quizserver.texts.catalogue import text
from quizserver.texts.formats import integer, size
from quizserver.web.figures import FIGURES

PAGE: Final = Path(__file__).parents[3] / "docs" / "reference" / "metrics.md"

HEAD: Final = """\
# Figures

`GET /metrics` tells them to Prometheus, in its text format. Each name begins with
`quizserver_`; what ends with `_total` counts since the start, the rest is of this
moment. No figure names a show, a person or an address.

| Figure | Meaning |
|---|---|
"""

CONCERNS: Final = """
## What is wrong

The panel's status bar turns yellow at a warning and red at an alarm, and says what
to do; `GET /readyz` lists the same sentences. It answers 503 when answers cannot be
stored, and when there is no room to open a show while none is on air; everything
else is in `warnings`.

| Figure | Warning | Alarm | What the panel says |
|---|---|---|---|
"""

LEDGER: Final = (
    "| `ledger_ok` | | 0 | Answers cannot be stored: why, and what to do |\n"
)

BUS: Final = f"| `bus_ok` | 0 | | {text('en', 'host.concern.bus_away', value='')} |\n"


def page() -> str:
    figures = [f"| `{name}` | {meaning} |\n" for name, meaning in FIGURES.items()]
    return (
        HEAD + "".join(figures) + CONCERNS + LEDGER + "".join(map(_row, LIMITS)) + BUS
    )


def _row(limit: Limit) -> str:
    word = "below" if limit.falling else "from"
    said = text("en", f"host.concern.{limit.warns}", value="…")
    warning, alarm = (_shown(limit, at) for at in (limit.warning, limit.bad))
    return f"| `{limit.gauge}` | {word} {warning} | {word} {alarm} | {said} |\n"


def _shown(limit: Limit, value: float) -> str:
    if limit.unit == "bytes":
        return size("en", int(value))
    return integer("en", int(value)) + (" ms" if limit.unit == "ms" else "")


def test_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


async def test_a_running_server_tells_each_figure_and_no_other(
    tmp_path: Path,
) -> None:
    settings = Settings(data_dir=tmp_path, host="127.0.0.1", port=0)
    async with running(settings) as server:
        site: Any = server.uvicorn.config.app
        pages = httpx.ASGITransport(app=site)
        async with httpx.AsyncClient(
            transport=pages, base_url=server.address
        ) as client:
            await client.get("/healthz")
            told = (await client.get("/metrics")).text
    names = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in text_string_to_metric_families(told)
    }
    assert {name.removeprefix("quizserver_") for name in names} == set(FIGURES)
    for name, meaning in FIGURES.items():
        assert f"# HELP quizserver_{name} {meaning}" in told


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
