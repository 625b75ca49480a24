"""Mailroom: a digital mailroom for finance back offices."""

__version__ = "0.1.0"
