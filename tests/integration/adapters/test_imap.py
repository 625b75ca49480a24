"""Mailboxes against a real Dovecot."""

from __future__ import annotations

import select
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from mailroom.adapters.imap import MailboxConnection
from mailroom.domain.errors import ConfigurationError, UnavailableError, UnknownIdError
from tests.servers.dovecot import Dovecot
from tests.servers.listening import free_port
from tests.servers.tcp_proxy import TcpProxy, running_tcp_proxy

Connect = Callable[..., MailboxConnection]


def a_mail(subject: str = "Invoice", body: str = "see attachment") -> bytes:
    return f"From: a@supplier.example\r\nSubject: {subject}\r\n\r\n{body}\r\n".encode()


def subjects(connection: MailboxConnection, uids: list[int]) -> list[bytes]:
    return [raw.split(b"Subject: ")[1].split(b"\r\n")[0] for _, raw in connection.fetch(uids)]


class TestOpening:
    def test_over_tls_and_starttls_and_plain_on_this_machine(self, connect: Connect, dovecot: Dovecot):
        dovecot.deliver(connect().mailbox.username, a_mail())
        for security, port in (
            ("tls", dovecot.imaps_port),
            ("starttls", dovecot.imap_port),
            ("plain", dovecot.imap_port),
        ):
            connection = connect(security=security, port=port)
            assert connection.select("INBOX").exists == 1

    def test_a_wrong_password_is_for_a_person_and_names_the_secret(self, connect: Connect):
        with pytest.raises(ConfigurationError, match="ap_password") as caught:
            connect("wrong")

        assert caught.value.code == "login_refused"
        assert "wrong" not in caught.value.message

    def test_a_password_with_an_umlaut_is_refused_by_the_server_and_not_by_us(self, connect: Connect):
        with pytest.raises(ConfigurationError, match="AUTHENTICATIONFAILED"):
            connect("größe")

    def test_an_untrusted_certificate_is_refused_before_the_password_is_sent(self, connect: Connect, dovecot):
        for security, port in (("tls", dovecot.imaps_port), ("starttls", dovecot.imap_port)):
            with pytest.raises(ConfigurationError) as caught:
                connect(ca_file=None, security=security, port=port)
            assert caught.value.code == "certificate_refused"

    def test_a_certificate_for_another_name_is_refused(self, connect: Connect, dovecot):
        listening = contextmanager(running_tcp_proxy)(dovecot.imaps_port, "127.0.0.2")
        with listening as elsewhere, pytest.raises(ConfigurationError) as caught:
            connect(host="127.0.0.2", port=elsewhere.port)

        assert caught.value.code == "certificate_refused"

    def test_a_server_that_is_not_there_is_unavailable(self, connect: Connect):
        with pytest.raises(UnavailableError):
            connect(port=free_port())

    def test_a_server_that_does_not_speak_is_given_up_after_the_timeout(self, connect: Connect, proxy: TcpProxy):
        proxy.stalled = True
        before = time.monotonic()
        with pytest.raises(UnavailableError) as caught:
            connect(security="plain", port=proxy.port, timeout=1)

        assert caught.value.code == "mailbox_timeout"
        assert time.monotonic() - before < 3

    def test_a_folder_that_is_not_there_is_for_a_person(self, connect: Connect):
        with pytest.raises(ConfigurationError) as caught:
            connect().select("Rechnungen/Größe")

        assert caught.value.code == "no_such_folder"


