"""What was sent is what is stored: amounts, lines, words, files, signs, drafts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from erp_connectors.interface import (
    BillState,
    Connector,
    DocumentType,
    UploadRefusedError,
)
from erp_connectors.testing.bills import a_bill, a_line, a_pdf
from erp_connectors.testing.system import SystemUnderTest

UNUSABLE: dict[str, dict[str, Any]] = {
    "no key": {"key": " "},
    "no number": {"invoice_number": ""},
    "no supplier": {"supplier_code": "", "supplier_name": " "},
    "no lines": {"lines": ()},
    "no account": {"lines": (a_line(account=""),)},
    "not a currency": {"currency": "euro"},
    "negative": {"net": Decimal(-100), "tax": Decimal(-19), "gross": Decimal(-119)},
    "not a number": {"gross": Decimal("NaN")},
    "a float": {"net": 100.0},
    "does not add up": {"gross": Decimal("119.01")},
    "NUL in a text": {"supplier_name": "Paper\x00Mill"},
    "broken text": {"lines": (a_line(description="\ud800"),)},
}


class ContentTests:
    """A bill comes out of the system as it went in."""

    many_lines = 500
    """How many lines the long bill has; lower it only for a system that documents a limit."""
    can_post = True
    """Whether the system takes a bill that is no draft."""

    @pytest.mark.parametrize(
        ("net", "tax", "gross"),
        [
            ("0.01", "0.00", "0.01"),
            ("0.10", "0.20", "0.30"),
            ("1011.85", "192.25", "1204.10"),
            ("839999.99", "159600.00", "999599.99"),
            ("4.35", "0.83", "5.18"),
        ],
    )
    def test_cents_are_exact(
        self, connector: Connector, system: SystemUnderTest, net: str, tax: str, gross: str
    ) -> None:
        """To the cent, where binary fractions would not be; the receipt says the same."""
        receipt = connector.upload(a_bill(net=net, tax=tax))
        stored = system.stored()[0]

        assert (stored.payable, stored.tax) == (Decimal(gross), Decimal(tax))
        assert [line.payable for line in stored.lines] == [Decimal(net)]
        assert receipt.evidence["gross"] == gross
        assert receipt.evidence["currency"] == stored.currency == "EUR"

    def test_every_line_arrives_in_order(self, connector: Connector, system: SystemUnderTest) -> None:
        """A long bill keeps all its lines, discounts too."""
        amounts = [Decimal(place + 1) for place in range(self.many_lines - 1)]
        lines = (*(a_line(str(net), description=f"Item {net}") for net in amounts), a_line("-1.50"))
        total = sum(amounts) - Decimal("1.50")
        connector.upload(a_bill(net=str(total), tax="0.00", lines=lines))
        stored = system.stored()[0].lines

        assert [line.payable for line in stored] == [*amounts, Decimal("-1.50")]
        assert stored[1].description == "Item 2"

    def test_words_of_any_language_arrive(self, connector: Connector, system: SystemUnderTest) -> None:
        """Text is text: no question marks, no mojibake, nothing run as a command."""
        words = "Kühlgerät – 東京 ½ ‘№’ €; DROP TABLE x; 'quoted' \"twice\" <b>&amp;</b>"
        connector.upload(a_bill("Nº-7/ÄÖ", lines=(a_line(description=words),)))
        stored = system.stored()[0]

        assert stored.invoice_number == "Nº-7/ÄÖ"
        assert stored.lines[0].description == words

    def test_supplier_and_date_arrive(self, connector: Connector, system: SystemUnderTest) -> None:
        """The bill is the supplier's, with the paper's date."""
        bill = a_bill()
        connector.upload(bill)
        stored = system.stored()[0]

        assert stored.supplier in {bill.supplier_code, bill.supplier_name}
        assert stored.issue_date == bill.issue_date

    def test_the_paper_can_be_read_back(self, connector: Connector, system: SystemUnderTest) -> None:
        """Byte for byte: it may be the original in law."""
        paper = a_pdf("INV-7")
        receipt = connector.upload(a_bill(attachments=(paper,)))

        assert [file.body for file in system.stored()[0].files] == [paper.body]
        assert receipt.evidence["attachments"] == "1"

    def test_every_file_is_kept(self, connector: Connector, system: SystemUnderTest) -> None:
        """All files stay, even two of one name or one with a name that would be a path."""
        files = (a_pdf("one"), a_pdf("two"), a_pdf("three", filename="../../etc/Lieferschein ü.pdf"))
        receipt = connector.upload(a_bill(attachments=files))

        assert [file.body for file in system.stored()[0].files] == [file.body for file in files]
        assert receipt.evidence["attachments"] == "3"

    def test_a_credit_note_lowers_what_we_owe(self, connector: Connector, system: SystemUnderTest) -> None:
        """The paper's amounts are positive; in the ledger it counts the other way."""
        receipt = connector.upload(a_bill("CN-1", document_type=DocumentType.CREDIT_NOTE))
        stored = system.stored()[0]

        assert (stored.payable, stored.tax) == (Decimal("-119.00"), Decimal("-19.00"))
        assert [line.payable for line in stored.lines] == [Decimal("-100.00")]
        assert receipt.evidence["gross"] == "119.00"

    def test_a_draft_stays_a_draft(self, connector: Connector, system: SystemUnderTest) -> None:
        """Nothing happens with it until a person in the system says so."""
        receipt = connector.upload(a_bill())

        assert system.stored()[0].draft
        assert receipt.state is BillState.DRAFT

    def test_a_bill_that_is_no_draft_is_posted_or_refused(self, connector: Connector, system: SystemUnderTest) -> None:
        """A system without posting says so rather than keeping a draft nobody looks at."""
        bill = replace(a_bill(), draft=False)
        if not self.can_post:
            with pytest.raises(UploadRefusedError):
                connector.upload(bill)
            assert not system.stored()
            return
        receipt = connector.upload(bill)

        assert not system.stored()[0].draft
        assert receipt.state is BillState.POSTED

    @pytest.mark.parametrize("change", UNUSABLE.values(), ids=UNUSABLE.keys())
    def test_an_unusable_bill_is_refused_before_it_is_sent(
        self, connector: Connector, system: SystemUnderTest, change: dict[str, Any]
    ) -> None:
        """`erp_connectors.unusable.refuse_unusable` is the check to call first."""
        with pytest.raises(UploadRefusedError) as refusal:
            connector.upload(replace(a_bill(), **change))

        assert refusal.value.code == "unusable_bill"
        assert not system.stored()
