"""The tasks that DAG files wire up. XCom carries names, ids and counts only.

The product is imported by the task that needs it: DAG files are parsed again and again, and importing it
takes longer than that may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from mailroom.domain.errors import MailroomError
from mailroom.domain.slices import Slice, slice_from_json

if TYPE_CHECKING:
    from mailroom.bootstrap import Services

log = structlog.get_logger()

NAMED = "{{ mailroom_name }}"
"""`map_index_template` of mapped tasks; each sets its name when it starts."""


class MailboxNotReadError(MailroomError):
    """A mailbox could not be read; the ledger says when it is tried again, so Airflow does not."""

    code = "mailbox_not_read"


def _name_it(name: str) -> None:
    get_current_context()["mailroom_name"] = name  # type: ignore[typeddict-unknown-key]


def _asked(name: str) -> Any:
    """Return what a person entered in the form, or the form's default."""
    return get_current_context()["params"][name]


@task
def list_mailboxes() -> list[str]:
    """Return the names of the mailboxes to read: all, or the one a person asked for."""
    from mailroom.bootstrap import services, work

    with services() as found:
        return work.mailbox_names(found, _asked("mailbox") or None)


@task(map_index_template=NAMED, max_active_tis_per_dagrun=8, multiple_outputs=False)
def read_mailbox(mailbox: str) -> dict[str, Any]:
    """Read one mailbox. One that cannot be read fails this index and no other."""
    from mailroom.bootstrap import services, work

    _name_it(mailbox)
    with services() as found:
        (report,) = work.poll_mailboxes(found, mailbox)
    if report.error:
        raise MailboxNotReadError(f"{mailbox}: {report.error}")
    if report.skipped and not report.seen:
        raise AirflowSkipException(f"{mailbox}: it could not be read before and is not due to be tried again yet")
    return report.as_json()


@task
def plan_slices(process: str) -> list[dict[str, Any]]:
    """Return the due work of a process as slices: one each while it is little, a few large ones when it is much."""
    from mailroom.bootstrap import services, work

    with services() as found:
        return [share.as_json() for share in work.due_slices(found, process)]


@task(map_index_template=NAMED, multiple_outputs=False)
def run_phase(share: dict[str, Any], process: str, phase: str) -> dict[str, Any]:
    """Run one phase's steps on what is due in a slice. Running it again does nothing twice."""
    from mailroom.bootstrap import services, work

    found_slice = slice_from_json(share)
    _name_it(found_slice.name)
    with services() as found:
        report = work.run_phase(found, found_slice, process, phase)
        _name_it(_reference(found, found_slice) or found_slice.name)
    return report.as_json()


def _reference(found: Services, share: Slice) -> str | None:
    """Return the invoice number of a slice that is one transaction; it is known once the invoice has been read."""
    from mailroom.database.transactions import get_transaction

    only = share.ranges[0]
    if len(share.ranges) > 1 or only.first != only.last:
        return None
    with found.database.organization(only.organization_id) as connection:
        transaction = get_transaction(connection, only.first)
    return None if transaction is None else transaction.reference


@task(trigger_rule="all_done", multiple_outputs=False)
def check_batch(process: str) -> dict[str, Any]:
    """Check what this run touched as one batch; the result is kept and decides no transaction."""
    from mailroom.bootstrap import services, work

    context = get_current_context()
    with services() as found:
        return work.check_batches(found, process, str(context["run_id"]), context["dag_run"].start_date)


@task
def all_slices_done() -> None:
    """Fail the run when any slice failed: a green run means that every slice was worked on."""


@task(multiple_outputs=False)
def deliver() -> dict[str, Any]:
    """Send the mail that is due."""
    from mailroom.bootstrap import services, work

    with services() as found:
        return work.deliver(found)


@task
def list_reminders() -> list[str]:
    """Return the organizations with reminders due."""
    from mailroom.bootstrap import services, work

    with services() as found:
        return work.organizations_to_remind(found)


@task(map_index_template=NAMED, multiple_outputs=False)
def remind(organization: str) -> dict[str, Any]:
    """Write one customer's reminders whose time has come."""
    from mailroom.bootstrap import services, work

    _name_it(organization)
    with services() as found:
        return work.remind(found, organization)


@task
def list_overdue() -> list[str]:
    """Return the organizations in which something has waited too long."""
    from mailroom.bootstrap import services, work

    with services() as found:
        return work.organizations_to_escalate(found)


@task(map_index_template=NAMED, multiple_outputs=False)
def escalate(organization: str) -> dict[str, Any]:
    """Escalate what has waited too long for one customer."""
    from mailroom.bootstrap import services, work

    _name_it(organization)
    with services() as found:
        return work.escalate(found, organization)


@task
def list_reports() -> list[str]:
    """Return the organizations to report on: those whose morning has come, or those a person asked for."""
    from mailroom.bootstrap import services, work
    from mailroom.database.transactions import database_now
    from mailroom.reporting.publish import due_reports

    organization, day = _asked("organization") or None, _asked("day")
    with services() as found:
        slugs = work.organization_slugs(found, organization)
        if day is not None:
            return slugs
        with found.database.dispatch() as connection:
            now = database_now(connection)
        due = {each.organization_id for each in due_reports(found.database, found.setups, now)}
        return [slug for slug in slugs if found.organization(slug) in due]


@task(map_index_template=NAMED, multiple_outputs=False)
def report_day(organization: str) -> dict[str, Any]:
    """Make one customer's daily report: of the day a person asked for, else the one that is due."""
    from mailroom.bootstrap import services, work

    _name_it(organization)
    day = _asked("day")
    with services() as found:
        return work.report_day(found, organization, day, mail=_asked("mail"), only_due=day is None)


@task(multiple_outputs=False)
def keep_house() -> dict[str, Any]:
    """Verify and anchor the audit chain, sweep orphan objects, and name stalled work."""
    from mailroom.bootstrap import services, upkeep

    with services() as found:
        return upkeep.keep_house(found)
