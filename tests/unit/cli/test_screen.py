"""`mailroom screen`: the public form, one object a line, exit code 1 after all were shown."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from mailroom.cli.screen import screen_command
from tests.unit.raw_mail import a_mail

app = typer.Typer()
app.command()(screen_command)
run = CliRunner()
TERMS = b"PK\x03\x04"


def written(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


def test_one_object_for_each_file_in_the_order_given(tmp_path):
    mail = written(tmp_path, "b.eml", a_mail(subject="lunch", files=(("terms.zip", "application/zip", TERMS),)))
    other = written(tmp_path, "a.eml", a_mail("We have changed our bank details.", subject="note"))

    result = run.invoke(app, ["--json", mail, other])

    first, second = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert first["file"] == mail
    assert first["disposition"] == "unidentified"
    assert first["reason"].startswith("unsupported_format: ")
    assert set(first) == {"file", "disposition", "reason", "rule", "parts"}
    assert first["parts"][1] == {
        "filename": "terms.zip",
        "content_type": "application/zip",
        "sha256": hashlib.sha256(TERMS).hexdigest(),
        "kind": "unsupported",
    }
    assert second["disposition"] == "bank_change_request"


def test_a_missing_file_is_one_clear_sentence_and_the_others_are_still_shown(tmp_path):
    there = written(tmp_path, "a.eml", a_mail(subject="lunch"))

    result = run.invoke(app, ["--json", str(tmp_path / "no.eml"), there])

    first, second = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert first["error"]["code"] == "unreadable_file"
    assert "no.eml cannot be read" in result.stderr
    assert second["file"] == there


def test_other_rules_can_be_given_and_their_faults_are_named(tmp_path):
    mail = written(tmp_path, "a.eml", a_mail(subject="lunch"))
    rule = "rules: [{name: one, when: {subject: lunch}, disposition: statement, reason: hungry}]"
    good, bad = written(tmp_path, "good.yaml", rule.encode()), written(tmp_path, "bad.yaml", b"rules: [{nme: one}]")

    found = json.loads(run.invoke(app, ["--json", "--rules", good, mail]).stdout)
    refused = run.invoke(app, ["--rules", bad, mail])

    assert (found["disposition"], found["rule"], found["reason"]) == ("statement", "one", "hungry")
    assert refused.exit_code == 2
    assert "bad.yaml:1" in refused.stderr


def test_the_table_shows_no_character_that_steers_a_terminal(tmp_path):
    name = "=?utf-8?q?a=1B=5B2J=E2=80=AEfdp.exe?="
    mail = written(tmp_path, "a.eml", f'Content-Disposition: attachment; filename="{name}"\n\nx'.encode())

    result = run.invoke(app, [mail])

    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout


@pytest.mark.parametrize("shared", [True, False])
def test_mail_of_a_shared_mailbox_is_ignored_when_no_rule_claims_it(tmp_path, shared):
    mail = written(tmp_path, "a.eml", a_mail(subject="lunch"))

    found = json.loads(run.invoke(app, ["--json", *(["--shared"] if shared else []), mail]).stdout)

    assert found["disposition"] == ("ignored" if shared else "unidentified")
