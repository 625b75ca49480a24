"""A connector to Tryton, spoken to over its JSON-RPC; nothing of Tryton is imported."""

from erp_connectors.tryton.connector import TrytonConnector

__all__ = ["TrytonConnector"]
