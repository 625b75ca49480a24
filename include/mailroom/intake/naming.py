"""What people call papers in file names and subjects, in eight languages."""

from __future__ import annotations

import re
import unicodedata

from mailroom.domain.document import DocumentType

# The more special paper first: a "credit note for invoice 7" is a credit note, "reminder: invoice 7" a reminder.
_WORDS: dict[DocumentType, str] = {
    DocumentType.CREDIT_NOTE: """
        credit ?(?:note|memo) | gutschrift | rechnungskorrektur | avoir | note de credit | nota (?:de |di )?credito |
        factura rectificativa | credit ?nota | faktura korygujaca
        """,
    DocumentType.REMINDER: """
        (?:payment )?reminder | past due | overdue | dunning | mahnung | zahlungserinnerung | rappel | relance |
        recordatorio | sollecito | (?:betalings)?herinnering | aanmaning | przypomnienie | wezwanie do zaplaty |
        lembrete | aviso de cobranca
        """,
    DocumentType.STATEMENT: """
        statement(?: of account)? | kontoauszug | kontoubersicht | saldenliste | releve(?: de compte)? | extracto |
        estado de cuenta | estratto conto | rekeningoverzicht | wyciag | zestawienie sald | extrato
        """,
    DocumentType.PAY_STUB: """
        pay ?(?:stub|slip|check) | earnings statement | gehaltsabrechnung | lohnabrechnung |
        bulletin de (?:paie|salaire) | nomina | busta paga | loonstrook | pasek wynagrodzen | holerite
        """,
    DocumentType.GOODS_RECEIVED_NOTE: """
        goods rece(?:ived|ipt)(?: note)? | grn | delivery note | packing (?:slip|list) | lieferschein | wareneingang |
        bon de (?:livraison|reception) | albaran | documento di trasporto | ddt | pakbon | dokument wz |
        guia de remessa
        """,
    DocumentType.INVOICE: """
        invoices? | inv | bill | [a-z]*rechnung(?:en)? | factures? | facturas? | fattur[ae] | factu(?:ur|ren) |
        faktur[ay] | faturas? | nota fiscal | zugferd
        """,
    DocumentType.PURCHASE_ORDER: """
        purchase ?order | bestellung | bon de commande | orden de compra | pedido | ordine d ?acquisto | inkooporder |
        zamowienie | ordem de compra | po
        """,
    DocumentType.CONTRACT: "contract | agreement | vertrag | contrat | contrato | contratto | umowa",
    DocumentType.RECEIPT: "receipt | quittung | recu | recibo | ricevuta | kwitnia | paragon",
}


def _pattern(words: str) -> re.Pattern[str]:
    phrases = (" ".join(phrase.split()) for phrase in words.split(" | ") if phrase.strip())
    return re.compile(rf"(?<![a-z])(?:{'|'.join(phrases)})(?![a-z])")


_PATTERNS = {kind: _pattern(" ".join(words.split())) for kind, words in _WORDS.items()}


def kind_by_name(text: str) -> DocumentType | None:
    """Return the kind of paper that a file name or subject speaks of, or None."""
    folded = fold(text)
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(folded)), None)


def fold(text: str) -> str:
    """Return text in lower case without accents, with one blank for every run of separators."""
    plain = unicodedata.normalize("NFKD", text[:2_000].replace("ł", "l").replace("Ł", "L")).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", plain).strip()
