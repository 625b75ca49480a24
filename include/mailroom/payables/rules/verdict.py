"""Which findings stop an invoice, and what a person is to be asked first."""

from __future__ import annotations

from collections.abc import Sequence

from mailroom.database.findings import KeptFinding
from mailroom.domain.finding import Finding, Severity

SETTLED_BY_APPROVAL = frozenset(
    {
        "amount_due_differs",
        "bank_account_not_on_file",
        "bank_country_differs",
        "implausible_due_date",
        "lines_do_not_add_up",
        "number_used_before",
        "old_invoice",
        "rejected_before",
        "reply_to_differs",
        "split_under_limit",
        "tax_id_invalid",
        "unknown_sender",
    }
)
"""Rules that keep an invoice from going straight through, and that the approver settles by deciding."""

_FIRST = (
    "duplicate",
    "lookalike_domain",
    "bank_details_changed",
    "bank_change_mentioned",
    "another_account_named",
    "supplier_blocked",
    "unknown_supplier",
    "ambiguous_supplier",
    "wrong_customer",
)


def stopping(findings: Sequence[Finding], kept: Sequence[KeptFinding], step: str) -> list[Finding]:
    """Return the findings that hold the transaction, the gravest first.

    One that a person released stays released while what was found is the same.
    """
    released = {(each.finding.rule, each.finding.found) for each in kept if each.step == step and each.is_released}
    open_ones = [
        each
        for each in findings
        if each.severity is not Severity.NOTE
        and each.rule not in SETTLED_BY_APPROVAL
        and (each.rule, each.found) not in released
    ]
    return sorted(open_ones, key=_gravity)


def _gravity(finding: Finding) -> tuple[int, bool]:
    place = _FIRST.index(finding.rule) if finding.rule in _FIRST else len(_FIRST)
    return place, finding.severity is not Severity.BLOCK
