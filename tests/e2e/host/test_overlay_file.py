"""What the panel gives OBS and says of it: the loader's file, and refused overlays."""

from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from quizserver import shipped
from quizserver.wire.host import You
from tests.e2e.host import samples
from tests.e2e.host.conftest import OpenDesk
from tests.e2e.host.test_commands import mark_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def test_the_file_for_obs_holds_the_address_and_the_page_does_not(
    desk: OpenDesk,
) -> None:
    one = await desk(samples.lobby())

    async def key(route: Route) -> None:
        url = "http://quiz.example/overlay/stage#k=s3c</script>r3t"
        await route.fulfill(json={"key": "s3c</script>r3t", "url": url})

    await one.page.route("**/host/CCHC1/overlay-key", key)
    await one.page.keyboard.press("q")
    package = one.page.locator("[data-copy=ograf] a")
    await expect(package).to_have_attribute("href", "/api/overlays.zip")
    async with one.page.expect_download() as waiting:
        await one.page.click("[data-copy=loader] button")
    download = await waiting.value
    assert download.suggested_filename == "overlay-CCHC1.html"
    text = Path(await download.path()).read_text("utf-8")
    name = f"obs-1-{await mark_of(one)}"
    address = f'const ADDRESS = "http://quiz.example/overlay/stage?name={name}#k=s3c'
    assert text.count(address) == 1
    assert text.count("</script>") == 1
    assert "{{" not in text
    assert "s3c" not in await one.page.content()


async def test_a_file_that_cannot_be_made_says_so(desk: OpenDesk) -> None:
    one = await desk(samples.lobby())

    async def nothing(route: Route) -> None:
        await route.fulfill(json={})

    await one.page.route("**/host/CCHC1/overlay-key", nothing)
    await one.page.keyboard.press("q")
    await one.page.click("[data-copy=loader] button")
    note = one.page.locator("[data-copy=loader] .copy-note")
    await expect(note).to_contain_text("Không lấy được khóa lớp phủ")


@pytest.mark.parametrize(("refused", "lines"), [(0.0, 0), (2.0, 1)])
async def test_a_refused_overlay_is_told_in_the_outputs_list(
    desk: OpenDesk, refused: float, lines: int
) -> None:
    """It shows nothing and says nothing, as it must on air."""
    health = {**samples.HEALTH, "overlays_refused": refused}
    one = await desk(samples.opened(live=samples.live(health=health)))
    await one.page.keyboard.press("o")
    said = one.page.get_by_text("Có lớp phủ bị từ chối")
    await expect(one.page.locator(".outputs-table")).to_be_visible()
    await expect(said).to_have_count(lines)


async def test_every_single_overlay_is_listed_and_its_address_can_be_copied(
    desk: OpenDesk,
) -> None:
    one = await desk(samples.lobby())

    async def key(route: Route) -> None:
        url = "http://quiz.example/overlay/stage#k=s3cr3t"
        await route.fulfill(json={"key": "s3cr3t", "url": url})

    await one.page.route("**/host/CCHC1/overlay-key", key)
    await one.page.keyboard.press("q")
    await one.page.click(".singles summary")
    folders = [path.name for path in shipped.overlays().glob("[!_]*/")]
    await expect(one.page.locator(".single")).to_have_count(len(folders) - 1)
    await one.page.evaluate(
        "navigator.clipboard.writeText = async (text) => { window.copied = text; }"
    )
    await one.page.click("[data-copy=timer-9x16] button")
    await expect(one.page.locator("[data-copy=timer-9x16]")).to_have_attribute(
        "data-result", "copied"
    )
    copied = await one.page.evaluate("window.copied")
    asked_for = f"layout=9x16&name=obs-1-{await mark_of(one)}"
    assert copied == f"http://quiz.example/overlay/timer?{asked_for}#k=s3cr3t"
    assert "s3cr3t" not in await one.page.content()


async def test_who_only_moderates_is_offered_nothing_that_the_server_would_refuse(
    desk: OpenDesk,
) -> None:
    """No address with a key, no package, no order to an overlay."""
    one = await desk(samples.opened())
    keys = one.page.locator("[data-copy=ograf], [data-copy=loader], .copies")
    orders = one.page.locator(".output-do [data-do=reload]")
    await one.page.keyboard.press("q")
    await expect(keys).to_have_count(3)
    await one.panel.say(
        samples.message(You(name="mai", role="moderator", commands=("hide_name",)))
    )
    await expect(keys).to_have_count(0)
    await expect(one.page.locator("[data-copy=join]")).to_be_visible()
    await one.page.locator("dialog .buttons .button").first.click()
    await expect(one.page.locator(".outputs-table")).to_be_visible()
    await expect(orders).to_have_count(0)
    await one.panel.say(
        samples.message(You(name="hoa", role="host", commands=("advance",)))
    )
    await expect(orders.first).to_be_visible()
