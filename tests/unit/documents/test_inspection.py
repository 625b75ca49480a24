import zipfile
from io import BytesIO

import pytest

from mailroom.demo.paper_others import other_pdf, spoiled_file
from mailroom.documents.content import ContentKind
from mailroom.documents.inspection import inspect
from mailroom.documents.sandbox import SandboxPool
from tests.unit.documents import hostile_files
from tests.unit.documents.papers import an_invoice, an_invoice_pdf


@pytest.fixture(scope="module")
def pool():
    with SandboxPool(1) as opened:
        yield opened


def test_an_invoice_is_seen_with_its_pages_and_the_reason(pool):
    seen = inspect(an_invoice_pdf(language="de", locale="de_DE"), "rechnung.pdf", pool)

    assert (seen.kind, seen.pages, seen.document_type, seen.error) == (ContentKind.PDF, 1, "invoice", None)
    assert "rechnung" in seen.reason


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("kind", ["purchase_order", "goods_received_note", "statement", "reminder", "contract"])
def test_other_papers_are_not_taken_for_invoices(pool, kind, language):
    seen = inspect(other_pdf(kind, an_invoice(language=language)), "paper.pdf", pool)

    assert seen.document_type == kind


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("empty", "empty"),
        ("broken", "broken"),
        ("encrypted", "encrypted"),
        ("mistyped", "not_a_pdf"),
        ("too_many_pages", "too_many_pages"),
        ("no_text_layer", "no_text_layer"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(pool, kind, code):
    seen = inspect(spoiled_file(kind, an_invoice()), "paper.pdf", pool)

    assert seen.error == code
    assert seen.document_type is None
    assert seen.reason.endswith(".")


def test_pages_are_counted_before_they_are_opened(pool):
    assert inspect(hostile_files.many_pages_pdf(), "paper.pdf", pool).error == "too_many_pages"


def test_a_page_tree_that_loops_is_broken(pool):
    assert inspect(hostile_files.looping_pages_pdf(), "paper.pdf", pool).error == "broken"


def test_a_program_with_a_pdf_header_inside_is_not_a_pdf(pool):
    seen = inspect(b"MZ" + b"\x00" * 300 + an_invoice_pdf(), "paper.pdf", pool)

    assert seen.error == "not_a_pdf"


def test_a_few_stray_bytes_before_the_header_do_no_harm(pool):
    assert inspect(b"\r\n\r\n" + an_invoice_pdf(), "paper.pdf", pool).document_type == "invoice"


def test_an_archive_is_called_one_and_kept_unopened(pool):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("invoice.pdf", an_invoice_pdf())

    seen = inspect(packed.getvalue(), "invoices.zip", pool)

    assert (seen.kind, seen.error) == (ContentKind.ARCHIVE, "unsupported_format")


def test_an_xml_file_is_recognized_whatever_its_name(pool):
    seen = inspect(b'<?xml version="1.0"?><Invoice/>', "invoice.pdf", pool)

    assert (seen.kind, seen.error) == (ContentKind.XML, "not_a_pdf")
