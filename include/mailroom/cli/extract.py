"""`mailroom extract FILE...`: read documents by hand, without a database or a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from mailroom.documents.sandbox import SandboxPool
from mailroom.domain.errors import MailroomError
from mailroom.extraction.ladder import WARM_MODULES, Explanation, explain
from mailroom.extraction.readers import LADDER, checked_names

app = typer.Typer(help="Read documents.")

_MANY = 5
"""Files from which progress is shown."""


@app.command("extract")
def extract(
    files: Annotated[list[Path], typer.Argument(help="Files to read.", metavar="FILE...")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per file and line.")] = False,
    readers: Annotated[str, typer.Option(help="Readers to use, by comma.")] = ",".join(LADDER),
    workers: Annotated[int, typer.Option(min=1, max=32, help="Files read at the same time.")] = 2,
) -> None:
    """Show the fields of each file with confidence, source, page and box; exit 1 when one can't be read."""
    out, err = Console(), Console(stderr=True)
    try:
        names = checked_names([name.strip() for name in readers.split(",") if name.strip()])
    except MailroomError as fault:
        err.print(fault.message, markup=False)
        raise typer.Exit(2) from fault
    unread = False
    for body, told in _read_all(files, names, workers, err):
        unread = unread or "error" in body
        if as_json:
            print(json.dumps(body, ensure_ascii=False), flush=True)
        else:
            _show(out, body, told)
    raise typer.Exit(1 if unread else 0)


def _read_all(
    files: list[Path], names: tuple[str, ...], workers: int, err: Console
) -> Iterator[tuple[dict[str, Any], Explanation | None]]:
    """Yield the answer for each file in the order given."""
    size = min(workers, len(files))
    with SandboxPool(size, warm_modules=WARM_MODULES) as pool, ThreadPoolExecutor(size) as threads:
        answers = threads.map(lambda path: _read(path, names, pool), files)
        quiet = len(files) < _MANY or not err.is_terminal
        yield from track(answers, "Reading", len(files), console=err, disable=quiet, transient=True)


def _read(path: Path, names: tuple[str, ...], pool: SandboxPool) -> tuple[dict[str, Any], Explanation | None]:
    body: dict[str, Any] = {"file": str(path)}
    try:
        told = explain(path.read_bytes(), path.name, pool, names)
    except OSError as err:
        return body | {"error": {"code": "not_found", "message": f"{path} cannot be opened: {err.strerror}."}}, None
    except MailroomError as err:
        return body | {"error": {"code": err.code, "message": err.message}}, None
    if told.error is not None:
        return body | {"error": {"code": told.error.code, "message": told.error.message}}, told
    return body | {"documents": [document.as_json() for document in told.documents]}, told


def _show(out: Console, body: dict[str, Any], told: Explanation | None) -> None:
    out.rule(body["file"], align="left")
    for attempt in told.attempts if told else ():
        out.print(f"{attempt.reader}: {attempt.result}, {attempt.reason}", style="dim", markup=False)
    if "error" in body:
        out.print(f"{body['error']['code']}: {body['error']['message']}", style="red", markup=False)
    for document in body.get("documents", ()):
        _show_document(out, document)


def _show_document(out: Console, document: dict[str, Any]) -> None:
    pages = ", ".join(str(page) for page in document["pages"])
    table = Table(title=f"{document['document_type']}, page {pages}", title_justify="left")
    for heading in ("field", "value", "confidence", "source", "page"):
        table.add_column(heading)
    for name, found in document["fields"].items():
        table.add_row(
            name, _plain(found["value"]), f"{found['confidence']:.2f}", found["source"], str(found["page"] or "")
        )
    out.print(table)
    if document["lines"]:
        out.print(_lines(document["lines"]))
    for check in document["checks"]:
        detail = f" (expected {check['expected']}, found {check['found']})" if check["expected"] else ""
        out.print(f"{check['result']:>11}  {check['rule']}{detail}", markup=False)


def _lines(lines: list[dict[str, Any]]) -> Table:
    table = Table(title="lines", title_justify="left")
    headings = ("description", "quantity", "unit_price", "net", "tax_rate")
    for heading in headings:
        table.add_column(heading)
    for line in lines:
        table.add_row(*(_plain(line[heading] or "") for heading in headings))
    return table


def _plain(text: str) -> str:
    """Return text from a document without control characters and console markup."""
    return "".join(letter for letter in text if letter.isprintable()).replace("[", "\\[")
