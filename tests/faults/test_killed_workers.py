"""kill -9 of a worker loses nothing and doubles nothing (reliability I1, I2, I5, I6, F16)."""

from __future__ import annotations

import signal

import pytest

from tests.faults.poll_worker import ended, start_worker
from tests.mail_room import MailRoom, a_mail
from tests.servers.dovecot import Dovecot

KILLED = -signal.SIGKILL


@pytest.mark.parametrize(("dies", "decided"), [("after_files", {"": 3}), ("after_commit", {"invoice": 3})])
def test_a_killed_poll_loses_and_doubles_nothing(room: MailRoom, dovecot: Dovecot, dies: str, decided: dict[str, int]):
    dovecot.seed(room.user, [a_mail(f"INV-{number}") for number in range(3)])

    assert ended(start_worker(room, dies)) == KILLED

    assert room.dispositions() == decided
    assert set(dovecot.flags(room.user).values()) == {""}
    room.let_leases_run_out()
    room.poll()
    assert room.dispositions() == {"invoice": 3}
    assert len(room.transactions()) == 3
    assert set(dovecot.flags(room.user).values()) == {"S"}
    kept = set(room.store.list(f"org/{room.organizations['acme']}/"))
    assert all(row.object_key in kept for row in room.rows("SELECT object_key FROM messages"))


@pytest.mark.parametrize("dies", ["after_files", "after_commit"])
def test_a_killed_poll_of_a_shared_mailbox_leaves_no_mail_between_two_customers(
    shared_room: MailRoom, dovecot: Dovecot, dies: str
):
    room = shared_room
    shared = {
        "name": "shared-invoices",
        "organization": "shared",
        "whose": [{"organization": "globex", "recipients": ["globex@mailroom.example"]}],
    }
    room.poll(**shared)
    dovecot.seed(room.user, [a_mail(f"INV-{number}", To="globex@mailroom.example") for number in range(3)])

    assert ended(start_worker(room, dies, **shared)) == KILLED
    room.let_leases_run_out("operator")
    room.poll(**shared)

    assert (room.dispositions("globex"), room.dispositions("operator")) == ({"invoice": 3}, {})
    assert len(room.transactions("globex")) == 3
    assert set(dovecot.flags(room.user).values()) == {"S"}


def test_a_mail_that_kills_its_worker_is_put_aside_and_those_behind_it_are_done(room: MailRoom, dovecot: Dovecot):
    names = ["INV-1", "INV-2", "POISON", "INV-4", "INV-5"]
    dovecot.seed(room.user, [a_mail(name) for name in names])

    deaths = 0
    for _ in range(10):
        if ended(start_worker(room, "at:POISON.pdf")) != KILLED:
            break
        deaths += 1
        if deaths == 2:
            # Claimed alone the second time: it took no other along.
            assert room.dispositions() == {"invoice": 2, "": 3}
        room.let_leases_run_out()

    assert deaths == 3
    assert room.dispositions() == {"invoice": 4, "quarantined": 1}
    (poison,) = room.rows("SELECT uid, reason FROM messages WHERE disposition = 'quarantined'")
    assert (poison.uid, poison.reason) == (3, "stopped_the_worker")


def test_two_workers_on_one_mailbox_double_and_lose_nothing(room: MailRoom, dovecot: Dovecot):
    paper = [("invoice.pdf", b"%PDF-1.4 one page")]
    dovecot.seed(room.user, [a_mail(f"INV-{number}", files=paper) for number in range(200)])

    workers = [start_worker(room), start_worker(room)]

    assert [ended(worker) for worker in workers] == [0, 0]
    assert room.dispositions() == {"invoice": 200}
    transactions = room.transactions()
    assert len(transactions) == len({row.message_id for row in transactions}) == 200
    assert [row.uid for row in room.rows("SELECT uid FROM messages ORDER BY uid")] == list(range(1, 201))
    assert set(dovecot.flags(room.user).values()) == {"S"}


def test_what_a_dead_worker_held_is_taken_over_by_the_next_poll(room: MailRoom, dovecot: Dovecot):
    dovecot.deliver(room.user, a_mail("INV-1"))
    assert ended(start_worker(room, "after_files")) == KILLED
    room.rows("UPDATE messages SET leased_until = now() + interval '2 s' RETURNING 1")

    room.poll()

    assert room.slept
    assert room.dispositions() == {"invoice": 1}
