"""The packed overlays in a renderer: a plain page of another address that knows OGraf.

And the same in CasparCG, which calls globals of the page.
"""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from quizserver.web.ograf import Given, package
from tests.e2e.overlays import broadcast
from tests.e2e.overlays.script import LOBBY, OPEN, nothing_is_drawn
from tests.e2e.overlays.stand import WAIT, Stand, assets

pytestmark = pytest.mark.browser

NAMES: Final = ("stage", "timer")
RENDERER: Final = """<!doctype html>
<meta charset="utf-8"><title>renderer</title>
<style>
  html, body { margin: 0; background: transparent; }
  #area { position: relative; width: 640px; height: 360px; overflow: hidden; }
</style>
<div id="area"></div>
<script type="module">
import Stage from "./stage.mjs";
import Timer from "./timer.mjs";
customElements.define("quizserver-stage-v1", Stage);
customElements.define("quizserver-timer-v1", Timer);
window.put = (name, id) => {
  const one = document.createElement(`quizserver-${name}-v1`);
  one.id = id;
  document.getElementById("area").append(one);
};
window.calls = (id, method, params) => document.getElementById(id)[method](params);
window.began = true;
</script>
"""
STANDING: Final = {"demo": "show", "at": "5"}
"""A sample that stands on an open question; forms send every number as text."""
WORD: Final = "WHOLE_MS = 4000;"
PATIENCE: Final = "WHOLE_MS = { valueOf: () => window.patience || 60_000 };"
Answer = dict[str, Any]
Opening = Callable[..., Page]


class Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, and nothing on standard error."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package as `quizserver overlay export` writes it, beside a renderer's page."""
    folder = tmp_path_factory.mktemp("ograf")
    for path, body in package(assets(), NAMES, "vi", "1", Given()).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    waits = next(folder.glob("*/overlays/_kit/graphicpage.js"))
    assert waits.read_text().count(WORD) == 1
    waits.write_text(waits.read_text().replace(WORD, PATIENCE))
    (folder / "renderer.html").write_text(RENDERER)
    return folder


@pytest.fixture(scope="module")
def address(packed: Path) -> Iterator[str]:
    """Another server than the show's: it has the files of the package alone."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(packed))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def opening(browser: Browser, address: str) -> Iterator[Opening]:
    """Open a page of the renderer's server; an error in any frame fails the test."""
    errors: list[str] = []
    pages: list[Page] = []

    def open_page(name: str = "renderer.html", before: str = "") -> Page:
        page = browser.new_page(viewport={"width": 640, "height": 360})
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda line: errors.append(line.text) if "Policy" in line.text else None,
        )
        if before:
            page.add_init_script(before)
        page.goto(f"{address}/{name}")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert errors == []


def asked(page: Page, one: str, method: str, **params: object) -> Answer:
    """Call a graphic's method as a renderer does; return its answer."""
    answer: Answer = page.evaluate(
        "([one, method, params]) => calls(one, method, params)", [one, method, params]
    )
    return answer


def drawn(page: Page) -> tuple[int, int, int, int] | None:
    """Return the box of what is not transparent."""
    return broadcast.picture(page).getchannel("A").getbbox()


def top_of(page: Page) -> int:
    """Return how far from the top the uppermost of what is drawn is."""
    box = drawn(page)
    assert box
    return box[1]


def frame_of(page: Page) -> str:
    """Return which frame of its sample the newest page stands on."""
    query = urlsplit(page.frames[-1].url).query
    return next(part for part in query.split("&") if part.startswith("at="))


def put(page: Page, name: str, one: str) -> None:
    page.wait_for_function("window.began")
    page.evaluate("([name, one]) => put(name, one)", [name, one])


def test_two_graphics_in_one_page_from_load_to_dispose(opening: Opening) -> None:
    """Samples: no server is there at all."""
    page = opening()
    put(page, "stage", "a")
    put(page, "timer", "b")
    clean = page.evaluate("document.documentElement.outerHTML.length")
    assert asked(page, "a", "playAction")["statusCode"] == 409
    unseen = """(data) => {
      const a = document.getElementById("a");
      a.load({ data });
      return getComputedStyle(a.shadowRoot.querySelector("iframe")).opacity;
    }"""
    assert page.evaluate(unseen, STANDING) == "0", "not while it loads either"
    for one in ("a", "b"):
        said = asked(page, one, "load", renderType="realtime", data=STANDING)
        assert said == {"statusCode": 200, "statusMessage": "OK"}
    nothing_is_drawn(page)

    played = asked(page, "a", "playAction", skipAnimation=True)
    assert (played["statusCode"], played["currentStep"]) == (200, 0)
    assert top_of(page) > 120, "the stage stands low"
    asked(page, "b", "playAction")
    assert top_of(page) < 60, "the timer stands high"
    assert len(page.frames) == 3, "the page and one frame for each graphic"

    assert asked(page, "b", "stopAction")["statusCode"] == 200
    assert top_of(page) > 120, "only the stage is left"
    asked(page, "a", "stopAction", skipAnimation=True)
    nothing_is_drawn(page)
    for one in ("a", "b"):
        assert asked(page, one, "dispose")["statusCode"] == 200
    assert len(page.frames) == 1
    assert page.evaluate("document.documentElement.outerHTML.length") == clean
    assert asked(page, "a", "stopAction")["statusCode"] == 409


