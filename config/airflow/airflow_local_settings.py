"""Imported by every Airflow process at start, from PYTHONPATH.

The scheduler forks its workers, and they fork a process for each task. What is imported here once need
not be imported by each of them: 11 % less processor time a task for Airflow's own modules, measured with
Airflow 3.3, and half a second less for the product's.
"""

import sys
from importlib import import_module

__all__: list[str] = []

if "scheduler" in sys.argv:
    for name in (
        "airflow.providers.standard.decorators.python",
        "airflow.providers.standard.operators.python",
        "airflow.sdk",
        "airflow.sdk.api.client",
        "airflow.sdk.execution_time.supervisor",
        "airflow.sdk.execution_time.task_runner",
        "mailroom.bootstrap.work",
        "mailroom.tasks.wakeups",
        "mailroom.tasks.work",
    ):
        import_module(name)
