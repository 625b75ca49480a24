"""`mailroom reply`: what a reply says, and that nothing is decided without a known request."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from mailroom.cli.reply import is_mail, reply
from tests.unit.approvals.signing import SigningDomain
from tests.unit.raw_mail import APPROVER, a_mail

app = typer.Typer()
app.command()(reply)
run = CliRunner()


def shown(path, *options) -> dict:
    result = run.invoke(app, ["--json", *options, str(path)])
    assert result.exit_code == 0
    return json.loads(result.stdout)


def result_of(found: dict, check: str) -> str:
    return next(row["result"] for row in found["checks"] if row["check"] == check)


def test_a_mail_is_shown_with_every_check(tmp_path):
    (tmp_path / "r.eml").write_bytes(
        a_mail("Approved, thanks\n\nOn 2 Mar 2026 at 9:00, AP wrote:\n> old", sender=APPROVER)
    )

    found = shown(tmp_path / "r.eml")

    assert list(found) == ["file", "new_text", "said", "decision", "reason", "checks"]
    assert (found["new_text"], found["said"], found["decision"]) == ("Approved, thanks", "approve", "none")
    assert result_of(found, "proof") == "fail"
    assert result_of(found, "approver") == "cannot_tell"


def test_a_bare_text_is_a_body(tmp_path):
    (tmp_path / "r.txt").write_text("From: here on\n\nRejected")

    assert shown(tmp_path / "r.txt")["new_text"] == "From: here on\n\nRejected"


def test_a_signature_is_checked_against_the_zone_file_of_the_local_profile(tmp_path, monkeypatch):
    bank = SigningDomain()
    (tmp_path / "zone").write_text(
        f's._domainkey.bank.test. 300 IN TXT "{bank.record[:200].decode()}" "{bank.record[200:].decode()}"\n'
    )
    (tmp_path / "r.eml").write_bytes(bank.sign(a_mail("Approved", sender=APPROVER)))
    monkeypatch.setenv("MAILROOM_DNS_ZONE_FILE", str(tmp_path / "zone"))
    monkeypatch.setenv("MAILROOM_PROFILE", "local")

    found = shown(tmp_path / "r.eml", "--proof", "dkim")

    assert result_of(found, "proof") == "pass"
    assert found["decision"] == "none"


def test_an_unknown_proof_is_named(tmp_path):
    (tmp_path / "r.eml").write_bytes(a_mail())

    result = run.invoke(app, ["--proof", "trust me", str(tmp_path / "r.eml")])

    assert result.exit_code == 2
    assert "trust me" in result.stderr


@pytest.mark.parametrize(
    ("raw", "name", "expected"),
    [
        (b"Approved", "reply", False),
        (b"From: a\nTo: b\n\nApproved", "reply", False),
        (b"Received: x\nFrom: a@b.test\n\nApproved", "reply", True),
        (b"Approved", "reply.eml", True),
    ],
)
def test_a_mail_is_told_from_a_text(raw, name, expected):
    assert is_mail(raw, name) is expected
