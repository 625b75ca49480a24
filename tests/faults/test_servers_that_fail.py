"""Postgres, the object store or the mail server fails while mail is read: nothing is acknowledged that is not kept."""

from __future__ import annotations

import threading

from mailroom.database.events import verify_chain
from mailroom.domain.errors import UnavailableError
from mailroom.local.postgres import Postgres
from tests.builders import AUDIT_KEY
from tests.mail_room import MailRoom, a_mail
from tests.servers.dovecot import Dovecot
from tests.servers.tcp_proxy import TcpProxy


class FailingStore:
    """The real store, out of order from the second group on while `failing`."""

    def __init__(self, store):
        self._store = store
        self.failing = True
        self._calls = 0

    def __getattr__(self, name):
        return getattr(self._store, name)

    def put_many_if_absent(self, objects):
        self._calls += 1
        if self.failing and self._calls > 1:
            raise UnavailableError("Could not write: the disk of the object store is full.", code="disk_full")
        return self._store.put_many_if_absent(objects)


def test_a_store_that_fails_leaves_mail_undecided_and_untouched(room: MailRoom, dovecot: Dovecot):
    paper = [("invoice.pdf", b"%PDF-1.4 one page")]
    names = dovecot.seed(room.user, [a_mail(f"INV-{number}", files=paper) for number in range(40)])
    room.store = store = FailingStore(room.store)

    broken = room.poll()

    assert broken.error is not None
    assert "disk" in broken.error
    assert room.dispositions() == {"invoice": 25, "": 15}
    undecided = {name for name, letters in dovecot.flags(room.user).items() if not letters}
    assert set(names[25:]) <= undecided
    kept = set(store.list("org/"))
    assert all(row.object_key in kept for row in room.rows("SELECT object_key FROM documents"))

    store.failing = False
    room.let_backoff_run_out()
    room.poll()
    assert room.dispositions() == {"invoice": 40}
    assert len(room.transactions()) == 40
    assert room.rows("SELECT max(attempts) AS most FROM messages")[0].most == 1


def test_a_server_that_breaks_off_in_the_middle_of_a_mail_is_read_again(room: MailRoom, dovecot: Dovecot):
    dovecot.seed(room.user, [a_mail(f"INV-{number}", body="x" * 20_000) for number in range(5)])
    proxy = TcpProxy(dovecot.imaps_port)
    try:
        room.imaps_port, proxy.cut_after = proxy.port, 60_000
        assert room.poll().error is not None
        assert "invoice" not in room.dispositions()
        proxy.cut_after = None
        room.let_backoff_run_out()
        room.poll()
    finally:
        proxy.stop()

    assert room.dispositions() == {"invoice": 5}
    assert room.rows("SELECT max(attempts) AS most FROM messages")[0].most == 1


def test_postgres_ends_its_sessions_in_the_middle_of_polls(
    room: MailRoom, dovecot: Dovecot, postgres: Postgres, owner_url: str
):
    paper = [("invoice.pdf", b"%PDF-1.4 one page")]
    dovecot.seed(room.user, [a_mail(f"INV-{number}", files=paper) for number in range(120)])
    stopping = threading.Event()

    def end_sessions() -> None:
        with postgres.connect() as connection:
            while not stopping.wait(0.02):
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    (owner_url.rpartition("/")[2],),
                )

    monkey = threading.Thread(target=end_sessions)
    monkey.start()
    try:
        broken = any(_breaks(room) for _ in range(30))
    finally:
        stopping.set()
        monkey.join()
    assert broken

    room.let_backoff_run_out()
    room.let_leases_run_out()
    room.poll()

    assert room.dispositions() == {"invoice": 120}
    transactions = room.transactions()
    assert len(transactions) == len({row.message_id for row in transactions}) == 120
    with room.database.organization(room.organizations["acme"]) as connection:
        assert verify_chain(connection, room.organizations["acme"], AUDIT_KEY).fault is None


def _breaks(room: MailRoom) -> bool:
    try:
        return room.poll().error is not None
    except UnavailableError:
        return True
