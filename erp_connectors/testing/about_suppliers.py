"""Suppliers that the system knows (feature `list_suppliers`)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from erp_connectors.interface import Connector, Feature, ListedSupplier, ListsSuppliers, NotReachableError
from erp_connectors.testing.bills import a_supplier
from erp_connectors.testing.claims import needs
from erp_connectors.testing.system import Fault, SystemUnderTest


class SupplierTests:
    """Who is on file there can be taken over, whole."""

    @needs(Feature.LIST_SUPPLIERS)
    def test_a_supplier_is_listed_with_what_proves_who_they_are(
        self, connector: Connector, system: SystemUnderTest
    ) -> None:
        """Number, name in any language, tax number, mail address and bank account."""
        supplier = a_supplier(name="Müller & Söhne 東京")
        system.enter_supplier(supplier)

        assert _listed(connector, supplier.number) == [supplier]

    @needs(Feature.LIST_SUPPLIERS)
    def test_a_supplier_of_whom_little_is_known_is_listed_too(
        self, connector: Connector, system: SystemUnderTest
    ) -> None:
        """What the system does not know is empty, and never another supplier's."""
        little = ListedSupplier(number="K-901", name="Kiosk")
        system.enter_supplier(little)
        system.enter_supplier(a_supplier())

        assert _listed(connector, "K-901") == [little]

    @needs(Feature.LIST_SUPPLIERS)
    def test_a_blocked_supplier_is_listed_as_blocked(self, connector: Connector, system: SystemUnderTest) -> None:
        """Left out, they would look like a new supplier when their next bill comes."""
        blocked = replace(a_supplier(), blocked=True)
        system.enter_supplier(blocked)

        assert _listed(connector, blocked.number) == [blocked]

    @needs(Feature.LIST_SUPPLIERS)
    def test_a_number_is_what_a_bill_names(self, connector: Connector, system: SystemUnderTest) -> None:
        """The bills of the suite are of S-100, so the list has it, once, as every number."""
        numbers = [each.number for each in _all(connector)]

        assert "S-100" in numbers
        assert len(numbers) == len(set(numbers))

    @needs(Feature.LIST_SUPPLIERS, Fault.UNREACHABLE)
    def test_a_list_nobody_answers_is_not_empty(self, connector: Connector, system: SystemUnderTest) -> None:
        """An empty list would look like a system without suppliers."""
        with system.inject(Fault.UNREACHABLE), pytest.raises(NotReachableError):
            _all(connector)


def _listed(connector: Connector, number: str) -> list[ListedSupplier]:
    return [each for each in _all(connector) if each.number == number]


def _all(connector: Connector) -> list[ListedSupplier]:
    assert isinstance(connector, ListsSuppliers)
    return list(connector.list_suppliers())
