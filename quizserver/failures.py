"""The failure that a person caused and a person can cure.

Raised with one plain sentence that names the thing, what is wrong with it and,
where there is one, the cure. The command line prints it and exits with 1; no
traceback. A bug is never a Failure. At the bottom: every layer may raise it.
"""


class Failure(Exception):
    """Something outside the program is not as it must be; `str()` is the sentence."""

    def in_words(self, lang: str) -> str:
        """Return the sentence in a language, where it is known in more than one."""
        del lang
        return str(self)
