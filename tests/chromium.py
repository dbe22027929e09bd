"""Debian's Chromium for the tests, without its windows where that is installed.

`chromium-headless-shell` is the same engine and draws the same pages. Having no
tabs and menus of its own, it opens a page in a third of the processor's time.
"""

import shutil

import pytest


def chromium() -> str:
    """Return the path of the browser; a machine without one fails the test."""
    for name in ("chromium-headless-shell", "chromium"):
        path = shutil.which(name)
        if path is not None:
            return path
    pytest.fail("needs chromium: apt-get install chromium")
