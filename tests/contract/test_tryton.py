"""`tryton` keeps the contract on a real Tryton."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from erp_connectors.testing import ConnectorContract, Fault
from erp_connectors.tryton import TrytonConnector
from tests.contract.tryton_system import Tryton
from tests.servers.tryton.server import TrytonServer

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
