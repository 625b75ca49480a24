"""Settings of the payables steps, as a process file gives them (config/processes/accounts_payable.yaml)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from mailroom.domain.document import DocumentType
from mailroom.settings.base import Policy


class ExtractSettings(Policy):
    """How files are read: which readers, best first, and what counts as an invoice.

    `assumed_currency` stands in when the paper names none.
    """

    readers: tuple[str, ...] = ("xml", "learned", "layout", "ocr")
    accepts: tuple[DocumentType, ...] = (DocumentType.INVOICE, DocumentType.CREDIT_NOTE)
    assumed_currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")


class ValidateSettings(Policy):
    """How strictly invoices are checked. Days are calendar days, amounts in the invoice's currency.

    `number_scope` says within what a supplier's number is unique. `split_share` is the part of the
    straight-through limit from which an invoice counts as just under it; `split_count` of them in a day are
    a finding.
    """

    rounding: Decimal = Field(default=Decimal("0.02"), ge=0)
    future_days: int = Field(default=3, ge=0)
    old_days: int = Field(default=366, ge=1)
    longest_term_days: int = Field(default=366, ge=1)
    possible_duplicate_days: int = Field(default=7, ge=0)
    number_scope: Literal["all_time", "year"] = "all_time"
    name_likeness: int = Field(default=90, ge=50, le=100)
    lookalike_distance: int = Field(default=2, ge=0, le=3)
    split_share: Decimal = Field(default=Decimal("0.80"), gt=0, le=1)
    split_count: int = Field(default=2, ge=2)


class UploadSettings(Policy):
    """How bills are posted.

    `settling_seconds` is how long a bill whose answer was lost is left alone before it is looked up;
    `uploads_at_once` how many are sent side by side.
    """

    settling_seconds: float = Field(default=30.0, ge=0)
    uploads_at_once: int = Field(default=4, ge=1, le=16)
