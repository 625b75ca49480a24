"""Where errors meet Airflow, once: rejected input fails, what cannot be reached is tried again.

A step's own attempts are counted by the engine; Airflow repeats a task only when a whole slice could
not reach Postgres, the object store or a mail server.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception="mailroom.domain.errors.UnavailableError",
            action=RetryAction.RETRY,
            retry_delay=timedelta(seconds=10),
            reason="a neighbour did not answer; what is due is read again",
        ),
        RetryRule(
            exception="mailroom.domain.errors.MailroomError",
            action=RetryAction.FAIL,
            reason="trying again would not help; the message says what to do",
        ),
    ]
)

TASK_DEFAULTS: dict[str, Any] = {
    "owner": "mailroom",
    "retries": 2,
    "retry_delay": timedelta(seconds=10),
    "retry_policy": POLICY,
    "execution_timeout": timedelta(minutes=30),
}
"""`default_args` of every DAG."""
