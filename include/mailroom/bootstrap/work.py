"""The work that falls due, part by part: what the DAGs' tasks and `mailroom tick` call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import structlog

from mailroom.approvals.mail import answer_approval
from mailroom.bootstrap.services import Services
from mailroom.clocks.business_calendar import three_business_days_on
from mailroom.clocks.firing import Act
from mailroom.clocks.follow_up import ESCALATIONS, FOLLOW_UPS, follow_up
from mailroom.database.clocks import organizations_with_due_clocks
from mailroom.database.dispatch import due_steps, list_due
from mailroom.database.touched import touched_since
from mailroom.database.transactions import database_now
from mailroom.domain.errors import ConfigurationError
from mailroom.domain.mail import Disposition
from mailroom.domain.rfc822 import Mail
from mailroom.domain.slices import Slice, pack
from mailroom.engine.delivery import deliver_outbox
from mailroom.engine.run import RunReport, run_until_quiet
from mailroom.intake.poll import Intake, PollReport
from mailroom.intake.screening import Screening
from mailroom.reporting.publish import due_reports, make_report
from mailroom.settings.mailboxes import Mailbox
from mailroom.settings.processes import FanOut, ProcessPolicy

log = structlog.get_logger()


def intake(found: Services) -> Intake:
    """Return intake, wired to approvals, the virus scanner and the sandbox.

    Raises `ConfigurationError` with code `no_virus_scan` in production without a scanner.
    """

    def answer(
        organization_id: UUID, mail: Mail, _screening: Screening, mailbox: Mailbox, message_id: UUID
    ) -> tuple[Disposition, str]:
        return answer_approval(
            found.database,
            organization_id,
            found.setup(organization_id),
            mail,
            mailbox,
            message_id,
            audit_key=found.audit_key,
            look_up=found.look_up,
            away_until=three_business_days_on,
        )

    return Intake(
        database=found.database,
        store=found.store,
        setups=found.setups,
        screening=lambda organization_id: found.setups.bundle(organization_id).screening,
        organizations=found.setups.organizations,
        open_mailbox=found.open_mailbox,
        answer_approval=answer,
        audit_key=found.audit_key,
        inspect=found.inspect,
        scanner=found.virus_scanner,
    )


def mailbox_names(found: Services, only: str | None = None) -> list[str]:
    """Return the names of the mailboxes to read; raises `ConfigurationError` for one that is not there."""
    names = [mailbox.name for mailbox, _ in found.mailboxes()]
    if only is None:
        return names
    if only not in names:
        raise ConfigurationError(f"there is no mailbox {only!r}; known are {', '.join(names) or 'none'}")
    return [only]


def poll_mailboxes(found: Services, only: str | None = None, *, at_once: bool = False) -> list[PollReport]:
    """Read one mailbox, or all of them, one after the other; `at_once`, those that failed shortly before too."""
    reader = intake(found)
    chosen = [each for each in found.mailboxes() if only in {None, each[0].name}]
    return [reader.poll(mailbox, owner, at_once=at_once) for mailbox, owner in chosen]


def due_slices(found: Services, process: str) -> list[Slice]:
    """Return what is due of a process as slices."""
    policy = found.configuration.processes.get(process)
    fan_out = policy.fan_out if policy else FanOut()
    with found.database.dispatch() as connection:
        due = list_due(connection, [process], fan_out.max_due)
    return pack(due, one_each_up_to=fan_out.one_each_up_to, max_slices=fan_out.max_slices)


def phase_steps(found: Services, process: str, phase: str) -> list[str]:
    """Return the steps that run in a phase: the step of that name, and what customers have added after it.

    The first phase also takes what is due at a step that no phase runs: one that was taken out of the
    configuration, or one of a customer's last good configuration.
    """
    base = found.configuration.processes.get(process)
    phases = [step.name for step in base.steps] if base else [phase]
    policies = [
        bundle.processes[process] for bundle in found.configuration.bundles.values() if process in bundle.processes
    ]
    added = {each: {step for policy in policies for step in _added_after(policy, each, set(phases))} for each in phases}
    stray: set[str] = set()
    if phase == phases[0]:
        with found.database.dispatch() as connection:
            stray = due_steps(connection, process).difference(phases, *added.values())
    return sorted({phase} | added.get(phase, set()) | stray)


def _added_after(policy: ProcessPolicy, phase: str, phases: set[str]) -> list[str]:
    added, current = [], None
    for step in policy.steps:
        if step.name in phases:
            current = step.name
        elif current == phase:
            added.append(step.name)
    return added


def run_phase(found: Services, share: Slice, process: str, phase: str) -> RunReport:
    """Run one phase on a slice."""
    return found.engine.run_slice(share, phase_steps(found, process, phase), [process])


def run_due(found: Services) -> RunReport:
    """Take every due transaction as far as it goes."""
    return run_until_quiet(lambda: found.engine.run_due(found.process_names))


def deliver(found: Services) -> dict[str, Any]:
    """Send the mail that is due."""
    report = deliver_outbox(
        found.database,
        found.mailer,
        found.store,
        found.render,
        audit_key=found.audit_key,
        worker=found.worker,
        webhooks=found.webhooks,
    )
    return report.as_json()


def remind(found: Services, organization: str | None = None) -> dict[str, Any]:
    """Remind people whose time is running out, of one organization (slug) or of every one."""
    return _fire(found, FOLLOW_UPS, organization)


def escalate(found: Services, organization: str | None = None) -> dict[str, Any]:
    """Escalate what has waited too long, of one organization (slug) or of every one."""
    return _fire(found, ESCALATIONS, organization)


def _fire(found: Services, acts: Mapping[str, Act], organization: str | None) -> dict[str, Any]:
    report = follow_up(
        found.database,
        found.setups,
        audit_key=found.audit_key,
        worker=found.worker,
        acts=acts,
        organization_id=found.organization(organization) if organization else None,
    )
    return report.as_json()


def organizations_to_remind(found: Services) -> list[str]:
    """Return the slugs of the organizations with reminders due."""
    return _with_due(found, FOLLOW_UPS)


def organizations_to_escalate(found: Services) -> list[str]:
    """Return the slugs of the organizations in which something has waited too long."""
    return _with_due(found, ESCALATIONS)


def _with_due(found: Services, acts: Mapping[str, Act]) -> list[str]:
    with found.database.dispatch() as connection:
        due = set(organizations_with_due_clocks(connection, list(acts)))
    return [slug for slug, key in found.setups.organizations().items() if key in due]


def organization_slugs(found: Services, only: str | None = None) -> list[str]:
    """Return the slugs of the organizations that have a usable configuration."""
    if only is not None:
        found.setup(found.organization(only))
        return [only]
    known = found.setups.organizations()
    return [slug for slug, key in known.items() if found.setups.of(key) is not None]


def report_day(
    found: Services, organization: str, day: str | date | None, *, mail: bool, only_due: bool
) -> dict[str, Any]:
    """Make one customer's report of a day, or the one that is due; returns where it is."""
    organization_id = found.organization(organization)
    setup = found.setup(organization_id)
    if only_due:
        with found.database.organization(organization_id) as connection:
            now = database_now(connection)
        days = [
            each.day
            for each in due_reports(found.database, found.setups, now)
            if each.organization_id == organization_id
        ]
    else:
        days = [date.fromisoformat(day) if isinstance(day, str) else day or _today(found, organization_id)]
    made = [
        make_report(
            found.database,
            found.store,
            setup,
            organization_id,
            each,
            mail=mail,
            audit_key=found.audit_key,
            notes=notes(found),
        )
        for each in days
    ]
    return {"organization": organization, "days": [str(each) for each in days], "files": [each.html for each in made]}


