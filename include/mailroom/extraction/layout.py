"""Read a document by general layout rules; runs inside a sandbox child."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mailroom.documents.classification import Classification, classify
from mailroom.documents.content import recognize
from mailroom.documents.inspection import require_pdf
from mailroom.documents.text_layer import Page, opened, read_pages
from mailroom.domain.document import Check, ExtractedDocument, FieldValue
from mailroom.extraction.accounts import bank_account, is_theirs, other_accounts, tax_ids
from mailroom.extraction.checks import checks_of
from mailroom.extraction.currencies import currency
from mailroom.extraction.evidence import Evidence, best
from mailroom.extraction.issue_dates import issue_and_due_date
from mailroom.extraction.line_items import find_items
from mailroom.extraction.parties import Parties
from mailroom.extraction.references import invoice_number, purchase_order
from mailroom.extraction.sheet import Sheet, sheet_of
from mailroom.extraction.totals import Totals, find_totals

_MONTH_FIRST = {"USD"}


def read_here(content: bytes, filename: str = "") -> list[dict[str, Any]]:
    """Read a file's documents in this process; the JSON form of `ExtractedDocument`.

    Raises `RejectedInputError` with a code of `documents.faults.Fault`.
    """
    require_pdf(recognize(content, filename), filename)
    with opened(content) as document:
        pages = read_pages(document)
    return [read_document(pages).as_json()]


def read_document(pages: list[Page]) -> ExtractedDocument:
    """Return what layout rules find on the pages of one document."""
    sheet = sheet_of(pages)
    kind = _classified(sheet)
    numbers = tuple(page.number for page in pages)
    items = find_items(sheet)
    totals = find_totals(sheet, items.sum(), items.rows)
    fields = _fields(sheet, totals)
    return ExtractedDocument(
        document_type=kind.document_type,
        pages=numbers,
        fields=fields,
        lines=tuple(item.line() for item in items.items),
        checks=(*checks_of(fields, items, totals), *_one_account(sheet, fields)),
    )


def _one_account(sheet: Sheet, fields: dict[str, FieldValue]) -> Iterator[Check]:
    """Tell that the paper names more than the one bank account that was read."""
    chosen = fields["bank_account"].value if "bank_account" in fields else None
    others = other_accounts(sheet, chosen)
    if others:
        yield Check("one_bank_account", "fail", chosen, ", ".join(others))


def _classified(sheet: Sheet) -> Classification:
    cells = [slot.cell for slot in sheet.slots() if slot.page <= sheet.pages[0].number + 1]
    return classify([cell.text for cell in cells], [cell.height for cell in cells])


def _fields(sheet: Sheet, totals: Totals) -> dict[str, FieldValue]:
    gross = totals.evidence("gross")
    money = currency(sheet, (gross.slot, gross.start) if gross and gross.slot else None)
    issued, due = issue_and_due_date(sheet, month_first_country=bool(money and money.value in _MONTH_FIRST))
    parties = Parties(sheet)
    found: dict[str, Evidence | None] = {
        "invoice_number": invoice_number(sheet),
        "issue_date": issued,
        "due_date": due,
        "currency": money,
        "net_total": totals.evidence("net"),
        "tax_total": totals.evidence("tax"),
        "gross_total": gross,
        "amount_due": totals.evidence("due"),
        "vendor_name": parties.vendor,
        "vendor_tax_id": _vendor_tax_id(sheet, parties),
        "bank_account": bank_account(sheet),
        "buyer_name": parties.buyer,
        "purchase_order": purchase_order(sheet),
    }
    return {name: evidence.field() for name, evidence in found.items() if evidence is not None}


def _vendor_tax_id(sheet: Sheet, parties: Parties) -> Evidence | None:
    """Return the tax id that is not the buyer's: not called theirs, not under the buyer's name."""
    candidates = []
    for evidence in tax_ids(sheet):
        score = evidence.score * (0.4 if is_theirs(sheet, evidence) else 1.0)
        if _belongs_to(parties.buyer, parties.vendor, evidence):
            score *= 0.4
        candidates.append(Evidence(evidence.value, score, evidence.slot, evidence.start, evidence.end))
    return best([evidence for evidence in candidates if evidence.score > 0.45])


def _belongs_to(buyer: Evidence | None, vendor: Evidence | None, evidence: Evidence) -> bool:
    """Tell whether a value stands in the block under the buyer's name rather than the vendor's."""
    if buyer is None or buyer.slot is None or evidence.slot is None or buyer.slot.page != evidence.slot.page:
        return False
    return (
        _gap(buyer, evidence) < (_gap(vendor, evidence) if vendor and vendor.slot else 400.0)
        and _gap(buyer, evidence) < 150
    )


def _gap(party: Evidence, evidence: Evidence) -> float:
    """Return how far below a party's name a value stands, far when it is above or in another column."""
    assert party.slot is not None
    assert evidence.slot is not None
    above, below = party.slot.cell, evidence.slot.cell
    down = below.top - above.top
    aside = max(below.x0 - above.x1, above.x0 - below.x1, 0.0)
    return 1000.0 if down < -2 or party.slot.page != evidence.slot.page else down + 2 * aside
