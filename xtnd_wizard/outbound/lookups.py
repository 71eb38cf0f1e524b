"""Name look-ups, of which nobody can hold so many that others wait.

The system's resolver can't be interrupted: a look-up that hangs is only left behind, and its thread ends when
the resolver gives up. So each look-up gets a thread of its own, and no caller has more than a few at once.
"""

import asyncio
import errno
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from xtnd_wizard.limits.concurrency import ConcurrencyLimit

_MOST = 256
_MOST_PER_CALLER = 8

Lookup = Callable[[str], Sequence[str]]


def look_up(host: str) -> Sequence[str]:
    """Every address of a full host name. Raises OSError as the system's resolver does.

    The dot at the end says that the name is full: without it the resolver goes on to try the machine's own
    search domains, one hanging look-up after the other.
    """
    found = socket.getaddrinfo(f"{host}.", 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class LookupPool:
    """The look-ups that are under way in this process."""

    def __init__(self, most: int = _MOST, most_per_caller: int = _MOST_PER_CALLER) -> None:
        self._places = ConcurrencyLimit(most, most_per_caller)

    async def addresses(self, look_up: Lookup, host: str, caller: str = "") -> Sequence[str]:
        """What `look_up` answers, once it is the caller's turn; a caller without a name shares the total only.

        Raises what `look_up` raises. How long this may take is for who awaits it to bound.
        """
        await self._places.acquire(caller)
        answer: Future[Sequence[str]] = Future()
        answer.set_running_or_notify_cancel()  # from here on it can be left behind, but not taken from its thread

        def run() -> None:
            try:
                answer.set_result(look_up(host))
            except BaseException as error:  # noqa: BLE001  # whatever it is, it belongs to who awaits the answer
                answer.set_exception(error)
            finally:
                self._places.release(caller)

        try:
            threading.Thread(target=run, name="lookup", daemon=True).start()
        except RuntimeError:
            self._places.release(caller)
            raise OSError(errno.EAGAIN, "no thread left for a look-up") from None
        return await asyncio.wrap_future(answer)
