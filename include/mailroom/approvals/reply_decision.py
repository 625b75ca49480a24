"""What a reply to an approval request decides: every check listed, nothing guessed, nothing written.

`said` is what the text says, `decision` what counts after all checks. The caller finds the approval by the hashes
of `domain.approval_token.tokens_in` and carries the decision out in one conditional update (reliability I16).
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from mailroom.approvals.proof import Proof, ProofSetting, prove, proven_sender
from mailroom.approvals.reply_text import bodies, new_text, top_text
from mailroom.approvals.signature import TextLookup
from mailroom.approvals.verdict import Said, verdict
from mailroom.domain.approval import ApprovalState
from mailroom.domain.approval_token import token_hash, tokens_in
from mailroom.domain.rfc822 import Mail
from mailroom.domain.rfc822.automatic import automatic

_FORWARD = re.compile(r"^\s*(?:re: ?|aw: ?)*(?:fwd?|wg|tr|rv|enc|i|pd|doorst|vs|vb|továbbítás)\s*:", re.IGNORECASE)


class Result(StrEnum):
    """The result of one check; `CANNOT_TELL` where what it needs is not known here."""

    PASS = "pass"  # noqa: S105 - a result, not a password
    FAIL = "fail"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class ReplyCheck:
    """One check of a reply, with the reason in words."""

    check: str
    result: Result
    reason: str

    def as_json(self) -> dict[str, str]:
        """Return the public form."""
        return {"check": self.check, "result": self.result.value, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class AskedApproval:
    """The approval a reply's token belongs to. Addresses in lower case.

    `version_hash` is what the approver was shown, `current_version_hash` what the transaction is now;
    `submitters` brought the invoice in and may not approve it.
    """

    approver: str
    token_hash: str
    state: ApprovalState
    expires_at: datetime
    version_hash: str
    current_version_hash: str
    submitters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReplyDecision:
    """The outcome; `reason` is that of the first check that did not pass."""

    new_text: str
    said: Said
    decision: Said
    reason: str
    checks: tuple[ReplyCheck, ...]


def decide_reply(
    mail: Mail,
    approval: AskedApproval | None,
    setting: ProofSetting,
    now: datetime,
    look_up: TextLookup | None = None,
) -> ReplyDecision:
    """Return what this mail decides about this approval; without one, nothing.

    Raises `UnavailableError` when the DNS is needed and does not answer: the reply is then to be read again.
    """
    proof = prove(mail, setting, look_up)
    said, text_check = _said(mail)
    checks = (
        _unattended_check(mail),
        _forward_check(mail),
        _check("sender", proven_sender(mail).reason or "", "From is one plain mailbox"),
        ReplyCheck("proof", Result.PASS if proof.holds else Result.FAIL, proof.reason),
        *_approval_checks(mail, approval, proof, now),
        text_check,
    )
    decision = _decided(said, checks)
    return ReplyDecision(new_text(mail), said, decision, _reason(said, decision, checks), checks)


def decide_text(text: str) -> ReplyDecision:
    """Return what a bare text body says; it decides nothing, for nobody is proved to have sent it."""
    said = verdict(top_text(text))
    missing = ("automatic", "forward", "sender", "proof", "token", "approver", "open", "in_time", "version", "not_own")
    checks = (
        *(ReplyCheck(name, Result.CANNOT_TELL, "a bare text has no header") for name in missing),
        _text_check(said),
    )
    return ReplyDecision(new_text(text), said, Said.NONE, "a bare text has no sender", checks)


def _said(mail: Mail) -> tuple[Said, ReplyCheck]:
    """Return what the text says; plain text and HTML must say the same (T8)."""
    found = {verdict(top_text(body)) for body in bodies(mail)}
    if mail.problem or len(found) > 1:
        reason = f"the mail could not be read: {mail.problem}" if mail.problem else "plain text and HTML differ"
        return Said.NONE, ReplyCheck("text", Result.FAIL, reason)
    said = found.pop() if found else Said.NONE
    return said, _text_check(said)


def _text_check(said: Said) -> ReplyCheck:
    if said in {Said.APPROVE, Said.REJECT}:
        return ReplyCheck("text", Result.PASS, f"the first line says {said.value}")
    reason = "it asks something" if said is Said.QUESTION else "the first line is no decision by itself"
    return ReplyCheck("text", Result.FAIL, reason)


def _unattended_check(mail: Mail) -> ReplyCheck:
    found = automatic(mail)
    return _check("automatic", f"automatic mail: {found.reason}" if found else "", "a person wrote it")


def _forward_check(mail: Mail) -> ReplyCheck:
    forwarded = _FORWARD.match(mail.subject) is not None
    return _check("forward", "a forwarded mail decides nothing" if forwarded else "", "it is no forwarded mail")


def _approval_checks(mail: Mail, approval: AskedApproval | None, proof: Proof, now: datetime) -> tuple[ReplyCheck, ...]:
    """Return the checks against the approval itself (T5, T6, T10, T12)."""
    if approval is None:
        token = "the approval is not known here" if tokens_in(mail) else "it carries no token of a request"
        result = Result.CANNOT_TELL if tokens_in(mail) else Result.FAIL
        rest = ("approver", "open", "in_time", "version", "not_own")
        return (
            ReplyCheck("token", result, token),
            *(ReplyCheck(name, Result.CANNOT_TELL, "the approval is not known here") for name in rest),
        )
    sender = mail.sender.address
    own = sender in approval.submitters
    return (
        _token_check(mail, approval, proof),
        _check("approver", "" if sender == approval.approver else "the sender is not the approver", "by the approver"),
        _check("open", "" if approval.state is ApprovalState.OPEN else _closed(approval.state), "still open"),
        _check("in_time", "" if now < approval.expires_at else "the request has expired", "in time"),
        _check(
            "version",
            "" if _same(approval.version_hash, approval.current_version_hash) else "it was changed after the request",
            "what was asked is what there is",
        ),
        _check("not_own", "the sender brought it in and may not approve it" if own else "", "by someone else"),
    )


def _token_check(mail: Mail, approval: AskedApproval, proof: Proof) -> ReplyCheck:
    tokens = tokens_in(_with_only(mail, proof.fields))
    found = any(_same(token_hash(token), approval.token_hash) for token in tokens)
    if not found and any(_same(token_hash(token), approval.token_hash) for token in tokens_in(mail)):
        return _check("token", "the token stands in a field that the signature does not cover", "")
    return _check("token", "" if found else "the token of this request is missing", "the token of this request")


def _with_only(mail: Mail, fields: frozenset[str] | None) -> Mail:
    """Return the mail without the reply fields that could have been replaced on the way."""
    if fields is None:
        return mail
    return replace(
        mail,
        in_reply_to=mail.in_reply_to if "in-reply-to" in fields else (),
        references=mail.references if "references" in fields else (),
        subject=mail.subject if "subject" in fields else "",
    )


def _closed(state: ApprovalState) -> str:
    decided = state in {ApprovalState.APPROVED, ApprovalState.REJECTED}
    return f"already decided: {state.value}" if decided else f"the request is {state.value}"


def _check(name: str, fault: str, fine: str) -> ReplyCheck:
    return ReplyCheck(name, Result.FAIL if fault else Result.PASS, fault or fine)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8"), other.encode("utf-8"))


def _decided(said: Said, checks: tuple[ReplyCheck, ...]) -> Said:
    """Return what counts: a decision needs every check, a question only that it belongs to the request."""
    if said is Said.QUESTION:
        needed = {"automatic", "sender", "token", "approver"}
        asked = all(check.result is Result.PASS for check in checks if check.check in needed)
        return Said.QUESTION if asked else Said.NONE
    decides = said in {Said.APPROVE, Said.REJECT} and all(check.result is Result.PASS for check in checks)
    return said if decides else Said.NONE


def _reason(said: Said, decision: Said, checks: tuple[ReplyCheck, ...]) -> str:
    if decision is Said.QUESTION:
        return "it asks something"
    failed = next((check for check in checks if check.result is Result.FAIL), None)
    unknown = next((check for check in checks if check.result is Result.CANNOT_TELL), None)
    stopper = failed or unknown
    return stopper.reason if stopper else f"every check passed; the first line says {said.value}"
