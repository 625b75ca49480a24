"""Words by which papers name themselves, in eight languages: data for `classification`.

Every entry is matched against folded text (lower case, no accents); entries are separated by `|`.
Titles count when a line is made of them; marks count wherever they appear, `=` gives their weight.
"""

from __future__ import annotations

from mailroom.domain.document import DocumentType as T


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(entry.split()) for entry in text.split("|"))


def _weighted(text: str) -> tuple[tuple[str, float], ...]:
    pairs = (entry.rpartition("=") for entry in _listed(text))
    return tuple((phrase.strip(), float(weight)) for phrase, _, weight in pairs)


TITLES: dict[T, tuple[str, ...]] = {
    T.INVOICE: _listed(
        """
        invoice | tax invoice | vat invoice | sales invoice | commercial invoice | proforma invoice |
        e-invoice | invoice/statement | rechnung | handelsrechnung | schlussrechnung | teilrechnung |
        abschlagsrechnung | honorarrechnung | sammelrechnung | monatsrechnung | beitragsrechnung |
        warenrechnung | kostenrechnung | quittung/rechnung | facture | facture de vente | facture n |
        note d'honoraires | factura | factura de venta | factura simplificada | factura electronica |
        fattura | fattura di vendita | fattura elettronica | fattura n | parcella | factuur |
        verkoopfactuur | faktura | faktura vat | faktura sprzedazy | faktura koncowa | rachunek | fatura
        | fatura-recibo | fatura recibo | fatura simplificada | nota fiscal | bill | billing statement
        """
    ),
    T.CREDIT_NOTE: _listed(
        """
        credit note | credit memo | credit memorandum | credit invoice | corrective invoice | tax credit
        note | gutschrift | rechnungskorrektur | stornorechnung | korrekturrechnung |
        rechnungsgutschrift | avoir | facture d'avoir | note de credit | nota de credito | nota de abono
        | factura rectificativa | factura de abono | abono | nota di credito | nota di accredito |
        creditnota | creditfactuur | faktura korygujaca | korekta faktury | faktura korekta | nota
        kredytowa
        """
    ),
    T.RECEIPT: _listed(
        """
        receipt | sales receipt | payment receipt | cash receipt | till receipt | quittung | kassenbon |
        kassenbeleg | bewirtungsbeleg | zahlungsbeleg | recu | recu de paiement | ticket de caisse |
        ticket | recibo | recibo de pago | ricevuta | ricevuta fiscale | scontrino | documento
        commerciale | kassabon | bon | kwitantie | betaalbewijs | paragon | paragon fiskalny |
        pokwitowanie | talao
        """
    ),
    T.PURCHASE_ORDER: _listed(
        """
        purchase order | order | work order | bestellung | bestellauftrag | auftrag | einkaufsbestellung
        | bon de commande | commande | commande fournisseur | orden de compra | pedido de compra |
        pedido | ordine | ordine di acquisto | ordine d'acquisto | ordine fornitore | inkooporder |
        bestelbon | bestelling | inkoopopdracht | zamowienie | zamowienie zakupu | ordem de compra |
        nota de encomenda | encomenda | sales order | order confirmation | auftragsbestatigung |
        bestellbestatigung | confirmation de commande | confirmacion de pedido | conferma d'ordine |
        orderbevestiging | potwierdzenie zamowienia | confirmacao de encomenda
        """
    ),
    T.GOODS_RECEIVED_NOTE: _listed(
        """
        delivery note | goods received note | goods receipt | goods receipt note | packing slip |
        packing list | dispatch note | proof of delivery | delivery slip | lieferschein | wareneingang |
        wareneingangsschein | packliste | packzettel | bon de livraison | bordereau de livraison | bon
        de reception | bordereau de reception | albaran | albaran de entrega | nota de entrega | remito
        | documento di trasporto | ddt | bolla di consegna | bolla | bolla di accompagnamento | pakbon |
        leverbon | afleverbon | vrachtbrief | ontvangstbon | dokument wz | wydanie zewnetrzne | dowod
        dostawy | przyjecie zewnetrzne | dokument pz | list przewozowy | guia de remessa | guia de
        transporte | nota de recepcao
        """
    ),
    T.STATEMENT: _listed(
        """
        statement | statement of account | account statement | customer statement | supplier statement |
        vendor statement | statement of accounts | aged statement | bank statement | kontoauszug |
        saldenliste | offene posten | offene posten liste | saldenbestatigung | kontoubersicht | releve
        de compte | releve | extrait de compte | releve de factures | estado de cuenta | extracto de
        cuenta | extracto | estratto conto | situazione contabile | rekeningoverzicht |
        rekeningafschrift | openstaande posten | openstaande facturen | wyciag | zestawienie nalezynosci
        | zestawienie sald | wyciag z konta | potwierdzenie salda | saldo naleznosci | extrato de conta
        | extrato | conta corrente | extrato de conta corrente
        """
    ),
    T.REMINDER: _listed(
        """
        reminder | payment reminder | friendly reminder | final reminder | first reminder | second
        reminder | overdue notice | past due notice | dunning letter | final notice | final demand |
        collection notice | overdue account | overdue invoice | mahnung | zahlungserinnerung | 1.
        mahnung | 2. mahnung | 3. mahnung | letzte mahnung | erste mahnung | zweite mahnung | rappel |
        lettre de rappel | relance | lettre de relance | rappel de paiement | mise en demeure | premier
        rappel | recordatorio | recordatorio de pago | aviso de vencimiento | reclamacion de pago |
        requerimiento de pago | sollecito | sollecito di pagamento | promemoria di pagamento |
        herinnering | betalingsherinnering | aanmaning | wezwanie do zaplaty | przypomnienie o platnosci
        | przypomnienie | monit | ponaglenie | aviso de pagamento | lembrete de pagamento | lembrete |
        aviso de cobranca | carta de cobranca | pagamento em atraso
        """
    ),
    T.CONTRACT: _listed(
        """
        agreement | contract | service agreement | services agreement | master services agreement |
        license agreement | lease agreement | terms and conditions | general terms and conditions |
        terms of service | terms of business | non-disclosure agreement | rahmenvertrag | vertrag |
        dienstleistungsvertrag | mietvertrag | kaufvertrag | allgemeine geschaftsbedingungen | agb |
        allgemeine einkaufsbedingungen | contrat | contrat de prestation | contrat de service |
        conditions generales | conditions generales de vente | contrato | contrato de servicios |
        condiciones generales | terminos y condiciones | contratto | contratto di servizio | condizioni
        generali | condizioni generali di vendita | overeenkomst | algemene voorwaarden | contract voor
        diensten | umowa | umowa o swiadczenie uslug | ogolne warunki | ogolne warunki sprzedazy |
        regulamin | contrato de prestacao de servicos | condicoes gerais | termos e condicoes
        """
    ),
    T.PAY_STUB: _listed(
        """
        pay stub | paystub | earnings statement | pay statement | payslip | pay slip | statement of
        earnings | payroll statement | wage statement | earning statement | statement of earnings and
        deductions | gehaltsabrechnung | lohnabrechnung | entgeltabrechnung | verdienstabrechnung |
        bulletin de paie | bulletin de salaire | fiche de paie | nomina | recibo de nomina | recibo de
        salarios | busta paga | cedolino | cedolino paga | loonstrook | salarisspecificatie | pasek
        wynagrodzenia | lista plac | recibo de vencimento | recibo de salario
        """
    ),
    T.W2: _listed(
        """
        wage and tax statement | form w-2 | w-2 wage and tax statement
        """
    ),
    T.OTHER: _listed(
        """
        quote | quotation | estimate | offer | angebot | kostenvoranschlag | devis | presupuesto |
        preventivo | offerte | oferta | orcamento | price list | preisliste | remittance advice |
        zahlungsavis
        """
    ),
}

