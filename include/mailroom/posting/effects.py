"""What posting writes in the commit of its moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SaveIntent:
    """What is about to be posted, on record before anything is sent."""

    connector: str
    key: str
    request_hash: str
    gross: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class ConfirmIntent:
    """The system holds the bill; `evidence` was read back from it."""

    external_id: str
    external_reference: str
    already_there: bool
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetIntent:
    """What became of an intent short of a receipt: `intended` (nothing sent), `unknown` or `rejected`.

    An external id links a bill that somebody entered by hand.
    """

    state: str
    error_code: str | None = None
    external_id: str | None = None
    external_reference: str | None = None
