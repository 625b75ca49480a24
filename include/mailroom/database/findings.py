"""Findings: what each step's rules found, and which of them a person released with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.database.bulk import insert_rows
from mailroom.domain.finding import Finding, Severity

_KEEP_RELEASE = "CASE WHEN findings.found IS NOT DISTINCT FROM excluded.found THEN findings.{0} END"
_ON_CONFLICT = f"""ON CONFLICT (transaction_id, step, rule) DO UPDATE SET severity = excluded.severity,
    message = excluded.message, expected = excluded.expected, found = excluded.found, field = excluded.field,
    {", ".join(f"{name} = {_KEEP_RELEASE.format(name)}" for name in ("released_by", "released_reason", "released_at"))}
    """


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """A finding on record; `released_by` and `released_reason` say who let it pass and why."""

    step: str
    finding: Finding
    released_by: str | None = None
    released_reason: str | None = None

    @property
    def is_released(self) -> bool:
        """Tell whether a person let it pass."""
        return self.released_by is not None


def replace_findings(
    connection: Connection, organization_id: UUID, step: str, found: Mapping[UUID, Sequence[Finding]]
) -> None:
    """Keep what a step found for each transaction in place of what it found before."""
    rules = [(key, finding.rule) for key, findings in found.items() for finding in findings]
    connection.execute(
        text(
            """DELETE FROM findings f WHERE f.step = :step AND f.transaction_id = ANY(:ids) AND NOT EXISTS (
                SELECT 1 FROM unnest(CAST(:keys AS uuid[]), CAST(:rules AS text[])) AS r (id, rule)
                WHERE r.id = f.transaction_id AND r.rule = f.rule)"""
        ),
        {"step": step, "ids": list(found), "keys": [key for key, _ in rules], "rules": [rule for _, rule in rules]},
    )
    rows = [
        {
            "organization_id": organization_id,
            "transaction_id": key,
            "step": step,
            "rule": finding.rule,
            "severity": finding.severity.value,
            "message": finding.message,
            "expected": finding.expected,
            "found": finding.found,
            "field": finding.field,
        }
        for key, findings in found.items()
        for finding in findings
    ]
    insert_rows(connection, "findings", rows, on_conflict=_ON_CONFLICT)


def findings_of(connection: Connection, transaction_ids: Sequence[UUID]) -> dict[UUID, list[KeptFinding]]:
    """Return each transaction's findings, what blocks first; who released one by their mail address."""
    rows = connection.execute(
        text(
            """SELECT f.transaction_id, f.step, f.rule, f.severity, f.message, f.expected, f.found, f.field,
                coalesce('user:' || u.email, f.released_by) AS released_by, f.released_reason
            FROM findings f LEFT JOIN users u ON 'user:' || u.id = f.released_by
            WHERE f.transaction_id = ANY(:ids)
            ORDER BY f.transaction_id, array_position(ARRAY['block', 'hold', 'note'], f.severity), f.id"""
        ),
        {"ids": list(transaction_ids)},
    )
    kept: dict[UUID, list[KeptFinding]] = defaultdict(list)
    for row in rows:
        finding = Finding(row.rule, Severity(row.severity), row.message, row.expected, row.found, row.field)
        kept[row.transaction_id].append(KeptFinding(row.step, finding, row.released_by, row.released_reason))
    return kept


def release(connection: Connection, transaction_id: UUID, rule: str, *, actor: str, reason: str) -> list[str]:
    """Let a finding pass with a reason; return the steps that had found it (none: there is no open one)."""
    return list(
        connection.execute(
            text(
                """UPDATE findings SET released_by = :actor, released_reason = :reason, released_at = now()
                WHERE transaction_id = :id AND rule = :rule AND released_at IS NULL RETURNING step"""
            ),
            {"id": transaction_id, "rule": rule, "actor": actor, "reason": reason},
        ).scalars()
    )
