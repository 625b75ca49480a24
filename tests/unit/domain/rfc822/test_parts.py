"""Leaf parts: all of them, byte for byte, with names that are never trusted (C18, C24, C28-C31, T25)."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from mailroom.domain.rfc822 import read_mail
from mailroom.domain.rfc822.smime import signed_content
from tests.unit.raw_mail import a_mail

BYTES = bytes(range(256)) * 3


def test_an_attachment_comes_back_byte_for_byte():
    mail = read_mail(a_mail(files=(("a.bin", "application/octet-stream", BYTES),)))

    part = mail.parts[-1]
    assert (part.filename, part.body, part.size) == ("a.bin", BYTES, 768)
    assert part.sha256 == hashlib.sha256(BYTES).hexdigest()
    assert [each.path for each in mail.parts] == ["1", "2"]


def test_text_html_and_files_are_all_listed():
    mail = read_mail(a_mail("plain", html="<p>shown</p>", files=(("a.pdf", "application/pdf", b"%PDF-1.4"),)))

    assert [part.content_type for part in mail.parts] == ["text/plain", "text/html", "application/pdf"]
    assert [part.is_body for part in mail.parts] == [True, True, False]
    assert (mail.text or "").strip() == "plain"
    assert "shown" in (mail.html or "")


def test_two_files_of_one_name_stay_two():
    mail = read_mail(a_mail(files=(("a.pdf", "application/pdf", b"one"), ("a.pdf", "application/pdf", b"two"))))

    assert [part.body for part in mail.parts[1:]] == [b"one", b"two"]


def test_a_forwarded_mail_is_opened_and_its_text_is_not_the_body():
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "clerk@customer.test", "Fwd: invoice"
    outer.set_content("please see below")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "billing@acme.test", "invoice"
    inner.set_content("Approved")
    inner.add_attachment(BYTES, maintype="application", subtype="pdf", filename="a.pdf")
    outer.add_attachment(inner)

    mail = read_mail(outer.as_bytes())

    assert [(part.path, part.nested) for part in mail.parts] == [("1", False), ("2.1.1", True), ("2.1.2", True)]
    assert mail.parts[-1].body == BYTES
    assert (mail.text or "").strip() == "please see below"


def test_a_forwarded_mail_in_base64_is_opened_too():
    inner = a_mail(files=(("a.pdf", "application/pdf", BYTES),))
    outer = (
        b"From: a@b.test\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(inner)
    )

    assert read_mail(outer).parts[-1].body == BYTES


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ('filename="../../etc/cron.d/x.pdf"', "../../etc/cron.d/x.pdf"),
        ("filename*0*=utf-8''..%2f..%2fetc%2f; filename*1=cron.d", "../../etc/cron.d"),
        ('filename="-rf.pdf"', "-rf.pdf"),
        ("filename*=utf-8''a%00.pdf", "a .pdf"),
        (f'filename="{"x" * 5_000}.pdf"', "x" * 5_000 + ".pdf"),
    ],
)
def test_a_hostile_name_is_kept_as_a_name_and_the_path_is_ours(lines, name):
    raw = f"Content-Type: application/pdf\r\nContent-Disposition: attachment; {lines}\r\n\r\nx".encode()

    part = read_mail(raw).parts[0]

    assert part.filename == name
    assert part.path == "1"


def test_a_name_outside_ascii_without_an_encoding_is_read():
    raw = 'Content-Disposition: attachment; filename="Überweisung.pdf"\n\nx'

    assert read_mail(raw.encode("utf-8")).parts[0].filename == "Überweisung.pdf"
    assert read_mail(raw.encode("latin-1")).parts[0].filename == "Überweisung.pdf"


def test_text_is_read_in_its_charset_or_the_nearest_that_works():
    raw = b"Content-Type: text/plain; charset=nonsense\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + "für".encode(
        "latin-1"
    )

    assert read_mail(raw).text == "für"


def test_a_multipart_without_its_boundary_is_one_part():
    mail = read_mail(b"Content-Type: multipart/mixed\r\n\r\nhello\r\n")

    assert [part.body.strip() for part in mail.parts] == [b"hello"]


def signed(content: bytes) -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Acme")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=999))
        .sign(key, hashes.SHA256())
    )
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(content)
        .add_signer(certificate, key, hashes.SHA256())
        .sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )


def test_an_opaque_signature_is_opened_without_keys():
    inner = a_mail("see it", files=(("a.pdf", "application/pdf", BYTES),))
    raw = (
        b"From: a@b.test\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(signed(inner))
    )

    mail = read_mail(raw)

    assert mail.parts[-1].body == BYTES
    assert (mail.text or "").strip() == "see it"


def test_an_opaque_signature_in_pieces_is_opened():
    # The same bytes in BER with indefinite lengths and the content cut in two (RFC 5652, 5.2 allows both).
    oid_signed, oid_data = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")
    content = b"\x24\x80\x04\x03abc\x04\x03def\x00\x00"
    enclosed = b"\x30\x80" + oid_data + b"\xa0\x80" + content + b"\x00\x00\x00\x00"
    body = b"\x30\x80" + oid_signed + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00" + enclosed + b"\x00\x00" * 3

    assert signed_content(body) == b"abcdef"


@pytest.mark.parametrize(
    "body", [b"", b"\x30", b"\x30\x80" * 5_000, b"\x30\x84\xff\xff\xff\xff", b"hello", b"\x30\x00"]
)
def test_what_is_no_signature_opens_nothing(body):
    assert signed_content(body) is None
