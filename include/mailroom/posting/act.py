"""The act of posting: settle what was sent before, look whether the bill is there, send it, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from erp_connectors.interface import (
    Attachment,
    BillSearch,
    Feature,
    NotReachableError,
    OutcomeUnknownError,
    SearchesBills,
    UploadRefusedError,
)
from mailroom.database.posting import Marked, mark_sent
from mailroom.database.session import Database
from mailroom.domain.errors import MailroomError
from mailroom.domain.outcome import Outcome, Retry
from mailroom.domain.transaction import Transaction
from mailroom.engine.step import ActFunction, ActItem, StepContext
from mailroom.ports import ObjectStore
from mailroom.posting.answers import (
    by_hand,
    cannot_look_up,
    confirmed,
    held_for,
    is_same_paper,
    nothing_sent,
    posted_otherwise,
    unclear,
)
from mailroom.posting.bills import Bill, BillToPost
from mailroom.posting.effects import SetIntent
from mailroom.posting.sending import NAME, Sending

log = structlog.get_logger()


def poster(store: ObjectStore) -> ActFunction:
    """Return the step's `act`: bills side by side, each outcome as it becomes known."""

    def act(database: Database, items: Sequence[ActItem], context: StepContext) -> Iterator[tuple[UUID, Outcome]]:
        if not items:
            return
        one = _Posting(database, store, context)
        workers = min(context.settings.uploads_at_once, len(items))
        pool = ThreadPoolExecutor(workers, thread_name_prefix=NAME)
        try:
            running = {pool.submit(one.post, item): item.transaction.id for item in items}
            for done in as_completed(running):
                outcome = done.result()
                if outcome is not None:
                    yield running[done], outcome
        finally:
            # When outcomes cannot be written any more, what was not sent yet stays unsent.
            pool.shutdown(cancel_futures=True)

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
            return nothing_sent(item.transaction, err)

    def _settled(self, sending: Sending) -> Outcome | None:
        """Clear up an earlier try, by the key it was sent under."""
        before = sending.before
        if before is None or not sending.may_be_there:
            return None
        if before.connector != sending.connector_name or not sending.connector.finds_by_key:
            return None if ("outcome_unknown", sending.attempt) in sending.released else cannot_look_up(before, sending)
        receipt = sending.connector.find(before.idem_key)
        if receipt is None:
            return None
        if before.request_hash != sending.request_hash:
            return posted_otherwise(receipt.external_id, receipt.external_reference)
        return confirmed(sending, receipt)

    def _looked_up(self, sending: Sending) -> Outcome | None:
        """Look for the bill: under its key after a restore, under the supplier's number when keyed by hand."""
        bill, connector = sending.to_post.bill, sending.connector
        asked = sending.may_be_there and sending.before is not None and sending.before.idem_key == bill.key
        if connector.finds_by_key and not asked:
            receipt = connector.find(bill.key)
            if receipt is not None:
                return confirmed(sending, replace(receipt, already_there=True))
        if Feature.SEARCH_BILLS not in connector.features or not isinstance(connector, SearchesBills):
            return None
        search = BillSearch(supplier_code=bill.supplier_code, invoice_number=bill.invoice_number)
        for found in connector.search_bills(search):
            if is_same_paper(bill, found) and ("already_in_erp", found.external_id) not in sending.released:
                uncleared = sending.may_be_there and not connector.finds_by_key
                return by_hand(found, "unknown" if uncleared else "intended")
        return None

    def _sent(self, transaction: Transaction, sending: Sending) -> Outcome:
        bill = self._with_files(sending.to_post, transaction)
        self._mark(transaction, sending)
        try:
            return confirmed(sending, sending.connector.upload(bill))
        except NotReachableError as err:
            cleared = sending.connector.finds_by_key or not sending.may_be_there
            noted = SetIntent("intended" if cleared else "unknown", err.code)
            return Retry(err.code, err.message, err.retry_after, effects=(noted,))
        except UploadRefusedError as err:
            message = f"The accounting system refused the bill: {err.message}"
            return held_for("erp_refused", message, err.code, SetIntent("rejected", err.code))
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
                connector=sending.connector_name,
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
        return unclear(f"attempt {(sending.before.attempt if sending.before else 0) + 1}", noted)