class TestReading:
    def test_new_uids_are_those_above_lowest_first_up_to_the_limit(self, connect: Connect, dovecot, user):
        dovecot.seed(user, [a_mail()] * 5)
        connection = connect()
        status = connection.select("INBOX")

        assert (status.uidnext, status.exists) == (6, 5)
        assert connection.new_uids(0, 10) == [1, 2, 3, 4, 5]
        assert connection.new_uids(2, 2) == [3, 4]

    def test_nothing_new_is_nothing_although_the_server_names_the_last_one(self, connect: Connect, dovecot, user):
        dovecot.seed(user, [a_mail()] * 3)
        connection = connect()
        connection.select("INBOX")

        assert connection.new_uids(3, 10) == []
        assert connection.new_uids(1_000, 10) == []

    def test_an_empty_folder_has_nothing_new(self, connect: Connect):
        connection = connect()

        assert connection.select("INBOX").exists == 0
        assert connection.new_uids(0, 10) == []

    def test_mail_that_came_after_the_folder_was_looked_at_is_found_next_time(self, connect: Connect, dovecot, user):
        connection = connect()
        connection.select("INBOX")
        assert connection.new_uids(0, 10) == []
        dovecot.deliver(user, a_mail("late"))

        assert subjects(connection, connection.new_uids(0, 10)) == [b"late"]

    def test_a_gap_of_millions_of_uids_is_crossed_in_a_few_commands(self, connect: Connect, dovecot, user):
        dovecot.deliver(user, a_mail("before"))
        writer = connect()
        epoch = writer.select("INBOX", writable=True).uidvalidity
        writer.close()
        (dovecot.maildir(user) / "dovecot-uidlist").unlink()
        for index in dovecot.maildir(user).glob("dovecot.index*"):
            index.unlink()
        listed = next((dovecot.maildir(user) / "cur").iterdir()).name.partition(":")[0]
        uidlist = dovecot.maildir(user) / "dovecot-uidlist"
        uidlist.write_text(f"3 V{epoch} N90000000\n1 :{listed}\n")
        dovecot._own(uidlist)
        dovecot.deliver(user, a_mail("after"))
        connection = connect()
        connection.select("INBOX")
        before = time.monotonic()

        assert connection.new_uids(0, 10) == [1, 90_000_000]
        assert time.monotonic() - before < 2

    def test_reading_sets_no_flag(self, connect: Connect, dovecot, user):
        dovecot.seed(user, [a_mail()] * 2)
        connection = connect()
        connection.select("INBOX")
        assert len(list(connection.envelopes([1, 2]))) == 2
        assert len(list(connection.fetch([1, 2]))) == 2
        connection.select("INBOX", writable=True)
        assert len(list(connection.fetch([1, 2]))) == 2
        connection.close()

        assert set(dovecot.flags(user).values()) == {""}

    def test_bytes_arrive_as_they_were_sent(self, connect: Connect, dovecot, user):
        raw = b"From: a@b.example\r\nSubject: \xfc \xff\r\n\r\n" + bytes(range(128, 256)) + b" ) BODY[] {5}\r\n"
        dovecot.deliver(user, raw)
        connection = connect()
        connection.select("INBOX")

        assert list(connection.fetch([1])) == [(1, raw)]

    def test_an_envelope_tells_arrival_size_headers_and_parts(self, connect: Connect, dovecot, user):
        raw = (
            b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
            b"--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
            b"--x\r\nContent-Type: application/pdf; name==?utf-8?q?Gr=C3=B6=C3=9Fe=2Epdf?=\r\n\r\nPDF\r\n"
            b"--x\r\nContent-Type: application/pdf\r\n"
            b"Content-Disposition: attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf\r\n\r\nPDF\r\n--x--\r\n"
        )
        dovecot.deliver(user, raw)
        connection = connect()
        connection.select("INBOX")
        (envelope,) = connection.envelopes([1])

        assert envelope.size == len(raw)
        assert envelope.headers == raw.split(b"--x")[0]
        assert envelope.received_at is not None
        assert abs(datetime.now(UTC) - envelope.received_at) < timedelta(minutes=1)
        assert envelope.parts is not None
        assert [(part.section, part.content_type, part.filename) for part in envelope.parts] == [
            ("1", "text/plain", None),
            ("2", "application/pdf", "Größe.pdf"),
            ("3", "application/pdf", "Größe.pdf"),
        ]
        assert envelope.parts[2].disposition == "attachment"

    def test_a_flood_of_addresses_and_a_flood_of_parts_spoil_nothing_behind_them(self, connect: Connect, dovecot, user):
        addresses = b",\r\n ".join(b"user%d@flood.example" % number for number in range(60_000))
        part = b"--x\r\nContent-Type: text/plain; name=" + b"n" * 200 + b"\r\n\r\n\r\n"
        flood = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + part * 9_000
        nested = b"".join(
            b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
            for level in range(900)
        )
        floods = [b"To: " + addresses + b"\r\nSubject: to\r\n\r\n", flood + b"--x--\r\n", nested]
        dovecot.seed(user, [*floods, a_mail("behind")])
        connection = connect(timeout=30)
        connection.select("INBOX")
        envelopes = list(connection.envelopes([1, 2, 3, 4]))

        assert [envelope.uid for envelope in envelopes] == [1, 2, 3, 4]
        assert len(envelopes[0].headers) == 256 * 1024
        assert envelopes[1].parts is None
        assert envelopes[3].parts is not None
        assert connection.new_uids(3, 10) == [4]
        assert [uid for uid, _ in connection.fetch([1, 2, 3, 4])] == [1, 2, 3, 4]

    def test_a_mail_over_the_limit_is_skipped_and_the_rest_is_fetched(self, connect: Connect, dovecot, user):
        dovecot.seed(user, [a_mail("small"), a_mail("big", "x" * 5_000), a_mail("also small")])
        connection = connect(max_message_bytes=4_000)
        connection.select("INBOX")

        assert [uid for uid, _ in connection.fetch([1, 2, 3])] == [1, 3]
        assert [uid for uid, _ in connection.fetch([1, 2, 3], max_bytes=100_000)] == [1, 2, 3]

    def test_mail_that_a_person_expunges_meanwhile_is_just_absent(self, connect: Connect, dovecot, user):
        dovecot.seed(user, [a_mail(str(number)) for number in range(1, 6)])
        connection, person = connect(), connect()
        connection.select("INBOX")
        uids = connection.new_uids(0, 10)
        person.select("INBOX", writable=True)
        person._client.delete_messages([2, 3])
        person._client.expunge()

        assert [envelope.uid for envelope in connection.envelopes(uids)] == [1, 4, 5]
        assert subjects(connection, uids) == [b"1", b"4", b"5"]

    def test_a_file_that_vanishes_behind_the_server_loses_no_other_mail(self, connect: Connect, dovecot, user):
        names = dovecot.seed(user, [a_mail(str(number)) for number in range(1, 4)])
        connection = connect()
        connection.select("INBOX")
        uids = connection.new_uids(0, 10)
        dovecot.remove_file(user, names[1])
        found: list[bytes] = []
        for _ in range(3):
            try:
                found = subjects(connection, uids)
                break
            except UnavailableError:
                connection = connect()
                connection.select("INBOX")

        assert found == [b"1", b"3"]

    def test_mail_read_by_a_person_is_still_new_to_us(self, connect: Connect, dovecot, user):
        dovecot.deliver(user, a_mail("read"))
        person = connect()
        epoch = person.select("INBOX").uidvalidity
        person.mark([1], folder="INBOX", uidvalidity=epoch, seen=True)
        connection = connect()
        connection.select("INBOX")

        assert connection.new_uids(0, 10) == [1]


