"""How an approval is put to a person: the same words in the mail and on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mailroom.database.approvals import Approval
from mailroom.domain.approval import ApprovalSubject
from mailroom.domain.finding import Finding, Severity

_ORDER = {Severity.BLOCK: 0, Severity.HOLD: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Shown:
    """One approval in words. `expires` and `asked` are in the customer's time zone."""

    title: str
    amount: str
    payee: str
    reference: str
    fields: tuple[tuple[str, str], ...]
    concerns: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    approver: str
    asked: str
    expires: str
    others: tuple[str, ...]
    files: tuple[str, ...]


def shown(approval: Approval, all_asked: Sequence[Approval], zone: ZoneInfo) -> Shown:
    """Return the words for one approver; `all_asked` are this transaction's approvals."""
    subject = approval.subject
    findings = sorted(subject.findings, key=lambda finding: _ORDER[finding.severity])
    return Shown(
        title=title(subject),
        amount=str(subject.amount) if subject.amount is not None else "amount not known",
        payee=subject.payee or "payee not known",
        reference=subject.reference or "document without a number",
        fields=subject.fields,
        concerns=tuple(each for each in findings if each.severity is not Severity.NOTE),
        notes=tuple(each for each in findings if each.severity is Severity.NOTE),
        approver=approval.approver_name,
        asked=local_time(approval.asked_at, zone),
        expires=local_time(approval.expires_at, zone),
        others=tuple(
            each.approver_name
            for each in all_asked
            if each.version_hash == approval.version_hash
            and each.step == approval.step
            and each.approver_id != approval.approver_id
        ),
        files=tuple(each.filename for each in subject.attachments),
    )


def title(subject: ApprovalSubject) -> str:
    """Return what it is about on one line: reference, payee, amount."""
    amount = None if subject.amount is None else str(subject.amount)
    return ", ".join(part for part in (subject.reference, subject.payee, amount) if part) or "a document"


def local_time(moment: datetime, zone: ZoneInfo) -> str:
    """Return a time as people of that zone read it: `Thursday 4 June 2026, 15:00 CEST`."""
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} {local.tzname()}"
