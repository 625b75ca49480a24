"""Raw mails for tests, byte by byte where that matters."""

from __future__ import annotations

from email.message import EmailMessage

APPROVER = "approver@bank.test"


def a_mail(
    body: str = "See the attachment.",
    *,
    sender: str = "Acme <billing@acme.test>",
    to: str = "ap@customer.test",
    subject: str = "Invoice INV-7",
    html: str | None = None,
    files: tuple[tuple[str, str, bytes], ...] = (),
    headers: dict[str, str] | None = None,
    on_top: str = "",
) -> bytes:
    """Return a mail; `files` are (name, content type, bytes), `on_top` raw header lines put above all others."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
    mail["Message-ID"] = "<one@acme.test>"
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(body)
    if html is not None:
        mail.add_alternative(html, subtype="html")
    for name, content_type, content in files:
        main, _, sub = content_type.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return on_top.encode() + mail.as_bytes()


def raw(*lines: str, body: str = "hello") -> bytes:
    """Return a mail of exactly these header lines."""
    return "\r\n".join([*lines, "", body, ""]).encode("utf-8")
