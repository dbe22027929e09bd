"""Results as files: JSON, CSV and XLSX, ready for Excel in Vietnamese.

Pure: results in, bytes out. Source: wire.md §7, R5.
"""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from quizserver.reports.cells import plain
from quizserver.reports.tables import long_table
from quizserver.wire.results import Results

BOM: Final = "\ufeff"
"""Excel takes a CSV for UTF-8 only when it begins with this."""


def to_json(results: Results) -> bytes:
    """Return `results.json`, indented for people."""
    return msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n"


def to_csv(results: Results) -> bytes:
    """Return one table with the show's and every question's order."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in long_table(results):
        writer.writerow([plain(cell) for cell in row])
    return (BOM + out.getvalue()).encode("utf-8")


def to_xlsx(results: Results) -> bytes:
    """Return a workbook: the show, each question, the winner lists, the seals."""
    # Spreadsheets take a fifth of a second to load; a server that starts needs none.
    from quizserver.reports.workbook import workbook  # noqa: PLC0415

    return workbook(results)


FORMATS: Final[Mapping[str, Callable[[Results], bytes]]] = {
    "json": to_json,
    "csv": to_csv,
    "xlsx": to_xlsx,
}
"""Every format of `results export` that comes from `Results`, by its ending."""
