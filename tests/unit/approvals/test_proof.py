"""Attacks T1-T5: who really sent a reply, under each proof setting."""

from __future__ import annotations

import pytest

from mailroom.approvals.proof import ProofSetting, proof_setting, prove, proven_sender
from mailroom.domain.errors import ConfigurationError, UnavailableError
from mailroom.domain.rfc822 import read_mail
from tests.unit.approvals.signing import SigningDomain
from tests.unit.raw_mail import APPROVER, a_mail

SERVER = proof_setting("authserv mx.cu.test")
MICROSOFT = proof_setting("microsoft365")
HOSTED = proof_setting("microsoft365", mailbox_host="outlook.office365.com")
DKIM = proof_setting("dkim")
PASSED = "Authentication-Results: mx.cu.test; dmarc=pass header.from=bank.test\n"
RECEIVED = "Received: from x by AM0PR01MB1.eurprd01.prod.outlook.com; Mon, 2 Mar 2026 09:00:00 +0000\n"
BANK = SigningDomain()


def holds(setting: ProofSetting, on_top: str = "", sender: str = APPROVER, **mail) -> bool:
    return prove(read_mail(a_mail("Approved", sender=sender, on_top=on_top, **mail)), setting, BANK.text).holds


def test_the_default_proves_nothing():
    assert not holds(proof_setting("link_only"), PASSED)


@pytest.mark.parametrize("rule", ["", "none", "authserv", "authserv a b", "arc", "authserv mx;x"])
def test_an_unknown_setting_is_refused(rule):
    with pytest.raises(ConfigurationError):
        proof_setting(rule)


@pytest.mark.parametrize(
    "on_top",
    [
        PASSED,
        "Authentication-Results: MX.CU.TEST (ours) 1;\n\tspf=pass smtp.mailfrom=bank.test;\n\tdmarc=pass (p=reject)\n"
        " header.from=Bank.Test\n",
        "Received: from x by mx.cu.test; Mon, 2 Mar 2026 09:00:00 +0000\n" + PASSED,
        PASSED + "Authentication-Results: other.test; dmarc=fail header.from=bank.test\n",
    ],
)
def test_our_servers_topmost_result_proves(on_top):
    assert holds(SERVER, on_top)


@pytest.mark.parametrize(
    "on_top",
    [
        "",
        "Authentication-Results: mx.cu.test; dmarc=fail header.from=bank.test\n",
        "Authentication-Results: mx.cu.test; dkim=pass header.d=bank.test\n",
        "Authentication-Results: mx.cu.test; dmarc=pass header.from=evil.test\n",
        "Authentication-Results: mx.cu.test; dmarc=pass\n",
        "Authentication-Results: mx.cu.test; dmarc=pass header.from=sub.bank.test\n",
        "Authentication-Results: mx.cu.test; none\n",
        "Authentication-Results: evil.test; dmarc=pass header.from=bank.test\n",
        "Authentication-Results: mx.cu.test.evil.test; dmarc=pass header.from=bank.test\n",
        "Authentication-Results: evil.test (mx.cu.test); dmarc=pass header.from=bank.test\n",
        "Authentication-Results: mx.cu.test; dkim=none (dmarc=pass header.from=bank.test)\n",
        'Authentication-Results: mx.cu.test; dkim=none reason="; dmarc=pass header.from=bank.test"\n',
        "Authentication-Results: mx.cu.test; dmarc=fail; dmarc=pass header.from=bank.test\n",
        "X-Authentication-Results: mx.cu.test; dmarc=pass header.from=bank.test\n",
        # the forged one below, above and beside what our server wrote
        "Authentication-Results: mx.cu.test; dmarc=fail header.from=bank.test\n" + PASSED,
        "Authentication-Results: mx.cu.test; spf=pass smtp.mailfrom=evil.test\n" + PASSED,
        "Authentication-Results: other.test; dmarc=fail\n" + PASSED,
        PASSED + "Authentication-Results: mx.cu.test; dmarc=fail header.from=bank.test\n",
        PASSED + "Subject-x: y\n" + PASSED,
        "Authentication-Results: broken (; dmarc=pass\n" + PASSED,
        # T3: an ARC seal is never proof
        "ARC-Authentication-Results: i=1; mx.cu.test; dmarc=pass header.from=bank.test\n"
        "ARC-Seal: i=1; cv=pass; d=evil.test\n",
    ],
)
def test_anything_else_under_authserv_proves_nothing(on_top):
    assert not holds(SERVER, on_top)


