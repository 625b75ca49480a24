"""Check the whole story against what lies outside of it: the ledger, the audit chain, Airflow's runs."""

from __future__ import annotations

from collections.abc import Sequence

from mailroom.bootstrap.upkeep import verify
from mailroom.demo.airflow_api import DagRun
from mailroom.demo.bills import LedgerBill
from mailroom.demo.scene import Scene
from mailroom.demo.story import ExpectedInvoice, StoryMail


def ledger_faults(bills: Sequence[LedgerBill], mails: Sequence[StoryMail]) -> list[str]:
    """Return where the ledger differs from what was expected: each approved invoice once, and nothing else."""
    invoices = [each for mail in mails for each in mail.invoices]
    return [fault for each in invoices if (fault := _fault(each, [b for b in bills if b.invoice_no == each.number]))]


def _fault(wanted: ExpectedInvoice, found: Sequence[LedgerBill]) -> str | None:
    if wanted.state != "completed":
        return f"{wanted.number} is in the ledger and must not be" if found else None
    if len(found) != 1:
        return f"{wanted.number} is in the ledger {len(found)} times"
    (bill,) = found
    if (bill.gross, bill.currency) != (wanted.total.amount, wanted.total.currency):
        return f"{wanted.number} is in the ledger with {bill.gross} {bill.currency} in place of {wanted.total}"
    if bill.status != "D":
        return f"{wanted.number} is no draft but {bill.status}"
    return None if bill.lines and bill.files == 1 else f"{wanted.number} came without lines or without its file"


def run_faults(scene: Scene, runs: Sequence[DagRun]) -> list[str]:
    """Return each DAG run that failed, with its tasks."""
    failed = [run for run in runs if run.state == "failed"]
    return [f"{run.dag} failed ({run.id}): {', '.join(scene.airflow.failed_tasks(run))}" for run in failed]


def audit_verdicts(scene: Scene) -> tuple[list[str], list[str]]:
    """Return a sentence for each event log, and the faults."""
    sentences, faults = [], []
    for slug, organization_id in scene.found.setups.organizations().items():
        verdict = verify(scene.found, organization_id)
        if verdict.fault is None:
            sentences.append(f"{slug}: {verdict.events} events, the chain holds")
        else:
            faults.append(f"the event log of {slug}: {verdict.fault.what}")
    return sentences, faults


def runs_as_text(runs: Sequence[DagRun]) -> str:
    """Return Airflow's runs as a table in plain text."""
    lines = [f"{'started':12}  {'DAG':18}  {'started by':16}  {'state':8}  seconds"]
    for run in runs:
        began = f"{run.start:%H:%M:%S}" if run.start else "-"
        seconds = "" if run.seconds is None else f"{run.seconds:7.1f}"
        lines.append(f"{began:12}  {run.dag:18}  {run.why:16}  {run.state:8}  {seconds}")
    return "\n".join(lines)
