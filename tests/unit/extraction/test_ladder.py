import pytest

from mailroom.demo.paper_others import spoiled_file
from mailroom.documents.sandbox import SandboxPool
from mailroom.domain.document import DocumentType, ExtractedDocument, document_from_json
from mailroom.domain.errors import ConfigurationError, RejectedInputError
from mailroom.extraction.ladder import AVAILABLE, explain, extract
from tests.unit.documents.papers import an_invoice, an_invoice_pdf


@pytest.fixture(scope="module")
def pool():
    with SandboxPool(1) as opened:
        yield opened


class SureReader:
    """A reader that knows every file."""

    name = "xml"

    def read(self, content, filename, pool):
        return [ExtractedDocument(DocumentType.INVOICE, (1,))]


class BlankReader(SureReader):
    """A reader that finds nothing of its kind."""

    def read(self, content, filename, pool):
        return []


def test_a_missing_reader_is_skipped_and_the_next_one_reads(pool):
    told = explain(an_invoice_pdf(), "a.pdf", pool)

    assert [(attempt.reader, attempt.result) for attempt in told.attempts] == [
        ("xml", "skipped"),
        ("learned", "skipped"),
        ("layout", "read"),
    ]
    assert told.documents[0].value("invoice_number") == "RE-2024-0317"


def test_the_best_reader_that_can_read_wins(pool):
    told = explain(an_invoice_pdf(), "a.pdf", pool, available=dict(AVAILABLE) | {"xml": SureReader()})

    assert [attempt.reader for attempt in told.attempts] == ["xml"]


def test_a_reader_that_finds_nothing_leaves_it_to_the_next(pool):
    told = explain(an_invoice_pdf(), "a.pdf", pool, available=dict(AVAILABLE) | {"xml": BlankReader()})

    assert [attempt.result for attempt in told.attempts] == ["nothing", "skipped", "read"]


@pytest.mark.parametrize("kind", ["empty", "broken", "encrypted", "no_text_layer", "too_many_pages"])
def test_a_file_no_reader_can_read_is_refused_with_its_code(pool, kind):
    with pytest.raises(RejectedInputError) as refused:
        extract(spoiled_file(kind, an_invoice()), "a.pdf", pool)

    assert refused.value.code == kind


def test_an_unknown_reader_is_named_with_those_there_are(pool):
    with pytest.raises(ConfigurationError, match="layuot"):
        extract(an_invoice_pdf(), "a.pdf", pool, ("layuot",))


def test_what_is_read_survives_json(pool):
    (document,) = extract(an_invoice_pdf(), "a.pdf", pool)

    assert document_from_json(document.as_json()) == document
