"""Read the line items: rows under the headings, wrapped descriptions, tables over pages."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mailroom.extraction.items import NEAR, Item, Items
from mailroom.extraction.pairing import leading_labels
from mailroom.extraction.sheet import Amount, Sheet, SheetRow, Slot
from mailroom.extraction.table_heads import NUMERIC, Head, TableHead, table_heads

_FAR = 60.0
"""Points from its column's nearest edge at which a number belongs to another one."""
_TIGHT = 12.0
_TOTAL_LABELS = ("gross", "due", "tax", "net", "goods", "prepaid")
_WRAP_GAP = 1.6
_MOST = 0.5


def find_items(sheet: Sheet) -> Items:
    """Return the line items of a document: of the tables with headings, else of rows that multiply."""
    heads = table_heads(sheet)
    found = Items()
    first: TableHead | None = None
    for number, head in enumerate(heads):
        end = heads[number + 1].first if number + 1 < len(heads) else len(sheet.rows)
        if first and not _continues(first, head):
            break
        if head.amount is None:
            continue
        if not _read_table(sheet, head, end, found):
            break
        first = head if found.items else None
    if not found.items:
        return _without_headings(sheet)
    _drop_strays(sheet, found)
    return found


def _drop_strays(sheet: Sheet, found: Items) -> None:
    """Drop rows without quantity and price where most have them, unless the sum that is printed needs them."""
    full = [item for item in found.items if item.quantity is not None or item.unit_price is not None]
    if len(full) == len(found.items) or len(full) < _MOST * len(found.items):
        return
    printed = {
        amount.value
        for slot in sheet.slots()
        if slot.row not in found.rows
        for amount in slot.amounts
        if amount.decimals
    }
    if found.sum() in printed and sum((item.amount for item in full), Decimal(0)) not in printed:
        return
    found.rows -= {item.row for item in found.items} - {item.row for item in full}
    found.items = full


def _continues(first: TableHead, head: TableHead) -> bool:
    """Tell whether a heading repeats that of the item table on a new page."""
    again = sum(
        any(column.concept == other.concept and abs(column.x0 - other.x0) < _TIGHT for other in head.columns)
        for column in first.columns
    )
    return again >= 0.7 * len(first.columns)


def _read_table(sheet: Sheet, head: TableHead, end: int, found: Items) -> bool:
    """Add the items under `head`; False when the table was closed by a total or another table."""
    table = _Table(head, found)
    page = sheet.rows[head.last].page
    for row in sheet.rows[head.last + 1 : end]:
        if row.page != page and _closes_page(sheet, row):
            continue
        if not table.take(row):
            return not table.has_items
    found.rows.update(range(head.first, head.last + 1))
    return True


class _Table:
    """One item table being read, row by row."""

    def __init__(self, head: TableHead, found: Items) -> None:
        assert head.amount is not None
        self._head, self._amount = head, head.amount
        self._columns = [one for one in head.columns if one.concept in NUMERIC or one.concept == "extra"]
        self._found, self._before = found, len(found.items)
        self._pending: list[str] = []
        self._bottom = 0.0

    @property
    def has_items(self) -> bool:
        return len(self._found.items) > self._before

    def take(self, row: SheetRow) -> bool:
        """Read one row; False when it ends the table."""
        if self.has_items and (_heads_totals(row) or _heads_another(row)):
            return False
        numbers = _numbers(row, self._columns, self._head)
        amount = numbers.get(self._amount.concept)
        kind = _total_kind(row, numbers)
        if kind == "stop" and amount is not None:
            return False
        if kind:
            return True
        if amount is None or not _is_line_amount(amount, numbers, self._found):
            self._take_text(row, numbers)
        elif _adjusts(row, numbers):
            self._found.adjustments.append(amount.value)
        else:
            self._take_item(row, amount, numbers)
        return True

    def _take_text(self, row: SheetRow, numbers: dict[str, Amount]) -> None:
        """Add a row without an amount to the item above, or keep it for the first item below."""
        if not self.has_items:
            self._pending = self._pending or _description(row, self._head, numbers)
        elif _wraps(row, self._bottom):
            texts = _description(row, self._head, {})
            if texts:
                self._found.items[-1].texts += texts
                self._found.rows.add(row.index)
                self._bottom = row.bottom

    def _take_item(self, row: SheetRow, amount: Amount, numbers: dict[str, Amount]) -> None:
        numbers, amount = _proved(row, numbers, amount, self._amount.concept)
        item = _item(row, amount, self._amount.concept == "gross", numbers)
        item.texts = _description(row, self._head, numbers) or self._pending
        self._found.items.append(item)
        self._found.rows.add(row.index)
        self._bottom, self._pending = row.bottom, []


