"""A whole local stack with the sample customers on file, and what people see of it from outside."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import yaml
from sqlalchemy import text

import mailroom.local.stack
from mailroom.bootstrap import Services
from mailroom.database.standing import mailboxes_read_since
from mailroom.demo import cast
from mailroom.demo.bills import LedgerBill, ledger_bills
from mailroom.demo.letters import Letterhead, letter
from mailroom.demo.paper import InvoicePaper, invoice_pdf
from mailroom.demo.post_office import PostOffice
from mailroom.demo.stage import Stage, stage
from mailroom.demo.story import Telling, line
from mailroom.local.component import Component
from mailroom.local.settings import StackSettings, repository
from tests.e2e.airflow import Airflow

PACKAGES = Path(__file__).parent / "packages"
DAG = "process_invoices"

T = TypeVar("T")


@dataclass
class Office:
    """The sample customer Acme: a mailbox, Airflow behind it, a ledger at its end."""

    stage: Stage
    airflow: Airflow
    post: PostOffice
    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 1000)))

    @property
    def found(self) -> Services:
        return self.stage.found

    def send_invoice(self) -> InvoicePaper:
        """Have a supplier on file send a small clean invoice, unlike all others; return it."""
        number = next(self._numbers)
        telling = Telling(number, datetime.now(UTC))
        lines = (line("Kopierpapier A4, 80 g", "1", str(Decimal("20") + number), "19"),)
        paper = telling.paper(cast.OFFICE, telling.number("NB", 1), lines)
        head = Letterhead(
            cast.OFFICE.email,
            cast.OFFICE.party.name,
            cast.ACME_MAILBOX,
            f"Rechnung {paper.number}",
            telling.message_id("e2e", cast.OFFICE.domain),
            telling.now,
        )
        mail = letter(head, "Anbei unsere Rechnung.", [(f"{paper.number}.pdf", invoice_pdf(paper))])
        self.post.send(mail, head.sender, head.recipient)
        return paper

    def bills(self, number: str) -> list[LedgerBill]:
        """Return the ledger's bills of an invoice number."""
        environ = self.stage.environ
        bills = ledger_bills(environ["MAILROOM_LEDGER_URL"], environ["MAILROOM_SECRET_LEDGER_PASSWORD"])
        return [bill for bill in bills if bill.invoice_no == number]

    def post_one(self, within: float = 90) -> InvoicePaper:
        """Send one invoice and wait until it stands in the ledger and its run is over."""
        paper = self.send_invoice()
        eventually(lambda: self.bills(paper.number), f"{paper.number} in the ledger", within)
        self.rest()
        return paper

    def task_states(self, run: dict[str, Any]) -> dict[str, str]:
        """Return the states of a run's tasks by id; of a mapped one that of its last index."""
        return {task["task_id"]: task["state"] for task in self.airflow.tasks(DAG, run["dag_run_id"])}

    def run_with_work(self) -> dict[str, Any]:
        """Return the only run so far that took an invoice to its end; those that found nothing skip their phases."""
        [run] = [each for each in self.airflow.runs(DAG) if self.task_states(each).get("invoice.conclude") == "success"]
        return run

    def latest_run(self) -> dict[str, Any]:
        return self.airflow.runs(DAG)[0]

    def state_of(self, run: str) -> str:
        return next(each["state"] for each in self.airflow.runs(DAG) if each["dag_run_id"] == run)

    def rest(self) -> None:
        """Wait until nothing of Airflow's runs."""
        eventually(self._rests, "Airflow to rest", 60)

    def _rests(self) -> bool:
        open_runs = [
            run["dag_run_id"]
            for dag in self.airflow.paused()
            for run in self.airflow.runs(dag)
            if run["state"] in {"queued", "running"}
        ]
        return not open_runs

    def rows(self, query: str, **values: Any) -> list[Any]:
        """Read Acme's rows as the application's role sees them."""
        with self.found.database.organization(self.found.organization("acme")) as connection:
            return list(connection.execute(text(query), values).all())

    def effects(self) -> list[tuple[Any, ...]]:
        """Return what a second run of anything must leave as it is: moves, mails, bills, events."""
        counted = self.rows(
            """SELECT (SELECT count(*) FROM transactions), (SELECT sum(version) FROM transactions),
                (SELECT count(*) FROM outbox), (SELECT count(*) FROM posting_intents),
                (SELECT count(*) FROM approvals), (SELECT count(*) FROM messages)"""
        )
        environ = self.stage.environ
        bills = ledger_bills(environ["MAILROOM_LEDGER_URL"], environ["MAILROOM_SECRET_LEDGER_PASSWORD"])
        return [*(tuple(row) for row in counted), (len(bills),)]


@contextmanager
def open_office(variables: Mapping[str, str] | None = None) -> Iterator[Office]:
    """Run a stack until the block ends; `variables` are set for each of its processes, over the stack's own."""
    # Not pytest's tmp_path: Postgres' own user can't enter it.
    root = Path(tempfile.mkdtemp(prefix="mailroom-e2e-", dir="/var/tmp"))
    root.chmod(0o755)
    _write_configuration(root / "config")
    settings = StackSettings(
        state_dir=root / "state",
        ports="auto",
        config_dir=root / "config",
        local_domains=",".join(cast.signing_domains()),
    )
    path = os.pathsep.join(filter(None, [str(PACKAGES), os.environ.get("PYTHONPATH")]))
    try:
        with (
            mock.patch.dict(os.environ, {"PYTHONPATH": path, "STUMBLING_FOLDER": str(root), **(variables or {})}),
            _set_for_all(variables or {}),
            stage(settings, lambda _: None) as on_stage,
        ):
            yield from _opened(on_stage, root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _opened(on_stage: Stage, root: Path) -> Iterator[Office]:
    airflow = Airflow(*on_stage.airflow_login)
    mail = on_stage.stack.mail
    post = PostOffice("127.0.0.1", mail.imap_port, mail.smtp_port, mail.password)
    office = Office(on_stage, airflow, post, root)
    try:
        eventually(lambda: DAG in airflow.paused(), "the DAGs", 60)
        eventually(lambda: _is_read(office), "the mailboxes to be read once", 60)
        yield office
    finally:
        post.close()
        airflow.close()


def _is_read(office: Office) -> bool:
    with office.found.database.organization(office.found.organization("acme")) as connection:
        return bool(mailboxes_read_since(connection, office.stage.began))


def _write_configuration(folder: Path) -> None:
    """Copy the sample configuration; Acme's process gets a step of another package's."""
    shutil.copytree(repository() / "config", folder)
    path = folder / "customers" / "acme.yaml"
    acme = yaml.safe_load(path.read_text(encoding="utf-8"))
    acme["processes"]["accounts_payable"] = {"add": [{"name": "stumble", "after": "validate"}]}
    path.write_text(yaml.safe_dump(acme), encoding="utf-8")


@contextmanager
def _set_for_all(variables: Mapping[str, str]) -> Iterator[None]:
    """Give every component of a stack these variables: the local stack itself knows the directory store only."""
    made = mailroom.local.stack.components_of

    def changed(settings: StackSettings) -> list[Component]:
        return [
            replace(component, environment={**(component.environment or {}), **variables})
            for component in made(settings)
        ]

    with mock.patch.object(mailroom.local.stack, "components_of", changed):
        yield


def eventually(condition: Callable[[], T], what: str, within: float = 60) -> T:
    """Wait until a condition holds and return its answer."""
    deadline = time.monotonic() + within
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"waited {within:.0f} s for {what}"
        time.sleep(0.3)
    return answer
