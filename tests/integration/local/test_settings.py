"""Ports, generated secrets, and the names of Airflow's options."""

from __future__ import annotations

import importlib.util
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from mailroom.domain.errors import ConfigurationError
from mailroom.local.generated import generated
from mailroom.local.listening import PortClaims
from mailroom.local.settings import StackSettings
from mailroom.local.stack import Stack
from mailroom.local.state_folder import StateFolder


@pytest.fixture
def taken() -> Iterator[int]:
    """A port this very process listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_named_with_its_holder_and_the_setting_that_changes_it(taken: int, monkeypatch):
    monkeypatch.setenv("MAILROOM_PORT_IMAP", str(taken))

    with pytest.raises(ConfigurationError) as failure:
        StackSettings().with_ports_claimed(PortClaims(), ["imap"])

    said = failure.value.message
    assert f"Port {taken} for imap is taken by " in said
    assert f"(process {os.getpid()})" in said
    assert "MAILROOM_PORT_IMAP" in said
    assert "--ports auto" in said


def test_automatic_ports_replace_taken_ones_only(taken: int):
    asked = StackSettings(ports="auto", port_imap=taken, port_smtp=taken)

    settings = asked.with_ports_claimed(PortClaims(), ["imap", "smtp"])

    assert taken not in {settings.port_imap, settings.port_smtp}
    assert settings.port_imap != settings.port_smtp
    assert settings.port_web == StackSettings().port_web


def test_one_port_for_two_servers_is_refused():
    with pytest.raises(ConfigurationError, match=r"for smtp is taken by our own imap"):
        StackSettings(port_imap=24025, port_smtp=24025).with_ports_claimed(PortClaims(), ["imap", "smtp"])


def test_a_port_another_stack_has_claimed_is_taken_though_nobody_listens_yet():
    first, second = PortClaims(), PortClaims()
    settings = StackSettings(port_airflow=first.claim_any())

    with pytest.raises(ConfigurationError, match=r"for airflow is taken by another stack"):
        settings.with_ports_claimed(second, ["airflow"])
    first.release()
    assert settings.with_ports_claimed(second, ["airflow"]) == settings


def test_a_port_that_is_none_is_named_by_its_variable_and_an_empty_one_is_the_default(monkeypatch):
    monkeypatch.setenv("MAILROOM_PORT_WEB", "eighty")
    monkeypatch.setenv("MAILROOM_PORT_SMTP", "")

    with pytest.raises(ConfigurationError, match=r"^MAILROOM_PORT_WEB: Input should be a valid integer") as failure:
        StackSettings.from_environment()
    assert "SMTP" not in failure.value.message


def test_secrets_are_made_once_and_differ_between_stacks(tmp_path: Path):
    first = generated(StateFolder(tmp_path / "one"))

    assert generated(StateFolder(tmp_path / "one")) == first
    other = generated(StateFolder(tmp_path / "other"))
    assert not set(first.values()) & set(other.values())


def test_a_damaged_file_of_secrets_is_not_replaced(tmp_path: Path):
    folder = StateFolder(tmp_path)
    generated(folder)
    (folder.secrets / "generated.json").write_text("{")

    with pytest.raises(ConfigurationError, match=r"generated\.json cannot be read"):
        generated(folder)
    assert (folder.secrets / "generated.json").read_text() == "{"


def test_every_option_set_is_one_the_installed_airflow_has(tmp_path: Path):
    known = airflow_options()
    ours = [name for name in Stack(StackSettings(state_dir=tmp_path)).environment() if name.startswith("AIRFLOW__")]

    assert len(ours) > 20
    for name in ours:
        section, option = re.fullmatch(r"AIRFLOW__([A-Z_]+?)__([A-Z_]+)", name).groups()
        assert option.lower() in known.get(section.lower(), ()), name


def airflow_options() -> dict[str, set[str]]:
    """Read what Airflow's own description of its configuration lists, without importing Airflow."""
    [place] = importlib.util.find_spec("airflow").submodule_search_locations
    described = yaml.safe_load((Path(place) / "config_templates" / "config.yml").read_text())
    return {section: set(content["options"]) for section, content in described.items()}
