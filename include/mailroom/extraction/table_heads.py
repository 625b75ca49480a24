"""Find the headings of an item table and the columns they stand over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailroom.documents.rows import Cell
from mailroom.extraction.labels import find_columns
from mailroom.extraction.sheet import Sheet, SheetRow, Slot
from mailroom.extraction.tokens import tokens_of

NUMERIC = ("quantity", "unit_price", "net", "gross", "tax", "rate", "discount")
_TEXTUAL = ("description", "code", "position", "unit", "date")
_ORDER = (
    "description",
    "quantity",
    "unit_price",
    "rate",
    "gross",
    "tax",
    "net",
    "position",
    "code",
    "unit",
    "discount",
    "date",
)
_STACK = 6


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading: what stands under it, and its edges in points."""

    concept: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class TableHead:
    """The headings of a table, left to right, and the rows they take (`first` to `last`)."""

    columns: tuple[Head, ...]
    first: int
    last: int

    def column(self, concept: str) -> Head | None:
        """Return the column of a concept; of several the last."""
        found = [head for head in self.columns if head.concept == concept]
        return found[-1] if found else None

    @property
    def amount(self) -> Head | None:
        """Return the column of line amounts: net, else gross."""
        return self.column("net") or self.column("gross")


def table_heads(sheet: Sheet) -> list[TableHead]:
    """Return the item tables' headings in order; a heading may take several rows."""
    heads: list[TableHead] = []
    row = 0
    while row < len(sheet.rows):
        head = _head_at(sheet, row)
        if head:
            heads.append(head)
            row = head.last + 1
        else:
            row += 1
    return heads


def _head_at(sheet: Sheet, index: int) -> TableHead | None:
    """Return the best head among one to four rows from `index` on that hold no amounts."""
    first = sheet.rows[index]
    if not any(find_columns(slot.tokens) for slot in first.slots):
        return None
    if len(first.slots) < 2 or _has_money(first):
        single = _head_of([first]) if len(first.slots) == 1 and not _has_money(first) else None
        return TableHead(tuple(single), index, index) if single and _is_table(single) else None
    best: tuple[float, TableHead] | None = None
    stacked = [first]
    for size in range(1, _STACK + 1):
        columns = _head_of(stacked)
        if _is_table(columns):
            score = len({head.concept for head in columns}) - 0.1 * size
            if best is None or score > best[0]:
                best = (score, TableHead(tuple(columns), index, index + size - 1))
        following = next(sheet.below(stacked[-1], 1, gap=0.9), None)
        if following is None or _has_money(following) or size == _STACK:
            break
        stacked.append(following)
    return best[1] if best else None


def _has_money(row: SheetRow) -> bool:
    return any(amount.decimals or amount.currency for slot in row.slots for amount in slot.amounts)


def _is_table(columns: list[Head]) -> bool:
    concepts = {head.concept for head in columns}
    money = concepts & {"net", "gross", "unit_price"}
    if not money:
        return False
    if "description" in concepts:
        return len(concepts) >= 2
    return len(concepts) >= 3 and ("quantity" in concepts or "unit_price" in concepts)


def _head_of(rows: list[SheetRow]) -> list[Head]:
    heads: list[Head] = []
    for cells in _stacks(rows):
        if len(cells) == 1:
            heads += _headings(cells[0])
        else:
            words = [word for cell in cells for word in cell.words]
            joined = Cell(
                words, " ".join(cell.text for cell in cells), min(c.x0 for c in cells), 0, max(c.x1 for c in cells), 0
            )
            heads += _headings(joined, whole=True)
    return _settled(sorted(heads, key=lambda head: head.x0))


def _stacks(rows: list[SheetRow]) -> Iterator[list[Cell]]:
    """Yield the cells of the rows that stand above each other."""
    stacks: list[list[Cell]] = []
    for row in rows:
        for slot in row.slots:
            over = next((stack for stack in stacks if _overlap(stack, slot) > 0), None)
            if over is None:
                stacks.append([slot.cell])
            else:
                over.append(slot.cell)
    yield from stacks


def _overlap(stack: list[Cell], slot: Slot) -> float:
    return min(max(c.x1 for c in stack), slot.cell.x1) - max(min(c.x0 for c in stack), slot.cell.x0)


def _headings(cell: Cell, *, whole: bool = False) -> Iterator[Head]:
    tokens = tokens_of(cell.words)
    matches = find_columns(tokens)
    if not matches:
        return
    if whole or len(matches) == 1:
        match = max(matches, key=lambda found: (max(found.concepts.values()), found.last - found.first))
        unmatched = len([token for token in tokens if token.key]) - (match.last - match.first)
        if unmatched > 4:
            return
        yield Head(_concept(match.concepts), cell.x0, cell.x1)
        return
    for match in matches:
        yield Head(_concept(match.concepts), match.x0, match.x1)


def _concept(concepts: object) -> str:
    weights = dict(concepts)  # type: ignore[call-overload]
    return str(max(weights, key=lambda name: (weights[name], -_ORDER.index(name))))


def _settled(heads: list[Head]) -> list[Head]:
    """Make each concept name one column: of two nets the right one counts, the other is a price or a tax."""
    nets = [head for head in heads if head.concept == "net"]
    grosses = [head for head in heads if head.concept == "gross"]
    has_price = any(head.concept == "unit_price" for head in heads)
    settled: list[Head] = []
    for head in heads:
        concept = head.concept
        if concept == "net" and head is not nets[-1]:
            concept = "extra" if has_price else "unit_price"
        if concept == "gross" and head is not grosses[-1] and not has_price:
            concept = "unit_price"
        if concept == "description" and any(other.concept == "description" for other in settled):
            concept = "code"
        settled.append(Head(concept, head.x0, head.x1))
    return settled
