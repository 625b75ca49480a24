"""`mailroom suppliers` from outside."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailroom.cli.suppliers import app
from tests.integration.payables.desk import PROCESS_FILE
from tests.servers.tryton.server import TrytonServer
from tests.servers.tryton.template import DATABASE, PASSWORD

CONFIG = PROCESS_FILE.parents[1]
HEAD = "number;name;bank_accounts\n"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, login_url: str, organization, tmp_path: Path):
    for name, value in {
        "DATABASE_URL": login_url,
        "CONFIG_DIR": str(CONFIG),
        "SECRET_AUDIT_KEY": "for-tests-only",
        "SECRET_TOKEN_KEY": "for-tests-only",
        "ACTOR": "jo",
        "S3_URL": (tmp_path / "objects").as_uri(),
    }.items():
        monkeypatch.setenv(f"MAILROOM_{name}", value)

    def call(*arguments: str):
        return CliRunner().invoke(app, list(arguments))

    return call


def test_a_file_is_imported_and_its_bad_rows_are_named_with_their_line(run, tmp_path: Path):
    file = tmp_path / "suppliers.csv"
    file.write_text(HEAD + "1;Müller;DE89370400440532013000\n2;;\n3;Drei;\n", encoding="cp1252")

    done = run("import", str(file))

    assert done.exit_code == 1
    assert "2 suppliers added" in done.stdout
    assert f"{file}:3: it has no name" in done.stderr
    listed = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    assert [(each["number"], each["name"], each["trusted_accounts"]) for each in listed] == [
        ("1", "Müller", 1),
        ("3", "Drei", 0),
    ]


def test_an_account_of_a_known_supplier_is_named_and_left_out_until_a_person_adds_it(run, tmp_path: Path):
    file = tmp_path / "suppliers.csv"
    file.write_text(HEAD + "1;One;\n")
    run("import", str(file))
    file.write_text(HEAD + "1;One;NL91ABNA0417164300\n")

    again = run("import", str(file))
    assert "add-account 1" in again.stderr
    assert json.loads(run("show", "1", "--json").stdout)["accounts"] == []

    run("add-account", "1", "NL91 ABNA 0417 1643 00")
    (account,) = json.loads(run("show", "1", "--json").stdout)["accounts"]
    assert (account["account"], account["trusted_by"]) == ("NL91ABNA0417164300", "cli:jo")


def test_a_connection_that_lists_no_suppliers_or_is_another_customers_is_named(run, monkeypatch):
    monkeypatch.setenv("MAILROOM_SECRET_LEDGER_PASSWORD", "not used: nothing is asked")
    assert "posts through 'ledger'" in str(run("import", "--from", "tryton").exception)
    assert "cannot list suppliers" in str(run("import", "--from", "ledger").exception)
    assert "either the CSV file" in str(run("import").exception)


@pytest.mark.xdist_group("tryton")
def test_suppliers_are_taken_over_from_the_accounting_system(
    run, tryton: TrytonServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    tryton.restore()
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    customer, connector = config / "customers" / "acme.yaml", config / "connectors" / "tryton.yaml"
    customer.write_text(customer.read_text().replace("connector: ledger", "connector: tryton"))
    connector.write_text(connector.read_text().replace("database: tryton", f"database: {DATABASE}"))
    monkeypatch.setenv("MAILROOM_CONFIG_DIR", str(config))
    monkeypatch.setenv("MAILROOM_TRYTON_URL", f"http://127.0.0.1:{tryton.port}")
    monkeypatch.setenv("MAILROOM_SECRET_TRYTON_PASSWORD", PASSWORD)

    done = run("import", "--from", "tryton")

    assert done.exit_code == 0, (done.stderr, done.exception)
    assert "2 suppliers added" in done.stdout
    shown = json.loads(run("show", "S-100", "--json").stdout)
    assert (shown["name"], shown["tax_ids"]) == ("Paper Mill Ltd", ["ATU13585627"])
    assert [(each["account"], each["trusted_by"]) for each in shown["accounts"]] == [("AT611904300234573201", "cli:jo")]
    assert "0 suppliers added, 2 brought up to date" in run("import", "--from", "tryton").stdout
