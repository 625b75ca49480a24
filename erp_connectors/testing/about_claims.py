"""What a connector says of itself is so."""

from __future__ import annotations

import json
from typing import ClassVar

import pytest

from erp_connectors.interface import (
    Connector,
    Feature,
    Health,
    ListsSuppliers,
    SearchesBills,
    SettingsError,
)
from erp_connectors.testing.bills import a_bill
from erp_connectors.testing.system import SystemUnderTest

PROTOCOL_OF = {Feature.SEARCH_BILLS: SearchesBills, Feature.LIST_SUPPLIERS: ListsSuppliers}


class ClaimTests:
    """Shape, settings, check, close, receipts; and that nothing pays."""

    connector_class: ClassVar[type[Connector]]

    def test_it_has_the_shape_of_a_connector(self, connector: Connector) -> None:
        """All five methods and three attributes."""
        assert isinstance(connector, Connector)
        assert isinstance(connector, self.connector_class)

    def test_features_are_claimed_exactly_when_they_are_there(self, connector: Connector) -> None:
        """A feature that is not claimed is never used, one that is claimed must exist."""
        assert {name for name, shape in PROTOCOL_OF.items() if isinstance(connector, shape)} == set(connector.features)

    def test_nothing_pays(self) -> None:
        """No public method starts a payment."""
        public = [name.lower() for name in dir(self.connector_class) if not name.startswith("_")]

        assert not [name for name in public if "pay" in name or "remit" in name or "transfer" in name]

    def test_wrong_settings_are_named_and_nothing_is_contacted(self) -> None:
        """A misspelt setting is a fault with its path, in the constructor."""
        with pytest.raises(SettingsError) as error:
            self.connector_class({"no_such_setting": 1}, {})

        assert "no_such_setting" in {fault.path for fault in error.value.faults}

    def test_a_settings_schema_finds_the_same_faults(self) -> None:
        """Configuration is checked with the connector's own eyes, when it offers them."""
        schema = getattr(self.connector_class, "Settings", None)
        faults = None if schema is None else schema.faults({"no_such_setting": 1})

        assert faults is None or "no_such_setting" in {fault.path for fault in faults}

    def test_check_names_the_system_and_writes_nothing(self, connector: Connector, system: SystemUnderTest) -> None:
        """`check` is safe at any time."""
        health = connector.check()

        assert isinstance(health, Health)
        assert health.system
        assert not system.stored()

    def test_closing_twice_is_harmless(self, system: SystemUnderTest) -> None:
        """After use and without any."""
        used, unused = system.connector(), system.connector()
        used.upload(a_bill())
        for connector in (used, used, unused, unused):
            connector.close()

        assert len(system.stored()) == 1

    def test_a_receipt_can_be_kept_in_the_event_log(self, connector: Connector) -> None:
        """Evidence is short text, and none of it is the paper or the supplier's name."""
        receipt = connector.upload(a_bill())
        kept = json.dumps(dict(receipt.evidence))

        assert all(isinstance(value, str) for value in receipt.evidence.values())
        assert {"gross", "currency", "attachments"} <= set(receipt.evidence)
        assert len(kept) < 2000
        assert a_bill().supplier_name not in kept
