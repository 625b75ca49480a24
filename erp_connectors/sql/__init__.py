"""A connector that writes each bill into tables of any database SQLAlchemy knows."""

from erp_connectors.sql.connector import SqlConnector

__all__ = ["SqlConnector"]
