"""From a step's answer to a move: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from mailroom.domain.outcome import Act, Advance, Fail, Hold, Reject, Retry, Wait
from mailroom.domain.transaction import FINAL, MOVES, State, Transaction, is_legal
from mailroom.engine.moves import backoff, plan
from mailroom.settings.retry import RetryPolicy
from tests.builders import a_process, a_step

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PROCESS = a_process(
    (a_step("extract", lambda _: Advance()), State.EXTRACTED, {}),
    (a_step("validate", lambda _: Advance()), State.VALIDATED, {}),
    (a_step("approve", lambda _: Advance()), State.APPROVED, {"waits_as": State.AWAITING_APPROVAL}),
    (a_step("upload", lambda _: Advance()), State.UPLOADED, {"during": State.UPLOADING}),
    (a_step("conclude", lambda _: Advance()), State.COMPLETED, {}),
)


def standing(step: str, state: State, attempts: int = 0) -> Transaction:
    return Transaction(uuid4(), uuid4(), "test", state, step, 3, 1, attempts, "auto", None, NOW)


@pytest.mark.parametrize(
    ("step", "state", "outcome", "expected"),
    [
        ("extract", State.RECEIVED, Advance(), (State.EXTRACTED, "validate", "advanced", NOW)),
        ("conclude", State.UPLOADED, Advance(), (State.COMPLETED, "conclude", "done", None)),
        ("extract", State.RECEIVED, Advance(skip_to="approve"), (State.FAILED, "extract", "failed", None)),
        ("validate", State.EXTRACTED, Hold("duplicate"), (State.ON_HOLD, "validate", "held", None)),
        ("approve", State.AWAITING_APPROVAL, Reject("no"), (State.REJECTED, "approve", "rejected", None)),
        (
            "approve",
            State.VALIDATED,
            Wait(NOW + timedelta(days=3)),
            (State.AWAITING_APPROVAL, "approve", "waiting", NOW + timedelta(days=3)),
        ),
        ("upload", State.APPROVED, Act(), (State.UPLOADING, "upload", "acting", NOW)),
        ("upload", State.UPLOADING, Advance(), (State.UPLOADED, "conclude", "advanced", NOW)),
        ("upload", State.UPLOADING, Fail("x"), (State.FAILED, "upload", "failed", None)),
    ],
)
def test_where_an_answer_leads(step, state, outcome, expected):
    planned = plan(standing(step, state), PROCESS, outcome, NOW)

    assert (planned.state, planned.step, planned.kind, planned.due_at) == expected


def test_a_retry_waits_longer_each_time_and_the_third_attempt_is_the_last():
    first = plan(standing("upload", State.UPLOADING, 0), PROCESS, Retry("erp_down"), NOW, jitter=lambda _: 0)
    second = plan(standing("upload", State.UPLOADING, 1), PROCESS, Retry("erp_down"), NOW, jitter=lambda _: 0)
    third = plan(standing("upload", State.UPLOADING, 2), PROCESS, Retry("erp_down"), NOW, jitter=lambda _: 0)

    assert [each.kind for each in (first, second, third)] == ["retried", "retried", "failed"]
    assert [each.attempts for each in (first, second, third)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("attempt", "asked", "low", "high"),
    [(1, None, 0, 30), (2, None, 0, 120), (3, None, 0, 480), (9, None, 0, 3600), (1, 90.0, 90, 90)],
)
def test_backoff_is_exponential_with_full_jitter_up_to_a_bound(attempt, asked, low, high):
    policy = RetryPolicy(name="p", base_seconds=30, factor=4, max_seconds=3600, jitter_pct=100)

    assert backoff(policy, attempt, asked, lambda bound: 0) == low
    assert backoff(policy, attempt, asked, lambda bound: bound) == high


def test_without_jitter_the_waits_are_exact():
    """The design document S2 asks for 1, 2 and 4 seconds (requirements X5)."""
    policy = RetryPolicy(name="p", base_seconds=1, factor=2, jitter_pct=0)

    assert [backoff(policy, attempt, None, lambda bound: bound) for attempt in (1, 2, 3)] == [1, 2, 4]


def test_final_states_are_never_left():
    assert [(old, new) for old, new in MOVES if old in FINAL] == []


@pytest.mark.parametrize("state", sorted(set(State) - {State.UPLOADING, State.APPROVED}))
def test_nothing_reaches_uploading_without_an_approval(state):
    """A person's fix may put a resting transaction back before its upload; no other way leads there."""
    resting = {State.ON_HOLD, State.FAILED, State.ESCALATED}

    assert is_legal(state, State.UPLOADING) == (state in resting)
