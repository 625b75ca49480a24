"""Tables on a terminal: what papers and mails say is neither markup nor a command (reliability T38)."""

from __future__ import annotations

import pytest

from mailroom.cli.opened import plain, show_rows
from mailroom.cli.transactions import _print

HOSTILE = "x[/red]\x1b]0;owned\x07\u202e\x9b31m\ud800[bold]7"


def test_a_table_shows_hostile_text_as_it_is(capsys: pytest.CaptureFixture[str]):
    show_rows([{"subject": HOSTILE}], ("subject",), as_json=False, empty="")

    shown = capsys.readouterr().out
    assert "x[/red]" in shown
    assert "[bold]7" in shown
    assert not set(shown) & set("\x1b\x07\u202e\x9b\ud800")


def test_plain_text_keeps_lines_and_letters():
    assert plain("Müller\nзаявка") == "Müller\nзаявка"


def test_a_transactions_story_shows_hostile_text_as_it_is(capsys: pytest.CaptureFixture[str]):
    finding = {"message": HOSTILE, "severity": "hold", "expected": "[/x]", "found": HOSTILE, "released": False}
    event = {"at": "2026-03-02T09:00:00", "kind": "moved", "actor": "[/y]", "facts": {"reason": HOSTILE}}
    story = {"organization": "acme", "process": "accounts_payable", "step": "validate", "id": "1", "state": "on_hold"}

    _print(
        {**story, "reference": HOSTILE, "last_error_message": HOSTILE, "findings": [finding], "events": [event]},
        [("Supplier", HOSTILE)],
    )

    assert "[/red]" in capsys.readouterr().out
