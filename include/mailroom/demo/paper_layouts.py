"""The choices a paper's look is made of, and eight named looks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """A choice of blocks.

    `head`: letterhead, window (sender line over an address window), boxes (labelled), reversed, stacked.
    `facts`: right, left, across (labels above values), sentence. `columns`: of the item table, in order.
    `totals`: right, across, boxed. `foot`: columns, line, block. `font`: helvetica, times, dejavu.
    """

    head: str = "letterhead"
    facts: str = "right"
    columns: tuple[str, ...] = ("description", "quantity", "unit_price", "rate", "amount")
    table: str = "lines"
    totals: str = "right"
    foot: str = "block"
    font: str = "helvetica"
    size: float = 9.5
    paper: str = "a4"
    colon: bool = True


LAYOUTS: dict[str, Layout] = {
    "classic": Layout(),
    "window": Layout(
        "window",
        "right",
        ("position", "description", "quantity", "unit_price", "rate", "amount"),
        "lines",
        "right",
        "columns",
        "helvetica",
        9,
    ),
    "boxes": Layout(
        "boxes",
        "across",
        ("position", "description", "quantity", "unit_price", "rate", "amount"),
        "grid",
        "boxed",
        "block",
        "dejavu",
        8.5,
        "a4",
        False,
    ),
    "letter": Layout(
        "reversed",
        "left",
        ("quantity", "description", "unit_price", "amount"),
        "shaded",
        "right",
        "line",
        "helvetica",
        10,
        "letter",
    ),
    "ledger": Layout(
        "letterhead",
        "across",
        ("code", "description", "quantity", "unit_price", "amount"),
        "grid",
        "across",
        "columns",
        "times",
        10.5,
        "a4",
        False,
    ),
    "plain": Layout(
        "stacked",
        "sentence",
        ("description", "quantity", "unit_price", "amount"),
        "plain",
        "right",
        "line",
        "times",
        11,
    ),
    "statement_like": Layout(
        "boxes",
        "right",
        ("code", "quantity", "description", "rate", "unit_price", "amount"),
        "shaded",
        "across",
        "columns",
        "dejavu",
        8,
        "letter",
    ),
    "modern": Layout(
        "stacked",
        "left",
        ("amount", "description", "quantity", "unit_price"),
        "lines",
        "boxed",
        "block",
        "helvetica",
        9.5,
        "a4",
        False,
    ),
}
