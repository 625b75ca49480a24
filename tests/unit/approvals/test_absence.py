"""Until when somebody is away, as out-of-office replies of eight languages say it."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage

import pytest

from mailroom.approvals.absence import last_day_away
from mailroom.domain.rfc822 import read_mail

MONDAY = date(2026, 8, 3)
"""The day each of these mails is read."""


def away(text: str, *, subject: str = "Automatic reply: Approval needed", today: date = MONDAY) -> date | None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "anna@acme.example", "ap@acme.example", subject
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(text)
    return last_day_away(read_mail(mail.as_bytes()), today)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        # A last day.
        ("I am out of the office until 14 August 2026.", date(2026, 8, 14)),
        ("I'm on leave from August 3 through August 14, 2026. For urgent matters call Bob.", date(2026, 8, 14)),
        ("Ich bin bis zum 14.08.2026 nicht im Büro.", date(2026, 8, 14)),
        ("Ich bin vom 03.08. bis einschließlich 14.08. im Urlaub.", date(2026, 8, 14)),
        ("Je suis absente du bureau jusqu'au 14 août 2026 inclus.", date(2026, 8, 14)),
        ("Je suis en congé du 3 au 14 août.", date(2026, 8, 14)),
        ("Estaré fuera de la oficina hasta el 14 de agosto de 2026.", date(2026, 8, 14)),
        ("Sono in ferie fino al 14 agosto.", date(2026, 8, 14)),
        ("Ik ben afwezig tot en met 14 augustus 2026.", date(2026, 8, 14)),
        ("Jestem na urlopie do 14 sierpnia 2026 r.", date(2026, 8, 14)),
        ("Estou de férias até 14 de agosto de 2026.", date(2026, 8, 14)),
        ("Out of office 3/8/2026 - 14/8/2026", date(2026, 8, 14)),
        # A day of return.
        ("I will be back on Monday, 17 August.", date(2026, 8, 16)),
        ("I am away and return on August 17th, 2026.", date(2026, 8, 16)),
        ("Ich bin ab dem 17. August wieder erreichbar.", date(2026, 8, 16)),
        ("Am 17.08.2026 bin ich wieder zurück.", date(2026, 8, 16)),
        ("Je serai de retour le 17 août 2026.", date(2026, 8, 16)),
        ("Vuelvo el 17 de agosto.", date(2026, 8, 16)),
        ("Rientro il 17 agosto 2026.", date(2026, 8, 16)),
        ("Ik ben terug op 17 augustus.", date(2026, 8, 16)),
        ("Wracam 17 sierpnia.", date(2026, 8, 16)),
        ("Estarei de volta no dia 17 de agosto.", date(2026, 8, 16)),
        # Both: the last day says it itself.
        ("I am out until 14 August and back on 17 August.", date(2026, 8, 14)),
        # The year turns.
    ],
)
def test_the_last_day(text: str, last: date):
    assert away(text) == last


def test_over_the_turn_of_the_year():
    assert away("Ich bin bis 06.01. im Urlaub.", today=date(2026, 12, 21)) == date(2027, 1, 6)


def test_the_subject_counts_too():
    assert away("Thank you for your mail.", subject="Out of office until 14 August 2026") == date(2026, 8, 14)


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office with limited access to mail.",
        "I was away until 14 July 2026.",
        "Our new price list is of 14 August 2026.",
        "I am away until 14 August 2031.",
        "Until further notice please write to Bob. Room 12.4.",
        "",
    ],
)
def test_what_names_no_clear_last_day(text: str):
    assert away(text) is None


def test_dates_of_the_request_below_do_not_count():
    quoted = "I am away.\n\n> On Mon, 3 Aug 2026 Acme wrote:\n> Open until Thursday 6 August 2026, 15:00\n"

    assert away(quoted) is None
