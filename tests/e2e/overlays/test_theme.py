"""Themes: ours, the operator's own, OBS's Custom CSS, and the editor that makes one."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from quizserver.web.static import load_assets
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.stand import OVERLAYS, ROOT, Stand

pytestmark = pytest.mark.browser

OURS: Final = sorted(path.name for path in (OVERLAYS / "_themes").glob("*/"))
INFO: Final = ":root { --q-info: rgb(1, 2, 3) }"
TAB: Final = ".tab[data-kind=info]"
BOXES: Final = ROOT / "tests" / "fixtures" / "themes" / "boxes.woff2"
"""A font made for this: every letter is a box; it calls itself Boxes."""
LATIN: Final = OVERLAYS / "_kit" / "fonts" / "be-vietnam-pro-latin-700-normal.woff2"
RED: Final = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">
<script>parent.document.title = "ran"; document.title = "ran"</script>
<rect width="200" height="100" fill="#e2001a"/></svg>"""
DRAFTS: Final = """() => [...document.fonts]
    .filter((face) => face.family.includes("theme-draft")).map((face) => face.status)"""
IN_THE_LOGO: Final = (1714, 109)
"""A place inside the upper right box of 220 × 110 within the safe area."""

LOGO_RED: Final = (0xE2, 0x00, 0x1A)


def in_the_logo(page: Page) -> object:
    """Return the colour where the logo is."""
    shot = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
    return shot.convert("RGB").getpixel(IN_THE_LOGO)


