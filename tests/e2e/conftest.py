"""What takes longest begins first: begun last, it would run alone in the end.

A file takes long where a test of it asks for a longer timeout than the others have.
"""

from collections import defaultdict
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files of the longest timeouts first; keep the order otherwise."""
    longest: defaultdict[Path, float] = defaultdict(float)
    for item in items:
        mark = item.get_closest_marker("timeout")
        if mark is not None:
            longest[item.path] = max(longest[item.path], float(mark.args[0]))
    items.sort(key=lambda item: -longest[item.path])
