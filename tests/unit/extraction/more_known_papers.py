# ruff: noqa: E501
"""A second set of papers as real trades print them, drawn when the rules for the first were done."""

from __future__ import annotations

MORE: dict[str, tuple[str, dict[str, str | int]]] = {
    "uk_letter": (
        """
        60  50@13:Rosie Carter Illustration
        76  50:Flat 2, 19 Queens Road, Brighton BN1 3XA
        90  50:rosie@carterdraws.example
        130 50@15:INVOICE
        150 50:To: Little Fox Publishing
        164 50:Date: 3rd June 2024
        178 50:Invoice no: 27
        220 50:Cover artwork for "The Tin Whale"  r500:£850.00
        236 50:Two interior spreads  r500:£400.00
        262 400:Total  r500:£1,250.00
        300 50:Please pay by bank transfer within 14 days to:
        314 50:Account name: Rosie Carter
        328 50:Sort code: 09-01-28  Account number: 31337042
        """,
        {
            "invoice_number": "27",
            "issue_date": "2024-06-03",
            "currency": "GBP",
            "gross_total": "1250.00",
            "vendor_name": "Rosie Carter Illustration",
            "buyer_name": "Little Fox Publishing",
        },
    ),
    "german_telecom": (
        """
        50  400@13:Nordnetz Telekom GmbH
        70  60@6:Nordnetz Telekom GmbH, Postfach 1100, 24099 Kiel
        90  60:Herrn  380:Datum  r560:05.03.2024
        104 60:Jens Petersen  380:Seite  r560:1 von 2
        118 60:Deichweg 5  380:Kundennummer  r560:4711002233
        132 60:25813 Husum  380:Rechnungsnummer  r560:71 0923 4481
        146 380:Buchungskonto  r560:9004411
        200 60@13:Ihre Rechnung für März 2024
        230 60:Die Leistungen im Überblick (Summen)  r560:Beträge (EUR)
        250 60:Monatliche Grundpreise  r560:33,57
        264 60:Verbindungen  r560:6,38
        280 60:Summe (netto)  r560:39,95
        294 60:Umsatzsteuer 19 % auf 39,95 EUR  r560:7,59
        308 60:Rechnungsbetrag (brutto)  r560:47,54
        324 60@11:Zu zahlender Betrag  r560@11:47,54
        350 60:Den Rechnungsbetrag buchen wir am 14.03.2024 von Ihrem Konto DE** **** 1188 ab.
        790 60@7:Nordnetz Telekom GmbH · USt-IdNr. DE811907980 · Amtsgericht Kiel HRB 5510
        """,
        {
            "invoice_number": "71 0923 4481",
            "issue_date": "2024-03-05",
            "currency": "EUR",
            "net_total": "39.95",
            "tax_total": "7.59",
            "gross_total": "47.54",
            "vendor_name": "Nordnetz Telekom GmbH",
            "vendor_tax_id": "DE811907980",
            "buyer_name": "Jens Petersen",
        },
    ),
    "austrian_trade": (
        """
        50  50@15:Tischlerei Hofer
        66  50:Meisterbetrieb seit 1952
        120 50:Pension Bergblick
        134 50:z.Hd. Fr. Maier
        148 50:Dorfstraße 31
        162 50:6370 Kitzbühel
        120 380:Rechnung Nr. 240113
        134 380:Innsbruck, am 23.01.2024
        148 380:Ihre UID: ATU12345675
        220 50:Menge  110:Bezeichnung  r460:Preis/EH  r550:Betrag €
        238 50:2 Stk.  110:Kastentür Lärche, geölt  r460:385,00  r550:770,00
        254 50:4,5 h  110:Montage  r460:68,00  r550:306,00
        290 350:Gesamt exkl. USt.  r550:1.076,00
        304 350:+ 20% USt.  r550:215,20
        320 350:Gesamtbetrag  r550:1.291,20
        350 50:Zahlbar bis 06.02.2024 netto Kassa.
        780 50@7:Tischlerei Hofer e.U. | Sillgasse 8 | 6020 Innsbruck | UID ATU57780814
        792 50@7:Tiroler Sparkasse, IBAN AT61 1904 3002 3457 3201, BIC SPIHAT22XXX
        """,
        {
            "invoice_number": "240113",
            "issue_date": "2024-01-23",
            "due_date": "2024-02-06",
            "currency": "EUR",
            "net_total": "1076.00",
            "tax_total": "215.20",
            "gross_total": "1291.20",
            "vendor_name": "Tischlerei Hofer",
            "vendor_tax_id": "ATU57780814",
            "bank_account": "AT611904300234573201",
            "buyer_name": "Pension Bergblick",
            "line_count": 2,
        },
    ),
    "belgian_bilingual": (
        """
        50  50@13:BRABANT OFFICE N.V.
        66  50:Leuvensesteenweg 201, 1800 Vilvoorde
        80  50:BTW/TVA BE0403170701
        110 330:FACTUUR / FACTURE
        130 330:Nr./N°:  430:V24-00871
        144 330:Datum/Date:  430:19/02/2024
        158 330:Vervaldatum/Échéance:  430:20/03/2024
        172 330:Klant/Client:  430:C10442
        130 50:Clinique Saint-Luc asbl
        144 50:Avenue Hippocrate 10
        158 50:1200 Bruxelles
        230 50:Artikel/Article  130:Omschrijving/Description  r360:Aantal/Qté  r440:Prijs/Prix  r490:BTW  r560:Bedrag/Montant
        248 50:ST-21  130:Stoel ergonomisch  r360:4  r440:189,00  r490:21%  r560:756,00
        264 50:LP-03  130:Leeslamp LED  r360:10  r440:24,50  r490:21%  r560:245,00
        310 50:Basis  r160:21%  r240:BTW/TVA  r420:Totaal excl./Total HTVA  r560:Totaal/Total EUR
        326 50:1.001,00  r160:210,21  r240:210,21  r420:1.001,00  r560:1.211,21
        370 50:IBAN BE68 5390 0754 7034  BIC TRIOBEBB
        """,
        {
            "invoice_number": "V24-00871",
            "issue_date": "2024-02-19",
            "due_date": "2024-03-20",
            "currency": "EUR",
            "net_total": "1001.00",
            "tax_total": "210.21",
            "gross_total": "1211.21",
            "vendor_name": "BRABANT OFFICE N.V.",
            "vendor_tax_id": "BE0403170701",
            "bank_account": "BE68539007547034",
            "buyer_name": "Clinique Saint-Luc asbl",
            "line_count": 2,
        },
    ),
    "french_energy": (
        """
        50  50@14:Volta Énergie
        66  50:Service clients : 09 69 00 00 00
        100 330:MME CLAIRE FABRE
        114 330:3 RUE DU PUITS
        128 330:34000 MONTPELLIER
        150 50:Facture n° 10 224 518 037 du 12/03/2024
        164 50:Référence client : 5 021 774 310
        190 50@12:Montant à payer TTC :  r260@12:84,23 €
        206 50:À régler avant le 27 mars 2024
        250 50:Abonnement HT  r400:12,44 €
        264 50:Consommation HT  r400:52,11 €
        278 50:Contributions et taxes HT  r400:7,09 €
        294 50:Total hors TVA  r400:71,64 €
        308 50:TVA à 5,50 %  r400:0,90 €
        322 50:TVA à 20,00 %  r400:11,69 €
        336 50:Total TTC  r400:84,23 €
        790 50@6:Volta Énergie, SA au capital de 2 000 000 € - 552 081 317 RCS Nanterre - N° TVA FR 03 552081317
        """,
        {
            "invoice_number": "10 224 518 037",
            "issue_date": "2024-03-12",
            "due_date": "2024-03-27",
            "currency": "EUR",
            "net_total": "71.64",
            "tax_total": "12.59",
            "gross_total": "84.23",
            "vendor_name": "Volta Énergie",
            "vendor_tax_id": "FR03552081317",
            "buyer_name": "CLAIRE FABRE",
        },
    ),
    "french_freelance": (
        """
        50  50@13:Léa Moreau - Traductrice
        66  50:18 rue Victor Hugo
        80  50:44000 Nantes
        94  50:SIRET : 812 345 678 00019
        50  350@16:Facture
        80  350:N° 2024-031
        94  350:le 2 avril 2024
        130 350:Éditions du Cormoran
        144 350:7 quai de la Fosse
        158 350:44000 Nantes
        210 50:Prestation  r340:Quantité  r430:Prix unitaire  r540:Total
        228 50:Traduction EN-FR (mots)  r340:8 500  r430:0,12 €  r540:1 020,00 €
        244 50:Relecture (heures)  r340:4  r430:45,00 €  r540:180,00 €
        280 r430:Total à payer  r540:1 200,00 €
        310 50:TVA non applicable, art. 293 B du CGI
        324 50:Règlement à réception par virement : FR14 2004 1010 0505 0001 3M02 606
        """,
        {
            "invoice_number": "2024-031",
            "issue_date": "2024-04-02",
            "currency": "EUR",
            "gross_total": "1200.00",
            "vendor_name": "Léa Moreau",
            "bank_account": "FR1420041010050500013M02606",
            "buyer_name": "Éditions du Cormoran",
            "line_count": 2,
        },
    ),
    "spanish_telecom": (
        """
        50  50@14:Lumbre Telecomunicaciones S.A.U.
        66  50:Paseo de la Habana 33, 28036 Madrid - CIF A82528548
        100 330:D. Pablo Ruiz Ortega
        114 330:C/ Larios 8, 2º B
        128 330:29005 Málaga
        150 50:Nº de factura:  160:28-C4U1-004518
        164 50:Fecha de emisión:  160:1 de abril de 2024
        178 50:Periodo de facturación:  160:1 mar. - 31 mar. 2024
        192 50:Nº de cuenta:  160:ES91 **** **** 1332
        230 50:Resumen de factura
        250 50:Cuotas  r400:41,32
        264 50:Total (Base imponible)  r400:41,32
        278 50:IVA (21%)  r400:8,68
        294 50:Total a pagar  r400:50,00 €
        """,
        {
            "invoice_number": "28-C4U1-004518",
            "issue_date": "2024-04-01",
            "currency": "EUR",
            "net_total": "41.32",
            "tax_total": "8.68",
            "gross_total": "50.00",
            "vendor_name": "Lumbre Telecomunicaciones S.A.U.",
            "vendor_tax_id": "A82528548",
            "buyer_name": "Pablo Ruiz Ortega",
        },
    ),
    "italian_workshop": (
        """
        50  50@14:AUTOFFICINA FRATELLI GALLI S.N.C.
        66  50:Via Emilia 140 - 40026 Imola (BO)
        80  50:P.IVA e C.F. 00743110157 - Tel. 0542 640011
        120 330:Spett.le
        134 330:TRASPORTI RAPIDI S.R.L.
        148 330:Via dell'Industria 9
        162 330:48018 Faenza (RA)
        176 330:P.IVA 02498260540
        200 50@12:FATTURA N. 88/A DEL 30/04/2024
        240 50:DESCRIZIONE  r330:Q.TA'  r410:PREZZO  r470:SC.%  r540:IMPORTO
        258 50:Olio motore 5W30  r330:6  r410:9,80  r470:10  r540:52,92
        274 50:Manodopera tagliando  r330:2,5  r410:42,00  r540:105,00
        320 50:Imponibile  r140:Aliq.  r220:Imposta  r420:Totale imponibile  r540:157,92
        334 50:157,92  r140:22%  r220:34,74  r420:Totale IVA  r540:34,74
        352 r420@11:TOTALE FATTURA €  r540@11:192,66
        390 50:Pagamento: Ri.Ba. 60 gg d.f.f.m.   Scadenza: 30/06/2024
        """,
        {
            "invoice_number": "88/A",
            "issue_date": "2024-04-30",
            "due_date": "2024-06-30",
            "currency": "EUR",
            "net_total": "157.92",
            "tax_total": "34.74",
            "gross_total": "192.66",
            "vendor_name": "AUTOFFICINA FRATELLI GALLI S.N.C.",
            "vendor_tax_id": "00743110157",
            "buyer_name": "TRASPORTI RAPIDI S.R.L.",
            "line_count": 2,
        },
    ),
    "dutch_webshop": (
        """
        50  50@16:Fietsplein.example
        70  380:Fietsplein B.V.
        84  380:Handelskade 40
        98  380:5211 TH 's-Hertogenbosch
        112 380:BTW: NL810433941B01
        100 50:Mevr. S. Jansen
        114 50:Beukenlaan 12
        128 50:5616 VC Eindhoven
        180 50:Factuurnummer  200:Orderdatum  330:Bestelnummer  450:Factuurdatum
        194 50:F24-118820  200:09-04-2024  330:100443917  450:10-04-2024
        230 50:Aantal  100:Product  r440:Prijs incl. btw  r540:Totaal incl. btw
        248 50:1  100:Stadsfiets Lente 28 inch, mat groen  r440:€ 549,00  r540:€ 549,00
        264 50:2  100:Binnenband 28 inch  r440:€ 7,50  r540:€ 15,00
        300 r440:Subtotaal  r540:€ 564,00
        314 r440:Verzendkosten  r540:€ 0,00
        328 r440:Totaal incl. btw  r540:€ 564,00
        344 r440:Btw 21%  r540:€ 97,88
        360 r440:Totaal excl. btw  r540:€ 466,12
        390 50:Betaald met iDEAL
        """,
        {
            "invoice_number": "F24-118820",
            "issue_date": "2024-04-10",
            "currency": "EUR",
            "net_total": "466.12",
            "tax_total": "97.88",
            "gross_total": "564.00",
            "vendor_name": "Fietsplein B.V.",
            "vendor_tax_id": "NL810433941B01",
            "buyer_name": "S. Jansen",
            "line_count": 2,
        },
    ),
    "canadian_two_taxes": (
        """
        50  50@14:Érablière du Nord Inc.  r560@16:INVOICE
        66  50:410 chemin du Lac, Sainte-Agathe QC J8C 2Z8
        100 50:Invoice To  330:Invoice No.  r560:3391
        114 50:Maple & Pine Bistro  330:Date  r560:2024-09-18
        128 50:88 King St W  330:Terms  r560:Net 30
        142 50:Kingston ON K7L 2Z2  330:Due Date  r560:2024-10-18
        190 50:Quantity  110:Description  r430:Rate  r560:Amount
        208 50:12  110:Maple syrup, amber, 4 L  r430:62.00  r560:744.00
        224 50:3  110:Maple butter case  r430:48.00  r560:144.00
        260 400:Subtotal  r560:888.00
        274 400:GST @ 5%  r560:44.40
        288 400:QST @ 9.975%  r560:88.58
        304 400:Total  r560:CAD 1,020.98
        318 400:Payments  r560:0.00
        332 400:Balance Due  r560:CAD 1,020.98
        360 50:GST/HST No. 123456782 RT0001
        """,
        {
            "invoice_number": "3391",
            "issue_date": "2024-09-18",
            "due_date": "2024-10-18",
            "currency": "CAD",
            "net_total": "888.00",
            "tax_total": "132.98",
            "gross_total": "1020.98",
            "vendor_name": "Érablière du Nord Inc.",
            "buyer_name": "Maple & Pine Bistro",
            "line_count": 2,
        },
    ),
    "australian_tax_invoice": (
        """
        50  50@15:Tax Invoice
        80  50:Coral Bay Marine Services Pty Ltd  330:Invoice number:  450:CB-20418
        94  50:ABN 51 824 753 556  330:Issue date:  450:30/08/2024
        108 50:12 Jetty Road, Fremantle WA 6160  330:Due date:  450:13/09/2024
        122 330:Your order:  450:WO-5519
        150 50:Bill to:
        164 50:Indian Ocean Charters
        178 50:3 Mews Road, Fremantle WA 6160
        220 50:Item  r330:Hours/Qty  r410:Price  r470:GST  r550:Total
        238 50:Hull antifoul, 12 m  r330:1  r410:$1,450.00  r470:$145.00  r550:$1,450.00
        254 50:Anode replacement  r330:4  r410:$32.50  r470:$13.00  r550:$130.00
        290 r470:Total ex GST  r550:$1,580.00
        304 r470:GST  r550:$158.00
        320 r470:Amount due (AUD)  r550:$1,738.00
        360 50:Pay to: Coral Bay Marine Services, BSB 036-022, Account 418877
        """,
        {
            "invoice_number": "CB-20418",
            "issue_date": "2024-08-30",
            "due_date": "2024-09-13",
            "purchase_order": "WO-5519",
            "currency": "AUD",
            "net_total": "1580.00",
            "tax_total": "158.00",
            "gross_total": "1738.00",
            "vendor_name": "Coral Bay Marine Services Pty Ltd",
            "buyer_name": "Indian Ocean Charters",
            "line_count": 2,
        },
    ),
    "polish_services": (
        """
        50  50:Miejsce wystawienia:  160:Gdańsk
        64  50:Data wystawienia:  160:12.01.2024
        78  50:Data zakończenia dostawy/usługi:  200:12.01.2024
        50  400@14:FAKTURA 7/01/2024
        110 50@10:Sprzedawca  310@10:Nabywca
        126 50:Anna Lis Projektowanie Wnętrz  310:Deweloper Bałtyk S.A.
        140 50:ul. Szeroka 12/3, 80-835 Gdańsk  310:al. Zwycięstwa 96, 81-451 Gdynia
        154 50:NIP 5842751979  310:NIP 5860005173
        200 50:LP  80:Nazwa towaru / usługi  r260:Ilość  r290:Jm  r350:Cena netto  r390:Stawka  r470:Wartość netto  r560:Wartość brutto
        218 50:1  80:Projekt koncepcyjny apartamentu  r260:1  r290:usł.  r350:8 500,00  r390:23%  r470:8 500,00  r560:10 455,00
        234 50:2  80:Nadzór autorski  r260:6  r290:godz.  r350:180,00  r390:23%  r470:1 080,00  r560:1 328,40
        280 r350:Stawka  r410:Netto  r480:VAT  r560:Brutto
        296 r350:23%  r410:9 580,00  r480:2 203,40  r560:11 783,40
        312 r350:Razem  r410:9 580,00  r480:2 203,40  r560:11 783,40
        350 50:Sposób zapłaty: przelew  250:Razem do zapłaty:  r480@12:11 783,40 PLN
        364 50:Termin płatności: 26.01.2024
        378 50:Bank: mBank  150:Numer konta: PL61 1090 1014 0000 0712 1981 2874
        """,
        {
            "invoice_number": "7/01/2024",
            "issue_date": "2024-01-12",
            "due_date": "2024-01-26",
            "currency": "PLN",
            "net_total": "9580.00",
            "tax_total": "2203.40",
            "gross_total": "11783.40",
            "vendor_name": "Anna Lis Projektowanie Wnętrz",
            "vendor_tax_id": "5842751979",
            "bank_account": "PL61109010140000071219812874",
            "buyer_name": "Deweloper Bałtyk S.A.",
            "line_count": 2,
        },
    ),
    "german_final_account": (
        """
        60  60@14:Bau & Dach Krüger GmbH
        110 60@6:Bau & Dach Krüger GmbH | Ziegeleiweg 2 | 04509 Delitzsch
        126 60:Eheleute
        140 60:Karin und Udo Stein
        154 60:Lindenallee 7
        168 60:04509 Delitzsch
        200 380:Delitzsch, den 17. Oktober 2024
        230 60@12:Schlussrechnung Nr. 2024/88
        246 60:Bauvorhaben: Dachsanierung Lindenallee 7 - Auftrag vom 03.07.2024
        280 60:Pos.  100:Leistung  r330:Menge  r370:Einh.  r450:EP €  r550:GP €
        298 60:1.1  100:Dachfläche abdecken  r330:142,00  r370:m²  r450:14,50  r550:2.059,00
        314 60:1.2  100:Ziegel liefern und decken  r330:142,00  r370:m²  r450:61,00  r550:8.662,00
        330 100:inkl. First- und Ortgangziegel
        346 60:2.1  100:Gerüst vorhalten  r330:6,00  r370:Wo.  r450:180,00  r550:1.080,00
        390 300:Summe netto  r550:11.801,00
        404 300:zzgl. 19 % MwSt.  r550:2.242,19
        418 300:Gesamtsumme brutto  r550:14.043,19
        432 300:abzgl. 1. Abschlagszahlung vom 20.08.2024  r550:-6.000,00
        448 300@11:Restbetrag  r550@11:8.043,19
        480 60:Zahlbar innerhalb von 14 Tagen ohne Abzug.
        790 60@7:Geschäftsführer Tim Krüger  230@7:VR Bank Delitzsch  400@7:St.-Nr. 237/105/01882
        800 60@7:HRB 33019 Leipzig  230@7:IBAN DE75 5121 0800 1245 1261 99
        """,
        {
            "invoice_number": "2024/88",
            "issue_date": "2024-10-17",
            "currency": "EUR",
            "net_total": "11801.00",
            "tax_total": "2242.19",
            "gross_total": "14043.19",
            "amount_due": "8043.19",
            "vendor_name": "Bau & Dach Krüger GmbH",
            "bank_account": "DE75512108001245126199",
            "buyer_name": "Karin und Udo Stein",
            "line_count": 3,
        },
    ),
    "forwarder": (
        """
        50  50@13:Seaway Forwarding B.V.  r560@13:INVOICE / FREIGHT
        66  50:Waalhaven 88, 3087 BM Rotterdam, The Netherlands
        100 50:Invoice to:  300:Invoice nr.:  r560:SF2401877
        114 50:Hansen Møbler A/S  300:Invoice date:  r560:11-Mar-2024
        128 50:Industrivej 4  300:Due date:  r560:10-Apr-2024
        142 50:8700 Horsens  300:Your reference:  r560:PO-66120
        156 50:Denmark  300:VAT number:  r560:NL004495445B01
        190 50:Shipper: Guangzhou Home Co.  300:Carrier: Blue Ocean Line
        204 50:Consignee: Hansen Møbler A/S  300:B/L: BOLU7741920
        240 50:Description  r380:Currency  r460:Amount  r560:Amount EUR
        256 50:Ocean freight 1x40HC  r380:USD  r460:2,150.00  r560:1,980.20
        270 50:Terminal handling charge  r380:EUR  r460:235.00  r560:235.00
        284 50:Customs documents  r380:EUR  r460:45.00  r560:45.00
        320 r460:Total excl. VAT  r560:2,260.20
        334 r460:VAT 0% (reverse charge)  r560:0.00
        350 r460:Total EUR  r560:2,260.20
        380 50:IBAN NL91 ABNA 0417 1643 00
        """,
        {
            "invoice_number": "SF2401877",
            "issue_date": "2024-03-11",
            "due_date": "2024-04-10",
            "currency": "EUR",
            "net_total": "2260.20",
            "tax_total": "0.00",
            "gross_total": "2260.20",
            "vendor_name": "Seaway Forwarding B.V.",
            "vendor_tax_id": "NL004495445B01",
            "bank_account": "NL91ABNA0417164300",
            "buyer_name": "Hansen Møbler A/S",
            "line_count": 3,
        },
    ),
}
"""By name: the paper's text and what it says, as in `known_papers`."""
