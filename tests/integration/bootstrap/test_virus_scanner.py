"""Only the local profile reads mail that nothing has scanned."""

from __future__ import annotations

import pytest

from mailroom.adapters.clamd import ClamdScanner
from mailroom.bootstrap import Services
from mailroom.bootstrap.work import intake, notes
from mailroom.domain.errors import ConfigurationError


def environ(login_url: str, **changes: str) -> dict[str, str]:
    return {
        "MAILROOM_DATABASE_URL": login_url,
        "MAILROOM_S3_URL": "file:///var/tmp/mailroom-not-written",
        "MAILROOM_SECRET_AUDIT_KEY": "a",
        "MAILROOM_SECRET_TOKEN_KEY": "t",
        **{f"MAILROOM_{name}": value for name, value in changes.items()},
    }


@pytest.mark.parametrize("profile", [{}, {"PROFILE": "production"}])
def test_production_reads_no_mail_unscanned(login_url: str, profile: dict[str, str]):
    found = Services(environ(login_url, VIRUS_SCAN="off", **profile))

    with pytest.raises(ConfigurationError, match="MAILROOM_VIRUS_SCAN is off") as raised:
        intake(found)

    assert raised.value.code == "no_virus_scan"
    found.close()


def test_production_scans_with_clamd(login_url: str):
    found = Services(environ(login_url, VIRUS_SCAN="clamd", CLAMD_ADDRESS="unix:///run/clamd.ctl"))

    reader = intake(found)

    assert isinstance(reader.scanner, ClamdScanner)
    assert reader.scanner.address == "unix:///run/clamd.ctl"
    assert notes(found) == []
    found.close()


def test_the_local_profile_may_do_without_and_every_report_says_so(login_url: str):
    found = Services(environ(login_url, PROFILE="local"))

    assert intake(found).scanner is None
    assert "not scanned" in notes(found)[0]
    found.close()
