"""Each message ends once, with a reason, and everything it brought is kept."""

from __future__ import annotations

import json
from collections import Counter

from mailroom.database.events import verify_chain
from mailroom.documents.sandbox import SandboxPool
from tests.builders import AUDIT_KEY
from tests.mail_room import MailRoom, a_mail, a_paper
from tests.servers.dovecot import Dovecot


def test_a_new_mailbox_starts_at_now(room: MailRoom, dovecot: Dovecot):
    room.user = f"{room.user}old"
    dovecot.seed(room.user, [a_mail(f"OLD-{number}") for number in range(5)])
    other = {"name": "acme-second"}

    first = room.poll(**other)
    dovecot.deliver(room.user, a_mail("NEW-1"))
    second = room.poll(**other)

    assert (first.seen, second.seen) == (0, 1)
    assert room.dispositions() == {"invoice": 1}
    assert [row.inputs["mail"]["subject"] for row in room.transactions()] == ["Invoice NEW-1"]


def test_each_message_has_one_row_with_a_disposition_and_a_reason(room: MailRoom, dovecot: Dovecot, pool: SandboxPool):
    room.pool = pool
    mails = [
        a_mail("INV-1"),
        a_mail("INV-2", files=[("scan0001.pdf", a_paper("INV-2"))]),
        a_mail("INV-3", files=[], Subject="Lunch on Friday"),
        a_mail("INV-4", files=[("INV-4.pdf", b"")]),
        a_mail("INV-5", files=[], Subject="Payment reminder: invoice 7"),
        a_mail("INV-6", files=[], Auto_Submitted="auto-replied", Subject="Out of office"),
        a_mail("INV-7", files=[("INV-7.pdf", b"This is not a PDF.")]),
        a_mail("INV-8", files=[("INV-8.pdf", a_paper("INV-8")[:400])]),
    ]
    dovecot.seed(room.user, mails)

    report = room.poll()

    assert report.seen == report.dispositions.total() == len(mails)
    assert Counter(row[0] for row in room.ended().elements()) == {
        "invoice": 2, "unidentified": 4, "reminder": 1, "auto_reply": 1,
    }  # fmt: skip
    assert {reason for disposition, reason in room.ended() if disposition == "unidentified"} == {
        "no_rule", "empty", "not_a_pdf", "broken",
    }  # fmt: skip
    assert all(row.rule and row.raw_sha256 for row in room.rows("SELECT rule, raw_sha256 FROM messages"))
    with room.database.organization(room.organizations["acme"]) as connection:
        assert verify_chain(connection, room.organizations["acme"], AUDIT_KEY).fault is None


def test_raw_mail_and_attachments_are_in_the_store_and_in_the_working_directory(room: MailRoom, dovecot: Dovecot):
    raw = a_mail("INV-1")
    dovecot.deliver(room.user, raw)

    room.poll()

    (transaction,) = room.transactions()
    (message,) = room.rows("SELECT id, object_key, raw_sha256 FROM messages")
    directory = transaction.working_directory
    kept = set(room.store.list(f"{directory}/"))
    assert room.store.get(message.object_key).replace(b"\r\n", b"\n") == raw
    assert message.object_key == f"org/{room.organizations['acme']}/objects/{message.raw_sha256}"
    assert room.store.get(f"{directory}/mail.eml") == room.store.get(message.object_key)
    (document,) = room.rows("SELECT object_key, sha256, filename, document_type FROM documents")
    assert room.store.get(document.object_key) == a_paper("INV-1")
    assert room.store.exists(f"org/{room.organizations['acme']}/objects/{document.sha256}")
    assert kept == {f"{directory}/mail.eml", f"{directory}/transaction.json", document.object_key}
    told = json.loads(room.store.get(f"{directory}/transaction.json"))
    assert (told["transaction"], told["inputs"]["invoice"]) == (str(transaction.id), document.object_key)
    assert transaction.message_id == message.id


