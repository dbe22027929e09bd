"""Lines of the log: what they say, and what cannot get into them."""

import json
import logging
from collections.abc import Iterator

import pytest

from quizserver.logs import configure

LOG = logging.getLogger("quizserver.tests")
NAME = "Nguyễn Thị Phương Thảo"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "asyncio", "alembic"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def fail_with(value: str) -> None:
    raise ValueError(value)


def test_text_line_is_time_level_event_and_fields(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure("info", "text")
    LOG.info("a show was reset", extra={"show": "CCHC1", "step": 7})
    (line,) = lines(capsys)
    when, said = line.split(" ", 1)
    assert when.endswith("Z")
    assert said == "info    a show was reset show=CCHC1 step=7"


def test_json_line_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info", "json")
    LOG.warning("step %d was late", 7, extra={"show": "CCHC1", "duration_ms": 12})
    (line,) = lines(capsys)
    said = json.loads(line)
    assert said.pop("at").endswith("Z")
    assert said == {
        "level": "warning",
        "from": "quizserver.tests",
        "event": "step 7 was late",
        "show": "CCHC1",
        "duration_ms": 12,
    }


@pytest.mark.parametrize("form", ["text", "json"])
def test_field_that_is_not_listed_is_left_out(
    capsys: pytest.CaptureFixture[str], form: str
) -> None:
    configure("info", form)
    LOG.info("somebody joined", extra={"full_name": NAME, "token": "p.x.y.z"})
    (line,) = lines(capsys)
    assert NAME not in line
    assert "p.x.y.z" not in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_exception_is_told_by_type_and_place_without_its_text(
    capsys: pytest.CaptureFixture[str], form: str
) -> None:
    configure("info", form)
    try:
        fail_with(NAME)
    except ValueError:
        LOG.exception("a message failed")
    (line,) = lines(capsys)
    assert "ValueError" in line
    assert "fail_with" in line
    assert NAME not in line


def test_group_of_exceptions_is_told_by_the_one_that_failed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure("info", "text")
    try:
        try:
            fail_with(NAME)
        except ValueError as error:
            raise ExceptionGroup("tasks", [error]) from None
    except ExceptionGroup:
        LOG.exception("a connection failed")
    (line,) = lines(capsys)
    assert "fault=ValueError" in line
    assert "fail_with" in line


@pytest.mark.parametrize(("level", "expected"), [("warning", 1), ("info", 2)])
def test_level_is_the_least_that_is_written(
    capsys: pytest.CaptureFixture[str], level: str, expected: int
) -> None:
    configure(level, "text")
    LOG.debug("one")
    LOG.info("two")
    LOG.warning("three")
    assert len(lines(capsys)) == expected


@pytest.mark.parametrize(("level", "expected"), [("info", 0), ("debug", 2)])
def test_news_of_libraries_is_for_those_who_look_for_a_fault(
    capsys: pytest.CaptureFixture[str], level: str, expected: int
) -> None:
    configure(level, "text")
    logging.getLogger("uvicorn.error").info("Started server process")
    logging.getLogger("alembic.runtime.plugins").info("setup plugin")
    assert len(lines(capsys)) == expected
