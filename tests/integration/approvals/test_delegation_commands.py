"""`mailroom approvals delegate`, `delegations`, `undelegate`."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree

from typer.testing import CliRunner

from mailroom.cli.approvals import app
from tests.approval_story import ANNA, BOB, Story
from tests.integration.approvals.test_command import asked

__all__ = ["asked"]

ROOT = Path(__file__).parents[3]
CUSTOMER = """organization: acme
name: Acme
timezone: Europe/Berlin
sender: ap@acme.example
owner: owner@acme.example
processes: {}
"""


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_begun_listed_and_ended_by_hand(asked: Story, tmp_path: Path):
    for folder in ("sla", "screening"):
        copytree(ROOT / "config" / folder, tmp_path / folder)
    (tmp_path / "customers").mkdir()
    (tmp_path / "customers" / "acme.yaml").write_text(CUSTOMER)
    last = datetime.now(asked.customer.zone).date() + timedelta(days=3)

    said = run("delegate", ANNA, BOB, "--until", f"{last}", "-o", "acme")

    (row,) = [json.loads(line) for line in run("delegations", "--json").splitlines()]
    assert (row["approver"], row["substitute"], row["source"]) == (ANNA, BOB, "by_hand")
    assert row["id"] in said
    run("undelegate", re.findall(r"\((.+)\)", said)[0], "-o", "acme")
    assert run("delegations", "--json") == ""
    assert len(run("delegations", "--json", "--all").splitlines()) == 1
    assert asked.events("delegation_ended") == [{"delegation": row["id"]}]
