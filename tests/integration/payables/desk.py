"""A payables desk to test with: the real engine, steps, writers and database; only the reader and the ERP are ours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import yaml
from sqlalchemy import text

from erp_connectors.interface import Connector
from mailroom.approvals.step import approve_step
from mailroom.approvals.writers import approvals_writers
from mailroom.database.bulk import insert_rows
from mailroom.database.organizations import add_user
from mailroom.database.session import Database
from mailroom.database.suppliers import save_supplier, trust_account
from mailroom.database.transactions import insert_transactions
from mailroom.documents.sandbox import SandboxPool
from mailroom.domain.document import DocumentType, ExtractedDocument, FieldValue, Line
from mailroom.engine.apply import Applier
from mailroom.engine.common_writers import common_writers
from mailroom.engine.process import Process, build_process
from mailroom.engine.run import Engine, RunReport
from mailroom.engine.setup import CustomerSetup
from mailroom.engine.step import Step, StepRegistry
from mailroom.payables.extract import ReadFile, extract_step
from mailroom.payables.steps import payables_steps
from mailroom.payables.subject import approval_subjects
from mailroom.payables.writers import payables_writers
from mailroom.ports import ObjectStore
from mailroom.posting.writers import posting_writers
from mailroom.settings.customers import CustomerPolicy
from mailroom.settings.processes import ProcessChange, ProcessPolicy, changed
from mailroom.settings.retry import RetryPolicy
from tests.builders import AUDIT_KEY, a_customer
from tests.integration.posting.ledger import Ledger

PROCESS = "accounts_payable"
PROCESS_FILE = Path(__file__).parents[3] / "config" / "processes" / "accounts_payable.yaml"
TODAY = datetime.now(UTC).date()

PAPER: dict[str, str] = {
    "invoice_number": "INV-1001",
    "issue_date": (TODAY - timedelta(days=2)).isoformat(),
    "due_date": (TODAY + timedelta(days=28)).isoformat(),
    "currency": "EUR",
    "net_total": "100.00",
    "tax_total": "19.00",
    "gross_total": "119.00",
    "vendor_name": "Nordlicht Papier GmbH",
    # Example numbers with right check digits: python-stdnum's and the ECBS's own.
    "vendor_tax_id": "DE136695976",
    "bank_account": "DE89370400440532013000",
    "buyer_name": "Acme",
}
"""An invoice in order, from the one supplier on file."""


def policy(**changes: Any) -> CustomerPolicy:
    """Return a customer that lets clean invoices up to 500 through and posts to a ledger."""
    return a_customer(
        **{
            "approvals": {
                "straight_through_limit": "500.00",
                "rules": [{"approvers": ["boss@acme.example"]}],
            },
            "posting": {"connector": "ledger", "default_account": "4980", "default_tax_code": "V19"},
            **changes,
        }
    )


def as_file(*papers: dict[str, Any], kind: DocumentType = DocumentType.INVOICE) -> bytes:
    """Return a file that the desk's reader reads as these papers."""
    return json.dumps([{"kind": kind.value, **paper} for paper in papers]).encode()


def read_json(content: bytes, _name: str, _pool: SandboxPool, _readers: Sequence[str]) -> list[ExtractedDocument]:
    """Read what `as_file` wrote."""
    found = []
    for paper in json.loads(content):
        kind, lines = DocumentType(paper.pop("kind")), paper.pop("lines", [])
        fields = {name: FieldValue(value, 0.97, "layout", 1) for name, value in paper.items()}
        found.append(ExtractedDocument(kind, (1,), fields, tuple(Line(**line) for line in lines)))
    return found


