"""The seal of a form and the Message-IDs of a request."""

from __future__ import annotations

import time_machine

from mailroom.approvals.links import approval_link, is_sealed, request_message_id, sealed_form
from mailroom.domain.approval_token import is_token, tokens_in
from mailroom.domain.rfc822 import read_mail

KEY, TOKEN, OTHER = b"key for tests", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba"


def test_a_seal_fits_its_own_request_under_its_own_key():
    seal = sealed_form(KEY, TOKEN)

    assert is_token(TOKEN)
    assert is_sealed(KEY, TOKEN, seal)
    assert not is_sealed(KEY, OTHER, seal)
    assert not is_sealed(b"another key", TOKEN, seal)
    assert not is_sealed(KEY, TOKEN, seal + "x")


def test_a_seal_is_good_for_an_hour():
    with time_machine.travel("2026-03-02 09:00:00Z", tick=False) as clock:
        seal = sealed_form(KEY, TOKEN)
        clock.shift(3600)
        assert is_sealed(KEY, TOKEN, seal)
        clock.shift(1)
        assert not is_sealed(KEY, TOKEN, seal)


def test_the_seal_does_not_hold_the_token():
    assert TOKEN not in sealed_form(KEY, TOKEN)


def test_an_answer_to_a_request_or_a_reminder_carries_the_token():
    for number in (0, 1, 2):
        message_id = request_message_id(TOKEN, "ap@acme.example", number)
        mail = read_mail(f"From: a@x.example\r\nIn-Reply-To: {message_id}\r\n\r\nhi\r\n".encode())
        assert tokens_in(mail) == (TOKEN,)


def test_the_message_ids_of_a_request_and_its_reminders_differ():
    assert len({request_message_id(TOKEN, "ap@acme.example", number) for number in range(3)}) == 3


def test_the_link_stands_under_the_web_address():
    assert approval_link("https://m.example/", TOKEN) == f"https://m.example/a/{TOKEN}"
