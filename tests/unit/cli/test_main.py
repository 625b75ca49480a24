"""The command line itself: where answers, events and errors go."""

from __future__ import annotations

import subprocess
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
    monkeypatch.setitem(TARGETS, "noisy", ("noisy:noisy", "Logs."))

    result = CliRunner().invoke(app, ["noisy"])

    assert result.stdout == '{"answer": 1}\n'
    assert "mailbox not read" in result.stderr
    assert "not worth a word" not in result.stderr


@pytest.mark.parametrize("name", TARGETS)
def test_every_command_of_the_table_is_there_and_tells_how_to_use_it(name: str):
    result = CliRunner().invoke(app, [name, "--help"], prog_name="mailroom")

    assert result.exit_code == 0, result.output
    assert f"Usage: mailroom {name}" in " ".join(result.output.split())


def test_the_list_of_commands_loads_none_of_them():
    program = (
        "import sys; from mailroom.cli.main import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: print(sorted(m for m in sys.modules if m.startswith(('mailroom.cli.', 'sqlalchemy'))))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert all(f" {name} " in done.stdout for name in TARGETS)
    assert done.stdout.splitlines()[-1] == "['mailroom.cli.main']"


def test_a_mistyped_command_is_answered_with_the_nearest():
    result = CliRunner().invoke(app, ["transaction"])

    assert result.exit_code == 2
    assert "'transactions'" in result.stderr
