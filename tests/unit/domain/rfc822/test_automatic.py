"""Attack T9: what no person wrote is recognized, and a billing system's own mail is not thrown away (C26)."""

from __future__ import annotations

import pytest

from mailroom.domain.rfc822 import read_mail
from mailroom.domain.rfc822.automatic import AutomaticKind, automatic, ends_here
from tests.unit.raw_mail import a_mail, raw

PDF = (("a.pdf", "application/pdf", b"%PDF-1.4"),)


def kind_of(source: bytes) -> AutomaticKind | None:
    found = automatic(read_mail(source))
    return found.kind if found else None


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},  # RFC 3834, 5
        {"Auto-Submitted": 'auto-replied; owner-email="a@b.test"'},
        {"Precedence": "auto_reply"},
        {"X-Autoreply": "yes"},
        {"X-Autorespond": "away"},
        {"Return-Path": "<>"},
    ],
)
def test_automatic_answers_by_header(headers):
    assert kind_of(a_mail("APPROVE", headers=headers)) is AutomaticKind.AUTO_REPLY


@pytest.mark.parametrize(
    "subject",
    [
        "Out of office: back on Monday",
        "Automatic reply: Approval",
        "Re: Out of Office",
        "Abwesenheitsnotiz: Freigabe",
        "Automatische Antwort: Freigabe",
        "Réponse automatique : facture",
        "Respuesta automática: factura",
        "Risposta automatica: fattura",
        "Automatisch antwoord: factuur",
        "Autoodpowiedź: faktura",
        "Resposta automática: fatura",
        "=?utf-8?q?R=C3=A9ponse_automatique?=",
    ],
)
def test_automatic_answers_by_subject_alone(subject):
    assert kind_of(raw(f"Subject: {subject}", "From: a@b.test")) is AutomaticKind.AUTO_REPLY


@pytest.mark.parametrize(
    ("report", "kind"),
    [
        ("delivery-status", AutomaticKind.BOUNCE),
        ("feedback-report", AutomaticKind.BOUNCE),
        ("disposition-notification", AutomaticKind.RECEIPT),
    ],
)
def test_reports(report, kind):
    source = (
        f"Content-Type: multipart/report; report-type={report}; boundary=b\r\n\r\n"
        f"--b\r\n\r\nAPPROVE\r\n--b\r\nContent-Type: message/{report}\r\n\r\nX: y\r\n--b--\r\n"
    )
    assert kind_of(source.encode()) is kind


def test_a_bounce_in_words_from_a_mail_system():
    source = raw(
        "From: Mail Delivery System <MAILER-DAEMON@mx.test>",
        "Subject: Undelivered Mail Returned to Sender",
        body="I'm sorry to have to inform you that your message could not be delivered.",
    )
    assert kind_of(source) is AutomaticKind.BOUNCE


def test_a_person_who_writes_about_a_bounce_and_sends_the_invoice_again_is_a_person():
    source = a_mail("My message could not be delivered to you.", subject="Undeliverable: invoice INV-7", files=PDF)

    assert kind_of(source) is None


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"List-Id": "<news.acme.test>"}, AutomaticKind.LIST),
        ({"Feedback-ID": "1:2:acme"}, AutomaticKind.LIST),
        ({"Precedence": "bulk"}, AutomaticKind.LIST),
        ({"Auto-Submitted": "auto-generated"}, AutomaticKind.GENERATED),
        ({"X-Auto-Response-Suppress": "All"}, AutomaticKind.GENERATED),
        ({"Return-Path": "<>"}, AutomaticKind.GENERATED),
    ],
)
def test_a_billing_system_that_sends_an_invoice_is_automatic_but_not_the_end(headers, kind):
    found = automatic(read_mail(a_mail(files=PDF, headers=headers)))

    assert found is not None
    assert found.kind is kind
    assert not ends_here(found)


@pytest.mark.parametrize("headers", [{}, {"Auto-Submitted": "no"}, {"Return-Path": "<billing@acme.test>"}])
def test_a_person_is_a_person(headers):
    assert kind_of(a_mail(headers=headers)) is None
