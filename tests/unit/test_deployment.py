"""The compose file and the Dockerfile, checked without an engine to run them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml
from compose_spec import ComposeSpecification

from mailroom.settings.mailboxes import Mailbox

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


def test_the_compose_file_follows_the_specification():
    ComposeSpecification.model_validate({key: value for key, value in COMPOSE.items() if not key.startswith("x-")})


def test_every_part_of_production_is_there():
    assert {"api-server", "scheduler", "dag-processor", "triggerer", "worker", "web"} <= set(SERVICES)
    assert {"postgres", "redis", "objects", "clamd"} <= set(SERVICES)
    assert SERVICES["worker"]["environment"]["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"


def test_production_scans_every_mail_with_the_clamd_beside_it():
    for name in ("worker", "web"):
        environment = SERVICES[name]["environment"]
        assert environment["MAILROOM_VIRUS_SCAN"] == "clamd"
        assert environment["MAILROOM_CLAMD_ADDRESS"] == "tcp://clamd:3310"
    limits = SERVICES["clamd"]["environment"]
    # clamd.conf(5): without AlertExceedsMax, clamd calls clean what it did not look through.
    assert limits["CLAMD_CONF_AlertExceedsMax"] == "yes"
    largest_mail = Mailbox.model_fields["max_message_bytes"].default
    for name in ("StreamMaxLength", "MaxFileSize", "MaxScanSize"):
        assert int(limits[f"CLAMD_CONF_{name}"].removesuffix("M")) * 1024 * 1024 > largest_mail


def test_late_work_is_no_reason_to_restart_the_web_process():
    # /health is 503 when mail is late; an orchestrator would act on it.
    assert "/live" in " ".join(SERVICES["web"]["healthcheck"]["test"])


def test_no_password_stands_in_the_file():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    literal = [
        line for line in text.splitlines()
        if re.search(r"(PASSWORD|SECRET|KEY)\w*: (?!/run/secrets|\$\{|\{file: )", line)
    ]  # fmt: skip

    assert literal == []


def test_nothing_listens_beyond_this_machine_by_itself():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_image_does_not_run_as_root():
    users = re.findall(r"^USER (\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)

    assert users == ["mailroom"]


@pytest.mark.parametrize("path", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_index(path: str):
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if re.match(r"[a-z0-9]", line)]

    assert all("==" in line for line in packages)
    assert sum("--hash=sha256:" in line for line in lines) >= len(packages)
    assert not [line for line in lines if "index-url" in line or "://" in line]


def test_every_setting_is_listed():
    from mailroom.local.settings import StackSettings
    from mailroom.settings.environment import Environment

    listed = set(re.findall(r"^(MAILROOM_\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    known = {f"MAILROOM_{name.upper()}" for name in Environment.model_fields}

    assert known <= listed
    assert {name for name in StackSettings.model_fields if name.startswith("port_")} <= {
        name.removeprefix("MAILROOM_").lower() for name in listed
    }
    assert os.environ.get("HOME", "/nowhere") not in (ROOT / ".env.example").read_text(encoding="utf-8")