@dataclass
class Desk:
    """One organization's payables desk."""

    database: Database
    store: ObjectStore
    organization: UUID
    customer: CustomerPolicy = field(default_factory=policy)
    ledger: Connector = field(default_factory=Ledger)
    ledger_name: str = "ledger"
    left_out: tuple[str, ...] = ()
    read_file: ReadFile = read_json
    owner_url: str = ""
    pool: SandboxPool = field(default_factory=lambda: SandboxPool(1))

    def of(self, _organization_id: UUID) -> CustomerSetup:
        """Return the setup, as the engine asks for it."""
        return CustomerSetup(self.customer, {PROCESS: self.process()}, "tests")

    def process(self) -> Process:
        """Return the shipped process with the real steps."""
        found = ProcessPolicy.model_validate(yaml.safe_load(PROCESS_FILE.read_text()))
        retry = {"max_attempts": 3, "base_seconds": 0.01, "factor": 1}
        retries = {name: RetryPolicy(name=name, **retry) for name in ("default", "upload")}
        found = changed(found, ProcessChange(remove=self.left_out))
        return build_process(found, StepRegistry(self._steps()), retries)

    def _steps(self) -> list[Step]:
        built = payables_steps(self.store, self.pool, lambda customer: (self.ledger_name, self.ledger))
        steps = [each for each in built if each.name != "extract"]
        return [extract_step(self.store, self.pool, self.read_file), *steps, approve_step(approval_subjects, b"key")]

    def engine(self, worker: str = "worker-1", **changes: Any) -> Engine:
        """Return an engine; several may run at once."""
        writers = common_writers()
        for found in (payables_writers(), posting_writers(), approvals_writers()):
            for effect, writer in found.items():
                writers.add(effect, writer)
        applier = Applier(self.database, writers, AUDIT_KEY, worker, 60.0, lambda planned, context: ())
        return Engine(self.database, self, applier, worker, jitter=lambda bound: 0.0, **changes)

    def run(self, worker: str = "worker-1") -> RunReport:
        """Do all due work once."""
        report = RunReport()
        engine = self.engine(worker)
        while (done := engine.run_due([PROCESS])).total:
            report.merge(done)
        return report

    def supplier(self, number: str = "S-1", accounts: Sequence[str] = ("DE89370400440532013000",), **more: Any) -> UUID:
        """Put a supplier on file."""
        values = {
            "number": number,
            "name": "Nordlicht Papier GmbH",
            "email_domains": ["nordlicht.example"],
            "tax_ids": ["DE136695976"],
            "email": "billing@nordlicht.example",
            "phone": "+49 30 901820",
            **more,
        }
        with self.database.organization(self.organization) as connection:
            supplier_id, _ = save_supplier(connection, self.organization, values)
            for account in accounts:
                trust_account(connection, self.organization, supplier_id, account, actor="test")
        return supplier_id

    def approver(self, email: str = "boss@acme.example") -> None:
        """Add who decides."""
        with self.database.organization(self.organization) as connection:
            add_user(connection, self.organization, email=email, name="Boss", role="approver")

    def receive(
        self,
        content: bytes,
        *,
        sender: str | None = "billing@nordlicht.example",
        mode: str = "auto",
        files: Sequence[bytes] = (),
        reply_to: str | None = "billing@nordlicht.example",
        filename: str = "invoice.pdf",
        flags: Sequence[str] = (),
        words: str = "",
    ) -> UUID:
        """Open a transaction as intake does; return its id."""
        key = uuid4()
        directory = f"org/{self.organization}/tx/{key}"
        with self.database.organization(self.organization) as connection:
            now = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            inputs = {
                "sender": sender,
                "reply_to": reply_to,
                "mail": {"subject": "Our invoice", "body": words, "message_id": f"<{key}@mail.example>"},
                "screening": {"flags": list(flags)},
            }
            row = {
                "id": key, "organization_id": self.organization, "process": PROCESS, "step": "extract",
                "state": "received", "mode": mode, "version": 1, "attempts": 0, "fence": 0, "due_at": now,
                "working_directory": directory, "inputs": inputs, "created_at": now, "updated_at": now,
            }  # fmt: skip
            insert_transactions(connection, [row])
            documents = []
            for number, body in enumerate((content, *files)):
                digest = hashlib.sha256(body).hexdigest()
                object_key = f"{directory}/invoice-{number}-{digest[:16]}.pdf"
                self.store.put(object_key, body)
                documents.append(
                    {
                        "id": uuid4(), "organization_id": self.organization, "transaction_id": key,
                        "part_path": str(number), "document_type": "invoice", "status": "received",
                        "filename": filename if number == 0 else f"more-{number}.pdf",
                        "content_type": "application/pdf", "sha256": digest, "size_bytes": len(body),
                        "object_key": object_key, "created_at": now,
                    }
                )  # fmt: skip
            insert_rows(connection, "documents", documents)
        return key

    def paper(self, *, noise: str = "", **changes: str | None) -> bytes:
        """Return a file with the usual invoice, changed; `noise` makes it another file with the same facts."""
        facts = {name: value for name, value in {**PAPER, **changes}.items() if value is not None}
        return as_file(facts) + noise.encode()

    def state(self, key: UUID) -> tuple[str, str | None]:
        """Return a transaction's state and reason."""
        (row,) = self.rows("SELECT state, reason FROM transactions WHERE id = :id", id=key)
        return row.state, row.reason

    def findings(self, key: UUID) -> dict[str, Any]:
        """Return a transaction's findings by rule."""
        return {row.rule: row for row in self.rows("SELECT * FROM findings WHERE transaction_id = :id", id=key)}

    def rows(self, query: str, **parameters: Any) -> Sequence[Any]:
        """Return the rows of a query as this organization sees them."""
        with self.database.organization(self.organization) as connection:
            return connection.execute(text(query), parameters).all()
