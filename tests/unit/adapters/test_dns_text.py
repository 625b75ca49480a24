from __future__ import annotations

import os

import pytest

from mailroom.adapters.dns_text import zone_text
from mailroom.domain.errors import ConfigurationError

ZONE = """\
bank.test. 300 IN MX 10 localhost.
s._domainkey.bank.test. 300 IN TXT "v=DKIM1; k=rsa; " "p=abc"
_dmarc.bank.test. 300 IN TXT "v=DMARC1; p=reject"
"""


def test_records_of_a_zone_file_are_found_with_their_strings_joined(tmp_path):
    file = tmp_path / "zone"
    file.write_text(ZONE)
    look_up = zone_text(file)

    assert look_up("s._domainkey.bank.test.") == b"v=DKIM1; k=rsa; p=abc"
    assert look_up("_DMARC.Bank.test") == b"v=DMARC1; p=reject"
    assert look_up("bank.test") is None
    assert look_up("nobody.test") is None


def test_a_changed_zone_file_is_read_again(tmp_path):
    file = tmp_path / "zone"
    file.write_text(ZONE)
    look_up = zone_text(file)
    look_up("_dmarc.bank.test")

    file.write_text('_dmarc.bank.test. 300 IN TXT "v=DMARC1; p=none"\n')
    os.utime(file, ns=(1, 1))

    assert look_up("_dmarc.bank.test") == b"v=DMARC1; p=none"


@pytest.mark.parametrize("content", [None, "not a zone at all ("])
def test_a_zone_file_that_cannot_be_read_is_named(tmp_path, content):
    file = tmp_path / "zone"
    if content is not None:
        file.write_text(content)

    with pytest.raises(ConfigurationError, match="zone"):
        zone_text(file)("bank.test")
