"""Checks of who is to be paid: supplier, sender, tax id, bank account (reliability T11)."""

from __future__ import annotations

from collections.abc import Iterator

from mailroom.database.invoices import Invoice, RegisteredInvoice
from mailroom.database.suppliers import Supplier
from mailroom.domain.finding import Finding, Severity
from mailroom.payables.rules.accounts import (
    account_country,
    account_fault,
    normal_account,
    same_tax_id,
    tax_id_country,
    tax_id_fault,
)
from mailroom.payables.rules.domains import FREE_MAIL, belongs_to, domain_of, looks_like
from mailroom.payables.rules.names import likeness
from mailroom.payables.rules.supplier_match import SupplierBook, SupplierMatch
from mailroom.settings.customers import CustomerPolicy
from mailroom.settings.payables import ValidateSettings

_OTHER_NAME = 60


BANK_CHANGE_FLAG = "bank_change_mentioned"
"""The screening rule that marks a mail about other bank details (config/screening/)."""

ACCOUNTS_IN_MAIL = "accounts_in_mail"
"""The check that lists the bank accounts written in the mail itself."""

OTHER_ACCOUNTS = frozenset({ACCOUNTS_IN_MAIL, "one_bank_account"})


def supplier(invoice: Invoice, match: SupplierMatch) -> Iterator[Finding]:
    """Find an invoice whose supplier is unknown, not clear, blocked, or not the one its name says."""
    if match.is_ambiguous:
        listed = ", ".join(f"{each.supplier.number} {each.supplier.name}" for each in match.rivals)
        yield Finding(
            "ambiguous_supplier",
            Severity.HOLD,
            f"Several suppliers fit ({listed}); choose one by correcting supplier_number.",
            expected="one supplier",
            found=listed,
            field="supplier_number",
        )
    elif match.supplier is None:
        yield Finding(
            "unknown_supplier",
            Severity.HOLD,
            "No supplier on file has this name, tax id or bank account; add the supplier, then continue.",
            expected="a supplier on file",
            found=invoice.vendor_name or "no name",
            field="vendor_name",
        )
    else:
        yield from _known_supplier(invoice, match.supplier)


def _known_supplier(invoice: Invoice, known: Supplier) -> Iterator[Finding]:
    if known.status == "blocked":
        yield Finding(
            "supplier_blocked",
            Severity.BLOCK,
            f"Supplier {known.number} is blocked.",
            expected="active",
            found="blocked",
            field="supplier_number",
        )
    if invoice.vendor_name and max(likeness(invoice.vendor_name, name) for name in known.names) < _OTHER_NAME:
        yield Finding(
            "vendor_name_differs",
            Severity.HOLD,
            "The name on the invoice is not the name or an alias on file.",
            expected=" or ".join(known.names),
            found=invoice.vendor_name,
            field="vendor_name",
        )
    yield from _tax_id(invoice, known)


def _tax_id(invoice: Invoice, known: Supplier) -> Iterator[Finding]:
    tax_id = invoice.vendor_tax_id
    if not tax_id or any(same_tax_id(tax_id, each) for each in known.tax_ids):
        return
    if known.tax_ids:
        yield Finding(
            "tax_id_differs",
            Severity.HOLD,
            "The tax id on the invoice is not one on file for this supplier.",
            expected=" or ".join(known.tax_ids),
            found=tax_id,
            field="vendor_tax_id",
        )
    fault = tax_id_fault(tax_id)
    if fault:
        yield Finding(
            "tax_id_invalid",
            Severity.HOLD,
            f"The VAT id cannot exist: {fault}.",
            expected="a VAT id with a right check digit",
            found=tax_id,
            field="vendor_tax_id",
        )


def sender(
    registered: RegisteredInvoice,
    match: SupplierMatch,
    book: SupplierBook,
    customer: CustomerPolicy,
    settings: ValidateSettings,
) -> Iterator[Finding]:
    """Find a sender that is not known for the supplier, or whose domain only looks like a known one."""
    domain = domain_of(registered.sender)
    if domain is None:
        return
    own = {domain_of(customer.sender), domain_of(customer.owner)}
    if match.supplier is not None and _is_known(registered.sender or "", domain, match.supplier):
        yield from _reply_address(registered, domain, match.supplier)
        return
    # A colleague who passes an invoice on is no supplier; whether the address is genuine, intake has judged.
    imitated = None if domain in own or domain in FREE_MAIL else _imitated(domain, match, book, settings)
    if imitated is not None:
        yield Finding(
            "lookalike_domain",
            Severity.BLOCK,
            "The sender's domain only looks like one on file; take it for a forgery until proved otherwise.",
            expected=imitated,
            found=domain,
            field="sender",
        )
    elif match.supplier is not None:
        yield Finding(
            "unknown_sender",
            Severity.HOLD,
            "The mail came from an address that is not on file for this supplier.",
            expected=" or ".join(match.supplier.email_domains) or "a domain on file",
            found=domain,
            field="sender",
        )


