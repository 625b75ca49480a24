import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from mailroom.cli.extract import app
from mailroom.demo.paper_others import spoiled_file
from tests.unit.documents.papers import an_invoice, an_invoice_pdf


@pytest.fixture
def files(tmp_path):
    (tmp_path / "b.pdf").write_bytes(an_invoice_pdf(number="B-2024-2"))
    (tmp_path / "a.pdf").write_bytes(an_invoice_pdf(number="A-2024-1"))
    (tmp_path / "locked.pdf").write_bytes(spoiled_file("encrypted", an_invoice()))
    return tmp_path


def _lines(result):
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith('{"file"')]


def test_one_object_a_file_in_the_order_of_the_arguments(files):
    result = CliRunner().invoke(app, [str(files / "b.pdf"), str(files / "a.pdf"), "--json"])

    bodies = _lines(result)
    assert result.exit_code == 0
    assert [body["file"] for body in bodies] == [str(files / "b.pdf"), str(files / "a.pdf")]
    found = bodies[0]["documents"][0]["fields"]["invoice_number"]
    assert found["value"] == "B-2024-2"
    assert set(found) == {"value", "confidence", "source", "page", "box"}


def test_an_unreadable_file_is_an_error_and_the_others_are_still_read(files):
    result = CliRunner().invoke(
        app, [str(files / "locked.pdf"), str(files / "none.pdf"), str(files / "a.pdf"), "--json"]
    )

    locked, missing, good = _lines(result)
    assert result.exit_code == 1
    assert locked["error"]["code"] == "encrypted"
    assert missing["error"]["code"] == "not_found"
    assert good["documents"]


def test_without_json_a_person_reads_a_table(files):
    result = CliRunner().invoke(app, [str(files / "a.pdf")])

    assert "A-2024-1" in result.stdout
    assert "layout: read" in result.stdout


def test_standard_output_holds_nothing_but_the_answers(files):
    program = "from mailroom.cli.main import run; run()"
    names = [str(files / "locked.pdf"), str(files / "a.pdf")]
    command = [sys.executable, "-c", program, "extract", *names, "--json"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == names


def test_an_unknown_reader_is_refused(files):
    result = CliRunner().invoke(app, [str(files / "a.pdf"), "--readers", "magic"])

    assert result.exit_code == 2
