"""Files that cannot be used are held with a reason, and their sender is told once."""

from __future__ import annotations

import pytest

from mailroom.documents.faults import Fault, unreadable
from mailroom.domain.document import DocumentType
from tests.integration.payables.desk import PAPER, Desk, as_file, read_json


def told(desk: Desk) -> list:
    return list(desk.rows("SELECT recipient, content, template FROM outbox"))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.ENCRYPTED, "encrypted"),
        (Fault.BROKEN, "broken_file"),
        (Fault.EMPTY, "empty_file"),
        (Fault.NO_TEXT_LAYER, "no_text_layer"),
        (Fault.TIMEOUT, "reading_took_too_long"),
        (Fault.OUT_OF_MEMORY, "reading_took_too_much_memory"),
    ],
)
def test_a_file_that_cannot_be_read_is_held_and_its_sender_told_once(desk: Desk, fault: Fault, reason: str):
    def refuse(content, name, pool, readers):
        raise unreadable(fault, seconds=10, megabytes=1024)

    desk.read_file = refuse
    key = desk.receive(b"anything", filename="bill.pdf")
    desk.run()

    assert desk.state(key) == ("on_hold", reason)
    (mail,) = told(desk)
    assert (mail.template, mail.recipient) == ("cannot_use_document", "billing@nordlicht.example")
    assert mail.content["context"]["filename"] == "bill.pdf"
    assert mail.content["in_reply_to"] == f"<{key}@mail.example>"


def test_an_automatic_sender_is_not_answered(desk: Desk):
    key = desk.receive(as_file({"vendor_name": "A"}, kind=DocumentType.STATEMENT), reply_to=None)
    desk.run()

    assert desk.state(key) == ("on_hold", "not_an_invoice")
    assert told(desk) == []


def test_a_reader_that_crashed_is_tried_once_more(desk: Desk):
    crashes = [Fault.CRASHED]

    def crash_once(content, name, pool, readers):
        if crashes:
            raise unreadable(crashes.pop())
        return read_json(content, name, pool, readers)

    desk.read_file = crash_once
    key = desk.receive(desk.paper())
    desk.run()

    assert desk.state(key) == ("completed", None)


def test_a_reader_that_crashes_again_is_for_a_person(desk: Desk):
    def crash(content, name, pool, readers):
        raise unreadable(Fault.CRASHED)

    desk.read_file = crash
    key = desk.receive(desk.paper())
    desk.run()

    assert desk.state(key) == ("on_hold", "reader_crashed")


def test_two_invoices_in_one_file_are_held(desk: Desk):
    second = {**PAPER, "invoice_number": "INV-1002", "gross_total": "238.00"}
    key = desk.receive(as_file(PAPER, second))
    desk.run()

    assert desk.state(key) == ("on_hold", "several_documents")


def test_a_pdf_and_the_xml_of_the_same_invoice_are_one(desk: Desk):
    key = desk.receive(desk.paper(), files=[desk.paper(noise=" ")])
    desk.run()

    assert desk.state(key) == ("completed", None)


def test_a_purchase_order_beside_the_invoice_is_read_and_not_posted(desk: Desk):
    order = as_file({"purchase_order": "PO-7"}, kind=DocumentType.PURCHASE_ORDER)
    key = desk.receive(desk.paper(), files=[order])
    desk.run()

    assert desk.state(key) == ("completed", None)
    assert len(desk.ledger.bills[0].attachments) == 1
    kinds = desk.rows("SELECT document_type FROM documents WHERE transaction_id = :id ORDER BY 1", id=key)
    assert [row.document_type for row in kinds] == ["invoice", "purchase_order"]


def test_text_with_signs_postgres_refuses_is_cleaned(desk: Desk):
    key = desk.receive(desk.paper(purchase_order="PO\x00 7", remit_to="a\ud800b"))
    desk.run()

    assert desk.state(key) == ("completed", None)
    assert desk.ledger.bills[0].purchase_order == "PO 7"


def test_one_bad_file_does_not_stop_the_others(desk: Desk):
    keys = [desk.receive(content) for content in (b"{", desk.paper(), b"[]")]
    desk.run()

    assert [desk.state(key)[0] for key in keys] == ["escalated", "completed", "on_hold"]
