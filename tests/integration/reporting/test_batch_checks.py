import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from mailroom.reporting.batch_checks import BatchVerdict, check_batch, currencies_in_use
from tests.integration.reporting.made_up import MadeUp

NOW = datetime.now(UTC)
TODAY = NOW.date()
# The example of ISO 13616 for Germany, and the same with one digit changed.
IBAN, BAD_IBAN = "DE89370400440532013000", "DE89370400440532013001"


def a_good_one(customer: MadeUp, number: str, **changes: object) -> UUID:
    fields: dict[str, object] = {
        "issue_date": TODAY - timedelta(days=3),
        "due_date": TODAY + timedelta(days=27),
        "net_total": Decimal("100.00"),
        "tax_total": Decimal("19.00"),
        "bank_account": IBAN,
    }
    gross = changes.pop("gross", "119.00")
    currency = changes.pop("currency", "EUR")
    supplier = changes.pop("supplier", "Muster AG")
    return customer.invoice(NOW, number, gross=gross, currency=currency, supplier=supplier, **fields | changes)  # type: ignore[arg-type]


def failed(verdict: BatchVerdict) -> dict[str, tuple[str, ...]]:
    return {result.check: result.unexpected_ids for result in verdict.results if not result.success}


def check(customer: MadeUp, *transaction_ids: UUID, run: str = "run-1") -> BatchVerdict:
    return check_batch(customer.database, customer.organization_id, transaction_ids, run=run)


def test_a_good_batch_holds(customer: MadeUp):
    verdict = check(customer, *(a_good_one(customer, f"G-{number}") for number in range(3)))

    assert verdict.success, failed(verdict)
    assert verdict.records == 3


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({"issue_date": None}, "issue_date_present"),
        ({"gross": "119.01"}, "gross_is_net_plus_tax"),
        ({"currency": "DEM"}, "currency_in_iso_4217"),
        ({"issue_date": TODAY + timedelta(days=40), "due_date": None}, "issue_date_plausible"),
        ({"issue_date": TODAY - timedelta(days=4000), "due_date": None}, "issue_date_plausible"),
        ({"due_date": TODAY - timedelta(days=4)}, "due_date_after_issue_date"),
        ({"gross": "10000000.01", "net_total": None}, "amount_in_range"),
        ({"gross": "0.00", "net_total": None}, "amount_in_range"),
        ({"bank_account": BAD_IBAN}, "iban_valid"),
        ({"supplier": ""}, "supplier_present"),
    ],
)
def test_each_fault_is_found_in_its_row_alone(customer: MadeUp, changes: dict[str, object], broken: str):
    good = a_good_one(customer, "G-1")
    bad = a_good_one(customer, "G-2", **changes)

    assert failed(check(customer, good, bad)) == {broken: (str(bad),)}


@pytest.mark.parametrize("account", [None, "12345678", "021000021 123456"])
def test_an_account_that_is_no_iban_is_not_judged_as_one(customer: MadeUp, account: str | None):
    assert check(customer, a_good_one(customer, "G-1", bank_account=account)).success


def test_a_credit_note_is_as_large_as_its_size(customer: MadeUp):
    note = a_good_one(customer, "G-1", gross="-119.00", net_total=Decimal("-100.00"), tax_total=Decimal("-19.00"))

    assert check(customer, note).success


def test_a_number_is_unique_for_one_supplier_only(customer: MadeUp):
    first, second = a_good_one(customer, "G-1"), a_good_one(customer, "G-1")
    elsewhere = a_good_one(customer, "G-1", supplier="Nordlicht GmbH")

    found = failed(check(customer, first, second, elsewhere))

    assert set(found) == {"number_unique_per_supplier"}
    assert set(found["number_unique_per_supplier"]) == {str(first), str(second)}


def test_results_are_kept_once_a_run_without_personal_data(customer: MadeUp):
    bad = a_good_one(customer, "G-1", bank_account=BAD_IBAN)
    check(customer, bad)
    check(customer, bad)

    (row,) = customer.rows("SELECT suite, run, success, records, results FROM data_checks")
    assert (row.suite, row.run, row.success, row.records) == ("invoices", "run-1", False, 1)
    iban = next(result for result in row.results if result["check"] == "iban_valid")
    assert iban == {
        "check": "iban_valid",
        "expectation": "expect_column_values_to_be_in_set",
        "success": False,
        "unexpected_count": 1,
        "unexpected_ids": [str(bad)],
    }
    assert BAD_IBAN not in json.dumps(row.results)
    assert "Muster" not in json.dumps(row.results)


def test_nothing_read_is_an_empty_batch(customer: MadeUp):
    verdict = check(customer)

    assert (verdict.records, verdict.success) == (0, True)
    assert len(customer.rows("SELECT 1 FROM data_checks")) == 1


def test_it_decides_no_transaction(customer: MadeUp):
    bad = a_good_one(customer, "G-1", bank_account=BAD_IBAN)
    before = customer.rows("SELECT state, version, event_seq FROM transactions")

    check(customer, bad)

    assert customer.rows("SELECT state, version, event_seq FROM transactions") == before


def test_it_prints_no_progress(customer: MadeUp, capfd: pytest.CaptureFixture[str]):
    check(customer, a_good_one(customer, "G-1"))

    printed = capfd.readouterr()
    assert "Calculating" not in printed.err + printed.out


def test_currencies_are_those_in_use():
    # ISO 4217: DEM and FRF were withdrawn in 2002; XXX stands for no currency.
    assert {"EUR", "USD", "JPY", "CHF"} <= currencies_in_use()
    assert not {"DEM", "FRF", "XXX"} & currencies_in_use()
