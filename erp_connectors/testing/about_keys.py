"""One key, one bill."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest

from erp_connectors.interface import Connector, UploadRefusedError
from erp_connectors.testing.bills import a_bill
from erp_connectors.testing.claims import ACCEPTS_KEY, FINDS_BY_KEY, needs
from erp_connectors.testing.system import SystemUnderTest


class KeyTests:
    """Invariant I7, at most one bill per key, as far as a connector carries it."""

    def test_a_new_bill_is_not_already_there(self, connector: Connector, system: SystemUnderTest) -> None:
        """A first upload adds one bill and says that it did."""
        receipt = connector.upload(a_bill())

        assert not receipt.already_there
        assert receipt.external_id
        assert len(system.stored()) == 1

    def test_two_keys_make_two_bills(self, connector: Connector, system: SystemUnderTest) -> None:
        """Another paper of the same supplier, date and amount is another bill."""
        first, second = connector.upload(a_bill("INV-7")), connector.upload(a_bill("INV-8"))

        assert first.external_id != second.external_id
        assert sorted(bill.invoice_number for bill in system.stored()) == ["INV-7", "INV-8"]

    @needs(ACCEPTS_KEY)
    def test_the_same_key_again_adds_nothing(self, connector: Connector, system: SystemUnderTest) -> None:
        """The second receipt names the first bill."""
        first, second = connector.upload(a_bill()), connector.upload(a_bill())

        assert second.already_there
        assert (second.external_id, second.external_reference) == (
            first.external_id,
            first.external_reference,
        )
        assert len(system.stored()) == 1

    @needs(ACCEPTS_KEY)
    def test_the_system_guards_the_key_not_the_connector(self, system: SystemUnderTest) -> None:
        """After a restart nothing is remembered but what the system holds."""
        before, after = system.connector(), system.connector()
        before.upload(a_bill())
        before.close()

        assert after.upload(a_bill()).already_there
        assert len(system.stored()) == 1
        after.close()

    @needs(ACCEPTS_KEY)
    def test_the_same_key_at_the_same_moment_makes_one_bill(self, system: SystemUnderTest) -> None:
        """Two workers with three threads each: one adds, the others are told it is there."""
        connectors = [system.connector(), system.connector()]
        with ThreadPoolExecutor(max_workers=6) as pool:
            receipts = list(pool.map(lambda place: connectors[place % 2].upload(a_bill()), range(6)))
        for connector in connectors:
            connector.close()

        assert len(system.stored()) == 1
        assert sorted(receipt.already_there for receipt in receipts) == [False] + [True] * 5
        assert len({receipt.external_id for receipt in receipts}) == 1

    @needs(ACCEPTS_KEY)
    @pytest.mark.parametrize(
        "change",
        [
            {"net": Decimal("101.00"), "gross": Decimal("120.00")},
            {"currency": "USD"},
            {"invoice_number": "INV-8"},
        ],
        ids=["gross", "currency", "number"],
    )
    def test_the_same_key_for_another_bill_is_refused(
        self, connector: Connector, system: SystemUnderTest, change: dict[str, object]
    ) -> None:
        """What is there stays as it is."""
        bill = a_bill()
        connector.upload(bill)
        before = system.stored()

        with pytest.raises(UploadRefusedError) as refusal:
            connector.upload(replace(bill, **change))  # type: ignore[arg-type]

        assert refusal.value.code == "key_conflict"
        assert system.stored() == before

    @needs(FINDS_BY_KEY)
    def test_an_uploaded_bill_is_found_by_its_key(self, system: SystemUnderTest) -> None:
        """A fresh connector finds it, with the id and state the upload reported."""
        first, second = system.connector(), system.connector()
        uploaded = first.upload(a_bill())
        found = second.find(a_bill().key)

        assert found is not None
        assert found.already_there
        assert (found.external_id, found.external_reference, found.state) == (
            uploaded.external_id,
            uploaded.external_reference,
            uploaded.state,
        )
        assert found.evidence["gross"] == "119.00"
        first.close()
        second.close()

    @needs(FINDS_BY_KEY)
    @pytest.mark.parametrize("other", ["key-INV", "key-INV-70", "KEY-inv-7", "key-%", "*", "' OR 1=1 --"])
    def test_another_key_is_not_found(self, connector: Connector, other: str) -> None:
        """A key is compared whole and as it is: no prefix, no pattern, no other case."""
        connector.upload(a_bill())

        assert connector.find(other) is None

    @pytest.mark.parametrize("key", ["../../etc/x", "a/b\\c:d", "Schlüssel 東京", "k" * 200])
    def test_an_odd_key_is_as_good_as_any(self, connector: Connector, system: SystemUnderTest, key: str) -> None:
        """Keys are names, never paths or patterns."""
        connector.upload(a_bill(key=key))

        assert len(system.stored()) == 1
        if connector.finds_by_key:
            assert connector.find(key) is not None