def test_several_invoices_in_a_mail_are_several_transactions(room: MailRoom, dovecot: Dovecot):
    papers = [(f"INV-{number}.pdf", a_paper(f"INV-{number}")) for number in (1, 2, 3)]
    dovecot.deliver(room.user, a_mail("INV-1", files=papers))

    report = room.poll()

    assert report.transactions == 3
    assert len({row.working_directory for row in room.transactions()}) == 3
    assert Counter(row.filename for row in room.rows("SELECT filename FROM documents")) == {
        "INV-1.pdf": 1, "INV-2.pdf": 1, "INV-3.pdf": 1,
    }  # fmt: skip


def test_the_same_mail_five_times_is_one_transaction(room: MailRoom, dovecot: Dovecot):
    mail = a_mail("INV-1")
    copies = [f"Received: from relay{number}.example\n".encode() + mail for number in range(5)]
    dovecot.seed(room.user, copies[:3])
    room.poll()
    dovecot.seed(room.user, copies[3:])
    room.poll()

    assert room.ended() == {("invoice", "an invoice is attached"): 1, ("duplicate", "same_mail"): 4}
    (transaction,) = room.transactions()
    related = room.rows("SELECT related_id FROM messages WHERE disposition = 'duplicate'")
    assert {row.related_id for row in related} == {transaction.message_id}
    directories = {key.split("/")[3] for key in room.store.list(f"org/{room.organizations['acme']}/tx/")}
    assert directories == {str(transaction.id)}


def test_the_same_message_id_with_another_body_is_put_aside(room: MailRoom, dovecot: Dovecot):
    first = a_mail("INV-1")
    other = a_mail("INV-1", files=[("INV-1.pdf", a_paper("INV-2"))])
    dovecot.seed(room.user, [first, other])

    room.poll()

    assert room.ended()["quarantined", "same_message_id_other_content"] == 1
    assert len(room.transactions()) == 1


def test_mails_without_a_message_id_are_told_apart(room: MailRoom, dovecot: Dovecot):
    dovecot.seed(room.user, [a_mail(f"INV-{number}", Message_ID="") for number in (1, 2)])

    room.poll()

    assert len(room.transactions()) == 2


def test_a_mail_to_two_mailboxes_of_one_customer_counts_once(room: MailRoom, dovecot: Dovecot):
    first, second = room.user, f"{room.user}b"
    dovecot.maildir(second)
    room.user = second
    room.poll(name="acme-second")
    mail = a_mail("INV-1", Cc="ap2@acme.example")
    for user in (first, second):
        dovecot.deliver(user, f"Delivered-To: {user}@acme.example\n".encode() + mail)

    room.poll(name="acme-second")
    room.user = first
    room.poll()

    assert room.dispositions() == {"invoice": 1, "duplicate": 1}
    assert len(room.transactions()) == 1


def test_text_that_postgres_refuses_stops_no_mail(room: MailRoom, dovecot: Dovecot):
    mail = a_mail("INV-1", body="zero \x00 byte").replace(b"Invoice INV-1", b"Invoice =?utf-8?q?=00=ED=A0=80?= INV-1")
    dovecot.deliver(room.user, mail)

    room.poll()

    (transaction,) = room.transactions()
    assert "zero" in transaction.inputs["mail"]["body"]
    assert room.dispositions() == {"invoice": 1}


def test_a_senders_robot_is_told_nothing_and_a_person_is_told_once(room: MailRoom, dovecot: Dovecot):
    dovecot.seed(
        room.user,
        [
            a_mail("A", files=[], Subject="Invoice A", Auto_Submitted="auto-generated"),
            a_mail("B", files=[], Subject="Invoice B", List_Id="<news.nordlicht.example>"),
            a_mail("C", files=[], Subject="Invoice C", From="anna@nordlicht.example"),
            a_mail("D", files=[], Subject="Invoice D", From="anna@nordlicht.example"),
        ],
    )

    room.poll()

    assert room.ended() == {("unidentified", "no_attachment"): 4}
    assert [row.recipient for row in room.rows("SELECT recipient FROM outbox")] == ["anna@nordlicht.example"]
