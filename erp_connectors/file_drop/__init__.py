"""A connector that writes each bill into a folder of its own, for a system that imports from there."""

from erp_connectors.file_drop.connector import FileDropConnector

__all__ = ["FileDropConnector"]
