"""The configuration folder: every fault at once, and a fault stops only its own customer."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailroom.cli.main import app
from mailroom.settings.configuration import Configuration, CustomerBundle, load_configuration
from mailroom.settings.processes import ProcessChange, ProcessPolicy, changed

SHIPPED = Path(__file__).parents[3] / "config"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "config"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def load(folder: Path, **environment: str) -> Configuration:
    return load_configuration(folder, environment)


def test_what_is_shipped_is_sound(folder: Path):
    found = load(folder)

    assert found.faults == ()
    assert set(found.bundles) == {"acme", "globex", "operator"}


def test_a_misspelt_key_names_file_line_and_what_was_meant(folder: Path):
    edit(folder / "customers/acme.yaml", "timezone:", "timezon:")

    (fault,) = load(folder).faults

    lines = (folder / "customers/acme.yaml").read_text(encoding="utf-8").splitlines()
    assert Path(fault.file).name == "acme.yaml"
    assert lines[fault.line - 1].startswith("timezon:")
    assert fault.suggestion == "timezone"


def test_a_nested_misspelt_key_is_found_too(folder: Path):
    edit(folder / "customers/acme.yaml", "straight_through_limit", "straigth_through_limit")

    (fault,) = load(folder).faults

    assert fault.suggestion == "straight_through_limit"
    assert "approvals.straigth_through_limit" in fault.what


def test_a_fault_stops_only_its_own_customer(folder: Path):
    edit(folder / "customers/acme.yaml", "mode: auto", "mode: turbo")

    found = load(folder)

    assert found.faulty == {"acme"}
    assert set(found.bundles) == {"globex", "operator"}


BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]" for number in range(1, 10)]
)


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        "a: &a [*a]",
        "a: " + "[" * 20_000,
        "name: 2026-13-45",
        "? [a, b]\n: c",
        "? {a: b}\n: c",
        "a: !!int x",
        "\x00",
    ],
    ids=["bomb", "endless", "deep", "no date", "list as key", "map as key", "no number", "nul"],
)
def test_a_file_no_reader_can_hold_stops_only_its_own_customer(folder: Path, content: str):
    (folder / "customers/globex.yaml").write_text(content, encoding="utf-8")

    found = load(folder)

    assert set(found.bundles) == {"acme", "operator"}
    assert any("globex.yaml" in fault.file for fault in found.faults)


def test_what_is_no_file_is_a_fault_and_never_waited_for(folder: Path):
    os.mkfifo(folder / "retry/pipe.yaml")
    (folder / "retry/folder.yaml").mkdir()

    assert sum("no file" in fault.what for fault in load(folder).faults) == 2


def test_all_faults_are_told_at_once(folder: Path):
    edit(folder / "customers/acme.yaml", "mode: auto", "mode: turbo")
    edit(folder / "customers/globex.yaml", "connector: ledger", "connector: leger")
    edit(folder / "mailboxes/acme-invoices.yaml", "dedicated: true", "dedicatd: true")
    (folder / "retry/broken.yaml").write_text("name: [", encoding="utf-8")

    faults = load(folder).faults

    assert {Path(fault.file).name for fault in faults} == {
        "acme.yaml", "globex.yaml", "acme-invoices.yaml", "broken.yaml"
    }  # fmt: skip
    assert [fault.suggestion for fault in faults if Path(fault.file).name == "globex.yaml"] == ["ledger"]


def test_a_broken_mailbox_leaves_the_customers_other_work_going(folder: Path):
    edit(folder / "mailboxes/acme-invoices.yaml", "dedicated: true", "dedicatd: true")

    found = load(folder)

    assert found.bundles["acme"].mailboxes == ()


def test_a_key_that_stands_twice_is_a_fault(folder: Path):
    edit(folder / "customers/acme.yaml", "mode: auto", "mode: shadow\nmode: auto")

    assert [fault.what for fault in load(folder).faults] == ["'mode' stands twice."]


def test_the_environment_fills_in_what_differs_from_machine_to_machine(folder: Path):
    found = load(folder, MAILROOM_LOCAL_IMAP_HOST="127.0.0.1", MAILROOM_LOCAL_IMAP_PORT="20143")

    (mailbox,) = found.bundles["acme"].mailboxes
    assert (mailbox.host, mailbox.port) == ("127.0.0.1", 20143)


def test_a_variable_that_is_not_set_is_a_fault(folder: Path):
    edit(folder / "mailboxes/acme-invoices.yaml", "${MAILROOM_LOCAL_IMAP_HOST:-localhost}", "${MAILROOM_NO_SUCH}")

    (fault,) = load(folder).faults

    assert "MAILROOM_NO_SUCH" in fault.what


@pytest.mark.parametrize("name", ["MAILROOM_SECRET_AUDIT_KEY", "HOME"])
def test_secrets_and_foreign_variables_cannot_be_pulled_into_yaml(folder: Path, name: str):
    edit(folder / "mailboxes/acme-invoices.yaml", "${MAILROOM_LOCAL_IMAP_HOST:-localhost}", f"${{{name}}}")

    found = load_configuration(folder, {name: "stolen"})

    assert "may not be used" in found.faults[0].what


def test_a_file_that_describes_another_name_is_a_fault(folder: Path):
    shutil.copy(folder / "customers/globex.yaml", folder / "customers/initech.yaml")

    assert "describes 'globex'" in load(folder).faults[0].what


def test_a_mailbox_without_a_customer_is_told(folder: Path):
    (folder / "customers/globex.yaml").unlink()

    (fault,) = load(folder).faults

    assert "'globex', which has no file" in fault.what


def test_the_hash_changes_with_any_piece_and_with_nothing_else(folder: Path):
    before = load(folder).bundles["acme"].hash
    assert load(folder).bundles["acme"].hash == before

    edit(folder / "retry/default.yaml", "max_attempts: 3", "max_attempts: 2")

    assert load(folder).bundles["acme"].hash != before


def test_a_bundle_survives_being_kept_as_json(folder: Path):
    bundle = load(folder).bundles["acme"]

    again = CustomerBundle.model_validate(bundle.model_dump(mode="json", by_alias=True))

    assert again == bundle


def a_process() -> ProcessPolicy:
    return ProcessPolicy.model_validate(
        {"name": "p", "steps": [{"name": "read", "settings": {"a": 1}}, {"name": "check"}, {"name": "post"}]}
    )


def test_a_customer_removes_adds_and_configures_steps():
    change = ProcessChange.model_validate(
        {
            "remove": ["post"],
            "add": [{"name": "stamp", "after": "read"}, {"name": "seal", "after": "stamp"}],
            "configure": {"read": {"b": 2}},
        }
    )

    found = changed(a_process(), change)

    assert [step.name for step in found.steps] == ["read", "stamp", "seal", "check"]
    assert found.steps[0].settings == {"a": 1, "b": 2}


def test_changing_a_step_that_is_not_there_names_those_that_are():
    with pytest.raises(ValueError, match="no step 'raed'; its steps are read, check, post"):
        changed(a_process(), ProcessChange(remove=("raed",)))


def test_check_config_tells_unknown_steps_and_settings_of_steps(folder: Path):
    edit(
        folder / "customers/acme.yaml",
        "accounts_payable: {}",
        "accounts_payable: {add: [{name: stamp, after: validate}]}",
    )
    edit(folder / "connectors/ledger.yaml", "timeout_seconds", "timeout_secnds")

    result = CliRunner().invoke(app, ["check-config", "--config-dir", str(folder)])

    assert result.exit_code == 1
    assert "no step is named 'stamp'" in result.output
    assert "timeout_secnds" in result.output
    assert "acme.yaml:" in result.output


def test_check_config_is_content_with_what_is_shipped(folder: Path):
    result = CliRunner().invoke(app, ["check-config", "--config-dir", str(folder)])

    assert (result.exit_code, result.output.strip()) == (0, "3 customers, no faults.")
