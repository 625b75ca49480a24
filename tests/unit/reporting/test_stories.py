from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from mailroom.database.reporting import Happening
from mailroom.domain.transaction import State
from mailroom.reporting.stories import Story, tell_stories

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def happened(
    transaction: UUID, minute: int, kind: str, to: str | None, *, came_from: str | None = None, **facts: object
) -> Happening:
    values: dict[str, object] = {"reason": None, "straight_through": False, "connector": None, "external_id": None}
    return Happening(
        transaction_id=transaction,
        seq=minute,
        at=NINE + timedelta(minutes=minute),
        kind=kind,
        actor="worker",
        state_from=came_from,
        state_to=to,
        step="validate" if to else None,
        **values | facts,  # type: ignore[arg-type]
    )


def story_of(*happenings: Happening) -> Story:
    (story,) = tell_stories(happenings)
    return story


def test_a_retry_in_a_state_does_not_make_it_younger():
    key = uuid4()

    story = story_of(
        happened(key, 0, "transaction_opened", "received"),
        happened(key, 1, "advanced", "extracted", came_from="received"),
        happened(key, 9, "retried", "extracted", came_from="extracted"),
    )

    assert (story.state, story.since) == (State.EXTRACTED, NINE + timedelta(minutes=1))


def test_a_mail_about_a_transaction_does_not_move_it():
    key = uuid4()

    story = story_of(
        happened(key, 0, "transaction_opened", "received"),
        happened(key, 1, "waiting", "awaiting_approval", came_from="received"),
        happened(key, 2, "mail_sent", None),
    )

    assert story.last_kind == "waiting"
    assert story.waits_for_answer


def test_an_escalated_failure_keeps_its_reason():
    key = uuid4()

    story = story_of(
        happened(key, 0, "transaction_opened", "received"),
        happened(key, 1, "failed", "failed", came_from="received", reason="erp_refused"),
        happened(key, 1, "escalated", "escalated", came_from="failed", reason="erp_refused"),
    )

    assert (story.state, story.reason) == (State.ESCALATED, "erp_refused")


def test_an_invoice_that_a_person_released_is_not_straight_through():
    key = uuid4()
    opened = happened(key, 0, "transaction_opened", "received")
    held = happened(key, 1, "held", "on_hold", came_from="received", reason="duplicate")
    released = happened(key, 2, "released", "received", came_from="on_hold")
    approved = happened(key, 3, "advanced", "approved", came_from="validated", straight_through=True)

    assert story_of(opened, approved).straight_through
    assert not story_of(opened, held, released, approved).straight_through


def test_only_what_the_erp_confirmed_is_posted():
    key = uuid4()
    in_shadow = happened(key, 5, "advanced", "uploaded", came_from="approved")
    in_the_erp = happened(key, 5, "advanced", "uploaded", came_from="uploading", connector="sql", external_id="B-1")

    assert story_of(in_shadow).posted_at is None
    assert story_of(in_the_erp).posted_at == NINE + timedelta(minutes=5)
