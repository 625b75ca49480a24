"""`make new-connector` writes a package that is a connector from the first minute."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools.new_connector import write_package

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, str(ROOT / "tools" / "new_connector.py")]


def test_the_package_passes_the_suite_as_it_is_written(tmp_path):
    made = subprocess.run([*COMMAND, "north_wind", "--to", str(tmp_path)], capture_output=True, text=True, check=True)
    folder = tmp_path / "erp-connector-north-wind"
    environ = {**os.environ, "PYTHONPATH": str(folder)}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert str(folder) in made.stdout
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert int(ran.stdout.rsplit("\n", 2)[-2].split()[0]) > 50


def test_nothing_of_the_pattern_is_left_in_it(tmp_path):
    folder = write_package("north_wind", tmp_path)
    written = "\n".join([f"{path}\n{path.read_text()}" for path in folder.rglob("*") if path.is_file()])

    assert "example" not in written.lower()
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["name"] == "erp-connector-north-wind"
    assert project["entry-points"]["erp_connectors"] == {"north_wind": "north_wind:NorthWindConnector"}


@pytest.mark.parametrize("name", ["", "North", "2nd", "a-b", "../x", "class", "json", "sql"])
def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(tmp_path, name):
    refused = subprocess.run([*COMMAND, "--to", str(tmp_path), "--", name], capture_output=True, text=True)

    assert refused.returncode == 1
    assert refused.stderr.startswith("new-connector: ")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_left_as_it_is(tmp_path):
    folder = write_package("north_wind", tmp_path)
    (folder / "README.md").write_text("mine")
    with pytest.raises(ValueError, match="is there already"):
        write_package("north_wind", tmp_path)

    assert (folder / "README.md").read_text() == "mine"
