"""The whole of Airflow under our supervisor: one DAG run that outlives its scheduler, and a clean end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil
import pytest

from mailroom.local.server import process_book
from mailroom.local.stack_status import read_owner
from mailroom.local.state_folder import StateFolder
from tests.integration.local.test_stack import everything_in

pytestmark = pytest.mark.xdist_group("airflow")

MAILROOM = (sys.executable, "-m", "mailroom.cli.main")
DAG = """
from airflow.sdk import dag, task
import pendulum, time

@dag(schedule=None, start_date=pendulum.datetime(2026, 1, 1, tz="UTC"), catchup=False)
def interrupted():
    @task
    def work(ti=None):
        if ti.try_number == 1:
            time.sleep(600)

    work()

interrupted()
"""


def test_a_killed_scheduler_and_its_task_are_replaced_within_a_minute_and_nothing_is_left(state_dir: Path, eventually):
    dags = state_dir.parent / "dags"
    dags.mkdir()
    (dags / "interrupted.py").write_text(DAG)
    environment = os.environ | {
        "MAILROOM_STATE_DIR": str(state_dir),
        "MAILROOM_PORTS": "auto",
        "MAILROOM_DAGS_DIR": str(dags),
    }

    def mailroom(*arguments: str) -> None:
        subprocess.run([*MAILROOM, *arguments], env=environment, check=True, capture_output=True, timeout=200)

    mailroom("up", "--without", "web", "--without", "mail")
    try:
        folder = StateFolder(state_dir)
        airflow = Airflow(folder)
        eventually(lambda: airflow.knows("interrupted"), within=60)
        run = airflow.trigger("interrupted")
        eventually(lambda: airflow.task(run)["state"] == "running", within=60)
        killed_at = time.monotonic()
        for process in process_book(folder).members("scheduler"):
            process.kill()
        eventually(lambda: airflow.task(run)["state"] == "success", within=60)
        assert airflow.task(run)["try_number"] == 2
        assert time.monotonic() - killed_at < 60

        left = process_book(folder).members()
        owner = read_owner(folder).process()
        owner.kill()
        psutil.wait_procs([owner], timeout=5)
    finally:
        mailroom("down")

    assert len(left) > 15  # four components, the scheduler's workers, Postgres
    assert not everything_in(state_dir)
    assert not [process for process in left if process.is_running() and process.status() != "zombie"]


class Airflow:
    """Airflow's REST API as the generated admin."""

    def __init__(self, folder: StateFolder) -> None:
        ports = json.loads((folder.run / "ports.json").read_text())
        self._url = f"http://127.0.0.1:{ports['port_airflow']}"
        [(user, password)] = json.loads((folder.secrets / "airflow-passwords.json").read_text()).items()
        answer = self._ask("/auth/token", {"username": user, "password": password})
        self._token = answer["access_token"]

    def knows(self, dag: str) -> bool:
        return dag in {entry["dag_id"] for entry in self._ask("/api/v2/dags")["dags"]}

    def trigger(self, dag: str) -> str:
        run = self._ask(f"/api/v2/dags/{dag}/dagRuns", {"logical_date": None})["dag_run_id"]
        return f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances"

    def task(self, run: str) -> dict[str, Any]:
        return self._ask(run)["task_instances"][0]

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Content-Type": "application/json"}
        if hasattr(self, "_token"):
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
