"""Tokens: bound to what was asked, found only where the sender's program puts them (T6, T10)."""

from __future__ import annotations

import hashlib
import re
from uuid import UUID

import pytest

from mailroom.domain.approval_token import (
    approval_message_id,
    make_token,
    subject_tag,
    token_hash,
    tokens_in,
    without_tokens,
)
from mailroom.domain.rfc822 import read_mail
from tests.unit.raw_mail import raw

KEY = b"a key of the tests"
APPROVAL, TRANSACTION = UUID(int=1), UUID(int=2)
TOKEN = make_token(KEY, APPROVAL, TRANSACTION, "hash", "approver@bank.test")


def test_a_token_is_128_bits_in_base32_and_the_same_each_time():
    assert re.fullmatch("[a-z2-7]{26}", TOKEN)
    assert make_token(KEY, APPROVAL, TRANSACTION, "hash", " Approver@Bank.test") == TOKEN
    assert token_hash(TOKEN) == hashlib.sha256(TOKEN.encode()).hexdigest() == token_hash(TOKEN.upper())


@pytest.mark.parametrize(
    "other",
    [
        (b"another key", APPROVAL, TRANSACTION, "hash", "approver@bank.test"),
        (KEY, UUID(int=3), TRANSACTION, "hash", "approver@bank.test"),
        (KEY, APPROVAL, UUID(int=3), "hash", "approver@bank.test"),
        (KEY, APPROVAL, TRANSACTION, "other", "approver@bank.test"),
        (KEY, APPROVAL, TRANSACTION, "hash", "someone@bank.test"),
        (KEY, APPROVAL, TRANSACTION, "has", "happrover@bank.test"),
    ],
)
def test_anything_else_asked_is_another_token(other):
    assert make_token(*other) != TOKEN


@pytest.mark.parametrize(
    "line",
    [
        f"In-Reply-To: {approval_message_id(TOKEN, 'customer.test')}",
        f"References: <x@y.test> {approval_message_id(TOKEN, 'customer.test')}\r\n <z@y.test>",
        f"Subject: Re: Invoice INV-7 {subject_tag(TOKEN)}",
        f"Subject: Re: Invoice INV-7 {subject_tag(TOKEN.upper())}",
    ],
)
def test_a_reply_brings_its_token_back(line):
    assert tokens_in(read_mail(raw(line))) == (TOKEN,)


@pytest.mark.parametrize(
    "source",
    [
        raw("Subject: x", body=f"> Subject: Invoice {subject_tag(TOKEN)}"),
        raw("Subject: x", body=f"In-Reply-To: {approval_message_id(TOKEN, 'customer.test')}"),
        raw("Subject: x", f"To: ap+{TOKEN}@customer.test", f"Cc: approval.{TOKEN}@customer.test"),
        raw(f"Message-ID: {approval_message_id(TOKEN, 'customer.test')}"),
        raw(f"Subject: {TOKEN}"),
        raw(f"Subject: [#{TOKEN}a]"),
        raw(f"X-In-Reply-To: {approval_message_id(TOKEN, 'customer.test')}"),
    ],
)
def test_quoted_text_addresses_and_loose_words_bring_none(source):
    assert tokens_in(read_mail(source)) == ()


def test_a_token_in_a_forwarded_mail_is_not_the_senders():
    inner = raw(f"Subject: Invoice {subject_tag(TOKEN)}", f"In-Reply-To: {approval_message_id(TOKEN, 'c.test')}")

    assert tokens_in(read_mail(b"Subject: fyi\r\nContent-Type: message/rfc822\r\n\r\n" + inner)) == ()


def test_a_subject_is_kept_without_the_token_that_could_decide():
    subject = f"Re: Approval needed: INV-7, Nordlicht GmbH, 12.00 EUR {subject_tag(TOKEN)}"

    assert without_tokens(subject) == "Re: Approval needed: INV-7, Nordlicht GmbH, 12.00 EUR"
    assert without_tokens(subject.upper()) == "RE: APPROVAL NEEDED: INV-7, NORDLICHT GMBH, 12.00 EUR"
    assert without_tokens("Invoice [#7] of May") == "Invoice [#7] of May"