def wearing(page: Page, theme: str, colour: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    expect(page.locator(TAB).first).to_have_css("background-color", colour)


@pytest.fixture
def own(tmp_path: Path, stand: Stand) -> Iterator[Path]:
    """The operator's folder of themes; `serve` makes the stand take it up."""
    folder = tmp_path / "themes"
    folder.mkdir()
    yield folder
    stand.stop()


def serve(stand: Stand, own: Path) -> None:
    """Start again with the themes that are there now, as an operator does."""
    stand.stop()
    web = ROOT / "quizserver"
    stand.files = load_assets(web / "web" / "static", OVERLAYS, web / "texts", own)
    stand.start()


class TestATheme:
    def test_an_operators_own_is_worn_and_custom_css_wins_over_it(
        self, opened: Opened, stand: Stand, own: Path
    ) -> None:
        (own / "nha-dai").mkdir()
        (own / "nha-dai" / "theme.css").write_text(":root { --q-info: rgb(9, 8, 7) }")
        serve(stand, own)
        page = opened(query="&demo=show&at=0&theme=nha-dai", key="")
        wearing(page, "nha-dai", "rgb(9, 8, 7)")
        page.add_style_tag(content=INFO)
        wearing(page, "nha-dai", "rgb(1, 2, 3)")

    @pytest.mark.parametrize("name", ["no-such-theme", "../stage"])
    def test_a_name_that_nobody_knows_gives_the_built_in_look(
        self, opened: Opened, name: str
    ) -> None:
        page = opened(query=f"&demo=show&at=0&theme={name}", key="")
        wearing(page, "bien", "rgb(15, 163, 177)")


@pytest.fixture
def editor(opened: Opened, stand: Stand) -> Page:
    page = opened(query="&demo=none", key="")
    page.goto(f"{stand.url}/overlay/_editor")
    page.locator("[name=text]").wait_for()
    return page


def download(editor: Page) -> bytes:
    with editor.expect_download() as waiting:
        editor.locator("button[name=save]").click()
    name = editor.locator("[name=name]").input_value()
    assert waiting.value.suggested_filename == f"{name}.zip"
    return waiting.value.path().read_bytes()


def choose(editor: Page, field: str, name: str, body: bytes) -> None:
    file = FilePayload(name=name, mimeType="", buffer=body)
    editor.set_input_files(f"[type=file][name={field}]", file)


def design(editor: Page) -> None:
    """Make `hoang-hon` of sen with a colour, a logo and a font, and see it worn."""
    editor.select_option("[name=base]", "sen")
    editor.locator('iframe[src*="theme=sen"]').first.wait_for()
    editor.fill("[name=info]", "#00594c")
    choose(editor, "logo", "Biểu trưng.svg", RED)
    choose(editor, "font", "Boxes.woff2", BOXES.read_bytes())
    editor.fill("[name=name]", "hoang-hon")
    wide = editor.frame_locator("iframe[data-layout='16x9']")
    expect(wide.locator(TAB).first).to_have_css("background-color", "rgb(0, 89, 76)")
    first = wide.locator(".question-text").first
    expect(first).to_have_css("font-family", re.compile("^theme-draft"))
    assert wide.locator("html").evaluate(DRAFTS) == ["loaded"]


def unpacked(made: bytes, own: Path) -> dict[str, bytes]:
    """Unpack into the folder of themes; return what is in it by name."""
    with zipfile.ZipFile(io.BytesIO(made)) as seen:
        assert seen.testzip() is None
        seen.extractall(own)
        return {name: seen.read(name) for name in seen.namelist()}


def fonts_of(page: Page, part: str) -> set[str]:
    """Return the families that a part's text is really drawn with."""
    tool = page.context.new_cdp_session(page)
    for what in ("DOM", "CSS"):
        tool.send(f"{what}.enable")
    root = tool.send("DOM.getDocument")["root"]["nodeId"]
    asked = {"nodeId": root, "selector": part}
    node = tool.send("DOM.querySelector", asked)["nodeId"]
    said = tool.send("CSS.getPlatformFontsForNode", {"nodeId": node})
    return {font["familyName"] for font in said["fonts"]}


def packed(files: dict[str, bytes]) -> bytes:
    """Return a zip as a person's own system packs it: deflated."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return body.getvalue()


def picture(width: int, height: int) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (width, height)).save(body, "png")
    return body.getvalue()


class TestTheEditor:
    def test_every_theme_of_ours_can_be_read(self, editor: Page) -> None:
        assert OURS
        for name in ("bien", *OURS):
            editor.select_option("[name=base]", name)
            editor.locator(f'iframe[src*="theme={name}"]').first.wait_for()
            editor.locator("[name=text]").wait_for()
            expect(editor.locator(".guard li")).to_have_count(0)

    def test_what_cannot_be_read_is_refused_and_what_can_is_worn_by_overlays(
        self, editor: Page, opened: Opened, stand: Stand, own: Path
    ) -> None:
        save = editor.locator("button[name=save]")
        editor.fill("[name=name]", "hoang-hon")
        editor.fill("[name=info]", "#0fa3b1")
        editor.fill("[name=text]", "#5a6a7a")
        low = editor.locator('[data-front="--q-text"][data-back="--q-surface"]')
        expect(low).to_contain_text(re.compile(r"tương phản \d,\d\d, cần ít nhất 4,5"))
        expect(save).to_be_disabled()
        editor.fill("[name=text]", "#ffffff")
        editor.fill("[name=info]", "#7fd1c0")
        wide = editor.frame_locator("iframe[data-layout='16x9']")
        expect(wide.locator(TAB).first).to_have_css(
            "background-color", "rgb(127, 209, 192)"
        )
        expect(editor.locator(".guard li")).to_have_count(0)
        unpacked(download(editor), own)
        serve(stand, own)
        page = opened(query="&demo=show&at=0&theme=hoang-hon", key="")
        wearing(page, "hoang-hon", "rgb(127, 209, 192)")

    def test_it_is_measured_as_wcag_does(self, editor: Page) -> None:
        """Figures of WebAIM's checker, and the worse of two grounds under a plate."""
        worst = """([front, back]) => import(
            new URL("contrast.js", document.querySelector("script[src]").src).href
        ).then(({ worst }) => Math.round(worst(front, back) * 100) / 100)"""
        for front, back, ratio in (
            ("#000000", "#ffffff", 21),
            ("#777777", "#ffffff", 4.48),
            ("#ffffff", "rgba(0, 0, 0, 0.5)", 3.98),  # on #808080, nearly
            ("#ffffff", "nonsense", 1),
        ):
            assert editor.evaluate(worst, [front, back]) == ratio


class TestLogoAndFont:
    def test_they_go_into_a_zip_are_worn_on_air_and_come_back(
        self, editor: Page, opened: Opened, stand: Stand, own: Path
    ) -> None:
        design(editor)
        made = download(editor)
        files = unpacked(made, own)
        names = ("theme.css", "theme.json", "logo.svg", "font.woff2")
        assert list(files) == [f"hoang-hon/{name}" for name in names]
        assert files["hoang-hon/logo.svg"] == RED
        assert files["hoang-hon/font.woff2"] == BOXES.read_bytes()
        assert b"--q-radius: 34;" in files["hoang-hon/theme.css"]  # as sen has it
        said = json.loads(files["hoang-hon/theme.json"])
        assert said["colours"]["info"] == "#00594c"
        serve(stand, own)
        page = opened(query="&demo=show&at=5&theme=hoang-hon", key="")
        wearing(page, "hoang-hon", "rgb(0, 89, 76)")
        assert fonts_of(page, ".question-text") == {"Boxes"}
        for _ in range(50):  # no event tells that a style sheet's picture is painted
            if in_the_logo(page) == LOGO_RED:
                break
            page.wait_for_timeout(100)
        assert in_the_logo(page) == LOGO_RED
        editor.reload()
        choose(editor, "theme", "Hoàng hôn.zip", packed(files))
        expect(editor.locator("[name=base]")).to_have_value("sen")
        expect(editor.locator("[name=info]")).to_have_value("#00594c")
        assert editor.title() == "Thiết kế giao diện", "the drawing ran a script"
        assert download(editor) == made

    def test_a_bad_file_is_named_with_what_is_wrong(self, editor: Page) -> None:
        theme = {"name": "a", "colours": {}, "logo": "logo.png"}
        red = json.dumps(theme | {"colours": {"text": "rgba(0;} * {,)"}}).encode()
        for field, name, body, words in (
            ("logo", "a.gif", b"GIF89a", "a.gif” không phải ảnh SVG"),
            ("logo", "a.svg", b"<html/>", "a.svg” không phải ảnh SVG"),
            ("logo", "a.png", picture(9, 9)[:20], "Không mở được ảnh “a.png”"),
            ("logo", "b.png", picture(2049, 1), "2049 × 1 điểm ảnh"),
            ("logo", "c.png", bytes(524289), "nặng 513 KB, chỉ được tối đa 512"),
            ("font", "a.ttf", b"\0\1\0\0", "a.ttf” không phải phông WOFF2"),
            ("font", "b.woff2", b"wOF2" + bytes(99), "phông “b.woff2”: tệp bị hỏng"),
            ("font", "c.woff2", LATIN.read_bytes(), "thiếu chữ, chẳng hạn ă ằ ắ"),
            ("theme", "a.zip", b"PK", "Không mở được “a.zip”"),
            ("theme", "b.zip", packed({"theme.css": b""}), "không có theme.json"),
            ("theme", "c.zip", packed({"theme.json": b"{"}), "c.zip: theme.json”"),
            ("theme", "d.zip", packed({"theme.json": b"{}"}), "mục “name”"),
            ("theme", "e.zip", packed({"theme.json": red}), "mục “colours.text”"),
            ("theme", "f.zip", packed({"theme.json": json.dumps(theme).encode()}),
             "không có tệp “logo.png”"),
        ):  # fmt: skip
            choose(editor, field, name, body)
            told = editor.locator(f"[data-file={field}] [role=alert]")
            expect(told).to_contain_text(words)
        expect(editor.locator("[role=alert]:not(:empty)")).to_have_count(1)
        expect(editor.locator(".from-disk img")).to_have_count(0)
