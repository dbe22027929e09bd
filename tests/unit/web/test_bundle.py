"""The joiner of modules: what it makes runs in order, what it fears it refuses."""

from pathlib import Path
from typing import Final

import pytest

from quizserver.web.bundle import BundleError, bundle, sheet

STATIC: Final = Path(__file__).parents[3] / "quizserver" / "web" / "static"


def test_imported_modules_come_first_and_once() -> None:
    first, second = 'import { b } from "./b.js";', 'import { c } from "../kit/c.js";'
    sources = {
        "phone/main.js": f"{first}\n{second}\n",
        "phone/b.js": 'import { c } from "../kit/c.js";\nexport const b = c;\n',
        "kit/c.js": "export const c = 1;\n",
    }
    joined = bundle(sources, "phone/main.js")
    assert joined.count("const c = 1;") == 1
    assert joined.index("const c = 1;") < joined.index("const b = c;")


def test_every_known_form_of_export_and_import_is_carried_over() -> None:
    sources = {
        "main.js": 'import one, { two as zwei, three } from "./a.mjs";\none(zwei);',
        "a.mjs": "var t=2,u=3;export{t as two,u as three};export default function(){}",
    }
    joined = bundle(sources, "main.js")
    assert "return { two: t, three: u, default: $default };" in joined
    assert "const { two: zwei, three, default: one } = $m0;" in joined


def test_comments_of_our_own_modules_stay_at_home() -> None:
    source = (
        '// why\n/**\n * what\n */\nexport const url = "https://a/b"; // why\n\n'
        "const f = (/** @type {what} */ x) => {\n  html`<b>\n    ${x}\n  <//>`\n}\n"
    )
    joined = bundle({"main.js": source}, "main.js")
    assert "why" not in joined
    assert "what" not in joined
    assert 'const url = "https://a/b";const f = ( x) => {html`<b>${x}<//>`}' in joined


def test_the_words_of_two_lines_stay_two() -> None:
    source = "const a = html`<b>\n  one,\n  two\n  ${b}\n</b>`\nconst c = 1\n"
    joined = bundle({"main.js": source}, "main.js")
    assert "html`<b>one,\ntwo\n${b}</b>`\nconst c = 1" in joined


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ({"main.js": 'import { a } from "./a.js";'}, "main.js wants a.js"),
        ({"main.js": 'import { a } from "preact";'}, "no relative path"),
        ({"main.js": "export let a = 1;"}, "not known here"),
        ({"main.js": "const a = b // why\n  ? c : d;"}, "a remark in a line"),
        ({"main.js": 'export * from "./main.js";'}, "not known here"),
        (
            {
                "main.js": 'import { a } from "./a.js";',
                "a.js": 'import { m } from "./main.js";',
            },
            "imports itself",
        ),
    ],
)
def test_what_is_not_understood_is_refused(sources: dict[str, str], words: str) -> None:
    with pytest.raises(BundleError, match=words):
        bundle(sources, "main.js")


def test_phone_page_is_a_third_smaller_joined() -> None:
    files = [*STATIC.glob("*/*.js"), *STATIC.glob("*/*.mjs")]
    sources = {f.relative_to(STATIC).as_posix(): f.read_text("utf-8") for f in files}
    joined = bundle(sources, "phone/main.js")
    parts = [sources[path] for path in sources if path.startswith(("phone/", "kit/"))]
    assert len(joined) < sum(map(len, parts))
    assert joined.count("import.meta.url") == 1


def test_imported_sheets_stand_in_their_order_before_the_rest() -> None:
    sources = {
        "phone/phone.css": (
            '/* why */\n@import "b.css";\n@import "../a.css";\nq { top: 0 }\n'
        ),
        "phone/b.css": "/* what */\nb,\ni { top: 1px }\n",
        "a.css": "a { top: 2px }\n",
    }
    joined = sheet(sources, "phone/phone.css")
    assert joined == "b,i{top:1px}a{top:2px}q{top:0}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('@import "gone.css";\n', "main.css wants gone.css"),
        ('@import url("b.css") print;\n', "not known here"),
        ('@import "b.css";\n', "not known here"),
    ],
)
def test_a_sheet_that_is_not_understood_is_refused(text: str, words: str) -> None:
    sources = {"main.css": text, "b.css": '@import "c.css";\n', "c.css": ""}
    with pytest.raises(BundleError, match=words):
        sheet(sources, "main.css")
