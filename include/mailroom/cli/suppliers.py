"""`mailroom suppliers`: who is on file, and which bank accounts are trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from erp_connectors.interface import ConnectorError, ListedSupplier, ListsSuppliers, NotReachableError
from mailroom.bootstrap import Services
from mailroom.cli.admin import actor
from mailroom.cli.opened import chosen_organizations, opened, show_rows
from mailroom.database.suppliers import all_suppliers, supplier_by_number, trusted_accounts
from mailroom.domain.errors import RejectedInputError, UnavailableError, UnknownIdError
from mailroom.payables.supplier_file import supplier_rows
from mailroom.payables.supplier_import import ImportReport, add_account, import_suppliers
from mailroom.payables.supplier_list import listed_supplier_rows

app = typer.Typer(no_args_is_help=True, help="Suppliers: who is on file, and which bank accounts are trusted.")
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Organization = Annotated[str | None, typer.Option("--organization", "-o", help="Whose (slug); not needed for one.")]


@app.command("list")
def list_suppliers(
    organization: Organization = None,
    search: Annotated[str, typer.Option(help="Part of a number, name or alias.")] = "",
    as_json: Json = False,
) -> None:
    """List suppliers."""
    rows = []
    with opened() as found:
        for slug, organization_id in chosen_organizations(found, organization).items():
            with found.database.organization(organization_id) as connection:
                for each in all_suppliers(connection):
                    words = " ".join((each.number, *each.names)).casefold()
                    if search.casefold() in words:
                        rows.append({"organization": slug, **asdict(each), "trusted_accounts": len(each.accounts)})
    columns = ("organization", "number", "name", "status", "department", "default_account", "trusted_accounts")
    shown = [{name: row[name] for name in columns} for row in rows] if not as_json else rows
    show_rows(shown, columns, as_json=as_json, empty="no suppliers; see mailroom suppliers import --help")


@app.command()
def show(number: str, organization: Organization = None, as_json: Json = False) -> None:
    """Show one supplier with its bank accounts and who put them on file."""
    with opened() as found:
        slug, organization_id = _one(chosen_organizations(found, organization))
        with found.database.organization(organization_id) as connection:
            supplier = supplier_by_number(connection, number)
            if supplier is None:
                raise UnknownIdError(f"{slug} has no supplier {number!r}")
            accounts = [asdict(each) for each in trusted_accounts(connection, supplier.id)]
    facts = {**asdict(supplier), "accounts": accounts}
    if as_json:
        show_rows([facts], (), as_json=True, empty="")
        return
    for name, value in facts.items():
        if name not in {"id", "accounts"} and value:
            typer.echo(f"{name.replace('_', ' '):17} {', '.join(value) if isinstance(value, tuple) else value}")
    for each in accounts:
        typer.echo(
            f"{'trusted account':17} {each['account']}  by {each['trusted_by']} on {each['trusted_at']:%Y-%m-%d}"
        )


@app.command("import")
def import_file(
    file: Annotated[Path | None, typer.Argument(help="A CSV file.")] = None,
    organization: Organization = None,
    source: Annotated[str | None, typer.Option("--from", help="A connection that can list suppliers.")] = None,
) -> None:
    """Add suppliers from a CSV file or the accounting system, or bring known numbers up to date.

    The first line names the columns: number and name are required; aliases, email_domains, tax_ids and
    bank_accounts hold several values separated by a semicolon or |; email, phone, department, default_account,
    default_tax_code and status (active, blocked) hold one. A column that is missing leaves what is on file.
    UTF-8, UTF-16 and Windows-1252 are read, with comma, semicolon or tab. A bad row is reported with its line;
    the good ones are kept. A known supplier gets no bank account this way: see add-account. With --from, the
    connection through which the customer posts is asked for its list.
    """
    if (source is None) is (file is None):
        raise RejectedInputError("name either the CSV file to import, or a connection with --from")
    with opened() as found:
        slug, organization_id = _one(chosen_organizations(found, organization))
        rows = supplier_rows(_content(file)) if file else listed_supplier_rows(_listed(found, organization_id, source))
        with found.database.organization(organization_id) as connection:
            report = import_suppliers(connection, organization_id, rows, actor=actor(), audit_key=found.audit_key)
    _tell(str(file or source), slug, report)


@app.command("add-account")
def add_account_command(number: str, account: str, organization: Organization = None) -> None:
    """Trust one more bank account of a supplier, after asking on the telephone number on file."""
    with opened() as found:
        slug, organization_id = _one(chosen_organizations(found, organization))
        with found.database.organization(organization_id) as connection:
            added = add_account(connection, organization_id, number, account, actor=actor(), audit_key=found.audit_key)
    typer.echo(f"{slug}: the account of {number} is {'now trusted' if added else 'on file already'}")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as err:
        raise RejectedInputError(f"{file} cannot be read: {err.strerror}") from err


def _listed(found: Services, organization_id: UUID, source: str | None) -> Sequence[ListedSupplier]:
    """Return the suppliers of the system the customer posts into, when that is the one named."""
    customer = found.setup(organization_id).customer
    if customer.posting is not None and customer.posting.connector != source:
        raise RejectedInputError(
            f"{customer.organization} has no connection {source!r}; it posts through {customer.posting.connector!r}"
        )
    name, connector = found.connector_for(customer)
    if not isinstance(connector, ListsSuppliers):
        raise RejectedInputError(f"connection {name!r} cannot list suppliers; export them to a CSV file and name it")
    try:
        return connector.list_suppliers()
    except NotReachableError as err:
        raise UnavailableError(f"{name}: {err.message}") from err
    except ConnectorError as err:
        raise RejectedInputError(f"{name}: {err.message}", code=err.code) from err


def _one(organizations: dict[str, UUID]) -> tuple[str, UUID]:
    if len(organizations) != 1:
        raise RejectedInputError(
            f"say whose with --organization: {', '.join(sorted(organizations)) or 'there is none'}"
        )
    return next(iter(organizations.items()))


def _tell(source: str, slug: str, report: ImportReport) -> None:
    typer.echo(f"{slug}: {report.added} suppliers added, {report.changed} brought up to date")
    for line, number in report.untrusted:
        typer.echo(
            f"{source}:{line}: supplier {number} is known and its new bank account was not taken; ask the supplier, "
            f"then run `mailroom suppliers add-account {number} ACCOUNT`",
            err=True,
        )
    for row in report.bad:
        typer.echo(f"{source}:{row.line}: {row.message}; the row was left out", err=True)
    if report.bad:
        raise typer.Exit(1)
