"""Draw an invoice: a layout is a choice of blocks, each block one way papers do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from mailroom.demo.paper_sheet import Column, Sheet
from mailroom.demo.paper_words import word

if TYPE_CHECKING:
    from mailroom.demo.paper import InvoicePaper, PaperLine, Party

_LEFT = 50.0
_NARROW = {"quantity", "rate", "code", "position"}


class _Draft:
    """One invoice being drawn: the paper's facts with the words and formats of its language."""

    def __init__(self, paper: InvoicePaper) -> None:
        self.paper = paper
        self.layout = paper.layout
        font = "dejavu" if paper.language == "pl" else paper.layout.font
        self.sheet = Sheet(font, paper.layout.size, paper.layout.paper)
        self.right = self.sheet.width - _LEFT

    def word(self, key: str) -> str:
        return word(self.paper.language, key, self.paper.wording)

    def label(self, key: str) -> str:
        return self.word(key) + (":" if self.layout.colon else "")

    def money(self, amount: Decimal, *, bare: bool = False) -> str:
        return self._money(amount, bare).replace("\u202f", "\xa0")

    def _money(self, amount: Decimal, bare: bool) -> str:
        paper = self.paper
        if bare or paper.currency_style == "none":
            return format_decimal(amount, "#,##0.00", locale=paper.locale)
        if paper.currency_style == "code":
            return f"{format_decimal(amount, '#,##0.00', locale=paper.locale)} {paper.currency}"
        return format_currency(amount, paper.currency, locale=paper.locale)

    def number(self, value: Decimal) -> str:
        return format_decimal(value.normalize(), "#,##0.###", locale=self.paper.locale).replace("\u202f", "\xa0")

    def date(self, value: date) -> str:
        return format_date(value, self.paper.date_format, locale=self.paper.locale)

    def title(self) -> str:
        return self.word("credit_note" if self.paper.credit_note else "invoice")

    def facts(self) -> list[tuple[str, str]]:
        paper = self.paper
        pairs: list[tuple[str, str | None]] = [
            ("number", paper.number),
            ("issue_date", self.date(paper.issue_date)),
            ("delivery_date", self.date(paper.delivery_date) if paper.delivery_date else None),
            ("due_date", self.date(paper.due_date) if paper.due_date else None),
            ("customer_number", paper.customer_number),
            ("order", paper.purchase_order),
        ]
        return [(key, value) for key, value in pairs if value]


def draw_invoice(paper: InvoicePaper) -> bytes:
    """Return the PDF of `paper` in its layout."""
    draft = _Draft(paper)
    _HEADS[paper.layout.head](draft)
    _FACTS[paper.layout.facts](draft)
    _items(draft)
    _TOTALS[paper.layout.totals](draft)
    _closing(draft)
    _FEET[paper.layout.foot](draft)
    return draft.sheet.finished()


def _address(party: Party, *, tax_label: str | None = None) -> list[str]:
    lines = [party.name, party.street, party.city, party.country]
    if tax_label and party.tax_id:
        lines.append(f"{tax_label} {party.tax_id}")
    return [line for line in lines if line]


def _letterhead(draft: _Draft) -> None:
    sheet, paper = draft.sheet, draft.paper
    supplier = paper.supplier
    sheet.text(_LEFT, 60, supplier.name, size=sheet.size * 1.7, bold=True)
    contact = [line for line in (supplier.phone, supplier.email, supplier.website) if line]
    sheet.block(_LEFT, 78, [supplier.street, supplier.city, supplier.country, *contact])
    sheet.text(draft.right, 60, draft.title(), size=sheet.size * 2, bold=True, align="right")
    sheet.text(_LEFT, 165, draft.label("to"), bold=True)
    sheet.y = sheet.block(_LEFT, 180, _address(paper.customer))


