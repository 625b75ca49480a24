"""The mails of the story, and where each must end. Numbers, amounts and Message-IDs carry the run's number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from mailroom.demo import cast, letters
from mailroom.demo.cast import SampleSupplier
from mailroom.demo.paper import LAYOUTS, InvoicePaper, PaperLine, Party, invoice_pdf
from mailroom.demo.paper_others import other_pdf, spoiled_file
from mailroom.domain.money import Money


@dataclass(frozen=True, slots=True)
class ExpectedInvoice:
    """Where one invoice must end; one that completes must stand in the ledger with this total, once."""

    number: str
    total: Money
    state: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StoryMail:
    """One mail, and what must become of it.

    `organization` is the slug of whose ledger it must stand in. `login` False sends it as anybody could, with
    no signature. `answered` is an address that must get an answer to it, holding the words `answer`.
    """

    key: str
    title: str
    organization: str
    sender: str
    recipient: str
    message_id: str
    raw: bytes = field(repr=False)
    disposition: str
    reason: str | None = None
    invoices: tuple[ExpectedInvoice, ...] = ()
    login: bool = True
    answered: str | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """One telling of the story: its number among all runs, and when it is told."""

    run: int
    now: datetime

    @property
    def today(self) -> date:
        """Return the day on which invoices arrive."""
        return self.now.date()

    def number(self, prefix: str, position: int) -> str:
        """Return an invoice number that no other run uses."""
        return f"{prefix}-{self.today:%Y}-{self.run:04d}{position}"

    def message_id(self, key: str, domain: str) -> str:
        """Return a Message-ID that no other run uses."""
        return f"<run{self.run}.{self.now:%Y%m%d%H%M%S}.{key}@{domain}>"

    def desk_of(self, supplier: SampleSupplier) -> SampleSupplier:
        """Return a supplier writing from an address of this run: a sender is told of one fault once a day."""
        return replace(supplier, email=f"desk{self.run}@{supplier.domain}")

    @property
    def cents(self) -> Decimal:
        """Return what makes this run's amounts differ from those of other runs: 0.00 to 49.99."""
        return Decimal(self.run * 137 % 5000) / 100

    def paper(
        self,
        supplier: SampleSupplier,
        number: str,
        lines: tuple[PaperLine, ...],
        *,
        layout: str = "classic",
        locale: str = "de_DE",
        purchase_order: str | None = None,
    ) -> InvoicePaper:
        """Return an invoice of a supplier to its customer; the first line's price carries the run's cents."""
        first, *rest = lines
        issued = self.today - timedelta(days=2)
        acme = supplier.organization == "acme"
        return InvoicePaper(
            supplier.party,
            cast.ACME if acme else cast.GLOBEX,
            number,
            issued,
            (replace(first, unit_price=first.unit_price + self.cents), *rest),
            due_date=issued + timedelta(days=30),
            currency="EUR" if acme else "GBP",
            language=locale[:2],
            locale=locale,
            layout=LAYOUTS[layout],
            purchase_order=purchase_order,
        )


def line(description: str, quantity: str, price: str, tax: str, unit: str = "") -> PaperLine:
    """Return one line item."""
    return PaperLine(description, Decimal(quantity), Decimal(price), Decimal(tax), unit)


def first_mails(telling: Telling) -> list[StoryMail]:
    """Return what arrives first: invoices of seven suppliers, and what else a mailbox gets."""
    return [make(telling) for make in _FIRST]


def office_invoice(telling: Telling, *, copied: bool = False) -> InvoicePaper:
    """Return the small clean invoice; `copied`, as its supplier writes it when it is sent once more."""
    number = telling.number("NB", 1)
    lines = (line("Kopierpapier A4, 80 g", "1", "112.00", "19"), line("Ordner, breit", "10", "3.40", "19", "Stk"))
    layout = "window" if copied else "classic"
    return telling.paper(OFFICE, number.replace("-", "/") if copied else number, lines, layout=layout)


OFFICE = cast.OFFICE


def _mail(
    telling: Telling, key: str, title: str, supplier: SampleSupplier, subject: str, files: list[letters.File],
    **expected: object,
) -> StoryMail:  # fmt: skip
    """Return a supplier's mail."""
    text = f"Dear Sir or Madam,\n\n{subject}.\n\nKind regards\n{supplier.party.name}\n{supplier.phone}"
    head = _head(telling, key, supplier, subject)
    return _told(key, title, supplier, head, letters.letter(head, text, files), **expected)


def _head(telling: Telling, key: str, supplier: SampleSupplier, subject: str) -> letters.Letterhead:
    recipient = cast.ACME_MAILBOX if supplier.organization == "acme" else cast.GLOBEX_ADDRESS
    message_id = telling.message_id(key, supplier.domain)
    return letters.Letterhead(supplier.email, supplier.party.name, recipient, subject, message_id, telling.now)


def _told(
    key: str, title: str, supplier: SampleSupplier, head: letters.Letterhead, raw: bytes, **expected: object
) -> StoryMail:
    return StoryMail(
        key, title, supplier.organization, head.sender, head.recipient, head.message_id, raw,
        **expected,  # type: ignore[arg-type]
    )  # fmt: skip


