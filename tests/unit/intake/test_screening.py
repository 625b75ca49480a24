"""What a mail is, by which rule and why."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mailroom.domain.approval_token import approval_message_id, subject_tag
from mailroom.domain.document import DocumentType
from mailroom.domain.mail import Disposition
from mailroom.domain.rfc822 import read_mail
from mailroom.intake.screening import Screening, screen
from mailroom.settings.screening import ScreeningPolicy
from tests.unit.raw_mail import a_mail

PDF = b"%PDF-1.4\nsome pages"
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"x" * 60_000
UBL = (
    b'<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>7</ID></Invoice>'
)
ATTACHED = {"name": "attached", "when": {"attachment_kind": ["invoice", "credit_note"]}, "disposition": "invoice"}
SPOKEN = {"name": "spoken", "when": {"subject": "invoice"}, "disposition": "invoice"}


@dataclass(frozen=True)
class Look:
    document_type: DocumentType | None = None
    reason: str = "told by its text"
    error: str | None = None


def rules(*given: dict) -> ScreeningPolicy:
    return ScreeningPolicy.model_validate({"rules": [{"reason": "as the rule says", **rule} for rule in given]})


def screened(source: bytes, *given: dict, **options) -> Screening:
    return screen(read_mail(source), rules(*(given or (ATTACHED, SPOKEN))), **options)


def kinds(found: Screening) -> list[str]:
    return [part.kind for part in found.parts]


def test_an_attached_invoice_makes_an_invoice():
    found = screened(a_mail(files=(("Rechnung 7.pdf", "application/pdf", PDF),)))

    assert (found.disposition, found.rule, found.reason) == (Disposition.INVOICE, "attached", "as the rule says")
    assert kinds(found) == ["body", "invoice"]


def test_each_invoice_is_one_of_its_own_and_the_same_file_counts_once():
    files = (
        ("invoice 1.pdf", "application/pdf", PDF + b"1"),
        ("invoice 2.pdf", "application/pdf", PDF + b"2"),
        ("invoice 2 copy.pdf", "application/pdf", PDF + b"2"),
    )

    assert [[part.part.filename for part in group] for group in screened(a_mail(files=files)).invoices] == [
        ["invoice 1.pdf"],
        ["invoice 2.pdf"],
    ]


def test_xml_and_pdf_of_one_invoice_are_one():
    files = (
        ("inv7.pdf", "application/pdf", PDF),
        ("inv8.pdf", "application/pdf", PDF + b"8"),
        ("inv7.xml", "text/xml", UBL),
    )

    groups = [[part.part.filename for part in group] for group in screened(a_mail(files=files)).invoices]

    assert groups == [["inv7.xml", "inv7.pdf"], ["inv8.pdf"]]


def test_the_content_decides_before_the_name():
    def inspect(content: bytes, name: str) -> Look:
        return Look(DocumentType.PURCHASE_ORDER)

    found = screened(a_mail(files=(("invoice.pdf", "application/pdf", PDF),)), inspect=inspect)

    assert found.disposition is Disposition.PURCHASE_ORDER
    assert found.reason == "holds_purchase_order"
    assert found.invoices == ()


def test_an_inline_invoice_is_an_invoice():
    source = a_mail(files=(("invoice.pdf", "application/pdf", PDF),)).replace(b"attachment;", b"inline;")

    assert kinds(screened(source)) == ["body", "invoice"]


def test_an_invoice_declared_as_bytes_is_an_invoice():
    assert kinds(screened(a_mail(files=(("scan.pdf", "application/octet-stream", PDF),)))) == ["body", "invoice"]


def test_a_logo_is_no_document_and_a_photographed_invoice_is():
    logo = screened(a_mail(files=(("logo.png", "image/png", PICTURE[:5_000]),)))
    photo = screened(a_mail(files=(("photo.png", "image/png", PICTURE),)))

    assert (logo.reason, kinds(logo)) == ("no_attachment", ["body", "inline_image"])
    assert (photo.disposition, kinds(photo)) == (Disposition.INVOICE, ["body", "invoice"])


def test_a_picture_that_the_text_shows_is_no_document():
    source = a_mail(html='<img src="cid:pic@x">', files=(("big.png", "image/png", PICTURE),))
    source = source.replace(b"Content-Type: image/png", b"Content-ID: <pic@x>\nContent-Type: image/png")

    assert kinds(screened(source)) == ["body", "body", "inline_image"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("inv.docx", b"PK\x03\x04" + b"word/document.xml"),
        ("inv.zip", b"PK\x03\x04" + b"x" * 50),
        ("inv.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
        ("winmail.dat", b"\x78\x9f\x3e\x22" + b"\x00" * 50),
        ("invoice.html", b"<!doctype html><html><body>invoice</body></html>"),
    ],
)
def test_a_format_nobody_reads_is_kept_and_said(name, content):
    found = screened(a_mail(files=((name, "application/octet-stream", content),)))

    assert (found.disposition, found.reason) == (Disposition.UNIDENTIFIED, "unsupported_format")
    assert name in found.message
    assert kinds(found) == ["body", "unsupported"]


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b"<html>not a pdf</html>", "unsupported_format"), (b"hello", "not_a_pdf")]
)
def test_a_pdf_that_is_none_is_said(content, reason):
    found = screened(a_mail(files=(("invoice.pdf", "application/pdf", content),)))

    assert (found.disposition, found.reason) == (Disposition.UNIDENTIFIED, reason)


def test_a_broken_pdf_is_said_in_the_readers_words():
    def inspect(content: bytes, name: str) -> Look:
        return Look(None, "The PDF is protected by a password.", "encrypted")

    found = screened(a_mail(files=(("invoice.pdf", "application/pdf", PDF),)), inspect=inspect)

    assert (found.disposition, found.words) == (
        Disposition.UNIDENTIFIED,
        "encrypted: The PDF is protected by a password.",
    )


def test_one_broken_file_beside_an_invoice_does_not_stop_it_and_is_said():
    files = (("invoice.pdf", "application/pdf", PDF), ("more.zip", "application/zip", b"PK\x03\x04xx"))

    found = screened(a_mail(files=files))

    assert found.disposition is Disposition.INVOICE
    assert "more.zip" in found.message


def test_an_invoice_mail_without_a_file():
    assert screened(a_mail("see attachment")).reason == "no_attachment"
    assert screened(a_mail("Download your invoice: https://acme.test/7")).reason == "invoice_behind_link"


def test_a_rule_for_a_supplier_makes_an_unnamed_pdf_an_invoice():
    rule = {"name": "acme", "when": {"sender_domain": "acme.test"}, "disposition": "invoice"}

    found = screened(a_mail(subject="March", files=(("scan0001.pdf", "application/pdf", PDF),)), rule)

    assert (found.disposition, kinds(found)) == (Disposition.INVOICE, ["body", "invoice"])


def test_terms_beside_a_named_invoice_stay_what_they_are():
    files = (("Invoice 7.pdf", "application/pdf", PDF), ("brochure.pdf", "application/pdf", PDF + b"2"))

    assert kinds(screened(a_mail(files=files))) == ["body", "invoice", "other"]


def test_credit_notes_alone_make_a_credit_note():
    found = screened(a_mail(files=(("Gutschrift 7.pdf", "application/pdf", PDF),)))

    assert found.disposition is Disposition.CREDIT_NOTE
    assert len(found.invoices) == 1


def test_an_unknown_sender_is_no_reason():
    found = screened(a_mail(sender="who knows", files=(("invoice.pdf", "application/pdf", PDF),)))

    assert found.disposition is Disposition.INVOICE


def test_mail_that_no_rule_claims():
    source = a_mail(subject="lunch?")

    assert screened(source, dedicated=False).disposition is Disposition.IGNORED
    assert screened(source, dedicated=True).disposition is Disposition.UNIDENTIFIED
    assert screened(source).rule == "none"


def test_limits_come_before_everything():
    deep = b"Content-Type: message/rfc822\r\n\r\n" * 50

    found = screened(b"Subject: invoice\r\n" + deep)

    assert (found.disposition, found.reason, found.rule) == (Disposition.QUARANTINED, "nested_too_deep", "limits")


def test_automatic_mail_comes_before_the_rules_and_before_its_token():
    source = a_mail(
        "APPROVE", subject=f"Re: invoice {subject_tag('a' * 26)}", headers={"Auto-Submitted": "auto-replied"}
    )

    assert screened(source).disposition is Disposition.AUTO_REPLY


def test_a_bounce_is_a_bounce():
    source = b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"

    assert screened(source).disposition is Disposition.BOUNCE


@pytest.mark.parametrize(
    "headers",
    [
        {"In-Reply-To": approval_message_id("a" * 26, "c.test")},
        {"References": f"<x@y> {approval_message_id('a' * 26, 'c.test')}"},
    ],
)
def test_an_answer_to_our_request_is_an_approval_reply(headers):
    found = screened(a_mail("Approved", headers=headers))

    assert (found.disposition, found.tokens) == (Disposition.APPROVAL_REPLY, ("a" * 26,))


def test_a_broken_header_does_not_stop_the_mail():
    source = b"Reply-To: \r\nDate: never\r\n" + a_mail(files=(("invoice.pdf", "application/pdf", PDF),))

    assert screened(source).disposition is Disposition.INVOICE


def test_a_detached_signature_is_no_document():
    files = (("invoice.pdf", "application/pdf", PDF), ("smime.p7s", "application/pkcs7-signature", b"0" * 99))

    assert kinds(screened(a_mail(files=files))) == ["body", "invoice", "signature"]