def _window(draft: _Draft) -> None:
    sheet, paper = draft.sheet, draft.paper
    supplier = paper.supplier
    sheet.text(draft.right, 55, supplier.name, size=sheet.size * 1.6, bold=True, align="right")
    sheet.text(_LEFT, 128, f"{supplier.name} · {supplier.street} · {supplier.city}", size=6.5)
    bottom = sheet.block(_LEFT, 145, _address(paper.customer))
    sheet.text(_LEFT, 260, draft.title(), size=sheet.size * 1.6, bold=True)
    sheet.y = max(bottom, 265)


def _boxes(draft: _Draft) -> None:
    sheet, paper = draft.sheet, draft.paper
    sheet.text(sheet.width / 2, 55, draft.title(), size=sheet.size * 2, bold=True, align="center")
    middle = sheet.width / 2
    for x, key, party in ((_LEFT, "from", paper.supplier), (middle + 8, "to", paper.customer)):
        sheet.frame(x - 5, 75, middle - _LEFT - 5, 95)
        sheet.text(x, 90, draft.label(key), bold=True)
        sheet.block(x, 105, _address(party, tax_label=draft.label("vat_id")))
    sheet.y = 185


def _reversed(draft: _Draft) -> None:
    sheet, paper = draft.sheet, draft.paper
    sheet.text(_LEFT, 60, draft.title().upper(), size=sheet.size * 2.2, bold=True)
    supplier = paper.supplier
    contact = [line for line in (supplier.email, supplier.phone) if line]
    sheet.block(draft.right, 55, _address(supplier) + contact, bold_first=True, align="right")
    sheet.text(draft.right - 170, 150, draft.label("to"), bold=True)
    sheet.block(draft.right - 170, 165, _address(paper.customer))
    sheet.y = 150 if draft.layout.facts == "left" else 240


def _stacked(draft: _Draft) -> None:
    sheet, paper = draft.sheet, draft.paper
    y = sheet.block(_LEFT, 55, _address(paper.supplier), bold_first=True) + 12
    sheet.text(_LEFT, y, draft.label("to"))
    y = sheet.block(_LEFT, y + sheet.size * 1.35, _address(paper.customer)) + 14
    sheet.text(_LEFT, y, draft.title(), size=sheet.size * 1.5, bold=True)
    sheet.y = y + 18


def _facts_right(draft: _Draft) -> None:
    sheet = draft.sheet
    starts = {"letterhead": max(165.0, sheet.y - 60), "window": max(165.0, sheet.y - 60), "reversed": 245.0}
    y = starts.get(draft.layout.head, sheet.y + 10)
    for key, value in draft.facts():
        sheet.text(draft.right - 190, y, draft.label(key))
        sheet.text(draft.right, y, value, align="right")
        y += sheet.size * 1.4
    sheet.y = max(sheet.y, y) + 14


def _facts_left(draft: _Draft) -> None:
    sheet = draft.sheet
    y = sheet.y + 4
    for key, value in draft.facts():
        sheet.text(_LEFT, y, draft.label(key), bold=True)
        sheet.text(_LEFT + 115, y, value)
        y += sheet.size * 1.4
    sheet.y = max(y, 235 if draft.layout.head == "reversed" else y) + 12


def _facts_across(draft: _Draft) -> None:
    sheet, facts = draft.sheet, draft.facts()
    width = (draft.right - _LEFT) / len(facts)
    sheet.y += 16
    for index, (key, value) in enumerate(facts):
        x = _LEFT + index * width
        sheet.text(x + 3, sheet.y, draft.word(key), bold=True, size=sheet.size * 0.85)
        sheet.text(x + 3, sheet.y + sheet.size * 1.5, value)
        sheet.frame(x, sheet.y - sheet.size - 2, width, sheet.size * 3.1)
    sheet.y += sheet.size * 3.1 + 6


def _facts_sentence(draft: _Draft) -> None:
    sheet, facts = draft.sheet, draft.facts()
    sheet.y += 4
    for start in range(0, len(facts), 2):
        line = "   ".join(f"{draft.label(key)} {value}" for key, value in facts[start : start + 2])
        sheet.text(_LEFT, sheet.y, line)
        sheet.y += sheet.size * 1.5
    sheet.y += 8


