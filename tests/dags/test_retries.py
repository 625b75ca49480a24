"""What Airflow does with each kind of error."""

from __future__ import annotations

import pytest
from airflow.sdk import RetryAction

from mailroom.domain.errors import (
    ConfigurationError,
    MailroomError,
    RejectedInputError,
    UnavailableError,
    UnknownIdError,
)
from mailroom.tasks.retries import POLICY, TASK_DEFAULTS
from mailroom.tasks.work import MailboxNotReadError


def test_what_could_not_be_reached_is_tried_again_soon():
    decision = POLICY.evaluate(UnavailableError("Postgres cannot be used now"), try_number=1, max_tries=2)

    assert decision.action is RetryAction.RETRY
    assert decision.retry_delay is not None
    assert decision.retry_delay.total_seconds() <= 30


@pytest.mark.parametrize(
    "error",
    [
        RejectedInputError("no such file"),
        ConfigurationError("MAILROOM_DATABASE_URL is not set"),
        UnknownIdError("there is no organization acne"),
        MailroomError("an event log does not verify"),
        # The ledger keeps when a mailbox may be tried again: a retry of Airflow's would log in too early, or be
        # green without having read anything.
        MailboxNotReadError("acme: the login was refused"),
    ],
)
def test_what_only_a_person_can_change_fails_at_once(error: MailroomError):
    assert POLICY.evaluate(error, try_number=1, max_tries=2).action is RetryAction.FAIL


def test_a_fault_of_ours_is_tried_as_often_as_the_dag_says():
    assert POLICY.evaluate(ZeroDivisionError(), try_number=1, max_tries=2).action is RetryAction.DEFAULT
    assert TASK_DEFAULTS["retries"] == 2


def test_the_policy_comes_back_whole_from_airflows_database():
    again = type(POLICY).deserialize(POLICY.serialize())

    assert again.evaluate(UnavailableError("x"), 1, 2) == POLICY.evaluate(UnavailableError("x"), 1, 2)
    assert again.evaluate(ConfigurationError("x"), 1, 2) == POLICY.evaluate(ConfigurationError("x"), 1, 2)
