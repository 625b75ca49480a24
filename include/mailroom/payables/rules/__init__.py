"""Checks of an invoice: pure functions from facts to findings, each with what was expected and found."""