def _today(found: Services, organization_id: UUID) -> date:
    zone = found.setup(organization_id).customer.zone
    with found.database.organization(organization_id) as connection:
        return database_now(connection).astimezone(zone).date()


def notes(found: Services) -> list[str]:
    """Return warnings that belong on top of every report."""
    if found.environment.virus_scan == "off":
        return ["Attachments are not scanned for viruses here (MAILROOM_VIRUS_SCAN is off)."]
    return []


def check_batches(found: Services, process: str, run: str, since: datetime | None) -> dict[str, Any]:
    """Check what was touched since a run began, one batch a customer; the verdicts are kept and decide nothing."""
    from mailroom.reporting.batch_checks import check_batch

    verdicts = {}
    for slug, organization_id in found.setups.organizations().items():
        with found.database.organization(organization_id) as connection:
            ids = touched_since(connection, process, since)
        if ids:
            verdict = check_batch(found.database, organization_id, ids, run=run)
            verdicts[slug] = {"records": verdict.records, "success": verdict.success}
    return verdicts


@dataclass(slots=True)
class Round:
    """What one round of all due work did."""

    polls: list[PollReport] = field(default_factory=list)
    run: RunReport = field(default_factory=RunReport)
    mails: dict[str, Any] = field(default_factory=dict)
    clocks: dict[str, Any] = field(default_factory=dict)
    reports: int = 0

    @property
    def total(self) -> int:
        """Return how much was done; 0 says that nothing is due."""
        decided = sum(report.dispositions.total() for report in self.polls)
        return decided + self.run.total + _total(self.mails) + _total(self.clocks) + self.reports

    def as_json(self) -> dict[str, Any]:
        """Return counts."""
        return {
            "polls": [report.as_json() for report in self.polls],
            "transactions": self.run.as_json(),
            "mails": self.mails,
            "clocks": self.clocks,
            "reports": self.reports,
        }

    def sentence(self) -> str:
        """Return one line for a person."""
        seen = sum(report.dispositions.total() for report in self.polls)
        parts = [f"{seen} messages decided", f"{self.run.total} moves", f"{_total(self.mails)} mails"]
        errors = [f"{report.mailbox}: {report.error}" for report in self.polls if report.error]
        return ", ".join(parts) + "".join(f"\n  {error}" for error in errors)


def _total(counts: dict[str, Any]) -> int:
    return sum(
        _total(value) if isinstance(value, dict) else value
        for value in counts.values()
        if isinstance(value, int | dict)
    )


def do_due_work(found: Services, on_part: Callable[[str], None] = lambda part: None) -> Round:
    """Do all that is due once: read mailboxes, move transactions, remind, report, send."""
    on_part("reading mailboxes")
    polls = poll_mailboxes(found)
    on_part("moving transactions")
    run = run_due(found)
    on_part("reminding and reporting")
    clocks = {"reminders": remind(found), "escalations": escalate(found)}
    reports = 0
    for slug in organization_slugs(found):
        reports += len(report_day(found, slug, None, mail=True, only_due=True)["days"])
    on_part("sending mail")
    return Round(polls, run, deliver(found), clocks, reports)
