"""`sql` keeps the contract on SQLite and on a real Postgres, and tells the truth about both."""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest

from erp_connectors.interface import (
    BillSearch,
    BillState,
    DocumentType,
    NotReachableError,
    OutcomeUnknownError,
    SettingsError,
    UploadRefusedError,
)
from erp_connectors.sql import SqlConnector
from erp_connectors.testing import ConnectorContract, Fault, a_bill, a_line, a_pdf
from mailroom.local.postgres import Postgres
from tests.contract.ledger import PostgresLedger, SqliteLedger, mapping

NETWORK_FAULTS = frozenset({Fault.UNREACHABLE, Fault.ANSWER_LOST, Fault.REQUEST_LOST, Fault.REFUSES})


@pytest.fixture
def sqlite(tmp_path) -> SqliteLedger:
    return SqliteLedger(tmp_path / "ledger.sqlite")


@pytest.fixture
def on_postgres(postgres: Postgres) -> Iterator[PostgresLedger]:
    name = f"ledger_{uuid4().hex}"
    ledger = PostgresLedger(postgres.create_database(name))
    yield ledger
    ledger.close()
    postgres.drop_database(name)


class TestSqlOnSqliteKeepsTheContract(ConnectorContract):
    connector_class = SqlConnector
    faults = NETWORK_FAULTS

    @pytest.fixture
    def system(self, sqlite):
        return sqlite


class TestSqlOnPostgresKeepsTheContract(ConnectorContract):
    connector_class = SqlConnector
    faults = NETWORK_FAULTS

    @pytest.fixture
    def system(self, on_postgres):
        return on_postgres


def test_a_commit_whose_answer_is_lost_is_in_the_ledger_once_and_find_says_so(on_postgres):
    connector = on_postgres.connector()
    on_postgres.proxy.at_commit = "lose_answer"
    with pytest.raises(OutcomeUnknownError, match="did not answer the commit"):
        connector.upload(a_bill())
    on_postgres.proxy.at_commit = "forward"

    found = connector.find(a_bill().key)

    assert on_postgres.rows("SELECT count(*) FROM ap_bill") == [(1,)]
    assert found is not None
    assert found.external_id == str(on_postgres.rows("SELECT id FROM ap_bill")[0][0])
    assert connector.upload(a_bill()).already_there


def test_a_commit_that_never_arrived_is_not_in_the_ledger_and_find_says_so(on_postgres):
    connector = on_postgres.connector()
    on_postgres.proxy.at_commit = "lose_request"
    with pytest.raises(OutcomeUnknownError):
        connector.upload(a_bill())
    on_postgres.proxy.at_commit = "forward"

    assert connector.find(a_bill().key) is None
    assert on_postgres.rows("SELECT count(*) FROM ap_bill") == [(0,)]


def test_a_silent_database_is_given_up_in_time_and_the_outcome_is_unknown(on_postgres):
    connector = on_postgres.connector(timeout_seconds=1)
    on_postgres.proxy.at_commit = "hang"
    started = time.monotonic()
    with pytest.raises(OutcomeUnknownError):
        connector.upload(a_bill())

    assert time.monotonic() - started < 3
    on_postgres.proxy.at_commit = "forward"
    assert connector.find(a_bill().key) is not None


def test_a_database_that_hangs_from_the_first_word_is_not_reachable(on_postgres):
    on_postgres.proxy.stalled = True
    started = time.monotonic()
    with pytest.raises(NotReachableError):
        on_postgres.connector(timeout_seconds=20, connect_seconds=2).upload(a_bill())

    assert time.monotonic() - started < 10


@pytest.mark.parametrize("query", [b"version()", b"INSERT INTO ap_bill_line"], ids=["first query", "insert"])
def test_a_database_that_falls_silent_before_the_commit_is_not_reachable(on_postgres, query):
    on_postgres.proxy.hang_at = query
    started = time.monotonic()
    with pytest.raises(NotReachableError):
        on_postgres.connector(timeout_seconds=1).upload(a_bill())

    assert time.monotonic() - started < 4
    assert not on_postgres.stored()