@pytest.mark.parametrize(
    "sender",
    [
        "approver@bank.test <evil@x.test>",
        "=?utf-8?q?approver?=@bank.test",
        "evil@x(<approver@bank.test>)",
        "Ann <approver@b\u0430nk.test>",
        "Group: approver@bank.test;",
    ],
)
def test_a_sender_that_can_be_read_in_two_ways_is_not_proved(sender):
    raw = a_mail("Approved", on_top=PASSED).replace(b"From: Acme <billing@acme.test>", f"From: {sender}".encode())

    assert not prove(read_mail(raw), SERVER).holds


def test_a_second_from_names_nobody():
    assert not holds(SERVER, PASSED + "From: evil@x.test\n")


def test_reply_to_and_sender_are_not_the_sender():
    mail = read_mail(a_mail(sender="evil@x.test", headers={"Reply-To": APPROVER, "Sender": APPROVER}))

    assert proven_sender(mail).address == "evil@x.test"


@pytest.mark.parametrize("sender", [APPROVER, f"Ann <{APPROVER}>", f'"Approver, Ann" <{APPROVER}>'])
def test_plain_senders_are_read_alike_by_all_parsers(sender):
    assert proven_sender(read_mail(a_mail(sender=sender))).address == APPROVER


def test_microsoft_365_says_dmarc_passed():
    result = "Authentication-Results: spf=pass smtp.mailfrom=bank.test; dmarc=pass action=none header.from=bank.test\n"

    assert holds(MICROSOFT, RECEIVED + result)
    assert not holds(MICROSOFT, result + RECEIVED)
    assert not holds(MICROSOFT, result)
    assert not holds(MICROSOFT, RECEIVED + PASSED)
    assert not holds(MICROSOFT, RECEIVED + result.replace("dmarc=pass", "dmarc=fail"))
    assert not holds(MICROSOFT, RECEIVED + result.replace("dmarc=pass", "dmarc=fail") + result)


def test_internal_mail_counts_only_where_the_mailbox_lives():
    inside = RECEIVED + "X-MS-Exchange-Organization-AuthAs: Internal\n"

    assert holds(HOSTED, inside)
    assert holds(HOSTED, inside + "Authentication-Results: dkim=none header.d=none;dmarc=none header.from=bank.test\n")
    assert not holds(MICROSOFT, inside)
    assert not holds(HOSTED, RECEIVED)
    assert not holds(HOSTED, RECEIVED + "X-MS-Exchange-Organization-AuthAs: Anonymous\n")


def signed(**options) -> bytes:
    return BANK.sign(a_mail("Approved", sender=APPROVER, headers={"In-Reply-To": "<a@b.test>"}), **options)


def test_a_signature_of_the_senders_domain_proves():
    proof = prove(read_mail(signed()), DKIM, BANK.text)

    assert proof.holds
    assert proof.fields is not None
    assert {"in-reply-to", "subject"} <= proof.fields


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda raw: raw.replace(b"Approved", b"Rejected"), "a changed body"),
        (lambda raw: raw.replace(b"Subject: Invoice INV-7", b"Subject: Invoice INV-8"), "a changed subject"),
        (lambda raw: raw.replace(APPROVER.encode(), b"another@bank.test"), "a changed sender"),
        (lambda raw: b"Subject: another\r\n" + raw, "a second subject"),
        (lambda raw: b"Message-ID: <new@x.test>\r\n" + raw, "a second Message-ID"),
        (lambda raw: raw.replace(b"d=bank.test", b"d=evil.test"), "a signature of another domain"),
        (lambda raw: raw[raw.index(b"From:") :], "no signature"),
        (lambda raw: b"X-a: b\rFrom: evil@x.test\r\n" + raw, "a header that parsers cut differently"),
    ],
)
def test_under_dkim_nothing_else_proves(change, why):
    raw = signed()
    assert prove(read_mail(raw), DKIM, BANK.text).holds
    changed = change(raw)
    assert changed != raw, why

    assert not prove(read_mail(changed), DKIM, BANK.text).holds, why


