"""What a reader found in a file: the one structure every reader fills."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class DocumentType(StrEnum):
    """What kind of paper a document is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    PURCHASE_ORDER = "purchase_order"
    GOODS_RECEIVED_NOTE = "goods_received_note"
    STATEMENT = "statement"
    REMINDER = "reminder"
    CONTRACT = "contract"
    PAY_STUB = "pay_stub"
    W2 = "w2"
    OTHER = "other"


INVOICE_FIELDS = (
    "invoice_number",
    "issue_date",
    "due_date",
    "currency",
    "net_total",
    "tax_total",
    "gross_total",
    "amount_due",
    "vendor_name",
    "vendor_tax_id",
    "bank_account",
    "remit_to",
    "buyer_name",
    "purchase_order",
)


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A value with its evidence. Dates are ISO 8601, amounts decimal strings with a point.

    `box` is (x0, top, x1, bottom) in points from the page's top left; `page` counts from 1.
    """

    value: str
    confidence: float
    source: str
    page: int | None = None
    box: tuple[float, float, float, float] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the public form."""
        return {
            "value": self.value,
            "confidence": round(self.confidence, 4),
            "source": self.source,
            "page": self.page,
            "box": None if self.box is None else [round(edge, 2) for edge in self.box],
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One line item; every part is text as in `FieldValue`, or None when the page does not show it."""

    description: str | None = None
    quantity: str | None = None
    unit_price: str | None = None
    net: str | None = None
    tax_rate: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the public form."""
        return {
            "description": self.description,
            "quantity": self.quantity,
            "unit_price": self.unit_price,
            "net": self.net,
            "tax_rate": self.tax_rate,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """One arithmetic or form check: result is `pass`, `fail` or `cannot_tell`."""

    rule: str
    result: str
    expected: str | None = None
    found: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the public form."""
        return {"rule": self.rule, "result": self.result, "expected": self.expected, "found": self.found}


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """One document of a file: its type, its pages (from 1), its fields by name, lines and checks."""

    document_type: DocumentType
    pages: tuple[int, ...]
    fields: dict[str, FieldValue] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    checks: tuple[Check, ...] = ()

    def value(self, name: str) -> str | None:
        """Return a field's value, or None when it was not found."""
        found = self.fields.get(name)
        return None if found is None else found.value

    def as_json(self) -> dict[str, Any]:
        """Return the public form (design.md, Documents and extraction)."""
        return {
            "document_type": self.document_type.value,
            "pages": list(self.pages),
            "fields": {name: value.as_json() for name, value in self.fields.items()},
            "lines": [line.as_json() for line in self.lines],
            "checks": [check.as_json() for check in self.checks],
        }


def document_from_json(body: dict[str, Any]) -> ExtractedDocument:
    """Read back what `ExtractedDocument.as_json` wrote."""
    return ExtractedDocument(
        document_type=DocumentType(body["document_type"]),
        pages=tuple(body["pages"]),
        fields={
            name: FieldValue(
                value["value"],
                value["confidence"],
                value["source"],
                value.get("page"),
                None if value.get("box") is None else tuple(value["box"]),
            )
            for name, value in body["fields"].items()
        },
        lines=tuple(Line(**line) for line in body["lines"]),
        checks=tuple(Check(**check) for check in body["checks"]),
    )
