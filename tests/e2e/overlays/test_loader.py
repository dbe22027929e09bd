"""The local file that OBS opens: the overlay when there is a server, else nothing.

Whatever goes wrong while a page loads, nothing is seen before the page is whole.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, FrameLocator, Page, expect

from tests.chromium import chromium
from tests.e2e.overlays import broadcast
from tests.e2e.overlays.script import LOBBY, conn, nothing_is_drawn, open_question
from tests.e2e.overlays.stand import OVERLAYS, WAIT, Stand

pytestmark = pytest.mark.browser

ASK = "const ASK_MS = 5000;"
OPACITY = """() =>
  [...document.querySelectorAll("iframe")].map((e) => getComputedStyle(e).opacity)"""
Loading = Callable[..., Page]


def loader(stand: Stand, query: str = "", key: str = "") -> str:
    address = f"{stand.url}/overlay/stage{query}#k={key or stand.key}"
    text = (OVERLAYS / "_kit" / "loader.html").read_text("utf-8")
    assert text.count('"{{address}}"') == 1
    return text.replace('"{{address}}"', json.dumps(address))


@pytest.fixture
def loading(browser: Browser, stand: Stand, tmp_path: Path) -> Iterator[Loading]:
    """Open the loader as OBS does: a local file in a picture of its own."""
    pages: list[Page] = []

    def load(
        query: str = "", *, key: str = "", fails: str = "", ask_ms: int = 5000
    ) -> Page:
        file = tmp_path / "overlay.html"
        text = loader(stand, query, key)
        assert text.count(ASK) == 1
        file.write_text(text.replace(ASK, f"const ASK_MS = {ask_ms};"), "utf-8")
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.set_default_timeout(15_000)
        if fails:
            first_fails(page, fails)
        page.goto(file.as_uri())
        pages.append(page)
        return page

    yield load
    for page in pages:
        page.close()


def inside(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[data-ready]")


def is_live(page: Page) -> None:
    inside(page).locator("html[data-conn=live]").wait_for(state="attached")


def overlay(page: Page) -> Frame:
    return page.main_frame.child_frames[-1]


def first_fails(page: Page, part: str, times: int = 1) -> None:
    """Let the first requests for a file end as if the server had died."""
    page.route(
        lambda url: part in url and url.startswith("http"),
        lambda route: route.abort("connectionreset"),
        times=times,
    )


class TestWaiting:
    def test_obs_first_shows_nothing_and_then_the_show(
        self, loading: Loading, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        stand.stop()
        page = loading()
        for _ in range(2):
            page.wait_for_timeout(800)
            nothing_is_drawn(page)
            # What a browser draws of an error depends on the browser.
            assert page.evaluate(OPACITY) == ["0"]
        stand.start()
        is_live(page)
        expect(inside(page).locator("[data-part=address]")).to_be_visible()
        assert broadcast.corners(broadcast.picture(page)) == []

    def test_it_is_the_overlay_itself_that_fills_the_picture(
        self, loading: Loading, stand: Stand
    ) -> None:
        stand.snapshot = open_question(57_000)
        page = loading("?seal=1")
        is_live(page)
        assert overlay(page).evaluate("[innerWidth, innerHeight]") == [1920, 1080]
        assert overlay(page).evaluate(broadcast.FINDINGS) == []
        hello = stand.hellos.get(timeout=WAIT)
        assert (hello.layout, hello.key) == ("16x9", stand.key)

    def test_a_server_that_dies_and_returns_is_the_overlays_own_affair(
        self, loading: Loading, stand: Stand
    ) -> None:
        """The frame stays as it is: nothing is loaded again."""
        stand.snapshot = LOBBY
        page = loading()
        is_live(page)
        overlay(page).evaluate("window.kept = true")
        stand.stop()
        inside(page).locator("html[data-conn=stale]").wait_for(state="attached")
        expect(inside(page).locator("[data-part=address]")).to_be_visible()
        stand.start()
        is_live(page)
        assert overlay(page).evaluate("window.kept") is True

    def test_a_wrong_key_shows_nothing(self, loading: Loading, stand: Stand) -> None:
        stand.snapshot = LOBBY
        page = loading(key="wrong")
        assert stand.hellos.get(timeout=WAIT).key == "wrong"
        inside(page).locator("html[data-conn=none]").wait_for(state="attached")
        nothing_is_drawn(page)

    def test_no_address_that_is_asked_for_holds_the_key(
        self, loading: Loading, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        is_live(loading())
        assert stand.asked
        assert [path for path in stand.asked if stand.key in path] == []


class TestAPageThatCameInParts:
    @pytest.mark.parametrize("part", ["/overlay/stage?", "stage/overlay.js", "vi.json"])
    def test_it_is_asked_for_again(
        self, loading: Loading, stand: Stand, part: str
    ) -> None:
        stand.snapshot = LOBBY
        page = loading("?layout=16x9", fails=part)
        nothing_is_drawn(page)
        is_live(page)
        assert overlay(page).evaluate(broadcast.FINDINGS) == []

    @pytest.mark.parametrize("part", ["base.css", "parts.css", "vietnamese-700"])
    def test_nothing_is_drawn_without_styles_and_fonts(
        self, browser: Browser, stand: Stand, part: str
    ) -> None:
        """The page itself asks again, also where no loader is around it."""
        stand.snapshot = LOBBY
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        first_fails(page, part, 2)
        page.goto(f"{stand.url}/overlay/stage#k={stand.key}")
        page.wait_for_timeout(500)
        nothing_is_drawn(page)
        conn(page, "live")
        assert broadcast.on_page(page) == []
        # Each of the stage's own once, whatever was asked for again.
        assert page.evaluate("document.styleSheets.length") == 4
        page.close()

    def test_a_code_that_does_not_come_is_asked_for_again(
        self, loading: Loading, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        page = loading(fails="qr.svg")
        is_live(page)
        inside(page).locator("[data-part=qr]:not([data-wait])").wait_for()


class TestAFrameThatDied:
    def test_a_frame_that_no_longer_answers_is_opened_anew(
        self, loading: Loading, stand: Stand
    ) -> None:
        stand.snapshot = LOBBY
        page = loading(ask_ms=500)
        is_live(page)
        stand.hellos.get(timeout=WAIT)
        outside = page.context.new_cdp_session(page)
        within = page.context.new_cdp_session(overlay(page))
        with pytest.raises(Exception, match=r"closed|crash"):
            within.send("Page.crash")
        assert stand.hellos.get(timeout=30).key == stand.key
        ready = {"expression": "document.querySelectorAll('[data-ready]').length"}
        assert outside.send("Runtime.evaluate", ready)["result"]["value"] == 1


class TestWhatObsTells:
    """Only a source's own page hears it: the loader passes it on."""

    def test_the_tally(self, loading: Loading, stand: Stand) -> None:
        page = loading()
        inside(page).locator("html").wait_for(state="attached")
        page.evaluate(
            """() => dispatchEvent(new CustomEvent("obsSourceActiveChanged",
                 { detail: { active: true } }))"""
        )
        inside(page).locator("html[data-onair=program]").wait_for(state="attached")

    def test_what_it_told_before_the_overlay_was_there(
        self, loading: Loading, stand: Stand
    ) -> None:
        stand.stop()
        page = loading()
        page.evaluate(
            """() => dispatchEvent(new CustomEvent("obsSourceVisibleChanged",
                 { detail: { visible: false } }))"""
        )
        stand.start()
        inside(page).locator("html[data-onair=hidden]").wait_for(state="attached")

    def test_the_custom_css(self, loading: Loading, stand: Stand) -> None:
        stand.snapshot = LOBBY
        page = loading()
        is_live(page)
        page.evaluate(
            """() => {
              const style = document.createElement("style");
              style.textContent = ":root { --q-primary: #5a1020 }";
              document.querySelector("head").appendChild(style);
            }"""
        )
        overlay(page).wait_for_function(
            """() => getComputedStyle(document.documentElement)
                 .getPropertyValue("--q-primary").trim() === "#5a1020" """
        )


