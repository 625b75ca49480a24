"""A person's hand on a transaction: with a reason, within the state and the person's authority."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest

from mailroom.adapters.directory import DirectoryStore
from mailroom.bootstrap.by_hand import ByHand, story_of
from mailroom.database.session import Database
from mailroom.domain.errors import NotAllowedError, RejectedInputError, UnknownIdError
from tests.builders import AUDIT_KEY
from tests.integration.payables.desk import Desk


@pytest.fixture
def desk(database: Database, organization: UUID, store: DirectoryStore) -> Iterator[Desk]:
    desk = Desk(database, store, organization)
    desk.supplier()
    desk.approver()
    yield desk
    desk.pool.close()


@contextmanager
def a_hand(desk: Desk, *, overrules: bool = True, organization: UUID | None = None) -> Iterator[ByHand]:
    with desk.database.organization(organization or desk.organization) as connection:
        yield ByHand(connection, desk, AUDIT_KEY, "user:1", overrules)


def test_releasing_what_holds_lets_the_invoice_go_on(desk: Desk):
    key = desk.receive(desk.paper(), sender="someone@elsewhere.example", reply_to=None)
    desk.run()
    assert desk.state(key) == ("awaiting_approval", None)

    with a_hand(desk, overrules=False) as hand:
        assert hand.release(key, None, "called them") == ("unknown_sender",)

    assert desk.state(key)[0] == "extracted"


def test_what_blocks_is_released_by_whoever_may_overrule(desk: Desk):
    key = desk.receive(desk.paper(bank_account="GB29NWBK60161331926819"))
    desk.run()
    assert desk.state(key) == ("on_hold", "bank_details_changed")

    with pytest.raises(NotAllowedError, match="officer or admin") as refused, a_hand(desk, overrules=False) as hand:
        hand.release(key, None, "called them")
    assert refused.value.code == "no_authority"
    assert desk.state(key) == ("on_hold", "bank_details_changed")

    with a_hand(desk) as hand:
        hand.release(key, None, "called them on the number on file")
    assert desk.state(key)[0] == "extracted"


ACTIONS: dict[str, Callable[[ByHand, UUID, str], object]] = {
    "continue": lambda hand, key, reason: hand.continue_at(key, "validate", reason),
    "correct": lambda hand, key, reason: hand.correct(key, {"invoice_number": "INV-1"}, reason),
    "release": lambda hand, key, reason: hand.release(key, None, reason),
    "posted": lambda hand, key, reason: hand.record_posted(key, "BILL-1", reason),
    "reject": lambda hand, key, reason: hand.reject(key, reason),
    "cancel": lambda hand, key, reason: hand.cancel(key, reason),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_is_done_without_a_reason(desk: Desk, action: str):
    key = desk.receive(desk.paper(invoice_number=None))
    desk.run()

    with pytest.raises(RejectedInputError) as refused, a_hand(desk) as hand:
        ACTIONS[action](hand, key, "  ")

    assert refused.value.code == "no_reason"
    assert desk.state(key) == ("on_hold", "missing_fields")


@pytest.mark.parametrize("action", ACTIONS)
def test_another_organizations_transaction_is_not_there(desk: Desk, other_organization: UUID, action: str):
    key = desk.receive(desk.paper(invoice_number=None))
    desk.run()

    with pytest.raises(UnknownIdError), a_hand(desk, organization=other_organization) as hand:
        ACTIONS[action](hand, key, "because")

    assert desk.state(key) == ("on_hold", "missing_fields")


def test_an_unknown_step_is_named_with_those_there_are(desk: Desk):
    key = desk.receive(desk.paper(invoice_number=None))
    desk.run()

    with pytest.raises(RejectedInputError, match="the steps are extract, validate"), a_hand(desk) as hand:
        hand.continue_at(key, "pay", "now")


def test_nothing_to_correct_is_said(desk: Desk):
    key = desk.receive(desk.paper())

    with pytest.raises(RejectedInputError, match="invoice_number"), a_hand(desk) as hand:
        hand.correct(key, {}, "because")


def test_the_story_of_an_unknown_transaction_is_none(desk: Desk):
    with pytest.raises(UnknownIdError), desk.database.organization(desk.organization) as connection:
        story_of(connection, uuid4())