MARKS: dict[T, tuple[tuple[str, float], ...]] = {
    T.INVOICE: _weighted(
        """
        invoice number =3 | no de factura =3 | fecha de emision =1 | resumen de factura =2 | fecha de
        vencimiento =1 | data scadenza =1 | vervaldatum =1 | termin platnosci =1 | data de vencimento =1
        | date d'echeance =1 | due date =1 | fallig am =1 | cedente prestatore =3 | cedente/prestatore
        =3 | numero documento =2 | totale documento =2 | data documento =1 | invoice no =3 | invoice #
        =3 | invoice date =3 | amount due =1 | balance due =1 | rechnungsnummer =3 | rechnungs-nr =3 |
        rechnungsnr =3 | rechnung nr =3 | rechnungsdatum =3 | rechnungsbetrag =2 | numero de facture =3
        | facture no =3 | facture n =3 | date de facture =3 | net a payer =1 | total ttc =1 | numero de
        factura =3 | factura no =3 | fecha de factura =3 | n factura =3 | total factura =2 | base
        imponible =1 | numero fattura =3 | fattura n =3 | data fattura =3 | totale fattura =2 |
        imponibile =1 | factuurnummer =3 | factuurdatum =3 | te betalen =1 | numer faktury =3 | faktura
        nr =3 | data wystawienia =2 | do zaplaty =1 | nabywca =1 | numero da fatura =3 | fatura n =3 |
        data da fatura =3 | total a pagar =1 | subtotal =1 | vat =1 | mwst =1 | umsatzsteuer =1 | tva =1
        | iva =1 | btw =1 | sales tax =1 | iban =1 | total due =1
        """
    ),
    T.CREDIT_NOTE: _weighted(
        """
        credit note number =5 | credit note no =5 | credit note date =4 | credit memo =4 |
        gutschriftsnummer =5 | gutschrift nr =5 | gutschrift-nr =5 | stornorechnung =4 |
        rechnungskorrektur =5 | avoir n =4 | numero d'avoir =5 | nota de credito =4 | factura
        rectificativa =4 | nota di credito =4 | creditnota =4 | creditfactuur =4 | faktura korygujaca =4
        | original invoice =1 | amount credited =2 | total credit =2 | gutschriftsbetrag =3
        """
    ),
    T.RECEIPT: _weighted(
        """
        cash tendered =3 | change due =3 | thank you for shopping =2 | cashier =2 | kassierer =2 |
        ruckgeld =3 | receipt number =3 | receipt no =3 | receipt # =3 | payment received =2 | paid in
        full =1 | caissier =2 | rendu =1 | scontrino =2
        """
    ),
    T.PURCHASE_ORDER: _weighted(
        """
        please deliver =2 | please supply =3 | ship by =1 | requested delivery =2 | order date =1 |
        buyer contact =1 | wir bestellen =4 | hiermit bestellen wir =5 | bitte liefern =3 | gewunschter
        liefertermin =3 | bestelldatum =1 | bestellnummer =1 | nous vous commandons =4 | date de
        livraison souhaitee =2 | fecha de entrega solicitada =2 | data di consegna richiesta =2 |
        gewenste leverdatum =2 | termin dostawy =1 | data de entrega pretendida =2 | authorized by =1 |
        requisitioner =2
        """
    ),
    T.GOODS_RECEIVED_NOTE: _weighted(
        """
        goods received =2 | received by =2 | quantity received =3 | qty received =3 | qty shipped =2 |
        qty delivered =3 | quantity delivered =3 | delivered quantity =3 | delivery note no =3 |
        liefermenge =2 | empfangen von =2 | ware erhalten =3 | lieferschein-nr =2 | lieferscheinnummer
        =1 | quantite livree =3 | recu par =2 | cantidad entregada =3 | recibido por =2 | quantita
        consegnata =3 | geleverd aantal =3 | ontvangen door =2 | ilosc wydana =3 | odebral =2 |
        quantidade entregue =3 | recebido por =2 | gross weight =1
        """
    ),
    T.STATEMENT: _weighted(
        """
        opening balance =3 | closing balance =3 | balance brought forward =4 | brought forward =2 |
        balance forward =3 | statement date =4 | statement period =4 | 1-30 days =3 | 31-60 days =4 |
        over 90 days =4 | aging =2 | ageing =2 | anfangssaldo =4 | endsaldo =4 | saldo vortrag =4 |
        saldovortrag =4 | offene posten =3 | solde initial =4 | solde final =4 | ancien solde =3 |
        nouveau solde =3 | saldo inicial =4 | saldo final =4 | saldo anterior =3 | saldo iniziale =4 |
        saldo finale =4 | beginsaldo =4 | eindsaldo =4 | saldo poczatkowe =4 | saldo koncowe =4
        """
    ),
    T.REMINDER: _weighted(
        """
        days overdue =3 | is overdue =3 | are overdue =3 | now overdue =3 | past due =2 | remains unpaid
        =4 | have not received your payment =4 | not yet received =3 | outstanding invoices =3 |
        reminder fee =4 | legal action =2 | mahngebuhr =5 | mahnstufe =5 | mahnkosten =5 |
        zahlungseingang feststellen =4 | uberfallig =3 | restent impayees =4 | reste impayee =4 | sauf
        erreur de notre part =4 | factures impayees =3 | facturas pendientes =3 | pendiente de pago =3 |
        risulta insoluta =4 | non risulta pervenuto =4 | fatture scadute =3 | nog niet ontvangen =4 |
        openstaande bedrag =3 | zaleglosc =3 | po terminie =3 | em atraso =3 | encontra-se por liquidar
        =4
        """
    ),
    T.CONTRACT: _weighted(
        """
        hereby agree =3 | the parties agree =4 | governing law =3 | force majeure =2 | confidentiality
        =2 | termination =1 | vertragspartner =3 | vertragsparteien =3 | gerichtsstand =1 | kundigung =1
        | les parties =2 | il est convenu =3 | las partes =2 | le parti =1 | partijen =2 | strony umowy
        =3 | as partes =1 | whereas =2 | in witness whereof =5 | liability =1 | haftung =1 |
        geltungsbereich =3 | scope of application =3
        """
    ),
    T.PAY_STUB: _weighted(
        """
        pay period =4 | net pay =4 | gross pay =4 | ytd =3 | year to date =3 | pay date =3 | federal
        income tax =2 | fica =2 | social security =2 | medicare =2 | 401k =1 | 401(k) =1 | employee id
        =2 | hours worked =1 | bruttolohn =4 | nettolohn =4 | auszahlungsbetrag =2 | sozialversicherung
        =2 | lohnsteuer =3 | salaire brut =4 | net a payer avant impot =4 | cotisations =2 | salario
        bruto =4 | seguridad social =2 | retribuzione =3 | brutoloon =4 | loonheffing =4 | wynagrodzenie
        =3
        """
    ),
    T.W2: _weighted(
        """
        wage and tax statement =10 | wages, tips, other compensation =8 | wages tips other compensation
        =8 | employer identification number =2 | social security wages =5 | medicare wages =5
        """
    ),
    T.OTHER: _weighted(
        """
        valid until =2 | gultig bis =2 | quote number =4 | quotation no =4 | angebotsnummer =4 | devis n
        =4 | validez =1 | freibleibend =3
        """
    ),
}
