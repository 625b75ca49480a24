"""Bills that are in the system already, whoever entered them (feature `search_bills`)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from erp_connectors.interface import (
    BillSearch,
    Connector,
    DocumentType,
    Feature,
    FoundBill,
    NotReachableError,
    SearchesBills,
)
from erp_connectors.testing.bills import a_bill
from erp_connectors.testing.claims import needs
from erp_connectors.testing.system import Fault, SystemUnderTest


class SearchTests:
    """A bill someone keyed by hand is found before it is posted again."""

    @needs(Feature.SEARCH_BILLS)
    @pytest.mark.parametrize("typed", ["INV-0047/26", "inv 0047/26", "INV47/26"])
    def test_a_bill_keyed_by_hand_is_found_by_its_number(
        self, connector: Connector, system: SystemUnderTest, typed: str
    ) -> None:
        """However it was typed; it has no key of ours."""
        system.enter_by_hand(a_bill("INV-0047/26"))
        found = _search(connector, BillSearch(supplier_code="S-100", invoice_number=typed))

        assert [(bill.invoice_number, bill.gross, bill.key) for bill in found] == [
            ("INV-0047/26", Decimal("119.00"), None)
        ]
        assert found[0].external_id

    @needs(Feature.SEARCH_BILLS)
    def test_the_same_number_of_another_supplier_is_another_bill(
        self, connector: Connector, system: SystemUnderTest
    ) -> None:
        """Numbers are only a supplier's own."""
        system.enter_by_hand(a_bill("INV-7", supplier_code="S-200", supplier_name="Other Mill Ltd"))

        assert not _search(connector, BillSearch(supplier_code="S-100", invoice_number="INV-7"))

    @needs(Feature.SEARCH_BILLS)
    def test_a_bill_is_found_by_amount_and_date(self, connector: Connector, system: SystemUnderTest) -> None:
        """For a number that was mistyped; the first and the last day belong to the span."""
        for day in (28, 31):
            system.enter_by_hand(a_bill(f"TYPO-{day}", issue_date=date(2026, 3, day)))
        system.enter_by_hand(a_bill("APRIL", issue_date=date(2026, 4, 1)))
        system.enter_by_hand(a_bill("CENT", tax="19.01"))
        found = _search(connector, _of_119_in_march("EUR"))

        assert sorted(bill.invoice_number for bill in found) == ["TYPO-28", "TYPO-31"]

    @needs(Feature.SEARCH_BILLS)
    def test_another_currency_is_another_amount(self, connector: Connector, system: SystemUnderTest) -> None:
        """119 EUR are not 119 USD."""
        system.enter_by_hand(a_bill())

        assert not _search(connector, _of_119_in_march("USD"))

    @needs(Feature.SEARCH_BILLS)
    def test_our_own_bill_is_found_with_its_key(self, connector: Connector) -> None:
        """So it is not taken for one keyed by hand."""
        bill = a_bill()
        receipt = connector.upload(bill)
        found = _search(connector, BillSearch(supplier_code="S-100", invoice_number="INV-7"))

        assert [(one.key, one.external_id, one.state) for one in found] == [
            (bill.key, receipt.external_id, receipt.state)
        ]

    @needs(Feature.SEARCH_BILLS)
    def test_a_credit_note_is_told_from_an_invoice(self, connector: Connector, system: SystemUnderTest) -> None:
        """Both carry positive amounts here, as on paper."""
        system.enter_by_hand(a_bill("CN-1", document_type=DocumentType.CREDIT_NOTE))
        found = _search(connector, _of_119_in_march())

        assert [(bill.document_type, bill.gross) for bill in found] == [(DocumentType.CREDIT_NOTE, Decimal("119.00"))]

    @needs(Feature.SEARCH_BILLS, Fault.UNREACHABLE)
    def test_a_search_nobody_answers_is_not_empty(self, connector: Connector, system: SystemUnderTest) -> None:
        """An empty list would let a duplicate through."""
        with system.inject(Fault.UNREACHABLE), pytest.raises(NotReachableError):
            _search(connector, BillSearch(supplier_code="S-100", invoice_number="INV-7"))


def _of_119_in_march(currency: str | None = None) -> BillSearch:
    return BillSearch(
        supplier_code="S-100",
        gross=Decimal("119.00"),
        currency=currency,
        issued_from=date(2026, 3, 1),
        issued_to=date(2026, 3, 31),
    )


def _search(connector: Connector, search: BillSearch) -> list[FoundBill]:
    assert isinstance(connector, SearchesBills)
    return list(connector.search_bills(search))
