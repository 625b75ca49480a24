import pytest

from mailroom.documents.classification import classify


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["Acme Ltd", "INVOICE", "Invoice No. 7"], "invoice"),
        (["Muster GmbH", "Rechnung Nr. 2024-7 vom 1.2.2024"], "invoice"),
        (["Dupont SARL", "Facture n° FA-12"], "invoice"),
        (["Ibérica S.L.", "FACTURA", "Base imponible 10,00"], "invoice"),
        (["Rossi S.r.l.", "Fattura n. 12/A", "Imponibile"], "invoice"),
        (["Bakker B.V.", "Factuur", "Factuurnummer 12"], "invoice"),
        (["Nowak S.A.", "Faktura VAT nr FV/1/2024", "Nabywca"], "invoice"),
        (["Silva Lda", "Fatura FT 2024/1"], "invoice"),
        (["Muster GmbH", "Gutschrift Nr. 5", "Gutschriftsdatum 1.2.2024"], "credit_note"),
        (["Acme Ltd", "Credit Note", "Credit note number CN-1"], "credit_note"),
        (["Nowak S.A.", "Faktura korygująca nr 3"], "credit_note"),
        (["Acme Ltd", "Purchase Order", "PO Number 77"], "purchase_order"),
        (["Muster GmbH", "Bestellung", "Hiermit bestellen wir"], "purchase_order"),
        (["Dupont SARL", "Bon de livraison", "Reçu par"], "goods_received_note"),
        (["Bakker B.V.", "Pakbon", "Geleverd aantal"], "goods_received_note"),
        (["Acme Ltd", "Statement of Account", "Opening balance", "Closing balance"], "statement"),
        (["Ibérica S.L.", "Estado de cuenta", "Saldo anterior"], "statement"),
        (["Muster GmbH", "2. Mahnung", "Mahngebühr 5,00"], "reminder"),
        (["Rossi S.r.l.", "Sollecito di pagamento"], "reminder"),
        (["Acme Ltd", "General Terms and Conditions", "Governing law"], "contract"),
        (["Acme Inc.", "Earnings Statement", "Pay Period", "Gross Pay", "Net Pay", "YTD"], "pay_stub"),
        (["Form W-2 Wage and Tax Statement", "Wages, tips, other compensation"], "w2"),
        (["Lieber Herr Meier,", "anbei die Fotos vom Sommerfest."], "other"),
    ],
)
def test_a_paper_is_known_by_its_title_and_labels(lines, kind):
    told = classify(lines)

    assert told.document_type == kind
    assert told.reason


def test_an_invoice_that_names_an_order_is_still_an_invoice():
    lines = ["Acme Ltd", "Invoice", "Purchase Order 4711", "Invoice No. 7", "Amount due 10.00"]

    assert classify(lines).document_type == "invoice"
