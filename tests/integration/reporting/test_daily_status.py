"""The report of 3 March 2026, a Tuesday, for a customer in Berlin (UTC+1 that day)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from mailroom.database.session import Database
from mailroom.domain.event import Event
from mailroom.domain.money import Money
from mailroom.reporting.daily import daily_status
from mailroom.reporting.status import DailyStatus
from tests.integration.reporting.made_up import MadeUp, a_customer

DAY = date(2026, 3, 3)
BERLIN = ZoneInfo("Europe/Berlin")


def at(hour: int, minute: int = 0, *, day: int = 3) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=BERLIN)


def report(customer: MadeUp, *, now: datetime | None = None, day: date = DAY) -> DailyStatus:
    with customer.database.organization(customer.organization_id) as connection:
        return daily_status(connection, customer.organization_id, a_customer(), day, now or at(6, day=4))


@pytest.fixture(autouse=True)
def _read_mailbox(customer: MadeUp) -> None:
    customer.mailbox("invoices", read_at=at(6, day=4), since=at(0, day=1))


def test_exceptions_come_with_reason_age_and_owner_the_urgent_ones_first(customer: MadeUp):
    failed = customer.invoice(at(8, day=1), "INV-1")
    customer.move(failed, at(9, day=1), "failed", "failed", reason="erp_refused", error="erp_refused")
    customer.move(failed, at(9, day=1), "escalated", "escalated", error="erp_refused")
    held = customer.invoice(at(12), "INV-2", supplier="Nordlicht GmbH", gross="1204.10")
    customer.move(held, at(12, 30), "held", "on_hold", reason="bank_details_changed")

    first, second = report(customer).needs.exceptions

    assert (first.transaction.reference, first.reason, first.state) == ("INV-2", "bank_details_changed", "on_hold")
    assert first.transaction.amount == Money(Decimal("1204.10"), "EUR")
    assert first.transaction.owner == "clerk@acme.example"
    assert first.age == timedelta(hours=11, minutes=30)
    assert (second.transaction.reference, second.reason, second.state) == ("INV-1", "erp_refused", "escalated")
    assert second.age == timedelta(days=2, hours=15)


def test_a_past_day_is_told_as_it_stood_at_its_end(customer: MadeUp):
    released_later = customer.invoice(at(8), "INV-1")
    customer.move(released_later, at(9), "held", "on_hold", reason="possible_duplicate")
    customer.move(released_later, at(9, day=5), "rejected", "rejected", reason="duplicate", actor="anna")
    came_later = customer.invoice(at(8, day=4), "INV-2")
    customer.move(came_later, at(9, day=4), "held", "on_hold", reason="no_account")

    status = report(customer, now=at(6, day=9))

    assert [item.transaction.reference for item in status.needs.exceptions] == ["INV-1"]
    assert [line.transaction.reference for line in status.transactions] == ["INV-1"]
    assert (status.figures.open, status.figures.rejected) == (1, ())


def test_the_day_is_the_customers_own(customer: MadeUp):
    customer.invoice(datetime(2026, 3, 2, 23, 30, tzinfo=ZoneInfo("UTC")), "INV-IN")
    customer.invoice(datetime(2026, 3, 3, 23, 30, tzinfo=ZoneInfo("UTC")), "INV-OUT")

    assert [line.transaction.reference for line in report(customer).transactions] == ["INV-IN"]


def test_figures_of_a_day(customer: MadeUp):
    for number, amount, currency in (("A-1", "100.10", "EUR"), ("A-2", "200.20", "EUR"), ("A-3", "50.00", "USD")):
        posted = customer.invoice(at(8), number, gross=amount, currency=currency)
        customer.posted(posted, at(9), straight_through=number != "A-2")
    yesterday = customer.invoice(at(8, day=2), "B-1", gross="999.00")
    customer.posted(yesterday, at(9, day=2), straight_through=True)
    rejected = customer.invoice(at(8), "C-1")
    customer.move(rejected, at(9), "rejected", "rejected", reason="rejected_by_approver")
    failed = customer.invoice(at(8, day=2), "D-1")
    customer.move(failed, at(9), "failed", "failed", reason="erp_refused", error="erp_refused")
    customer.move(failed, at(9), "escalated", "escalated", error="erp_refused")

    figures = report(customer).figures

    assert (figures.received, figures.done, figures.open) == (4, 3, 1)
    assert figures.straight_through_rate == pytest.approx(2 / 3)
    assert figures.posted == ((Money(Decimal("300.30"), "EUR"), 2), (Money(Decimal("50.00"), "USD"), 1))
    assert figures.rejected == (("rejected_by_approver", 1),)
    assert figures.failed == (("erp_refused", 1),)


def test_open_ones_are_counted_by_age_and_by_whom_they_wait_for(customer: MadeUp):
    today, older, oldest = (
        customer.invoice(at(23, 30, day=3) - timedelta(days=days), f"N-{days}") for days in (0, 2, 40)
    )
    customer.move(today, at(23, 40), "advanced", "extracted")
    customer.waits_for_approval(older, at(23, 40))
    customer.move(oldest, at(23, 40), "held", "on_hold", reason="no_account")

    ageing = report(customer).figures.ageing

    assert dict(ageing.groups) == {
        "with a clerk": (0, 0, 0, 0, 1),
        "waiting for an answer": (0, 1, 0, 0, 0),
        "on its way": (1, 0, 0, 0, 0),
    }
    assert ageing.totals == (1, 1, 0, 0, 1)


def test_approvals_are_listed_by_who_had_not_answered_at_the_end_of_the_day(customer: MadeUp):
    anna = customer.approver("Anna Weber", "anna@acme.example")
    ben = customer.approver("Ben Ortiz", "ben@acme.example")
    waiting, decided_later, decided = (customer.invoice(at(8), number) for number in ("W-1", "W-2", "W-3"))
    for transaction in (waiting, decided_later, decided):
        customer.waits_for_approval(transaction, at(9))
    customer.asked(waiting, anna, at(9))
    customer.asked(decided_later, ben, at(10), decided_at=at(11, day=4))
    customer.move(decided_later, at(11, day=4), "advanced", "approved", step="approve")
    customer.asked(decided, ben, at(10), decided_at=at(12))
    customer.move(decided, at(12), "advanced", "approved", step="approve")

    approvals = report(customer, now=at(6, day=5)).needs.approvals

    assert [(item.approver, item.transaction.reference, item.age) for item in approvals] == [
        ("Anna Weber", "W-1", timedelta(hours=15)),
        ("Ben Ortiz", "W-2", timedelta(hours=14)),
    ]


def test_what_nothing_moves_for_a_day_is_told(customer: MadeUp):
    stuck = customer.invoice(at(8, day=2), "S-1")
    customer.move(stuck, at(9, day=2), "advanced", "extracted")
    waiting = customer.invoice(at(8, day=1), "S-2")
    customer.waits_for_approval(waiting, at(9, day=1))
    customer.invoice(at(23), "S-3")

    stalled = report(customer).needs.stalled

    assert [(item.transaction.reference, item.age) for item in stalled] == [("S-1", timedelta(hours=39))]


def test_mails_seen_are_the_sum_of_their_dispositions(customer: MadeUp):
    for hour in (8, 9):
        customer.mail(at(hour), "invoice")
    customer.mail(at(10), "auto_reply", "out_of_office")
    customer.mail(at(23, 59), "invoice", disposed_at=at(0, 1, day=4))
    customer.mail(at(23, day=2), "invoice")
    customer.mail(at(8, day=4), "invoice")

    balance = report(customer).balance

    assert (balance.seen, balance.dispositions, balance.holds) == (4, (("invoice", 3), ("auto_reply", 1)), True)


def test_a_mail_reprocessed_counts_once_as_what_it_became(customer: MadeUp):
    mail = customer.mail(at(8), "unidentified", "no_rule")
    customer.disposed(mail, at(15), "invoice", "reprocessed")

    status = report(customer)

    assert status.balance.dispositions == (("invoice", 1),)
    assert status.balance.holds
    assert status.needs.mails == ()


def test_a_mail_without_a_disposition_breaks_the_balance_and_is_listed(customer: MadeUp):
    customer.mail(at(8), "invoice")
    customer.mail(at(9), None, subject="Lost")

    status = report(customer)

    assert not status.balance.holds
    assert (status.balance.seen, status.balance.disposed, status.balance.undecided) == (2, 1, 1)
    assert [(mail.disposition, mail.subject) for mail in status.needs.mails] == [("undecided", "Lost")]


def test_a_disposition_of_a_mail_the_ledger_does_not_hold_breaks_the_balance(customer: MadeUp):
    customer.mail(at(8), "invoice")
    customer.disposed(uuid4(), at(9), "invoice")

    balance = report(customer).balance

    assert (balance.seen, balance.unknown, balance.holds) == (1, 1, False)


def test_a_mail_that_is_being_read_is_no_fault(customer: MadeUp):
    now = datetime.now(BERLIN)
    customer.mail(now - timedelta(seconds=30), None)

    status = report(customer, now=now, day=now.date())

    assert (status.balance.seen, status.balance.being_read, status.balance.holds) == (1, 1, True)
    assert status.needs.mails == ()


def test_mails_for_a_person_are_listed_for_a_week_then_counted(customer: MadeUp):
    customer.mail(at(8, day=3) - timedelta(days=20), "quarantined", "nested_too_deep")
    customer.mail(at(8, day=2), "unidentified", "no_attachment", sender="x@y.example", subject="Hello")
    customer.mail(at(8), "bank_change_request", "bank_change_request", subject="New account")
    customer.mail(at(8), "invoice")

    needs = report(customer).needs

    assert [(mail.disposition, mail.subject) for mail in needs.mails] == [
        ("bank_change_request", "New account"),
        ("unidentified", "Hello"),
    ]
    assert (needs.older_mails, needs.count) == (1, 3)


def test_mailboxes_that_were_not_read_are_named(customer: MadeUp):
    customer.mailbox("refused", read_at=at(5, day=4), failures=3, error="login_refused", since=at(0, day=1))
    customer.mailbox("silent", read_at=at(4, day=4), since=at(0, day=1))
    customer.mailbox("new", read_at=None, since=at(0, day=1))

    boxes = report(customer).needs.mailboxes

    assert [(box.name, box.reason) for box in boxes] == [
        ("new", "never_read"),
        ("refused", "login_refused"),
        ("silent", "silent"),
    ]


def test_the_trend_ends_on_the_day_and_has_every_day(customer: MadeUp):
    customer.posted(customer.invoice(at(8), "T-1"), at(9), straight_through=True)
    customer.invoice(at(8, day=1), "T-2")

    trend = report(customer).trend

    assert len(trend) == 14
    assert trend[-3:] == ((date(2026, 3, 1), 1, 0), (date(2026, 3, 2), 0, 0), (date(2026, 3, 3), 1, 1))


def test_a_mail_of_ours_that_was_given_up_is_told(customer: MadeUp):
    outbox_id = uuid4()
    customer.rows(
        """INSERT INTO outbox (id, organization_id, template, recipient, dedupe_key, internet_message_id, state)
        VALUES (:id, :o, 'approval_request', 'gone@acme.example', 'k', '<k@acme.example>', 'failed') RETURNING id""",
        id=outbox_id,
        o=customer.organization_id,
    )
    facts = {"outbox": str(outbox_id), "template": "approval_request", "error": "bad_address"}
    customer.wrote(Event("mail_failed", at(10), "worker", facts=facts))

    (unsent,) = report(customer).needs.unsent

    assert (unsent.recipient, unsent.reason) == ("gone@acme.example", "bad_address")


def test_another_organization_sees_nothing_of_it(customer: MadeUp, database: Database, other_organization: UUID):
    customer.mail(at(8), "unidentified", "no_rule")
    held = customer.invoice(at(8), "INV-1")
    customer.move(held, at(9), "held", "on_hold", reason="duplicate")

    with database.organization(other_organization) as connection:
        status = daily_status(connection, other_organization, a_customer(), DAY, at(6, day=4))

    assert (status.needs.count, status.balance.seen, status.transactions) == (0, 0, ())
