"""The failure that a person caused and a person can cure.

Raised with the key of one plain sentence in the catalogues, which names the thing,
what is wrong with it and, where there is one, the cure. The command line prints it in
its reader's language and exits with 1; no traceback. A bug is never a Failure. At the
bottom but for the texts: every layer above may raise it.
"""

import os
from errno import errorcode

from quizserver.texts.catalogue import catalogue, text


class Failure(Exception):
    """Something outside the program is not as it must be; `str()` is the sentence.

    `str()` is English, for logs and for tests. Values fill the sentence in: an empty
    one is said as `failure.none`, a Failure among them (the cause) in its own words.
    """

    def __init__(self, key: str = "", **values: "str | int | Failure") -> None:
        """Keep what the sentence is made of; no key: a subclass has the words."""
        super().__init__(key)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.in_words("en")

    def in_words(self, lang: str) -> str:
        """Return the sentence in a language of the catalogue."""
        shown = {name: _shown(value, lang) for name, value in self.values.items()}
        return text(lang, self.key, **shown)


def cause_of(error: Exception) -> str | Failure:
    """Return what the system says of an error, for within a sentence.

    What is common has words in the catalogue; the rest is given on as it is.
    """
    number, said = getattr(error, "errno", None), getattr(error, "strerror", None)
    if not said:
        return str(error) or type(error).__name__
    key = f"failure.cause.{errorcode.get(number or 0, '')}"
    # TLS has numbers of its own, which mean something else.
    is_known = said == os.strerror(number or 0) and key in catalogue("en", ["failure"])
    return Failure(key) if is_known else str(said).lower()


def _shown(value: "str | int | Failure", lang: str) -> str | int:
    if isinstance(value, Failure):
        return value.in_words(lang)
    return value if value != "" else text(lang, "failure.none")
