"""What the verifier finds, in English: tests compare sentences."""

from collections.abc import Iterable
from typing import Any

from quizserver.reports import verify as verifier
from quizserver.reports.verify.finding import Finding
from quizserver.reports.wording import in_words


def said(found: Iterable[Finding]) -> list[str]:
    """Return a sentence for each."""
    return [in_words(finding, "en") for finding in found]


def verify(lines: Iterable[bytes | str]) -> list[str]:
    """Return what does not add up in the lines of an export."""
    return said(verifier.verify(lines))


def problems_of(lines: Iterable[bytes | str], **beside: Any) -> list[str]:
    """Return the same, with a results.json or codes beside the export."""
    return said(verifier.examine(lines, **beside).problems)
