"""Line items as read from a table, before they become lines of a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from mailroom.domain.document import Line
from mailroom.domain.money import rounded

NEAR = Decimal("0.02")
"""Quantity times price may miss an amount by two cents of rounding."""


@dataclass(slots=True)
class Item:
    """A line item as read; `amount` is what its amount column shows, `is_gross` when that includes tax."""

    row: int
    amount: Decimal
    is_gross: bool
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    rate: Decimal | None = None
    discount: Decimal | None = None
    texts: list[str] = field(default_factory=list)

    def line(self) -> Line:
        """Return the public form."""
        return Line(
            description=" ".join(self.texts) or None,
            quantity=_plain(self.quantity),
            unit_price=_plain(self.unit_price),
            net=None if self.is_gross else str(rounded(self.amount)),
            tax_rate=_plain(self.rate),
        )

    def multiplies(self) -> bool | None:
        """Tell whether quantity times price, less a discount in percent, is the amount; None when one is missing."""
        if self.quantity is None or self.unit_price is None:
            return None
        full = self.quantity * self.unit_price
        discounted = full * (1 - (self.discount or Decimal(0)) / 100)
        return min(abs(full - self.amount), abs(discounted - self.amount)) <= NEAR


@dataclass(slots=True)
class Items:
    """The items, the rows they take (headings and wrapped lines too), and discounts or charges among them."""

    items: list[Item] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    adjustments: list[Decimal] = field(default_factory=list)

    def sum(self) -> Decimal | None:
        """Return what the amounts add up to; None without items."""
        return sum((item.amount for item in self.items), Decimal(0)) if self.items else None


def _plain(value: Decimal | None) -> str | None:
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text and text.endswith("000") else text
