"""A customer whose file turns faulty keeps its last good configuration."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

import pytest

from mailroom.bootstrap import Services
from mailroom.domain.errors import ConfigurationError, UnknownIdError
from tests.conftest import make_organization

SHIPPED = Path(__file__).parents[3] / "config"


@pytest.fixture
def environ(tmp_path: Path, login_url: str) -> dict[str, str]:
    shutil.copytree(SHIPPED, tmp_path / "config")
    return {
        "MAILROOM_DATABASE_URL": login_url,
        "MAILROOM_S3_URL": (tmp_path / "objects").as_uri(),
        "MAILROOM_CONFIG_DIR": str(tmp_path / "config"),
        "MAILROOM_SECRET_AUDIT_KEY": "a",
        "MAILROOM_SECRET_TOKEN_KEY": "t",
    }


def test_the_last_good_configuration_stands_in(environ: dict[str, str], organization: UUID, tmp_path: Path):
    with_good = Services(environ)
    good = with_good.setup(organization)
    with_good.close()
    path = tmp_path / "config/customers/acme.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("mode: auto", "mode: turbo"), encoding="utf-8")

    faulty = Services(environ)
    found = faulty.setup(organization)

    assert found.hash == good.hash
    assert found.customer.mode == "auto"
    assert [mailbox.name for mailbox in faulty.setups.bundle(organization).mailboxes] == ["acme-invoices"]
    faulty.close()


def test_a_step_that_does_not_exist_counts_as_a_fault(environ: dict[str, str], organization: UUID, tmp_path: Path):
    with_good = Services(environ)
    good = with_good.setup(organization)
    with_good.close()
    path = tmp_path / "config/customers/acme.yaml"
    added = "accounts_payable: {add: [{name: stamp, after: validate}]}"
    path.write_text(path.read_text(encoding="utf-8").replace("accounts_payable: {}", added), encoding="utf-8")

    faulty = Services(environ)

    assert faulty.setup(organization).hash == good.hash
    faulty.close()


def test_without_a_good_one_the_customer_stands_still_and_the_others_go_on(
    environ: dict[str, str], owner_url: str, organization: UUID, tmp_path: Path
):
    other = make_organization(owner_url, "globex")
    (tmp_path / "config/customers/acme.yaml").write_text("organization: acme\n", encoding="utf-8")

    found = Services(environ)

    assert found.setups.of(organization) is None
    assert found.setup(other).customer.name == "Globex Clinics Ltd"
    with pytest.raises(ConfigurationError, match="check-config"):
        found.setup(organization)
    found.close()


def test_an_unknown_organization_names_the_known_ones(environ: dict[str, str], organization: UUID):
    found = Services(environ)

    with pytest.raises(UnknownIdError, match="known are acme"):
        found.organization("acne")
    found.close()


def test_what_is_missing_is_named(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="MAILROOM_DATABASE_URL is not set"):
        _ = Services({"MAILROOM_CONFIG_DIR": str(tmp_path)}).database
