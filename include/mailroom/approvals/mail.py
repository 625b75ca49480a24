"""Answers to approval requests that came by mail: taken, passed on, or answered once with the reason."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import Connection

from mailroom.approvals.absence import last_day_away
from mailroom.approvals.decisions import decide_locked, storable
from mailroom.approvals.delegation import AwayUntil, begin_absence, end_of_day, three_days_on
from mailroom.approvals.notices import post_notice
from mailroom.approvals.proof import proof_setting
from mailroom.approvals.reply_decision import AskedApproval, ReplyDecision, Result, decide_reply
from mailroom.approvals.signature import TextLookup
from mailroom.approvals.unusable import explained, first_fault
from mailroom.approvals.verdict import Said
from mailroom.database.approvals import Approval, get_approval, recent_bad_tokens
from mailroom.database.dispatch import organization_of_token
from mailroom.database.events import append_events
from mailroom.database.session import Database
from mailroom.database.transactions import database_now
from mailroom.domain.approval import ApprovalState, Decision
from mailroom.domain.approval_token import token_hash, tokens_in
from mailroom.domain.effects import SendMail
from mailroom.domain.event import Event
from mailroom.domain.mail import Disposition
from mailroom.domain.rfc822 import Mail
from mailroom.domain.rfc822.automatic import Automatic, AutomaticKind, automatic
from mailroom.engine.setup import CustomerSetup
from mailroom.settings.mailboxes import Mailbox

log = structlog.get_logger()

MOST_BAD_TOKENS = 5
"""Unknown tokens an address may send within an hour; after that its answers count for nothing (T6)."""

LONGEST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class MailDecision:
    """What became of one answer: where the message ends, a reason code, and the decision that was recorded."""

    disposition: Disposition
    reason: str
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class ApprovalReplies:
    """Takes answers by mail for one customer. `look_up` asks the DNS for signers' keys."""

    database: Database
    organization_id: UUID
    setup: CustomerSetup
    audit_key: bytes
    look_up: TextLookup | None = None
    away_until: AwayUntil = three_days_on

    def take(self, mail: Mail, mailbox: Mailbox, message_id: UUID) -> MailDecision:
        """Take one answer; harmless when repeated for the same `message_id`.

        Raises `UnavailableError` when Postgres or the DNS does not answer: the mail is then read again.
        """
        robot = automatic(mail)
        if robot is not None:
            return self._not_a_person(robot, mail, message_id)
        approval = self._find(mail)
        if approval is None:
            return self._bad_token(mail, message_id)
        if approval.message_id == message_id:
            # The same message once more, after a crash between this commit and the ledger's.
            taken = Decision.APPROVE if approval.state is ApprovalState.APPROVED else Decision.REJECT
            return MailDecision(Disposition.APPROVAL_REPLY, taken.value, taken)
        setting = proof_setting(mailbox.proof, mailbox_host=mailbox.host)
        with self.database.organization(self.organization_id) as connection:
            locked = recent_bad_tokens(connection, self.organization_id, self._source(mail)) > MOST_BAD_TOKENS
            now = database_now(connection)
        found = decide_reply(mail, _asked(approval), setting, now, self.look_up)
        with self.database.organization(self.organization_id) as connection:
            if locked:
                return self._not_taken(connection, approval, mail, found, "locked", message_id)
            if found.decision in {Said.APPROVE, Said.REJECT}:
                return self._record(connection, approval, mail, found, message_id)
            code = first_fault(found, link_only=setting.kind == "link_only")
            return self._not_taken(connection, approval, mail, found, code, message_id)

    def _not_a_person(self, robot: Automatic, mail: Mail, message_id: UUID) -> MailDecision:
        """Take no answer from a machine; what says that an approver is away begins a delegation.

        It needs the token of a request and the approver's own address; it decides nothing, and its worst is that
        the customer's own substitute is asked too.
        """
        approval = self._find(mail) if robot.kind is AutomaticKind.AUTO_REPLY else None
        if approval is None or mail.sender.address != approval.approver_email.lower():
            return MailDecision(Disposition.AUTO_REPLY, robot.kind.value)
        with self.database.organization(self.organization_id) as connection:
            now = database_now(connection)
            customer = self.setup.customer
            last = last_day_away(mail, now.astimezone(customer.zone).date())
            until = self.away_until(customer, now) if last is None else end_of_day(last, customer.zone)
            begin_absence(
                connection, self.setup, self.organization_id, approval, now, until, message_id, self.audit_key
            )
        return MailDecision(Disposition.AUTO_REPLY, "out_of_office")

    def _find(self, mail: Mail) -> Approval | None:
        """Return the approval of the first token that is one of this organization's."""
        for token in tokens_in(mail):
            with self.database.dispatch() as connection:
                known = organization_of_token(connection, token_hash(token))
            if known is not None and known[0] == self.organization_id:
                with self.database.organization(self.organization_id) as connection:
                    return get_approval(connection, known[1])
        return None

    def _record(
        self, connection: Connection, approval: Approval, mail: Mail, found: ReplyDecision, message_id: UUID
    ) -> MailDecision:
        decision = Decision(found.decision.value)
        result = decide_locked(
            connection,
            approval.id,
            decision,
            setup=self.setup,
            channel="mail",
            actor=mail.sender.address or "",
            reason=found.new_text,
            evidence={"mail_sha256": mail.sha256, "checks": [check.as_json() for check in found.checks]},
            audit_key=self.audit_key,
            message_id=message_id,
        )
        if result.recorded:
            return MailDecision(Disposition.APPROVAL_REPLY, decision.value, decision)
        self._answer(connection, approval, mail, result.answer.value, message_id)
        return MailDecision(Disposition.APPROVAL_REPLY, result.answer.value)

    def _not_taken(
        self,
        connection: Connection,
        approval: Approval,
        mail: Mail,
        found: ReplyDecision,
        code: str,
        message_id: UUID,
    ) -> MailDecision:
        """Note what was not taken; say why to the approver, and pass words meant for people on to the owner."""
        facts = {"approval": str(approval.id), "code": code, "said": found.said.value}
        event = Event("decision_ignored", database_now(connection), "mail", approval.transaction_id, message_id, facts)
        append_events(connection, self.organization_id, self.audit_key, [event])
        passed = {check.check for check in found.checks if check.result is Result.PASS}
        belongs = {"automatic", "sender", "token", "approver"} <= passed
        if belongs and found.said in {Said.QUESTION, Said.NONE} and found.new_text.strip():
            self._pass_on(connection, approval, mail, found)
        self._answer(connection, approval, mail, code, message_id)
        forged = code in {"not_proved", "another_sender"}
        return MailDecision(Disposition.QUARANTINED if forged else Disposition.APPROVAL_REPLY, code)

    def _answer(self, connection: Connection, approval: Approval, mail: Mail, code: str, message_id: UUID) -> None:
        """Answer each reason once per request. Only ever to the approver's address on file: it holds the link."""
        context = {
            "approval": str(approval.id),
            "message": explained(code, self.setup.customer.owner),
            "answers": str(message_id),
        }
        letter = SendMail(
            "approval_answer",
            approval.approver_email,
            f"approval_answer:{approval.id}:{code}",
            context,
            in_reply_to=mail.message_id if mail.sender.address == approval.approver_email.lower() else None,
        )
        self._post(connection, approval.transaction_id, letter)

    def _pass_on(self, connection: Connection, approval: Approval, mail: Mail, found: ReplyDecision) -> None:
        context = {
            "approval": str(approval.id),
            "asker": approval.approver_email,
            "words": storable(found.new_text)[:LONGEST_WORDS],
        }
        key = f"approval_question:{approval.id}:{mail.canonical_sha256}"
        letter = SendMail("approval_question", self.setup.customer.owner, key, context)
        self._post(connection, approval.transaction_id, letter)

    def _bad_token(self, mail: Mail, message_id: UUID) -> MailDecision:
        """Note an unknown token; the one too many locks its sender for an hour and tells the owner."""
        source = self._source(mail)
        with self.database.organization(self.organization_id) as connection:
            now = database_now(connection)
            before = recent_bad_tokens(connection, self.organization_id, source)
            events = [Event("bad_token", now, "mail", None, message_id, {"source": source})]
            if before == MOST_BAD_TOKENS:
                events.append(Event("tokens_locked", now, "mail", None, message_id, {"source": source}))
                log.warning("too many unknown approval tokens", source=source)
                sender = mail.sender.address or "an unreadable address"
                key = f"token_alert:{source}:{now:%Y-%m-%dT%H}"
                self._post(
                    connection, None, SendMail("token_alert", self.setup.customer.owner, key, {"sender": sender})
                )
            append_events(connection, self.organization_id, self.audit_key, events)
        return MailDecision(Disposition.APPROVAL_REPLY, "locked" if before >= MOST_BAD_TOKENS else "unknown_token")

    def _post(self, connection: Connection, transaction_id: UUID | None, mail: SendMail) -> None:
        post_notice(connection, self.setup, self.organization_id, transaction_id, mail)

    def _source(self, mail: Mail) -> str:
        """Return the sender as a keyed hash: the event log holds no addresses."""
        address = (mail.sender.address or "").encode()
        return hmac.new(self.audit_key, b"token source:" + address, hashlib.sha256).hexdigest()[:16]


