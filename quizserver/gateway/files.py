"""Open files: one for each phone, so as many as this process may have.

A shell or a service starts with a limit of 1,024, which it may raise by itself up to
the hard limit. Linux only keeps the lower one for programs that cannot count further.
"""

import resource


def allow_files() -> int:
    """Raise the limit of open files as far as it may be; return it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
