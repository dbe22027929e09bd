"""What the pages point at exists: files, headings of other pages, commands.

Only what can be known from the checkout; addresses of other sites are not asked.
What commands there are is read from their reference, which test_reference.py
holds to the code.
"""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[3]
DOCS: Final = ROOT / "docs"
PAGES: Final = (
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "overlays" / "README.md",
    *sorted(DOCS.rglob("*.md")),
)
LINK: Final = re.compile(r"(?:\]\(|src=\")([^)\s\"]+)[)\"]")
FENCE: Final = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN: Final = re.compile(r"`([^`\n]+)`")
COMMAND: Final = re.compile(
    r"^(?:\S+=\S+ )*(?:\S*/)?(?:python -m )?quizserver ([a-z].*)$"
)
TARGET: Final = re.compile(r"^([a-z0-9]+):", re.MULTILINE)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def headings(page: Path) -> set[str]:
    """Return the anchors that a page's headings get."""
    titles = re.findall(r"^#+ (.+)$", read(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}


def code_of(page: Path) -> list[str]:
    """Return every line in a code block and every span of code."""
    text = read(page)
    lines = [line for block in FENCE.findall(text) for line in block.splitlines()]
    return lines + SPAN.findall(FENCE.sub("", text))


def commands() -> dict[str, str]:
    """Return every command with its section of the reference."""
    sections = read(DOCS / "reference" / "cli.md").split("\n## quizserver ")[1:]
    return {name: text for name, _, text in (s.partition("\n") for s in sections)}


def flaw(line: str, known: dict[str, str]) -> str:
    """Return what a line of code names that no command has, or ""."""
    found = COMMAND.match(line.partition("#")[0])
    if found is None:
        return ""
    words = found[1].split()
    name = next((n for n in known if words[: len(n.split())] == n.split()), None)
    if name is None:
        group = any(n.startswith(f"{words[0]} ") for n in known)
        return "" if group and len(words) == 1 else f"no command: {line}"
    options = re.findall(r"--[a-z-]+", found[1])
    return "".join(f"no {o}: {line}" for o in options if o not in known[name])


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_and_picture_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(FENCE.sub("", read(page))):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_a_page_names_is_in_the_command_line(page: Path) -> None:
    known = commands()
    assert [found for line in code_of(page) if (found := flaw(line, known))] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_target_of_make_a_page_names_is_in_the_makefile(page: Path) -> None:
    targets = TARGET.findall(read(ROOT / "Makefile"))
    for line in code_of(page):
        found = re.match(r"(?:QUIZ_\S+ )?make ([a-z0-9]+)", line)
        assert found is None or found[1] in targets, line


def test_every_page_is_on_the_map() -> None:
    on_the_map = {
        (DOCS / link).resolve() for link in LINK.findall(read(DOCS / "README.md"))
    }
    pages = {page for page in PAGES if page.parent not in {ROOT, DOCS}}
    assert pages - on_the_map == set()


def test_every_picture_is_on_some_page() -> None:
    shown = "".join(map(read, PAGES))
    pictures = (DOCS / "pictures").glob("*.png")
    assert [p.name for p in pictures if f"pictures/{p.name}" not in shown] == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (".venv/bin/python -m quizserver demo --phones 5", ""),
        ("QUIZ_LANG=en quizserver results export CCHC1 --format xlsx", ""),
        ("quizserver results", ""),
        ("quizserver dance", "no command: quizserver dance"),
        ("quizserver demo --fast", "no --fast: quizserver demo --fast"),
    ],
)
def test_a_wrong_command_would_be_found(line: str, expected: str) -> None:
    assert flaw(line, commands()) == expected
