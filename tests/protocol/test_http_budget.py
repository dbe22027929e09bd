"""What the phone page costs a slow line, all of its files, compressed."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from tests.protocol.http_site import SHOW, World, world

REQUESTS: Final = 8
BYTES: Final = 35_000


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_phone_page_stays_within_its_budget(site: World, lang: str) -> None:
    async with site.client() as phone:
        first = f"/{SHOW}?lang={lang}"
        page = await phone.get(first)
        named = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
        wanted = {path for path in named if not path.endswith("/old.js")}
        got = [page, *[await phone.get(path) for path in wanted]]
    assert {answer.headers["content-encoding"] for answer in got} == {"gzip"}
    # The page, its script, its sheet and its texts; then the socket.
    assert len(got) + 1 <= REQUESTS
    assert sum(int(answer.headers["content-length"]) for answer in got) <= BYTES
