"""Attack T4: a From header that two programs could read differently names nobody."""

from __future__ import annotations

import time

import pytest

from mailroom.domain.rfc822.addresses import addresses, split_addresses, strict_sender


@pytest.mark.parametrize(
    "value",
    [
        "approver@bank.test",
        "<approver@bank.test>",
        "Ann Approver <approver@bank.test>",
        '"Approver, Ann" <approver@bank.test>',
        "=?utf-8?q?Ann_Appr=C3=B6ver?= <approver@bank.test>",
        "APPROVER@Bank.Test",
        " Ann\r\n <approver@bank.test>",
    ],
)
def test_one_plain_mailbox_is_the_sender(value):
    assert strict_sender([value]).address == "approver@bank.test"


@pytest.mark.parametrize(
    "value",
    [
        "approver@bank.test <evil@x.test>",
        "<approver@bank.test> <evil@x.test>",
        "=?utf-8?q?approver?=@bank.test",
        "evil@x.test(<approver@bank.test>",
        "approver@bank.test (evil@x.test)",
        "(comment) approver@bank.test",
        "approver@b\u0430nk.test",
        "Ann <approver@b\u0430nk.test>",
        "Group: approver@bank.test;",
        "approver@bank.test, evil@x.test",
        '"approver@bank.test" evil@x.test',
        '"approver"@bank.test',
        "<@evil.test:approver@bank.test>",
        "approver@bank.test\x00evil@x.test",
        "approver@[10.0.0.1]",
        "approver@bank",
        "approver..x@bank.test",
        "Ann <approver@bank.test",
        "",
        "x" * 2_000 + "@bank.test",
    ],
)
def test_anything_else_names_nobody(value):
    sender = strict_sender([value])

    assert sender.address is None
    assert sender.reason


def test_two_from_headers_name_nobody():
    assert strict_sender(["approver@bank.test", "evil@x.test"]).reason == "more than one From header"


def test_a_quoted_name_that_looks_like_an_address_is_only_a_name():
    assert strict_sender(['"approver@bank.test" <evil@x.test>']).address == "evil@x.test"


def test_rules_see_every_address():
    assert addresses(['"Doe, John" <JOHN@x.test>, group: a@b.test, c@d.test;', "e@f.test (John, j@k.test)"]) == (
        "john@x.test",
        "a@b.test",
        "c@d.test",
        "e@f.test",
    )


def test_commas_in_quotes_and_comments_separate_nothing():
    assert len(split_addresses('"a, b" <c@d.test>, (x, y) e@f.test')) == 2


@pytest.mark.parametrize(
    "value", ["a" * 900 + "(", "a " * 450 + "(", '"a" ' * 200 + "(", "a." * 450, "a@" + "b-" * 400]
)
def test_a_long_name_costs_little(value):
    begun = time.perf_counter()

    assert strict_sender([value]).address is None
    assert time.perf_counter() - begun < 1
