"""Connectors are found by the name of their entry point, or named when they are not."""

from __future__ import annotations

import sys

import pytest

from erp_connectors.file_drop import FileDropConnector
from erp_connectors.interface import UnknownConnectorError
from erp_connectors.registry import connector_class, installed, open_connector


def test_the_connectors_of_this_package_are_installed():
    assert {"file_drop", "sql"} <= set(installed())
    assert connector_class("file_drop") is FileDropConnector


def test_a_connector_is_opened_by_name(tmp_path):
    assert open_connector("file_drop", {"folder": str(tmp_path)}, {}).check().system == "folder"


def test_a_misspelt_name_is_answered_with_what_was_meant_and_what_there_is():
    with pytest.raises(UnknownConnectorError, match=r"did you mean 'file_drop'\? installed: .*file_drop.*sql"):
        connector_class("filedrop")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("no_such_package:Connector", "does not load"),
        ("decimal:Decimal", "which is not a connector: it has no accepts_key"),
    ],
)
def test_a_package_that_offers_no_connector_is_named(tmp_path, monkeypatch, target, message):
    package = tmp_path / "broken_erp-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-erp\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text(f"[erp_connectors]\nbroken = {target}\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    with pytest.raises(UnknownConnectorError, match=message):
        connector_class("broken")
