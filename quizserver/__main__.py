"""The way in: `quizserver …` and `python -m quizserver …`.

Looks at Python's version before it imports anything that needs a new one.
"""

import sys

OLDEST = (3, 11)


def main() -> None:
    """Run the command line; exit with its code."""
    if sys.version_info[:2] < OLDEST:
        have = ".".join(str(part) for part in sys.version_info[:3])
        sys.exit("quizserver needs Python 3.11 or newer; this is Python " + have)
    from quizserver.cli.app import run  # noqa: PLC0415 - see the docstring

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
