"""The contract as tests. Subclass it, name the class and the faults, give it a system:

    class TestMySystem(ConnectorContract):
        connector_class = MyConnector
        faults = frozenset({Fault.UNREACHABLE, Fault.ANSWER_LOST, Fault.REFUSES})

        @pytest.fixture
        def system(self, tmp_path):
            return MySystem(tmp_path)

Tests of what a connector does not claim are taken away; nothing is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from erp_connectors.interface import Connector
from erp_connectors.testing.about_claims import ClaimTests
from erp_connectors.testing.about_content import ContentTests
from erp_connectors.testing.about_faults import FaultTests
from erp_connectors.testing.about_keys import KeyTests
from erp_connectors.testing.about_search import SearchTests
from erp_connectors.testing.about_suppliers import SupplierTests
from erp_connectors.testing.claims import claims_of, needed_claims
from erp_connectors.testing.system import Fault, SystemUnderTest

ALWAYS = frozenset({Fault.UNREACHABLE, Fault.ANSWER_LOST, Fault.REFUSES})


class ConnectorContract(KeyTests, ContentTests, FaultTests, ClaimTests, SearchTests, SupplierTests):
    """Everything Mailroom counts on; a class that passes is a connector."""

    connector_class: ClassVar[type[Connector]]
    faults: ClassVar[frozenset[Fault]] = ALWAYS

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        if not cls.faults >= ALWAYS:
            raise TypeError(f"{cls.__name__} must be able to inject {sorted(ALWAYS - cls.faults)}")
        claimed = claims_of(cls.connector_class) | cls.faults
        for name in dir(cls):
            if not needed_claims(getattr(cls, name)) <= claimed:
                setattr(cls, name, None)

    @pytest.fixture
    def system(self) -> SystemUnderTest:
        """Return the system; every subclass has its own."""
        raise NotImplementedError("give the contract a system: override the fixture `system`")

    @pytest.fixture
    def connector(self, system: SystemUnderTest) -> Iterator[Connector]:
        """Return one connector and close it at the end."""
        connector = system.connector()
        yield connector
        connector.close()
