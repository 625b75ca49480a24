"""Slow down whoever tries links that are none (reliability T6, T35)."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock


class FailedAttempts:
    """Counts unknown links by client address over a moving window, in this process's memory.

    More than `most` within `seconds` lock an address until the oldest of them is that old. At most `addresses`
    are remembered; the one seen longest ago is forgotten first.
    """

    def __init__(
        self,
        most: int = 5,
        seconds: float = 3600.0,
        *,
        addresses: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._seconds, self._addresses, self._clock = most, seconds, addresses, clock
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()
        self._turn = Lock()

    def locked_for(self, address: str) -> float:
        """Return how many seconds an address has to wait; 0 when it need not."""
        with self._turn:
            tries = self._recent(address)
            return 0.0 if len(tries) <= self._most else tries[-self._most - 1] + self._seconds - self._clock()

    def note(self, address: str) -> bool:
        """Note a failed attempt; tell whether it is the one that locks the address."""
        with self._turn:
            tries = self._recent(address)
            tries.append(self._clock())
            self._tries[address] = tries
            self._tries.move_to_end(address)
            while len(self._tries) > self._addresses:
                self._tries.popitem(last=False)
            return len(tries) == self._most + 1

    def _recent(self, address: str) -> deque[float]:
        tries = self._tries.get(address, deque(maxlen=self._most + 1))
        while tries and tries[0] <= self._clock() - self._seconds:
            tries.popleft()
        return tries
