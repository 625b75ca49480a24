"""The words that papers put before values, in eight languages: data, no rules.

Entries are separated by `|`; `=` gives a weight from 0 to 1 (1 where there is none). They are matched token
by token after folding: lower case, no accents, no full stops or hyphens inside words; `#`, `n°` and `nº`
read `no`. The languages are English, German, French, Spanish, Italian, Dutch, Polish and Portuguese.
"""

from __future__ import annotations

LABELS: dict[str, str] = {
    "number": """
        invoice number | invoice no | invoice id | invoice nr | invoice num | inv no | inv number | invoice
        reference =.9 | invoice ref =.9 | tax invoice no | tax invoice number | bill number | bill no |
        document number =.8 | document no =.8 | doc no =.8 | credit note number | credit note no | credit memo
        no | credit memo number | credit no =.9 | receipt number =.8 | receipt no =.8 | rechnungsnummer |
        rechnungsnr | rechnung nr | rechnung nummer | rechnung no | rechnungs nr | rechnungs nummer | rgnr |
        re nr | rech nr | belegnummer =.9 | belegnr =.9 | beleg nr =.9 | gutschriftsnummer | gutschriftnr |
        gutschrift nr | gutschriftnummer | rechnungskorrekturnummer | stornonummer =.9 | korrekturnummer |
        handelsrechnung nr | schlussrechnung nr | dokumentnummer =.8 | facture no | facture numero | numero de
        facture | no de facture | no facture | num facture | facture num | facture nr | numero facture | ref
        facture =.9 | reference facture =.9 | avoir no | numero davoir | no avoir | numero de lavoir | piece
        no =.7 | no de piece =.7 | no piece =.7 | factura no | numero de factura | no de factura | no factura
        | factura numero | num factura | factura num | numero factura | factura nr | nro factura | factura nro
        | no de documento =.8 | numero de documento =.8 | nota de credito no | abono no | fattura no | numero
        fattura | no fattura | fattura n | fattura nr | fattura numero | n fattura | nr fattura | num fattura
        | fattura num | numero documento =.8 | no documento =.8 | documento no =.7 | nr documento =.8 |
        documento n =.7 | nota di credito n | nota di credito no | nota di credito nr | numero nota =.8 |
        factuurnummer | factuurnr | factuur nr | factuur no | factuur nummer | creditnotanummer | creditnummer
        | creditfactuurnummer | documentnummer =.8 | nummer factuur | faktura nr | numer faktury | nr faktury
        | faktura vat nr | faktura numer | faktura no | rachunek nr | numer dokumentu =.8 | nr dokumentu =.8 |
        faktura korygujaca nr | korekta nr | nr korekty | faktura koncowa nr | faktura zaliczkowa nr | fatura
        no | numero da fatura | no da fatura | no fatura | fatura n | fatura numero | numero fatura | fatura
        nr | fatura recibo no | no do documento =.8 | nota de credito n | nota fiscal no | faturarecibo no |
        document =.3 | our reference =.2 | our ref =.2 | no =.25 | number =.3 | nummer =.3 | numero =.3 | nr
        =.3
    """,
    "title": """
        invoice | tax invoice | vat invoice | sales invoice | commercial invoice | credit note | credit memo |
        rechnung | handelsrechnung | schlussrechnung | teilrechnung | abschlagsrechnung | warenrechnung |
        gutschrift | stornorechnung | rechnungskorrektur | facture | avoir | factura | factura rectificativa |
        fattura | nota di credito | factuur | creditnota | creditfactuur | faktura | faktura vat | faktura
        korygujaca | fatura | fatura recibo | nota de credito | beitragsrechnung | receipt =.6 | quittung =.6
        | rachunek
    """,
    "issue_date": """
        invoice date | date of invoice | invoice issue date | invoice dated | issue date | date of issue |
        date issued | issued on | issued | tax point =.8 | tax point date =.8 | tax date =.7 | bill date |
        billing date =.9 | document date =.9 | invoiced on | credit note date | credit date =.9 | credit memo
        date | date =.7 | dated =.8 | receipt date =.8 | rechnungsdatum | rechnungsdat | rechnung datum |
        rechnung vom | rechnungs datum | datum der rechnung | belegdatum =.95 | ausstellungsdatum |
        ausgestellt am | gutschriftsdatum | gutschrift vom | datum =.7 | korrekturdatum | erstellt am =.8 |
        dokumentdatum =.9 | date de facture | date facture | date de facturation | date demission | emise le |
        facture du | date de la facture | date davoir | etabli le =.9 | etablie le =.9 | emis le | date du
        document =.9 | le =.3 | du =.3 | fecha de factura | fecha factura | fecha de emision | fecha emision |
        fecha de expedicion | fecha expedicion | fecha =.7 | fecha de la factura | emitida el | fecha de
        facturacion | fecha documento =.9 | fecha del documento =.9 | data fattura | data della fattura | data
        emissione | data di emissione | data documento | data del documento | emessa il | fattura del | data
        =.6 | factuurdatum | datum factuur | factuur datum | datum van factuur | opgesteld op =.8 |
        creditdatum | documentdatum | datum uitgifte | data wystawienia | data faktury | wystawiono dnia |
        data wystawienia faktury | wystawiona dnia | wystawiono | data i miejsce wystawienia | miejsce i data
        wystawienia | data dokumentu =.9 | data da fatura | data de emissao | data emissao | data do documento
        =.9 | data fatura | emitida em | emitido em | data doc =.8
    """,
    "due_date": """
        due date | payment due | payment due date | due on | due by | pay by | payable by | date due | payment
        date =.6 | please pay by | pay before | due | payment due by | pay until | invoice due date | please
        pay until | settle this invoice by | settle by | payable until | to be paid by | payment is due by |
        payment is due on | payment due on | payable on | invoice due | overdue after | terms due |
        falligkeitsdatum | fallig am | zahlbar bis | falligkeit | zahlungsziel | zahlungsziel bis | fallig |
        zahlungstermin | zahlbar bis zum | zahlungsfrist | zu zahlen bis | bis zum =.6 | fallig zum | zahlbar
        ohne abzug bis | zahlbar netto bis | zahlung bis | zahlung bis zum | fallig bis | netto bis |
        uberweisen bis =.9 | zahlbar ohne abschlag bis | zahlbar am | falligkeitstermin | falligkeitstag |
        wird am =.4 | date decheance | echeance | a payer avant le | a regler avant le | echeance le | date
        limite de paiement | payable avant le | avant le =.7 | date de paiement =.6 | echeance de paiement |
        payable le | date limite | a regler pour le | paiement avant le | regler avant le | soit le =.5 | a
        payer pour le | fecha de vencimiento | vencimiento | vence el | fecha vencimiento | fecha limite de
        pago | pagar antes del | vencimiento del pago | fecha de pago =.6 | vence | vto | fecha vto | a pagar
        antes del | pagadero el | data scadenza | scadenza | data di scadenza | da pagare entro il | scadenza
        pagamento | entro il =.7 | scadenze | pagare entro il | pagamento entro il | pagamento entro | scad |
        vervaldatum | uiterste betaaldatum | te betalen voor | te voldoen voor | vervalt op | betalen voor |
        uiterlijk =.7 | betaaldatum =.6 | te betalen uiterlijk | voor =.3 | betaaltermijn tot | uiterste
        betaaltermijn | te betalen op | te betalen tegen | betalen uiterlijk | vervaldag | termin platnosci |
        platne do | termin zaplaty | do dnia =.7 | zaplata do | zaplacic do | data platnosci =.7 | termin |
        platnosc do | data de vencimento | vencimento | data vencimento | pagar ate | vence em | vence a |
        data limite de pagamento | limite de pagamento | pagamento ate | pagamento ate ao dia | data limite |
        ate =.4
    """,
    "other_date": """
        delivery date | date of delivery | date of supply | service date | supply date | shipped | ship date |
        shipping date | dispatch date | order date | po date | date of order | period | service period |
        billing period | from date | print date | printed | date shipped | due upon | statement date | start
        date | end date | valid until | check in | check out | arrival | departure | delivered | lieferdatum |
        leistungsdatum | lieferdatum leistungsdatum | versanddatum | bestelldatum | bestellt am |
        auftragsdatum | leistungszeitraum | lieferzeitraum | druckdatum | leistung | lieferung |
        abrechnungszeitraum | zeitraum | liefer leistungsdatum | bestellung vom | lieferschein vom |
        geburtsdatum | auftrag vom | buchungsdatum | reisedatum | mandatsdatum | versicherungsbeginn | date de
        livraison | livre le | date de prestation | date de commande | commande du | periode | periode de
        facturation | date dexpedition | expedie le | bon de livraison du | date impression | fecha de entrega
        | entregado | fecha de operacion | fecha operacion | fecha de pedido | fecha pedido | periodo |
        periodo de facturacion | fecha de envio | fecha albaran | fecha de servicio | data consegna | data di
        consegna | consegnato il | data trasporto | data ordine | periodo di riferimento | data spedizione |
        data inizio trasporto | ordine del | ddt del | leverdatum | geleverd op | verzonden op | orderdatum |
        besteldatum | leveringsdatum | verzenddatum | periode van | datum levering | datum bestelling |
        bestelling van | data sprzedazy | data dostawy | data wykonania uslugi | data zamowienia | okres |
        data zakonczenia dostawy | data dokonania dostawy | data wysylki | data de entrega | entregue em |
        data de expedicao | data da encomenda | data encomenda | data de carga | data do pedido | periodo de |
        data de envio
    """,
    "order": """
        purchase order | purchase order number | purchase order no | po number | po no | po | your order |
        your order no | your order number | customer po | customer po no | customer order no | customer order
        number | customer order | order number =.8 | order no =.8 | order =.5 | your po | your reference =.4 |
        order reference =.8 | order ref =.8 | client po | cust po | buyers order no | p o no | p o number |
        purchase no | order id =.7 | your ref =.4 | bestellnummer | bestellnr | bestellung nr | ihre
        bestellung | ihre bestellnummer | ihre bestellung nr | bestellung =.7 | bestellungs nr | ihr auftrag |
        ihre auftragsnummer | kundenbestellnummer | bestell nr | auftragsnummer =.6 | auftragsnr =.6 | auftrag
        nr =.6 | bestellnummer kunde | kundenauftrag | ihre bestellnr | bestellreferenz | bestellungsnummer |
        gemass bestellung nr | auftrag =.4 | bon de commande | no de commande | votre commande | commande no |
        numero de commande | no commande | ref commande | votre commande no | bon de commande no | votre ref
        commande | commande =.6 | reference commande | votre bon de commande | no bon de commande | bc no |
        orden de compra | pedido no | su pedido | no de pedido | numero de pedido | orden de compra no | no
        pedido | pedido =.6 | su pedido no | num pedido | numero pedido | oc no | su orden | ref pedido |
        ordine no | vs ordine | ordine dacquisto | ordine di acquisto | numero ordine | vs ordine no | no
        ordine | ordine n | rif ordine | vostro ordine | ordine =.5 | vs ordine n | ordine cliente | ordine nr
        | riferimento ordine | nr ordine | uw bestelling | inkoopnummer | bestelnummer | inkooporder | uw
        ordernummer | inkoopordernummer | ordernummer =.7 | uw order | uw bestelnummer | inkooporder nr | uw
        inkooporder | uw inkoopnummer | bestelling =.5 | ordernr =.7 | uw po nummer | po nummer | nr
        zamowienia | zamowienie | numer zamowienia | zamowienie nr | zamowienie klienta | nr zam | wasze
        zamowienie | do zamowienia | ordem de compra | v encomenda | encomenda no | vossa encomenda | no de
        encomenda | encomenda =.7 | ordem de compra no | numero de encomenda | sua encomenda | no encomenda |
        v encomenda no | nota de encomenda | requisicao no | no da encomenda | numero da encomenda | pedido de
        compra | vossa ref =.4
    """,
    "other_number": """
        customer number | customer no | customer id | account number =.9 | account no =.9 | client id | client
        no | client number | customer | cust no | customer account | cust id | delivery note no | delivery
        note | delivery note number | contract number | contract no | contract | project | project no | quote
        no | quotation no | job no | shipment no | tracking no | tracking number | tracking | company no |
        company number | registration no | reg no | member no | phone | tel | fax | telephone | mobile | page
        | reference =.8 | ref =.8 | payment reference | vendor number | vendor no | supplier no | supplier
        number | waybill | awb | ticket no | booking no | serial number | serial no | terms | payment terms |
        original invoice | original invoice no | original invoice number | ref invoice | related invoice | to
        invoice | delivery no | sales order | sales order no | so no | item no | meter no | policy number |
        kundennummer | kundennr | kd nr | kdnr | kunden nr | kunde nr | debitor | debitorennummer | debitornr
        | lieferschein | lieferscheinnr | lieferschein nr | lieferscheinnummer | vertragsnummer | vertrag nr |
        projekt | projektnummer | vorgangsnummer | lieferantennummer | lieferanten nr | lieferantennr |
        telefon | telefax | seite | steuernummer | steuernr | st nr | handelsregister | hrb | hra |
        amtsgericht | referenz | referenznummer | mitgliedsnummer | zu rechnung nr | zur rechnung |
        ursprungliche rechnung | originalrechnung | bezug rechnung | unser zeichen | ihr zeichen |
        kostenstelle | bearbeiter | sachbearbeiter | ansprechpartner | versicherungsnummer |
        versicherungsscheinnummer | sendungsnummer | mandatsreferenz | ilnnr | iln | gln | steuer nr |
        aktenzeichen | objekt | geschaftszeichen | vertragsnr | zu ihrer rechnung | no client | numero client
        | numero de client | code client | reference client | no de client | ref client | bon de livraison |
        bon de livraison no | bl no | no bl | numero de dossier | dossier | no dossier | siret | siren | rcs |
        capital | no de contrat | contrat | devis no | code ape | naf | no compte client | facture dorigine |
        facture dorigine no | concerne la facture | no de bl | cod cliente | no de cliente | cliente no |
        codigo de cliente | codigo cliente | numero de cliente | albaran | albaran no | no albaran | contrato
        | referencia =.8 | su referencia | telefono | pagina | factura original | factura rectificada |
        presupuesto | proyecto | codice cliente | cliente n | codice fiscale | cf | cod fisc | ddt | ddt n |
        rea | cig | cup | codice univoco | codice destinatario | sdi | rif | riferimento | contratto |
        commessa | preventivo n | fattura originale | rif fattura | klantnummer | klantnr | klant nr |
        debiteurnummer | debiteurennummer | debiteur | kvk | kvk nummer | pakbon | pakbonnummer |
        contractnummer | offertenummer | referentie =.8 | kenmerk | uw kenmerk | uw referentie | ons kenmerk |
        projectnummer | telefoon | relatienummer | dossiernummer | oorspronkelijke factuur | betreft factuur |
        betalingskenmerk | nr klienta | kod klienta | numer klienta | regon | krs | nr wz | wz | dokument wz |
        umowa nr | nr umowy | strona | do faktury | faktura pierwotna | dotyczy faktury | do faktury nr | no
        cliente | guia de remessa | guia no | contrato no | telefone | telemovel | ref | referencia | fatura
        de origem | fatura original | v ref | sua referencia | atcud
    """,
    "net": """
        net total | net amount | total net | subtotal =.8 | sub total =.8 | total excl vat | total excluding
        vat | total ex vat | amount excl vat | net | total before tax | taxable amount =.8 | total net amount
        | total excl tax | total without vat | total excluding tax | amount before tax | total net value | net
        value | net invoice total | net price =.6 | total amount excl vat | subtotal excl vat | net sum | excl
        vat | excluding vat | less discount =.3 | subtotal less discount =.95 | substotal less discount =.95 |
        total taxable | total excl gst | net total excl vat | invoice subtotal | order subtotal =.8 | total ex
        gst | taxable value =.8 | subtotal after discount =.95 | nettobetrag | summe netto | zwischensumme
        netto | nettosumme | netto | gesamt netto | rechnungssumme netto | zwischensumme =.7 | gesamtbetrag
        netto | netto gesamt | netto summe | nettowert | warenwert netto =.9 | rechnungssumme ohne ust |
        betrag netto | rechnungsbetrag netto | gesamtnetto | netto betrag | summe ohne mwst | summe ohne ust |
        total netto | exkl mwst | total exkl mwst | nettorechnungsbetrag | gesamtsumme netto | zwischensumme
        ohne mwst | gesamtpreis netto | nettogesamtbetrag | bemessungsgrundlage =.6 | entgelt =.5 |
        rechnungsnetto | steuerbasisbetrag =.7 | total ht | montant ht | total hors taxes | total hors taxe |
        sous total ht | sous total =.8 | net ht | ht =.8 | total net ht | montant net ht | montant total ht |
        total ht net | base ht =.8 | total net =.8 | net commercial | total general ht | prix ht | total hors
        tva | montant hors tva | base imponible | total neto | importe neto | neto | suma =.6 | total sin iva
        | base =.7 | total base imponible | importe sin iva | total base | importe total sin iva | total antes
        de impuestos | base imponible total | total bruto =.6 | imponibile | totale imponibile | totale netto
        | totale senza iva | subtotale =.8 | importo netto | netto merce =.7 | totale imponibile merce |
        imponibile iva | tot imponibile | totale esclusa iva | totale iva esclusa | totale al netto di iva |
        totale merce netto =.8 | imponibile totale | subtotaal =.8 | totaal excl btw | exclusief btw | totaal
        exclusief btw | excl btw | totaal netto | nettobedrag | bedrag excl btw | bedrag exclusief btw |
        totaalbedrag excl btw | totaalbedrag exclusief btw | netto totaal | totaal zonder btw | maatstaf van
        heffing =.7 | subtotaal excl btw | totaal excl | total excl | total htva | montant htva | htva | razem netto | wartosc netto | suma netto | kwota netto | ogolem
        netto | lacznie netto | netto razem | razem wartosc netto | do zaplaty netto =.6 | wartosc netto razem
        | suma wartosci netto | podstawa opodatkowania =.7 | total liquido | total sem iva | total iliquido
        =.7 | base tributavel | valor liquido | incidencia =.7 | total sem impostos | base de incidencia |
        subtotal sem iva | total antes de iva | total liquido sem iva | valor sem iva | incidencia total |
        total mercadoria =.5
    """,
    "tax": """
        vat | tax | sales tax | total vat | vat amount | tax amount | total tax | gst | vat total | hst | tax
        total | vat due | value added tax | total vat amount | total gst | pst | gst amount | plus vat | state
        tax | tax due =.8 | estimated tax | taxes | total sales tax | total taxes | qst | umsatzsteuer | mwst
        | ust | zzgl umsatzsteuer | zzgl mwst | zzgl ust | mehrwertsteuer | summe umsatzsteuer | steuerbetrag
        | mwst betrag | ust betrag | summe ust | umsatzsteuerbetrag | gesamt mwst | ust gesamt | summe mwst |
        zuzuglich mwst | zuzuglich umsatzsteuer | zuzuglich ust | zzgl gesetzl mwst | gesetzl mwst |
        gesetzliche mwst | gesetzliche umsatzsteuer | gesamtsteuer | gesamtsteuerbetrag | steuer |
        versicherungssteuer | versicherungsteuer | mwstbetrag | zuzuglich mehrwertsteuer | plus mwst | zzgl
        mehrwertsteuer | mwst gesamt | steuern | ust summe | summe steuer | mwst total | enthaltene mwst =.8 |
        enthaltene versicherungsteuer | enthaltene versicherungssteuer | zzgl versicherungsteuer | enthaltene
        ust =.8 | inkl mwst =.5 | steuersumme | tva | montant tva | total tva | montant de la tva | tva totale
        | dont tva =.9 | taxe | total des taxes | tva collectee | montant total tva | montant taxe | iva |
        cuota iva | total iva | importe iva | cuota | impuestos | total impuestos | cuota de iva | igic |
        impuesto | iva total | importe de iva | cuota tributaria | total cuota iva | igv | totale iva |
        imposta | iva imposta | importo iva | totale imposta | totale imposte | imposte | di cui iva =.9 | tot
        iva | ammontare iva | btw | btw bedrag | totaal btw | btwbedrag | bedrag btw | btw totaal | totaal btw
        bedrag | belasting | btw laag | btw hoog | kwota vat | podatek vat | podatek | razem vat | suma vat |
        kwota podatku | kwota podatku vat | vat razem | w tym vat =.9 | podatek razem | valor do iva | imposto
        | total de iva | total imposto | valor iva | total impostos | impostos | montante iva | iva a taxa
    """,
    "gross": """
        total | grand total | invoice total | total amount | total incl vat | total including vat | total inc
        vat | invoice amount | gross total | gross amount | total gross | total amount incl vat | total incl
        tax | amount incl vat | total including tax | total price =.7 | total invoice | total invoice amount |
        total with vat | gross | total value =.8 | total charges =.8 | order total =.8 | total invoice value |
        total to pay =.9 | credit total | total credit | total credited | credit amount =.9 | total inc gst |
        total incl gst | invoice value | total cost =.7 | incl vat | total charge =.8 | total usd | total eur
        | total gbp | total chf | total aud | total cad | final total | total inclusive vat | gesamtbetrag |
        rechnungsbetrag | bruttobetrag | gesamtsumme | brutto | gesamt | endbetrag | rechnungssumme | summe |
        summe brutto | gesamt brutto | rechnungssumme brutto | bruttosumme | gesamtbetrag brutto | endsumme |
        rechnungsendbetrag | gesamtbetrag inkl mwst | gesamt inkl mwst | gutschriftsbetrag | rechnungsbetrag
        brutto | gesamtpreis =.7 | brutto gesamt | total inkl mwst | rechnungsgesamtbetrag | summe inkl mwst |
        inkl mwst =.6 | gesamtbetrag inkl ust | betrag brutto | rechnungstotal | gesamtrechnungsbetrag |
        korrekturbetrag | rechnungsbeitrag | bruttorechnungsbetrag | rechnungsbetrag inkl mwst | totalbetrag |
        gesamtbrutto | betrag inkl mwst | total brutto | bruttogesamtbetrag | total ttc | montant ttc | total
        toutes taxes comprises | ttc | montant total ttc | total facture | total general | total de la facture
        | montant total | total tvac | montant toutes taxes comprises | montant de la facture | total facture
        ttc | total avoir | net ttc | prix ttc =.6 | total general ttc | montant facture | total tva comprise
        | net a payer ttc | total factura | importe total | total importe =.8 | total con iva | importe
        factura | total iva incluido | total euros | total a abonar | importe total factura | total documento
        | total factura con iva | total iva inc | importe total con iva | importe de la factura | total abono
        | totale fattura | totale documento | totale | totale ivato | totale con iva | totale iva inclusa |
        importo totale | totale complessivo | totale generale | tot fattura | tot documento | totale lordo |
        totale iva compresa | totale euro | totale nota | totale nota di credito | totaal incl btw | totaal |
        factuurbedrag | totaalbedrag | inclusief btw | totaal inclusief btw | totaal factuur | totaalbedrag
        incl btw | totaalbedrag inclusief btw | incl btw | eindtotaal | factuurtotaal | bedrag incl btw |
        totaal bedrag | eindbedrag | totaal generaal | bedrag inclusief btw | bruto totaal | totaal creditnota
        | razem brutto | wartosc brutto | suma brutto | kwota brutto | razem | ogolem | suma | lacznie brutto
        | ogolem brutto | brutto razem | naleznosc ogolem | kwota do zaplaty =.95 | wartosc faktury | kwota
        naleznosci ogolem | razem naleznosc | suma do zaplaty =.95 | lacznie | total da fatura | total com iva
        | total do documento | total geral | valor total | total fatura | montante total | total com impostos
        | total liquidado =.5 | valor da fatura | valor total da fatura | total com iva incluido
    """,
    "due": """
        amount due | balance due | total due | amount payable | total payable | balance | amount to pay |
        please pay | total amount due | balance outstanding | amount outstanding | outstanding balance | net
        payable | payment due amount | total now due | amount owing | pay this amount | new balance =.6 | due
        now | total outstanding | total balance due | amount now due | zahlbetrag | zu zahlen | offener betrag
        | zu zahlender betrag | zahlungsbetrag | noch zu zahlen | restbetrag | zu bezahlen | forderungsbetrag
        =.8 | falliger betrag | nachzahlung =.8 | uberweisungsbetrag | offener rechnungsbetrag |
        abbuchungsbetrag =.8 | noch offen | offen | zahlungsbetrag gesamt | restzahlung | verbleibender betrag
        | zu zahlender beitrag | zahlungsbetrag brutto | net a payer | reste a payer | solde a payer | montant
        a payer | solde du | a payer | montant du | total a payer | solde | net a regler | reste du | montant
        net a payer | total du | somme a payer | total a pagar | pendiente de pago | importe a pagar | a pagar
        | liquido a pagar | pendiente | saldo pendiente | importe pendiente | total pendiente | liquido | neto
        a pagar | cantidad a pagar | saldo a pagar | netto a pagare | totale da pagare | totale dovuto | da
        pagare | saldo | importo da pagare | netto da pagare | residuo da pagare | totale a pagare | importo
        dovuto | saldo dovuto | a pagare | rimanenza | te betalen | nog te voldoen | te voldoen | nog te
        betalen | openstaand bedrag | te betalen bedrag | totaal te betalen | restant | totaal te voldoen |
        openstaand | te betalen totaal | saldo te betalen | nog openstaand | do zaplaty | pozostalo do zaplaty
        | razem do zaplaty | naleznosc | pozostaje do zaplaty | do zaplaty razem | pozostalo | lacznie do
        zaplaty | ogolem do zaplaty | valor a pagar | montante em divida | em divida | total a liquidar |
        saldo em divida | montante a pagar | a receber | valor em divida | por liquidar
    """,
    "prepaid": """
        less paid | deposit paid | amount paid | paid | deposit | less deposit | prepayment | payment received
        | payments received | advance payment | paid to date | less payments | payments | already paid |
        amount received | total paid | less prepayment | payment made | payment | less advance | credits
        applied | advance | down payment | bereits bezahlt | anzahlung | abzgl anzahlung | erhaltene anzahlung
        | erhaltene anzahlungen | vorauszahlung | bezahlt | abzuglich anzahlung | geleistete anzahlung |
        bereits gezahlt | abschlagszahlung | geleistete zahlungen | gezahlt | vorauszahlungen | abzgl
        vorauszahlung | zahlungseingang | geleistete vorauszahlungen | acompte | acompte verse | deja regle |
        deja paye | acomptes | montant regle | montant paye | acomptes verses | avance | regle | deja verse |
        dont deja regle | paye | moins acompte | total acomptes | anticipo | pagado a cuenta | ya pagado |
        pagado | entrega a cuenta | a cuenta | anticipos | importe pagado | pago a cuenta | total pagado |
        acconto | acconto versato | gia pagato | acconti | pagato | versato | importo pagato | acconto
        ricevuto | a dedurre acconto | gia versato | reeds betaald | aanbetaling | al voldaan | voorschot |
        betaald | reeds voldaan | vooruitbetaling | ontvangen | al betaald | ontvangen betalingen | betaald
        bedrag | zaplacono | zaliczka | wplacono | przedplata | wplata | zaplacono zaliczka | juz zaplacono |
        oplacono | adiantamento | ja pago | valor pago | pago | sinal | entrega por conta | adiantamentos |
        montante pago | ja liquidado | recebido
    """,
    "charge": """
        shipping | freight | delivery charge | delivery | shipping and handling | shipping handling | postage
        | handling | carriage | shipping cost | shipping costs | delivery fee | packing | surcharge | shipping
        charges | freight charges | s h | postage and packing | delivery charges | service fee | fee |
        versandkosten | fracht | porto und verpackung | porto | versand | verpackung | zzgl versandkosten |
        frachtkosten | lieferkosten | transportkosten | versandkosten netto | zuschlag | summe zuschlage |
        gesamtbetrag der zuschlage | zuschlage | versand und verpackung | porto verpackung |
        bearbeitungsgebuhr | liefergebuhr | frais de port | port | livraison | frais de livraison | frais
        denvoi | frais de transport | transport | port ht | frais dexpedition | port et emballage | frais de
        port ht | emballage | gastos de envio | portes | transporte | envio | gastos de transporte | embalaje
        | gastos | porte | recargo | spese di spedizione | trasporto | spese di trasporto | spese accessorie |
        imballo | spese trasporto | spese spedizione | spese | spese bancarie | spese incasso | spese imballo
        | spese varie | bolli | bollo | verzendkosten | vrachtkosten | bezorgkosten | vracht | levering |
        administratiekosten | toeslag | verzending | koszty wysylki | koszt dostawy | koszty transportu |
        wysylka | dostawa | koszt transportu | koszty dostawy | oplata | portes de envio | custos de envio |
        despesas de envio | portes e embalagem | custos de transporte | despesas | custo de envio
    """,
    "discount": """
        discount | less discount | rebate | trade discount | total discount | volume discount | discount
        amount | savings | coupon | promotion | early payment discount =.5 | discounts | rabatt | nachlass |
        abzgl rabatt | preisnachlass | abzuglich rabatt | sonderrabatt | mengenrabatt | gesamtrabatt | summe
        abschlage | gesamtbetrag der abschlage | abschlag | abschlage | abzgl sondernachlass | sondernachlass
        | treuerabatt | gutschein | kundenrabatt | skonto =.4 | remise | rabais | escompte commercial | remise
        totale | remise commerciale | total remise | escompte =.4 | reduction | ristourne | total remises |
        descuento | dto | descuento comercial | total descuento | descuentos | bonificacion | rappel | total
        descuentos | dto comercial | sconto | sconto commerciale | abbuono | sconti | totale sconto | sconto
        merce | totale sconti | sconto incondizionato | korting | kortingsbedrag | klantkorting | totale
        korting | korting totaal | staffelkorting | betalingskorting =.4 | rabat | upust | udzielony rabat |
        znizka | rabaty | kwota rabatu | desconto | desconto comercial | abatimento | descontos | total
        descontos | total de descontos | desconto financeiro =.5 | desconto global
    """,
    "goods": """
        goods total | items total | sum of items | item total | total goods | merchandise total | lines total
        | merchandise | sum of lines | total items | product total | warenwert | summe positionen |
        positionssumme | summe der positionen | summe artikel | gesamtwarenwert | positionswert | warenwert
        gesamt | summe der artikel | uebertrag | ubertrag | total articles | total des lignes | total brut |
        total brut ht | total marchandises | total lignes | montant brut | a reporter | suma de articulos |
        total articulos | importe bruto | total lineas | total mercancia | suma lineas | totale merce | totale
        righe | importo merce | totale articoli | merce | totale lordo merce | goederenbedrag | totaal
        artikelen | som regels | totaal goederen | bruto bedrag | goederen | wartosc towarow | suma pozycji |
        razem pozycje | wartosc pozycji | total mercadorias | soma das linhas | total iliquido | total bruto |
        valor das mercadorias | total artigos
    """,
    "vendor": """
        from | supplier | seller | vendor | sold by | issued by | billed by | bill from | sender | company =.6
        | biller | issuer | supplier details | service provider | invoice from | supplier name | seller name |
        vendor name | provider | rechnungssteller | rechnungsersteller | lieferant | verkaufer | absender |
        leistungserbringer | aussteller | auftragnehmer | anbieter | leistender | dienstleister | verkaufer
        auftragnehmer | vendeur | emetteur | fournisseur | prestataire | expediteur =.8 | emis par | emetteur
        de la facture | societe =.5 | vendedor | emisor | proveedor | datos del emisor | expedidor | datos del
        proveedor | emitida por | datos del vendedor | datos fiscales emisor | fornitore | mittente | cedente
        | cedente prestatore | venditore | prestatore | emittente | emessa da | dati fornitore | leverancier |
        verkoper | afzender | van | opdrachtnemer | leverancier gegevens | sprzedawca | wystawca | dostawca |
        sprzedajacy | sprzedawca wystawca | dane sprzedawcy | uslugodawca | fornecedor | emitente | prestador
        | prestador de servicos | remetente =.8 | dados do fornecedor
    """,
    "buyer": """
        bill to | invoice to | customer | billed to | sold to | client | to | invoiced to | buyer | billing
        address | bill to address | customer name | invoice address | invoicee | billing to | customer details
        | client name | recipient | customer address | attn =.5 | charge to | client details | account name
        =.3 | credit to | for =.4 | prepared for | issued to | invoice recipient | billing information |
        billing details | purchaser | company name =.4 | rechnungsempfanger | kunde | rechnung an |
        rechnungsadresse | kaufer | empfanger | rechnungsanschrift | auftraggeber | leistungsempfanger | an |
        kaufer leistungsempfanger | gutschrift an | besteller | kundenanschrift | kundenadresse | debitor |
        adressat | rechnungsempfanger kunde | mieter | facture a | adresse de facturation | destinataire |
        acheteur | adresse facturation | facturer a | adresse client | facturation | a lattention de =.5 | nom
        du client | facturee a | adresse du client | coordonnees client | donneur dordre | facturar a |
        cliente | datos del cliente | comprador | datos de facturacion | destinatario | facturado a |
        direccion de facturacion | receptor | datos cliente | nombre del cliente | razon social =.5 |
        adquirente | datos del receptor | senores | spettle | spett | intestatario | cessionario | acquirente
        | fatturare a | committente | cessionario committente | intestata a | indirizzo di fatturazione |
        fatturato a | destinatario fattura | dati cliente | egr sig | spettabile | factuur aan | klant |
        factuuradres | afnemer | koper | aan | klantgegevens | gefactureerd aan | opdrachtgever |
        geadresseerde | t a v =.4 | factureren aan | nabywca | odbiorca | klient | kupujacy | zamawiajacy |
        dane nabywcy | platnik | uslugobiorca | faturar a | exmos srs | exmo s sr s | exmos senhores | dados
        do cliente | faturado a | morada de faturacao | exmo sr | exma sra | exmos sres | dados de faturacao |
        fatura para
    """,
    "ship_to": """
        ship to | deliver to | delivery address | shipping address | shipped to | delivery to | ship to
        address | consignee | service address | service location | site address | job site | place of delivery
        | lieferadresse | lieferanschrift | lieferung an | versandadresse | warenempfanger | lieferempfanger |
        leistungsort | lieferort | abweichender warenempfanger | versand an | livre a | adresse de livraison |
        livraison a | lieu de livraison | livrer a | adresse livraison | expedie a | enviar a | direccion de
        entrega | direccion de envio | entregar en | lugar de entrega | enviado a | destinazione |
        destinazione merce | luogo di destinazione | indirizzo di consegna | consegna a | luogo di consegna |
        spedito a | destinazione diversa | afleveradres | leveradres | bezorgadres | verzendadres | leveren
        aan | verzonden aan | adres dostawy | miejsce dostawy | dostawa do | adres wysylki | odbiorca towaru |
        local de entrega | morada de entrega | endereco de entrega | local de descarga | entregar em | local
        de carga
    """,
    "carrier": """
        carrier | shipped via | ship via | shipping method | transport by | forwarder | spediteur |
        frachtfuhrer | versandart | transporteur | transportista | vettore | vervoerder | przewoznik |
        transportadora | tax representative | fiscal representative | payee | abweichender zahlungsempfanger |
        zahlungsempfanger | factor | steuerbevollmachtigter des verkaufers | steuervertreter |
        rechnungsabtretung
    """,
    "tax_id": """
        vat reg no | vat no | vat id | vat number | vat registration | vat registration number | vat
        registration no | vat | vat reg number | tax id | tax id no | tax number =.8 | tax reg no | ein |
        federal tax id | fein | gst no | abn | tin | tax registration number | vat identification number | tax
        no =.8 | gst number | company vat | our vat no | tax identification number | trn | ust idnr | ustidnr
        | ust id | ustid | uid nr | uid | ust id nr | umsatzsteuer id | umsatzsteueridentnr | ust identnr |
        ustidentnr | umsatzsteuer identifikationsnummer | umsatzsteueridentifikationsnummer | mwst nr | mwst
        nummer | ust ident nr | uid nummer | mwstnr | uidnr | ustidnummer | umsatzsteuerid | ust nr |
        umsatzsteuer idnr | no tva | tva intracommunautaire | no tva intracommunautaire | no tva intracom |
        tva intracom | numero de tva | numero tva | no de tva | identifiant tva | no id tva | tva | tva no |
        num tva | no tva intra | tva intra | id tva | numero de tva intracommunautaire | nif | cif | nif iva |
        no iva | n i f | cif nif | nif cif | vat nif | dni | no de identificacion fiscal | rfc |
        identificacion fiscal | nit | cuit | piva | partita iva | p iva | part iva | cf e piva | piva cf | p
        iva cf | codice fiscale e partita iva | cf piva | partita iva cf | iva =.5 | cod fisc e piva | cfp iva
        | c f p iva | btw nummer | btwnummer | btw nr | btw id | btwnr | btw identificatienummer | btwid | btw
        | btw no | btw identificatie nr | btw identificatienr | ob nummer | nip | nip ue | nr nip | vat ue |
        numer nip | contribuinte no | no contribuinte | contribuinte | no de contribuinte | nipc | numero de
        contribuinte | nif contribuinte | no fiscal | no contrib | cnpj | nif nipc | no id fiscal | numero
        fiscal
    """,
    "holder": """
        account name | account holder | beneficiary | payable to | make checks payable to | checks payable to
        | make cheques payable to | cheques payable to | make all checks payable to | beneficiary name | name
        on account | in favour of | pay to | remit to | remit payment to | please remit to | bank account name
        | make payment to | payee name | make payments to | a c name | ac name | account title | kontoinhaber
        | kontoname | inhaber | begunstigter | empfanger der zahlung | titulaire du compte | titulaire |
        beneficiaire | a lordre de | ordre | compte au nom de | titular de la cuenta | titular | beneficiario
        | titular cuenta | intestatario del conto | intestatario conto | intestato a | intestazione conto |
        conto intestato a | ten name van | tnv | t n v | rekeninghouder | op naam van | begunstigde | odbiorca
        przelewu | wlasciciel rachunku | posiadacz rachunku | na rzecz | titular da conta
    """,
    "routing": """
        routing number | routing no | aba | aba no | aba number | aba routing number | routing | aba routing |
        routing transit number | ach routing number | ach routing | wire routing number | aba routing no | rtn
        | bank routing number | routing aba | transit number
    """,
    "account": """
        account number | account no | acct no | acct number | bank account number | account | acc no | bank
        account no | a c no | ac no | acct | checking account | account nr | bank account
    """,
}
"""Labels by what they announce."""