def test_obs_may_frame_an_overlay_by_the_name_it_gives_to_local_files(
    browser: Browser, stand: Stand
) -> None:
    # To a browser that is not OBS it is a site of the internet, which newer ones keep
    # from this machine whatever we say.
    lax = browser.browser_type.launch(
        executable_path=chromium(),
        args=["--no-sandbox", "--disable-features=LocalNetworkAccessChecks"],
    )
    stand.snapshot = LOBBY
    page = lax.new_page()
    file = loader(stand)
    page.route(
        "http://absolute/**",
        lambda route: route.fulfill(body=file, content_type="text/html"),
    )
    page.goto("http://absolute/C:/obs/overlay.html")
    is_live(page)
    lax.close()


class TestCasparCG:
    def test_it_is_a_template_that_is_unseen_until_it_plays(
        self, browser: Browser, stand: Stand, tmp_path: Path
    ) -> None:
        stand.snapshot = LOBBY
        file = tmp_path / "overlay.html"
        file.write_text(loader(stand), "utf-8")
        page = browser.new_page(viewport={"width": 640, "height": 360})
        page.add_init_script("window.caspar = {};")
        page.goto(file.as_uri())
        page.evaluate("update('{}')")
        is_live(page)
        nothing_is_drawn(page)
        for call, opacity in (("play()", "1"), ("next()", "1"), ("stop()", "0")):
            page.evaluate(call)
            expect(page.locator("body")).to_have_css("opacity", opacity)
        nothing_is_drawn(page)
        page.close()
