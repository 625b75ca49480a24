from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from mailroom.reporting.status import ReportDay

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_day_the_clocks_go_back_has_25_hours():
    # 25 October 2026, the last Sunday of October (Directive 2000/84/EC).
    day = ReportDay.of(date(2026, 10, 25), BERLIN, datetime(2026, 10, 26, 6, tzinfo=UTC))

    assert day.end.astimezone(UTC) - day.start.astimezone(UTC) == timedelta(hours=25)
    assert day.is_over


def test_a_day_that_lasts_is_told_until_now():
    now = datetime(2026, 10, 26, 6, 30, tzinfo=UTC)

    day = ReportDay.of(date(2026, 10, 26), BERLIN, now)

    assert day.until == now
    assert not day.is_over
