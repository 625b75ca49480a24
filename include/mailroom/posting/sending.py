"""The act of posting: settle what was sent before, look whether the bill is there, send it, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from uuid import UUID

import structlog

from erp_connectors.interface import (
    Attachment,
    BillSearch,
    BillState,
    Connector,
    Feature,
    FoundBill,
    NotReachableError,
    OutcomeUnknownError,
    Receipt,
    SearchesBills,
    UploadRefusedError,
)
from mailroom.database.posting import Marked, PostingIntent, mark_sent
from mailroom.database.session import Database
from mailroom.domain.effects import SaveFindings
from mailroom.domain.errors import MailroomError, UnavailableError
from mailroom.domain.finding import Finding, Severity
from mailroom.domain.outcome import Advance, Hold, Outcome, Retry
from mailroom.domain.transaction import Transaction
from mailroom.engine.step import ActFunction, ActItem, StepContext
from mailroom.ports import ObjectStore
from mailroom.posting.bills import Bill, BillToPost
from mailroom.posting.effects import ConfirmIntent, SetIntent

log = structlog.get_logger()

NAME = "upload"


@dataclass(frozen=True, slots=True)
class Sending:
    """One bill, where it goes, and the intent that stood before this try.

    `released` are (rule, found) of findings that a person let pass.
    """

    to_post: BillToPost
    connector_name: str
    connector: Connector
    request_hash: str
    before: PostingIntent | None
    released: frozenset[tuple[str, str | None]] = frozenset()

    @property
    def may_be_there(self) -> bool:
        """Tell whether an earlier try sent something and had no answer."""
        return self.before is not None and self.before.state in {"sent", "unknown"}

    @property
    def attempt(self) -> str:
        """Name the last try; a person's word about it is no word about the next."""
        return f"attempt {self.before.attempt if self.before else 0}"


def poster(store: ObjectStore) -> ActFunction:
    """Return the step's `act`: bills side by side, each outcome as it becomes known."""

    def act(database: Database, items: Sequence[ActItem], context: StepContext) -> Iterator[tuple[UUID, Outcome]]:
        if not items:
            return
        one = _Posting(database, store, context)
        workers = min(context.settings.uploads_at_once, len(items))
        with ThreadPoolExecutor(workers, thread_name_prefix=NAME) as pool:
            running = {pool.submit(one.post, item): item.transaction.id for item in items}
            for done in as_completed(running):
                outcome = done.result()
                if outcome is not None:
                    yield running[done], outcome

    return act


class _StaleClaimError(Exception):
    """Somebody else works on the transaction now."""


