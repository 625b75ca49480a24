"""An invoice's way through the desk, and what stops it."""

from __future__ import annotations

import json

import pytest

from tests.integration.payables.desk import PAPER, Desk, as_file, policy


def test_a_clean_invoice_goes_straight_through_and_is_posted_as_a_draft(desk: Desk):
    key = desk.receive(desk.paper())

    desk.run()

    assert desk.state(key) == ("completed", None)
    (bill,) = desk.ledger.bills
    assert (bill.supplier_code, bill.invoice_number, str(bill.gross), bill.draft) == ("S-1", "INV-1001", "119.00", True)
    assert [each.body for each in bill.attachments] == [desk.paper()]
    assert {line.account for line in bill.lines} == {"4980"}


def test_the_working_directory_keeps_the_receipt(desk: Desk):
    key = desk.receive(desk.paper())

    desk.run()

    manifest = json.loads(desk.store.get(f"org/{desk.organization}/tx/{key}/transaction.json"))
    assert manifest["status"] == "COMPLETED"
    assert manifest["receipt"]["external_reference"] == "BILL-1"


def test_shadow_reads_and_decides_but_posts_nothing(desk: Desk):
    desk.customer = policy(mode="shadow")
    key = desk.receive(desk.paper(), mode="shadow")

    desk.run()

    assert desk.state(key) == ("completed", None)
    assert desk.ledger.calls == []


def test_an_invoice_over_the_limit_waits_for_a_person(desk: Desk):
    key = desk.receive(desk.paper(net_total="600.00", tax_total="114.00", gross_total="714.00"))

    desk.run()

    assert desk.state(key)[0] == "awaiting_approval"
    assert desk.ledger.bills == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"invoice_number": None}, "missing_fields"),
        ({"invoice_number": "N/A"}, "missing_fields"),
        ({"currency": None}, "missing_fields"),
        ({"gross_total": "120.00"}, "totals_do_not_add_up"),
        ({"issue_date": "2099-01-01", "due_date": None}, "implausible_date"),
        ({"buyer_name": "Globex Clinics Ltd"}, "wrong_customer"),
        ({"buyer_name": None}, "wrong_customer"),
        ({"vendor_name": "Unheard Of Ltd", "vendor_tax_id": None, "bank_account": None}, "unknown_supplier"),
        # The account number of the ECBS's Dutch example: right check digits, not on file.
        ({"bank_account": "NL91ABNA0417164300"}, "bank_details_changed"),
        ({"bank_account": "DE89370400440532013001"}, "bank_details_changed"),
        ({"vendor_tax_id": "DE129273398"}, "tax_id_differs"),
    ],
)
def test_an_invoice_that_is_not_in_order_is_held_for_the_gravest_reason(desk: Desk, changes, reason):
    key = desk.receive(desk.paper(**changes))

    desk.run()

    assert desk.state(key) == ("on_hold", reason)
    assert desk.findings(key)[reason].expected
    assert desk.ledger.bills == []


def test_changed_bank_details_name_the_number_on_file(desk: Desk):
    key = desk.receive(desk.paper(bank_account="NL91ABNA0417164300"))

    desk.run()

    finding = desk.findings(key)["bank_details_changed"]
    assert "+49 30 901820" in finding.message
    assert (finding.expected, finding.found) == ("DE89370400440532013000", "NL91ABNA0417164300")


def test_a_mail_that_speaks_of_another_bank_account_is_held_though_the_paper_names_the_trusted_one(desk: Desk):
    key = desk.receive(desk.paper(), flags=["bank_change_mentioned"])

    desk.run()

    assert desk.state(key) == ("on_hold", "bank_change_mentioned")
    assert desk.ledger.bills == []


OTHER_ACCOUNT = "NL91ABNA0417164300"


@pytest.mark.parametrize("written", [OTHER_ACCOUNT, "NL91 ABNA 0417 1643 00", "N L 9 1 A B N A 0 4 1 7 1 6 4 3 0 0"])
def test_an_account_that_only_the_mail_names_is_never_straight_through(desk: Desk, written: str):
    key = desk.receive(desk.paper(), words=f"Kindly remit to {written}, thank you.")

    desk.run()

    assert desk.state(key) == ("on_hold", "another_account_named")
    assert desk.findings(key)["another_account_named"].found == OTHER_ACCOUNT
    assert desk.ledger.bills == []