class TestMarking:
    def test_seen_flag_and_move(self, connect: Connect, dovecot, user):
        names = dovecot.seed(user, [a_mail()] * 4)
        connection = connect()
        epoch = connection.select("INBOX").uidvalidity
        connection.mark([1], folder="INBOX", uidvalidity=epoch, seen=True)
        connection.mark([2], folder="INBOX", uidvalidity=epoch, flag="$MailroomDone")
        connection.mark([3], folder="INBOX", uidvalidity=epoch, move_to="Done.Größe")
        connection.close()
        flags = dovecot.flags(user)

        assert (flags[names[0]], flags[names[1]], flags[names[3]]) == ("S", "a", "")
        assert names[2] not in flags
        assert len(dovecot.flags(user, "Done.Gr&APYA3w-e")) == 1

    def test_messages_that_have_vanished_are_no_error(self, connect: Connect, dovecot, user):
        dovecot.seed(user, [a_mail()] * 2)
        connection = connect()
        epoch = connection.select("INBOX").uidvalidity
        for _ in range(2):
            connection.mark([1, 77], folder="INBOX", uidvalidity=epoch, seen=True, move_to="Done")

        assert connection.select("INBOX").exists == 1
        assert connection.select("Done").exists == 1

    def test_a_uid_of_another_epoch_is_never_marked(self, connect: Connect, dovecot, user):
        dovecot.seed(user, [a_mail(str(number)) for number in range(3)])
        connection = connect()
        old = connection.select("INBOX").uidvalidity
        connection.close()
        dovecot.reset_uidvalidity(user)
        again = connect()
        with pytest.raises(UnknownIdError) as caught:
            again.mark([1, 2], folder="INBOX", uidvalidity=old, seen=True, move_to="Done")
        again.close()

        assert caught.value.code == "stale_epoch"
        assert list(dovecot.flags(user).values()) == ["", "", ""]

    def test_a_renumbering_under_an_open_connection_marks_nothing(self, connect: Connect, dovecot, user):
        dovecot.seed(user, [a_mail(str(number)) for number in range(3)])
        connection = connect()
        old = connection.select("INBOX").uidvalidity
        dovecot.reset_uidvalidity(user)
        connect().select("INBOX")
        with pytest.raises((UnknownIdError, UnavailableError)):
            connection.mark([1, 2], folder="INBOX", uidvalidity=old, seen=True, move_to="Done")

        assert list(dovecot.flags(user).values()) == ["", "", ""]


