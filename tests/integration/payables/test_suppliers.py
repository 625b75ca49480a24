"""Suppliers come from files; a bank account only by a person's word, and every one is an event."""

from __future__ import annotations

import pytest

from mailroom.domain.errors import RejectedInputError, UnknownIdError
from mailroom.payables.supplier_file import supplier_rows
from mailroom.payables.supplier_import import ImportReport, add_account, import_suppliers
from tests.builders import AUDIT_KEY
from tests.integration.payables.desk import Desk

HEAD = "number,name,department,bank_accounts\n"


def imported(desk: Desk, text: str) -> ImportReport:
    with desk.database.organization(desk.organization) as connection:
        return import_suppliers(
            connection, desk.organization, supplier_rows(text.encode()), actor="cli:jo", audit_key=AUDIT_KEY
        )


def accounts(desk: Desk, number: str) -> list[tuple[str, str]]:
    found = desk.rows(
        """SELECT account, trusted_by FROM supplier_bank_accounts b JOIN suppliers s ON s.id = b.supplier_id
        WHERE s.number = :number""",
        number=number,
    )
    return [tuple(row) for row in found]


def trusted_events(desk: Desk) -> list[str]:
    return [row.actor for row in desk.rows("SELECT actor FROM events WHERE kind = 'supplier_account_trusted'")]


def test_a_new_suppliers_accounts_are_trusted_by_whoever_imported_them(desk: Desk):
    report = imported(desk, HEAD + "9,New Ltd,,NL91 ABNA 0417 1643 00\n")

    assert (report.added, report.changed) == (1, 0)
    assert accounts(desk, "9") == [("NL91ABNA0417164300", "cli:jo")]
    assert trusted_events(desk) == ["cli:jo"]


def test_a_known_supplier_never_gets_an_account_from_a_file(desk: Desk):
    report = imported(desk, HEAD + "S-1,Nordlicht Papier GmbH,office,NL91ABNA0417164300\n")

    assert report.untrusted == [(2, "S-1")]
    assert accounts(desk, "S-1") == [("DE89370400440532013000", "test")]
    assert trusted_events(desk) == []
    (row,) = desk.rows("SELECT department, email_domains FROM suppliers WHERE number = 'S-1'")
    assert tuple(row) == ("office", ["nordlicht.example"])


def test_the_same_file_twice_changes_nothing_more(desk: Desk):
    text = HEAD + "9,New Ltd,,NL91ABNA0417164300\n"
    imported(desk, text)
    again = imported(desk, text)

    assert (again.added, again.changed, again.untrusted) == (0, 1, [])
    assert len(accounts(desk, "9")) == 1


def test_a_trusted_account_releases_nothing_by_itself_but_the_next_check_finds_it(desk: Desk):
    key = desk.receive(desk.paper(bank_account="NL91ABNA0417164300"))
    desk.run()
    with desk.database.organization(desk.organization) as connection:
        add_account(connection, desk.organization, "S-1", "NL91 ABNA 0417 1643 00", actor="cli:jo", audit_key=AUDIT_KEY)
    desk.run()
    assert desk.state(key) == ("on_hold", "bank_details_changed")
    assert trusted_events(desk) == ["cli:jo"]

    second = desk.receive(desk.paper(bank_account="NL91ABNA0417164300", invoice_number="2", gross_total="238.00",
                                     net_total="200.00", tax_total="38.00"))  # fmt: skip
    desk.run()

    assert "bank_details_changed" not in desk.findings(second)


@pytest.mark.parametrize("account", ["DE00370400440532013000", "12", ""])
def test_an_account_that_cannot_exist_is_refused(desk: Desk, account: str):
    with (
        pytest.raises(RejectedInputError),
        desk.database.organization(desk.organization) as connection,
    ):
        add_account(connection, desk.organization, "S-1", account, actor="cli:jo", audit_key=AUDIT_KEY)


def test_an_unknown_supplier_gets_no_account(desk: Desk):
    with (
        pytest.raises(UnknownIdError),
        desk.database.organization(desk.organization) as connection,
    ):
        add_account(connection, desk.organization, "404", "NL91ABNA0417164300", actor="x", audit_key=AUDIT_KEY)
