"""What the verifier found, in words: its keys and values by the catalogues.

Beside the verifier and not in it: that folder uses nothing of the server.
"""

from quizserver.reports.verify.finding import Finding
from quizserver.texts.catalogue import text


def in_words(finding: Finding, lang: str) -> str:
    """Return the sentence in a language of the catalogue."""
    shown = {
        name: in_words(value, lang) if isinstance(value, Finding) else value
        for name, value in finding.values.items()
    }
    return text(lang, finding.key, **shown)