def _closes_page(sheet: Sheet, row: SheetRow) -> bool:
    """Tell whether a row of a later page is a letterhead or a footer: outside where items stand."""
    height = sheet.pages[row.page - 1].height
    return row.top < 0.04 * height or row.bottom > 0.97 * height


def _numbers(row: SheetRow, columns: list[Head], head: TableHead) -> dict[str, Amount]:
    """Give each numeric column its number: the pairs that are aligned best come first."""
    pairs = []
    description = head.column("description")
    for slot in row.slots:
        for amount in slot.amounts:
            inside = _is_in_text(slot, amount, description)
            for column in columns:
                distance = _distance(amount, column)
                if distance < (_TIGHT if inside else _FAR):
                    pairs.append((distance, column.concept, amount))
    pairs.sort(key=lambda pair: pair[0])
    chosen: dict[str, Amount] = {}
    used: set[int] = set()
    for _, concept, amount in pairs:
        if concept not in chosen and id(amount) not in used and _suits(concept, amount):
            chosen[concept] = amount
            used.add(id(amount))
    return _in_order(chosen, columns)


def _in_order(chosen: dict[str, Amount], columns: list[Head]) -> dict[str, Amount]:
    """Give quantity and price the numbers in the order of their headings when those were crossed."""
    if "quantity" not in chosen or "unit_price" not in chosen:
        return chosen
    left, right = dict.fromkeys(column.concept for column in columns if column.concept in {"quantity", "unit_price"})
    if chosen[left].x0 > chosen[right].x0:
        return chosen | {left: chosen[right], right: chosen[left]}
    return chosen


def _suits(concept: str, amount: Amount) -> bool:
    if concept in {"net", "gross", "unit_price", "tax"}:
        return not amount.percent
    if concept == "quantity":
        return not amount.percent and amount.currency is None
    return concept != "rate" or (0 <= amount.value <= 100 and amount.currency is None)


def _distance(amount: Amount, column: Head) -> float:
    """Return how far a number is from standing under a heading, aligned left, right or in the middle."""
    edges = min(
        abs(amount.x1 - column.x1), abs(amount.x0 - column.x0), abs(amount.x0 + amount.x1 - column.x0 - column.x1) / 2
    )
    apart = max(column.x0 - amount.x1, amount.x0 - column.x1, 0.0)
    return edges + 2 * apart


def _is_in_text(slot: Slot, amount: Amount, description: Head | None) -> bool:
    """Tell whether a number is part of words (`80 g`, `12 x 1 l`) rather than a cell of its own."""
    around = slot.cell.text[: amount.start] + slot.cell.text[amount.end :]
    letters = sum(map(str.isalpha, around))
    if letters < 4:
        return False
    return amount.start > 0 or (description is not None and abs(slot.cell.x0 - description.x0) < 25)


def _is_line_amount(amount: Amount, numbers: dict[str, Amount], found: Items) -> bool:
    if amount.decimals >= 2 or amount.currency:
        return True
    return len(numbers) >= 2 and not any(item.amount != item.amount.to_integral_value() for item in found.items)


def _total_kind(row: SheetRow, numbers: dict[str, Amount]) -> str | None:
    """Tell whether a row is a total: `stop` ends the table, `skip` (a subtotal) does not."""
    if "quantity" in numbers and "unit_price" in numbers:
        return None
    for slot in row.slots:
        for match in leading_labels(slot):
            concept = next((name for name in _TOTAL_LABELS if match.weight(name) >= 0.5), None)
            if concept is None or match.first > 2:
                continue
            if len(slot.tokens) - (match.last - match.first) > 6 and not slot.tokens[match.last - 1].colon:
                continue
            weak = match.weight("net") in {0.8, 0.7} or concept == "goods"
            return "skip" if weak else "stop"
        if slot.labels:
            break
    return None


def _heads_another(row: SheetRow) -> bool:
    """Tell whether a row looks like the headings of another table: many short cells without a digit."""
    return (
        len(row.slots) >= 4 and not any(map(str.isdigit, row.text)) and all(len(slot.tokens) <= 4 for slot in row.slots)
    )


def _heads_totals(row: SheetRow) -> bool:
    """Tell whether a row holds the headings of totals that stand below them."""
    if any(amount.decimals == 2 and not amount.percent for slot in row.slots for amount in slot.amounts):
        return False
    told = [
        max(match.weight(name) for name in _TOTAL_LABELS)
        for slot in row.slots
        for match in list(leading_labels(slot))[:1]
        if match.first == 0
    ]
    return sum(weight >= 0.7 for weight in told) >= 2