def _items(draft: _Draft) -> None:
    names = [name for name in draft.layout.columns if name != "rate" or len(draft.paper.taxes) > 0]
    room = draft.right - _LEFT
    widths = {name: room * (0.09 if name in _NARROW else 0.15) for name in names}
    widths["description"] = room - sum(width for name, width in widths.items() if name != "description")
    columns, x = [], _LEFT
    for name in names:
        heading = "#" if name == "position" else draft.word(name)
        align = "left" if name in {"description", "code", "position"} else "right"
        columns.append(Column(heading, x, widths[name], align))
        x += widths[name]
    rows = [[_item(draft, name, index, line) for name in names] for index, line in enumerate(draft.paper.lines, 1)]
    draft.sheet.table(columns, rows, style=draft.layout.table)
    draft.sheet.y += 10


def _item(draft: _Draft, name: str, index: int, line: PaperLine) -> str:
    bare = draft.paper.currency_style != "symbol"
    return {
        "position": str(index),
        "code": line.code or f"A-{100 + index}",
        "description": line.description,
        "quantity": f"{draft.number(line.quantity)} {line.unit}".strip(),
        "unit_price": draft.money(line.unit_price, bare=bare),
        "rate": f"{draft.number(line.tax_rate)} %"
        if draft.layout.table == "grid"
        else f"{draft.number(line.tax_rate)}%",
        "amount": draft.money(line.net, bare=bare),
    }[name]


def _sums(draft: _Draft) -> list[tuple[str, Decimal, bool]]:
    """Return the rows under the table: label, amount, bold."""
    paper = draft.paper
    rows: list[tuple[str, Decimal, bool]] = []
    if paper.freight or paper.discount:
        rows.append((draft.label("subtotal"), sum((line.net for line in paper.lines), Decimal(0)), False))
    if paper.discount:
        rows.append((draft.label("discount"), -paper.discount, False))
    if paper.freight:
        rows.append((draft.label("freight"), paper.freight, False))
    rows.append((draft.label("net"), paper.net_total, False))
    for rate, _, tax in paper.taxes:
        rows.append((f"{draft.word('tax')} {draft.number(rate)}%" + ":" * draft.layout.colon, tax, False))
    rows.append((draft.label("gross"), paper.gross_total, not paper.prepaid))
    if paper.prepaid:
        rows += [(draft.label("prepaid"), -paper.prepaid, False), (draft.label("due"), paper.amount_due, True)]
    return rows


def _totals_right(draft: _Draft) -> None:
    sheet, rows = draft.sheet, _sums(draft)
    sheet.need(len(rows) * sheet.size * 1.5 + 20)
    for label, amount, bold in rows:
        sheet.y += sheet.size * 1.5
        sheet.text(draft.right - 190, sheet.y, label, bold=bold)
        sheet.text(draft.right - 3, sheet.y, draft.money(amount), bold=bold, align="right")
    sheet.y += 24


def _totals_boxed(draft: _Draft) -> None:
    sheet, rows = draft.sheet, _sums(draft)
    sheet.need(len(rows) * (sheet.size + 7) + 20)
    for label, amount, bold in rows:
        sheet.frame(draft.right - 230, sheet.y, 120, sheet.size + 7)
        sheet.frame(draft.right - 110, sheet.y, 110, sheet.size + 7)
        sheet.text(draft.right - 226, sheet.y + sheet.size + 2, label, bold=bold)
        sheet.text(draft.right - 4, sheet.y + sheet.size + 2, draft.money(amount), bold=bold, align="right")
        sheet.y += sheet.size + 7
    sheet.y += 24