def _is_known(address: str, domain: str, known: Supplier) -> bool:
    if known.email and known.email.strip().lower() == address.strip().lower():
        return True
    return any(belongs_to(domain, each.strip().lower().lstrip("@")) for each in known.email_domains)


def _imitated(domain: str, match: SupplierMatch, book: SupplierBook, settings: ValidateSettings) -> str | None:
    known = list(book.domains())
    if any(belongs_to(domain, each) for each, _ in known):
        return None
    near = [
        (owner is not match.supplier, each)
        for each, owner in known
        if each not in FREE_MAIL and looks_like(domain, each, settings.lookalike_distance)
    ]
    return min(near)[1] if near else None


def _reply_address(registered: RegisteredInvoice, domain: str, known: Supplier) -> Iterator[Finding]:
    answers_to = domain_of(registered.reply_to)
    if answers_to and answers_to != domain and not _is_known(registered.reply_to or "", answers_to, known):
        yield Finding(
            "reply_to_differs",
            Severity.HOLD,
            "Answers to the mail would go to another domain than it came from.",
            expected=domain,
            found=answers_to,
            field="sender",
        )


def bank_account(invoice: Invoice, match: SupplierMatch) -> Iterator[Finding]:
    """Find an account that cannot exist, is not on file, or differs from the trusted ones (C54, C55)."""
    account = invoice.bank_account
    if not account:
        return
    trusted = match.supplier.accounts if match.supplier else ()
    if normal_account(account) in {normal_account(each) for each in trusted}:
        return
    fault = account_fault(account)
    if fault:
        yield Finding(
            "bank_account_invalid",
            Severity.HOLD,
            f"The bank account on the invoice cannot exist: {fault}.",
            expected="an account with right check digits",
            found=account,
            field="bank_account",
        )
    if match.supplier is not None:
        yield _not_trusted(account, match.supplier)
        yield from _country(invoice, account)


def other_accounts(invoice: Invoice, match: SupplierMatch) -> Iterator[Finding]:
    """Find accounts beside the one that was read, on the paper or in the mail, that nobody trusts."""
    trusted = {normal_account(each) for each in (match.supplier.accounts if match.supplier else ())}
    named = [
        account
        for check in invoice.checks
        if check.rule in OTHER_ACCOUNTS and check.result == "fail"
        for account in (check.found or "").split(", ")
        if account and normal_account(account) not in trusted | {normal_account(invoice.bank_account or "")}
    ]
    if named:
        asked = "Ask the supplier." if match.supplier is None else call_back(match.supplier)
        yield Finding(
            "another_account_named",
            Severity.HOLD,
            f"The paper or its mail also names a bank account that is not trusted. {asked}",
            expected=" or ".join(sorted(trusted)) or "no other account",
            found=", ".join(dict.fromkeys(named)),
            field="bank_account",
        )


def _not_trusted(account: str, known: Supplier) -> Finding:
    if not known.accounts:
        return Finding(
            "bank_account_not_on_file",
            Severity.HOLD,
            f"Supplier {known.number} has no bank account on file to compare with.",
            expected="an account on file",
            found=account,
            field="bank_account",
        )
    return Finding(
        "bank_details_changed",
        Severity.BLOCK,
        f"The invoice asks for payment to another account than the trusted ones. {call_back(known)}",
        expected=" or ".join(known.accounts),
        found=account,
        field="bank_account",
    )


def bank_change(registered: RegisteredInvoice, match: SupplierMatch) -> Iterator[Finding]:
    """Find an invoice whose mail also asks to pay elsewhere, whatever account the paper itself names (T11)."""
    if BANK_CHANGE_FLAG in registered.flags:
        asked = (
            "Ask the supplier at a number or address on file" if match.supplier is None else call_back(match.supplier)
        )
        yield Finding(
            "bank_change_mentioned",
            Severity.HOLD,
            f"The mail speaks of changed bank details. {asked}",
            field="bank_account",
        )


def call_back(known: Supplier) -> str:
    """Return whom to ask about a changed account: the contact on file, never the one on the paper."""
    on_file = [
        text for text in (known.phone and f"call {known.phone}", known.email and f"write to {known.email}") if text
    ]
    if not on_file:
        return (
            f"No telephone number or mail address is on file for {known.name}: take one from the contract and ask "
            "there. Never use the ones on this invoice or in its mail."
        )
    return (
        f"Before releasing, {' or '.join(on_file)} (on file for {known.name}) and ask; never use the number or "
        "address on this invoice or in its mail."
    )


def _country(invoice: Invoice, account: str) -> Iterator[Finding]:
    country = account_country(account)
    home = tax_id_country(invoice.vendor_tax_id) if invoice.vendor_tax_id else None
    if country and home and country != home:
        yield Finding(
            "bank_country_differs",
            Severity.HOLD,
            "The bank account is in another country than the supplier's VAT id.",
            expected=home,
            found=country,
            field="bank_account",
        )
