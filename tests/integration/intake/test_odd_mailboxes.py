"""A mailbox that people use, that is renumbered, shared or shut: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import time
from typing import NoReturn

from mailroom.domain.errors import ConfigurationError
from mailroom.domain.rfc822 import read_mail
from mailroom.intake.folder_poll import LEASE_SECONDS
from mailroom.intake.sorting import whose
from tests.mail_room import MailRoom, a_mail
from tests.servers.dovecot import Dovecot
from tests.servers.listening import free_port

SHARED = {
    "name": "shared-invoices",
    "organization": "shared",
    "whose": [
        {"organization": "acme", "recipients": ["acme@mailroom.example"]},
        {"organization": "globex", "recipients": ["globex@mailroom.example"]},
        {"organization": "globex", "senders": ["*@globex-supplier.example"]},
    ],
}


def test_a_renumbered_mailbox_yields_only_what_is_new(room: MailRoom, dovecot: Dovecot):
    dovecot.seed(room.user, [a_mail(f"INV-{number}") for number in range(30)])
    room.poll()
    dovecot.reset_uidvalidity(room.user)
    dovecot.seed(room.user, [a_mail(f"NEW-{number}") for number in range(3)])

    report = room.poll()

    assert report.seen == 33
    assert report.dispositions == {"duplicate": 30, "invoice": 3}
    assert len(room.transactions()) == 33
    assert room.poll().seen == 0


def test_a_renumbered_mailbox_brings_nothing_from_before_it_was_ours(room: MailRoom, dovecot: Dovecot):
    room.user = f"{room.user}old"
    long_ago = time.time() - 3600
    names = dovecot.seed(room.user, [a_mail(f"OLD-{number}") for number in range(5)])
    for name in names:
        os.utime(dovecot.maildir(room.user) / "new" / name, (long_ago, long_ago))
    second = {"name": "acme-second"}
    room.poll(**second)
    dovecot.deliver(room.user, a_mail("INV-1"))
    room.poll(**second)

    dovecot.reset_uidvalidity(room.user)
    dovecot.deliver(room.user, a_mail("INV-2"))
    report = room.poll(**second)

    assert report.dispositions == {"ignored": 5, "duplicate": 1, "invoice": 1}
    assert room.ended()["ignored", "from_before_the_start"] == 5
    assert len(room.transactions()) == 2


def test_an_old_mail_that_a_person_moves_in_is_new(room: MailRoom, dovecot: Dovecot):
    name = dovecot.deliver(room.user, a_mail("INV-1"))
    long_ago = time.time() - 90 * 86_400
    os.utime(dovecot.maildir(room.user) / "new" / name, (long_ago, long_ago))

    room.poll()

    assert room.dispositions() == {"invoice": 1}


def test_a_mail_deleted_between_listing_and_reading_stops_nothing(room: MailRoom, dovecot: Dovecot):
    names = dovecot.seed(room.user, [a_mail(f"INV-{number}") for number in range(5)])

    class Slow:
        def __init__(self, reader):
            self._reader = reader

        def __getattr__(self, name):
            return getattr(self._reader, name)

        def fetch(self, uids):
            dovecot.remove_file(room.user, names[2])
            return self._reader.fetch(uids)

    room.wrap_reader = Slow

    assert room.poll().error is None
    assert room.dispositions() == {"invoice": 4, "ignored": 1}
    assert room.ended()["ignored", "gone_before_it_was_read"] == 1


def test_what_a_person_has_read_is_read_all_the_same(room: MailRoom, dovecot: Dovecot):
    name = dovecot.deliver(room.user, a_mail("INV-1"))
    folder = dovecot.maildir(room.user)
    (folder / "new" / name).rename(folder / "cur" / f"{name}:2,S")

    room.poll()

    assert room.dispositions() == {"invoice": 1}


def test_a_refused_login_is_not_repeated_for_ten_minutes(room: MailRoom):
    logins = []
    room.wrap_reader = lambda reader: logins.append(reader) or reader
    room.password = "wrong"
    folders = {"folders": ("INBOX", "Second", "Third")}

    first = room.poll(**folders)
    later = [room.poll(**folders) for _ in range(8)]

    assert first.error is not None
    assert "refused the login" in first.error
    assert all(report.skipped and report.error is None for report in later)
    waits = room.rows("SELECT name, extract(epoch FROM next_login_at - now()) AS wait, last_error_code FROM mailboxes")
    assert len(waits) == 3
    assert all(590 < row.wait <= 600 and row.last_error_code == "login_refused" for row in waits)


def test_a_person_who_asks_is_not_made_to_wait(room: MailRoom):
    right, room.password = room.password, "wrong"
    assert room.poll().error is not None
    room.password = right

    assert room.poll().skipped
    asked = room.intake().poll(room.mailbox(), room.organizations["acme"], at_once=True)

    assert not asked.skipped
    assert asked.error is None
    assert not room.poll().skipped


def test_a_missing_password_is_looked_for_again_soon(room: MailRoom):
    def none(_reader: object) -> NoReturn:
        raise ConfigurationError("There is no secret x.", code="no_secret")

    room.wrap_reader = none
    assert room.poll().error == "There is no secret x."

    (row,) = room.rows("SELECT extract(epoch FROM next_login_at - now()) AS wait FROM mailboxes")
    assert 0 < row.wait <= 15


def test_an_unreachable_mailbox_is_named_and_tried_six_times_in_ten_minutes_at_most(room: MailRoom):
    room.imaps_port = free_port()
    tries, clock = 0, 0.0
    while clock < 600:
        report = room.poll()
        tries += 1
        assert report.error is not None
        assert report.error.startswith("Could not connect to mailbox acme-invoices (127.0.0.1:")
        assert "\n" not in report.error
        (row,) = room.rows("SELECT extract(epoch FROM next_login_at - now()) AS wait FROM mailboxes")
        clock += float(row.wait)
        room.let_backoff_run_out()

    assert tries <= 6


def test_a_missing_folder_stops_no_other(room: MailRoom, dovecot: Dovecot):
    dovecot.deliver(room.user, a_mail("INV-1"))

    report = room.poll(folders=("Nowhere", "INBOX"))

    assert report.error is not None
    assert "no folder Nowhere" in report.error
    assert room.dispositions() == {"invoice": 1}


def test_mail_of_a_shared_mailbox_goes_to_its_customer(shared_room: MailRoom, dovecot: Dovecot):
    room = shared_room
    room.poll(**SHARED)
    dovecot.seed(
        room.user,
        [
            a_mail("A-1", To="acme@mailroom.example"),
            a_mail("G-1", To="globex@mailroom.example"),
            a_mail("G-2", To="someone@mailroom.example", From="x@globex-supplier.example"),
            a_mail("X-1", To="someone@mailroom.example"),
            a_mail("X-2", To="someone@mailroom.example", Auto_Submitted="auto-replied", Subject="Away", files=[]),
        ],
    )

    report = room.poll(**SHARED)

    assert report.dispositions == {"invoice": 3, "unidentified": 1, "auto_reply": 1}
    assert room.dispositions("acme") == {"invoice": 1}
    assert room.dispositions("globex") == {"invoice": 2}
    assert room.ended("operator") == {("unidentified", "unknown_customer"): 1, ("auto_reply", "auto_reply"): 1}
    assert (len(room.transactions("acme")), len(room.transactions("globex"))) == (1, 2)
    assert all(f"org/{room.organizations['globex']}/" in row.working_directory for row in room.transactions("globex"))
    assert len(room.rows("SELECT 1 FROM outbox", of="operator")) == 1
    (kept,) = room.rows("SELECT object_key FROM messages WHERE disposition = 'unidentified'", of="operator")
    assert room.store.exists(kept.object_key)


def test_a_mail_to_two_customers_comes_to_both(shared_room: MailRoom):
    mailbox = shared_room.mailbox(**SHARED)
    both = a_mail("INV-1", To="acme@mailroom.example, globex@mailroom.example")

    for_globex = read_mail(b"Delivered-To: globex@mailroom.example\n" + both)
    for_acme = read_mail(b"Delivered-To: acme@mailroom.example\n" + both)

    assert (whose(mailbox, for_globex), whose(mailbox, for_acme)) == ("globex", "acme")


def test_a_mail_to_two_customers_that_came_once_is_given_to_neither(shared_room: MailRoom, dovecot: Dovecot):
    room = shared_room
    room.poll(**SHARED)
    dovecot.seed(room.user, [a_mail("INV-1", To="acme@mailroom.example", Cc="globex@mailroom.example")])

    room.poll(**SHARED)

    assert (room.dispositions("acme"), room.dispositions("globex")) == ({}, {})
    assert room.ended("operator") == {("unidentified", "unknown_customer"): 1}


def test_the_last_delivery_tells_whose_mail_it_is(shared_room: MailRoom):
    mailbox = shared_room.mailbox(**SHARED)
    passed_on = read_mail(b"Delivered-To: globex@mailroom.example\nDelivered-To: acme@mailroom.example\n" + a_mail())

    assert whose(mailbox, passed_on) == "globex"


def test_a_customer_with_a_faulty_configuration_waits_and_holds_up_nobody(shared_room: MailRoom, dovecot: Dovecot):
    room = shared_room
    room.poll(**SHARED)
    room.customers.faulty.add(room.organizations["globex"])
    dovecot.seed(
        room.user,
        [a_mail(f"{to}-{number}", To=f"{to}@mailroom.example") for number in (1, 2) for to in ("globex", "acme")],
    )

    started = time.monotonic()
    for _ in range(4):
        room.poll(**SHARED)
        room.let_leases_run_out("operator")

    assert time.monotonic() - started < LEASE_SECONDS / 2
    assert (room.dispositions("acme"), room.dispositions("globex")) == ({"invoice": 2}, {})
    assert room.dispositions("operator") == {"": 2}
    room.customers.faulty.clear()
    room.poll(**SHARED)
    assert room.dispositions("globex") == {"invoice": 2}
    assert room.dispositions("operator") == {}


def test_mail_that_no_rule_claims_is_left_alone_where_people_share_the_mailbox(room: MailRoom, dovecot: Dovecot):
    private = dovecot.deliver(room.user, a_mail("P", files=[("holiday.pdf", b"%PDF-1.4 x")], Subject="Our holiday"))
    invoice = dovecot.deliver(room.user, a_mail("INV-1"))

    room.poll(dedicated=False)

    assert room.dispositions() == {"ignored": 1, "invoice": 1}
    flags = dovecot.flags(room.user)
    assert (flags[private], flags[invoice]) == ("", "S")
    (row,) = room.rows("SELECT object_key, subject, raw_sha256 FROM messages WHERE disposition = 'ignored'")
    assert (row.object_key, row.subject) == (None, "Our holiday")
    assert not room.store.exists(f"org/{room.organizations['acme']}/objects/{row.raw_sha256}")


def test_a_copy_of_ignored_mail_in_a_mailbox_of_ours_is_read(room: MailRoom, dovecot: Dovecot):
    mail = a_mail("P", files=[("holiday.pdf", b"%PDF-1.4 x")], Subject="Our holiday")
    dovecot.seed(room.user, [mail, mail])
    room.poll(dedicated=False, batch_messages=1)
    assert room.dispositions() == {"ignored": 2}

    room.user = f"{room.user}b"
    dovecot.maildir(room.user)
    room.poll(name="acme-second")
    dovecot.deliver(room.user, mail)
    room.poll(name="acme-second")

    assert room.dispositions() == {"ignored": 2, "unidentified": 1}


def test_a_mark_that_the_server_refuses_stops_no_reading(room: MailRoom, dovecot: Dovecot):
    from mailroom.domain.errors import ConfigurationError

    class Refusing:
        def __init__(self, reader):
            self._reader = reader

        def __getattr__(self, name):
            return getattr(self._reader, name)

        def mark(self, *args, **kwargs):
            raise ConfigurationError("it takes no such flag", code="flag_refused")

    room.wrap_reader = Refusing
    dovecot.deliver(room.user, a_mail("INV-1"))

    assert room.poll().error is None
    dovecot.deliver(room.user, a_mail("INV-2"))
    assert room.poll().dispositions == {"invoice": 1}


def test_a_mail_over_the_mailbox_limit_is_put_aside_unread(room: MailRoom, dovecot: Dovecot):
    dovecot.seed(room.user, [a_mail("INV-1", body="x" * 5_000), a_mail("INV-2")])

    room.poll(max_message_bytes=5_000)

    assert room.ended()["quarantined", "too_large"] == 1
    assert room.dispositions() == {"invoice": 1, "quarantined": 1}
