"""The words that papers put before numbers, dates, names and accounts, in eight languages: data, no rules.

Entries are separated by `|`; `=` gives a weight from 0 to 1 (1 where there is none). They are matched token
by token after folding (`tokens`): lower case, no accents, no full stops or hyphens inside words; `#`, `n°`
and `nº` read `no`. English, German, French, Spanish, Italian, Dutch, Polish and Portuguese.
"""

from __future__ import annotations

FACTS: dict[str, str] = {
    "number": """
        invoice number | invoice no | invoice id | invoice nr | invoice num | inv no | inv number | invoice
        reference =.9 | invoice ref =.9 | tax invoice no | tax invoice number | bill number | bill no | document
        number =.8 | document no =.8 | doc no =.8 | credit note number | credit note no | credit memo no |
        credit memo number | credit no =.9 | receipt number =.8 | receipt no =.8 | rechnungsnummer | rechnungsnr
        | rechnung nr | rechnung nummer | rechnung no | rechnungs nr | rechnungs nummer | rgnr | re nr | rech nr
        | belegnummer =.9 | belegnr =.9 | beleg nr =.9 | gutschriftsnummer | gutschriftnr | gutschrift nr |
        gutschriftnummer | rechnungskorrekturnummer | stornonummer =.9 | korrekturnummer | handelsrechnung nr |
        schlussrechnung nr | dokumentnummer =.8 | facture no | facture numero | numero de facture | no de
        facture | no facture | num facture | facture num | facture nr | numero facture | ref facture =.9 |
        reference facture =.9 | avoir no | numero davoir | no avoir | numero de lavoir | piece no =.7 | no de
        piece =.7 | no piece =.7 | factura no | numero de factura | no de factura | no factura | factura numero
        | num factura | factura num | numero factura | factura nr | nro factura | factura nro | no de documento
        =.8 | numero de documento =.8 | nota de credito no | abono no | fattura no | numero fattura | no fattura
        | fattura n | fattura nr | fattura numero | n fattura | nr fattura | num fattura | fattura num | numero
        documento =.8 | no documento =.8 | documento no =.7 | nr documento =.8 | documento n =.7 | nota di
        credito n | nota di credito no | nota di credito nr | numero nota =.8 | factuurnummer | factuurnr |
        factuur nr | factuur no | factuur nummer | creditnotanummer | creditnummer | creditfactuurnummer |
        documentnummer =.8 | nummer factuur | faktura nr | numer faktury | nr faktury | faktura vat nr | faktura
        numer | faktura no | rachunek nr | numer dokumentu =.8 | nr dokumentu =.8 | faktura korygujaca nr |
        korekta nr | nr korekty | faktura koncowa nr | faktura zaliczkowa nr | fatura no | numero da fatura | no
        da fatura | no fatura | fatura n | fatura numero | numero fatura | fatura nr | fatura recibo no | no do
        documento =.8 | nota de credito n | nota fiscal no | faturarecibo no | document =.3 | our reference =.2
        | our ref =.2 | no =.25 | number =.3 | nummer =.3 | numero =.3 | nr =.3
    """,
    "title": """
        parcella | note dhonoraires | honorarnote | honorarrechnung | nota spese | invoice | tax invoice | vat
        invoice | sales invoice | commercial invoice | credit note | credit memo | rechnung | handelsrechnung |
        schlussrechnung | teilrechnung | abschlagsrechnung | warenrechnung | gutschrift | stornorechnung |
        rechnungskorrektur | facture | avoir | factura | factura rectificativa | fattura | nota di credito |
        factuur | creditnota | creditfactuur | faktura | faktura vat | faktura korygujaca | fatura | fatura
        recibo | nota de credito | beitragsrechnung | receipt =.6 | quittung =.6 | rachunek
    """,
    "issue_date": """
        invoice date | date of invoice | invoice issue date | invoice dated | issue date | date of issue | date
        issued | issued on | issued | tax point =.8 | tax point date =.8 | tax date =.7 | bill date | billing
        date =.9 | document date =.9 | invoiced on | credit note date | credit date =.9 | credit memo date |
        date =.7 | dated =.8 | receipt date =.8 | rechnungsdatum | rechnungsdat | rechnung datum | rechnung vom
        | rechnungs datum | datum der rechnung | belegdatum =.95 | ausstellungsdatum | ausgestellt am |
        gutschriftsdatum | gutschrift vom | datum =.7 | korrekturdatum | erstellt am =.8 | dokumentdatum =.9 |
        date de facture | date facture | date de facturation | date demission | emise le | facture du | date de
        la facture | date davoir | etabli le =.9 | etablie le =.9 | emis le | date du document =.9 | le =.3 | du
        =.3 | fecha de factura | fecha factura | fecha de emision | fecha emision | fecha de expedicion | fecha
        expedicion | fecha =.7 | fecha de la factura | emitida el | fecha de facturacion | fecha documento =.9 |
        fecha del documento =.9 | data fattura | data della fattura | data emissione | data di emissione | data
        documento | data del documento | emessa il | fattura del | data =.6 | factuurdatum | datum factuur |
        factuur datum | datum van factuur | opgesteld op =.8 | creditdatum | documentdatum | datum uitgifte |
        data wystawienia | data faktury | wystawiono dnia | data wystawienia faktury | wystawiona dnia |
        wystawiono | data i miejsce wystawienia | miejsce i data wystawienia | data dokumentu =.9 | data da
        fatura | data de emissao | data emissao | data do documento =.9 | data fatura | emitida em | emitido em
        | data doc =.8
    """,
    "due_date": """
        due date | payment due | payment due date | due on | due by | pay by | payable by | date due | payment
        date =.6 | please pay by | pay before | due | payment due by | pay until | invoice due date | please pay
        until | settle this invoice by | settle by | payable until | to be paid by | payment is due by | payment
        is due on | payment due on | payable on | invoice due | overdue after | terms due | falligkeitsdatum |
        fallig am | zahlbar bis | falligkeit | zahlungsziel | zahlungsziel bis | fallig | zahlungstermin |
        zahlbar bis zum | zahlungsfrist | zu zahlen bis | bis zum =.6 | fallig zum | zahlbar ohne abzug bis |
        zahlbar netto bis | zahlung bis | zahlung bis zum | fallig bis | netto bis | uberweisen bis =.9 |
        zahlbar ohne abschlag bis | zahlbar am | falligkeitstermin | falligkeitstag | wird am =.4 | date
        decheance | echeance | a payer avant le | a regler avant le | echeance le | date limite de paiement |
        payable avant le | avant le =.7 | date de paiement =.6 | echeance de paiement | payable le | date limite
        | a regler pour le | paiement avant le | regler avant le | soit le =.5 | a payer pour le | fecha de
        vencimiento | vencimiento | vence el | fecha vencimiento | fecha limite de pago | pagar antes del |
        vencimiento del pago | fecha de pago =.6 | vence | vto | fecha vto | a pagar antes del | pagadero el |
        data scadenza | scadenza | data di scadenza | da pagare entro il | scadenza pagamento | entro il =.7 |
        scadenze | pagare entro il | pagamento entro il | pagamento entro | scad | vervaldatum | uiterste
        betaaldatum | te betalen voor | te voldoen voor | vervalt op | betalen voor | uiterlijk =.7 |
        betaaldatum =.6 | te betalen uiterlijk | voor =.3 | betaaltermijn tot | uiterste betaaltermijn | te
        betalen op | te betalen tegen | betalen uiterlijk | vervaldag | termin platnosci | platne do | termin
        zaplaty | do dnia =.7 | zaplata do | zaplacic do | data platnosci =.7 | termin | platnosc do | data de
        vencimento | vencimento | data vencimento | pagar ate | vence em | vence a | data limite de pagamento |
        limite de pagamento | pagamento ate | pagamento ate ao dia | data limite | ate =.4
    """,
    "other_date": """
        delivery date | date of delivery | date of supply | service date | supply date | shipped | ship date |
        shipping date | dispatch date | order date | po date | date of order | period | service period | billing
        period | from date | print date | printed | date shipped | due upon | statement date | start date | end
        date | valid until | check in | check out | arrival | departure | delivered | lieferdatum |
        leistungsdatum | lieferdatum leistungsdatum | versanddatum | bestelldatum | bestellt am | auftragsdatum
        | leistungszeitraum | lieferzeitraum | druckdatum | leistung | lieferung | abrechnungszeitraum |
        zeitraum | liefer leistungsdatum | bestellung vom | lieferschein vom | geburtsdatum | auftrag vom |
        buchungsdatum | reisedatum | mandatsdatum | versicherungsbeginn | date de livraison | livre le | date de
        prestation | date de commande | commande du | periode | periode de facturation | date dexpedition |
        expedie le | bon de livraison du | date impression | fecha de entrega | entregado | fecha de operacion |
        fecha operacion | fecha de pedido | fecha pedido | periodo | periodo de facturacion | fecha de envio |
        fecha albaran | fecha de servicio | data consegna | data di consegna | consegnato il | data trasporto |
        data ordine | periodo di riferimento | data spedizione | data inizio trasporto | ordine del | ddt del |
        leverdatum | geleverd op | verzonden op | orderdatum | besteldatum | leveringsdatum | verzenddatum |
        periode van | datum levering | datum bestelling | bestelling van | data sprzedazy | data dostawy | data
        wykonania uslugi | data zamowienia | okres | data zakonczenia dostawy | data dokonania dostawy | data
        wysylki | data de entrega | entregue em | data de expedicao | data da encomenda | data encomenda | data
        de carga | data do pedido | periodo de | data de envio
    """,
    "order": """
        purchase order | purchase order number | purchase order no | po number | po no | po | your order | your
        order no | your order number | customer po | customer po no | customer order no | customer order number
        | customer order | order number =.8 | order no =.8 | order =.5 | your po | your reference =.4 | order
        reference =.8 | order ref =.8 | client po | cust po | buyers order no | p o no | p o number | purchase
        no | order id =.7 | your ref =.4 | bestellnummer | bestellnr | bestellung nr | ihre bestellung | ihre
        bestellnummer | ihre bestellung nr | bestellung =.7 | bestellungs nr | ihr auftrag | ihre auftragsnummer
        | kundenbestellnummer | bestell nr | auftragsnummer =.6 | auftragsnr =.6 | auftrag nr =.6 |
        bestellnummer kunde | kundenauftrag | ihre bestellnr | bestellreferenz | bestellungsnummer | gemass
        bestellung nr | auftrag =.4 | bon de commande | no de commande | votre commande | commande no | numero
        de commande | no commande | ref commande | votre commande no | bon de commande no | votre ref commande |
        commande =.6 | reference commande | votre bon de commande | no bon de commande | bc no | orden de compra
        | pedido no | su pedido | no de pedido | numero de pedido | orden de compra no | no pedido | pedido =.6
        | su pedido no | num pedido | numero pedido | oc no | su orden | ref pedido | ordine no | vs ordine |
        ordine dacquisto | ordine di acquisto | numero ordine | vs ordine no | no ordine | ordine n | rif ordine
        | vostro ordine | ordine =.5 | vs ordine n | ordine cliente | ordine nr | riferimento ordine | nr ordine
        | uw bestelling | inkoopnummer | bestelnummer | inkooporder | uw ordernummer | inkoopordernummer |
        ordernummer =.7 | uw order | uw bestelnummer | inkooporder nr | uw inkooporder | uw inkoopnummer |
        bestelling =.5 | ordernr =.7 | uw po nummer | po nummer | nr zamowienia | zamowienie | numer zamowienia
        | zamowienie nr | zamowienie klienta | nr zam | wasze zamowienie | do zamowienia | ordem de compra | v
        encomenda | encomenda no | vossa encomenda | no de encomenda | encomenda =.7 | ordem de compra no |
        numero de encomenda | sua encomenda | no encomenda | v encomenda no | nota de encomenda | requisicao no
        | no da encomenda | numero da encomenda | pedido de compra | vossa ref =.4
    """,
    "other_number": """
        po box | customer number | customer no | customer id | account number =.9 | account no =.9 | client id |
        client no | client number | customer | cust no | customer account | cust id | delivery note no |
        delivery note | delivery note number | contract number | contract no | contract | project | project no |
        quote no | quotation no | job no | shipment no | tracking no | tracking number | tracking | company no |
        company number | registration no | reg no | member no | phone | tel | fax | telephone | mobile | page |
        reference =.8 | ref =.8 | payment reference | vendor number | vendor no | supplier no | supplier number
        | waybill | awb | ticket no | booking no | serial number | serial no | terms | payment terms | original
        invoice | original invoice no | original invoice number | ref invoice | related invoice | to invoice |
        delivery no | sales order | sales order no | so no | item no | meter no | policy number | kundennummer |
        kundennr | kd nr | kdnr | kunden nr | kunde nr | debitor | debitorennummer | debitornr | lieferschein |
        lieferscheinnr | lieferschein nr | lieferscheinnummer | vertragsnummer | vertrag nr | projekt |
        projektnummer | vorgangsnummer | lieferantennummer | lieferanten nr | lieferantennr | telefon | telefax
        | seite | steuernummer | steuernr | st nr | handelsregister | hrb | hra | amtsgericht | referenz |
        referenznummer | mitgliedsnummer | zu rechnung nr | zur rechnung | ursprungliche rechnung |
        originalrechnung | bezug rechnung | unser zeichen | ihr zeichen | kostenstelle | bearbeiter |
        sachbearbeiter | ansprechpartner | versicherungsnummer | versicherungsscheinnummer | sendungsnummer |
        mandatsreferenz | ilnnr | iln | gln | steuer nr | aktenzeichen | objekt | geschaftszeichen | vertragsnr
        | zu ihrer rechnung | no client | numero client | numero de client | code client | reference client | no
        de client | ref client | bon de livraison | bon de livraison no | bl no | no bl | numero de dossier |
        dossier | no dossier | siret | siren | rcs | capital | no de contrat | contrat | devis no | code ape |
        naf | no compte client | facture dorigine | facture dorigine no | concerne la facture | no de bl | cod
        cliente | no de cliente | cliente no | codigo de cliente | codigo cliente | numero de cliente | albaran
        | albaran no | no albaran | contrato | referencia =.8 | su referencia | telefono | pagina | factura
        original | factura rectificada | presupuesto | proyecto | codice cliente | cliente n | codice fiscale |
        cf | cod fisc | ddt | ddt n | rea | cig | cup | codice univoco | codice destinatario | sdi | rif |
        riferimento | contratto | commessa | preventivo n | fattura originale | rif fattura | klantnummer |
        klantnr | klant nr | debiteurnummer | debiteurennummer | debiteur | kvk | kvk nummer | pakbon |
        pakbonnummer | contractnummer | offertenummer | referentie =.8 | kenmerk | uw kenmerk | uw referentie |
        ons kenmerk | projectnummer | telefoon | relatienummer | dossiernummer | oorspronkelijke factuur |
        betreft factuur | betalingskenmerk | nr klienta | kod klienta | numer klienta | regon | krs | nr wz | wz
        | dokument wz | umowa nr | nr umowy | strona | do faktury | faktura pierwotna | dotyczy faktury | do
        faktury nr | no cliente | guia de remessa | guia no | contrato no | telefone | telemovel | ref |
        referencia | fatura de origem | fatura original | v ref | sua referencia | atcud
    """,
    "vendor": """
        from | supplier | seller | vendor | sold by | issued by | billed by | bill from | sender | company =.6 |
        biller | issuer | supplier details | service provider | invoice from | supplier name | seller name |
        vendor name | provider | rechnungssteller | rechnungsersteller | lieferant | verkaufer | absender |
        leistungserbringer | aussteller | auftragnehmer | anbieter | leistender | dienstleister | verkaufer
        auftragnehmer | vendeur | emetteur | fournisseur | prestataire | expediteur =.8 | emis par | emetteur de
        la facture | societe =.5 | vendedor | emisor | proveedor | datos del emisor | expedidor | datos del
        proveedor | emitida por | datos del vendedor | datos fiscales emisor | fornitore | mittente | cedente |
        cedente prestatore | venditore | prestatore | emittente | emessa da | dati fornitore | leverancier |
        verkoper | afzender | van | opdrachtnemer | leverancier gegevens | sprzedawca | wystawca | dostawca |
        sprzedajacy | sprzedawca wystawca | dane sprzedawcy | uslugodawca | fornecedor | emitente | prestador |
        prestador de servicos | remetente =.8 | dados do fornecedor
    """,
    "buyer": """
        bill to | invoice to | customer | billed to | sold to | client | to | invoiced to | buyer | billing
        address | bill to address | customer name | invoice address | invoicee | billing to | customer details |
        client name | recipient | customer address | attn =.5 | charge to | client details | account name =.3 |
        credit to | for =.4 | prepared for | issued to | invoice recipient | billing information | billing
        details | purchaser | company name =.4 | rechnungsempfanger | kunde | rechnung an | rechnungsadresse |
        kaufer | empfanger | rechnungsanschrift | auftraggeber | leistungsempfanger | an | kaufer
        leistungsempfanger | gutschrift an | besteller | kundenanschrift | kundenadresse | debitor | adressat |
        rechnungsempfanger kunde | mieter | facture a | adresse de facturation | destinataire | acheteur |
        adresse facturation | facturer a | adresse client | facturation | a lattention de =.5 | nom du client |
        facturee a | adresse du client | coordonnees client | donneur dordre | facturar a | cliente | datos del
        cliente | comprador | datos de facturacion | destinatario | facturado a | direccion de facturacion |
        receptor | datos cliente | nombre del cliente | razon social =.5 | adquirente | datos del receptor |
        senores | spettle | spett | intestatario | cessionario | acquirente | fatturare a | committente |
        cessionario committente | intestata a | indirizzo di fatturazione | fatturato a | destinatario fattura |
        dati cliente | egr sig | spettabile | factuur aan | klant | factuuradres | afnemer | koper | aan |
        klantgegevens | gefactureerd aan | opdrachtgever | geadresseerde | t a v =.4 | factureren aan | nabywca
        | odbiorca | klient | kupujacy | zamawiajacy | dane nabywcy | platnik | uslugobiorca | faturar a | exmos
        srs | exmo s sr s | exmos senhores | dados do cliente | faturado a | morada de faturacao | exmo sr |
        exma sra | exmos sres | dados de faturacao | fatura para
    """,
    "ship_to": """
        ship to | deliver to | delivery address | shipping address | shipped to | delivery to | ship to address
        | consignee | service address | service location | site address | job site | place of delivery |
        lieferadresse | lieferanschrift | lieferung an | versandadresse | warenempfanger | lieferempfanger |
        leistungsort | lieferort | abweichender warenempfanger | versand an | livre a | adresse de livraison |
        livraison a | lieu de livraison | livrer a | adresse livraison | expedie a | enviar a | direccion de
        entrega | direccion de envio | entregar en | lugar de entrega | enviado a | destinazione | destinazione
        merce | luogo di destinazione | indirizzo di consegna | consegna a | luogo di consegna | spedito a |
        destinazione diversa | afleveradres | leveradres | bezorgadres | verzendadres | leveren aan | verzonden
        aan | adres dostawy | miejsce dostawy | dostawa do | adres wysylki | odbiorca towaru | local de entrega
        | morada de entrega | endereco de entrega | local de descarga | entregar em | local de carga
    """,
    "carrier": """
        carrier | shipped via | ship via | shipping method | transport by | forwarder | spediteur | frachtfuhrer
        | versandart | transporteur | transportista | vettore | vervoerder | przewoznik | transportadora | tax
        representative | fiscal representative | payee | abweichender zahlungsempfanger | zahlungsempfanger |
        factor | steuerbevollmachtigter des verkaufers | steuervertreter | rechnungsabtretung
    """,
    "tax_id": """
        vat reg no | vat no | vat id | vat number | vat registration | vat registration number | vat
        registration no | vat | vat reg number | tax id | tax id no | tax number =.8 | tax reg no | ein |
        federal tax id | fein | gst no | abn | tin | tax registration number | vat identification number | tax
        no =.8 | gst number | company vat | our vat no | tax identification number | trn | ust idnr | ustidnr |
        ust id | ustid | uid nr | uid | ust id nr | umsatzsteuer id | umsatzsteueridentnr | ust identnr |
        ustidentnr | umsatzsteuer identifikationsnummer | umsatzsteueridentifikationsnummer | mwst nr | mwst
        nummer | ust ident nr | uid nummer | mwstnr | uidnr | ustidnummer | umsatzsteuerid | ust nr |
        umsatzsteuer idnr | no tva | tva intracommunautaire | no tva intracommunautaire | no tva intracom | tva
        intracom | numero de tva | numero tva | no de tva | identifiant tva | no id tva | tva | tva no | num tva
        | no tva intra | tva intra | id tva | numero de tva intracommunautaire | nif | cif | nif iva | no iva |
        n i f | cif nif | nif cif | vat nif | dni | no de identificacion fiscal | rfc | identificacion fiscal |
        nit | cuit | piva | partita iva | p iva | part iva | cf e piva | piva cf | p iva cf | codice fiscale e
        partita iva | cf piva | partita iva cf | iva =.5 | cod fisc e piva | cfp iva | c f p iva | btw nummer |
        btwnummer | btw nr | btw id | btwnr | btw identificatienummer | btwid | btw | btw no | btw identificatie
        nr | btw identificatienr | ob nummer | nip | nip ue | nr nip | vat ue | numer nip | contribuinte no | no
        contribuinte | contribuinte | no de contribuinte | nipc | numero de contribuinte | nif contribuinte | no
        fiscal | no contrib | cnpj | nif nipc | no id fiscal | numero fiscal
    """,
    "holder": """
        account name | account holder | beneficiary | payable to | make checks payable to | checks payable to |
        make cheques payable to | cheques payable to | make all checks payable to | beneficiary name | name on
        account | in favour of | pay to | remit to | remit payment to | please remit to | bank account name |
        make payment to | payee name | make payments to | a c name | ac name | account title | kontoinhaber |
        kontoname | inhaber | begunstigter | empfanger der zahlung | titulaire du compte | titulaire |
        beneficiaire | a lordre de | ordre | compte au nom de | titular de la cuenta | titular | beneficiario |
        titular cuenta | intestatario del conto | intestatario conto | intestato a | intestazione conto | conto
        intestato a | ten name van | tnv | t n v | rekeninghouder | op naam van | begunstigde | odbiorca
        przelewu | wlasciciel rachunku | posiadacz rachunku | na rzecz | titular da conta
    """,
    "routing": """
        routing number | routing no | aba | aba no | aba number | aba routing number | routing | aba routing |
        routing transit number | ach routing number | ach routing | wire routing number | aba routing no | rtn |
        bank routing number | routing aba | transit number
    """,
    "account": """
        account number | account no | acct no | acct number | bank account number | account | acc no | bank
        account no | a c no | ac no | acct | checking account | account nr | bank account
    """,
}
"""Labels of single facts by what they announce."""
