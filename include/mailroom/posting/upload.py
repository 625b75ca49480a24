"""Step `upload`: put an approved bill into the customer's system, at most once (reliability I7, I8).

The intent is committed first; each bill is marked as sent, in a commit of its own, just before the call;
whatever was sent without an answer is looked up by its key before anything is sent again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from erp_connectors.interface import Connector, ConnectorError
from mailroom.database.findings import KeptFinding, findings_of
from mailroom.database.posting import PostingIntent, intents_of, key_holders, postable_versions
from mailroom.domain.effects import SaveFindings
from mailroom.domain.errors import ConfigurationError
from mailroom.domain.finding import Finding, Severity
from mailroom.domain.outcome import Act, Advance, Hold, Outcome, Wait
from mailroom.domain.transaction import Transaction
from mailroom.engine.step import Step, StepContext
from mailroom.ports import ObjectStore
from mailroom.posting.act import poster
from mailroom.posting.answers import posted_otherwise
from mailroom.posting.bills import Bills, BillToPost, ConnectorFor, request_hash
from mailroom.posting.effects import SaveIntent
from mailroom.posting.sending import NAME, Sending
from mailroom.settings.payables import UploadSettings


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """What is to be posted where, what was approved, and what was tried before.

    `holder` is another transaction whose intent stands for the same bill.
    """

    transaction: Transaction
    to_post: BillToPost | Finding
    approved: frozenset[str] = frozenset()
    intent: PostingIntent | None = None
    holder: UUID | None = None
    connector_name: str | None = None
    connector: Connector | None = None
    connector_fault: str | None = None
    kept: tuple[KeptFinding, ...] = ()


def upload_step(bills: Bills, connector_for: ConnectorFor, store: ObjectStore) -> Step:
    """Return the step; `bills` comes from the desk, `connector_for` from bootstrap."""

    def load(
        connection: Connection, transactions: Sequence[Transaction], context: StepContext
    ) -> Mapping[UUID, UploadFacts]:
        return load_facts(connection, transactions, context, bills, connector_for)

    return Step(NAME, load, decide, act=poster(store), settings=UploadSettings)


def load_facts(
    connection: Connection,
    transactions: Sequence[Transaction],
    context: StepContext,
    bills: Bills,
    connector_for: ConnectorFor,
) -> dict[UUID, UploadFacts]:
    """Fetch bills, approved versions, intents and whose intent holds which key, for a whole slice."""
    acting = [each for each in transactions if each.mode != "shadow"]
    ids = [each.id for each in acting]
    made = bills(connection, acting, context) if acting else {}
    approved, intents, kept = (
        postable_versions(connection, ids),
        intents_of(connection, ids),
        findings_of(connection, ids),
    )
    name, connector, fault = _connector(connector_for, context) if acting else (None, None, None)
    keys = [each.bill.key for each in made.values() if isinstance(each, BillToPost)]
    holders = key_holders(connection, name, keys) if name and keys else {}
    facts: dict[UUID, UploadFacts] = {}
    for each in transactions:
        to_post = made.get(each.id) or _nothing_to_post()
        holder = holders.get(to_post.bill.key) if isinstance(to_post, BillToPost) else None
        facts[each.id] = UploadFacts(
            each,
            to_post,
            frozenset(approved.get(each.id, ())),
            intents.get(each.id),
            holder if holder != each.id else None,
            name,
            connector,
            fault,
            tuple(kept.get(each.id, ())),
        )
    return facts


def _connector(connector_for: ConnectorFor, context: StepContext) -> tuple[str | None, Connector | None, str | None]:
    if context.customer.posting is None:
        return None, None, "the customer's file has no posting settings"
    try:
        return *connector_for(context.customer), None
    except (ConfigurationError, ConnectorError) as err:
        return None, None, err.message


def _nothing_to_post() -> Finding:
    return Finding("nothing_to_post", Severity.HOLD, "There is no bill to post; read and check the invoice first.")


def decide(facts: UploadFacts, context: StepContext) -> Outcome:
    """Act on an approved bill nobody else stands for; hold everything else."""
    if facts.transaction.mode == "shadow":
        return Advance(facts={"shadow": True})
    if isinstance(facts.to_post, Finding):
        return held(facts.to_post)
    stop = _stop(facts, facts.to_post, context)
    if stop is not None:
        return held(stop)
    if facts.intent is not None and facts.intent.state == "confirmed":
        return _posted_before(facts.intent, facts.to_post)
    waiting = _settling(facts.intent, context)
    return Wait(waiting) if waiting is not None else _act(facts, facts.to_post)


def _stop(facts: UploadFacts, to_post: BillToPost, context: StepContext) -> Finding | None:
    """Return what forbids posting, before anything was tried."""
    if context.customer.mode == "shadow":
        return Finding("customer_in_shadow", Severity.HOLD, "The customer posts nothing for now (mode shadow).")
    if facts.connector is None:
        message = f"The connector cannot be used: {facts.connector_fault}"
        return Finding("connector_not_set_up", Severity.HOLD, message, found=facts.connector_fault)
    if to_post.version_hash not in facts.approved:
        return _not_approved(facts)
    return None if facts.holder is None else _posted_by(facts.holder)


def _not_approved(facts: UploadFacts) -> Finding:
    changed = bool(facts.approved)
    what = "The invoice was changed after it was approved" if changed else "This version was never approved"
    return Finding(
        "changed_after_approval" if changed else "not_approved",
        Severity.BLOCK,
        f"{what}; continue at approve.",
        expected="an approval of this version",
        found="an approval of another version" if changed else "none",
    )


def _posted_by(holder: UUID) -> Finding:
    return Finding(
        "duplicate_posting",
        Severity.BLOCK,
        f"Transaction {holder} posts or has posted the same bill: supplier, number, date and amount agree.",
        expected="a bill of its own",
        found=str(holder),
    )


def _posted_before(intent: PostingIntent, to_post: BillToPost) -> Outcome:
    """Go on with a bill that is posted; a person has looked at what differed. Another version is held."""
    if intent.request_hash != request_hash(to_post):
        return posted_otherwise(intent.external_id or "", intent.external_reference or "")
    return Advance(
        effects=(SaveFindings(NAME),),
        facts={"connector": intent.connector, "external_id": intent.external_id, "already_there": True},
    )


def _settling(intent: PostingIntent | None, context: StepContext) -> datetime | None:
    """Return until when a bill that was sent without an answer is left alone before it is looked up."""
    if intent is None or intent.state not in {"sent", "unknown"} or intent.sent_at is None:
        return None
    settles = intent.sent_at + timedelta(seconds=context.settings.settling_seconds)
    return settles if settles > context.now else None


def _act(facts: UploadFacts, to_post: BillToPost) -> Act:
    bill, hashed = to_post.bill, request_hash(to_post)
    name, connector = facts.connector_name, facts.connector
    if name is None or connector is None:
        raise ValueError("acting without a connector")
    released = frozenset(
        (each.finding.rule, each.finding.found) for each in facts.kept if each.step == NAME and each.is_released
    )
    sending = Sending(to_post, name, connector, hashed, facts.intent, released)
    effect = SaveIntent(name, bill.key, hashed, bill.gross, bill.currency)
    return Act(effects=(effect,), facts_for_act=sending, facts={"key": bill.key})


def held(finding: Finding) -> Hold:
    """Return a hold for one finding, kept for the person who looks."""
    return Hold(finding.rule, effects=(SaveFindings(NAME, (finding,)),), facts={"findings": [finding.rule]})