def test_a_connection_killed_before_the_commit_left_no_trace(on_postgres, postgres):
    on_postgres.run(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$",
        "CREATE TRIGGER die AFTER INSERT ON ap_bill_line FOR EACH ROW EXECUTE FUNCTION die()",
    )
    with pytest.raises(NotReachableError, match="nothing was kept"):
        on_postgres.connector().upload(a_bill())

    assert not on_postgres.stored()


def test_a_constraint_checked_only_at_commit_is_a_refusal(on_postgres):
    on_postgres.run(
        "ALTER TABLE ap_bill ADD CONSTRAINT once UNIQUE (supplier_no, invoice_no) DEFERRABLE INITIALLY DEFERRED"
    )
    on_postgres.connector().upload(a_bill())
    with pytest.raises(UploadRefusedError) as refusal:
        on_postgres.connector().upload(a_bill(key="another"))

    assert refusal.value.code == "duplicate"
    assert len(on_postgres.stored()) == 1


def test_a_rule_the_ledger_checks_only_at_commit_is_a_refusal_and_no_unknown_outcome(on_postgres):
    on_postgres.run(
        "CREATE FUNCTION unbalanced() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the voucher does not balance'; END $$",
        "CREATE CONSTRAINT TRIGGER balance AFTER INSERT ON ap_bill DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION unbalanced()",
    )
    with pytest.raises(UploadRefusedError, match="the voucher does not balance"):
        on_postgres.connector().upload(a_bill())

    assert not on_postgres.stored()


def test_a_wrong_password_needs_a_person(on_postgres, postgres):
    connector = SqlConnector(
        mapping() | {"url": f"postgresql+psycopg://mailroom_owner@127.0.0.1:{postgres.port}/postgres"},
        {"password": "not-the-password"},
    )
    with pytest.raises(UploadRefusedError) as refusal:
        connector.check()

    assert refusal.value.code == "sign_in"
    assert "not-the-password" not in str(refusal.value)


