"""Step `extract`: read the transaction's files and find the invoice among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.documents import Document, documents_of, transaction_inputs
from mailroom.documents.faults import Fault
from mailroom.documents.sandbox import SandboxPool
from mailroom.domain.document import Check, DocumentType, ExtractedDocument
from mailroom.domain.effects import SaveFindings, SendMail
from mailroom.domain.errors import RejectedInputError
from mailroom.domain.finding import Finding, Severity
from mailroom.domain.outcome import Advance, Hold, Outcome, Retry
from mailroom.domain.transaction import Transaction
from mailroom.engine.step import Step, StepContext
from mailroom.extraction.accounts import ibans_in
from mailroom.extraction.ladder import extract
from mailroom.payables.effects import SaveExtraction, SaveInvoice
from mailroom.payables.paper_text import paper_text
from mailroom.payables.reading import invoice_of, text_of
from mailroom.payables.rules.paper import names_customer
from mailroom.payables.rules.payee import ACCOUNTS_IN_MAIL
from mailroom.payables.version import version_hash
from mailroom.ports import ObjectStore
from mailroom.settings.payables import ExtractSettings

NAME = "extract"
TEMPLATE = "cannot_use_document"

REASONS = {
    Fault.EMPTY: "empty_file",
    Fault.BROKEN: "broken_file",
    Fault.TIMEOUT: "reading_took_too_long",
    Fault.OUT_OF_MEMORY: "reading_took_too_much_memory",
    Fault.CRASHED: "reader_crashed",
}
"""Why a transaction is held, where a fault's own code would not be clear; other faults keep theirs."""

