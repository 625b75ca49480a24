"""`mailroom screen`: what a mail is, without database or server."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

import mailroom
from mailroom.domain.errors import ConfigurationError, RejectedInputError
from mailroom.domain.rfc822 import DEFAULT_LIMITS, read_mail
from mailroom.intake.parts import Inspect, Inspected
from mailroom.intake.rule_file import load_rules
from mailroom.intake.screening import Screening, screen

_SHOWN_REASON = 200


def screen_command(
    files: Annotated[list[Path], typer.Argument(help="Raw mails (.eml).", metavar="FILE...")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    rules: Annotated[Path | None, typer.Option("--rules", help="A rule set in place of the default one.")] = None,
    dedicated: Annotated[bool, typer.Option("--dedicated/--shared", help="Is the mailbox Mailroom's alone?")] = True,
) -> None:
    """Show what each mail is taken for, by which rule and why. Exits 1 when a file can't be read."""
    try:
        policy = load_rules(rules or default_rules(), os.environ)
    except ConfigurationError as err:
        print(err.message, file=sys.stderr)
        raise typer.Exit(2) from err
    failed = False
    with inspector() as inspect:
        for file in files:
            try:
                found = screen(read_mail(mail_bytes(file)), policy, dedicated=dedicated, inspect=inspect)
            except RejectedInputError as err:
                failed = True
                _show_error(file, err, as_json)
                continue
            _show(file, found, as_json)
    if failed:
        raise typer.Exit(1)


def default_rules() -> Path:
    """Return the default rule set: of the configuration folder, else the one that is shipped."""
    configured = Path(os.environ.get("MAILROOM_CONFIG_DIR", "config")) / "screening" / "default.yaml"
    shipped = Path(mailroom.__file__).parents[2] / "config" / "screening" / "default.yaml"
    return configured if configured.exists() or not shipped.exists() else shipped


def mail_bytes(file: Path) -> bytes:
    """Return a file's bytes. Raises `RejectedInputError` when it is missing, a folder or far too large."""
    try:
        if file.stat().st_size > 2 * DEFAULT_LIMITS.raw_bytes:
            raise RejectedInputError(f"{file} is larger than any mail.", code="mail_too_large")
        return file.read_bytes()
    except OSError as err:
        raise RejectedInputError(f"{file} cannot be read: {err.strerror}.", code="unreadable_file") from err


@contextmanager
def inspector() -> Iterator[Inspect]:
    """Yield a look into files in the sandbox; its children start with the first document."""
    from mailroom.documents.inspection import inspect
    from mailroom.documents.sandbox import SandboxPool
    from mailroom.extraction.ladder import WARM_MODULES

    with ExitStack() as stack:
        pool: list[SandboxPool] = []

        def look(content: bytes, filename: str) -> Inspected:
            if not pool:
                pool.append(stack.enter_context(SandboxPool(size=1, warm_modules=WARM_MODULES)))
            return inspect(content, filename, pool[0])

        yield look


def as_json_object(file: Path, found: Screening) -> dict[str, Any]:
    """Return the public form of a decision (design.md, The surface)."""
    return {
        "file": str(file),
        "disposition": found.disposition.value,
        "reason": found.words,
        "rule": found.rule,
        "parts": [
            {
                "filename": screened.part.filename,
                "content_type": screened.part.content_type,
                "sha256": screened.part.sha256,
                "kind": screened.kind,
            }
            for screened in found.parts
        ],
    }


def _show(file: Path, found: Screening, as_json: bool) -> None:
    if as_json:
        print(json.dumps(as_json_object(file, found), ensure_ascii=False))
        return
    table = Table(title=f"{file}: {found.disposition.value}", title_justify="left", caption_justify="left")
    table.caption = f"{found.words[:_SHOWN_REASON]} (rule: {found.rule})"
    for column in ("part", "name", "type", "bytes", "taken for", "why"):
        table.add_column(column, justify="right" if column == "bytes" else "left")
    for screened in found.parts:
        part = screened.part
        table.add_row(
            part.path, _plain(part.filename), part.content_type, str(part.size), screened.kind, screened.reason
        )
    Console(markup=False, highlight=False).print(table)


def _show_error(file: Path, err: RejectedInputError, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"file": str(file), "error": {"code": err.code, "message": err.message}}))
    print(err.message, file=sys.stderr)


def _plain(name: str | None) -> str:
    """Return a name without characters that steer a terminal or reverse text (T22)."""
    return "".join(char if char.isprintable() else "?" for char in name or "")[:60]
