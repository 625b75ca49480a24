"""The words that papers put before totals, in eight languages: data, no rules.

Entries are separated by `|`; `=` gives a weight from 0 to 1 (1 where there is none). They are matched token
by token after folding (`tokens`): lower case, no accents, no full stops or hyphens inside words; `#`, `n°`
and `nº` read `no`. English, German, French, Spanish, Italian, Dutch, Polish and Portuguese.
"""

from __future__ import annotations

TOTALS: dict[str, str] = {
    "net": """
        net total | net amount | total net | subtotal =.8 | sub total =.8 | total excl vat | total excluding vat
        | total ex vat | amount excl vat | net | total before tax | taxable amount =.8 | total net amount |
        total excl tax | total without vat | total excluding tax | amount before tax | total net value | net
        value | net invoice total | net price =.6 | total amount excl vat | subtotal excl vat | net sum | excl
        vat | excluding vat | less discount =.3 | subtotal less discount =.95 | substotal less discount =.95 |
        total taxable | total excl gst | net total excl vat | invoice subtotal | order subtotal =.8 | total ex
        gst | taxable value =.8 | subtotal after discount =.95 | nettobetrag | summe netto | zwischensumme netto
        | nettosumme | netto | gesamt netto | rechnungssumme netto | zwischensumme =.7 | gesamtbetrag netto |
        netto gesamt | netto summe | nettowert | warenwert netto =.9 | rechnungssumme ohne ust | betrag netto |
        rechnungsbetrag netto | gesamtnetto | netto betrag | summe ohne mwst | summe ohne ust | total netto |
        exkl mwst | total exkl mwst | nettorechnungsbetrag | gesamtsumme netto | zwischensumme ohne mwst |
        gesamtpreis netto | nettogesamtbetrag | bemessungsgrundlage =.6 | entgelt =.5 | rechnungsnetto |
        steuerbasisbetrag =.7 | total ht | montant ht | total hors taxes | total hors taxe | sous total ht |
        sous total =.8 | net ht | ht =.8 | total net ht | montant net ht | montant total ht | total ht net |
        base ht =.8 | total net =.8 | net commercial | total general ht | prix ht | total hors tva | montant
        hors tva | base imponible | total neto | importe neto | neto | suma =.6 | total sin iva | base =.7 |
        total base imponible | importe sin iva | total base | importe total sin iva | total antes de impuestos |
        base imponible total | total bruto =.6 | imponibile | totale imponibile | totale netto | totale senza
        iva | subtotale =.8 | importo netto | netto merce =.7 | totale imponibile merce | imponibile iva | tot
        imponibile | totale esclusa iva | totale iva esclusa | totale al netto di iva | totale merce netto =.8 |
        imponibile totale | subtotaal =.8 | totaal excl btw | exclusief btw | totaal exclusief btw | excl btw |
        totaal netto | nettobedrag | bedrag excl btw | bedrag exclusief btw | totaalbedrag excl btw |
        totaalbedrag exclusief btw | netto totaal | totaal zonder btw | maatstaf van heffing =.7 | subtotaal
        excl btw | totaal excl | total excl | total htva | montant htva | htva | razem netto | wartosc netto |
        suma netto | kwota netto | ogolem netto | lacznie netto | netto razem | razem wartosc netto | do zaplaty
        netto =.6 | wartosc netto razem | suma wartosci netto | podstawa opodatkowania =.7 | total liquido |
        total sem iva | total iliquido =.7 | base tributavel | valor liquido | incidencia =.7 | total sem
        impostos | base de incidencia | subtotal sem iva | total antes de iva | total liquido sem iva | valor
        sem iva | incidencia total | total mercadoria =.5
    """,
    "tax": """
        cgst | sgst | igst | utgst | tps | tvq | vat | tax | sales tax | total vat | vat amount | tax amount |
        total tax | gst | vat total | hst | tax total | vat due | value added tax | total vat amount | total gst
        | pst | gst amount | plus vat | state tax | tax due =.8 | estimated tax | taxes | total sales tax |
        total taxes | qst | umsatzsteuer | mwst | ust | zzgl umsatzsteuer | zzgl mwst | zzgl ust |
        mehrwertsteuer | summe umsatzsteuer | steuerbetrag | mwst betrag | ust betrag | summe ust |
        umsatzsteuerbetrag | gesamt mwst | ust gesamt | summe mwst | zuzuglich mwst | zuzuglich umsatzsteuer |
        zuzuglich ust | zzgl gesetzl mwst | gesetzl mwst | gesetzliche mwst | gesetzliche umsatzsteuer |
        gesamtsteuer | gesamtsteuerbetrag | steuer | versicherungssteuer | versicherungsteuer | mwstbetrag |
        zuzuglich mehrwertsteuer | plus mwst | zzgl mehrwertsteuer | mwst gesamt | steuern | ust summe | summe
        steuer | mwst total | enthaltene mwst =.8 | enthaltene versicherungsteuer | enthaltene
        versicherungssteuer | zzgl versicherungsteuer | enthaltene ust =.8 | inkl mwst =.5 | steuersumme | tva |
        montant tva | total tva | montant de la tva | tva totale | dont tva =.9 | taxe | total des taxes | tva
        collectee | montant total tva | montant taxe | iva | cuota iva | total iva | importe iva | cuota |
        impuestos | total impuestos | cuota de iva | igic | impuesto | iva total | importe de iva | cuota
        tributaria | total cuota iva | igv | totale iva | imposta | iva imposta | importo iva | totale imposta |
        totale imposte | imposte | di cui iva =.9 | tot iva | ammontare iva | btw | btw bedrag | totaal btw |
        btwbedrag | bedrag btw | btw totaal | totaal btw bedrag | belasting | btw laag | btw hoog | kwota vat |
        podatek vat | podatek | razem vat | suma vat | kwota podatku | kwota podatku vat | vat razem | w tym vat
        =.9 | podatek razem | valor do iva | imposto | total de iva | total imposto | valor iva | total impostos
        | impostos | montante iva | iva a taxa
    """,
    "gross": """
        total | grand total | invoice total | total amount | total incl vat | total including vat | total inc
        vat | invoice amount | gross total | gross amount | total gross | total amount incl vat | total incl tax
        | amount incl vat | total including tax | total price =.7 | total invoice | total invoice amount | total
        with vat | gross | total value =.8 | total charges =.8 | order total =.8 | total invoice value | total
        to pay =.9 | credit total | total credit | total credited | credit amount =.9 | total inc gst | total
        incl gst | invoice value | total cost =.7 | incl vat | total charge =.8 | total usd | total eur | total
        gbp | total chf | total aud | total cad | final total | total inclusive vat | gesamtbetrag |
        rechnungsbetrag | bruttobetrag | gesamtsumme | brutto | gesamt | endbetrag | rechnungssumme | summe |
        summe brutto | gesamt brutto | rechnungssumme brutto | bruttosumme | gesamtbetrag brutto | endsumme |
        rechnungsendbetrag | gesamtbetrag inkl mwst | gesamt inkl mwst | gutschriftsbetrag | rechnungsbetrag
        brutto | gesamtpreis =.7 | brutto gesamt | total inkl mwst | rechnungsgesamtbetrag | summe inkl mwst |
        inkl mwst =.6 | gesamtbetrag inkl ust | betrag brutto | rechnungstotal | gesamtrechnungsbetrag |
        korrekturbetrag | rechnungsbeitrag | bruttorechnungsbetrag | rechnungsbetrag inkl mwst | totalbetrag |
        gesamtbrutto | betrag inkl mwst | total brutto | bruttogesamtbetrag | total ttc | montant ttc | total
        toutes taxes comprises | ttc | montant total ttc | total facture | total general | total de la facture |
        montant total | total tvac | montant toutes taxes comprises | montant de la facture | total facture ttc
        | total avoir | net ttc | prix ttc =.6 | total general ttc | montant facture | total tva comprise | net
        a payer ttc | total factura | importe total | total importe =.8 | total con iva | importe factura |
        total iva incluido | total euros | total a abonar | importe total factura | total documento | total
        factura con iva | total iva inc | importe total con iva | importe de la factura | total abono | totale
        fattura | totale documento | totale | totale ivato | totale con iva | totale iva inclusa | importo
        totale | totale complessivo | totale generale | tot fattura | tot documento | totale lordo | totale iva
        compresa | totale euro | totale nota | totale nota di credito | totaal incl btw | totaal | factuurbedrag
        | totaalbedrag | inclusief btw | totaal inclusief btw | totaal factuur | totaalbedrag incl btw |
        totaalbedrag inclusief btw | incl btw | eindtotaal | factuurtotaal | bedrag incl btw | totaal bedrag |
        eindbedrag | totaal generaal | bedrag inclusief btw | bruto totaal | totaal creditnota | razem brutto |
        wartosc brutto | suma brutto | kwota brutto | razem | ogolem | suma | lacznie brutto | ogolem brutto |
        brutto razem | naleznosc ogolem | kwota do zaplaty =.95 | wartosc faktury | kwota naleznosci ogolem |
        razem naleznosc | suma do zaplaty =.95 | lacznie | total da fatura | total com iva | total do documento
        | total geral | valor total | total fatura | montante total | total com impostos | total liquidado =.5 |
        valor da fatura | valor total da fatura | total com iva incluido
    """,
    "due": """
        amount due | balance due | total due | amount payable | total payable | balance | amount to pay | please
        pay | total amount due | balance outstanding | amount outstanding | outstanding balance | net payable |
        payment due amount | total now due | amount owing | pay this amount | new balance =.6 | due now | total
        outstanding | total balance due | amount now due | zahlbetrag | zu zahlen | offener betrag | zu
        zahlender betrag | zahlungsbetrag | noch zu zahlen | restbetrag | zu bezahlen | forderungsbetrag =.8 |
        falliger betrag | nachzahlung =.8 | uberweisungsbetrag | offener rechnungsbetrag | abbuchungsbetrag =.8
        | noch offen | offen | zahlungsbetrag gesamt | restzahlung | verbleibender betrag | zu zahlender beitrag
        | zahlungsbetrag brutto | net a payer | reste a payer | solde a payer | montant a payer | solde du | a
        payer | montant du | total a payer | solde | net a regler | reste du | montant net a payer | total du |
        somme a payer | total a pagar | pendiente de pago | importe a pagar | a pagar | liquido a pagar |
        pendiente | saldo pendiente | importe pendiente | total pendiente | liquido | neto a pagar | cantidad a
        pagar | saldo a pagar | netto a pagare | totale da pagare | totale dovuto | da pagare | saldo | importo
        da pagare | netto da pagare | residuo da pagare | totale a pagare | importo dovuto | saldo dovuto | a
        pagare | rimanenza | te betalen | nog te voldoen | te voldoen | nog te betalen | openstaand bedrag | te
        betalen bedrag | totaal te betalen | restant | totaal te voldoen | openstaand | te betalen totaal |
        saldo te betalen | nog openstaand | do zaplaty | pozostalo do zaplaty | razem do zaplaty | naleznosc |
        pozostaje do zaplaty | do zaplaty razem | pozostalo | lacznie do zaplaty | ogolem do zaplaty | valor a
        pagar | montante em divida | em divida | total a liquidar | saldo em divida | montante a pagar | a
        receber | valor em divida | por liquidar
    """,
    "prepaid": """
        retencion irpf | irpf | retencion | ritenuta dacconto | ritenuta | retencao na fonte | withholding tax |
        tds | less paid | deposit paid | amount paid | paid | deposit | less deposit | prepayment | payment
        received | payments received | advance payment | paid to date | less payments | payments | already paid
        | amount received | total paid | less prepayment | payment made | payment | less advance | credits
        applied | advance | down payment | bereits bezahlt | anzahlung | abzgl anzahlung | erhaltene anzahlung |
        erhaltene anzahlungen | vorauszahlung | bezahlt | abzuglich anzahlung | geleistete anzahlung | bereits
        gezahlt | abschlagszahlung | geleistete zahlungen | gezahlt | vorauszahlungen | abzgl vorauszahlung |
        zahlungseingang | geleistete vorauszahlungen | acompte | acompte verse | deja regle | deja paye |
        acomptes | montant regle | montant paye | acomptes verses | avance | regle | deja verse | dont deja
        regle | paye | moins acompte | total acomptes | anticipo | pagado a cuenta | ya pagado | pagado |
        entrega a cuenta | a cuenta | anticipos | importe pagado | pago a cuenta | total pagado | acconto |
        acconto versato | gia pagato | acconti | pagato | versato | importo pagato | acconto ricevuto | a
        dedurre acconto | gia versato | reeds betaald | aanbetaling | al voldaan | voorschot | betaald | reeds
        voldaan | vooruitbetaling | ontvangen | al betaald | ontvangen betalingen | betaald bedrag | zaplacono |
        zaliczka | wplacono | przedplata | wplata | zaplacono zaliczka | juz zaplacono | oplacono | adiantamento
        | ja pago | valor pago | pago | sinal | entrega por conta | adiantamentos | montante pago | ja liquidado
        | recebido
    """,
    "charge": """
        shipping | freight | delivery charge | delivery | shipping and handling | shipping handling | postage |
        handling | carriage | shipping cost | shipping costs | delivery fee | packing | surcharge | shipping
        charges | freight charges | s h | postage and packing | delivery charges | service fee | fee |
        versandkosten | fracht | porto und verpackung | porto | versand | verpackung | zzgl versandkosten |
        frachtkosten | lieferkosten | transportkosten | versandkosten netto | zuschlag | summe zuschlage |
        gesamtbetrag der zuschlage | zuschlage | versand und verpackung | porto verpackung | bearbeitungsgebuhr
        | liefergebuhr | frais de port | port | livraison | frais de livraison | frais denvoi | frais de
        transport | transport | port ht | frais dexpedition | port et emballage | frais de port ht | emballage |
        gastos de envio | portes | transporte | envio | gastos de transporte | embalaje | gastos | porte |
        recargo | spese di spedizione | trasporto | spese di trasporto | spese accessorie | imballo | spese
        trasporto | spese spedizione | spese | spese bancarie | spese incasso | spese imballo | spese varie |
        bolli | bollo | verzendkosten | vrachtkosten | bezorgkosten | vracht | levering | administratiekosten |
        toeslag | verzending | koszty wysylki | koszt dostawy | koszty transportu | wysylka | dostawa | koszt
        transportu | koszty dostawy | oplata | portes de envio | custos de envio | despesas de envio | portes e
        embalagem | custos de transporte | despesas | custo de envio
    """,
    "discount": """
        discount | less discount | rebate | trade discount | total discount | volume discount | discount amount
        | savings | coupon | promotion | early payment discount =.5 | discounts | rabatt | nachlass | abzgl
        rabatt | preisnachlass | abzuglich rabatt | sonderrabatt | mengenrabatt | gesamtrabatt | summe abschlage
        | gesamtbetrag der abschlage | abschlag | abschlage | abzgl sondernachlass | sondernachlass |
        treuerabatt | gutschein | kundenrabatt | skonto =.4 | remise | rabais | escompte commercial | remise
        totale | remise commerciale | total remise | escompte =.4 | reduction | ristourne | total remises |
        descuento | dto | descuento comercial | total descuento | descuentos | bonificacion | rappel | total
        descuentos | dto comercial | sconto | sconto commerciale | abbuono | sconti | totale sconto | sconto
        merce | totale sconti | sconto incondizionato | korting | kortingsbedrag | klantkorting | totale korting
        | korting totaal | staffelkorting | betalingskorting =.4 | rabat | upust | udzielony rabat | znizka |
        rabaty | kwota rabatu | desconto | desconto comercial | abatimento | descontos | total descontos | total
        de descontos | desconto financeiro =.5 | desconto global
    """,
    "goods": """
        goods total | items total | sum of items | item total | total goods | merchandise total | lines total |
        merchandise | sum of lines | total items | product total | warenwert | summe positionen | positionssumme
        | summe der positionen | summe artikel | gesamtwarenwert | positionswert | warenwert gesamt | summe der
        artikel | uebertrag | ubertrag | total articles | total des lignes | total brut | total brut ht | total
        marchandises | total lignes | montant brut | a reporter | suma de articulos | total articulos | importe
        bruto | total lineas | total mercancia | suma lineas | totale merce | totale righe | importo merce |
        totale articoli | merce | totale lordo merce | goederenbedrag | totaal artikelen | som regels | totaal
        goederen | bruto bedrag | goederen | wartosc towarow | suma pozycji | razem pozycje | wartosc pozycji |
        total mercadorias | soma das linhas | total iliquido | total bruto | valor das mercadorias | total
        artigos
    """,
}
"""Labels of amounts by what they announce."""
