"""Which steps, writers and letters there are: the list that the rest of the product is wired from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from mailroom.adapters.dns_text import resolved_text, zone_text
from mailroom.approvals.requests import APPROVAL_TEMPLATES, ApprovalLetters
from mailroom.approvals.step import approve_step
from mailroom.approvals.writers import approvals_writers
from mailroom.bootstrap.tickets import TICKET, ticket_letter, tickets
from mailroom.clocks.letters import CLOCK_TEMPLATES, clock_composers
from mailroom.clocks.watch import sla_watch
from mailroom.domain.effects import SendMail
from mailroom.engine.apply import OnFailure
from mailroom.engine.common_writers import common_writers
from mailroom.engine.moves import Planned
from mailroom.engine.rendering import Render, Templates, rendering
from mailroom.engine.step import Step, StepContext
from mailroom.engine.watching import OnMoves
from mailroom.engine.writers import Writers
from mailroom.payables.sla import sla_subjects
from mailroom.payables.steps import payables_steps
from mailroom.payables.subject import approval_subjects
from mailroom.payables.writers import payables_writers
from mailroom.posting.writers import posting_writers
from mailroom.reporting.publish import report_letter
from mailroom.settings.configuration import Configuration
from mailroom.settings.customers import CustomerPolicy
from mailroom.settings.environment import Environment
from mailroom.settings.sla import SlaPolicy

LINK_ONLY = "link_only"


def registered_steps(services: Any) -> list[Step]:
    """Return the built-in steps; what they need of `services` is used when they run."""
    return [
        *payables_steps(services.store, services.pool, services.connector_for),
        approve_step(approval_subjects, services.token_key),
    ]


def registered_writers() -> Writers:
    """Return who writes which effect, in the order in which they write."""
    writers = common_writers()
    for found in (payables_writers(), posting_writers(), approvals_writers()):
        for effect, writer in found.items():
            writers.add(effect, writer)
    return writers


def tell_owner() -> OnFailure:
    """Return what follows a failure: one mail to whoever decides what nobody else can, and a ticket."""

    def mails(planned: Planned, context: StepContext) -> Sequence[Any]:
        transaction = planned.transaction
        facts = {
            "reference": transaction.reference,
            "transaction": str(transaction.id),
            "step": planned.ran,
            "error": planned.error,
            "message": planned.message or "",
        }
        key = f"failure_notice:{transaction.version}"
        return [SendMail("failure_notice", context.customer.owner, key, facts), *tickets(planned, context)]

    return mails


def registered_watcher(services: Any) -> OnMoves:
    """Return who is told of every move: the SLA clocks."""

    def sla_of(organization_id: UUID) -> SlaPolicy | None:
        known = services.setups.of(organization_id) is not None
        return services.setups.bundle(organization_id).sla if known else None

    return sla_watch(sla_of, sla_subjects)


def mail_renderer(services: Any) -> Render:
    """Return the renderer of every mail the product sends."""
    templates = Templates([APPROVAL_TEMPLATES, CLOCK_TEMPLATES])
    letters = ApprovalLetters(
        templates, services.token_key, services.environment.web_url, proof_of(services.configuration)
    )
    composers = {
        **letters.composers(),
        **clock_composers(templates),
        TICKET: ticket_letter(templates),
        "daily_report": report_letter,
    }
    return rendering(templates, services.setups, composers)


def proof_of(configuration: Configuration) -> Callable[[CustomerPolicy], str]:
    """Return what a mailbox demands as proof of the sender, for the mailbox a customer's answers come to."""

    def look_up(customer: CustomerPolicy) -> str:
        for bundle in configuration.bundles.values():
            for mailbox in bundle.mailboxes:
                if mailbox.owner([customer.sender], "") == customer.organization:
                    return mailbox.proof
        return LINK_ONLY

    return look_up


def text_look_up(environment: Environment) -> Callable[[str], bytes | None]:
    """Return where DKIM keys are looked up: the DNS, or a zone file in the local profile."""
    if environment.profile == "local" and environment.dns_zone_file is not None:
        return zone_text(environment.dns_zone_file)
    return resolved_text()
