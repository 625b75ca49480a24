"""The engine on a real Postgres: moves, leases, fences, faults of one among many."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from mailroom.database.dispatch import claim_due
from mailroom.database.events import verify_chain
from mailroom.database.session import Database
from mailroom.database.transactions import load_claimed, wake
from mailroom.domain.effects import SendMail, SetClock
from mailroom.domain.outcome import Act, Advance, Fail, Hold, Reject, Retry, Wait
from mailroom.domain.slices import IdRange, Slice
from mailroom.domain.transaction import State
from mailroom.engine.apply import Applier
from mailroom.engine.moves import plan
from mailroom.engine.run import run_until_quiet
from mailroom.engine.step import StepContext
from tests.builders import AUDIT_KEY, a_customer, a_process, a_step, an_engine, due_transactions, rows
from tests.conftest import make_organization

STATE = "SELECT state, step, reason, attempts, due_at FROM transactions ORDER BY id"


def one_step(decide, **parts):
    return a_process((a_step("first", decide, **parts), State.EXTRACTED, {}))


def test_a_transaction_goes_through_every_step_to_its_end(database: Database, organization: UUID):
    process = a_process(
        (a_step("first", lambda _: Advance()), State.EXTRACTED, {}),
        (a_step("second", lambda _: Advance()), State.VALIDATED, {}),
    )
    due_transactions(database, organization, 3)

    report = an_engine(database, process).run_due(["test"])

    assert report.moves == {"advanced": 3, "done": 3}
    found = rows(database, organization, STATE)
    assert [(row.state, row.due_at) for row in found] == [("validated", None)] * 3
    kinds = rows(database, organization, "SELECT kind, count(*) AS n FROM events GROUP BY kind ORDER BY kind")
    assert [(row.kind, row.n) for row in kinds] == [("advanced", 3), ("done", 3)]


def test_a_mail_is_recorded_once_with_the_move_that_caused_it(database: Database, organization: UUID):
    mail = SendMail("done", "reader@acme.example", "done")
    due_transactions(database, organization)

    an_engine(database, one_step(lambda _: Advance(effects=(mail, mail)))).run_due(["test"])

    (row,) = rows(database, organization, "SELECT recipient, event_seq, internet_message_id FROM outbox")
    assert (row.recipient, row.event_seq) == ("reader@acme.example", 1)
    assert row.internet_message_id.endswith("@acme.example>")


def test_in_shadow_mode_nothing_is_sent(database: Database, organization: UUID):
    due_transactions(database, organization, mode="shadow")

    an_engine(database, one_step(lambda _: Advance(effects=(SendMail("done", "a@acme.example", "k"),)))).run_due(
        ["test"]
    )

    (row,) = rows(database, organization, "SELECT state, due_at FROM outbox")
    assert (row.state, row.due_at) == ("suppressed", None)


def test_the_second_retry_is_the_last_and_a_person_gets_it(database: Database, organization: UUID):
    due_transactions(database, organization)
    engine = an_engine(database, one_step(lambda _: Retry("erp_down", "no answer")))

    for _ in range(3):
        engine.run_due(["test"])
        with database.organization(organization) as connection:
            connection.execute(text("UPDATE transactions SET due_at = now() - interval '1 s' WHERE due_at IS NOT NULL"))

    (row,) = rows(database, organization, STATE)
    assert (row.state, row.reason, row.attempts, row.due_at) == ("escalated", "erp_down", 3, None)
    kinds = rows(database, organization, "SELECT kind FROM events ORDER BY seq")
    assert [each.kind for each in kinds] == ["retried", "retried", "failed", "escalated"]


def test_one_that_raises_does_not_stop_the_others(database: Database, organization: UUID):
    ids = due_transactions(database, organization, 5)

    def decide(transaction):
        if transaction.id == ids[2]:
            raise KeyError("fault of a step")
        return Advance()

    report = an_engine(database, one_step(decide)).run_due(["test"])

    assert report.moves == {"done": 4, "retried": 1}
    assert report.reasons == {"step_error": 1}


def test_one_whose_effect_is_refused_fails_alone(database: Database, organization: UUID):
    ids = due_transactions(database, organization, 7)

    def decide(transaction):
        kind = "x" * 10 if transaction.id != ids[3] else None  # kind may not be null
        return Advance(effects=(SetClock(kind, datetime(2026, 1, 1, tzinfo=UTC)),))

    report = an_engine(database, one_step(decide)).run_due(["test"])

    assert report.moves == {"done": 6, "failed": 1}
    (row,) = rows(database, organization, "SELECT id, last_error_code FROM transactions WHERE state = 'escalated'")
    assert (row.id, row.last_error_code) == (ids[3], "write_refused")


def test_an_effect_that_nobody_writes_is_never_dropped_in_silence(database: Database, organization: UUID):
    due_transactions(database, organization)

    report = an_engine(database, one_step(lambda _: Advance(effects=("no effect",)))).run_due(["test"])

    assert report.reasons == {"write_refused": 1}


def test_an_answer_that_comes_while_a_worker_waits_is_not_written_over(database: Database, organization: UUID):
    (key,) = due_transactions(database, organization)

    def decide(transaction):
        with database.organization(organization) as connection:
            wake(connection, [key])  # the answer is committed between load and apply
        return Wait(datetime.now(UTC) + timedelta(days=3))

    an_engine(database, one_step(decide)).run_due(["test"])

    (row,) = rows(database, organization, "SELECT due_at <= now() AS due, leased_until FROM transactions")
    assert (row.due, row.leased_until) == (True, None)


def test_a_worker_that_stood_still_past_its_lease_cannot_write(database: Database, organization: UUID):
    process = one_step(lambda _: Advance())
    due_transactions(database, organization)
    with database.dispatch() as connection:
        claims = claim_due(connection, ["test"], 10, owner="slow", lease_seconds=0.0)
    with database.organization(organization) as connection:
        (held,) = load_claimed(connection, claims)
    context = StepContext(a_customer(), None, datetime.now(UTC), "tests")
    planned = plan(held, process, Reject("late"), context.now)

    an_engine(database, process, worker="quick").run_due(["test"])
    applier = Applier(database, an_engine(database, process).applier.writers, AUDIT_KEY, "slow", 60.0, lambda p, c: ())
    written = applier.apply(
        organization, {held.id: claims[0]}, [planned], context, started_at=context.now, keep=lambda _: False
    )

    assert written == []
    assert [row.state for row in rows(database, organization, STATE)] == ["extracted"]


def test_workers_side_by_side_do_each_transaction_once(database: Database, organization: UUID):
    due_transactions(database, organization, 200)
    process = one_step(lambda _: Advance(effects=(SendMail("done", "a@acme.example", "k"),)))
    engines = [an_engine(database, process, worker=f"worker-{number}", batch=20) for number in range(4)]

    threads = [
        threading.Thread(target=run_until_quiet, args=(lambda e=engine: e.run_due(["test"]),)) for engine in engines
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    done = rows(database, organization, "SELECT count(*) AS n, count(DISTINCT transaction_id) AS d FROM events")
    assert [(row.n, row.d) for row in done] == [(200, 200)]


def test_a_hundred_organizations_are_served_fairly_and_stay_apart(owner_url: str, database: Database):
    organizations = [make_organization(owner_url, f"org-{number}") for number in range(100)]
    due_transactions(database, organizations[0], 500)
    for each in organizations[1:]:
        due_transactions(database, each, 3)

    with database.dispatch() as connection:
        first = claim_due(connection, ["test"], 300, owner="w", lease_seconds=60)
    counts = {each: sum(claim.organization_id == each for claim in first) for each in organizations}
    assert all(counts[each] == 3 for each in organizations)

    engine = an_engine(database, one_step(lambda _: Advance()))
    with database.dispatch() as connection:
        connection.execute(text("UPDATE transactions SET leased_until = NULL"))
    run_until_quiet(lambda: engine.run_due(["test"]))
    for each in organizations:
        (row,) = rows(database, each, "SELECT count(*) AS n, count(DISTINCT organization_id) AS o FROM transactions")
        assert (row.n, row.o) == (500 if each == organizations[0] else 3, 1)
        with database.organization(each) as connection:
            assert verify_chain(connection, each, AUDIT_KEY).fault is None


def test_a_step_that_acts_commits_its_intent_first(database: Database, organization: UUID):
    seen = []

    def act(database, items, context):
        for item in items:
            seen.append(rows(database, organization, "SELECT state FROM transactions")[0].state)
            yield item.transaction.id, Advance(facts={"external_id": "77"})

    process = a_process(
        (a_step("first", lambda _: Advance()), State.EXTRACTED, {}),
        (a_step("second", lambda _: Advance()), State.VALIDATED, {}),
        (a_step("approve", lambda _: Advance()), State.APPROVED, {}),
        (a_step("upload", lambda _: Act(), act=act), State.UPLOADED, {"during": State.UPLOADING}),
        (a_step("conclude", lambda _: Advance()), State.COMPLETED, {}),
    )
    due_transactions(database, organization)

    report = an_engine(database, process).run_due(["test"])

    assert seen == ["uploading"]
    assert report.moves == {"advanced": 4, "done": 1}
    assert rows(database, organization, STATE)[0].state == "completed"


def test_a_slice_runs_its_own_steps_only_and_a_second_run_does_nothing(database: Database, organization: UUID):
    process = a_process(
        (a_step("first", lambda _: Advance()), State.EXTRACTED, {}),
        (a_step("second", lambda _: Advance()), State.VALIDATED, {}),
    )
    ids = due_transactions(database, organization, 10)
    share = Slice("half", (IdRange(organization, ids[0], ids[4]),))
    engine = an_engine(database, process, batch=2)

    assert engine.run_slice(share, ["first"], ["test"]).moves == {"advanced": 5}
    assert engine.run_slice(share, ["first"], ["test"]).total == 0
    assert [row.state for row in rows(database, organization, STATE)] == ["extracted"] * 5 + ["received"] * 5


def test_a_held_one_waits_for_nobody(database: Database, organization: UUID):
    due_transactions(database, organization)

    an_engine(database, one_step(lambda _: Hold("duplicate"))).run_due(["test"])

    (row,) = rows(database, organization, STATE)
    assert (row.state, row.reason, row.due_at) == ("on_hold", "duplicate", None)


def test_a_step_the_configuration_has_no_more_fails_with_that_reason(database: Database, organization: UUID):
    due_transactions(database, organization, step="gone")

    report = an_engine(database, one_step(lambda _: Advance())).run_due(["test"])

    assert report.reasons == {"no_step": 1}


def test_a_failure_is_at_once_somebodys(database: Database, organization: UUID):
    due_transactions(database, organization)

    an_engine(database, one_step(lambda _: Fail("bad_record", "nothing helps"))).run_due(["test"])

    assert rows(database, organization, STATE)[0].state == "escalated"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("state = 'completed', event_seq = 99", "an illegal move"),
        ("state = 'extracted'", "a move without an event of its own"),
    ],
)
def test_postgres_itself_refuses(database: Database, organization: UUID, change: str, why: str):
    due_transactions(database, organization)

    with (
        pytest.raises(DBAPIError, match=r"no move|without an event"),
        database.organization(organization) as connection,
    ):
        connection.execute(text(f"UPDATE transactions SET {change}"))


def test_a_transaction_starts_at_the_beginning(database: Database, organization: UUID):
    with pytest.raises(DBAPIError, match="starts as received"), database.organization(organization) as connection:
        connection.execute(
            text(
                """INSERT INTO transactions (id, organization_id, process, state, step, mode, working_directory)
                VALUES (gen_random_uuid(), :o, 'test', 'approved', 'upload', 'auto', 'x')"""
            ),
            {"o": organization},
        )


def test_no_organization_sees_or_touches_another(database: Database, organization: UUID, other_organization: UUID):
    (key,) = due_transactions(database, organization)

    assert rows(database, other_organization, "SELECT id FROM transactions") == []
    with database.organization(other_organization) as connection:
        assert connection.execute(text("UPDATE transactions SET reason = 'x' WHERE id = :k"), {"k": key}).rowcount == 0
    with pytest.raises(DBAPIError, match="row-level security"):
        due_in_anothers_name(database, other_organization, organization)


def due_in_anothers_name(database: Database, me: UUID, other: UUID) -> None:
    with database.organization(me) as connection:
        connection.execute(
            text(
                """INSERT INTO transactions (id, organization_id, process, step, mode, working_directory)
                VALUES (gen_random_uuid(), :o, 'test', 'first', 'auto', 'x')"""
            ),
            {"o": other},
        )


def test_without_an_organization_nothing_is_seen(database: Database, organization: UUID):
    due_transactions(database, organization)
    with database.organization(organization):
        pass  # the pooled connection has worked for somebody before

    with database.engine.begin() as connection:
        connection.execute(text("SELECT set_config('role', 'mailroom_app', true)"))
        assert connection.execute(text("SELECT count(*) FROM transactions")).scalar_one() == 0


def test_the_dispatcher_sees_no_content(database: Database, organization: UUID):
    due_transactions(database, organization)

    for query in ("SELECT inputs FROM transactions", "SELECT subject FROM messages", "SELECT body FROM events"):
        with pytest.raises(DBAPIError, match="permission denied"), database.dispatch() as connection:
            connection.execute(text(query))


@pytest.mark.parametrize("tamper", ["change", "remove", "cut", "column"])
def test_a_tampered_event_log_is_found(owner_url: str, database: Database, organization: UUID, tamper: str):
    due_transactions(database, organization, 5)
    an_engine(database, one_step(lambda _: Advance())).run_due(["test"])
    statements = {
        "change": "UPDATE events SET body = replace(body, 'extracted', 'completed') WHERE seq = 3",
        "remove": "DELETE FROM events WHERE seq = 3",
        "cut": "DELETE FROM events WHERE seq > 3",
        "column": "UPDATE events SET actor = 'nobody' WHERE seq = 3",
    }
    engine = create_engine(owner_url)
    with engine.begin() as owner:
        owner.execute(text("ALTER TABLE events DISABLE TRIGGER events_append_only"))
        owner.execute(text(statements[tamper]))
    engine.dispose()

    with database.organization(organization) as connection:
        verdict = verify_chain(connection, organization, AUDIT_KEY)

    assert verdict.fault is not None
    assert verdict.fault.seq == (4 if tamper == "cut" else 3)


def test_a_rewritten_log_is_found_by_its_anchor(database: Database, organization: UUID):
    due_transactions(database, organization, 2)
    an_engine(database, one_step(lambda _: Advance())).run_due(["test"])

    with database.organization(organization) as connection:
        assert verify_chain(connection, organization, AUDIT_KEY, {2: "0" * 64}).fault.seq == 2
        assert verify_chain(connection, organization, AUDIT_KEY, {9: "0" * 64}).fault.seq == 3


def test_the_application_cannot_change_the_log(database: Database, organization: UUID):
    due_transactions(database, organization)
    an_engine(database, one_step(lambda _: Advance())).run_due(["test"])

    for statement in ("UPDATE events SET actor = 'x'", "DELETE FROM events", "TRUNCATE events"):
        with pytest.raises(DBAPIError, match="permission denied"), database.organization(organization) as connection:
            connection.execute(text(statement))
