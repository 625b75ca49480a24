"""At most one bill for an invoice, whatever dies whenever (reliability I7); what is posted was approved (I8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import create_engine, text

from erp_connectors.interface import (
    BillState,
    DocumentType,
    FoundBill,
    NotReachableError,
    OutcomeUnknownError,
    UploadRefusedError,
)
from mailroom.domain.errors import NotAllowedError, UnavailableError
from mailroom.payables.corrections import Hand, release_findings
from mailroom.posting.resolve import record_posted
from tests.builders import AUDIT_KEY
from tests.integration.payables.desk import Desk, policy
from tests.integration.posting.ledger import KeylessLedger, Ledger, SearchableLedger, raises

HAND = Hand("user:clerk@acme.example", "another bill", AUDIT_KEY)


def intent(desk: Desk, key):
    (row,) = desk.rows("SELECT * FROM posting_intents WHERE transaction_id = :id", id=key)
    return row


def lets_time_pass(desk: Desk) -> None:
    """Make what was sent settled, and what waits for a next try due."""
    desk.rows("UPDATE posting_intents SET sent_at = sent_at - interval '1 hour' RETURNING 1")
    desk.rows("UPDATE transactions SET due_at = now() WHERE due_at IS NOT NULL RETURNING 1")


def test_the_intent_is_committed_and_marked_before_the_call(desk: Desk):
    seen = []
    desk.ledger.before = [lambda bill: seen.append(intent(desk, key))]
    key = desk.receive(desk.paper())
    desk.run()

    assert (seen[0].state, seen[0].attempt, seen[0].idem_key) == ("sent", 1, desk.ledger.bills[0].key)
    confirmed = intent(desk, key)
    assert (confirmed.state, confirmed.external_reference) == ("confirmed", "BILL-1")


def test_nothing_is_sent_before_the_system_was_asked_for_the_key(desk: Desk):
    desk.receive(desk.paper())
    desk.run()

    assert desk.ledger.calls == ["find", "upload"]


def test_a_bill_that_was_taken_without_an_answer_is_found_and_not_sent_again(desk: Desk):
    desk.ledger.after = [raises(OutcomeUnknownError("the line went dead"))]
    key = desk.receive(desk.paper())
    desk.run()
    assert intent(desk, key).state == "unknown"

    lets_time_pass(desk)
    desk.run()

    assert desk.state(key) == ("completed", None)
    assert len(desk.ledger.bills) == 1


def test_a_lost_answer_is_left_to_settle_before_it_is_looked_up(desk: Desk):
    desk.ledger.after = [raises(OutcomeUnknownError("the line went dead"))]
    desk.receive(desk.paper())
    desk.run()
    desk.rows("UPDATE transactions SET due_at = now() WHERE due_at IS NOT NULL RETURNING 1")
    desk.run()

    assert desk.ledger.calls == ["find", "upload"]


def test_a_bill_that_was_never_taken_is_sent_again(desk: Desk):
    desk.ledger.before = [raises(OutcomeUnknownError("the line went dead"))]
    key = desk.receive(desk.paper())
    desk.run()
    lets_time_pass(desk)
    desk.run()

    assert desk.state(key) == ("completed", None)
    assert len(desk.ledger.bills) == 1
    assert intent(desk, key).attempt == 2


def test_a_connector_that_raises_anything_else_may_have_sent_the_bill(desk: Desk):
    desk.ledger.after = [raises(KeyError("a fault of the connector"))]
    key = desk.receive(desk.paper())
    desk.run()
    lets_time_pass(desk)
    desk.run()

    assert desk.state(key) == ("completed", None)
    assert len(desk.ledger.bills) == 1


def test_without_key_and_look_up_a_lost_answer_is_never_sent_again(desk: Desk):
    desk.ledger = KeylessLedger()
    desk.ledger.after = [raises(OutcomeUnknownError("the line went dead"))]
    key = desk.receive(desk.paper())
    desk.run()
    lets_time_pass(desk)
    desk.run()

    assert desk.state(key) == ("on_hold", "outcome_unknown")
    assert desk.ledger.calls == ["upload"]
    assert intent(desk, key).state == "unknown"


def test_what_was_sent_to_one_system_is_not_sent_to_another(desk: Desk):
    desk.ledger.after = [raises(OutcomeUnknownError("the line went dead"))]
    key = desk.receive(desk.paper())
    desk.run()
    first, desk.ledger, desk.ledger_name = desk.ledger, Ledger(), "another"
    lets_time_pass(desk)
    desk.run()

    assert desk.state(key) == ("on_hold", "outcome_unknown")
    assert (len(first.bills), desk.ledger.bills) == (1, [])


def test_when_outcomes_cannot_be_written_what_was_not_sent_stays_unsent(desk: Desk):
    def die(_bill):
        raise SystemExit("the worker is told to stop")

    desk.ledger.before = [die]
    keys = [
        desk.receive(
            desk.paper(invoice_number=f"{n * 37}", net_total=f"{n}.00", tax_total="0.00", gross_total=f"{n}.00")
        )
        for n in range(1, 41)
    ]
    with pytest.raises(SystemExit):
        desk.run()

    assert len(desk.ledger.bills) < len(keys) - 4
    lets_time_pass(desk)
    desk.rows("UPDATE transactions SET leased_until = NULL RETURNING 1")
    desk.run()
    numbers = [bill.invoice_number for bill in desk.ledger.bills]
    assert len(numbers) == len(set(numbers)) == len(keys)


def test_a_persons_word_sends_it_again_once_and_holds_for_the_next_lost_answer(desk: Desk):
    desk.ledger = KeylessLedger()
    desk.ledger.before = [raises(OutcomeUnknownError("lost")), raises(OutcomeUnknownError("lost again"))]
    key = desk.receive(desk.paper())
    desk.run()
    lets_time_pass(desk)
    with desk.database.organization(desk.organization) as connection:
        release_findings(connection, key, ["outcome_unknown"], HAND, desk.process())
    desk.run()
    lets_time_pass(desk)
    desk.run()

    assert desk.ledger.calls == ["upload", "upload"]
    assert desk.state(key) == ("on_hold", "outcome_unknown")


def test_an_unreachable_system_is_tried_three_times_and_then_given_to_a_person(desk: Desk):
    desk.ledger.before = [raises(NotReachableError("nobody answers"))] * 5
    key = desk.receive(desk.paper())
    for _ in range(5):
        desk.run()
        lets_time_pass(desk)

    assert desk.state(key)[0] == "escalated"
    assert desk.ledger.calls.count("upload") == 3
    assert desk.ledger.bills == []
    assert intent(desk, key).state == "intended"


def test_a_system_that_asks_to_wait_is_left_alone_as_long(desk: Desk):
    desk.ledger.before = [raises(NotReachableError("busy", retry_after=120))]
    key = desk.receive(desk.paper())
    desk.run()

    (row,) = desk.rows("SELECT extract(epoch FROM due_at - now()) AS left FROM transactions WHERE id = :id", id=key)
    assert 110 < row.left <= 120


def test_a_refused_bill_is_held_and_a_corrected_try_may_follow(desk: Desk):
    desk.ledger.before = [raises(UploadRefusedError("the period is closed"))]
    key = desk.receive(desk.paper())
    desk.run()
    assert desk.state(key) == ("on_hold", "erp_refused")
    assert "the period is closed" in desk.findings(key)["erp_refused"].message
    assert intent(desk, key).state == "rejected"

    with desk.database.organization(desk.organization) as connection:
        release_findings(connection, key, ["erp_refused"], HAND, desk.process())
    desk.run()

    assert desk.state(key) == ("completed", None)


def test_a_bill_keyed_by_hand_is_linked_and_held(desk: Desk):
    desk.ledger = SearchableLedger()
    desk.ledger.by_hand = [
        FoundBill("77", "KR-77", BillState.POSTED, "inv 1001", date(2026, 1, 2), "EUR", Decimal("119.00"),
                  DocumentType.INVOICE)
    ]  # fmt: skip
    key = desk.receive(desk.paper())
    desk.run()

    assert desk.state(key) == ("on_hold", "already_in_erp")
    assert intent(desk, key).external_id == "77"
    assert desk.ledger.bills == []


def test_a_bill_keyed_by_hand_that_is_another_one_is_released_and_posted(desk: Desk):
    desk.ledger = SearchableLedger()
    desk.ledger.by_hand = [
        FoundBill("77", "KR-77", BillState.POSTED, "inv 1001", date(2024, 1, 2), "EUR", Decimal("9.00"),
                  DocumentType.INVOICE)
    ]  # fmt: skip
    key = desk.receive(desk.paper())
    desk.run()
    with desk.database.organization(desk.organization) as connection:
        release_findings(connection, key, ["already_in_erp"], HAND, desk.process())
    desk.run()

    assert desk.state(key) == ("completed", None)


def test_a_cancelled_bill_in_the_system_is_no_obstacle(desk: Desk):
    desk.ledger = SearchableLedger()
    desk.ledger.by_hand = [
        FoundBill("77", "KR-77", BillState.CANCELLED, "INV-1001", date(2026, 1, 2), "EUR", Decimal("119.00"),
                  DocumentType.INVOICE)
    ]  # fmt: skip
    key = desk.receive(desk.paper())
    desk.run()

    assert desk.state(key) == ("completed", None)


def test_a_restored_database_finds_its_own_bill(desk: Desk):
    """The same paper has the same key in another transaction of another day."""
    first = desk.receive(desk.paper())
    desk.run()
    held = list(desk.ledger.bills)
    with create_engine(desk.owner_url).begin() as owner:
        for table in ("posting_intents", "findings", "extractions", "invoices", "documents", "outbox", "sla_clocks"):
            owner.execute(text(f"DELETE FROM {table} WHERE transaction_id = '{first}'"))
        owner.execute(text(f"UPDATE transactions SET deleted_at = now() WHERE id = '{first}'"))

    again = desk.receive(desk.paper())
    desk.run()

    assert desk.state(again) == ("completed", None)
    assert desk.ledger.bills == held
    assert intent(desk, again).already_there is True


def test_an_approval_of_another_version_is_not_enough(desk: Desk):
    key = desk.receive(desk.paper())
    desk.ledger.before = [raises(UploadRefusedError("later"))]
    desk.run()
    desk.rows(
        "UPDATE invoices SET bank_account = 'GB29NWBK60161331926819' WHERE transaction_id = :id RETURNING 1", id=key
    )
    with desk.database.organization(desk.organization) as connection:
        release_findings(connection, key, ["erp_refused"], HAND, desk.process())
    desk.run()

    assert desk.state(key) == ("on_hold", "changed_after_approval")
    assert desk.ledger.bills == []


def test_a_process_without_an_approval_posts_nothing(desk: Desk):
    desk.left_out = ("approve",)
    key = desk.receive(desk.paper())
    desk.run()

    assert desk.state(key) == ("on_hold", "not_approved")
    assert desk.ledger.calls == []


@pytest.mark.parametrize("taken", [True, False])
def test_a_bill_a_person_found_in_the_system_is_not_sent_again(desk: Desk, taken: bool):
    desk.ledger = KeylessLedger()
    lost = [raises(OutcomeUnknownError("the line went dead"))]
    desk.ledger.after, desk.ledger.before = (lost, []) if taken else ([], lost)
    key = desk.receive(desk.paper())
    desk.run()
    with desk.database.organization(desk.organization) as connection:
        record_posted(connection, key, "KR-77", desk.process(), actor="user:jo", reason="seen", audit_key=AUDIT_KEY)
    desk.run()

    assert desk.state(key) == ("completed", None)
    assert desk.ledger.calls == ["upload"]
    assert (intent(desk, key).state, intent(desk, key).external_reference) == ("confirmed", "KR-77")


def test_what_is_not_held_at_its_upload_cannot_be_taken_for_posted(desk: Desk):
    key = desk.receive(desk.paper(buyer_name=None))
    desk.run()

    with pytest.raises(NotAllowedError), desk.database.organization(desk.organization) as connection:
        record_posted(connection, key, "KR-77", desk.process(), actor="user:jo", reason="seen", audit_key=AUDIT_KEY)


def test_a_bill_the_system_holds_with_another_amount_is_held(desk: Desk):
    class Rounding(Ledger):
        def _receipt(self, bill, number, *, already_there=False):
            found = super()._receipt(bill, number, already_there=already_there)
            found.evidence["gross"] = "120.00"
            return found

    desk.ledger = Rounding()
    key = desk.receive(desk.paper())
    desk.run()

    assert desk.state(key) == ("on_hold", "erp_differs")
    assert (desk.findings(key)["erp_differs"].expected, desk.findings(key)["erp_differs"].found) == (
        "119.00 EUR",
        "120.00 EUR",
    )


def test_two_transactions_for_the_same_bill_post_it_once(desk: Desk):
    """A person released the copy by mistake: same supplier, number, date and amount is the same bill."""
    desk.receive(desk.paper())
    desk.run()
    copy = desk.receive(desk.paper(noise=" "))
    desk.run()
    with desk.database.organization(desk.organization) as connection:
        release_findings(connection, copy, ["duplicate"], HAND, desk.process())
    desk.run()
    approve(desk, copy)
    desk.run()

    assert desk.state(copy) == ("on_hold", "duplicate_posting")
    assert len(desk.ledger.bills) == 1


def test_a_bill_is_final_only_when_the_customer_says_so_in_mode_auto(desk: Desk):
    desk.customer = policy(posting={"connector": "ledger", "default_account": "4980", "draft": False})
    desk.receive(desk.paper())
    desk.run()

    assert [bill.draft for bill in desk.ledger.bills] == [False]


def test_a_customer_without_a_connector_is_held_with_a_sentence(desk: Desk):
    desk.customer = policy(posting=None)
    key = desk.receive(desk.paper())
    desk.run()

    assert desk.state(key)[0] == "on_hold"
    assert desk.ledger.calls == []


def test_a_store_that_is_away_is_tried_again_and_nothing_was_sent(desk: Desk):
    class Away:
        def __init__(self, store):
            self.store, self.gone = store, 0

        def __getattr__(self, name):
            return getattr(self.store, name)

        def get(self, key):
            self.gone += 1
            if self.gone == 2:
                raise UnavailableError("the store does not answer")
            return self.store.get(key)

    desk.store = Away(desk.store)
    key = desk.receive(desk.paper())
    desk.run()
    lets_time_pass(desk)
    desk.run()

    assert desk.state(key) == ("completed", None)
    assert len(desk.ledger.bills) == 1


@pytest.mark.parametrize("count", [40])
def test_a_slice_of_bills_each_with_its_own_fate(desk: Desk, count: int):
    faults = [
        raises(OutcomeUnknownError("lost")),
        lambda bill: None,
        raises(UploadRefusedError("no")),
        lambda bill: None,
    ]
    desk.ledger.after = faults * (count // len(faults))
    keys = [
        desk.receive(
            desk.paper(invoice_number=f"{n * 37}", net_total=f"{n}.00", tax_total="0.00", gross_total=f"{n}.00")
        )
        for n in range(1, count + 1)
    ]
    for _ in range(4):
        desk.run()
        lets_time_pass(desk)

    numbers = [bill.invoice_number for bill in desk.ledger.bills]
    assert len(numbers) == len(set(numbers)) == count
    states = [desk.state(key) for key in keys]
    assert states.count(("completed", None)) == count * 3 // 4
    assert states.count(("on_hold", "erp_refused")) == count // 4


def approve(desk: Desk, key) -> None:
    """Record an approval as the approvals desk does after its checks."""
    desk.rows(
        """UPDATE approvals SET state = 'approved', decided_at = now(), decided_by = approver_id, channel = 'link'
        WHERE transaction_id = :id AND state = 'open' RETURNING 1""",
        id=key,
    )
    desk.rows("UPDATE transactions SET due_at = now() WHERE id = :id RETURNING 1", id=key)