class TestEpoch:
    def test_a_reset_is_seen_and_all_mail_is_offered_again(self, connect: Connect, dovecot, user):
        dovecot.seed(user, [a_mail(str(number)) for number in range(5)])
        connection = connect()
        before = connection.select("INBOX")
        connection.close()
        dovecot.reset_uidvalidity(user)
        again = connect()
        after = again.select("INBOX")

        assert after.uidvalidity != before.uidvalidity
        assert len(again.new_uids(0, 10)) == 5

    def test_a_folder_recreated_between_look_and_read_gives_nothing_of_the_wrong_epoch(
        self, connect: Connect, dovecot, user
    ):
        dovecot.seed(user, [a_mail("one"), a_mail("two")], "Bills")
        connection, person = connect(), connect()
        connection.select("Bills")
        person._client.delete_folder("Bills")
        person._client.create_folder("Bills")
        person._client.append("Bills", a_mail("three"))
        with pytest.raises(UnavailableError) as caught:
            connection.new_uids(0, 10)

        assert caught.value.code == "mailbox_renumbered"
        connection.select("Bills")
        assert subjects(connection, connection.new_uids(0, 10)) == [b"three"]


class TestWaiting:
    def test_idle_ends_when_mail_arrives(self, connect: Connect, dovecot, user):
        connection = connect()
        connection.select("INBOX")
        threading.Timer(0.3, dovecot.deliver, (user, a_mail())).start()
        before = time.monotonic()

        assert connection.idle(20) is True
        assert time.monotonic() - before < 5
        assert connection.new_uids(0, 10) == [1]

    def test_idle_ends_without_mail_when_time_is_up(self, connect: Connect):
        connection = connect()
        connection.select("INBOX")
        before = time.monotonic()

        assert connection.idle(0.5) is False
        assert 0.4 < time.monotonic() - before < 3

    def test_mail_that_came_before_the_wait_began_counts(self, connect: Connect, dovecot, user):
        connection = connect()
        connection.select("INBOX")
        dovecot.deliver(user, a_mail())
        before = time.monotonic()

        assert connection.idle(20) is True
        assert time.monotonic() - before < 5

    def test_a_flag_set_by_a_person_is_no_mail(self, connect: Connect, dovecot, user):
        dovecot.deliver(user, a_mail())
        connection, person = connect(), connect()
        epoch = connection.select("INBOX").uidvalidity
        timer = threading.Timer(0.3, person.mark, ([1],), {"folder": "INBOX", "uidvalidity": epoch, "seen": True})
        timer.start()
        try:
            assert connection.idle(2) is False
        finally:
            timer.join()

    def test_one_select_loop_waits_for_many_mailboxes(self, connect: Connect, dovecot, user):
        quiet, busy = connect(), connect(username=f"{user}-b", security="starttls", port=dovecot.imap_port)
        for connection in (quiet, busy):
            connection.select("INBOX")
            assert connection.begin_idle() is False
        dovecot.deliver(f"{user}-b", a_mail())
        readable, _, _ = select.select([quiet, busy], [], [], 10)

        assert readable == [busy]
        assert (busy.end_idle(), quiet.end_idle()) == (True, False)

    def test_the_connection_works_on_after_a_wait(self, connect: Connect, dovecot, user):
        connection = connect()
        connection.select("INBOX")
        for number in range(3):
            connection.begin_idle()
            dovecot.deliver(user, a_mail(str(number)))
            connection.end_idle()

        assert subjects(connection, connection.new_uids(0, 10)) == [b"0", b"1", b"2"]


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[TcpProxy]:
    yield from running_tcp_proxy(dovecot.imap_port)