def decide_by_mail(
    database: Database,
    organization_id: UUID,
    setup: CustomerSetup,
    mail: Mail,
    mailbox: Mailbox,
    message_id: UUID,
    *,
    audit_key: bytes,
    look_up: TextLookup | None = None,
    away_until: AwayUntil = three_days_on,
) -> MailDecision:
    """Take an answer to an approval request; `message_id` is its row in the ledger. See `ApprovalReplies.take`."""
    replies = ApprovalReplies(database, organization_id, setup, audit_key, look_up, away_until)
    return replies.take(mail, mailbox, message_id)


def answer_approval(
    database: Database,
    organization_id: UUID,
    setup: CustomerSetup,
    mail: Mail,
    mailbox: Mailbox,
    message_id: UUID,
    *,
    audit_key: bytes,
    look_up: TextLookup | None = None,
    away_until: AwayUntil = three_days_on,
) -> tuple[Disposition, str]:
    """Take an answer for intake: the disposition of its message, and the reason."""
    found = decide_by_mail(
        database,
        organization_id,
        setup,
        mail,
        mailbox,
        message_id,
        audit_key=audit_key,
        look_up=look_up,
        away_until=away_until,
    )
    return found.disposition, found.reason


def _asked(approval: Approval) -> AskedApproval:
    """Return the approval as the pure checks want it; an edit voids it, so while open its version is current."""
    return AskedApproval(
        approver=approval.approver_email.lower(),
        token_hash=approval.token_hash,
        state=approval.state,
        expires_at=approval.expires_at,
        version_hash=approval.version_hash,
        current_version_hash="" if approval.state is ApprovalState.VOID else approval.version_hash,
        submitters=frozenset(address.lower() for address in approval.subject.submitters),
    )
