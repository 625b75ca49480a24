"""Connectors that put invoices into accounting systems: the contract, its suite, and connectors."""
