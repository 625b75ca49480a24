"""Invoices through Airflow's own scheduler, from the mailbox to the ledger, and what goes wrong on the way."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mailroom.demo.paper import InvoicePaper
from mailroom.local.server import process_book
from tests.e2e.office import DAG, Office, eventually, open_office

pytestmark = pytest.mark.xdist_group("airflow")
PHASES = ("extract", "validate", "approve", "upload", "conclude")


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


@pytest.fixture(scope="module")
def posted(office: Office) -> InvoicePaper:
    """An invoice that has arrived by mail and stands in the ledger."""
    return office.post_one()


@pytest.fixture
def told_to_wait(office: Office) -> Iterator[Path]:
    """Have the step `stumble` wait; the file holds the number of the process that does, once it is there."""
    wait, process = office.folder / "wait", office.folder / "process"
    process.unlink(missing_ok=True)
    wait.touch()
    yield process
    wait.unlink(missing_ok=True)


def test_every_dag_is_read_and_runs(office: Office):
    assert office.airflow.import_errors() == []
    assert set(office.airflow.paused().values()) == {False}

    started = {dag: office.airflow.trigger(dag, {}).json()["dag_run_id"] for dag in office.airflow.paused()}
    office.rest()

    ended = {
        dag: run["state"]
        for dag, key in started.items()
        for run in office.airflow.runs(dag)
        if run["dag_run_id"] == key
    }
    assert ended == dict.fromkeys(started, "success")


def test_an_invoice_that_arrives_by_mail_ends_in_the_ledger(office: Office, posted: InvoicePaper):
    [bill] = office.bills(posted.number)

    assert (bill.net, bill.tax, bill.gross) == (posted.net_total, posted.tax_total, posted.gross_total)
    assert (bill.currency, bill.lines, bill.files) == ("EUR", 1, 1)
    assert office.rows("SELECT state FROM transactions WHERE reference = :r", r=posted.number) == [("completed",)]


def test_the_pages_show_mailboxes_and_invoices_by_their_names(office: Office, posted: InvoicePaper):
    tasks = office.airflow.tasks(DAG, office.run_with_work()["dag_run_id"])

    assert {task["rendered_map_index"] for task in tasks if task["task_id"].startswith("invoice.")} == {posted.number}
    read = office.airflow.tasks("intake_mailboxes", office.airflow.runs("intake_mailboxes")[0]["dag_run_id"])
    assert {task["rendered_map_index"] for task in read} >= {"acme-invoices", "shared-invoices"}


def test_what_airflow_keeps_of_a_run_are_names_ids_and_counts(office: Office, posted: InvoicePaper):
    with office.stage.stack.postgres.connect("airflow") as connection:
        kept = " ".join(str(value) for (value,) in connection.execute("SELECT value::text FROM xcom").fetchall())

    assert '"ranges"' in kept
    for secret in (posted.supplier.iban, posted.supplier.email, str(posted.gross_total)):
        assert str(secret) not in kept


def test_running_finished_tasks_again_does_nothing_twice(office: Office, posted: InvoicePaper):
    run = office.run_with_work()["dag_run_id"]
    before = office.effects()

    office.airflow.clear(DAG, run, *([f"invoice.{phase}", 0] for phase in PHASES), "check_batch")
    eventually(lambda: office.state_of(run) == "success", "the run to be done again")

    again = {task["task_id"]: task for task in office.airflow.tasks(DAG, run)}
    assert {again[name]["try_number"] for name in ("check_batch", *(f"invoice.{phase}" for phase in PHASES))} == {2}
    assert {task["state"] for task in again.values()} == {"success"}
    assert office.effects() == before


def test_a_deleted_run_takes_nothing_back_and_repeats_nothing(office: Office, posted: InvoicePaper):
    before = office.effects()
    office.rest()

    # Airflow deletes no run that is going on; a scheduled one may have begun just now.
    finished = [run["dag_run_id"] for run in office.airflow.runs(DAG) if run["state"] in {"success", "failed"}]
    for run in finished:
        office.airflow.delete_run(DAG, run)
    assert finished
    office.airflow.trigger(DAG, {})
    office.rest()

    assert office.latest_run()["state"] == "success"
    assert office.effects() == before


def test_a_slice_that_fails_makes_its_run_fail_and_the_next_run_takes_the_invoice_on(office: Office):
    (office.folder / "fail").touch()
    paper = office.send_invoice()
    failed = eventually(
        lambda: next((run for run in office.airflow.runs(DAG) if run["state"] == "failed"), None), "a run to fail"
    )
    states = office.task_states(failed)

    (office.folder / "fail").unlink()
    eventually(lambda: office.bills(paper.number), "the invoice in the ledger", 60)

    assert states["invoice.validate"] == "failed"
    assert states["all_slices_done"] == "upstream_failed"
    assert len(office.bills(paper.number)) == 1


def test_killed_tasks_and_schedulers_go_on_within_a_minute_and_post_once(office: Office, told_to_wait: Path):
    first = office.send_invoice()
    process = int(eventually(lambda: told_to_wait.exists() and told_to_wait.read_text(), "a task to wait"))

    os.kill(process, signal.SIGKILL)
    killed = time.monotonic()
    (office.folder / "wait").unlink()
    run = office.latest_run()
    eventually(lambda: office.state_of(run["dag_run_id"]) == "success", "the run to end well")
    repeated = time.monotonic() - killed

    (office.folder / "wait").touch()
    told_to_wait.unlink()
    second = office.send_invoice()
    eventually(told_to_wait.exists, "a task to wait")
    members = process_book(office.stage.folder).members("scheduler")
    for member in members:
        member.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    psutil.wait_procs(members, timeout=10)
    (office.folder / "wait").unlink()
    eventually(lambda: office.bills(second.number), "the invoice in the ledger", 120)
    went_on = time.monotonic() - killed
    office.rest()

    print(f"a killed task is repeated after {repeated:.0f} s, scheduler and workers go on after {went_on:.0f} s")
    assert "invoice.validate" in office.task_states(run)
    assert {task["try_number"] for task in office.airflow.tasks(DAG, run["dag_run_id"])} == {1, 2}
    assert repeated < 60
    assert went_on < 60
    assert [len(office.bills(paper.number)) for paper in (first, second)] == [1, 1]


def test_a_form_refuses_what_does_not_fit(office: Office):
    assert office.airflow.trigger("report_daily", {"day": "yesterday"}).status_code == 400
    assert office.airflow.trigger("report_daily", {"mail": "perhaps"}).status_code == 400


def test_a_person_can_have_the_report_of_a_day_made(office: Office):
    [(today,)] = office.rows("SELECT CAST(now() AT TIME ZONE 'Europe/Berlin' AS date)")

    answer = office.airflow.trigger("report_daily", {"day": str(today), "organization": "acme", "mail": False})

    assert answer.status_code == 200, answer.text
    run = answer.json()["dag_run_id"]
    eventually(
        lambda: next(r["state"] for r in office.airflow.runs("report_daily") if r["dag_run_id"] == run) == "success",
        "the report",
    )
    named = {task["rendered_map_index"] for task in office.airflow.tasks("report_daily", run)}
    assert "acme" in named
    assert "globex" not in named
