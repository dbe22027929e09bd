"""Which language a visitor reads, and figures as it writes them."""

import pytest
from starlette.requests import Request

from quizserver.web.language import day, language, whole_seconds


def request(*, query: str = "", cookie: str = "", accept: str = "") -> Request:
    headers = [
        (b"cookie", cookie.encode()),
        (b"accept-language", accept.encode()),
    ]
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": query.encode(),
            "headers": [(name, value) for name, value in headers if value],
        }
    )


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "expected"),
    [
        ("", "", "", "vi"),
        ("lang=en", "quiz-lang=vi", "vi", "en"),
        ("lang=xx", "quiz-lang=en", "vi", "en"),
        ("", "", "en-US,en;q=0.9,vi;q=0.8", "en"),
        ("", "", "fr,vi;q=0.3,en;q=0.9", "en"),
        ("", "", "fr, de", "vi"),
        ("", "quiz-lang=<script>", "en;q=nonsense, vi;q=0.1", "vi"),
    ],
)
def test_link_then_cookie_then_browser_then_vietnamese(
    query: str, cookie: str, accept: str, expected: str
) -> None:
    asked = request(query=query, cookie=cookie, accept=accept)
    assert language(asked) == expected


@pytest.mark.parametrize(
    ("ms", "text"), [(15_000, "15"), (7_500, "7,5"), (7_250, "7,25")]
)
def test_durations_drop_what_says_nothing(ms: int, text: str) -> None:
    assert whole_seconds("vi", ms) == text


def test_days_are_written_as_each_language_does() -> None:
    assert day("vi", "2023-10-19") == "19/10/2023"
    assert day("en", "2023-10-19") == "19 October 2023"
    assert day("vi", "") == ""
