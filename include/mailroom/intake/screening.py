"""Decide what a mail is, with the rule and the reason. Pure: the same mail and rules, the same answer.

Order: limits, automatic mail, answers to approval requests, then the rules; the first that claims it wins.
Whether a mail was seen before is decided by the ledger, not here. An unknown sender is no reason for anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from mailroom.domain.approval_token import tokens_in
from mailroom.domain.document import DocumentType
from mailroom.domain.mail import Disposition
from mailroom.domain.rfc822 import Mail
from mailroom.domain.rfc822.automatic import AutomaticKind, automatic, ends_here
from mailroom.intake.parts import Inspect, ScreenedPart, look_at
from mailroom.intake.rules import first_claim, readable_text
from mailroom.settings.screening import ScreeningPolicy, ScreeningRule

_POSTED = {DocumentType.INVOICE.value, DocumentType.CREDIT_NOTE.value}
_PAPERS = {item.value: item for item in Disposition if item.value in set(DocumentType)}
_LINK = re.compile(r"https?://", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"download|view|open|access|see|click|portal|herunterladen|abrufen|ansehen|t[ée]l[ée]charg|consult|descarg|scaric"
    r"|downloaden|pobierz|pobra[ćc]|baixar|transferir",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Screening:
    """The decision on one mail: `reason` is a code or the rule's own words, `message` one sentence more.

    `flags` are the rules that also matched, by name: a finding for whoever handles the papers. `sealed` mail is
    kept apart and never opened.
    """

    disposition: Disposition
    reason: str
    rule: str
    parts: tuple[ScreenedPart, ...] = ()
    message: str = ""
    tokens: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    sealed: bool = False

    @property
    def invoices(self) -> tuple[tuple[ScreenedPart, ...], ...]:
        """Return the parts that become transactions, one group each: the same file once, XML with its PDF."""
        if self.disposition not in {Disposition.INVOICE, Disposition.CREDIT_NOTE}:
            return ()
        return _grouped([screened for screened in self.parts if screened.kind in _POSTED and screened.usable])

    @property
    def words(self) -> str:
        """Return reason and message in one line."""
        return f"{self.reason}: {self.message}" if self.message else self.reason


def screen(mail: Mail, policy: ScreeningPolicy, *, dedicated: bool = True, inspect: Inspect | None = None) -> Screening:
    """Return what this mail is.

    `dedicated` says that the mailbox is Mailroom's alone: elsewhere, mail that no rule claims is ignored.
    """
    early = _before_rules(mail, policy)
    if early is not None:
        return early
    parts = tuple(look_at(part, mail, policy.smallest_picture, inspect) for part in mail.parts)
    claim = first_claim(policy.rules, mail, parts)
    if claim is None:
        return _unclaimed(parts, dedicated)
    if claim.rule.disposition in {Disposition.INVOICE, Disposition.CREDIT_NOTE}:
        return replace(_invoice(mail, claim.rule, parts), flags=claim.passed)
    return Screening(claim.rule.disposition, claim.rule.reason, claim.rule.name, parts, flags=claim.passed)


def screen_unclaimed(mail: Mail, why: str) -> Screening:
    """Return what a mail is that belongs to no customer: only what needs no rules is told apart."""
    early = _before_rules(mail, ScreeningPolicy())
    if early is not None and early.disposition is not Disposition.APPROVAL_REPLY:
        return early
    parts = tuple(look_at(part, mail, ScreeningPolicy().smallest_picture) for part in mail.parts)
    return Screening(Disposition.UNIDENTIFIED, "unknown_customer", "whose", parts, why)


def _before_rules(mail: Mail, policy: ScreeningPolicy) -> Screening | None:
    """Decide what no rule may decide."""
    if mail.problem:
        return Screening(Disposition.QUARANTINED, mail.problem, "limits", message=_LIMITS.get(mail.problem, ""))
    found = automatic(mail)
    tokens = tokens_in(mail)
    if not ends_here(found) and not tokens:
        return None
    parts = tuple(look_at(part, mail, policy.smallest_picture) for part in mail.parts)
    if found is not None and ends_here(found):
        bounce = found.kind is AutomaticKind.BOUNCE
        disposition = Disposition.BOUNCE if bounce else Disposition.AUTO_REPLY
        return Screening(disposition, found.kind.value, "automatic", parts, found.reason, tokens)
    message = "it answers an approval request"
    return Screening(Disposition.APPROVAL_REPLY, "approval_token", "approval_reply", parts, message, tokens)


_LIMITS = {
    "mail_too_large": "the mail is larger than what is read",
    "nested_too_deep": "parts are nested deeper than any mail program writes",
    "too_many_parts": "the mail has more parts than are read",
    "header_too_large": "the header block is larger than what is read",
    "too_many_headers": "the mail has more header fields than are read",
    "too_many_addresses": "the mail names more addresses than are read",
    "unreadable_mail": "the mail is broken and could not be taken apart",
}


def _unclaimed(parts: tuple[ScreenedPart, ...], dedicated: bool) -> Screening:
    if not dedicated:
        return Screening(Disposition.IGNORED, "no_rule", "none", parts, "no rule claims it")
    fault = next((screened for screened in parts if screened.fault), None)
    if fault is not None and fault.fault and not any(screened.usable for screened in parts):
        return Screening(Disposition.UNIDENTIFIED, fault.fault, "none", parts, fault.reason)
    seen = ", ".join(sorted({screened.kind for screened in parts if screened.usable})) or "no document"
    return Screening(Disposition.UNIDENTIFIED, "no_rule", "none", parts, f"no rule claims it; it holds {seen}")


def _invoice(mail: Mail, rule: ScreeningRule, parts: tuple[ScreenedPart, ...]) -> Screening:
    """Carry out a rule that says invoice: find the papers, or say why there are none."""
    parts = _with_invoices(parts, rule.disposition)
    if any(screened.kind in _POSTED and screened.usable for screened in parts):
        kinds = {screened.kind for screened in parts if screened.kind in _POSTED and screened.usable}
        credit_only = kinds == {DocumentType.CREDIT_NOTE.value}
        disposition = Disposition.CREDIT_NOTE if credit_only else Disposition.INVOICE
        return Screening(disposition, rule.reason, rule.name, parts, _faults(parts))
    other = next((screened for screened in parts if screened.usable and screened.kind in _PAPERS), None)
    if other is not None:
        message = f"the rule {rule.name} says {rule.disposition.value}, but {other.reason}"
        return Screening(_PAPERS[other.kind], f"holds_{other.kind}", rule.name, parts, message)
    return _without_papers(mail, rule, parts)


def _with_invoices(parts: tuple[ScreenedPart, ...], said: Disposition) -> tuple[ScreenedPart, ...]:
    """Where no attachment calls itself an invoice, take the unknown ones for what the rule says."""
    if any(screened.kind in _POSTED and screened.usable for screened in parts):
        return parts
    if any(screened.usable and screened.sure for screened in parts):
        return parts
    return tuple(
        replace(screened, kind=said.value, reason=f"{screened.reason}; the rule says {said.value}")
        if screened.usable and screened.kind == DocumentType.OTHER.value
        else screened
        for screened in parts
    )


def _without_papers(mail: Mail, rule: ScreeningRule, parts: tuple[ScreenedPart, ...]) -> Screening:
    fault = next((screened for screened in parts if screened.fault), None)
    if fault is not None and fault.fault:
        return Screening(Disposition.UNIDENTIFIED, fault.fault, rule.name, parts, fault.reason)
    if any(screened.usable for screened in parts):
        message = "no attachment is an invoice"
        return Screening(Disposition.UNIDENTIFIED, "no_invoice_attached", rule.name, parts, message)
    linked = _LINK.search(mail.html or mail.text or "") and _DOWNLOAD.search(readable_text(mail))
    if linked:
        message = "the invoice must be fetched from a web page by a person"
        return Screening(Disposition.UNIDENTIFIED, "invoice_behind_link", rule.name, parts, message)
    return Screening(Disposition.UNIDENTIFIED, "no_attachment", rule.name, parts, "nothing is attached")


def _faults(parts: Sequence[ScreenedPart]) -> str:
    """Name the attachments beside the invoices that can't be read, so that nothing is passed over silently."""
    return "; ".join(screened.reason for screened in parts if screened.fault)


def _grouped(parts: list[ScreenedPart]) -> tuple[tuple[ScreenedPart, ...], ...]:
    """Group the parts of one invoice: XML with the PDF of the same name, or the only PDF there is."""
    once = list({screened.part.sha256: screened for screened in reversed(parts)}.values())[::-1]
    structured = [screened for screened in once if screened.file_kind == "xml"]
    pages = [screened for screened in once if screened.file_kind != "xml"]
    groups: list[tuple[ScreenedPart, ...]] = []
    for xml in structured:
        same = next((page for page in pages if _stem(page) == _stem(xml)), None)
        if same is None and len(structured) == len(pages) == 1:
            same = pages[0]
        if same is not None:
            pages.remove(same)
        groups.append((xml,) if same is None else (xml, same))
    return (*groups, *((page,) for page in pages))


def _stem(screened: ScreenedPart) -> str:
    return PurePath(screened.part.filename or screened.part.path).stem.casefold()
