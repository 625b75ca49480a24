"""A connector that puts bills into Example Erp."""

from example_erp.connector import ExampleErpConnector

__all__ = ["ExampleErpConnector"]
