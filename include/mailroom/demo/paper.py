"""Make invoice PDFs from facts: many layouts, eight languages, the same bytes for the same facts.

The facts are the truth that tests and the demo expect to be read back (`InvoicePaper.expected`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mailroom.demo.paper_drawing import draw_invoice
from mailroom.demo.paper_layouts import LAYOUTS, Layout
from mailroom.domain.money import rounded

__all__ = ["LAYOUTS", "InvoicePaper", "Layout", "PaperLine", "Party", "invoice_pdf"]

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Party:
    """A supplier or customer as printed: `tax_id` is a VAT id, `routing` and `account` are a US bank account."""

    name: str
    street: str
    city: str
    country: str
    tax_id: str | None = None
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    iban: str | None = None
    bic: str | None = None
    routing: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line item; `tax_rate` in percent."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal = ZERO
    unit: str = ""
    code: str = ""

    @property
    def net(self) -> Decimal:
        """Return quantity times price, rounded to cents."""
        return rounded(self.quantity * self.unit_price)


@dataclass(frozen=True, slots=True)
class InvoicePaper:
    """The facts of one invoice and how it looks.

    `locale` (Babel, `de_DE`) writes numbers and dates, `language` the words, `wording` picks among synonyms.
    `currency_style` is `symbol`, `code` or `none` on amounts; a credit note prints positive amounts.
    """

    supplier: Party
    customer: Party
    number: str
    issue_date: date
    lines: tuple[PaperLine, ...]
    due_date: date | None = None
    currency: str = "EUR"
    language: str = "en"
    locale: str = "en_GB"
    date_format: str = "medium"
    currency_style: str = "symbol"
    wording: int = 0
    layout: Layout = field(default_factory=lambda: LAYOUTS["classic"])
    purchase_order: str | None = None
    customer_number: str | None = None
    delivery_date: date | None = None
    freight: Decimal = ZERO
    discount: Decimal = ZERO
    prepaid: Decimal = ZERO
    credit_note: bool = False
    note: str | None = None

    @property
    def net_total(self) -> Decimal:
        """Return the lines less discount plus freight."""
        return sum((line.net for line in self.lines), ZERO) - self.discount + self.freight

    @property
    def taxes(self) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
        """Return (rate, base, tax) by rate; discount and freight belong to the first line's rate."""
        bases: dict[Decimal, Decimal] = {}
        for line in self.lines:
            bases[line.tax_rate] = bases.get(line.tax_rate, ZERO) + line.net
        bases[self.lines[0].tax_rate] += self.freight - self.discount
        return tuple((rate, base, rounded(base * rate / 100)) for rate, base in bases.items())

    @property
    def tax_total(self) -> Decimal:
        """Return the sum of the taxes."""
        return sum((tax for _, _, tax in self.taxes), ZERO)

    @property
    def gross_total(self) -> Decimal:
        """Return net plus tax."""
        return self.net_total + self.tax_total

    @property
    def amount_due(self) -> Decimal:
        """Return the gross total less what was paid before."""
        return self.gross_total - self.prepaid

    def expected(self) -> dict[str, str]:
        """Return the fields a reader must find, in the public form (ISO dates, decimal strings)."""
        truth = {
            "invoice_number": self.number,
            "issue_date": self.issue_date.isoformat(),
            "currency": self.currency,
            "net_total": str(self.net_total),
            "tax_total": str(self.tax_total),
            "gross_total": str(self.gross_total),
            "vendor_name": self.supplier.name,
            "buyer_name": self.customer.name,
        }
        optional = {
            "due_date": self.due_date and self.due_date.isoformat(),
            "purchase_order": self.purchase_order,
            "vendor_tax_id": self.supplier.tax_id,
            "bank_account": self.supplier.iban or self._us_account(),
            "amount_due": str(self.amount_due) if self.prepaid else None,
        }
        return truth | {name: value for name, value in optional.items() if value}

    def _us_account(self) -> str | None:
        supplier = self.supplier
        return f"{supplier.routing} {supplier.account}" if supplier.routing and supplier.account else None


def invoice_pdf(paper: InvoicePaper) -> bytes:
    """Return the invoice as PDF bytes, always the same for the same facts."""
    return draw_invoice(paper)
