"""Whatever is wrong, a command says it in one sentence on standard error and does not exit 0."""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import UUID

import pytest

from mailroom.cli.main import run
from mailroom.local.postgres import Postgres

NO_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which no stack runs and nothing is set."""
    monkeypatch.setenv("MAILROOM_STATE_DIR", str(tmp_path / "state"))


@pytest.fixture
def with_database(bare: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, login_url: str, organization: UUID):
    """The settings of a sound machine, with one organization."""
    settings = {
        "DATABASE_URL": login_url,
        "S3_URL": (tmp_path / "objects").as_uri(),
        "PROFILE": "local",
        "SECRET_AUDIT_KEY": "a",
        "SECRET_TOKEN_KEY": "t",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"MAILROOM_{name}", value)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run a command; return its exit code and what it says on standard error."""

    def say(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["mailroom", *words])
        with pytest.raises(SystemExit) as ended:
            run()
        code = ended.value.code
        assert isinstance(code, int)
        return code, capsys.readouterr().err

    return say


@pytest.mark.parametrize(
    "words",
    [
        ["tick"], ["poll"], ["messages", "list"], ["transactions", "list"], ["approvals", "list"],
        ["suppliers", "list"], ["mailboxes", "list"], ["connectors", "list"], ["report", "daily"],
        ["audit", "verify"], ["user", "list"],
        ["organization", "list"], ["migrate"], ["serve"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_where_nothing_runs_and_nothing_is_set(said, words: list[str]):
    code, error = said(*words)

    assert code == 1
    assert error.count("\n") == 1
    assert "MAILROOM_DATABASE" in error
    assert "is not set" in error


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_the_status_of_a_stack_that_does_not_run(said, capsys, monkeypatch, options: list[str], tmp_path: Path):
    monkeypatch.setattr(sys, "argv", ["mailroom", "status", *options])

    with pytest.raises(SystemExit) as ended:
        run()

    found = capsys.readouterr()
    assert ended.value.code == 1
    assert "stopped" in " ".join((found.err if options else found.out).split())
    assert not (options and found.out)


@pytest.mark.parametrize("command", ["audit", "organization", "migrate"])
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql+psycopg://a:hush@127.0.0.1:9/x", "no answer"),
        ("WRONG_PASSWORD", "password authentication failed"),
        ("NO_SUCH_DATABASE", 'database "nothing" does not exist'),
        ("sqlite:///hush", "none of Postgres"),
        ("hush", "none of Postgres"),
        ("postgresql+psycopg://a:hush@127.0.0.1:port/x", "none of Postgres"),
    ],
)
def test_a_database_that_cannot_be_used(
    said, monkeypatch, with_database, postgres: Postgres, command: str, address: str, told: str
):
    named = {
        "WRONG_PASSWORD": postgres.url("postgres", user="mailroom_login", password="hush"),
        "NO_SUCH_DATABASE": postgres.url("nothing"),
    }
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.setenv(f"MAILROOM_{name}", named.get(address, address))
    words = {"audit": ["audit", "verify"], "organization": ["organization", "list"], "migrate": ["migrate"]}[command]

    code, error = said(*words)

    assert code == 1
    assert error.count("\n") == 1
    assert told in error
    assert "hush" not in error


def test_a_database_without_a_schema(said, monkeypatch, with_database, postgres: Postgres):
    empty = postgres.create_database("without_a_schema")
    monkeypatch.setenv("MAILROOM_DATABASE_URL", empty)
    monkeypatch.setenv("MAILROOM_DATABASE_OWNER_URL", empty)

    for words in (["messages", "list"], ["organization", "list"]):
        code, error = said(*words)
        assert code == 1
        assert "run `mailroom migrate`" in error


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["messages", "show", NO_ID], "there is no message"),
        (["messages", "show", "x"], "is no id"),
        (["transactions", "show", NO_ID], "there is no transaction"),
        (["transactions", "continue", NO_ID, "--step", "extract", "--reason", "r"], "there is no transaction"),
        (["transactions", "correct", NO_ID, "nothing", "--reason", "r"], "is no correction"),
        (["transactions", "release", NO_ID, "--reason", "r"], "there is no transaction"),
        (["transactions", "posted", NO_ID, "4711", "--reason", "r"], "there is no transaction"),
        (["transactions", "reject", NO_ID, "--reason", "r"], "there is no transaction"),
        (["transactions", "cancel", NO_ID, "--reason", "r"], "there is no transaction"),
        (["transactions", "list", "-o", "nobody"], "no active organization 'nobody'"),
        (["approvals", "show", NO_ID], "there is no approval"),
        (["poll", "nobody"], "there is no mailbox 'nobody'"),
        (["mailboxes", "test", "nobody"], "there is no mailbox 'nobody'"),
        (["suppliers", "import", "/nowhere.csv", "-o", "acme"], "/nowhere.csv cannot be read"),
        (["suppliers", "import", "/", "-o", "acme"], "/ cannot be read"),
        (["report", "daily", "--date", "tomorrow"], "is no date"),
        (["report", "daily", "--date", "0001-01-01"], "there is no report"),
        (["report", "daily", "--date", "9999-12-31"], "there is no report"),
        (["audit", "verify", "-o", "nobody"], "no active organization 'nobody'"),
        (["user", "revoke", "a@b.example", "-o", "acme"], "has no user"),
        (["api-key", "revoke", NO_ID, "-o", "acme"], "no valid key"),
        (["bench", "nothing"], "no benchmark"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_what_is_not_there(said, with_database, words: list[str], told: str):
    code, error = said(*words)

    assert code == 1
    assert error.count("\n") == 1
    assert told in error


@pytest.mark.parametrize("words", [["transactions", "list", "--state"], ["messages", "list", "--disposition"]])
def test_a_state_or_disposition_that_does_not_exist(said, words: list[str]):
    code, error = said(*words, "nothing")

    assert code == 2
    assert "'nothing' is not one of" in " ".join(error.split())


@pytest.mark.parametrize(
    ("setting", "value", "words", "told"),
    [
        ("CONFIG_DIR", "/nowhere", ["tick"], "There is no configuration folder /nowhere"),
        ("CONFIG_DIR", "/nowhere", ["poll"], "There is no configuration folder /nowhere"),
        ("S3_URL", "", ["tick"], "MAILROOM_S3_URL is not set"),
        ("S3_URL", "nowhere", ["tick"], "is no object store"),
        ("S3_URL", "file:///proc/nowhere", ["tick"], "/proc/nowhere cannot be used"),
        ("SECRET_AUDIT_KEY", "", ["audit", "verify"], "There is no secret AUDIT_KEY"),
        ("SECRET_TOKEN_KEY", "", ["serve"], "There is no secret TOKEN_KEY"),
        ("LOG_LEVEL", "loud", ["messages", "list"], "MAILROOM_LOG_LEVEL"),
        ("CLAMD_ADDRESS", "somewhere", ["tick"], "MAILROOM_CLAMD_ADDRESS"),
        ("PROFILE", "production", ["tick"], "MAILROOM_VIRUS_SCAN"),
    ],
)
def test_a_setting_that_is_wrong(said, monkeypatch, with_database, setting: str, value: str, words, told: str):
    monkeypatch.setenv("MAILROOM_VIRUS_SCAN", "clamd" if setting == "CLAMD_ADDRESS" else "off")
    monkeypatch.setenv(f"MAILROOM_{setting}", value)

    code, error = said(*words)

    assert code == 1
    assert error.count("\n") == 1
    assert told in error


def test_a_mailbox_that_cannot_be_read_is_named_and_the_exit_says_so(said, monkeypatch, with_database, capsys):
    monkeypatch.setenv("MAILROOM_SECRET_LOCAL_MAIL_PASSWORD", "x")
    monkeypatch.setenv("MAILROOM_LOCAL_IMAP_HOST", "127.0.0.1")
    monkeypatch.setenv("MAILROOM_LOCAL_IMAP_PORT", "9")
    monkeypatch.setattr(sys, "argv", ["mailroom", "tick"])

    with pytest.raises(SystemExit) as ended:
        run()

    assert ended.value.code == 1
    assert "acme-invoices: Could not" in capsys.readouterr().out
