"""Fill a new Tryton database with a company to post bills into. Run by Tryton's own Python, never imported.

    company.py TRYTOND.CONF DATABASE PASSWORD

A company in euros with a chart of seven accounts, the years 2025 to 2027 in months, two taxes, suppliers with
tax numbers and bank accounts, and two people: `mailroom`, who may do what an accountant may, and `buchhaltung`,
the same in German.
"""

from __future__ import annotations

import datetime
import sys
from decimal import Decimal

from trytond import config

config.update_etc(sys.argv[1])

from trytond.pool import Pool  # noqa: E402
from trytond.transaction import Transaction  # noqa: E402

YEARS = (2025, 2026, 2027)
SUPPLIERS = (
    ("S-100", "Paper Mill Ltd", "ATU13585627", "AT611904300234573201"),
    ("S-200", "Other Mill Ltd", None, None),
)


def main(database: str, password: str) -> None:
    """Set everything up in one transaction."""
    with Transaction().start(database, 0):
        Pool(database).init()
    with Transaction().start(database, 1, context={"active_test": False}) as transaction:
        company = add_company()
        with transaction.set_context(company=company.id):
            accounts = add_accounts(company)
            add_taxes(company, accounts)
            add_journal_and_years(company)
            add_suppliers(accounts)
            add_people(company, password)


def made(model: str, **values: object) -> object:
    """Create one record."""
    record = Pool().get(model)(**values)
    record.save()
    return record


def found(model: str, *domain: tuple[str, str, object]) -> object:
    """Return the one record that fits."""
    (record,) = Pool().get(model).search(list(domain), limit=1)
    return record


def add_company() -> object:
    cents = {"rounding": Decimal("0.01"), "digits": 2}
    euro = made("currency.currency", name="Euro", code="EUR", symbol="€", numeric_code="978", **cents)
    dollar = made("currency.currency", name="Dollar", code="USD", symbol="$", numeric_code="840", **cents)
    for currency, rate in ((euro, "1"), (dollar, "1.1")):
        made("currency.currency.rate", currency=currency, date=datetime.date(2025, 1, 1), rate=Decimal(rate))
    party = made("party.party", name="Acme GmbH", addresses=[{}])
    return made("company.company", party=party, currency=euro)


def add_accounts(company: object) -> dict[str, object]:
    kinds = {
        kind: made("account.account.type", name=kind.title(), company=company, **{kind: True}, **more)
        for kind, more in (
            ("payable", {"statement": "balance"}),
            ("receivable", {"statement": "balance", "assets": True}),
            ("assets", {"statement": "balance"}),
            ("expense", {"statement": "income"}),
        )
    }
    chart = (
        ("1600", "Payables", "payable", {"reconcile": True, "party_required": True}),
        ("1200", "Receivables", "receivable", {"reconcile": True, "party_required": True}),
        ("1576", "Input tax 19 %", "assets", {}),
        ("1571", "Input tax 7 %", "assets", {}),
        ("6800", "Office supplies", "expense", {}),
        ("6900", "Other expenses", "expense", {}),
        ("6999", "Old expenses", "expense", {"closed": True}),
    )
    return {
        code: made("account.account", code=code, name=name, type=kinds[kind], company=company, **more)
        for code, name, kind, more in chart
    }


def add_taxes(company: object, accounts: dict[str, object]) -> None:
    for name, rate, account in (("Input tax 19 %", "0.19", "1576"), ("Input tax 7 %", "0.07", "1571")):
        made(
            "account.tax",
            name=name,
            description=name,
            type="percentage",
            rate=Decimal(rate),
            invoice_account=accounts[account],
            credit_note_account=accounts[account],
            company=company,
        )


def add_journal_and_years(company: object) -> None:
    if not Pool().get("account.journal").search([("code", "=", "EXP")]):
        made("account.journal", name="Expense", code="EXP", type="expense")
    invoices = found("ir.sequence.type", ("name", "=", "Invoice"))
    moves = found("ir.sequence.type", ("name", "=", "Account Move"))
    for year in YEARS:
        both = {"company": company, "prefix": f"{year}/"}
        numbers = made("ir.sequence.strict", name=f"Bills {year}", sequence_type=invoices, **both)
        entries = made("ir.sequence.strict", name=f"Moves {year}", sequence_type=moves, **both)
        kinds = ("in_invoice", "in_credit_note", "out_invoice", "out_credit_note")
        fiscal_year = made(
            "account.fiscalyear",
            name=str(year),
            start_date=datetime.date(year, 1, 1),
            end_date=datetime.date(year, 12, 31),
            company=company,
            move_sequence=entries,
            invoice_sequences=[{"company": company, **{f"{kind}_sequence": numbers for kind in kinds}}],
        )
        Pool().get("account.fiscalyear").create_period([fiscal_year])


def add_suppliers(accounts: dict[str, object]) -> None:
    category = made("party.category", name="Suppliers")
    bank = made("bank", party=made("party.party", name="Bank", addresses=[{}]), bic="COBADEFFXXX")
    for code, name, tax_number, iban in SUPPLIERS:
        party = made(
            "party.party",
            code=code,
            name=name,
            addresses=[{}],
            categories=[category],
            account_payable=accounts["1600"],
            account_receivable=accounts["1200"],
            identifiers=[{"type": "eu_vat", "code": tax_number}] if tax_number else [],
            contact_mechanisms=[{"type": "email", "value": f"billing@{code.lower()}.example"}],
        )
        if iban:
            made("bank.account", bank=bank, owners=[party], numbers=[{"type": "iban", "number": iban}])


def add_people(company: object, password: str) -> None:
    groups = [found("res.group", ("name", "=", name)) for name in ("Accounting",)]
    for login, language in (("mailroom", "en"), ("buchhaltung", "de")):
        made(
            "res.user",
            name=login,
            login=login,
            password=password,
            language=found("ir.lang", ("code", "=", language)),
            groups=groups,
            companies=[company],
            company=company,
        )


main(*sys.argv[2:])
