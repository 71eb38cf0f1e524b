"""How many connections and files the process may have open."""

import contextlib


def allow_all_open_files() -> None:
    """Raise the usual limit to the most that the system lets this user have.

    A connection on which no request ever comes counts as an open file and as nothing else: with the usual
    1,024, one stranger could use them all up.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
