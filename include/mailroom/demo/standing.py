"""Where each mail of the story stands now, in words, and whether that is where it must end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from mailroom.bootstrap import Services
from mailroom.database.approvals import Approval, approvals_of
from mailroom.database.posting import PostingIntent, intents_of
from mailroom.database.standing import StandingRow, standings
from mailroom.demo.story import ExpectedInvoice, StoryMail

_HOLDS = {
    "bank_details_changed": "changed bank account, call back first",
    "unknown_supplier": "supplier not on file",
    "duplicate": "duplicate of an invoice we have",
}
_REASONS = {
    "encrypted": "the file is locked, its sender was told",
    "no_attachment": "nothing attached, its sender was told",
    "no_rule": "no invoice, its sender was told",
    "nested_too_deep": "nested too deep to be opened",
    "not_proved": "not signed by its sender, the approver was told",
    "approve": "a yes, taken",
    "reject": "a no, taken",
}
_WORDS = {
    "unidentified": "unidentified",
    "auto_reply": "automatic answer, ignored",
    "quarantined": "quarantined",
    "approval_reply": "approval reply",
}
_CHANNELS = {"mail": "by mail", "link": "on the page"}


@dataclass(frozen=True, slots=True)
class Paper:
    """One invoice of a mail: its transaction, who decided, and its receipt."""

    row: StandingRow
    approvals: tuple[Approval, ...]
    intent: PostingIntent | None

    def words(self) -> str:
        """Return where it stands."""
        row = self.row
        decided = next((each for each in self.approvals if each.decided_at is not None), None)
        by = f"by {decided.approver_name} {_CHANNELS.get(decided.channel or '', '')}" if decided else ""
        if row.state == "completed":
            bill = f"posted as bill {self.intent.external_id}" if self.intent else "completed, nothing posted"
            return f"approved {by}, {bill}" if by else f"straight through, {bill}"
        if row.state == "rejected":
            return f"rejected {by}".strip()
        if row.state == "on_hold":
            return f"held: {_HOLDS.get(row.why or '', row.why)}"
        waiting = next((each.approver_name for each in self.approvals), None)
        if row.state == "awaiting_approval" and waiting:
            return f"waits for {waiting}" if decided is None else f"decided {by}"
        return f"{(row.state or '').replace('_', ' ')}{f' ({row.why})' if row.why else ''}"


@dataclass(frozen=True, slots=True)
class Standing:
    """One mail of the story: what became of it and its invoices; nothing yet when `rows` is empty."""

    mail: StoryMail
    papers: tuple[Paper, ...] = ()
    disposition: str | None = None
    reason: str | None = None

    @property
    def reached(self) -> bool:
        """Tell whether it is where it must end."""
        mail = self.mail
        if self.disposition != mail.disposition or mail.reason not in {None, self.reason}:
            return False
        if len(self.papers) != len(mail.invoices):
            return False
        wanted = {each.number: each for each in mail.invoices}
        return all(_is_at(paper, wanted.get(paper.row.reference or "")) for paper in self.papers)

    def words(self) -> str:
        """Return where it stands in a few words."""
        if self.disposition is None:
            return "on its way"
        if self.papers:
            return "; ".join(paper.words() for paper in self.papers)
        reason = _REASONS.get(self.reason or "", (self.reason or "").replace("_", " "))
        return _WORDS.get(self.disposition, self.disposition.replace("_", " ")) + (
            f": {reason}" if reason and self.disposition != "auto_reply" else ""
        )


def _is_at(paper: Paper, wanted: ExpectedInvoice | None) -> bool:
    if wanted is None or paper.row.state != wanted.state:
        return False
    return wanted.reason is None or paper.row.why == wanted.reason


def standings_of(found: Services, mails: Sequence[StoryMail]) -> list[Standing]:
    """Return each mail's standing, in the order given."""
    by_id: dict[str, Standing] = {}
    for slug in dict.fromkeys(mail.organization for mail in mails):
        own = {mail.message_id: mail for mail in mails if mail.organization == slug}
        with found.database.organization(found.organization(slug)) as connection:
            by_id |= _read(connection, own)
    return [by_id.get(mail.message_id, Standing(mail)) for mail in mails]


def _read(connection: Connection, mails: Mapping[str, StoryMail]) -> dict[str, Standing]:
    rows: dict[str, list[StandingRow]] = defaultdict(list)
    for row in standings(connection, list(mails)):
        rows[row.message_id].append(row)
    ids = [row.transaction_id for own in rows.values() for row in own if row.transaction_id is not None]
    asked, intents = approvals_of(connection, ids), intents_of(connection, ids)
    return {
        key: Standing(
            mails[key],
            tuple(
                Paper(row, tuple(asked.get(row.transaction_id, ())), intents.get(row.transaction_id))
                for row in own
                if row.transaction_id is not None
            ),
            own[0].disposition,
            own[0].reason,
        )
        for key, own in rows.items()
    }
