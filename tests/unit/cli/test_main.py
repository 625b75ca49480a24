"""The command line itself: where answers, events and errors go."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
import structlog
from typer.testing import CliRunner

from mailroom.cli.main import TARGETS, app


def test_events_go_to_standard_error_and_answers_alone_to_standard_output(monkeypatch: pytest.MonkeyPatch):
    def noisy() -> None:
        structlog.get_logger().info("not worth a word")
        structlog.get_logger().warning("mailbox not read")
        print('{"answer": 1}')

    module = ModuleType("mailroom.cli.noisy")
    module.noisy = noisy  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mailroom.cli.noisy", module)
    monkeypatch.setitem(TARGETS, "noisy", "noisy:noisy")

    result = CliRunner().invoke(app, ["noisy"])

    assert result.stdout == '{"answer": 1}\n'
    assert "mailbox not read" in result.stderr
    assert "not worth a word" not in result.stderr
