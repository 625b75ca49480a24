"""`mailroom approvals`: what was asked, for people and programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from mailroom.cli.approvals import app
from mailroom.domain.approval import Decision
from mailroom.domain.errors import UnknownIdError
from tests.approval_story import ANNA, BOB, Story


@pytest.fixture
def asked(story: Story, login_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    """An invoice that waits, and the environment of a command."""
    story.arrives()
    story.works()
    monkeypatch.setenv("MAILROOM_DATABASE_URL", login_url)
    monkeypatch.setenv("MAILROOM_S3_URL", f"file://{tmp_path / 'objects'}")
    monkeypatch.setenv("MAILROOM_CONFIG_DIR", str(tmp_path))
    for name in ("AUDIT_KEY", "TOKEN_KEY"):
        monkeypatch.setenv(f"MAILROOM_SECRET_{name}", "for tests only")
    yield story
    # The command has pointed the log at a stream that is closed now.
    structlog.reset_defaults()


def printed(*arguments: str) -> list[dict[str, object]]:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_approvals_are_listed_one_object_a_line(asked: Story):
    found = printed("list", "--json", "--organization", "acme")

    assert {(row["approver"], row["state"]) for row in found} == {(ANNA, "open"), (BOB, "open")}
    assert {row["organization"] for row in found} == {"acme"}


def test_they_can_be_searched_by_state_and_approver(asked: Story):
    asked.decides(ANNA, Decision.APPROVE)

    assert [row["approver"] for row in printed("list", "--json", "--state", "approved")] == [ANNA]
    assert [row["state"] for row in printed("list", "--json", "--search", "bob@")] == ["superseded"]


def test_one_is_shown_with_what_the_approver_saw(asked: Story):
    asked.decides(ANNA, Decision.REJECT)

    (found,) = printed("show", str(asked.question(ANNA).id), "--json")

    assert (found["state"], found["channel"], found["reason"]) == ("rejected", "staff", "because")
    assert found["subject"]["amount"] == ["1204.10", "EUR"]  # type: ignore[index]
    assert "token" not in json.dumps(found)


def test_for_people_it_is_a_table(asked: Story):
    result = CliRunner().invoke(app, ["show", str(asked.question(ANNA).id)])

    words = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert f"approver {ANNA}" in words
    assert "Purchase order PO-4711" in words
    assert "expected 480.00 EUR" in words
    assert "found 505.00 EUR" in words


def test_an_unknown_id_is_one_sentence(asked: Story):
    with pytest.raises(UnknownIdError):
        printed("show", "0b5a6f7e-1c2d-4e3f-8a9b-0c1d2e3f4a5b")