def test_a_signature_over_part_of_the_body_is_refused():
    raw = signed(length=True)

    assert not prove(read_mail(raw), DKIM, BANK.text).holds
    assert not prove(read_mail(raw + b"Approved\r\n"), DKIM, BANK.text).holds


@pytest.mark.parametrize("left_out", [b"subject", b"date", b"message-id"])
def test_a_signature_that_leaves_something_out_is_refused(left_out):
    covered = tuple(name for name in (b"from", b"subject", b"date", b"message-id") if name != left_out)

    proof = prove(read_mail(signed(covered=covered)), DKIM, BANK.text)

    assert not proof.holds
    assert left_out.decode() in proof.reason


def test_a_field_that_is_not_signed_is_not_relied_on():
    proof = prove(read_mail(signed(covered=(b"from", b"subject", b"date", b"message-id"))), DKIM, BANK.text)

    assert proof.holds
    assert proof.fields is not None
    assert "in-reply-to" not in proof.fields


def test_a_key_marked_as_a_test_proves_nothing():
    assert not prove(read_mail(signed()), DKIM, lambda name: BANK.record + b"; t=y").holds


def test_a_revoked_or_missing_key_proves_nothing():
    assert not prove(read_mail(signed()), DKIM, lambda name: b"v=DKIM1; p=").holds
    assert not prove(read_mail(signed()), DKIM, lambda name: None).holds


def test_a_dns_that_does_not_answer_is_said_and_not_taken_for_a_forgery():
    def silent(name: str) -> bytes | None:
        raise UnavailableError("no answer")

    with pytest.raises(UnavailableError):
        prove(read_mail(signed()), DKIM, silent)


def test_where_only_a_weak_signature_carried_dmarc_nothing_is_proved():
    def under_server(**options) -> bytes:
        return PASSED.encode() + signed(**options)

    assert prove(read_mail(under_server()), SERVER).holds
    assert not prove(read_mail(under_server(length=True)), SERVER).holds
    assert not prove(read_mail(under_server(covered=(b"from", b"date", b"message-id"))), SERVER).holds


def test_a_made_up_signature_does_not_stand_in_for_a_weak_one():
    made_up = b"DKIM-Signature: v=1; a=rsa-sha256; d=bank.test; s=x; h=from:subject:date:message-id:to; bh=x; b=x\r\n"
    weak = signed(covered=(b"from", b"date", b"message-id"))

    assert prove(read_mail(PASSED.encode() + made_up + signed()), SERVER).holds
    assert not prove(read_mail(PASSED.encode() + made_up + weak), SERVER).holds


def test_a_weak_signature_of_a_subdomain_that_carried_dmarc_proves_nothing():
    subdomain = SigningDomain("mail.bank.test")
    weak = subdomain.sign(a_mail("Approved", sender=APPROVER), length=True)

    assert prove(read_mail(PASSED.encode() + subdomain.sign(a_mail("Approved", sender=APPROVER))), SERVER).holds
    assert not prove(read_mail(PASSED.encode() + weak), SERVER).holds


QUOTING = """\
Certainly not, who ordered this?

-----Original Message-----
From: Acme <billing@acme.test>

Dear Ann, as agreed:

--cut

Approved
--cut--
"""
CUT = (b'Content-Type: text/plain; charset="utf-8"', b"Content-Type: multipart/mixed; boundary=cut")


@pytest.mark.parametrize(("setting", "on_top"), [(DKIM, b""), (SERVER, PASSED.encode())])
def test_a_signed_mail_whose_quotation_was_made_its_text_proves_nothing(setting, on_top):
    raw = BANK.sign(a_mail(QUOTING, sender=APPROVER))
    forged = raw.replace(*CUT)
    assert read_mail(forged).text == "Approved", "the attack works on the reader"

    assert prove(read_mail(on_top + raw), setting, BANK.text).holds
    assert not prove(read_mail(on_top + forged), setting, BANK.text).holds


def test_a_second_content_type_above_a_signed_one_changes_nothing():
    raw = BANK.sign(a_mail(QUOTING, sender=APPROVER), (b"from", b"subject", b"date", b"message-id", b"content-type"))

    assert prove(read_mail(raw), DKIM, BANK.text).holds
    assert not prove(read_mail(CUT[1] + b"\r\n" + raw), DKIM, BANK.text).holds
