"""Which tests stand for which claim."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from erp_connectors.interface import Connector

Test = TypeVar("Test", bound=Callable[..., None])

ACCEPTS_KEY = "accepts_key"
FINDS_BY_KEY = "finds_by_key"


def needs(*claims: str) -> Callable[[Test], Test]:
    """Keep a test only for connectors that make these claims: attributes, features or faults."""

    def mark(test: Test) -> Test:
        setattr(test, "_claims", frozenset(claims))  # noqa: B010 - functions have no such attribute for mypy
        return test

    return mark


def needed_claims(test: Any) -> frozenset[str]:
    """Return the claims a test was marked with."""
    return getattr(test, "_claims", frozenset())


def claims_of(connector: type[Connector]) -> frozenset[str]:
    """Return what a connector class says of itself."""
    claims = {str(feature) for feature in connector.features}
    claims |= {ACCEPTS_KEY} if connector.accepts_key else set()
    claims |= {FINDS_BY_KEY} if connector.finds_by_key else set()
    return frozenset(claims)
