"""`mailroom transactions`: find one, see its whole story, take it on or put it aside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection

from mailroom.bootstrap import Services
from mailroom.bootstrap.by_hand import ByHand, story_of
from mailroom.cli.admin import actor
from mailroom.cli.opened import chosen_organizations, opened, plain, show_rows, the_id
from mailroom.database.transactions import search_transactions, transaction_row
from mailroom.domain.errors import RejectedInputError, UnknownIdError
from mailroom.domain.transaction import State
from mailroom.payables.subject import shown_fields

app = typer.Typer(no_args_is_help=True, help="Invoices on their way: find one, see its story, take it on.")
Organization = Annotated[str | None, typer.Option("--organization", "-o", help="Only this one (slug).")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept with your name.")]


@app.command("list")
def list_transactions(
    organization: Organization = None,
    search: Annotated[str | None, typer.Option(help="In invoice number or id.")] = None,
    state: Annotated[State | None, typer.Option(help="Only these.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only these: duplicate, no_account, ...")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    as_json: Json = False,
) -> None:
    """List transactions, newest first."""
    rows = []
    with opened() as found:
        for slug, organization_id in chosen_organizations(found, organization).items():
            with found.database.organization(organization_id) as connection:
                some = search_transactions(connection, state=state, reason=reason, search=search, limit=limit)
            rows += [{"organization": slug, **row} for row in some]
    columns = ("organization", "id", "reference", "state", "reason", "step", "created_at")
    show_rows(rows, columns, as_json=as_json, empty="no transactions")


@app.command()
def show(transaction_id: str, as_json: Json = False) -> None:
    """Show one transaction: where it stands, what was found, every step and event."""
    key = the_id(transaction_id)
    with opened() as found, _where(found, key) as (slug, connection):
        whole = story_of(connection, key)
    left_out = {"invoice", "documents"}
    story = {
        "organization": slug,
        **{name: value for name, value in whole.items() if value is not None and name not in left_out},
    }
    if as_json:
        typer.echo(json.dumps(story, default=str, ensure_ascii=False))
    else:
        _print(story, shown_fields(whole["invoice"]) if whole["invoice"] else ())


@app.command("continue")
def continue_command(
    transaction_id: str,
    step: Annotated[str, typer.Option("--step", help="The step to run next: extract, validate, approve, upload, ...")],
    reason: Reason,
) -> None:
    """Take a held, failed or escalated transaction on at a step, once its cause is put right."""
    with _hand_on(transaction_id) as (hand, key):
        hand.continue_at(key, step, reason)
    typer.echo(f"{transaction_id} continues at {step}")


@app.command()
def correct(
    transaction_id: str,
    changes: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...", help="invoice_number=INV-7, ...")],
    reason: Reason,
) -> None:
    """Correct what was read from an invoice; open questions about it are void, and it is checked again."""
    wanted = dict(_pair(change) for change in changes)
    with _hand_on(transaction_id) as (hand, key):
        hand.correct(key, wanted, reason)
    typer.echo(f"{transaction_id}: {', '.join(wanted)} corrected, it is checked again")


@app.command()
def release(
    transaction_id: str,
    reason: Reason,
    finding: Annotated[str | None, typer.Option("--finding", help="Only this one; all that stop it without.")] = None,
) -> None:
    """Let a finding pass with a reason; the transaction goes on, and stops again when the finding changes."""
    with _hand_on(transaction_id) as (hand, key):
        chosen = hand.release(key, [finding] if finding else None, reason)
    typer.echo(f"{transaction_id}: {', '.join(chosen)} released")


@app.command()
def posted(
    transaction_id: str,
    reference: Annotated[str, typer.Argument(help="The bill's number or id in the accounting system.")],
    reason: Reason,
) -> None:
    """Say that the bill is in the accounting system already: it is linked and never sent again."""
    with _hand_on(transaction_id) as (hand, key):
        hand.record_posted(key, reference, reason)
    typer.echo(f"{transaction_id} is taken for posted as {reference}")


@app.command()
def reject(transaction_id: str, reason: Reason) -> None:
    """Reject a transaction for good: it is never posted."""
    with _hand_on(transaction_id) as (hand, key):
        hand.reject(key, reason)
    typer.echo(f"{transaction_id} is {State.REJECTED}")


@app.command()
def cancel(transaction_id: str, reason: Reason) -> None:
    """Cancel a transaction that needs nothing more."""
    with _hand_on(transaction_id) as (hand, key):
        hand.cancel(key, reason)
    typer.echo(f"{transaction_id} is {State.CANCELLED}")


def _pair(change: str) -> tuple[str, str]:
    field, sign, value = change.partition("=")
    if not sign or not field:
        raise RejectedInputError(f"{change!r} is no correction; write FIELD=VALUE, such as invoice_number=INV-7")
    return field.strip(), value


@contextmanager
def _hand_on(transaction_id: str) -> Iterator[tuple[ByHand, UUID]]:
    """Open the organization a transaction belongs to, with the hand of whoever is at the keyboard."""
    key = the_id(transaction_id)
    with opened() as found, _where(found, key) as (_, connection):
        yield ByHand(connection, found.setups, found.audit_key, actor()), key


@contextmanager
def _where(found: Services, key: UUID) -> Iterator[tuple[str, Connection]]:
    """Open the organization a transaction belongs to; raises `UnknownIdError` when there is none."""
    for slug, organization_id in found.setups.organizations().items():
        with found.database.organization(organization_id) as connection:
            if transaction_row(connection, key) is not None:
                yield slug, connection
                return
    raise UnknownIdError(f"there is no transaction {key}")


def _print(story: dict[str, Any], fields: Sequence[tuple[str, str]]) -> None:
    console = Console()
    state = f"{story['state']} ({story['reason']})" if story.get("reason") else story["state"]
    # What a paper or a mail says is never markup (T38).
    console.print(Text.assemble((plain(str(story.get("reference") or story["id"])), "bold"), f"  {state}"))
    console.print(f"{story['organization']}, {story['process']}, next step {story['step']}, id {story['id']}")
    if story.get("mode") == "shadow":
        console.print("in shadow: nobody is asked and nothing is posted; the states show what would have been")
    if story.get("last_error_message"):
        console.print(f"last error: {plain(story['last_error_message'])}", markup=False)
    read = Table(box=None, show_header=False)
    for label, value in fields:
        read.add_row(label, Text(plain(value)))
    console.print(read)
    table = Table("finding", "severity", "expected", "found", box=None, header_style="bold")
    for each in story["findings"]:
        note = " (released)" if each["released"] else ""
        cells = (each["message"] + note, each["severity"], each["expected"] or "", each["found"] or "")
        table.add_row(*(Text(plain(cell)) for cell in cells))
    if story["findings"]:
        console.print(table)
    events = Table("when", "event", "from", "to", "by", box=None, header_style="bold")
    for each in story["events"]:
        facts = each["facts"]
        why = facts.get("reason") or facts.get("error") or ("shadow" if facts.get("shadow") else None)
        kind = f"{each['kind']} ({why})" if why else each["kind"]
        moment = (each["at"][:19], kind, facts.get("from", ""), facts.get("to", ""), each["actor"])
        events.add_row(*(Text(plain(str(cell))) for cell in moment))
    console.print(events)
