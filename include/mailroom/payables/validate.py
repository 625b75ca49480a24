"""Step `validate`: whose invoice it is, whether it is in order, whether it was here before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.findings import findings_of
from mailroom.database.invoices import Invoice, invoices_like, registered_invoices
from mailroom.database.suppliers import all_suppliers
from mailroom.domain.effects import SaveFindings
from mailroom.domain.finding import Finding
from mailroom.domain.outcome import Advance, Hold, Outcome
from mailroom.domain.transaction import Transaction
from mailroom.engine.step import Step, StepContext
from mailroom.payables.effects import SaveInvoice
from mailroom.payables.facts import Facts, SeenInvoices, match_of
from mailroom.payables.rules import coding, paper, payee, repeats
from mailroom.payables.rules.supplier_match import SupplierBook
from mailroom.payables.rules.verdict import stopping
from mailroom.payables.version import version_hash
from mailroom.settings.payables import ValidateSettings

NAME = "validate"


def validate_step() -> Step:
    """Return the step."""
    return Step(NAME, load, decide, settings=ValidateSettings)


def load(connection: Connection, transactions: Sequence[Transaction], context: StepContext) -> Mapping[UUID, Facts]:
    """Fetch a slice's invoices, all suppliers, and every earlier invoice that could be a copy."""
    ids = [each.id for each in transactions]
    registered = registered_invoices(connection, ids)
    if not registered:
        return {}
    settings: ValidateSettings = context.settings
    book = SupplierBook(all_suppliers(connection), settings.name_likeness)
    invoices = [each.invoice for each in registered.values()]
    first, last = _span(invoices, settings.possible_duplicate_days, context)
    limit = context.customer.approvals.straight_through_limit
    alike = invoices_like(
        connection,
        invoices,
        first=first,
        last=last,
        least=Decimal(1) if limit is None else limit * settings.split_share,
        most=limit or Decimal(0),
    )
    seen = SeenInvoices.collected(alike, book)
    kept = findings_of(connection, ids)
    today = context.now.astimezone(context.customer.zone).date()
    modes = {each.id: each.mode for each in transactions}
    return {
        key: Facts(each, match_of(each, book), book, seen, today, modes[key], tuple(kept.get(key, ())))
        for key, each in registered.items()
    }


def _span(invoices: Sequence[Invoice], days: int, context: StepContext) -> tuple[date, date]:
    dated = [each.issue_date for each in invoices if each.issue_date is not None] or [context.now.date()]
    around = timedelta(days=days)
    least, most = min(dated), max(dated)
    # A date misread as year 1 or 9999 must not carry the span out of the calendar.
    return max(least, date.min + around) - around, min(most, date.max - around) + around


def decide(facts: Facts, context: StepContext) -> Outcome:
    """Advance an invoice that nothing stops; hold it for the gravest thing found otherwise."""
    invoice = completed(facts, context)
    findings = unique(found(facts, invoice, context))
    effects = (SaveInvoice(invoice), SaveFindings(NAME, findings))
    codes = {"findings": sorted(each.rule for each in findings), "version": invoice.version_hash}
    stops = stopping(findings, facts.kept, NAME)
    if stops:
        return Hold(stops[0].rule, effects=effects, facts=codes, reference=invoice.invoice_number)
    return Advance(effects=effects, facts=codes, reference=invoice.invoice_number)


def completed(facts: Facts, context: StepContext) -> Invoice:
    """Return the invoice with its supplier, coding and version."""
    known = facts.match.supplier
    invoice = replace(
        facts.invoice,
        supplier_id=known.id if known else None,
        supplier_number=known.number if known else None,
    )
    invoice = coding.coded(invoice, known, context.customer)
    return replace(invoice, version_hash=version_hash(invoice))


def found(facts: Facts, invoice: Invoice, context: StepContext) -> Iterator[Finding]:
    """Run every rule, in the order in which a clerk would ask."""
    customer, settings = context.customer, context.settings
    yield from repeats.duplicates(facts, settings)
    yield from payee.sender(facts.registered, facts.match, facts.book, customer, settings)
    yield from payee.bank_account(invoice, facts.match)
    yield from payee.other_accounts(invoice, facts.match)
    yield from payee.bank_change(facts.registered, facts.match)
    yield from payee.supplier(invoice, facts.match)
    yield from paper.addressee(invoice, customer)
    yield from paper.missing_fields(invoice)
    yield from paper.totals(invoice, settings)
    yield from paper.dates(invoice, facts.today, settings)
    yield from repeats.split_under_limit(facts, customer.approvals, settings)
    yield from coding.missing_account(invoice, customer)


def unique(findings: Iterator[Finding]) -> tuple[Finding, ...]:
    """Return one finding for each rule, the first."""
    by_rule: dict[str, Finding] = {}
    for each in findings:
        by_rule.setdefault(each.rule, each)
    return tuple(by_rule.values())
