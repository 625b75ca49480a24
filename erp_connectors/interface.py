"""The contract between Mailroom and an accounting system. See docs/connectors.md.

There is no method that pays, and none is to be added: a bill is put into the system, and people there
decide about the money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

from erp_connectors.bill import (
    Attachment,
    Bill,
    BillLine,
    BillSearch,
    BillState,
    DocumentType,
    FoundBill,
    Health,
    ListedSupplier,
    Receipt,
    comparable_number,
)
from erp_connectors.errors import (
    ConnectorError,
    NotReachableError,
    OutcomeUnknownError,
    SettingsError,
    SettingsFault,
    UnknownConnectorError,
    UploadRefusedError,
)

__all__ = [
    "Attachment",
    "Bill",
    "BillLine",
    "BillSearch",
    "BillState",
    "Connector",
    "ConnectorError",
    "DocumentType",
    "Feature",
    "FoundBill",
    "Health",
    "ListedSupplier",
    "ListsSuppliers",
    "NotReachableError",
    "OutcomeUnknownError",
    "Receipt",
    "SearchesBills",
    "SettingsError",
    "SettingsFault",
    "UnknownConnectorError",
    "UploadRefusedError",
    "comparable_number",
]


class Feature(StrEnum):
    """What a system can tell beyond the five methods; each is a Protocol of its own."""

    SEARCH_BILLS = "search_bills"
    LIST_SUPPLIERS = "list_suppliers"


@runtime_checkable
class Connector(Protocol):
    """Puts bills into one system. One object may serve several threads at once.

    `accepts_key`: a second `upload` of the same key adds nothing, whoever sends it and whenever: the
    system, not the connector's memory, guards the key. `finds_by_key`: `find` tells the truth, so a lost
    answer can be cleared up by looking. With neither, a lost answer always goes to a person.
    """

    accepts_key: ClassVar[bool]
    finds_by_key: ClassVar[bool]
    features: ClassVar[frozenset[Feature]]

    def __init__(self, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
        """Take the settings as written in YAML, and secrets by the role they play (`password`).

        Raises `SettingsError` with every fault; connects to nothing.
        """
        ...

    def check(self) -> Health:
        """See that the system answers, lets us in and is set up as the settings say; write nothing.

        Raises `NotReachableError` or `UploadRefusedError` (`sign_in`, `set_up`).
        """
        ...

    def upload(self, bill: Bill) -> Receipt:
        """Put the bill with its lines and files into the system, all or nothing, and read it back.

        The same key again returns the bill that is there, `already_there`, and refuses with
        `key_conflict` when number, currency or gross differ. Raises `UploadRefusedError`,
        `NotReachableError` or `OutcomeUnknownError`; anything else is a fault of the connector, and
        Mailroom takes it for an unknown outcome.
        """
        ...

    def find(self, key: str) -> Receipt | None:
        """Return the bill with this key as the system holds it now, or None when it surely has none.

        Raises `NotReachableError`, or `UploadRefusedError` when the system does not let us look.
        Never guesses: without `finds_by_key` it is not called.
        """
        ...

    def close(self) -> None:
        """Let go of connections and files; a second call does nothing."""
        ...


@runtime_checkable
class SearchesBills(Protocol):
    """A connector with the feature `search_bills`."""

    def search_bills(self, search: BillSearch) -> Sequence[FoundBill]:
        """Return every bill that matches, drafts and those entered by hand included, cancelled ones too.

        Raises as `find` does.
        """
        ...


@runtime_checkable
class ListsSuppliers(Protocol):
    """A connector with the feature `list_suppliers`."""

    def list_suppliers(self) -> Sequence[ListedSupplier]:
        """Return every supplier the system has, blocked ones too, each number once.

        Raises as `find` does.
        """
        ...


class SettingsSchema(Protocol):
    """A connector's `Settings` class, when it offers one: checks configuration without connecting."""

    @classmethod
    def faults(cls, settings: Mapping[str, Any]) -> Sequence[SettingsFault]:
        """Return everything that is wrong with these settings; nothing when they are fine."""
        ...
