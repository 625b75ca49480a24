"""Which terms hold: the first rule that fits; amounts, departments and reasons decide."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mailroom.clocks.business_calendar import BusinessCalendar
from mailroom.clocks.terms import SlaSubject, SlaTerms, clocks_of, terms_of
from mailroom.domain.money import Money
from mailroom.domain.transaction import State
from mailroom.settings.customers import CalendarPolicy
from mailroom.settings.sla import SlaPolicy

POLICY = SlaPolicy.model_validate(
    {
        "name": "p",
        "currency": "EUR",
        "follow_ups": 1,
        "escalate_after_hours": 36,
        "fail_after_hours": 240,
        "rules": [
            {"reasons": ["duplicate"], "escalate_after_hours": 8, "follow_ups": 0},
            {"department": "it", "up_to": "100", "fail_after_hours": 48},
            {"above": "10000", "escalate_after_hours": 4, "escalate_to": "cfo@acme.example"},
            {"states": ["awaiting_approval"], "follow_ups": 3, "follow_up_hours": 12},
        ],
    }
)
PLAIN = SlaTerms(1, 24, 36, 240)


def subject(amount: str | None = "500", currency: str = "EUR", department: str | None = None) -> SlaSubject:
    return SlaSubject(None if amount is None else Money(Decimal(amount), currency), department)


@pytest.mark.parametrize(
    ("given", "state", "reason", "expected"),
    [
        (subject(), State.ON_HOLD, "no_account", PLAIN),
        (subject(), State.ON_HOLD, "duplicate", SlaTerms(0, 24, 8, 240)),
        # Two rules fit: the first counts, whole.
        (subject("20000"), State.ON_HOLD, "duplicate", SlaTerms(0, 24, 8, 240)),
        (subject("100", department="it"), State.ON_HOLD, None, SlaTerms(1, 24, 36, 48)),
        (subject("100.01", department="it"), State.ON_HOLD, None, PLAIN),
        (subject("100", department="hr"), State.ON_HOLD, None, PLAIN),
        (subject("10000"), State.ON_HOLD, None, PLAIN),
        (subject("10000.01"), State.ON_HOLD, None, SlaTerms(1, 24, 4, 240, "cfo@acme.example")),
        # A credit note counts by its size; an amount nobody can compare counts as large.
        (subject("-20000"), State.ON_HOLD, None, SlaTerms(1, 24, 4, 240, "cfo@acme.example")),
        (subject("1", "USD"), State.ON_HOLD, None, SlaTerms(1, 24, 4, 240, "cfo@acme.example")),
        (subject(None), State.ON_HOLD, None, SlaTerms(1, 24, 4, 240, "cfo@acme.example")),
        (subject(), State.AWAITING_APPROVAL, None, SlaTerms(3, 12, 36, 240)),
    ],
)
def test_the_first_rule_that_fits(given: SlaSubject, state: State, reason: str | None, expected: SlaTerms):
    assert terms_of(POLICY, given, state, reason) == expected


def calendar(**more: Any) -> BusinessCalendar:
    return BusinessCalendar(CalendarPolicy(**more), ZoneInfo("Europe/Berlin"))


def test_hours_are_counted_on_business_days_and_over_holidays():
    """Friday 18 December 2026, 12:00 in Berlin: 25 and 26 December are holidays in Germany."""
    friday = datetime(2026, 12, 18, 11, tzinfo=UTC)

    clocks = clocks_of(PLAIN, calendar(country="DE"), State.ON_HOLD, received_at=friday, now=friday, failed=False)

    # 12 h are left of Friday; then Monday has 24. 36 h end on Monday's last minute.
    # 240 h: 12 + 24 * 4 (21 to 24 December) = 108, then 28 to 31 December = 204, 1 January is a holiday,
    # Monday 4 January = 228, 12 h into Tuesday 5 January: noon in Berlin.
    assert {(each.kind, each.level): each.due_at for each in clocks} == {
        ("sla_escalate", 0): datetime(2026, 12, 21, 23, tzinfo=UTC),
        ("sla_fail", 0): datetime(2027, 1, 5, 11, tzinfo=UTC),
        ("sla_follow_up", 1): datetime(2026, 12, 21, 11, tzinfo=UTC),
    }


def test_what_has_failed_does_not_fail_again():
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    clocks = clocks_of(PLAIN, calendar(), State.ESCALATED, received_at=now, now=now, failed=True)

    assert {each.kind for each in clocks} == {"sla_escalate", "sla_follow_up"}


def test_the_night_the_clocks_change_has_its_real_hours():
    """Berlin, 25 October 2026: 03:00 comes twice, so 24 hours after Saturday noon it is Sunday 11:00."""
    noon = datetime(2026, 10, 24, 10, tzinfo=UTC)
    day = SlaTerms(0, 24, 24, 240)

    clocks = clocks_of(day, calendar(weekend=()), State.ON_HOLD, received_at=noon, now=noon, failed=False)

    assert clocks[0].due_at == datetime(2026, 10, 25, 10, tzinfo=UTC)
