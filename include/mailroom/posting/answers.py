"""What a connector's answer means for a transaction: pure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import structlog

from erp_connectors.interface import BillState, FoundBill, NotReachableError, Receipt, UploadRefusedError
from mailroom.database.posting import PostingIntent
from mailroom.domain.effects import SaveFindings
from mailroom.domain.errors import MailroomError, UnavailableError
from mailroom.domain.finding import Finding, Severity
from mailroom.domain.outcome import Advance, Hold, Outcome, Retry
from mailroom.domain.transaction import Transaction
from mailroom.posting.bills import Bill
from mailroom.posting.effects import ConfirmIntent, SetIntent
from mailroom.posting.sending import NAME, Sending

log = structlog.get_logger()


def nothing_sent(transaction: Transaction, err: Exception) -> Outcome:
    """Return what follows from a fault that came before the bill was sent."""
    match err:
        case NotReachableError() | UnavailableError():
            return Retry(err.code, err.message, err.retry_after)
        case UploadRefusedError():
            return held_for("erp_refused", f"The accounting system refused: {err.message}", err.code)
        case MailroomError():
            return held_for("cannot_post", err.message, err.code)
        case _:
            log.error("posting raised", transaction=str(transaction.id), exc_info=err)
            return Retry("connector_fault", f"the connector raised {type(err).__name__} before anything was sent")


def confirmed(sending: Sending, receipt: Receipt) -> Outcome:
    """Advance on a receipt; hold when the system read back another amount than the bill's."""
    bill = sending.to_post.bill
    effect = ConfirmIntent(
        receipt.external_id, receipt.external_reference, receipt.already_there, dict(receipt.evidence)
    )
    facts = {
        "connector": sending.connector_name,
        "external_id": receipt.external_id,
        "already_there": receipt.already_there,
    }
    differs = _difference(bill, receipt)
    if differs is not None:
        finding = Finding(
            "erp_differs",
            Severity.HOLD,
            f"The accounting system holds the bill as {receipt.external_reference} with another amount.",
            expected=f"{bill.gross:.2f} {bill.currency}",
            found=differs,
        )
        return Hold(finding.rule, effects=(effect, SaveFindings(NAME, (finding,))), facts=facts)
    return Advance(effects=(effect, SaveFindings(NAME)), facts=facts)


def _difference(bill: Bill, receipt: Receipt) -> str | None:
    gross, currency = receipt.evidence.get("gross"), receipt.evidence.get("currency")
    try:
        same = gross is None or Decimal(gross) == bill.gross
    except InvalidOperation:
        same = False
    return None if same and currency in {None, bill.currency} else f"{gross} {currency}"


def is_same_paper(bill: Bill, found: FoundBill) -> bool:
    """Tell whether a bill that is not one of ours could be this one."""
    return (
        found.state is not BillState.CANCELLED and found.document_type is bill.document_type and found.key != bill.key
    )


def by_hand(found: FoundBill, state: str) -> Hold:
    """Return the hold of a bill that somebody entered by hand; the intent keeps its id."""
    finding = Finding(
        "already_in_erp",
        Severity.BLOCK,
        f"The accounting system holds this supplier's number as {found.external_reference} ({found.gross:.2f} "
        f"{found.currency}, {found.issue_date}). Reject this one, or release it when it is another bill.",
        expected="a bill not entered before",
        found=found.external_id,
    )
    linked = SetIntent(state, "already_in_erp", found.external_id, found.external_reference)
    return Hold(
        finding.rule, effects=(linked, SaveFindings(NAME, (finding,))), facts={"external_id": found.external_id}
    )


def posted_otherwise(external_id: str, external_reference: str) -> Hold:
    """Return the hold of a bill that was changed after an earlier version of it was posted."""
    finding = Finding(
        "posted_differently",
        Severity.BLOCK,
        f"An earlier version was posted as {external_reference} and the invoice was changed since; "
        "correct it in the accounting system.",
        expected="the version that was sent",
        found=external_id,
    )
    return Hold(finding.rule, effects=(SaveFindings(NAME, (finding,)),), facts={"external_id": external_id})


def cannot_look_up(before: PostingIntent, sending: Sending) -> Outcome | None:
    """Return a hold for a lost answer that cannot be cleared up by looking; None where the key guards a repeat."""
    if before.connector != sending.connector_name:
        message = (
            f"The bill was sent to {before.connector} and no answer came, and the customer now posts to "
            f"{sending.connector_name}; see in {before.connector} whether it is there."
        )
        return held_for("outcome_unknown", message, sending.attempt)
    if not sending.connector.accepts_key:
        return unclear(sending.attempt)
    if before.request_hash == sending.request_hash:
        return None
    message = (
        "An earlier version was sent and no answer came, and the invoice was changed since; see in the accounting "
        "system whether it is there."
    )
    return held_for("outcome_unknown", message, sending.attempt)


def unclear(attempt: str, *effects: SetIntent) -> Hold:
    """Return the hold of a lost answer that only a person can clear up; nothing is sent again by itself."""
    return held_for(
        "outcome_unknown",
        "The bill was sent and no answer came, and this system can neither be asked nor tell a repeat; see there "
        "whether the bill was entered before anything is sent again.",
        attempt,
        *effects,
    )


def held_for(reason: str, message: str, code: str, *effects: SetIntent) -> Hold:
    """Return a hold with one finding for the person who looks."""
    finding = Finding(reason, Severity.HOLD, message, found=code)
    return Hold(reason, effects=(*effects, SaveFindings(NAME, (finding,))), facts={"findings": [reason], "code": code})
