"""Every DAG file: light, wiring only, and telling a person what it is and what to do."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.dags.conftest import ROOT

FILES = sorted((ROOT / "dags").glob("*.py"))
ISSUED = {
    "intake_mailboxes",
    "process_invoices",
    "follow_up",
    "escalate_overdue",
    "deliver_outbox",
    "report_daily",
    "housekeeping",
}
FORMS = {"intake_mailboxes": {"mailbox"}, "report_daily": {"day", "organization", "mail"}}
MAPPED = {"read_mailbox", "report_day", "remind", "escalate", "invoice.extract", "invoice.upload"}


def test_every_file_holds_one_dag_named_like_the_file_and_its_function(dag_files: list[dict[str, Any]]):
    assert {Path(file["file"]).stem: [dag["dag_id"] for dag in file["dags"]] for file in dag_files} == {
        path.stem: [path.stem] for path in FILES
    }
    assert {path.stem for path in FILES} >= ISSUED
    for path in FILES:
        functions = [node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        assert functions == [path.stem]


def test_every_file_is_read_without_fault_in_less_than_a_second(dag_files: list[dict[str, Any]]):
    assert {file["file"]: file["errors"] for file in dag_files if file["errors"]} == {}
    assert {file["file"]: file["seconds"] for file in dag_files if file["seconds"] >= 1.0} == {}


def test_nothing_is_read_and_nobody_is_asked_while_a_file_is_parsed(dag_files: list[dict[str, Any]]):
    ours = str(ROOT)
    for file in dag_files:
        read = [name for name in file["opened"] if name.startswith(ours) and "/.venv/" not in name]
        assert [name for name in read if ".py" not in Path(name).name] == []
        assert file["called"] == []


def test_dag_files_are_wiring():
    for path in FILES:
        assert len(path.read_text().splitlines()) <= 60, path.name


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_a_dag_says_what_it_is_and_names_its_runbook(name: str, dags: dict[str, dict[str, Any]]):
    doc = dags[name]["doc"]

    for part in ("When", "Owner", "Normal", "When it fails"):
        assert f"**{part}** " in doc
    assert f"docs/runbooks/{name}.md" in doc.replace("\n", " ")
    assert (ROOT / "docs" / "runbooks" / f"{name}.md").is_file()


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_a_dag_runs_once_at_a_time_without_making_up_for_missed_times(name: str, dags: dict[str, dict[str, Any]]):
    dag = dags[name]

    assert (dag["catchup"], dag["max_active_runs"]) == (False, 1)
    assert "mailroom" in dag["tags"]
    assert len(dag["tags"]) > 1


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_every_task_has_an_owner_an_end_and_the_one_retry_policy(name: str, dags: dict[str, dict[str, Any]]):
    for task in dags[name]["tasks"]:
        assert task["owner"] == "mailroom"
        assert task["retries"] == 2
        assert task["policy"] == "ExceptionRetryPolicy"
        assert task["timeout"] != "None"


def test_mapped_tasks_are_named_for_what_they_work_on(dags: dict[str, dict[str, Any]]):
    named = {task["id"] for dag in dags.values() for task in dag["tasks"] if task["named"]}

    assert named >= MAPPED


def test_a_form_checks_what_a_person_enters(dags: dict[str, dict[str, Any]]):
    for name, dag in dags.items():
        assert set(dag["params"]) == FORMS.get(name, set())
        for field in dag["params"].values():
            assert field["type"]
            assert field["title"]


def test_mail_and_due_work_wake_their_dags(dags: dict[str, dict[str, Any]]):
    woken = {name: dag["watchers"] for name, dag in dags.items() if dag["watchers"]}

    assert woken == {
        "intake_mailboxes": ["ImapIdleTrigger"],
        "process_invoices": ["PostgresNotifyTrigger"],
        "deliver_outbox": ["PostgresNotifyTrigger"],
    }


def test_a_slice_goes_through_its_phases_in_order_and_a_failed_one_fails_the_run(dags: dict[str, dict[str, Any]]):
    tasks = {task["id"]: task for task in dags["process_invoices"]["tasks"]}
    phases = ["invoice.extract", "invoice.validate", "invoice.approve", "invoice.upload", "invoice.conclude"]

    for earlier, later in pairwise(phases):
        assert earlier in tasks[later]["upstream"]
    assert set(tasks["all_slices_done"]["upstream"]) >= {phases[-1]}
    assert tasks["all_slices_done"]["rule"].lower().endswith("all_success")
    # The check of the batch runs after a failed slice too.
    assert tasks["check_batch"]["rule"].lower().endswith("all_done")


def test_only_dags_plugins_and_tasks_import_airflow():
    wanted = re.compile(r"^\s*(?:from|import) airflow\b", re.MULTILINE)
    files = [*(ROOT / "include").rglob("*.py"), *(ROOT / "erp_connectors").rglob("*.py")]

    found = {path.relative_to(ROOT).as_posix() for path in files if wanted.search(path.read_text(encoding="utf-8"))}

    assert {name for name in found if not name.startswith("include/mailroom/tasks/")} == set()
    assert found


def test_nothing_is_left_that_airflow_3_left_behind():
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--preview", "--select", "AIR"]

    done = subprocess.run(
        [*ruff, "dags", "plugins", "include/mailroom/tasks"], cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout
