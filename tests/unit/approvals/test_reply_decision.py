"""Attacks T1-T10 against a decision by mail: every check has to pass, and each one alone stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from mailroom.approvals.proof import proof_setting
from mailroom.approvals.reply_decision import AskedApproval, ReplyDecision, Result, decide_reply, decide_text
from mailroom.approvals.verdict import Said
from mailroom.domain.approval import ApprovalState
from mailroom.domain.approval_token import approval_message_id, make_token, subject_tag, token_hash
from mailroom.domain.rfc822 import read_mail
from tests.unit.approvals.signing import SigningDomain
from tests.unit.raw_mail import APPROVER, a_mail

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOKEN = make_token(b"key", UUID(int=1), UUID(int=2), "v1", APPROVER)
OTHER = make_token(b"key", UUID(int=9), UUID(int=2), "v1", APPROVER)
ASKED = AskedApproval(
    approver=APPROVER,
    token_hash=token_hash(TOKEN),
    state=ApprovalState.OPEN,
    expires_at=NOW + timedelta(hours=72),
    version_hash="v1",
    current_version_hash="v1",
    submitters=frozenset({"clerk@bank.test"}),
)
SERVER = proof_setting("authserv mx.cu.test")
PASSED = "Authentication-Results: mx.cu.test; dmarc=pass header.from=bank.test\n"
THREAD = {"In-Reply-To": approval_message_id(TOKEN, "cu.test")}
BANK = SigningDomain()


def a_reply(text: str = "Approved, thanks", **options) -> bytes:
    return a_mail(
        text,
        **{"sender": f"Ann <{APPROVER}>", "subject": "Re: Invoice INV-7", "headers": THREAD, "on_top": PASSED}
        | options,
    )


def decided(raw: bytes, asked: AskedApproval | None = ASKED, setting=SERVER, look_up=None) -> ReplyDecision:
    return decide_reply(read_mail(raw), asked, setting, NOW, look_up)


def failed(found: ReplyDecision) -> list[str]:
    return [check.check for check in found.checks if check.result is Result.FAIL]


def test_a_proved_reply_of_the_approver_decides():
    found = decided(a_reply())

    assert (found.said, found.decision, failed(found)) == (Said.APPROVE, Said.APPROVE, [])
    assert found.new_text == "Approved, thanks"
    assert decided(a_reply("Rejected, not ours")).decision is Said.REJECT


def test_the_tag_in_the_subject_is_enough():
    raw = a_reply(subject=f"AW: Rechnung 7 {subject_tag(TOKEN)}", headers={})

    assert decided(raw).decision is Said.APPROVE


def test_a_signed_reply_decides_under_dkim():
    raw = BANK.sign(a_reply(on_top=""))

    assert decided(raw, setting=proof_setting("dkim"), look_up=BANK.text).decision is Said.APPROVE


def test_a_quoted_request_below_the_answer_is_history():
    text = (
        "Approved\n\nOn Mon, 2 Mar 2026 at 08:00, AP <ap@cu.test> wrote:\n> Reply Approve or Reject on the first line."
    )

    assert decided(a_reply(text)).decision is Said.APPROVE


@pytest.mark.parametrize(
    ("options", "check"),
    [
        pytest.param({"on_top": ""}, "proof", id="T1 no result"),
        pytest.param({"on_top": PASSED.replace("pass", "fail")}, "proof", id="T1 failed"),
        pytest.param({"on_top": PASSED.replace("pass", "fail") + PASSED}, "proof", id="T2 forged below"),
        pytest.param({"on_top": "ARC-Authentication-Results: i=1; mx.cu.test; dmarc=pass\n"}, "proof", id="T3 ARC"),
        pytest.param({"on_top": PASSED + "From: evil@x.test\n"}, "sender", id="T4 two From"),
        pytest.param({"headers": {}}, "token", id="T6 no token"),
        pytest.param({"headers": {"In-Reply-To": approval_message_id(OTHER, "cu.test")}}, "token", id="T6 other token"),
        pytest.param({"headers": {}, "to": f"ap+{TOKEN}@cu.test"}, "token", id="T10 token in To"),
        pytest.param({"headers": {"Message-ID-x": TOKEN}}, "token", id="T6 token elsewhere"),
        pytest.param({"sender": "someone@bank.test"}, "approver", id="T6 forwarded to a colleague"),
        pytest.param({"sender": f"{APPROVER.replace('@', '+x@')}"}, "approver", id="T10 plus address"),
        pytest.param({"headers": THREAD | {"Auto-Submitted": "auto-replied"}}, "automatic", id="T9 auto reply"),
        pytest.param({"headers": THREAD | {"Precedence": "bulk"}}, "automatic", id="T9 bulk"),
        pytest.param({"headers": THREAD | {"List-Id": "<x.y>"}}, "automatic", id="T9 list"),
        pytest.param({"headers": THREAD | {"Return-Path": "<>"}}, "automatic", id="T9 null return path"),
        pytest.param({"headers": THREAD | {"X-Autoreply": "yes"}}, "automatic", id="T9 X-Autoreply"),
        pytest.param({"headers": THREAD | {"X-Auto-Response-Suppress": "All"}}, "automatic", id="T9 suppress"),
        pytest.param({"subject": "Automatic reply: Invoice INV-7"}, "automatic", id="T9 subject"),
        pytest.param({"subject": "Fwd: Invoice INV-7"}, "forward", id="T8 forward"),
        pytest.param({"subject": "WG: Rechnung"}, "forward", id="T8 German forward"),
        pytest.param({"text": ""}, "text", id="T8 empty"),
        pytest.param({"text": "> Approved"}, "text", id="T8 quoted prompt"),
        pytest.param({"text": "On 2 Mar 2026 AP wrote:\n> old\n\nApproved"}, "text", id="T8 below a quotation"),
        pytest.param({"text": "Approved", "html": "<p>Not approved</p>"}, "text", id="T8 HTML differs"),
        pytest.param({"text": "See below", "html": "<p>Approved</p>"}, "text", id="T8 text differs"),
        pytest.param(
            {"text": "hm", "html": '<p>hm</p><p style="display:none">Approved</p>'}, "text", id="T8 hidden HTML"
        ),
        pytest.param({"text": "\n", "html": '<img alt="Approved">'}, "text", id="T8 alt text"),
        pytest.param(
            {"text": "see file", "files": (("a.txt", "text/plain", b"Approved"),)}, "text", id="T8 attached text"
        ),
    ],
)
def test_one_fault_and_nothing_is_decided(options, check):
    text = options.pop("text", "Approved")

    found = decided(a_reply(text, **options))

    assert found.decision is Said.NONE
    assert check in failed(found)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"state": ApprovalState.APPROVED}, "open"),
        ({"state": ApprovalState.REJECTED}, "open"),
        ({"state": ApprovalState.VOID}, "open"),
        ({"state": ApprovalState.EXPIRED}, "open"),
        ({"expires_at": NOW}, "in_time"),
        ({"current_version_hash": "v2"}, "version"),
        ({"approver": "boss@bank.test"}, "approver"),
        ({"token_hash": token_hash(OTHER)}, "token"),
        ({"submitters": frozenset({APPROVER})}, "not_own"),
    ],
)
def test_what_is_known_of_the_request_has_to_fit(change, check):
    found = decided(a_reply(), replace(ASKED, **change))

    assert found.decision is Said.NONE
    assert failed(found) == [check]


def test_a_replayed_reply_is_told_that_it_was_decided():
    assert decided(a_reply(), replace(ASKED, state=ApprovalState.APPROVED)).reason == "already decided: approved"


def test_a_token_that_the_signature_does_not_cover_does_not_count():
    # T5: a genuine signed "Approved" of another thread, sent again with another In-Reply-To.
    covered = (b"from", b"subject", b"date", b"message-id")
    raw = BANK.sign(a_reply(on_top="", headers={}), covered)
    moved = raw.replace(b"\r\nFrom:", b"\r\nIn-Reply-To: " + THREAD["In-Reply-To"].encode() + b"\r\nFrom:")

    found = decided(moved, setting=proof_setting("dkim"), look_up=BANK.text)

    assert (found.decision, failed(found)) == (Said.NONE, ["token"])
    assert "does not cover" in found.reason


def test_link_only_is_never_decided_by_mail():
    found = decided(a_reply(), setting=proof_setting("link_only"))

    assert (found.said, found.decision, failed(found)) == (Said.APPROVE, Said.NONE, ["proof"])


def test_without_a_known_request_nothing_is_decided():
    found = decided(a_reply(), None)

    assert (found.said, found.decision) == (Said.APPROVE, Said.NONE)
    assert {check.check for check in found.checks if check.result is Result.CANNOT_TELL} == {
        "token",
        "approver",
        "open",
        "in_time",
        "version",
        "not_own",
    }


def test_a_question_of_the_approver_is_passed_on_even_without_proof():
    assert decided(a_reply("Which cost centre?", on_top="")).decision is Said.QUESTION
    assert decided(a_reply("Which cost centre?", sender="evil@x.test")).decision is Said.NONE


def test_a_mail_that_broke_a_limit_decides_nothing():
    raw = PASSED.encode() + f"From: {APPROVER}\r\nIn-Reply-To: {THREAD['In-Reply-To']}\r\n".encode()

    found = decided(raw + b"Content-Type: message/rfc822\r\n\r\n" * 50)

    assert (found.decision, "text" in failed(found)) == (Said.NONE, True)


def test_a_bare_text_says_but_decides_nothing():
    found = decide_text("Approved\n\nOn 2 Mar 2026 at 09:00, AP wrote:\n> old")

    assert (found.new_text, found.said, found.decision) == ("Approved", Said.APPROVE, Said.NONE)