def _adjusts(row: SheetRow, numbers: dict[str, Amount]) -> bool:
    """Tell whether a row is a discount, or without quantity and price a charge, among the items."""
    labels = [match for slot in row.slots for match in slot.labels if match.first <= 1][:1]
    if any(match.weight("discount") and match.first == 0 for match in labels):
        return True
    if "quantity" in numbers or "unit_price" in numbers:
        return False
    return any(match.weight("discount") or match.weight("charge") for match in labels)


def _proved(
    row: SheetRow, numbers: dict[str, Amount], amount: Amount, concept: str
) -> tuple[dict[str, Amount], Amount]:
    """Mend a row by arithmetic: another number is quantity times price, or makes the amount with the price."""
    quantity, price = numbers.get("quantity"), numbers.get("unit_price")
    if quantity is None or price is None or abs(quantity.value * price.value - amount.value) <= NEAR:
        return numbers, amount
    taken = {id(quantity), id(price), id(amount)}
    others = [
        one for slot in row.slots for one in slot.amounts if id(one) not in taken and one.value and not one.percent
    ]
    for other in others:
        if abs(quantity.value * price.value - other.value) <= NEAR:
            return numbers | {concept: other}, other
        if abs(other.value * price.value - amount.value) <= NEAR:
            return numbers | {"quantity": other}, amount
    return numbers, amount


def _item(row: SheetRow, amount: Amount, is_gross: bool, numbers: dict[str, Amount]) -> Item:
    def value(concept: str) -> Decimal | None:
        found = numbers.get(concept)
        return None if found is None else found.value

    item = Item(
        row.index, amount.value, is_gross, value("quantity"), value("unit_price"), value("rate"), value("discount")
    )
    if item.rate is None:
        percents = [one.value for slot in row.slots for one in slot.amounts if one.percent]
        item.rate = percents[-1] if len(percents) == 1 and "discount" not in numbers else None
    return item


def _description(row: SheetRow, head: TableHead, numbers: dict[str, Amount]) -> list[str]:
    """Return the row's words that are not in a numeric column: those nearest the description's heading."""
    column = head.column("description")
    taken = {id(amount) for amount in numbers.values()}
    texts = []
    for slot in row.slots:
        text = slot.cell.text
        for amount in reversed(slot.amounts):
            if id(amount) in taken:
                text = text[: amount.start] + text[amount.end :]
        text = " ".join(text.split())
        if sum(map(str.isalpha, text)) < 2:
            continue
        if (
            column is None
            or _nearest(slot, head) == "description"
            or (slot.cell.x0 < column.x1 and slot.cell.x1 > column.x0)
        ):
            texts.append(text)
    return texts


def _nearest(slot: Slot, head: TableHead) -> str:
    return min(
        head.columns,
        key=lambda column: (
            max(column.x0 - slot.cell.x1, slot.cell.x0 - column.x1, 0.0) + abs(column.x0 - slot.cell.x0) / 50
        ),
    ).concept


def _wraps(row: SheetRow, bottom: float) -> bool:
    """Tell whether a row stands right below the item whose text ends at `bottom`."""
    height = max(row.bottom - row.top, 6.0)
    return -height < row.top - bottom < _WRAP_GAP * height


def _without_headings(sheet: Sheet) -> Items:
    """Return the rows where two numbers multiply to a third at their right: items without headings."""
    found = Items()
    for row in sheet.rows:
        item = _multiplied(row)
        if item and not _total_kind(row, {}):
            found.items.append(item)
            found.rows.add(row.index)
    return found


def _multiplied(row: SheetRow) -> Item | None:
    numbers = [amount for slot in row.slots for amount in slot.amounts]
    money = [amount for amount in numbers if amount.decimals == 2 and not amount.percent]
    if len(numbers) < 3 or len(numbers) > 9 or not money:
        return None
    amount = money[-1]
    for quantity, price in _pairs([one for one in numbers if one is not amount and not one.percent]):
        if amount.value and abs(quantity.value * price.value - amount.value) <= NEAR:
            text = " ".join(slot.cell.text for slot in row.slots if sum(map(str.isalpha, slot.cell.text)) > 2)
            return Item(row.index, amount.value, False, quantity.value, price.value, texts=[text] if text else [])
    return None


def _pairs(numbers: list[Amount]) -> Iterator[tuple[Amount, Amount]]:
    for index, first in enumerate(numbers):
        for second in numbers[index + 1 :]:
            yield (second, first) if first.decimals == 2 and second.decimals != 2 else (first, second)
