"""A connector's YAML is checked with the connector's own eyes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from erp_connectors.registry import connector_class
from mailroom.settings.connectors import ConnectorEntry, connector_faults
from mailroom.settings.loading import load_file

EXAMPLES = sorted((Path(__file__).parents[2] / "config" / "connectors").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_sound(path):
    entry, faults = load_file(path, ConnectorEntry, {})

    assert path.read_text().startswith("# yaml-language-server: $schema=../schemas/connector.json\n")
    assert faults == []
    assert entry is not None
    assert entry.name == path.stem
    assert connector_faults(entry, connector_class(entry.connector).Settings) == []


def test_a_fault_of_the_connector_has_its_path_in_the_file():
    entry = ConnectorEntry(name="outbox", connector="file_drop", settings={"folder": "relative", "line_csv": True})

    assert connector_faults(entry, connector_class("file_drop").Settings) == [
        (("settings", "folder"), "'relative' must be an absolute path"),
        (("settings", "line_csv"), "is not known here; did you mean 'lines_csv'?"),
    ]


def test_a_connector_without_a_schema_checks_its_settings_itself():
    assert connector_faults(ConnectorEntry(name="any", connector="any", settings={"what": "ever"}), None) == []


def test_a_secret_is_named_and_never_written():
    with pytest.raises(ValidationError, match=r"secrets\.password"):
        ConnectorEntry(name="ledger", connector="sql", secrets={"password": "hunter2!"})
