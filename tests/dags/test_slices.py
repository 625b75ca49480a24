"""The slices and phases that process_invoices works through, on a real Postgres and the shipped configuration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from mailroom.bootstrap import Services, services, work
from tests.dags.conftest import ROOT

PROCESS = "accounts_payable"
PHASES = ("extract", "validate", "approve", "upload", "conclude")


@pytest.fixture
def found(login_url: str, tmp_path: Path) -> Iterator[Services]:
    environ = {
        "MAILROOM_DATABASE_URL": login_url,
        "MAILROOM_S3_URL": tmp_path.as_uri(),
        "MAILROOM_CONFIG_DIR": str(ROOT / "config"),
        "MAILROOM_PROFILE": "local",
        "MAILROOM_SECRET_AUDIT_KEY": "audit",
        "MAILROOM_SECRET_TOKEN_KEY": "token",
    }
    with services(environ) as opened:
        yield opened


def insert(owner_url: str, organization: UUID, count: int, step: str = "extract") -> list[UUID]:
    ids = [uuid4() for _ in range(count)]
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(
            text(
                """INSERT INTO transactions (id, organization_id, process, step, state, mode, due_at, working_directory)
                SELECT id, :o, :process, :step, 'received', 'auto', now(), 'org/tx'
                FROM unnest(CAST(:ids AS uuid[])) AS u (id)"""
            ),
            {"o": organization, "process": PROCESS, "step": step, "ids": ids},
        )
    return ids


@pytest.mark.parametrize(("due", "slices"), [(0, 0), (1, 1), (24, 24), (25, 8), (1000, 8)])
def test_a_few_are_shown_one_by_one_and_many_in_eight_slices(
    found: Services, owner_url: str, organization: UUID, due: int, slices: int
):
    insert(owner_url, organization, due)

    planned = work.due_slices(found, PROCESS)

    assert len(planned) == slices


def test_what_stands_at_a_step_that_the_configuration_no_longer_has_is_not_left_lying(
    found: Services, owner_url: str, organization: UUID
):
    [key] = insert(owner_url, organization, 1, step="stamp")

    for share in work.due_slices(found, PROCESS):
        for phase in PHASES:
            work.run_phase(found, share, PROCESS, phase)

    with found.database.organization(organization) as connection:
        row = connection.execute(
            text("SELECT state, last_error_code, due_at FROM transactions WHERE id = :id"), {"id": key}
        ).one()
    assert (row.state, row.last_error_code, row.due_at) == ("escalated", "no_step", None)