ReadFile = Callable[[bytes, str, SandboxPool, Sequence[str]], Sequence[ExtractedDocument]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file held, or why it could not be read. `names_customer` is what on its pages names us."""

    document: Document
    found: tuple[ExtractedDocument, ...] = ()
    fault: str | None = None
    message: str | None = None
    names_customer: str | None = None


@dataclass(frozen=True, slots=True)
class ExtractFacts:
    """A transaction's files, whom to tell, and, once read, what they hold."""

    transaction: Transaction
    documents: tuple[Document, ...]
    inputs: dict[str, Any]
    readings: tuple[Reading, ...] = ()


def extract_step(store: ObjectStore, pool: SandboxPool, read_file: ReadFile = extract) -> Step:
    """Return the step; `read_file` reads one file in the pool (`extraction.ladder.extract`)."""

    def read(facts: ExtractFacts, context: StepContext) -> ExtractFacts:
        readings = tuple(_read(each, store, pool, read_file, context) for each in facts.documents)
        return replace(facts, readings=readings)

    return Step(NAME, load, decide, read, settings=ExtractSettings)


def load(
    connection: Connection, transactions: Sequence[Transaction], _context: StepContext
) -> Mapping[UUID, ExtractFacts]:
    """Fetch the rows of a slice's files."""
    ids = [each.id for each in transactions]
    documents, inputs = documents_of(connection, ids), transaction_inputs(connection, ids)
    return {each.id: ExtractFacts(each, tuple(documents.get(each.id, ())), inputs[each.id]) for each in transactions}


def _read(
    document: Document, store: ObjectStore, pool: SandboxPool, read_file: ReadFile, context: StepContext
) -> Reading:
    content = store.get(document.object_key)
    try:
        found = tuple(read_file(content, document.filename or "", pool, context.settings.readers))
    except RejectedInputError as err:
        return Reading(document, fault=err.code, message=err.message)
    buyers = " ".join(each.value("buyer_name") or "" for each in found)
    named = names_customer(buyers, context.customer) or names_customer(
        paper_text(content, pool) if content.startswith(b"%PDF") else "", context.customer
    )
    return Reading(document, found, names_customer=named)


def decide(facts: ExtractFacts, context: StepContext) -> Outcome:
    """Advance with the one invoice among the files; hold what cannot be used, and tell the sender why."""
    settings: ExtractSettings = context.settings
    saved = tuple(_saved(each) for each in facts.readings)
    invoices = _invoices(facts.readings, settings.accepts)
    if len(invoices) == 1:
        reading, found = invoices[0]
        invoice = invoice_of(facts.transaction.id, reading.document, found, reading.names_customer)
        invoice = replace(invoice, checks=(*invoice.checks, *_accounts_in_mail(facts.inputs)))
        if invoice.currency is None and settings.assumed_currency:
            invoice = replace(invoice, currency=settings.assumed_currency)
            invoice = replace(invoice, version_hash=version_hash(invoice))
        return Advance(
            effects=(*saved, SaveInvoice(invoice), SaveFindings(NAME)),
            reference=invoice.invoice_number,
            facts={"document": str(reading.document.id), "version": invoice.version_hash},
        )
    if _crashed_once(facts):
        return Retry("reader_crashed", "the reader crashed on a file; it is read once more")
    return _held(facts, saved, *_why(facts, invoices))


def _accounts_in_mail(inputs: dict[str, Any]) -> Iterator[Check]:
    """Tell which bank accounts the mail's own text names: a forger writes there what the paper does not say."""
    named = ibans_in(text_of((inputs.get("mail") or {}).get("body")) or "")
    if named:
        yield Check(ACCOUNTS_IN_MAIL, "fail", found=", ".join(named))


def _invoices(readings: Sequence[Reading], accepts: Sequence[DocumentType]) -> list[tuple[Reading, ExtractedDocument]]:
    """Return the invoices among the files; a PDF and the XML of the same invoice count once (C49)."""
    by_identity: dict[tuple[str | None, ...], tuple[Reading, ExtractedDocument]] = {}
    for reading in readings:
        for found in reading.found:
            if found.document_type not in accepts:
                continue
            identity = tuple(found.value(name) for name in ("invoice_number", "gross_total", "issue_date"))
            if not any(identity):
                identity = (str(reading.document.id), str(found.pages))
            known = by_identity.get(identity)
            if known is None or _rank(found) > _rank(known[1]):
                by_identity[identity] = (reading, found)
    return list(by_identity.values())


def _rank(found: ExtractedDocument) -> tuple[bool, int]:
    return any(value.source == "xml" for value in found.fields.values()), len(found.fields)


def _crashed_once(facts: ExtractFacts) -> bool:
    crashed = any(each.fault == Fault.CRASHED.value for each in facts.readings)
    return crashed and facts.transaction.attempts == 0


def _why(facts: ExtractFacts, invoices: Sequence[tuple[Reading, ExtractedDocument]]) -> tuple[str, str, str | None]:
    """Return the reason's code, one sentence, and the file's name."""
    if len(invoices) > 1:
        name = invoices[0][0].document.filename
        return "several_documents", f"{len(invoices)} invoices came together; each is needed on its own.", name
    for reading in facts.readings:
        if reading.fault is not None:
            known = {fault.value: reason for fault, reason in REASONS.items()}
            return known.get(reading.fault, reading.fault), reading.message or "", reading.document.filename
    if not facts.documents:
        return "no_document", "The transaction has no file.", None
    kinds = {found.document_type.value for reading in facts.readings for found in reading.found}
    what = ", ".join(sorted(kind.replace("_", " ") for kind in kinds)) or "no invoice"
    return "not_an_invoice", f"The file holds {what}, where an invoice is needed.", facts.documents[0].filename


def _held(
    facts: ExtractFacts, saved: Sequence[SaveExtraction], reason: str, sentence: str, filename: str | None
) -> Hold:
    finding = Finding(reason, Severity.HOLD, sentence, expected="one invoice that can be read", found=text_of(filename))
    return Hold(
        reason,
        effects=(*saved, SaveFindings(NAME, (finding,)), *_answer(facts, reason, sentence, filename)),
        facts={"findings": [reason]},
    )


def _answer(facts: ExtractFacts, reason: str, sentence: str, filename: str | None) -> tuple[SendMail, ...]:
    """Return the mail that tells the sender why, once; an automatic sender has no `reply_to`."""
    mail = facts.inputs.get("mail") or {}
    recipient = facts.inputs.get("reply_to")
    if not recipient:
        return ()
    answer = SendMail(
        template=TEMPLATE,
        recipient=recipient,
        key=TEMPLATE,
        context={
            "reason": reason,
            "message": sentence,
            "filename": text_of(filename) or "without a name",
            "subject": text_of(facts.inputs.get("subject") or mail.get("subject")),
        },
        in_reply_to=facts.inputs.get("message_id") or mail.get("message_id"),
    )
    return (answer,)


def _saved(reading: Reading) -> SaveExtraction:
    document = reading.document
    if reading.fault is not None:
        error = {"code": reading.fault, "message": reading.message}
        return SaveExtraction(document.id, "unreadable", None, "none", {"error": error})
    kinds = {found.document_type.value for found in reading.found}
    readers = sorted({value.source for found in reading.found for value in found.fields.values()})
    return SaveExtraction(
        document.id,
        "extracted",
        kinds.pop() if len(kinds) == 1 else None,
        ", ".join(readers) or "none",
        {"documents": [_storable(found.as_json()) for found in reading.found]},
    )


def _storable(value: Any) -> Any:
    """Return JSON that Postgres takes: no NUL and no lone surrogates in any text."""
    if isinstance(value, str):
        return value.replace("\x00", " ").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _storable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_storable(each) for each in value]
    return value
