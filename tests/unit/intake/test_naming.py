from __future__ import annotations

import pytest

from mailroom.domain.document import DocumentType as T
from mailroom.intake.naming import kind_by_name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("INV-2026-0007", T.INVOICE),
        ("Rechnung_4711", T.INVOICE),
        ("Schlussrechnung 3", T.INVOICE),
        ("facture-12", T.INVOICE),
        ("Fattura n. 12", T.INVOICE),
        ("factuur", T.INVOICE),
        ("Faktura VAT 1/2026", T.INVOICE),
        ("fatura", T.INVOICE),
        ("Gutschrift zu Rechnung 7", T.CREDIT_NOTE),
        ("Credit Note for invoice 7", T.CREDIT_NOTE),
        ("Purchase Order 4500", T.PURCHASE_ORDER),
        ("PO 4500", T.PURCHASE_ORDER),
        ("Bestellung", T.PURCHASE_ORDER),
        ("invoice for PO 4500", T.INVOICE),
        ("Lieferschein 9", T.GOODS_RECEIVED_NOTE),
        ("Statement of Account March", T.STATEMENT),
        ("Relevé de compte", T.STATEMENT),
        ("2. Mahnung", T.REMINDER),
        ("payment reminder: invoice 7", T.REMINDER),
        ("payslip-march", T.PAY_STUB),
        ("scan0001", None),
        ("invest in Porto", None),
        ("point of sale", None),
        ("", None),
    ],
)
def test_what_a_name_speaks_of(name, kind):
    assert kind_by_name(name) == kind
