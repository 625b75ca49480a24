from decimal import Decimal

import pytest

from mailroom.demo.paper import LAYOUTS, InvoicePaper, PaperLine, invoice_pdf
from mailroom.documents.text_layer import opened, read_pages
from mailroom.domain.document import DocumentType, ExtractedDocument
from mailroom.extraction.layout import read_document
from tests.accuracy import scores_of
from tests.unit.documents.papers import an_invoice
from tests.unit.extraction.known_papers import PAPERS, paper_pdf
from tests.unit.extraction.more_known_papers import MORE
from tests.unit.extraction.third_papers import THIRD
from tests.unit.extraction.varied_papers import papers

LOCALES = {
    "en": "en_GB",
    "de": "de_DE",
    "fr": "fr_FR",
    "es": "es_ES",
    "it": "it_IT",
    "nl": "nl_NL",
    "pl": "pl_PL",
    "pt": "pt_PT",
}


EUROPEAN = {"polish_vat", "polish_services", "forwarder", "indian_gst"}
"""Papers with letters that Helvetica lacks."""


def read(content: bytes) -> ExtractedDocument:
    with opened(content) as document:
        return read_document(read_pages(document))


def values(document: ExtractedDocument, names) -> dict[str, str | None]:
    return {name: document.value(name) for name in names}


def checks(document: ExtractedDocument) -> dict[str, str]:
    return {check.rule: check.result for check in document.checks}


def read_paper(paper: InvoicePaper) -> ExtractedDocument:
    return read(invoice_pdf(paper))


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@pytest.mark.parametrize("language", sorted(LOCALES))
def test_every_field_is_read_in_every_language_and_layout(language, layout):
    paper = an_invoice(
        language=language, locale=LOCALES[language], layout=LAYOUTS[layout], purchase_order="PO-77881", wording=1
    )

    document = read_paper(paper)

    expected = paper.expected()
    assert values(document, expected) == expected
    assert len(document.lines) == 2


@pytest.mark.parametrize("name", sorted(PAPERS | MORE | THIRD))
def test_papers_of_common_billing_software_are_read_whole(name):
    text, truth = (PAPERS | MORE | THIRD)[name]
    document = read(paper_pdf(text, european=name in EUROPEAN))

    wrong = [score for score in scores_of(name, name, truth, document) if score.result != "right"]

    assert wrong == []
    assert document.document_type == ("credit_note" if "credit" in name else "invoice")


@pytest.mark.parametrize("held_back", [False, True])
def test_varied_papers_are_read_nearly_all(held_back):
    scores = [
        score
        for group, paper in papers(24, held_back=held_back)
        for score in scores_of(group, paper.number, paper.expected(), read_paper(paper))
    ]

    right = sum(score.result == "right" for score in scores)
    assert right / len(scores) >= 0.97


def test_totals_that_add_up_pass_their_checks():
    document = read_paper(an_invoice())

    assert checks(document) == {
        "net_plus_tax_is_gross": "pass",
        "lines_sum_to_net": "pass",
        "quantity_times_price": "pass",
        "gross_less_prepaid_is_due": "pass",
        "due_not_before_issue": "pass",
    }


def test_totals_that_do_not_add_up_fail_and_are_less_sure():
    text, _ = PAPERS["us_bookkeeping"]
    honest = read(paper_pdf(text))
    forged = read(paper_pdf(text.replace("1,356.99", "1,536.99")))

    assert checks(forged)["net_plus_tax_is_gross"] in {"fail", "cannot_tell"}
    assert forged.fields["gross_total"].confidence < honest.fields["gross_total"].confidence


def test_a_value_carries_page_and_box():
    document = read_paper(an_invoice())

    found = document.fields["invoice_number"]
    assert (found.source, found.page) == ("layout", 1)
    x0, top, x1, bottom = found.box
    assert 0 < x0 < x1 < 595
    assert 0 < top < bottom < 842


def test_a_table_over_several_pages_is_one():
    lines = tuple(
        PaperLine(f"Artikel Nummer {index}", Decimal(index), Decimal("1.10"), Decimal(19)) for index in range(1, 81)
    )

    document = read_paper(an_invoice(lines=lines, layout=LAYOUTS["window"], language="de", locale="de_DE"))

    assert len(document.pages) > 1
    assert [line.quantity for line in document.lines] == [str(index) for index in range(1, 81)]
    # 1.10 * (1 + ... + 80) = 1.10 * 3240
    assert document.value("net_total") == "3564.00"
    assert checks(document)["lines_sum_to_net"] == "pass"


def test_a_wrapped_description_stays_with_its_line():
    long = (
        "Wartung der Heizungsanlage im Bürogebäude einschließlich aller Verschleißteile und der Anfahrt an zwei Tagen"
    )
    lines = (
        PaperLine(long, Decimal(1), Decimal("480.00"), Decimal(19)),
        PaperLine("Anfahrt", Decimal(2), Decimal("35.00"), Decimal(19)),
    )

    document = read_paper(an_invoice(lines=lines, layout=LAYOUTS["window"], language="de", locale="de_DE"))

    assert [line.description for line in document.lines] == [long, "Anfahrt"]
    assert [line.net for line in document.lines] == ["480.00", "70.00"]


def test_discount_freight_and_prepayment_are_told_apart():
    paper = an_invoice(discount=Decimal("7.50"), freight=Decimal("12.00"), prepaid=Decimal("50.00"))

    document = read_paper(paper)

    # lines 47.50 + 60.00 = 107.50, less 7.50 plus 12.00 = 112.00; tax 19 % of 52.00 = 9.88 and 7 % of 60.00 = 4.20
    assert values(document, ("net_total", "tax_total", "gross_total", "amount_due")) == {
        "net_total": "112.00",
        "tax_total": "14.08",
        "gross_total": "126.08",
        "amount_due": "76.08",
    }


def test_a_credit_note_is_one_and_keeps_the_signs_of_the_page():
    document = read_paper(an_invoice(credit_note=True))

    assert document.document_type is DocumentType.CREDIT_NOTE
    assert document.value("gross_total") == "120.73"


@pytest.mark.parametrize(("locale", "issued"), [("en_US", "2024-03-07"), ("en_GB", "2024-03-07")])
def test_the_order_of_day_and_month_follows_from_the_paper(locale, issued):
    """Due after 30 days: only one reading of 03/07 and 04/06 (or 07/03 and 06/04) makes that."""
    pattern = "MM/dd/yyyy" if locale == "en_US" else "dd/MM/yyyy"

    document = read_paper(an_invoice(locale=locale, date_format=pattern, currency="GBP"))

    assert document.value("issue_date") == issued


def test_a_field_that_is_not_on_the_page_is_left_out():
    document = read_paper(an_invoice(due_date=None, purchase_order=None))

    assert document.value("due_date") is None
    assert document.value("purchase_order") is None


def test_the_buyer_s_tax_id_and_account_are_not_the_vendor_s():
    text, _ = PAPERS["italian_courtesy"]

    document = read(paper_pdf(text))

    assert document.value("vendor_tax_id") == "IT00743110157"


def test_an_iban_with_a_wrong_check_digit_is_not_an_account():
    text, _ = PAPERS["dutch_letter"]

    document = read(paper_pdf(text.replace("NL91 ABNA", "NL92 ABNA")))

    assert document.value("bank_account") is None
