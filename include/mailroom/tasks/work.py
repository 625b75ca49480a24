"""The tasks that DAG files wire up. XCom carries names, ids and counts only."""

from __future__ import annotations

from typing import Any

import structlog
from airflow.sdk import get_current_context, task

from mailroom.bootstrap import services, upkeep, work
from mailroom.domain.errors import UnavailableError
from mailroom.domain.slices import slice_from_json

log = structlog.get_logger()

NAMED = "{{ mailroom_name }}"
"""`map_index_template` of mapped tasks; each sets its name when it starts."""


def _name_it(name: str) -> None:
    get_current_context()["mailroom_name"] = name  # type: ignore[typeddict-unknown-key]


@task
def list_mailboxes(only: str | None = None) -> list[str]:
    """Return the names of the mailboxes to read."""
    with services() as found:
        return work.mailbox_names(found, only or None)


@task(map_index_template=NAMED, max_active_tis_per_dagrun=8)
def read_mailbox(mailbox: str) -> dict[str, Any]:
    """Read one mailbox. One that cannot be read fails this index and no other."""
    _name_it(mailbox)
    with services() as found:
        (report,) = work.poll_mailboxes(found, mailbox)
    if report.error:
        raise UnavailableError(f"{mailbox}: {report.error}")
    return report.as_json()


@task
def plan_slices(process: str) -> list[dict[str, Any]]:
    """Return the due work of a process as slices: one each while it is little, a few large ones when it is much."""
    with services() as found:
        return [share.as_json() for share in work.due_slices(found, process)]


@task(map_index_template=NAMED)
def run_phase(share: dict[str, Any], process: str, phase: str) -> dict[str, Any]:
    """Run one phase's steps on what is due in a slice. Running it again does nothing twice."""
    found_slice = slice_from_json(share)
    _name_it(found_slice.name)
    with services() as found:
        return work.run_phase(found, found_slice, process, phase).as_json()


@task(trigger_rule="all_done")
def check_batch(process: str) -> dict[str, Any]:
    """Check what this run touched as one batch; the result is kept and decides no transaction."""
    context = get_current_context()
    with services() as found:
        return work.check_batches(found, process, str(context["run_id"]), context["dag_run"].start_date)


@task
def all_slices_done() -> None:
    """Fail the run when any slice failed: a green run means that every slice was worked on."""


@task
def list_organizations(only: str | None = None) -> list[str]:
    """Return the slugs of the organizations to work for."""
    with services() as found:
        return work.organization_slugs(found, only or None)


@task
def deliver() -> dict[str, Any]:
    """Send the mail that is due."""
    with services() as found:
        return work.deliver(found)


@task
def remind() -> dict[str, Any]:
    """Send the reminders whose time has come."""
    with services() as found:
        return work.remind(found)


@task(map_index_template=NAMED)
def report_day(organization: str, day: str | None, mail: bool, only_due: bool) -> dict[str, Any]:
    """Make one customer's daily report."""
    _name_it(organization)
    with services() as found:
        return work.report_day(found, organization, day, mail=mail, only_due=only_due)


@task
def keep_house() -> dict[str, Any]:
    """Verify and anchor the audit chain, sweep orphan objects, and name stalled work."""
    with services() as found:
        return upkeep.keep_house(found)
