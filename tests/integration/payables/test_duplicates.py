"""Copies of an invoice: wherever and whenever they are worked on, one goes through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from mailroom.database.approvals import void_approvals
from mailroom.payables.corrections import Hand, correct_fields, release_findings
from tests.builders import AUDIT_KEY
from tests.integration.payables.desk import TODAY, Desk, policy

HAND = Hand("user:clerk@acme.example", "asked the supplier", AUDIT_KEY)


def outcomes(desk: Desk, keys: list) -> dict[tuple[str, str | None], int]:
    found: dict[tuple[str, str | None], int] = {}
    for key in keys:
        found[desk.state(key)] = found.get(desk.state(key), 0) + 1
    return found


def test_the_same_file_again_is_blocked(desk: Desk):
    first = desk.receive(desk.paper())
    desk.run()
    copy = desk.receive(desk.paper(), sender="scan@acme.example")
    desk.run()

    assert desk.state(first) == ("completed", None)
    assert desk.state(copy) == ("on_hold", "duplicate")
    assert str(first) in desk.findings(copy)["duplicate"].found


@pytest.mark.parametrize("number", ["INV-1001", "inv 1001", "INV-01001", "1001", "Invoice No. 1001"])
def test_the_same_number_written_otherwise_is_blocked(desk: Desk, number: str):
    desk.receive(desk.paper(invoice_number="INV/1001"))
    desk.run()
    copy = desk.receive(desk.paper(invoice_number=number, net_total="7.00", tax_total="1.33", gross_total="8.33"))
    desk.run()

    assert desk.state(copy) == ("on_hold", "duplicate")


def test_a_number_of_another_supplier_is_no_copy(desk: Desk):
    desk.supplier("S-9", name="Südwind Tinte AG", tax_ids=["DE129273398"], email_domains=["suedwind.example"],
                  accounts=["NL91ABNA0417164300"])  # fmt: skip
    desk.receive(desk.paper())
    other = desk.receive(
        desk.paper(vendor_name="Südwind Tinte AG", vendor_tax_id="DE129273398", bank_account="NL91ABNA0417164300"),
        sender="ar@suedwind.example",
        reply_to=None,
    )
    desk.run()

    assert "duplicate" not in desk.findings(other)


def test_the_same_amount_within_a_week_is_held_and_after_it_is_not(desk: Desk):
    desk.receive(desk.paper(invoice_number="77-A", issue_date=(TODAY - timedelta(days=20)).isoformat()))
    desk.run()
    near = desk.receive(desk.paper(invoice_number="93-B", issue_date=(TODAY - timedelta(days=13)).isoformat()))
    far = desk.receive(desk.paper(invoice_number="15-C", issue_date=(TODAY - timedelta(days=5)).isoformat()))
    desk.run()

    assert desk.state(near) == ("on_hold", "possible_duplicate")
    assert desk.state(far) == ("completed", None)


def test_a_number_that_reads_the_same_with_the_same_amount_is_held(desk: Desk):
    desk.receive(desk.paper(invoice_number="003411", issue_date=(TODAY - timedelta(days=60)).isoformat()))
    desk.run()
    copy = desk.receive(desk.paper(invoice_number="A3411"))
    desk.run()

    assert desk.state(copy) == ("on_hold", "possible_duplicate")


def test_copies_in_one_slice_do_not_both_pass(desk: Desk):
    keys = [desk.receive(desk.paper(noise=" " * number)) for number in range(5)]

    desk.run()

    assert outcomes(desk, keys) == {("completed", None): 1, ("on_hold", "duplicate"): 4}
    assert len(desk.ledger.bills) == 1


def test_copies_worked_on_by_many_workers_at_once_do_not_both_pass(desk: Desk):
    batches = [[desk.receive(desk.paper(invoice_number=f"N-{n}", noise=" " * copy)) for copy in range(6)]
               for n in (50, 150, 250, 350)]  # fmt: skip
    desk.customer = policy(approvals={"straight_through_limit": "500.00"})
    # Every other check of the same amount is off: what is tested is the number alone.
    engines = [desk.engine(f"worker-{number}", batch=1) for number in range(6)]

    def work(engine) -> None:
        while engine.run_due(["accounts_payable"]).total:
            pass

    with ThreadPoolExecutor(len(engines)) as pool:
        list(pool.map(work, engines))

    for keys in batches:
        states = outcomes(desk, keys)
        assert states.get(("on_hold", "duplicate")) == 5, states
    numbers = [bill.invoice_number for bill in desk.ledger.bills]
    assert len(numbers) == len(set(numbers))


def test_a_released_duplicate_goes_on_and_an_approver_sees_why(desk: Desk):
    desk.receive(desk.paper())
    desk.run()
    again = desk.receive(desk.paper(noise=" ", issue_date=(TODAY - timedelta(days=30)).isoformat()))
    desk.run()
    with desk.database.organization(desk.organization) as connection:
        release_findings(connection, again, ["duplicate"], HAND, desk.process())
    desk.run()

    assert desk.state(again)[0] == "awaiting_approval"
    assert desk.findings(again)["duplicate"].released_reason == "asked the supplier"


def test_a_release_ends_when_what_was_found_changes(desk: Desk):
    other = desk.receive(desk.paper(bank_account="NL91ABNA0417164300"))
    desk.run()
    with desk.database.organization(desk.organization) as connection:
        release_findings(connection, other, ["bank_details_changed"], HAND, desk.process())
    desk.run()
    assert desk.state(other)[0] == "awaiting_approval"

    changed = {"bank_account": "GB29NWBK60161331926819"}
    with desk.database.organization(desk.organization) as connection:
        correct_fields(connection, other, changed, HAND, desk.process(), void_approvals)
    desk.run()

    assert desk.state(other) == ("on_hold", "bank_details_changed")


def test_the_first_of_two_held_copies_is_blocked_once_the_second_went_through(desk: Desk):
    """A person releases the copy; the first, fixed later, must not be paid as well."""
    first = desk.receive(desk.paper(buyer_name="Nobody we know"))
    desk.run()
    copy = desk.receive(desk.paper(noise=" "))
    desk.run()
    assert (desk.state(first)[1], desk.state(copy)[1]) == ("wrong_customer", "duplicate")
    with desk.database.organization(desk.organization) as connection:
        release_findings(connection, copy, ["duplicate"], HAND, desk.process())
    desk.run()
    with desk.database.organization(desk.organization) as connection:
        release_findings(connection, first, ["wrong_customer"], HAND, desk.process())
    desk.run()

    assert desk.state(copy)[0] == "awaiting_approval"
    assert desk.state(first) == ("on_hold", "duplicate")


def test_correcting_a_number_to_one_already_seen_is_blocked(desk: Desk):
    first = desk.receive(desk.paper(invoice_number="8-1", buyer_name=None))
    second = desk.receive(desk.paper(invoice_number="90210", net_total="50.00", tax_total="9.50", gross_total="59.50"))
    desk.run()
    assert desk.state(second) == ("completed", None)

    with desk.database.organization(desk.organization) as connection:
        changes = {"invoice_number": "90210", "buyer_name": "Acme"}
        correct_fields(connection, first, changes, HAND, desk.process(), void_approvals)
    desk.run()

    assert desk.state(first) == ("on_hold", "duplicate")


def test_an_invoice_rejected_before_never_goes_straight_through(desk: Desk):
    first = desk.receive(desk.paper(buyer_name=None))
    desk.run()
    from mailroom.domain.transaction import State
    from mailroom.engine.reentry import locked, put_aside

    with desk.database.organization(desk.organization) as connection:
        put_aside(connection, locked(connection, first), State.REJECTED, "not_ours", audit_key=AUDIT_KEY,
                  actor="test", kind="rejected")  # fmt: skip
    again = desk.receive(desk.paper())
    desk.run()

    assert desk.state(again)[0] == "awaiting_approval"
    assert "rejected_before" in desk.findings(again)
