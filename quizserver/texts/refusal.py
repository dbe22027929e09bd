"""A failure whose sentence is in the catalogue, so that its reader's language says it.

`str()` is English, for logs and for tests; the command line asks `in_words`.
"""

from quizserver.failures import Failure
from quizserver.texts.catalogue import text


class Refusal(Failure):
    """Something cannot be done; `key` is its sentence in `texts/desk`.

    `values` fill it in; an empty one is said as `desk.none`.
    """

    def __init__(self, key: str, **values: str | int) -> None:
        """Keep what the sentence is made of."""
        super().__init__(key)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.in_words("en")

    def in_words(self, lang: str) -> str:
        """Return the sentence in a language of the catalogue."""
        shown = {
            name: value if value != "" else text(lang, "desk.none")
            for name, value in self.values.items()
        }
        return text(lang, f"desk.{self.key}", **shown)
