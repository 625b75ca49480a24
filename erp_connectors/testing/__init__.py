"""The suite that decides whether a class is a connector. See docs/connectors.md."""

import pytest

for _topic in ("claims", "content", "faults", "keys", "search", "suppliers"):
    pytest.register_assert_rewrite(f"erp_connectors.testing.about_{_topic}")

from erp_connectors.testing.bills import a_bill, a_line, a_pdf, a_supplier  # noqa: E402
from erp_connectors.testing.contract import ConnectorContract  # noqa: E402
from erp_connectors.testing.system import Fault, StoredBill, StoredFile, StoredLine, SystemUnderTest  # noqa: E402

__all__ = [
    "ConnectorContract",
    "Fault",
    "StoredBill",
    "StoredFile",
    "StoredLine",
    "SystemUnderTest",
    "a_bill",
    "a_line",
    "a_pdf",
    "a_supplier",
]