def _of(paper: InvoicePaper, state: str, reason: str | None = None) -> ExpectedInvoice:
    return ExpectedInvoice(paper.number, Money(paper.gross_total, paper.currency), state, reason)


def _pdf(paper: InvoicePaper) -> letters.File:
    return f"{paper.number.replace('/', '_')}.pdf", invoice_pdf(paper)


def _straight_through(telling: Telling) -> StoryMail:
    paper = office_invoice(telling)
    return _mail(
        telling, "straight", "Small clean invoice", OFFICE, f"Rechnung {paper.number}", [_pdf(paper)],
        disposition="invoice", invoices=(_of(paper, "completed"),),
    )  # fmt: skip


def building_invoice(telling: Telling) -> InvoicePaper:
    """Return the invoice that the head of facilities approves by mail."""
    lines = (
        line("Wartung Lüftungsanlage", "1", "1850.00", "19"),
        line("Filtersatz F7", "6", "64.50", "19", "Stk"),
        line("Monteurstunden", "8", "72.00", "19", "Std"),
    )
    number = telling.number("WG", 2)
    return telling.paper(cast.BUILDING, number, lines, layout="window", purchase_order="PO-4711")


def _for_approval(telling: Telling) -> StoryMail:
    paper = building_invoice(telling)
    return _mail(
        telling, "approve", "Invoice above the limit", cast.BUILDING, f"Rechnung {paper.number}", [_pdf(paper)],
        disposition="invoice", invoices=(_of(paper, "completed"),),
    )  # fmt: skip


def furniture_invoice(telling: Telling) -> InvoicePaper:
    """Return the invoice that a forger tries to approve and the head of finance rejects."""
    lines = (line("Chaise de bureau Atlas", "8", "132.00", "20"), line("Livraison", "1", "90.00", "20"))
    return telling.paper(cast.FURNITURE, telling.number("LM", 3), lines, locale="fr_FR")


def _for_rejection(telling: Telling) -> StoryMail:
    paper = furniture_invoice(telling)
    return _mail(
        telling, "reject", "Invoice with a wrong quantity", cast.FURNITURE, f"Facture {paper.number}", [_pdf(paper)],
        disposition="invoice", invoices=(_of(paper, "rejected", "rejected_by_approver"),),
    )  # fmt: skip


def _several(telling: Telling) -> StoryMail:
    trips = (("VD", 4, "Transport Rotterdam-Berlin", "86.00"), ("VD", 5, "Transport Berlin-Hamburg", "164.00"))
    one, two = (
        telling.paper(
            cast.CARRIER,
            telling.number(prefix, position),
            (line(trip, "1", price, "21"),),
            layout="ledger",
            locale="nl_NL",
        )
        for prefix, position, trip, price in trips
    )
    return _mail(
        telling, "several", "Two invoices in one mail", cast.CARRIER, f"Facturen {one.number} en {two.number}",
        [_pdf(one), _pdf(two)],
        disposition="invoice", invoices=(_of(one, "completed"), _of(two, "completed")),
    )  # fmt: skip


def _other_account(telling: Telling) -> StoryMail:
    lines = (line("Einbaubackofen EB 60", "4", "689.00", "19", "Stk"),)
    party = cast.APPLIANCES.party
    changed = Party(
        party.name, party.street, party.city, party.country, party.tax_id, party.email, party.phone, None,
        cast.OTHER_ACCOUNT,
    )  # fmt: skip
    supplier = SampleSupplier("acme", changed, cast.APPLIANCES.email, phone=cast.APPLIANCES.phone)
    paper = telling.paper(supplier, telling.number("BK", 6), lines, layout="modern")
    return _mail(
        telling, "account", "Invoice with another bank account", supplier,
        f"Rechnung {paper.number} - bitte neue Bankverbindung beachten", [_pdf(paper)],
        disposition="invoice", invoices=(_of(paper, "on_hold", "bank_details_changed"),),
    )  # fmt: skip


def _new_supplier(telling: Telling) -> StoryMail:
    lines = (line("Lichtplanung Ausstellung", "1", "2400.00", "19"),)
    paper = telling.paper(cast.LIGHTING, telling.number("LL", 7), lines, layout="boxes")
    return _mail(
        telling, "new_supplier", "Invoice of an unknown supplier", cast.LIGHTING, f"Rechnung {paper.number}",
        [_pdf(paper)], disposition="invoice", invoices=(_of(paper, "on_hold", "unknown_supplier"),),
    )  # fmt: skip


def medical_invoice(telling: Telling) -> InvoicePaper:
    """Return the invoice that reaches the second customer through the shared mailbox."""
    lines = (
        line("Nitrile gloves, box of 100", "120", "7.20", "20"),
        line("Surface disinfectant 5 l", "15", "18.40", "20"),
    )
    return telling.paper(cast.MEDICAL, telling.number("NMS", 8), lines, layout="letter", locale="en_GB")


