"""What takes longest begins first: begun last, it would run alone in the end.

A file takes long where a test of it asks for a longer timeout than the others have;
after those come the files with the most tests in a browser.

An assertion waits for a page as long as a busy machine may need; one that holds already
costs nothing.
"""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

import pytest
from playwright import async_api, sync_api

WAIT_MS: Final = 20_000

for browser in (async_api, sync_api):
    browser.expect.set_options(timeout=WAIT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; keep the order otherwise."""
    longest: defaultdict[Path, float] = defaultdict(float)
    pages: Counter[Path] = Counter()
    for item in items:
        mark = item.get_closest_marker("timeout")
        if mark is not None:
            longest[item.path] = max(longest[item.path], float(mark.args[0]))
        pages[item.path] += item.get_closest_marker("browser") is not None
    items.sort(key=lambda item: (-longest[item.path], -pages[item.path]))
