"""The catalogues: every language says the same things, and says them well."""

import json
import unicodedata
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

from quizserver.domain.events import Event
from quizserver.texts import catalogue as module
from quizserver.texts.catalogue import LANGS, areas, catalogue, text

FOLDER = Path(module.__file__).parent
PAIRS = [(area, lang) for area in areas() for lang in LANGS]


def placeholders(value: str) -> list[str]:
    return sorted(
        name for _, name, _, _ in Formatter().parse(value) if name is not None
    )


def test_text_fills_in_its_placeholders() -> None:
    assert text("vi", "live.next.ask", number=3) == "Đọc câu 3"


def test_missing_key_raises_with_the_key() -> None:
    with pytest.raises(KeyError, match=r"live\.no_such_text"):
        text("vi", "live.no_such_text")


def test_missing_area_raises_with_the_key() -> None:
    with pytest.raises(KeyError, match=r"nowhere\.title"):
        text("vi", "nowhere.title")


def test_missing_language_raises_with_its_name() -> None:
    with pytest.raises(KeyError, match="xx"):
        text("xx", "live.next.ask", number=3)


def test_missing_value_raises_with_the_placeholder() -> None:
    with pytest.raises(KeyError, match="number"):
        text("vi", "live.next.ask")


@pytest.mark.parametrize("lang", LANGS)
def test_the_panel_says_the_next_step_as_the_server_does(lang: str) -> None:
    """It says it itself where it speaks another language than the show."""
    server, panel = catalogue(lang, ["live"]), catalogue(lang, ["host"])
    steps = {key.removeprefix("live.") for key in server if ".next." in key}
    assert {s: panel[f"host.{s}"] for s in steps} == {
        s: server[f"live.{s}"] for s in steps
    }


def test_unknown_area_of_a_catalogue_raises() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        catalogue("vi", ["live", "nowhere"])


def test_catalogue_merges_areas_and_keeps_placeholders() -> None:
    merged = catalogue("vi", areas())
    assert merged["live.next.ask"] == "Đọc câu {number}"
    assert {key.partition(".")[0] for key in merged} == set(areas())


def test_value_is_never_read_as_a_pattern() -> None:
    assert text("vi", "live.next.ask", number="{number}") == "Đọc câu {number}"


def test_every_event_has_a_name_in_the_hosts_log() -> None:
    """The panel looks it up by the event's own name, so no search finds a gap."""
    named = catalogue("vi", ["host"])
    assert [
        event.__name__
        for event in Event.__subclasses__()
        if f"host.event.{event.__name__}" not in named
    ] == []


@pytest.mark.parametrize("area", areas())
def test_one_thing_has_one_vietnamese_word(area: str) -> None:
    """Panel, editor, files and regulations are read side by side on the night."""
    other_words = ("dự bị", "bộ câu hỏi", "không có cờ")
    for key, value in catalogue("vi", [area]).items():
        assert not any(word in value.lower() for word in other_words), key


@pytest.mark.parametrize("area", areas())
def test_languages_have_the_same_keys(area: str) -> None:
    first, *others = (set(catalogue(lang, [area])) for lang in LANGS)
    for other in others:
        assert other ^ first == set()


@pytest.mark.parametrize("area", areas())
def test_languages_have_the_same_placeholders(area: str) -> None:
    first, *others = (catalogue(lang, [area]) for lang in LANGS)
    for other in others:
        for key in first.keys() & other.keys():
            assert placeholders(other[key]) == placeholders(first[key]), key


@pytest.mark.parametrize(("area", "lang"), PAIRS)
def test_placeholders_are_plain_names(area: str, lang: str) -> None:
    for key, value in catalogue(lang, [area]).items():
        assert all(name.isidentifier() for name in placeholders(value)), key


@pytest.mark.parametrize(("area", "lang"), PAIRS)
def test_texts_are_nfc_trimmed_and_not_empty(area: str, lang: str) -> None:
    for key, value in catalogue(lang, [area]).items():
        assert value == unicodedata.normalize("NFC", value), key
        assert value.strip() == value != "", key


@pytest.mark.parametrize(("area", "lang"), PAIRS)
def test_keys_begin_with_their_area_and_come_once(area: str, lang: str) -> None:
    source = (FOLDER / f"{area}.{lang}.json").read_text(encoding="utf-8")
    pairs: list[tuple[str, str]] = json.loads(source, object_pairs_hook=list)
    counts = Counter(key for key, _ in pairs)
    assert [key for key, count in counts.items() if count > 1] == []
    assert [key for key in counts if not key.startswith(f"{area}.")] == []
