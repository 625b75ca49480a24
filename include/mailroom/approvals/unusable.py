"""Why an answer by mail was not taken, as a code and in words for the approver."""

from __future__ import annotations

from mailroom.approvals.decisions import MESSAGES, Answer
from mailroom.approvals.reply_decision import ReplyDecision, Result
from mailroom.approvals.verdict import Said

_CODES = {
    "forward": "forwarded",
    "sender": "unclear_sender",
    "approver": "another_sender",
    "token": "token_missing",
    "proof": "not_proved",
    "not_own": "own_document",
    "text": "not_a_decision",
    "in_time": Answer.EXPIRED.value,
    "version": Answer.VOID.value,
}
_ORDER = ("forward", "sender", "approver", "open", "in_time", "version", "proof", "token", "not_own", "text")

_WORDS = {
    "forwarded": "It was sent on as a forwarded mail, and those decide nothing. Please answer the request itself.",
    "unclear_sender": "Its sender could not be read clearly.",
    "another_sender": "It did not come from your address. Only you can decide this, and the request is yours alone.",
    "token_missing": "It could not be tied to this request. Please use your mail program's reply button.",
    "link_only": "Answers by mail are not decisions here. Please use the page.",
    "not_proved": "It could not be proved that it came from you. If you did not write it, please tell {owner} at once.",
    "own_document": "You brought this in yourself, so somebody else has to decide.",
    "not_a_decision": "Its first line is no plain decision such as APPROVE or REJECT, and nothing is guessed. "
    "What you wrote was passed on to {owner}.",
    "question": "What you asked was passed on to {owner}, who will answer you.",
    "locked": "Too many answers with unknown codes came from your address, so answers by mail wait for an hour. "
    "The page still works.",
}


def first_fault(found: ReplyDecision, *, link_only: bool) -> str:
    """Return the code of what the approver is told: the most telling of the checks that did not pass."""
    if found.decision is Said.QUESTION:
        return "question"
    failed = {check.check for check in found.checks if check.result is not Result.PASS}
    name = next((name for name in _ORDER if name in failed), "text")
    if name == "open":
        return _closed(found)
    return "link_only" if name == "proof" and link_only else _CODES[name]


def explained(code: str, owner: str) -> str:
    """Return the sentence for the approver; `owner` is whom to turn to."""
    if code in {answer.value for answer in Answer}:
        return MESSAGES[Answer(code)]
    return _WORDS[code].format(owner=owner)


def _closed(found: ReplyDecision) -> str:
    reason = next(check.reason for check in found.checks if check.check == "open")
    for word, answer in (("void", Answer.VOID), ("expired", Answer.EXPIRED), ("decided", Answer.ALREADY_DECIDED)):
        if word in reason:
            return answer.value
    return Answer.ALREADY_DECIDED.value
