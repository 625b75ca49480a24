"""The payables desk's steps and writers, for bootstrap to register."""

from __future__ import annotations

from mailroom.documents.sandbox import SandboxPool
from mailroom.engine.step import Step
from mailroom.payables.bill import bills
from mailroom.payables.conclude import conclude_step
from mailroom.payables.extract import extract_step
from mailroom.payables.validate import validate_step
from mailroom.ports import ObjectStore
from mailroom.posting.bills import ConnectorFor
from mailroom.posting.upload import upload_step


def payables_steps(store: ObjectStore, pool: SandboxPool, connector_for: ConnectorFor) -> list[Step]:
    """Return extract, validate, upload and conclude; `approve` comes from `approvals` with `approval_subjects`."""
    return [
        extract_step(store, pool),
        validate_step(),
        upload_step(bills, connector_for, store),
        conclude_step(store),
    ]