def _totals_across(draft: _Draft) -> None:
    sheet, rows = draft.sheet, _sums(draft)
    sheet.need(80)
    width = (draft.right - _LEFT) / len(rows)
    sheet.y += 14
    for index, (label, amount, bold) in enumerate(rows):
        x = _LEFT + (index + 1) * width - 4
        sheet.text(x, sheet.y, label.rstrip(":"), size=sheet.size * 0.8, align="right")
        sheet.text(x, sheet.y + sheet.size * 1.4, draft.money(amount), bold=bold, align="right")
    sheet.rule(_LEFT, draft.right, sheet.y + sheet.size * 2)
    sheet.y += sheet.size * 2 + 24


def _closing(draft: _Draft) -> None:
    sheet, paper = draft.sheet, draft.paper
    sheet.need(60)
    if paper.due_date:
        sheet.text(_LEFT, sheet.y, draft.word("terms").format(date=draft.date(paper.due_date)))
        sheet.y += sheet.size * 1.5
    if paper.note:
        sheet.y = sheet.wrapped(_LEFT, sheet.y, draft.right - _LEFT, paper.note)
    sheet.text(_LEFT, sheet.y, draft.word("thanks"))
    sheet.y += 22


def _bank(draft: _Draft) -> list[str]:
    supplier = draft.paper.supplier
    lines = []
    if supplier.iban:
        lines.append(f"{draft.label('iban')} {_grouped(supplier.iban)}")
    if supplier.bic:
        lines.append(f"BIC: {supplier.bic}")
    if supplier.routing and supplier.account:
        lines += [f"Routing number: {supplier.routing}", f"Account number: {supplier.account}"]
    return lines


def _grouped(iban: str) -> str:
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def _foot_columns(draft: _Draft) -> None:
    sheet, supplier = draft.sheet, draft.paper.supplier
    y, size = sheet.height - 62, sheet.size
    sheet.rule(_LEFT, draft.right, y - 12)
    sheet.size = 7
    contact = [text for text in (supplier.phone, supplier.email, supplier.website) if text]
    tax = [f"{draft.label('vat_id')} {supplier.tax_id}"] if supplier.tax_id else []
    third = (draft.right - _LEFT) / 3
    for index, lines in enumerate(([supplier.name, supplier.street, supplier.city], contact + tax, _bank(draft))):
        sheet.block(_LEFT + index * third, y, lines)
    sheet.size = size


def _foot_line(draft: _Draft) -> None:
    sheet, supplier = draft.sheet, draft.paper.supplier
    tax = f"{draft.label('vat_id')} {supplier.tax_id}" if supplier.tax_id else ""
    parts = [supplier.name, supplier.street, supplier.city, tax]
    sheet.text(sheet.width / 2, sheet.height - 52, " - ".join(part for part in parts if part), size=7.5, align="center")
    sheet.text(sheet.width / 2, sheet.height - 40, "  ".join(_bank(draft)), size=7.5, align="center")


def _foot_block(draft: _Draft) -> None:
    sheet, supplier = draft.sheet, draft.paper.supplier
    lines = _bank(draft)
    if lines:
        lines.insert(0, f"{draft.label('account_holder')} {supplier.name}")
    if supplier.tax_id and draft.layout.head != "boxes":
        lines.append(f"{draft.label('vat_id')} {supplier.tax_id}")
    sheet.need(len(lines) * sheet.size * 1.35)
    sheet.block(_LEFT, sheet.y, lines)
    sheet.text(draft.right, sheet.height - 40, f"{draft.word('page')} {sheet.page}", size=7, align="right")


_Block = Callable[[_Draft], None]
_HEADS: dict[str, _Block] = {
    "letterhead": _letterhead,
    "window": _window,
    "boxes": _boxes,
    "reversed": _reversed,
    "stacked": _stacked,
}
_FACTS: dict[str, _Block] = {
    "right": _facts_right,
    "left": _facts_left,
    "across": _facts_across,
    "sentence": _facts_sentence,
}
_TOTALS: dict[str, _Block] = {"right": _totals_right, "across": _totals_across, "boxed": _totals_boxed}
_FEET: dict[str, _Block] = {"columns": _foot_columns, "line": _foot_line, "block": _foot_block}
