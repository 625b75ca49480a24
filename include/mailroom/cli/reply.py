"""`mailroom reply`: what a reply says and what it would decide, without database or server."""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from mailroom.adapters.dns_text import TextLookup, resolved_text, zone_text
from mailroom.approvals.proof import ProofSetting, proof_setting
from mailroom.approvals.reply_decision import ReplyDecision, decide_reply, decide_text
from mailroom.cli.screen import mail_bytes
from mailroom.domain.errors import ConfigurationError, MailroomError
from mailroom.domain.rfc822 import read_mail
from mailroom.domain.rfc822.headers import as_text

_HEADER_LINES = re.compile(rb"\A(?:From [^\n]*\n)?(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n")
_MAIL_FIELD = re.compile(
    rb"^(?:received|message-id|mime-version|content-type|return-path|delivered-to):", re.IGNORECASE | re.MULTILINE
)


def reply(
    file: Annotated[Path, typer.Argument(help="A raw mail, or a bare text body (.txt).", metavar="FILE")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    proof: Annotated[
        str, typer.Option("--proof", help="The mailbox's proof: link_only, dkim, microsoft365, authserv NAME.")
    ] = "link_only",
) -> None:
    """Show a reply's new text, what it says, and the decision after all checks that need no database."""
    try:
        found = _read(file, proof_setting(proof))
    except MailroomError as err:
        if as_json:
            print(json.dumps({"file": str(file), "error": {"code": err.code, "message": err.message}}))
        print(err.message, file=sys.stderr)
        raise typer.Exit(2 if isinstance(err, ConfigurationError) else 1) from err
    if as_json:
        print(json.dumps(as_json_object(file, found), ensure_ascii=False))
    else:
        _show(file, found)


def _read(file: Path, setting: ProofSetting) -> ReplyDecision:
    raw = mail_bytes(file)
    if not is_mail(raw, file.name):
        return decide_text(as_text(raw.removeprefix(b"\xef\xbb\xbf")))
    look_up = dns_answers() if setting.kind == "dkim" else None
    return decide_reply(read_mail(raw), None, setting, datetime.now(UTC), look_up)


def is_mail(raw: bytes, name: str) -> bool:
    """Tell a raw mail from a bare text, by its name or else by its first lines."""
    suffix = Path(name).suffix.lower()
    if suffix in {".eml", ".txt"}:
        return suffix == ".eml"
    head = _HEADER_LINES.match(raw[:100_000].replace(b"\r\n", b"\n"))
    return head is not None and _MAIL_FIELD.search(head[0]) is not None


def dns_answers() -> TextLookup:
    """Return the DNS, or in the local profile the zone file that stands in for it."""
    zone = os.environ.get("MAILROOM_DNS_ZONE_FILE")
    local = os.environ.get("MAILROOM_PROFILE", "production") == "local"
    return zone_text(Path(zone)) if zone and local else resolved_text()


def as_json_object(file: Path, found: ReplyDecision) -> dict[str, Any]:
    """Return the public form of a decision (design.md, The surface)."""
    return {
        "file": str(file),
        "new_text": found.new_text,
        "said": found.said.value,
        "decision": found.decision.value,
        "reason": found.reason,
        "checks": [check.as_json() for check in found.checks],
    }


def _show(file: Path, found: ReplyDecision) -> None:
    console = Console(markup=False, highlight=False)
    table = Table(title=f"{file}: says {found.said.value}, decides {found.decision.value}", title_justify="left")
    for column in ("check", "result", "why"):
        table.add_column(column)
    for check in found.checks:
        table.add_row(check.check, check.result.value, check.reason)
    console.print(table)
    console.print(found.reason)
    console.print("".join(char if char.isprintable() or char == "\n" else "?" for char in found.new_text))