class TestBrokenLinks:
    @pytest.fixture
    def far(self, connect: Connect, proxy: TcpProxy) -> MailboxConnection:
        connection = connect(security="plain", port=proxy.port, timeout=1)
        connection.select("INBOX")
        connection.begin_idle()
        connection.end_idle()
        return connection

    def test_a_link_cut_inside_a_mail_gives_no_half_mail(self, connect: Connect, proxy: TcpProxy, dovecot, user):
        dovecot.seed(user, [a_mail("whole"), a_mail("cut", "x" * 300_000)])
        connection = connect(security="plain", port=proxy.port)
        connection.select("INBOX")
        proxy.cut_after = 150_000
        got = []
        with pytest.raises(UnavailableError):
            got.extend(uid for uid, _ in connection.fetch([1, 2]))

        assert got == []
        proxy.cut_after = None
        again = connect(security="plain", port=proxy.port)
        again.select("INBOX")
        assert [len(raw) > 300_000 for _, raw in again.fetch([1, 2])] == [False, True]

    def test_a_stall_is_unavailable_within_the_timeout(self, far: MailboxConnection, proxy: TcpProxy):
        proxy.stalled = True
        before = time.monotonic()
        with pytest.raises(UnavailableError):
            far.select("INBOX")
        assert time.monotonic() - before < 3

    def test_closing_a_dead_link_does_not_hang(self, far: MailboxConnection, proxy: TcpProxy):
        far.begin_idle()
        proxy.stalled = True
        before = time.monotonic()
        far.close()
        far.close()

        assert time.monotonic() - before < 5

    def test_a_link_that_dies_during_a_wait_is_noticed(self, far: MailboxConnection, proxy: TcpProxy):
        threading.Timer(0.3, proxy.stop).start()
        before = time.monotonic()
        with pytest.raises(UnavailableError):
            far.idle(20)
        assert time.monotonic() - before < 10

    def test_a_half_open_link_is_noticed_at_the_end_of_a_wait(self, far: MailboxConnection, proxy: TcpProxy):
        far.begin_idle()
        proxy.stalled = True
        with pytest.raises(UnavailableError):
            far.end_idle()

    def test_a_server_that_says_goodbye_is_unavailable(self, connect: Connect, proxy: TcpProxy):
        proxy.canned = [b"* BYE [UNAVAILABLE] down for maintenance\r\n"]
        with pytest.raises(UnavailableError):
            connect(security="plain", port=proxy.port)

    def test_a_link_that_dies_during_the_login_is_no_refused_login(self, connect: Connect, proxy: TcpProxy):
        proxy.canned = [b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n+ \r\n"]
        with pytest.raises(UnavailableError):
            connect(security="plain", port=proxy.port)


def test_a_poll_of_a_full_mailbox_costs_what_one_of_an_empty_mailbox_costs(connect: Connect, dovecot, user, capsys):
    dovecot.seed(f"{user}-full", (a_mail(str(number)) for number in range(20_000)))
    dovecot.maildir(f"{user}-empty")
    with_mail = connect(username=f"{user}-full", timeout=60)
    last = with_mail.select("INBOX").uidnext - 1
    times: dict[str, list[float]] = {"full": [], "empty": []}
    for _ in range(7):
        for name, after in (("full", last), ("empty", 0)):
            before = time.perf_counter()
            connection = connect(username=f"{user}-{name}", timeout=60)
            connection.select("INBOX")
            assert connection.new_uids(after, 100) == []
            connection.close()
            times[name].append(time.perf_counter() - before)
    full, empty = (statistics.median(times[name]) * 1000 for name in ("full", "empty"))
    with capsys.disabled():
        sys.stdout.write(f"\npoll: {full:.1f} ms with 20,000 old mails, {empty:.1f} ms empty, {full / empty:.2f} x\n")
