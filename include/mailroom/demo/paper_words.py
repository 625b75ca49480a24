"""The words printed on papers, by language; several where papers differ, `wording` picks among them."""

from __future__ import annotations

_KEYS = (
    "invoice", "credit_note", "number", "issue_date", "due_date", "order", "customer_number", "delivery_date",
    "description", "quantity", "unit_price", "amount", "rate", "code",
    "net", "tax", "gross", "due", "prepaid", "freight", "discount", "subtotal",
    "from", "to", "page", "vat_id", "iban", "terms", "thanks", "account_holder",
)  # fmt: skip

_TEXTS = {
    "en": """
        Invoice / INVOICE / Tax Invoice ; Credit Note / Credit Memo ; Invoice No. / Invoice Number / Invoice
        # ; Invoice Date / Date of issue / Date ; Due Date / Payment due / Pay by ; PO Number / Purchase
        Order / Your Order No. ; Customer No. / Account No. / Client ID ; Delivery date / Date of supply /
        Shipped ; Description / Item / Product ; Qty / Quantity / Units ; Unit Price / Price / Rate ; Amount
        / Total / Line total ; VAT % / VAT rate / Tax ; Code / Item no. / SKU ; Net total / Subtotal / Total
        excl. VAT ; VAT / Total VAT / Tax ; Total / Invoice total / Total incl. VAT ; Amount due / Balance
        due / Total due ; Less paid / Deposit paid / Amount paid ; Shipping / Freight / Delivery charge ;
        Discount / Less discount / Rebate ; Goods total / Items total / Sum of items ; From / Supplier /
        Seller ; Bill to / Invoice to / Customer ; Page ; VAT Reg. No. / VAT No. / VAT ID ; IBAN ; Please
        pay until {date}. / Payment terms: net 30 days, due {date} / Kindly settle this invoice by {date}. ;
        Thank you for your business. ; Account name
    """,
    "de": """
        Rechnung / RECHNUNG / Rechnung ; Gutschrift / Rechnungskorrektur ; Rechnungsnummer / Rechnungs-Nr. /
        Rechnung Nr. ; Rechnungsdatum / Datum / Belegdatum ; Fällig am / Zahlbar bis / Fälligkeitsdatum ;
        Bestellnummer / Ihre Bestellung / Bestell-Nr. ; Kundennummer / Kunden-Nr. / Kd.-Nr. ; Lieferdatum /
        Leistungsdatum / Versanddatum ; Beschreibung / Bezeichnung / Artikel ; Menge / Anzahl / Stück ;
        Einzelpreis / E-Preis / Preis ; Betrag / Gesamt / Gesamtpreis ; USt. % / MwSt. / USt-Satz ; Art.-Nr.
        / Artikelnr. / Nr. ; Nettobetrag / Summe netto / Zwischensumme netto ; Umsatzsteuer / MwSt. / zzgl.
        USt. ; Gesamtbetrag / Rechnungsbetrag / Bruttobetrag ; Zahlbetrag / Zu zahlen / Offener Betrag ;
        Bereits bezahlt / Anzahlung / abzgl. Anzahlung ; Versandkosten / Fracht / Porto und Verpackung ;
        Rabatt / Nachlass / abzgl. Rabatt ; Warenwert / Summe Positionen / Positionssumme ; Rechnungssteller
        / Lieferant / Verkäufer ; Rechnungsempfänger / Kunde / Rechnung an ; Seite ; USt-IdNr. / USt-ID /
        UID-Nr. ; IBAN ; Bitte überweisen Sie den Betrag bis zum {date}. / Zahlbar ohne Abzug bis {date}. /
        Zahlungsziel: {date} ; Vielen Dank für Ihren Auftrag. ; Kontoinhaber
    """,
    "fr": """
        Facture / FACTURE / Facture ; Avoir / Note de crédit ; Facture n° / Numéro de facture / N° facture ;
        Date de facture / Date / Date d'émission ; Date d'échéance / Échéance / À payer avant le ; Bon de
        commande / Votre commande / N° de commande ; N° client / Code client / Référence client ; Date de
        livraison / Livré le / Date de prestation ; Désignation / Description / Libellé ; Quantité / Qté /
        Nombre ; Prix unitaire HT / P.U. HT / Prix unitaire ; Montant HT / Total HT / Montant ; TVA / Taux
        TVA / TVA % ; Référence / Réf. / Code ; Total HT / Montant HT / Total hors taxes ; TVA / Montant TVA
        / Total TVA ; Total TTC / Montant TTC / Total toutes taxes comprises ; Net à payer / Reste à payer /
        Solde à payer ; Acompte / Acompte versé / Déjà réglé ; Frais de port / Port / Livraison ; Remise /
        Rabais / Escompte commercial ; Total articles / Sous-total / Total des lignes ; Vendeur / Émetteur /
        Fournisseur ; Facturé à / Client / Adresse de facturation ; Page ; N° TVA / TVA intracommunautaire /
        N° TVA intracom. ; IBAN ; Merci de régler avant le {date}. / Paiement à 30 jours, soit le {date} /
        Échéance de paiement : {date} ; Merci de votre confiance. ; Titulaire du compte
    """,
    "es": """
        Factura / FACTURA / Factura ; Nota de crédito / Factura rectificativa ; Factura nº / Número de
        factura / Nº de factura ; Fecha de factura / Fecha / Fecha de emisión ; Fecha de vencimiento /
        Vencimiento / Vence el ; Pedido nº / Orden de compra / Su pedido ; Cód. cliente / Nº de cliente /
        Cliente nº ; Fecha de entrega / Entregado / Fecha de operación ; Descripción / Concepto / Artículo ;
        Cantidad / Cant. / Unidades ; Precio unitario / Precio / P. unitario ; Importe / Total / Subtotal ;
        IVA / IVA % / Tipo IVA ; Código / Ref. / Referencia ; Base imponible / Subtotal / Total neto ; IVA /
        Cuota IVA / Total IVA ; Total factura / Total / Importe total ; Total a pagar / Pendiente de pago /
        Importe a pagar ; Anticipo / Pagado a cuenta / Ya pagado ; Gastos de envío / Portes / Transporte ;
        Descuento / Dto. / Descuento comercial ; Suma de artículos / Total artículos / Importe bruto ;
        Vendedor / Emisor / Proveedor ; Facturar a / Cliente / Datos del cliente ; Página ; NIF / CIF /
        NIF-IVA ; IBAN ; Forma de pago: transferencia, vence el {date} / Pagar antes del {date}. /
        Vencimiento del pago: {date} ; Gracias por su confianza. ; Titular de la cuenta
    """,
    "it": """
        Fattura / FATTURA / Fattura ; Nota di credito / Nota di accredito ; Fattura n. / Numero fattura / N.
        fattura ; Data fattura / Data / Data documento ; Scadenza / Data scadenza / Da pagare entro il ;
        Ordine n. / Vs. ordine / Ordine d'acquisto ; Codice cliente / Cod. cliente / Cliente n. ; Data
        consegna / Consegnato il / Data trasporto ; Descrizione / Articolo / Prodotto ; Quantità / Q.tà /
        Qta ; Prezzo unitario / Prezzo / Prezzo unit. ; Importo / Totale / Importo netto ; IVA % / Aliq. IVA
        / IVA ; Codice / Cod. art. / Rif. ; Imponibile / Totale imponibile / Totale netto ; IVA / Totale IVA
        / Imposta ; Totale fattura / Totale documento / Totale ; Netto a pagare / Totale da pagare / Totale
        dovuto ; Acconto / Acconto versato / Già pagato ; Spese di spedizione / Trasporto / Spese di
        trasporto ; Sconto / Sconto commerciale / Abbuono ; Totale merce / Totale righe / Importo merce ;
        Fornitore / Mittente / Cedente ; Cliente / Destinatario / Spett.le ; Pagina ; P.IVA / Partita IVA /
        P. IVA ; IBAN ; Bonifico bancario entro il {date}. / Scadenza pagamento: {date} / Pagamento a 30
        giorni, entro {date} ; Grazie per la fiducia. ; Intestatario del conto
    """,
    "nl": """
        Factuur / FACTUUR / Factuur ; Creditnota / Creditfactuur ; Factuurnummer / Factuurnr. / Factuur nr.
        ; Factuurdatum / Datum / Datum factuur ; Vervaldatum / Uiterste betaaldatum / Te betalen voor ; Uw
        bestelling / Inkoopnummer / Bestelnummer ; Klantnummer / Klantnr. / Debiteurnummer ; Leverdatum /
        Geleverd op / Verzonden op ; Omschrijving / Artikel / Beschrijving ; Aantal / Stuks / Hoeveelheid ;
        Prijs per stuk / Prijs / Stukprijs ; Bedrag / Totaal / Regelbedrag ; BTW % / BTW / Btw-tarief ;
        Art.nr. / Artikelnr. / Code ; Subtotaal / Totaal excl. BTW / Exclusief BTW ; BTW / BTW-bedrag /
        Totaal BTW ; Totaal incl. BTW / Totaal / Factuurbedrag ; Te betalen / Nog te voldoen / Te voldoen ;
        Reeds betaald / Aanbetaling / Al voldaan ; Verzendkosten / Vrachtkosten / Bezorgkosten ; Korting /
        Kortingsbedrag / Klantkorting ; Goederenbedrag / Totaal artikelen / Som regels ; Leverancier /
        Verkoper / Afzender ; Factuur aan / Klant / Factuuradres ; Pagina ; BTW-nummer / BTW nr. / BTW-id ;
        IBAN ; Gelieve te betalen voor {date}. / Betalingstermijn 30 dagen, uiterlijk {date} / Wij verzoeken
        u het bedrag vóór {date} over te maken. ; Bedankt voor uw opdracht. ; Ten name van
    """,
    "pl": """
        Faktura / FAKTURA VAT / Faktura VAT ; Faktura korygująca / Korekta faktury ; Faktura nr / Numer
        faktury / Nr faktury ; Data wystawienia / Data faktury / Wystawiono dnia ; Termin płatności / Płatne
        do / Termin zapłaty ; Nr zamówienia / Zamówienie / Numer zamówienia ; Nr klienta / Kod klienta /
        Numer klienta ; Data sprzedaży / Data dostawy / Data wykonania usługi ; Nazwa towaru lub usługi /
        Nazwa / Opis ; Ilość / Liczba / Ilość szt. ; Cena netto / Cena jedn. / Cena jednostkowa netto ;
        Wartość netto / Kwota netto / Netto ; Stawka VAT / VAT % / VAT ; Kod / Indeks / Symbol ; Razem netto
        / Wartość netto / Suma netto ; Kwota VAT / Podatek VAT / VAT ; Razem brutto / Wartość brutto / Suma
        brutto ; Do zapłaty / Pozostało do zapłaty / Razem do zapłaty ; Zapłacono / Zaliczka / Wpłacono ;
        Koszty wysyłki / Transport / Koszt dostawy ; Rabat / Upust / Udzielony rabat ; Wartość towarów /
        Suma pozycji / Razem pozycje ; Sprzedawca / Wystawca / Dostawca ; Nabywca / Odbiorca / Klient ;
        Strona ; NIP / NIP UE / NIP ; Nr konta / IBAN / Numer rachunku ; Prosimy o zapłatę do dnia {date}. /
        Płatność przelewem do {date} / Termin zapłaty: {date} ; Dziękujemy za współpracę. ; Odbiorca
        przelewu
    """,
    "pt": """
        Fatura / FATURA / Fatura ; Nota de crédito / Nota de crédito ; Fatura n.º / Número da fatura / Nº da
        fatura ; Data da fatura / Data / Data de emissão ; Data de vencimento / Vencimento / Pagar até ;
        Ordem de compra / V/ encomenda / Encomenda n.º ; Cliente n.º / Código de cliente / N.º de cliente ;
        Data de entrega / Entregue em / Data de expedição ; Descrição / Artigo / Designação ; Quantidade /
        Qtd. / Qtd ; Preço unitário / Preço / Pr. unitário ; Valor / Total / Total líquido ; IVA / IVA % /
        Taxa IVA ; Código / Ref. / Referência ; Total líquido / Subtotal / Total sem IVA ; IVA / Total IVA /
        Valor do IVA ; Total / Total da fatura / Total com IVA ; Total a pagar / Valor a pagar / Montante em
        dívida ; Adiantamento / Já pago / Valor pago ; Portes / Transporte / Portes de envio ; Desconto /
        Desconto comercial / Abatimento ; Total mercadorias / Soma das linhas / Total ilíquido ; Fornecedor
        / Emitente / Vendedor ; Cliente / Faturar a / Exmo.(s) Sr.(s) ; Página ; NIF / Contribuinte n.º /
        N.º contribuinte ; IBAN ; Pagamento por transferência até {date}. / Vence em {date} / Agradecemos o
        pagamento até {date}. ; Obrigado pela preferência. ; Titular da conta
    """,
}


def _parsed(text: str) -> dict[str, tuple[str, ...]]:
    groups = [tuple(word.strip() for word in group.split(" / ")) for group in " ".join(text.split()).split(" ; ")]
    return dict(zip(_KEYS, groups, strict=True))


WORDS: dict[str, dict[str, tuple[str, ...]]] = {language: _parsed(text) for language, text in _TEXTS.items()}
"""Words by language and key; every entry has one to three synonyms."""


def word(language: str, key: str, wording: int = 0) -> str:
    """Return the word for `key`; `wording` picks a synonym."""
    choices = WORDS[language][key]
    return choices[wording % len(choices)]
