"""Counting unknown links by address."""

from __future__ import annotations

from mailroom.web.attempts import FailedAttempts


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_sixth_attempt_within_an_hour_locks():
    clock = Hand()
    attempts = FailedAttempts(clock=clock)

    assert [attempts.note("a") for _ in range(6)] == [False] * 5 + [True]
    assert attempts.locked_for("a") == 3600
    assert attempts.locked_for("b") == 0


def test_the_lock_ends_when_the_oldest_attempt_is_an_hour_old():
    clock = Hand()
    attempts = FailedAttempts(clock=clock)
    for _ in range(6):
        attempts.note("a")
        clock.now += 60
    assert attempts.locked_for("a") == 3600 - 6 * 60

    clock.now += 3600 - 6 * 60

    assert attempts.locked_for("a") == 0


def test_five_an_hour_never_lock():
    clock = Hand()
    attempts = FailedAttempts(clock=clock)
    for _ in range(100):
        attempts.note("a")
        clock.now += 720
        assert attempts.locked_for("a") == 0


def test_memory_is_bounded():
    attempts = FailedAttempts(addresses=100, clock=Hand())

    for number in range(1000):
        attempts.note(str(number))

    assert len(attempts._tries) == 100
