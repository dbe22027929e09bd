"""The processes of rehearsals: what is told of those that stop."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from quizserver.rehearsal.company import Company

PAGE = "0123456789abcdef"


@pytest.fixture
def company() -> Iterator[Company]:
    made = Company("http://127.0.0.1:1")  # where nobody listens
    yield made
    made.disperse()


def trouble(company: Company, show: str) -> str | None:
    """Return what is told of the phones of `show` once their process has ended."""
    company._here[show].process.wait(30)  # noqa: SLF001 - it tells nobody by itself
    return company.trouble(show)


def test_why_phones_cannot_come_is_told_in_one_sentence(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    assert company.trouble("CCHC1") is None
    company.send("CCHC1", 3, PAGE)
    said = trouble(company, "CCHC1")
    assert said is not None
    assert "127.0.0.1" in said
    assert "\n" not in said
    assert company.trouble("CCHC1") == said
    assert PAGE not in caplog.text + said
    company.send("CCHC1", 0, "")
    assert company.trouble("CCHC1") is None


def test_phones_that_are_killed_are_told_without_a_reason(
    company: Company,
) -> None:
    company.send("CCHC1", 3, PAGE)
    company._here["CCHC1"].process.kill()  # noqa: SLF001 - as the kernel would
    assert trouble(company, "CCHC1") == ""


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    company = Company("https://127.0.0.1:1", tmp_path / "none.pem")
    company.send("CCHC1", 3, PAGE)
    assert "none.pem" in str(trouble(company, "CCHC1"))
    (tmp_path / "none.pem").write_text("nothing")
    company.send("CCHC1", 3, PAGE)
    assert "Không có chứng chỉ nào trong" in str(trouble(company, "CCHC1"))
