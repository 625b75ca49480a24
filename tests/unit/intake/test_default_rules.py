"""The rule set that is shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailroom.domain.errors import ConfigurationError
from mailroom.domain.mail import Disposition
from mailroom.domain.rfc822 import read_mail
from mailroom.intake.rule_file import load_rules
from mailroom.intake.screening import screen
from tests.unit.raw_mail import a_mail

DEFAULT = Path(__file__).parents[3] / "config" / "screening" / "default.yaml"
PDF = b"%PDF-1.4"


@pytest.mark.parametrize(
    ("subject", "body", "name", "disposition"),
    [
        ("March", "as agreed", "Invoice 7.pdf", "invoice"),
        ("Order", "please deliver", "Purchase Order 8.pdf", "purchase_order"),
        ("Delivery", "all arrived", "Lieferschein.pdf", "goods_received_note"),
        ("Account", "for your files", "Statement of account.pdf", "statement"),
        ("Reminder", "please pay", "Mahnung.pdf", "reminder"),
        ("Payment reminder: invoice 7", "still open", None, "reminder"),
        ("Zahlungserinnerung", "noch offen", None, "reminder"),
        ("Please note", "We have changed our bank details.", None, "bank_change_request"),
        ("Wichtig", "Unsere neue Bankverbindung lautet wie folgt.", None, "bank_change_request"),
        ("Attention", "Veuillez noter nos nouvelles coordonnées bancaires.", None, "bank_change_request"),
        ("Invoice 7", "see the scan", "scan0001.pdf", "invoice"),
        ("Votre facture", "ci-joint", "document.pdf", "invoice"),
        ("Lunch on Friday", "anyone?", None, "unidentified"),
    ],
)
def test_what_ordinary_mail_is(subject, body, name, disposition):
    files = ((name, "application/pdf", PDF),) if name else ()

    found = screen(read_mail(a_mail(body, subject=subject, files=files)), load_rules(DEFAULT, {}))

    assert found.disposition is Disposition(disposition)


def test_changed_bank_details_beside_an_invoice_are_flagged():
    source = a_mail("Please note our new bank account.", files=(("Invoice 7.pdf", "application/pdf", PDF),))

    found = screen(read_mail(source), load_rules(DEFAULT, {}))

    assert (found.disposition, found.flags) == (Disposition.INVOICE, ("bank_change_mentioned",))


def test_a_faulty_file_names_line_and_word(tmp_path):
    file = tmp_path / "rules.yaml"
    file.write_text("rules:\n  - name: one\n    whn: {subject: x}\n    disposition: invoice\n    reason: x\n")

    with pytest.raises(ConfigurationError) as caught:
        load_rules(file, {})

    assert f"{file}:3" in caught.value.message
    assert "when" in caught.value.message