def _shared_mailbox(telling: Telling) -> StoryMail:
    paper = medical_invoice(telling)
    return _mail(
        telling, "shared", "Invoice to a shared mailbox", cast.MEDICAL, f"Invoice {paper.number}", [_pdf(paper)],
        disposition="invoice", invoices=(_of(paper, "completed"),),
    )  # fmt: skip


def _encrypted(telling: Telling) -> StoryMail:
    carrier = telling.desk_of(cast.CARRIER)
    paper = telling.paper(carrier, telling.number("VD", 9), (line("Opslag", "1", "55.00", "21"),))
    return _mail(
        telling, "encrypted", "Invoice locked with a password", carrier, f"Factuur {paper.number}",
        [(f"{paper.number}.pdf", spoiled_file("encrypted", paper))],
        disposition="unidentified", reason="encrypted", answered=carrier.email, answer="password",
    )  # fmt: skip


def _no_attachment(telling: Telling) -> StoryMail:
    appliances = telling.desk_of(cast.APPLIANCES)
    return _mail(
        telling, "no_attachment", "Invoice mail without a file", appliances, "Rechnung im Anhang", [],
        disposition="unidentified", reason="no_attachment", answered=appliances.email, answer="attached",
    )  # fmt: skip


def _terms(telling: Telling) -> StoryMail:
    appliances = telling.desk_of(cast.APPLIANCES)
    lines = (line("Einbaubackofen EB 60", "4", "689.00", "19", "Stk"),)
    paper = telling.paper(appliances, telling.number("AB", 0), lines)
    return _mail(
        telling, "terms", "Terms of delivery, no invoice", appliances, "Unsere neuen Lieferbedingungen",
        [("agb.pdf", other_pdf("contract", paper))],
        disposition="unidentified", reason="no_rule", answered=appliances.email, answer="could not use",
    )  # fmt: skip


def _away(telling: Telling) -> StoryMail:
    head = _head(telling, "away", cast.BUILDING, "Automatic reply: away until Monday")
    raw = letters.out_of_office(head, "I am out of the office until Monday. Your mail is not passed on.")
    return _told("away", "Out-of-office answer", cast.BUILDING, head, raw, disposition="auto_reply")


def _nested(telling: Telling) -> StoryMail:
    head = _head(telling, "nested", cast.LIGHTING, "Rechnung")
    return _told(
        "nested", "Mail bomb, 60 parts deep", cast.LIGHTING, head, letters.nested(head, 60),
        disposition="quarantined", reason="nested_too_deep", login=False,
    )  # fmt: skip


_FIRST: tuple[Callable[[Telling], StoryMail], ...] = (
    _straight_through, _for_approval, _for_rejection, _several, _other_account, _new_supplier, _shared_mailbox,
    _encrypted, _no_attachment, _terms, _away, _nested,
)  # fmt: skip


def copy_of_invoice(telling: Telling) -> StoryMail:
    """Return the small invoice sent once more: another mail, another file, its number written otherwise."""
    paper = office_invoice(telling, copied=True)
    return _mail(
        telling, "duplicate", "The small invoice once more", OFFICE, f"Rechnungskopie {paper.number}", [_pdf(paper)],
        disposition="invoice", invoices=(_of(paper, "on_hold", "duplicate"),),
    )  # fmt: skip


def approving_reply(telling: Telling, request: letters.Quoted) -> StoryMail:
    """Return the head of facilities' yes, as a desktop program writes it."""
    head = _answer_head(telling, "yes", cast.FACILITIES, request)
    raw = letters.reply_quoting_below(head, "Approved, thanks", request)
    return _answer("yes", "Approver's reply: approved", head, raw, reason="approve")


def forged_reply(telling: Telling, request: letters.Quoted) -> StoryMail:
    """Return a yes in the head of finance's name that nobody signed."""
    head = _answer_head(telling, "forged", cast.FINANCE, request)
    raw = letters.reply_quoting_below(head, "APPROVE", request)
    return _answer(
        "forged", "Forged approval", head, raw, disposition="quarantined", reason="not_proved", login=False,
        answered=cast.FINANCE.email, answer="could not be proved",
    )  # fmt: skip


def rejecting_reply(telling: Telling, request: letters.Quoted) -> StoryMail:
    """Return the head of finance's no, as web mail writes it."""
    head = _answer_head(telling, "no", cast.FINANCE, request)
    raw = letters.reply_quoting_marked(head, "REJECT\nWe ordered four chairs and got eight.", request)
    return _answer("no", "Approver's reply: rejected", head, raw, reason="reject")


def _answer_head(telling: Telling, key: str, who: cast.Person, request: letters.Quoted) -> letters.Letterhead:
    message_id = telling.message_id(key, who.email.rpartition("@")[2])
    return letters.Letterhead(who.email, who.name, cast.ACME_MAILBOX, f"Re: {request.subject}", message_id, telling.now)


def _answer(key: str, title: str, head: letters.Letterhead, raw: bytes, **expected: object) -> StoryMail:
    wanted = {"disposition": "approval_reply", **expected}
    return StoryMail(
        key, title, "acme", head.sender, head.recipient, head.message_id, raw,
        **wanted,  # type: ignore[arg-type]
    )  # fmt: skip
