"""Texts that break what is careless: one list for every face (reliability P10).

Each is something that somebody types as a name, a workplace or a question. All of
them are short enough for a name (R2.1), so every face can be shown every one.
"""

import unicodedata
from typing import Final

from quizserver.bank.fields import Wrong, read_text
from quizserver.live.names import clean

MARKS: Final = "".join(chr(0x0300 + n) for n in range(30))

HOSTILE: Final[dict[str, str]] = {
    "html": "<b>An</b><img src=x onerror=alert(1)>",
    "script": "<script>alert(1)</script>",
    "svg": "<svg/onload=alert(1)>",
    "closing tags": "</script></title></textarea></style>-->",
    "attribute": "\" onmouseover=\"alert(1)\" x='",
    "entity": "&lt;b&gt; &amp; &#x3c;i&#x3e;",
    "address": "javascript:alert(1)",
    "template": "{{7*7}}${7*7}#{7*7}<%=7*7%>{%x%}",
    "placeholder": "{name} {0} %s %(x)d $name $$",
    "sql": "Robert'); DROP TABLE answer;--",
    "json": '{"type":"revealed","correct":"A"}',
    "path": "../../etc/passwd\\..\\x",
    "prototype": "__proto__",
    "nothing": "undefined",
    "formula equals": '=HYPERLINK("http://x";"a")',
    "formula plus": "+1+cmd|' /C calc'!A0",
    "formula minus": "-2+3",
    "formula at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "formula tab": "\t=1+1",
    "formula return": "\r=1+1",
    "formula wide": "＝1+1",
    "new line": "An\r\nSet-Cookie: x=1\u2028B\u2029C",
    "control": "An\x00\x07\x1b[31m\x7f\u009bBình",
    "turned": "An\u202e\u2067đảo\u202cngược",
    "arabic": "محمد عبد الله ٣",
    "hebrew": "שלום 12:34",
    "invisible": "A\u200bn\u2060\ufeff\u00ad B\u3164ình",
    "zalgo": f"Z{MARKS}a{MARKS}l",
    "emoji": "👩\u200d👩\u200d👧\u200d👦 👩🏽\u200d❤️\u200d💋\u200d👨🏿 🏴\u200d☠️",
    "emoji chain": "👩🏽\u200d" * 40 + "👩",
    "decomposed": unicodedata.normalize("NFD", "Nguyễn Thị Phương Thảo"),
    "wide letters": "Ｗ" * 30,
    "widest letters": "W" * 40,
    "widest glyph": "﷽" * 12,
    "one long word": "Nguyễnthịphươngthảonguyễnthịphươngthảoơi",
}  # fmt: skip


def shown(text: str) -> str:
    """Return what a face shows of a name that somebody typed so."""
    return clean(text)


def authored() -> list[str]:
    """Return those that the bank takes as the text of a question or an option."""
    taken = []
    for text in HOSTILE.values():
        try:
            taken.append(read_text(text, most=80))
        except Wrong:
            continue
    return taken
