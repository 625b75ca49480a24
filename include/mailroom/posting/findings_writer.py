"""The writer of findings, for every step that finds something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from mailroom.database.findings import replace_findings
from mailroom.domain.finding import Finding
from mailroom.engine.writers import EffectItem, WriterContext


def write_findings(context: WriterContext, items: Sequence[EffectItem]) -> None:
    """Replace what each step found before."""
    by_step: dict[str, dict[UUID, tuple[Finding, ...]]] = defaultdict(dict)
    for item in items:
        by_step[item.effect.step][item.transaction.id] = item.effect.findings
    for step, found in by_step.items():
        replace_findings(context.connection, context.organization_id, step, found)
