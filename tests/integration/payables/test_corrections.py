"""A person's fix: a field corrected, a finding released; approvals of what was before are void."""

from __future__ import annotations

import pytest

from mailroom.database.approvals import void_approvals
from mailroom.domain.errors import NotAllowedError, RejectedInputError, UnknownIdError
from mailroom.payables.corrections import Hand, correct_fields, release_findings
from tests.builders import AUDIT_KEY
from tests.integration.payables.desk import Desk

HAND = Hand("user:clerk@acme.example", "read it on the paper", AUDIT_KEY)
BIG = {"net_total": "600.00", "tax_total": "114.00", "gross_total": "714.00"}


def correct(desk: Desk, key, **changes: str):
    with desk.database.organization(desk.organization) as connection:
        return correct_fields(connection, key, changes, HAND, desk.process(), void_approvals)


def test_a_corrected_field_is_kept_with_who_and_why_and_the_invoice_goes_on(desk: Desk):
    key = desk.receive(desk.paper(invoice_number=None))
    desk.run()
    assert desk.state(key) == ("on_hold", "missing_fields")

    correct(desk, key, invoice_number="INV-55")
    desk.run()

    assert desk.state(key) == ("completed", None)
    (row,) = desk.rows("SELECT field, old_value, new_value, actor, reason FROM corrections")
    assert tuple(row) == ("invoice_number", None, "INV-55", "user:clerk@acme.example", "read it on the paper")


def test_the_event_of_a_correction_holds_no_value(desk: Desk):
    key = desk.receive(desk.paper(invoice_number=None))
    desk.run()

    correct(desk, key, invoice_number="SECRET-9")

    bodies = [row.body for row in desk.rows("SELECT body FROM events WHERE kind = 'invoice_corrected'")]
    assert len(bodies) == 1
    assert "SECRET-9" not in bodies[0]


def test_a_correction_voids_what_was_asked_and_asks_again(desk: Desk):
    key = desk.receive(desk.paper(**BIG))
    desk.run()
    (before,) = desk.rows("SELECT version_hash, state FROM approvals")

    correct(desk, key, bank_account="GB29NWBK60161331926819")

    (after,) = desk.rows("SELECT version_hash, state FROM approvals")
    assert (before.state, after.state) == ("open", "void")
    (invoice,) = desk.rows("SELECT version_hash FROM invoices")
    assert invoice.version_hash != before.version_hash


def test_a_chosen_supplier_and_account_are_not_written_over(desk: Desk):
    desk.supplier("S-2", accounts=[], default_account="1111")
    key = desk.receive(desk.paper(bank_account=None), sender=None)
    desk.run()
    assert desk.state(key)[1] == "ambiguous_supplier"

    correct(desk, key, supplier_number="S-2", account="2222")
    desk.run()

    (bill,) = desk.ledger.bills
    assert (bill.supplier_code, bill.lines[0].account) == ("S-2", "2222")


def test_a_changed_supplier_brings_its_own_account(desk: Desk):
    desk.supplier(default_account="9999")
    desk.supplier("S-2", accounts=[], default_account="1111")
    key = desk.receive(desk.paper(buyer_name=None))
    desk.run()

    correct(desk, key, supplier_number="S-2", buyer_name="Acme", bank_account="")
    desk.run()
    (invoice,) = desk.rows("SELECT account FROM invoices WHERE transaction_id = :id", id=key)

    assert invoice.account == "1111"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"gross_total": "12,50"}, "1234.50"),
        ({"issue_date": "22.11.2026"}, "2026-11-22"),
        ({"supplier_number": "S-404"}, "no supplier"),
        ({"colour": "red"}, "cannot be corrected"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_an_example(desk: Desk, changes, words):
    key = desk.receive(desk.paper(buyer_name=None))
    desk.run()

    with pytest.raises(RejectedInputError, match=words):
        correct(desk, key, **changes)


def test_what_is_posted_cannot_be_corrected(desk: Desk):
    key = desk.receive(desk.paper())
    desk.run()

    with pytest.raises(NotAllowedError):
        correct(desk, key, gross_total="1.00")


def test_a_change_without_a_reason_is_refused():
    with pytest.raises(RejectedInputError):
        Hand("user:clerk@acme.example", "  ", AUDIT_KEY)


def test_releasing_what_nobody_found_names_what_is_open(desk: Desk):
    key = desk.receive(desk.paper(buyer_name=None))
    desk.run()

    with (
        pytest.raises(UnknownIdError, match="wrong_customer"),
        desk.database.organization(desk.organization) as connection,
    ):
        release_findings(connection, key, ["duplicate"], HAND, desk.process())


def test_whoever_corrected_or_released_is_not_asked_to_approve(desk: Desk):
    boss = Hand("user:boss@acme.example", "looks right", AUDIT_KEY)
    key = desk.receive(desk.paper(**BIG, buyer_name=None))
    desk.run()

    with desk.database.organization(desk.organization) as connection:
        release_findings(connection, key, ["wrong_customer"], boss, desk.process())
    desk.run()

    assert desk.state(key) == ("on_hold", "no_approver")
