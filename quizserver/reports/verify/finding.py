"""What was found: which sentence it is, and what fills it in.

The sentences are not in this folder. They are in the server's catalogues, in each
of its languages, under the same keys (`texts/verify.<lang>.json`). Carried elsewhere,
a finding prints as its key and its values. A value is told as it stands in the file,
so that a search finds it there; one that is a finding is part of the sentence.
"""


class Finding:
    """A sentence by its key."""

    __slots__ = ("key", "values")

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        # At once: what cannot be written is found where it was read.
        self.values = {
            name: value if isinstance(value, Finding) else f"{value}"
            for name, value in values.items()
        }

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.key}({values})"


class Unreadable(ValueError):
    """A text that is not what it should be; `why` says what it is."""

    def __init__(self, why: Finding) -> None:
        super().__init__(repr(why))
        self.why = why


def at(where: Finding, what: Finding) -> Finding:
    """Return a finding with its place before it."""
    return Finding("verify.at", where=where, what=what)


def line(number: int) -> Finding:
    """Return a line of the file, to be named."""
    return Finding("verify.line", line=number)


def why(error: Exception) -> object:
    """Return what is wrong with a text: our finding, else Python's own word."""
    return error.why if isinstance(error, Unreadable) else repr(error)
