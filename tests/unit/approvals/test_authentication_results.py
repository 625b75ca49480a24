"""Authentication-Results: the examples of RFC 8601, appendix B, and what only looks like a result."""

from __future__ import annotations

import pytest

from mailroom.approvals.authentication_results import parse_authentication_results


def test_nothing_was_checked():
    parsed = parse_authentication_results("example.org 1; none")

    assert parsed is not None
    assert (parsed.server, parsed.results) == ("example.org", ())


def test_several_methods_with_comments():
    parsed = parse_authentication_results(
        "example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; spf=pass smtp.mailfrom=example.net"
    )

    assert parsed is not None
    assert parsed.server == "example.com"
    assert [(result.method, result.result) for result in parsed.results] == [("auth", "pass"), ("spf", "pass")]
    assert parsed.of("spf")[0].properties == {"smtp.mailfrom": "example.net"}


def test_case_folding_and_quoted_values():
    parsed = parse_authentication_results('MX.Bank.Test;\r\n\tDMARC=Pass reason="all; good" header.from=Bank.Test')

    assert parsed is not None
    assert parsed.server == "mx.bank.test"
    assert (parsed.of("dmarc")[0].result, parsed.of("dmarc")[0].properties["header.from"]) == ("pass", "bank.test")


def test_microsoft_names_no_server():
    parsed = parse_authentication_results(
        "spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=bank.test; dkim=pass (signature was verified) "
        "header.d=bank.test;dmarc=pass action=none header.from=bank.test;compauth=pass reason=100"
    )

    assert parsed is not None
    assert parsed.server is None
    assert parsed.of("dmarc")[0].properties["header.from"] == "bank.test"


@pytest.mark.parametrize(
    "value",
    [
        "mx.test; dkim=fail (dmarc=pass header.from=bank.test)",
        "mx.test; dkim=fail (a (nested) dmarc=pass) header.d=x.test",
        'mx.test; dkim=fail reason="x; dmarc=pass header.from=bank.test"',
        'mx.test; dkim=fail reason="a \\"; dmarc=pass header.from=bank.test"',
    ],
)
def test_comments_and_quoted_strings_are_no_results(value):
    parsed = parse_authentication_results(value)

    assert parsed is not None
    assert parsed.of("dmarc") == ()


@pytest.mark.parametrize(
    "value",
    [
        "",
        ";",
        "mx.test (open; dmarc=pass",
        'mx.test; dmarc="pass',
        "mx.test; dmarc",
        "mx.test extra words; dmarc=pass",
        "mx.test; dmarc=pass header.from",
        "mx.test) ; dmarc=pass",
        "x" * 20_000,
    ],
)
def test_what_is_not_well_formed_is_nothing(value):
    assert parse_authentication_results(value) is None
