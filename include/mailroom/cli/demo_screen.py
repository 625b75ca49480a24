"""How the sample story looks on a terminal while it is told, and its tables at the end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from mailroom.demo.bills import LedgerBill
from mailroom.demo.standing import Standing

_SAY_AGAIN_AFTER = 15.0
"""Seconds after which a pipe is told once more what is waited for."""


class DemoScreen:
    """A table of the mails with what is waited for below it; on a pipe, one line for each change."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = self._act_began = time.monotonic()
        self._act = ""
        self._waiting, self._waiting_since, self._said_at = "", self._began, 0.0
        self._standings: Sequence[Standing] = ()
        self._said: dict[str, str] = {}
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(
                get_renderable=self._rendered, console=self._console, refresh_per_second=4, transient=True
            )
            self._live.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _err: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def act(self, words: str) -> None:
        """Begin a part of the story."""
        self._act, self._act_began = words, time.monotonic()
        self._say(f"[bold]{words}[/bold]")

    def note(self, words: str) -> None:
        """Say what has just been done."""
        self._say(f"  {words}")

    def waiting(self, words: str) -> None:
        """Show what is waited for, and since when."""
        now = time.monotonic()
        if words != self._waiting:
            self._waiting, self._waiting_since, self._said_at = words, now, now
        elif self._live is None and now - self._said_at > _SAY_AGAIN_AFTER:
            self._said_at = now
            self._say(f"  still waiting for {words} ({now - self._waiting_since:.0f} s)")

    def mails(self, standings: Sequence[Standing]) -> None:
        """Show where each mail stands."""
        self._standings = standings
        if self._live is not None:
            return
        for each in standings:
            words = each.words()
            if self._said.get(each.mail.key) != words:
                self._said[each.mail.key] = words
                self._say(f"  {each.mail.title}: {words}")

    def _say(self, words: str) -> None:
        self._console.print(f"{time.monotonic() - self._began:6.1f} s  {words}", highlight=False)

    def _rendered(self) -> Group:
        seconds = time.monotonic() - self._waiting_since
        waiting = Spinner("dots", Text(f"waiting for {self._waiting} ({seconds:.0f} s)", style="dim", overflow="fold"))
        parts = [mails_table(self._standings)] if self._standings else []
        return Group(*parts, waiting) if self._act and self._waiting else Group(*parts)


def mails_table(standings: Sequence[Standing]) -> Table:
    """Return the table of mails: what came, from whom, and where it ended."""
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for heading in ("", "mail", "from", "invoice", "where it is"):
        table.add_column(heading, overflow="fold")
    for each in standings:
        numbers = "\n".join(invoice.number for invoice in each.mail.invoices)
        where = "\n".join(paper.words() for paper in each.papers) or each.words()
        mark = Text("✓", style="green") if each.reached else Text("·", style="dim")
        table.add_row(mark, each.mail.title, each.mail.sender, numbers, where)
    return table


def bills_table(bills: Sequence[LedgerBill], standings: Sequence[Standing]) -> Table:
    """Return the ledger's bills of this story; earlier ones are counted."""
    numbers = {invoice.number for each in standings for invoice in each.mail.invoices}
    ours = [bill for bill in bills if bill.invoice_no in numbers]
    earlier = len(bills) - len(ours)
    title = "The ledger's bills" + (f" ({earlier} of earlier runs not shown)" if earlier else "")
    table = Table(title=title, title_justify="left", title_style="bold", box=None, header_style="dim", padding=(0, 1))
    for heading in ("bill", "supplier", "invoice", "date"):
        table.add_column(heading, overflow="fold")
    for heading in ("net", "tax", "gross"):
        table.add_column(heading, justify="right")
    for heading in ("", "status"):
        table.add_column(heading)
    for bill in ours:
        amounts = (f"{value:,.2f}" for value in (bill.net, bill.tax, bill.gross))
        table.add_row(
            str(bill.id),
            f"{bill.supplier_no} {bill.supplier_name}",
            bill.invoice_no,
            bill.invoice_date.isoformat(),
            *amounts,
            bill.currency,
            "draft" if bill.status == "D" else bill.status,
        )
    return table