COLUMNS: dict[str, str] = {
    "description": """
        description | item | product | service | details | item description | product description | goods |
        items | services | particulars | activity | article | product name | description of goods |
        description of services | item name | product service | memo =.6 | service description | work
        description | beschreibung | bezeichnung | artikel | artikelbezeichnung | leistung |
        artikelbeschreibung | produkt | leistungsbeschreibung | text =.7 | warenbezeichnung | position =.4 |
        posten | leistungen | produktbezeichnung | bezeichnung der leistung | ware | leistungsart | tatigkeit
        | art und umfang der leistung | designation | libelle | prestation | produit | articles | detail |
        designation des produits | prestations | nature | intitule | objet | descripcion | concepto | articulo
        | producto | detalle | servicio | descripcion del articulo | denominacion | conceptos | descrizione |
        articolo | prodotto | descrizione articolo | descrizione dei beni | servizio | descrizione merce |
        natura e qualita | descrizione prodotto | prestazione | descrizione beni servizi | descrizione dei
        servizi | omschrijving | beschrijving | dienst | artikelomschrijving | werkzaamheden |
        productomschrijving | omschrijving artikel | nazwa towaru lub uslugi | nazwa | opis | nazwa towaru
        uslugi | towar usluga | towar | nazwa towaru | usluga | przedmiot | nazwa uslugi | wyszczegolnienie |
        nazwa towarow i uslug | tytul | descricao | artigo | designacao | produto | servico | descricao do
        artigo | descricao do produto | descricao do servico | discriminacao
    """,
    "quantity": """
        qty | quantity | units | hours | hrs | qty hr | hrs qty | count | no of units | qty shipped | qty
        invoiced | shipped =.7 | days =.7 | pcs | quantity shipped | hours qty | qty hrs | ordered =.6 |
        delivered =.6 | invoiced qty | billed | hr | usage | menge | anzahl | stuck | stk | stunden | std |
        menge einheit | liefermenge | anz | tage =.7 | std anzahl | ihre menge | quantite | qte | nombre | qt
        | nb | heures | nb heures | qte facturee | jours =.7 | unites =.7 | nbre | cantidad | cant | unidades
        | uds | ud | horas | ctd | unid | cantidades | quantita | qta | q ta | ore | pezzi | quant | qt a | q
        ta um | aantal | stuks | hoeveelheid | uren | aant | st =.6 | dagen =.7 | ilosc | liczba | ilosc szt |
        ilosc jm | szt =.5 | quantidade | qtd | qtd unid | qde | qt de | qtde | quantid
    """,
    "unit_price": """
        unit price | price | rate | unit cost | price each | rate price | each | cost =.7 | price per unit |
        unit price excl vat | net price | hourly rate | unit rate | price unit | unit net price | price usd |
        price eur | unit =.4 | list price =.6 | item price | unit amount | fee | item cost | einzelpreis |
        preis | e preis | ep | stuckpreis | vk preis | einzelpreis netto | nettopreis | preis einheit |
        einheitspreis | epreis | einzel | preis pro einheit | satz =.5 | listenpreis =.6 | stundensatz | preis
        eur | einzelpreis eur | e preis eur | netto einzelpreis | preis netto | einzelpr | preis je einheit |
        preis stk | einzelnetto | bruttopreis =.5 | prix unitaire | prix unitaire ht | pu ht | pu | prix | p u
        ht | prix unit | prix ht | p u | prix unit ht | tarif | pu net | prix unitaire net | p unitaire | pu
        net ht | tarif unitaire | precio unitario | precio | p unitario | precio unit | precio ud | pvp | p
        unit | precio unidad | tarifa | coste unitario | importe unitario | valor unitario | pu sin iva |
        prezzo unitario | prezzo | prezzo unit | prezzo un | prezzo netto | costo unitario | prezzo cad |
        importo unitario | valore unitario | tariffa | prijs per stuk | prijs | stukprijs | eenheidsprijs |
        prijs per eenheid | tarief | prijs excl btw | uurtarief | prijs stuk | stukprijs excl | prijs p st |
        per stuk | cena netto | cena jedn | cena jednostkowa netto | cena jednostkowa | cena | cena jedn netto
        | cena netto jedn | cena szt | stawka jedn | cena j netto | preco unitario | preco | pr unitario |
        preco unit | pr unit | valor unit | preco un
    """,
    "net": """
        amount | total | line total | net amount | total price | extended price | ext price | sub total |
        subtotal | net | net total | line amount | value | net value | total net | price total | extension |
        ext | extended | amount usd | amount eur | amount gbp | total amount | total excl vat | amount excl
        vat | total usd | total eur | total gbp | line net | total cost | extended amount | amount net |
        betrag | gesamt | gesamtpreis | nettobetrag | summe | gesamtbetrag | zeilenbetrag | positionsbetrag |
        gesamt netto | preis gesamt | g preis | gp | netto | betrag netto | entgelt | gesamtpreis netto |
        gesamtpreis eur | betrag eur | gesamt eur | nettogesamt | wert | zeilensumme | netto gesamt | gpreis |
        ges preis | nettowert | betrag in eur | summe eur | netto betrag | gesamtnetto | positions betrag |
        montant ht | total ht | montant | montant net | total net ht | prix total ht | prix total | montant
        total ht | total ligne | valeur | montant hors taxe | importe | importe neto | precio total | neto |
        importe total | valor | total linea | total neto | importe sin iva | importo | totale | importo netto
        | prezzo totale | imponibile | totale netto | tot | valore | totale riga | importo totale | bedrag |
        totaal | regelbedrag | totaalprijs | totaal excl btw | bedrag excl btw | netto bedrag | regeltotaal |
        subtotaal | totaalbedrag | prijs totaal | bedrag excl | wartosc netto | kwota netto | wartosc | kwota
        | wart netto | wartosc netto pln | wartosc sprzedazy netto | total liquido | valor liquido | montante
        | total iliquido | valor total | preco total | total sem iva | importancia
    """,
    "gross": """
        gross | gross amount | total incl vat | amount incl vat | total inc vat | gross value | gross total |
        total gross | total including vat | brutto | bruttobetrag | gesamt brutto | brutto gesamt | betrag
        brutto | gesamtpreis brutto | summe brutto | montant ttc | total ttc | ttc | prix ttc | prix total ttc
        | importe total con iva | total con iva | importe con iva | totale ivato | importo ivato | totale con
        iva | prijs incl btw | totaal incl btw | bedrag incl btw | incl btw | bedrag incl | wartosc brutto |
        kwota brutto | wart brutto | total com iva | valor com iva | total c iva
    """,
    "tax": """
        vat amount | tax amount | vat amt | mwst betrag | ust betrag | steuerbetrag | montant tva | cuota iva
        | cuota | importe iva | importo iva | imposta | btw bedrag | kwota vat | wartosc vat | vat kwota |
        valor iva | valor do iva | kwota podatku
    """,
    "rate": """
        vat % | vat rate | tax | vat | tax rate | tax % | taxes | vat code | gst | tax rate % | % vat | % tax
        | vat pct | sales tax | ust % | mwst | ust satz | ust | mwst % | mwst satz | steuersatz | steuer | %
        ust | % mwst | ust in % | mwst in % | steuer % | st =.5 | ust code | mwst code | ust % satz | tva |
        taux tva | tva % | taux | % tva | taux de tva | code tva | tx tva | iva | iva % | tipo iva | % iva |
        tipo de iva | tipo | iva tipo | aliq iva | aliquota | aliquota iva | aliq | cod iva | iva aliq | c iva
        | btw | btw % | btw tarief | % btw | btw percentage | btwtarief | btw pct | stawka vat | stawka |
        stawka podatku | st vat | taxa iva | taxa | taxa de iva | tx iva | iva taxa
    """,
    "position": """
        pos | # | no | nr | line | lp | position | item no =.4 | posten | poz | ln | pos nr | linea | riga |
        ligne | regel | item # | pozycja | l p | zeile | lfd nr | linha | sl no | s no | sr no | sno
    """,
    "code": """
        code | item no | sku | item code | article no | part no | product code | item number | ref | item id |
        part number | article number | stock code | model | catalog no | reference | product id | hsn | hsn
        sac | upc | isbn | part | product no | art nr | artnr | artikelnr | artikelnummer | artikel nr | art
        no | materialnummer | bestellnr | material | sku nr | produktnr | ean | gtin | unsere artnr | ihre
        artnr | kostenstelle | code article | ref article | ref produit | code produit | cod articulo | codigo
        | referencia | cod | codice | cod art | codice articolo | rif | cod articolo | art | artikelcode | art
        code | productcode | kod | indeks | symbol | kod towaru | pkwiu | kod produktu | codigo artigo | cod
        artigo
    """,
    "unit": """
        unit | uom | um | einheit | eh | unite | jm | j m | eenheid | unidad | un | unidade | einh | u m |
        mengeneinheit | me | ud | unita | jedn | miara | unid | u | mengeinheit | jednostka
    """,
    "discount": """
        discount | disc | disc % | discount % | rabatt | rabatt % | remise | rem % | remise % | dto | dto % |
        descuento | sconto | sc % | sconto % | korting | korting % | rabat | rabat % | desc | desconto | desc
        % | % dto | adjust | sc | nachlass | dcto
    """,
    "date": """
        date | datum | fecha | data | leistungsdatum | service date | dates | jour
    """,
}
"""Headings of item tables by the column they stand over."""