def test_a_right_that_is_missing_needs_a_person(on_postgres, postgres):
    postgres.set_login("ledger_reader", "for-tests-only")
    with psycopg.connect(on_postgres.url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("GRANT SELECT ON ap_bill, ap_bill_line, ap_bill_file TO ledger_reader")
    url = postgres.url(on_postgres.url.rpartition("/")[2], user="ledger_reader", password="for-tests-only")
    with pytest.raises(UploadRefusedError, match="permission denied") as refusal:
        SqlConnector(mapping(), {"url": url}).upload(a_bill())

    assert refusal.value.code == "set_up"


def test_a_value_too_long_is_refused_by_name_and_size_and_never_repeated(sqlite):
    number = "N" * 41
    with pytest.raises(UploadRefusedError) as refusal:
        sqlite.connector().upload(a_bill(number, lines=(a_line(account="6" * 21),)))

    message = str(refusal.value)
    assert refusal.value.code == "too_long"
    assert "the invoice number has 41 characters, and column ap_bill.invoice_no takes 40" in message
    assert "the account of line 1 has 21 characters, and column ap_bill_line.account takes 20" in message
    assert number not in message
    assert not sqlite.stored()


def test_an_amount_the_column_would_round_is_refused(on_postgres):
    on_postgres.run("ALTER TABLE ap_bill_line ALTER COLUMN quantity TYPE INTEGER")
    with pytest.raises(UploadRefusedError, match=r"ap_bill_line\.quantity does not keep the quantity"):
        on_postgres.connector().upload(a_bill(lines=(a_line(quantity=Decimal("2.5")),)))

    assert not on_postgres.stored()


def test_an_amount_beyond_the_column_is_refused(on_postgres):
    with pytest.raises(UploadRefusedError, match="overflow") as refusal:
        on_postgres.connector().upload(a_bill(net="99999999999.00", tax="0.00"))

    assert refusal.value.code == "too_long"


def test_the_same_number_under_another_key_is_a_duplicate_where_the_ledger_says_so(sqlite):
    sqlite.run("CREATE UNIQUE INDEX once ON ap_bill (supplier_no, invoice_no)")
    sqlite.connector().upload(a_bill())
    with pytest.raises(UploadRefusedError, match=r"invoice_no") as refusal:
        sqlite.connector().upload(a_bill(key="another"))

    assert refusal.value.code == "duplicate"


def test_a_key_without_a_unique_index_is_found_out_before_the_first_bill(sqlite):
    settings = mapping()
    settings["bills"]["key"] = "purchase_order"
    connector = SqlConnector(settings, {"url": sqlite.url})
    with pytest.raises(UploadRefusedError, match="needs a unique index of its own"):
        connector.check()
    with pytest.raises(UploadRefusedError, match="needs a unique index of its own"):
        connector.upload(a_bill())

    assert not sqlite.stored()


def test_a_key_column_that_ignores_case_does_not_mix_up_keys(sqlite):
    sqlite.run(
        "ALTER TABLE ap_bill ADD COLUMN our_key VARCHAR(200) COLLATE NOCASE",
        "CREATE UNIQUE INDEX our_key ON ap_bill (our_key)",
    )
    settings = mapping()
    settings["bills"] |= {"key": "our_key", "reference": "our_key"}
    connector = SqlConnector(settings, {"url": sqlite.url})
    connector.upload(a_bill(key="ABC"))

    assert connector.find("abc") is None
    with pytest.raises(UploadRefusedError) as refusal:
        connector.upload(a_bill(key="abc"))
    assert refusal.value.code == "duplicate"
    assert len(sqlite.stored()) == 1


def test_an_index_over_part_of_the_rows_does_not_guard_a_key(on_postgres):
    on_postgres.run(
        "ALTER TABLE ap_bill DROP CONSTRAINT ap_bill_mailroom_key_key",
        "CREATE UNIQUE INDEX drafts_only ON ap_bill (mailroom_key) WHERE status = 'D'",
    )
    with pytest.raises(UploadRefusedError, match="needs a unique index of its own"):
        on_postgres.connector().check()


def test_check_names_every_table_and_column_that_is_missing_and_what_was_meant(sqlite):
    sqlite.run(
        "ALTER TABLE ap_bill RENAME COLUMN gross TO gross_",
        "ALTER TABLE ap_bill_file RENAME TO ap_bill_files",
        "ALTER TABLE ap_bill_line ADD COLUMN cost_centre VARCHAR(9) NOT NULL DEFAULT ''",
    )
    with pytest.raises(UploadRefusedError) as refusal:
        sqlite.connector().check()

    message = str(refusal.value)
    assert refusal.value.code == "set_up"
    assert "table ap_bill has no column gross; did you mean 'gross_'?" in message
    assert "table ap_bill_file is not there; did you mean 'ap_bill_files'?" in message
    assert "gross_ must be filled and nothing is mapped to it" in message
    assert "cost_centre" not in message


def test_a_paid_or_cancelled_bill_is_still_found(sqlite):
    connector = sqlite.connector()
    connector.upload(a_bill())
    states = []
    for word in ("Z", "X", "?"):
        sqlite.run(f"UPDATE ap_bill SET status = '{word}'")
        states.append(connector.find(a_bill().key).state)

    assert states == [BillState.PAID, BillState.CANCELLED, BillState.OTHER]


def test_a_date_nobody_can_read_stops_the_search_and_names_the_bill(sqlite):
    sqlite.enter_by_hand(a_bill("INV-9"))
    sqlite.run("UPDATE ap_bill SET invoice_date = 'last March'")
    with pytest.raises(UploadRefusedError, match=r"bill 1 .* no usable issue date in column ap_bill\.invoice_date"):
        sqlite.connector().search_bills(BillSearch(supplier_code="S-100", invoice_number="INV-9"))


@pytest.mark.parametrize(
    "kind", ["UUID USING NULL", "INTEGER USING 0", "BYTEA USING NULL"], ids=["uuid", "integer", "bytes"]
)
def test_a_column_of_another_type_needs_a_person(on_postgres, kind):
    on_postgres.run(f"ALTER TABLE ap_bill ALTER COLUMN purchase_order TYPE {kind}")
    with pytest.raises(UploadRefusedError) as refusal:
        on_postgres.connector().upload(a_bill(purchase_order="PO-17"))

    assert refusal.value.code in {"set_up", "refused"}
    assert not on_postgres.stored()


def test_a_standby_that_only_reads_is_not_reachable_for_bills(on_postgres):
    database = on_postgres.url.rpartition("/")[2]
    on_postgres.run(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    with pytest.raises(NotReachableError, match="read-only"):
        on_postgres.connector().upload(a_bill())


def test_suppliers_are_found_by_name_whatever_its_case(sqlite):
    sqlite.enter_by_hand(a_bill("INV-9", supplier_code="?", supplier_name="MÜLLER & SÖHNE"))
    found = sqlite.connector().search_bills(BillSearch(supplier_name="Müller & Söhne", invoice_number="9"))

    assert not found
    found = sqlite.connector().search_bills(BillSearch(supplier_name="Müller & Söhne", invoice_number="inv9"))
    assert [bill.invoice_number for bill in found] == ["INV-9"]


def test_an_old_ledger_with_cents_words_and_dates_as_text_reads_back_the_same(tmp_path):
    ledger = SqliteLedger(tmp_path / "old.sqlite")
    ledger.run(
        "CREATE TABLE vouchers (k VARCHAR(64) PRIMARY KEY, vendor VARCHAR(9), no VARCHAR(20), dated CHAR(8), "
        "kind VARCHAR(3), cents INTEGER, scan TEXT)",
        "CREATE TABLE items (voucher VARCHAR(64), cents INTEGER, acct VARCHAR(9), day VARCHAR(10))",
    )
    settings = {
        "currency": "EUR",
        "bills": {
            "table": "main.vouchers",
            "id": "k",
            "key": "k",
            "columns": {
                "vendor": "supplier_code",
                "no": "invoice_number",
                "dated": {"from": "issue_date", "as": "compact"},
                "cents": {"from": "gross", "as": "cents"},
                "scan": {"from": "paper", "as": "base64"},
            },
            "document_type": {"column": "kind", "invoice": "INV", "credit_note": "CRN"},
            "credit_notes": "positive",
        },
        "lines": {
            "table": "items",
            "bill": "voucher",
            "columns": {"cents": {"from": "net", "as": "cents"}, "acct": "account"},
            "constants": {"day": "any"},
        },
    }
    connector = SqlConnector(settings, {"url": ledger.url})
    credit = a_bill("CN-1", document_type=DocumentType.CREDIT_NOTE, net="1011.85", tax="192.25")
    receipt = connector.upload(credit)

    assert ledger.rows("SELECT vendor, no, dated, kind, cents FROM vouchers") == [
        ("S-100", "CN-1", "20260302", "CRN", 120410)
    ]
    assert ledger.rows("SELECT cents, acct, day FROM items") == [(101185, "6800", "any")]
    assert (receipt.evidence["gross"], receipt.evidence["attachments"]) == ("1204.10", "1")
    found = connector.search_bills(BillSearch(supplier_code="S-100", invoice_number="cn1"))
    assert [(bill.document_type, bill.issue_date) for bill in found] == [(DocumentType.CREDIT_NOTE, credit.issue_date)]
    with pytest.raises(UploadRefusedError, match="holds EUR only"):
        connector.upload(a_bill(currency="USD"))
    with pytest.raises(UploadRefusedError, match="keeps one file a bill"):
        connector.upload(a_bill(attachments=(a_pdf(), a_pdf())))
    with pytest.raises(UploadRefusedError, match="fractions of a cent"):
        connector.upload(a_bill(net="1.005", tax="0.000"))
    with pytest.raises(UploadRefusedError, match="every bill in it is a draft"):
        connector.upload(a_bill(draft=False))


def test_every_fault_of_the_settings_is_named_at_once():
    settings = mapping() | {"url": "postgresql+psycopg://me:hunter2@db/ledger", "timout_seconds": 3}
    settings["bills"]["columns"] |= {"gross": "gros", "net": {"from": "net", "as": "pennies"}}
    settings["bills"]["state"] = {"column": "status", "draft": "D", "postd": "P"}
    del settings["lines"]["bill"]
    with pytest.raises(SettingsError) as error:
        SqlConnector(settings, {"pasword": "x"})

    message = str(error.value)
    assert {fault.path for fault in error.value.faults} == {
        "", "url", "timout_seconds", "bills.columns", "bills.columns.gross", "bills.columns.net",
        "bills.state.posted", "bills.state.postd", "lines.bill",
    }  # fmt: skip
    assert "did you mean 'gross'?" in message
    assert "hunter2" not in message
    assert SqlConnector.Settings.faults(mapping() | {"url": "postgresql+psycopg://db/ledger"}) == ()
