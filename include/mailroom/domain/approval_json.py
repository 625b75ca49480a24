"""An approval's subject as JSON, so that it can be shown later exactly as it was asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mailroom.domain.approval import ApprovalSubject
from mailroom.domain.finding import Finding, Severity
from mailroom.domain.mail import Attachment
from mailroom.domain.money import Money


def subject_as_json(subject: ApprovalSubject) -> dict[str, Any]:
    """Return plain values; amounts as text."""
    return {
        "version_hash": subject.version_hash,
        "amount": None if subject.amount is None else [str(subject.amount.amount), subject.amount.currency],
        "payee": subject.payee,
        "supplier_number": subject.supplier_number,
        "department": subject.department,
        "reference": subject.reference,
        "fields": [list(field) for field in subject.fields],
        "findings": [
            {
                "rule": each.rule,
                "severity": each.severity.value,
                "message": each.message,
                "expected": each.expected,
                "found": each.found,
                "field": each.field,
            }
            for each in subject.findings
        ],
        "confidence": None if subject.confidence is None else str(subject.confidence),
        "attachments": [[each.key, each.filename, each.content_type] for each in subject.attachments],
        "submitters": sorted(subject.submitters),
    }


def subject_from_json(body: dict[str, Any]) -> ApprovalSubject:
    """Read back what `subject_as_json` wrote."""
    amount, confidence = body["amount"], body["confidence"]
    return ApprovalSubject(
        version_hash=body["version_hash"],
        amount=None if amount is None else Money(Decimal(amount[0]), amount[1]),
        payee=body["payee"],
        supplier_number=body["supplier_number"],
        department=body["department"],
        reference=body["reference"],
        fields=tuple((label, value) for label, value in body["fields"]),
        findings=tuple(Finding(**{**each, "severity": Severity(each["severity"])}) for each in body["findings"]),
        confidence=None if confidence is None else Decimal(confidence),
        attachments=tuple(Attachment(*each) for each in body["attachments"]),
        submitters=frozenset(body["submitters"]),
    )
