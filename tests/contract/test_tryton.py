"""`tryton` keeps the contract on a real Tryton."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from erp_connectors.interface import BillSearch, NotReachableError, OutcomeUnknownError, UploadRefusedError
from erp_connectors.testing import ConnectorContract, Fault, a_bill, a_line
from erp_connectors.tryton import TrytonConnector
from tests.contract.tryton_system import Tryton
from tests.servers.tryton.server import TrytonServer
from tests.servers.tryton.template import DATABASE, PASSWORD

pytestmark = pytest.mark.xdist_group("tryton")


@pytest.fixture
def in_tryton(tryton: TrytonServer) -> Iterator[Tryton]:
    system = Tryton(tryton)
    yield system
    system.close()


class TestTrytonKeepsTheContract(ConnectorContract):
    connector_class = TrytonConnector
    faults = frozenset(Fault)

    @pytest.fixture
    def system(self, in_tryton):
        return in_tryton


def test_the_same_key_again_adds_nothing_after_a_restart_either(in_tryton):
    first, second = in_tryton.connector().upload(a_bill()), in_tryton.connector().upload(a_bill())

    assert (second.already_there, second.external_id) == (True, first.external_id)
    assert len(in_tryton.stored()) == 1


def test_a_key_is_found_whatever_people_write_around_it(in_tryton):
    connector = in_tryton.connector()
    receipt = connector.upload(a_bill())
    in_tryton.run("UPDATE account_invoice SET comment = 'Called them.' || char(13, 10) || comment || char(10) || 'OK.'")

    found = connector.find(a_bill().key)

    assert found is not None
    assert found.external_id == receipt.external_id


def test_a_silent_tryton_is_given_up_in_time_and_the_outcome_is_unknown(in_tryton):
    connector = in_tryton.connector(timeout_seconds=2)
    connector.check()
    in_tryton.proxy.at_call = "hang"
    started = time.monotonic()
    with pytest.raises(OutcomeUnknownError, match="did not answer in time"):
        connector.upload(a_bill())

    assert time.monotonic() - started < 5
    in_tryton.proxy.at_call = "forward"
    assert connector.find(a_bill().key) is not None


def test_silence_before_the_bill_was_sent_is_not_reachable(in_tryton):
    connector = in_tryton.connector(timeout_seconds=1)
    connector.check()
    in_tryton.proxy.method, in_tryton.proxy.at_call = b"account.invoice.on_change", "hang"

    with pytest.raises(NotReachableError, match="did not answer in time"):
        connector.upload(a_bill())

    assert in_tryton.stored() == []


@pytest.mark.parametrize("at_call", ["lose_answer", "lose_request"])
def test_files_that_did_not_reach_the_bill_reach_it_when_it_is_looked_for(in_tryton, at_call):
    connector = in_tryton.connector()
    in_tryton.proxy.method, in_tryton.proxy.at_call = b"ir.attachment.write", at_call
    with pytest.raises(OutcomeUnknownError):
        connector.upload(a_bill())
    in_tryton.proxy.at_call = "forward"

    found = connector.find(a_bill().key)

    assert found is not None
    assert found.evidence["attachments"] == "1"
    assert [file.filename for file in in_tryton.stored()[0].files] == ["invoice.pdf"]
    assert in_tryton.files_left_over() == 0


@pytest.mark.parametrize(
    ("method", "error"), [(b"ir.attachment.create", NotReachableError), (b"invoice.create", OutcomeUnknownError)]
)
def test_what_a_broken_attempt_left_with_the_supplier_is_gone_after_the_next(in_tryton, method, error):
    connector = in_tryton.connector()
    in_tryton.proxy.method = method
    in_tryton.proxy.at_call = "lose_answer" if error is NotReachableError else "lose_request"
    with pytest.raises(error):
        connector.upload(a_bill())
    in_tryton.proxy.at_call = "forward"
    assert in_tryton.files_left_over() == 1

    connector.upload(a_bill())

    assert len(in_tryton.stored()[0].files) == 1
    assert in_tryton.files_left_over() == 0


def test_a_session_that_ends_is_begun_again(in_tryton):
    connector = in_tryton.connector()
    connector.upload(a_bill())
    in_tryton.run("DELETE FROM ir_session")

    assert not connector.upload(a_bill("INV-8", draft=False)).already_there


def test_a_wrong_password_and_a_wrong_database_are_named(in_tryton):
    settings = {"url": f"http://127.0.0.1:{in_tryton.server.port}", "database": DATABASE, "user": "mailroom"}
    for changes, password, code in (
        ({}, "wrong", "sign_in"),
        ({"user": "nobody"}, PASSWORD, "sign_in"),
        ({"database": "other"}, PASSWORD, "set_up"),
        ({"company": "Nobody AG"}, PASSWORD, "set_up"),
        ({"journal": "NONE"}, PASSWORD, "set_up"),
        ({"payment_term": "never"}, PASSWORD, "set_up"),
        ({"taxes": {"VSt19": "Input tax 19%"}}, PASSWORD, "set_up"),
        ({"accounts": {"paper": "6801"}}, PASSWORD, "set_up"),
    ):
        connector = TrytonConnector({**settings, **changes}, {"password": password})
        with pytest.raises(UploadRefusedError) as refusal:
            connector.check()
        assert refusal.value.code == code, changes
        assert PASSWORD not in str(refusal.value)


def test_a_bill_keyed_by_hand_stops_the_same_number_of_the_same_supplier(in_tryton):
    in_tryton.enter_by_hand(a_bill())
    with pytest.raises(UploadRefusedError, match=r"already, \[INV-7\]") as refusal:
        in_tryton.connector().upload(a_bill())

    assert refusal.value.code == "duplicate"
    assert len(in_tryton.stored()) == 1
    assert in_tryton.files_left_over() == 0


@pytest.mark.parametrize(("user", "words"), [("mailroom", "is similar to"), ("buchhaltung", "ist ähnlich zu")])
def test_a_warning_of_trytons_is_never_answered_for_a_person(in_tryton, user, words):
    # A cancelled bill does not keep ours out, and Tryton still warns of it when ours is posted.
    in_tryton.enter_by_hand(a_bill())
    in_tryton.run("UPDATE account_invoice SET state = 'cancelled'")

    with pytest.raises(UploadRefusedError, match=words) as refusal:
        in_tryton.connector(user=user).upload(a_bill(draft=False))

    assert refusal.value.code == "duplicate"
    assert len(in_tryton.stored()) == 1
    assert in_tryton.files_left_over() == 0
    with in_tryton.server.sql() as database:
        assert database.execute("SELECT count(*) FROM res_user_warning").fetchone() == (0,)


def test_a_closed_account_and_a_closed_period_are_said_in_one_sentence(in_tryton):
    in_tryton.run("UPDATE account_period SET state = 'closed' WHERE name = '2026-03'")
    for bill, sentence in (
        (a_bill(), "the accounting period 2026-03 of 2026-03-02 is closed in Tryton"),
        (a_bill(issue_date=date(2031, 1, 1)), "Tryton has no accounting period for 2031-01-01"),
        (_with_line(issue_date=date(2026, 4, 1), account="6999"), "account 6999 is closed in Tryton"),
        (_with_line(issue_date=date(2026, 4, 1), account="1"), "Tryton has no account 1"),
        (_with_line(issue_date=date(2026, 4, 1), tax_code="VSt91"), "Tryton has no tax 'VSt91'"),
        (a_bill(issue_date=date(2026, 4, 1), supplier_code="S-999"), "Tryton has no supplier with code S-999"),
    ):
        with pytest.raises(UploadRefusedError) as refusal:
            in_tryton.connector().upload(bill)
        assert str(refusal.value) == sentence

    assert in_tryton.stored() == []


def test_an_account_that_tryton_itself_refuses_is_said_in_its_own_words(in_tryton):
    with pytest.raises(
        UploadRefusedError, match=r'"1200 - Receivables".*is not valid according to its domain'
    ) as refusal:
        in_tryton.connector().upload(_with_line(account="1200"))

    assert refusal.value.code == "refused"
    assert in_tryton.stored() == []
    assert in_tryton.files_left_over() == 0


def test_the_tax_is_the_papers_to_the_cent(in_tryton):
    # 19 % of 33.33 is 6.3327, 7 % of 10.00 is 0.70; the supplier rounded up by a cent.
    lines = (a_line("33.33"), a_line("10.00", tax_code="VSt7", tax_rate=Decimal(7)), a_line("5.00", tax_code=None))
    in_tryton.connector().upload(a_bill(net="48.33", tax="7.04", lines=lines, draft=False))

    with in_tryton.server.sql() as database:
        taxes = database.execute("SELECT base, amount FROM account_invoice_tax ORDER BY tax").fetchall()
        debits = database.execute("SELECT debit FROM account_move_line ORDER BY CAST(debit AS REAL)").fetchall()
    assert taxes == [(b"33.33", b"6.34"), (b"10.00", b"0.70")]
    assert [debit for (debit,) in debits] == [b"0", b"0.70", b"5.00", b"6.34", b"10.00", b"33.33"]


def test_tax_without_a_code_takes_the_default_or_is_refused(in_tryton):
    bill = _with_line(tax_code=None)
    with pytest.raises(UploadRefusedError, match="none of its lines has a tax code"):
        in_tryton.connector().upload(bill)

    in_tryton.connector(default_tax="Input tax 19 %").upload(bill)
    assert in_tryton.stored()[0].tax == Decimal("19.00")


def test_quantity_and_price_are_kept_where_tryton_comes_to_the_same_amount(in_tryton):
    lines = (
        a_line("7.50", quantity=Decimal(3), unit_price=Decimal("2.5")),
        a_line("9.00", quantity=Decimal(10), unit_price=Decimal("1.00")),  # 10 % discount on the paper
        a_line("4.25", quantity=Decimal(100), unit_price=Decimal("0.04251")),
    )
    in_tryton.connector().upload(a_bill(net="20.75", tax="3.94", lines=lines))

    with in_tryton.server.sql() as database:
        kept = database.execute("SELECT quantity, unit_price FROM account_invoice_line ORDER BY id").fetchall()
    assert kept == [(3.0, b"2.5"), (1.0, b"9.00"), (1.0, b"4.25")]


def test_lines_that_are_not_the_net_are_refused(in_tryton):
    with pytest.raises(UploadRefusedError, match="do not add up"):
        in_tryton.connector().upload(a_bill(net="100.00", lines=(a_line("90.00"),)))

    assert in_tryton.stored() == []


def test_purchase_order_and_due_date_go_along(in_tryton):
    in_tryton.connector().upload(a_bill(purchase_order="PO-4711"))
    in_tryton.connector(payment_term="Net 30 days").upload(a_bill("INV-8"))

    with in_tryton.server.sql() as database:
        rows = database.execute(
            "SELECT invoice.description, invoice.payment_term_date, term.name FROM account_invoice AS invoice "
            "LEFT JOIN account_invoice_payment_term AS term ON term.id = invoice.payment_term ORDER BY invoice.id"
        ).fetchall()
    assert rows == [("Purchase order PO-4711", "2026-04-01", None), (None, None, "Net 30 days")]


def test_a_draft_without_number_and_date_is_found_by_its_amount(in_tryton):
    in_tryton.enter_by_hand(a_bill())
    in_tryton.run("UPDATE account_invoice SET invoice_date = NULL, reference = NULL")
    march = {"issued_from": date(2026, 3, 1), "issued_to": date(2026, 3, 31)}
    found = in_tryton.connector().search_bills(BillSearch("S-100", gross=Decimal("119.00"), **march))

    assert [(bill.invoice_number, bill.gross, bill.key) for bill in found] == [("", Decimal("119.00"), None)]


def test_without_a_category_every_party_with_a_code_but_ourselves_is_a_supplier(in_tryton):
    names = {each.name for each in in_tryton.connector(suppliers=None).list_suppliers()}

    assert names == {"Paper Mill Ltd", "Other Mill Ltd", "Bank"}


def _with_line(issue_date: date = date(2026, 3, 2), **changes):
    return a_bill(issue_date=issue_date, lines=(a_line(**changes),))
