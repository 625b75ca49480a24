"""Whatever a mail holds, reading it gives an answer and never an exception (C17, reliability I5)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroom.approvals.proof import proof_setting
from mailroom.approvals.reply_decision import decide_reply
from mailroom.domain.html_text import visible_text
from mailroom.domain.rfc822 import read_mail
from mailroom.domain.rfc822.automatic import automatic
from mailroom.intake.rule_file import load_rules
from mailroom.intake.screening import screen

RULES = load_rules(Path(__file__).parents[2] / "config" / "screening" / "default.yaml", {})
PIECES = st.sampled_from(
    [
        b"From: a@b.test\r\n",
        b"From: =?utf-8?b?broken",
        b"Subject: =?x?q?=00=ff?= =?utf-8?b?4oI=?=\r\n",
        b"To: (((((\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: multipart/signed\r\n",
        b"--b\r\n",
        b"--b--\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: message/delivery-status\r\n",
        b"\r\n",
        b"\n",
        b"\r",
        b"\x00",
        b'Content-Type: text/html; charset="\r\n',
        b"Content-Type: text/plain; charset=utf-7\r\n",
        b"<p hidden>x",
        b"%PDF-1.4",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: x-uuencode\r\n",
        b"begin 644 a\n",
        b"====",
        b"Content-Disposition: attachment; filename*0*=a'b'%ff; filename*1\r\n",
        b"Date: 99\r\n",
        b"Content-Type: application/pkcs7-mime\r\n",
        b"Authentication-Results: mx.test; dmarc=pass (\r\n",
        b"DKIM-Signature: v=1; d=b.test; h=from\r\n",
        b"PK\x03\x04",
        b"\x89PNG",
        b"Content-Type: application/octet-stream; name=\xff\xfe.pdf\r\n",
        b"MIME-Version: 1.0\r\n",
        b"In-Reply-To: <approval.a@b>\r\n",
    ]
)
MAILS = st.one_of(
    st.binary(max_size=400), st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=40).map(b"".join)
)
CALM = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(MAILS)
def test_any_bytes_are_read_screened_and_decided_on(raw):
    mail = read_mail(raw)

    assert mail.problem is not None or mail.parts
    assert screen(mail, RULES).disposition
    automatic(mail)
    for rule in ("authserv mx.test", "microsoft365", "dkim"):
        found = decide_reply(mail, None, proof_setting(rule), datetime(2026, 1, 1, tzinfo=UTC), lambda name: None)
        assert found.decision == "none"


@CALM
@given(st.text(alphabet="<>/!-=\"' abdivstylehidden&#;", max_size=300))
def test_any_markup_is_rendered(source):
    visible_text(source)