@dataclass(frozen=True, slots=True)
class _Posting:
    """Posts bills of one slice; used by several threads at once."""

    database: Database
    store: ObjectStore
    context: StepContext

    def post(self, item: ActItem) -> Outcome | None:
        """Return what became of one bill; None when the claim on it was lost."""
        sending: Sending = item.intent.facts_for_act
        try:
            return self._settled(sending) or self._looked_up(sending) or self._sent(item.transaction, sending)
        except _StaleClaimError:
            log.info("claim lost before sending", transaction=str(item.transaction.id))
            return None
        except Exception as err:
            return _nothing_sent(item.transaction, err)

    def _settled(self, sending: Sending) -> Outcome | None:
        """Clear up an earlier try, by the key it was sent under."""
        before = sending.before
        if before is None or not sending.may_be_there:
            return None
        if not sending.connector.finds_by_key:
            if ("outcome_unknown", sending.attempt) in sending.released:
                return None
            return _changed(sending) if sending.connector.accepts_key else _unclear(sending.attempt)
        receipt = sending.connector.find(before.idem_key)
        if receipt is None:
            return None
        if before.request_hash != sending.request_hash:
            return posted_otherwise(receipt.external_id, receipt.external_reference)
        return _confirmed(sending, receipt)

    def _looked_up(self, sending: Sending) -> Outcome | None:
        """Look for the bill: under its key after a restore, under the supplier's number when keyed by hand."""
        bill, connector = sending.to_post.bill, sending.connector
        asked = sending.may_be_there and sending.before is not None and sending.before.idem_key == bill.key
        if connector.finds_by_key and not asked:
            receipt = connector.find(bill.key)
            if receipt is not None:
                return _confirmed(sending, replace(receipt, already_there=True))
        if Feature.SEARCH_BILLS not in connector.features or not isinstance(connector, SearchesBills):
            return None
        search = BillSearch(supplier_code=bill.supplier_code, invoice_number=bill.invoice_number)
        for found in connector.search_bills(search):
            if _is_same_paper(bill, found) and ("already_in_erp", found.external_id) not in sending.released:
                uncleared = sending.may_be_there and not connector.finds_by_key
                return _by_hand(found, "unknown" if uncleared else "intended")
        return None

    def _sent(self, transaction: Transaction, sending: Sending) -> Outcome:
        bill = self._with_files(sending.to_post, transaction)
        self._mark(transaction, sending)
        try:
            return _confirmed(sending, sending.connector.upload(bill))
        except NotReachableError as err:
            cleared = sending.connector.finds_by_key or not sending.may_be_there
            noted = SetIntent("intended" if cleared else "unknown", err.code)
            return Retry(err.code, err.message, err.retry_after, effects=(noted,))
        except UploadRefusedError as err:
            message = f"The accounting system refused the bill: {err.message}"
            return _held("erp_refused", message, err.code, SetIntent("rejected", err.code))
        except OutcomeUnknownError as err:
            return self._unknown(sending, err.code, err.message)
        except Exception as err:
            # Whatever else a connector raises may have come after the bill was sent.
            log.exception("connector raised", transaction=str(transaction.id))
            return self._unknown(sending, "connector_fault", f"the connector raised {type(err).__name__}")

    def _with_files(self, to_post: BillToPost, transaction: Transaction) -> Bill:
        files = tuple(Attachment(file.filename, file.content_type, self.store.get(file.key)) for file in to_post.files)
        posting = self.context.customer.posting
        automatic = transaction.mode == "auto" and self.context.customer.mode == "auto"
        final = posting is not None and not posting.draft and automatic
        return replace(to_post.bill, attachments=files, draft=not final)

    def _mark(self, transaction: Transaction, sending: Sending) -> None:
        """Commit `sent` under our own claim, or stop: nothing is sent without that mark."""
        with self.database.organization(transaction.organization_id) as connection:
            marked = mark_sent(
                connection,
                transaction.id,
                idem_key=sending.to_post.bill.key,
                request_hash=sending.request_hash,
                fence=transaction.fence,
                version=transaction.version,
            )
        if marked is Marked.STALE:
            raise _StaleClaimError
        if marked is Marked.TAKEN:
            raise MailroomError("Another transaction posts the same bill.", code="duplicate_posting")

    def _unknown(self, sending: Sending, code: str, message: str) -> Outcome:
        connector, noted = sending.connector, SetIntent("unknown", code)
        if connector.finds_by_key or connector.accepts_key:
            return Retry("outcome_unknown", message, self.context.settings.settling_seconds, effects=(noted,))
        return _unclear(f"attempt {(sending.before.attempt if sending.before else 0) + 1}", noted)


def _nothing_sent(transaction: Transaction, err: Exception) -> Outcome:
    """Return what follows from a fault that came before the bill was sent."""
    match err:
        case NotReachableError() | UnavailableError():
            return Retry(err.code, err.message, err.retry_after)
        case UploadRefusedError():
            return _held("erp_refused", f"The accounting system refused: {err.message}", err.code)
        case MailroomError():
            return _held("cannot_post", err.message, err.code)
        case _:
            log.error("posting raised", transaction=str(transaction.id), exc_info=err)
            return Retry("connector_fault", f"the connector raised {type(err).__name__} before anything was sent")


def _confirmed(sending: Sending, receipt: Receipt) -> Outcome:
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


def _is_same_paper(bill: Bill, found: FoundBill) -> bool:
    return (
        found.state is not BillState.CANCELLED and found.document_type is bill.document_type and found.key != bill.key
    )


def _by_hand(found: FoundBill, state: str) -> Hold:
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


def _changed(sending: Sending) -> Outcome | None:
    """Return a hold when what was sent without an answer is not what would be sent now; the key guards the rest."""
    if sending.before is None or sending.before.request_hash == sending.request_hash:
        return None
    return _held(
        "outcome_unknown",
        "An earlier version was sent and no answer came, and the invoice was changed since; see in the accounting "
        "system whether it is there.",
        sending.attempt,
    )


def _unclear(attempt: str, *effects: SetIntent) -> Hold:
    return _held(
        "outcome_unknown",
        "The bill was sent and no answer came, and this system can neither be asked nor tell a repeat; see there "
        "whether the bill was entered before anything is sent again.",
        attempt,
        *effects,
    )


def _held(reason: str, message: str, code: str, *effects: SetIntent) -> Hold:
    finding = Finding(reason, Severity.HOLD, message, found=code)
    return Hold(reason, effects=(*effects, SaveFindings(NAME, (finding,))), facts={"findings": [reason], "code": code})