def test_data_steps_and_actions_change_what_is_on(opening: Opening) -> None:
    page = opening()
    put(page, "stage", "a")
    asked(page, "a", "load", data=STANDING)
    assert asked(page, "a", "playAction", goto=2)["currentStep"] == 2
    assert frame_of(page) == "at=7"
    before = broadcast.picture(page).tobytes()
    asked(page, "a", "updateAction", data={"theme": "sen"}, skipAnimation=True)
    after = broadcast.picture(page).tobytes()
    assert before != after
    assert frame_of(page) == "at=7", "a part of the data leaves the rest"
    assert asked(page, "a", "customAction", id="reload")["statusCode"] == 200
    assert asked(page, "a", "customAction", id="fly")["statusCode"] == 400
    bad = asked(page, "a", "updateAction", data={"server": "localhost:80"})
    assert bad["statusCode"] == 400
    assert drawn(page), "what is on stays on"
    assert len(page.frames) == 2
    # Nor does what still loads keep anything on.
    nobody = {"demo": "", "server": "http://127.0.0.1:9", "key": "o.k"}
    page.evaluate("data => void calls('a', 'updateAction', { data })", nobody)
    assert drawn(page), "until the new picture is whole"
    page.evaluate("void calls('a', 'stopAction', { skipAnimation: true })")
    nothing_is_drawn(page)


def test_what_is_asked_last_is_what_is_seen(opening: Opening) -> None:
    """Nobody waits: every call is made before the one before has answered."""
    page = opening()
    put(page, "stage", "a")
    answers = page.evaluate(
        """async (data) => {
          const a = document.getElementById("a");
          const asked = [a.load({ data }), a.playAction({}), a.stopAction({}),
            a.updateAction({ data: { at: 7 } }), a.playAction({ goto: 1 })];
          return (await Promise.all(asked)).map((one) => one.statusCode);
        }""",
        STANDING,
    )
    assert answers == [200] * 5
    assert frame_of(page) == "at=8"
    assert len(page.frames) == 2
    assert drawn(page)
    gone = "async () => { const a = document.getElementById('a'); const asked ="
    page.evaluate(f"{gone} [a.playAction(), a.dispose()]; await Promise.all(asked); }}")
    assert len(page.frames) == 1


def test_it_follows_a_show_of_another_server_that_may_come_later(
    opening: Opening, stand: Stand
) -> None:
    stand.snapshot = LOBBY
    stand.stop()
    page = opening(before="window.patience = 400;")
    put(page, "stage", "a")
    said = asked(page, "a", "load", data={"server": stand.url, "key": stand.key})
    assert said["statusCode"] == 200
    assert asked(page, "a", "playAction")["statusCode"] == 200
    nothing_is_drawn(page)
    stand.start()
    hello = stand.hellos.get(timeout=WAIT)
    assert (hello.view, hello.layout, hello.key) == ("stage", "16x9", stand.key)
    overlay = page.frame_locator("#a iframe").frame_locator("iframe[data-ready]")
    overlay.locator("html[data-conn=live]").wait_for(state="attached")
    expect(overlay.locator("[data-part=address]")).to_be_visible()
    assert drawn(page)
    stand.say(OPEN | {"step": 2})
    overlay.locator('html[data-step="2"]').wait_for(state="attached")
    assert asked(page, "a", "playAction")["currentStep"] == 0, "it stays on the air"
    assert drawn(page)
    anew = """async () => {
      window.patience = 0;
      const late = new Promise((over) => setTimeout(over, 8000, "late"));
      return Promise.race([calls("a", "customAction", { id: "reload" }), late]);
    }"""
    assert page.evaluate(anew) != "late", "it is seen once it is whole"
    asked(page, "a", "stopAction")
    nothing_is_drawn(page)
    asked(page, "a", "dispose")
    assert len(page.frames) == 1
    assert [path for path in stand.asked if stand.key in path] == []


def test_without_a_key_or_a_sample_it_says_what_is_missing(opening: Opening) -> None:
    page = opening(before="window.patience = 100;")
    put(page, "stage", "a")
    assert asked(page, "a", "load", data={"demo": ""})["statusCode"] == 200
    said = asked(page, "a", "playAction")
    assert said["statusCode"] == 400
    assert "server và key" in said["statusMessage"]
    nothing_is_drawn(page)
    pasted = {"server": "http://127.0.0.1:9/overlay/stage?layout=9x16#k=o.k"}
    assert asked(page, "a", "updateAction", data=pasted)["statusCode"] == 200
    framed(page, "stage%3Flayout%3D9x16%23k%3Do.k")
    asked(page, "a", "updateAction", data={"layout": "1x1", "key": "o.j"})
    framed(page, "stage%3Flayout%3D1x1%23k%3Do.j")
    assert asked(page, "a", "load", renderType="non-realtime")["statusCode"] == 400


def framed(page: Page, ending: str) -> None:
    """Wait until the graphic's frame has gone to an address that ends so."""
    page.frames[1].wait_for_url(lambda url: url.endswith(ending), wait_until="commit")


def test_the_packed_loader_opens_no_script(opening: Opening, packed: Path) -> None:
    """A link to the renderer's own server must not act in its name."""
    folder = next(packed.glob("quizserver-*")).name
    script = quote("javascript:void(parent.stolen = 1)")
    page = opening(f"{folder}/overlays/_kit/loader.html#{script}")
    assert page.evaluate("[window.stolen, frames.length]") == [None, 0]


def test_casparcg_plays_the_template_by_its_own_calls(opening: Opening) -> None:
    page = opening("stage.html")
    page.evaluate("update('')")
    nothing_is_drawn(page)
    xml = "".join(
        f'<componentData id="{name}"><data id="text" value="{value}"/></componentData>'
        for name, value in STANDING.items()
    )
    page.evaluate("text => update(text)", f"<templateData>{xml}</templateData>")
    nothing_is_drawn(page)
    page.evaluate("play()")
    assert drawn(page)
    page.evaluate("next()")
    assert frame_of(page) == "at=6"
    page.evaluate("update('{\"at\": 9}')")
    assert frame_of(page) == "at=10"
    page.evaluate("stop()")
    nothing_is_drawn(page)