def test_a_mail_that_names_the_trusted_account_goes_its_way(desk: Desk):
    key = desk.receive(desk.paper(), words="Our bank: DE89 3704 0044 0532 0130 00, order AB12 3456 7890 1234 5678")

    desk.run()

    assert desk.state(key)[0] == "completed"


def test_a_mail_from_a_domain_that_only_looks_known_is_held(desk: Desk):
    key = desk.receive(desk.paper(), sender="billing@nord1icht.example")

    desk.run()

    assert desk.state(key) == ("on_hold", "lookalike_domain")


def test_an_unknown_sender_keeps_an_invoice_from_going_straight_through(desk: Desk):
    key = desk.receive(desk.paper(), sender="somebody@elsewhere.example")

    desk.run()

    assert desk.state(key)[0] == "awaiting_approval"
    assert set(desk.findings(key)) == {"unknown_sender"}


def test_two_suppliers_that_fit_alike_are_for_a_person_to_choose(desk: Desk):
    desk.supplier("S-2", accounts=())

    key = desk.receive(desk.paper(bank_account=None), sender=None)
    desk.run()

    assert desk.state(key) == ("on_hold", "ambiguous_supplier")


def test_a_branch_with_the_same_tax_id_is_told_apart_by_its_bank_account(desk: Desk):
    desk.supplier("S-2", accounts=["NL91ABNA0417164300"])

    key = desk.receive(desk.paper())
    desk.run()

    assert desk.state(key) == ("completed", None)
    assert desk.ledger.bills[0].supplier_code == "S-1"


def test_a_blocked_supplier_is_held(desk: Desk):
    desk.supplier(status="blocked")
    key = desk.receive(desk.paper())

    desk.run()

    assert desk.state(key) == ("on_hold", "supplier_blocked")


def test_an_invoice_that_no_default_gives_an_account_is_held(desk: Desk):
    desk.customer = policy(posting={"connector": "ledger"})
    key = desk.receive(desk.paper())

    desk.run()

    assert desk.state(key) == ("on_hold", "no_account")


def test_the_suppliers_account_comes_before_the_customers(desk: Desk):
    desk.supplier(default_account="6815", default_tax_code="V7", department="office")
    desk.receive(desk.paper())

    desk.run()

    (line,) = desk.ledger.bills[0].lines
    assert (line.account, line.tax_code) == ("6815", "V7")


def test_three_invoices_just_under_the_limit_in_a_day_are_flagged(desk: Desk):
    papers = [
        desk.paper(invoice_number=f"INV-{number}", net_total=net, tax_total="0.00", gross_total=net)
        for number, net in ((2001, "499.00"), (3002, "498.50"), (4003, "499.90"))
    ]
    keys = [desk.receive(paper) for paper in papers]

    desk.run()

    assert {desk.state(key)[0] for key in keys} == {"awaiting_approval"}
    assert all("split_under_limit" in desk.findings(key) for key in keys)


def test_a_credit_note_is_posted_with_positive_amounts(desk: Desk):
    from mailroom.domain.document import DocumentType

    facts = {**PAPER, "net_total": "-100.00", "tax_total": "-19.00", "gross_total": "-119.00"}
    desk.receive(as_file(facts, kind=DocumentType.CREDIT_NOTE))

    desk.run()

    (bill,) = desk.ledger.bills
    assert (bill.document_type.value, str(bill.gross)) == ("credit_note", "119.00")


def test_lines_that_make_up_the_total_are_posted_as_lines(desk: Desk):
    lines = [
        {"description": "Paper", "quantity": "2", "unit_price": "30.00", "net": "60.00", "tax_rate": "19"},
        {"description": "Ink", "quantity": "1", "unit_price": "40.00", "net": "40.00", "tax_rate": "19"},
    ]
    desk.receive(as_file({**PAPER, "lines": lines}))

    desk.run()

    assert [(line.description, str(line.net)) for line in desk.ledger.bills[0].lines] == [
        ("Paper", "60.00"),
        ("Ink", "40.00"),
    ]
