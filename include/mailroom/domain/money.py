"""Amounts of money: a Decimal and its currency, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def rounded(amount: Decimal, step: Decimal = CENT) -> Decimal:
    """Round half up to `step`, as invoices do (EN 16931 rounds totals to two decimals)."""
    return amount.quantize(step, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217 code). Amounts of two currencies do not add up."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency}"

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot combine {self.currency} with {other.currency}")
