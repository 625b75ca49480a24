# ruff: noqa: E501
"""Invoices as widely used billing software prints them, drawn from memory with invented facts.

A paper is text: each line is a height and cells, `x:text`, `x@size:text`, or `rx:text` for right-aligned ones.
"""

from __future__ import annotations

import re

from mailroom.demo.paper_sheet import Sheet

_CELL = re.compile(r"(r?)(\d+)(?:@(\d+))?:(.*)")

PAPERS: dict[str, tuple[str, dict[str, str | int]]] = {
    "card_processor": (
        """
        50  50@20:Invoice  r560@14:Cloudbase
        80  50:Invoice number  150:7C2E41B9-0007
        94  50:Date of issue  150:March 7, 2024
        108 50:Date due  150:April 6, 2024
        140 50:Cloudbase Ireland Limited  300:Bill to
        154 50:1 Grand Canal Street  300:Fern Analytics GmbH
        168 50:Dublin D02 H210  300:Torstraße 9
        182 50:Ireland  300:10119 Berlin
        196 50:billing@cloudbase.example  300:Germany
        210 50:IE VAT IE3336483DH  300:ops@fern.example
        250 50@16:€1,428.00 due April 6, 2024
        290 50:Description  r380:Qty  r450:Unit price  r500:Tax  r560:Amount
        310 50:Team plan  r380:12  r450:€90.00  r500:19%  r560:€1,080.00
        322 50:Mar 7 – Apr 7, 2024
        340 50:Extra storage (per 100 GB)  r380:6  r450:€20.00  r500:19%  r560:€120.00
        380 330:Subtotal  r560:€1,200.00
        396 330:Total excluding tax  r560:€1,200.00
        412 330:VAT - Germany (19% on €1,200.00)  r560:€228.00
        428 330:Total  r560:€1,428.00
        444 330:Amount due  r560:€1,428.00
        780 50:7C2E41B9-0007 · €1,428.00 due April 6, 2024  r560:Page 1 of 1
        """,
        {
            "invoice_number": "7C2E41B9-0007",
            "issue_date": "2024-03-07",
            "due_date": "2024-04-06",
            "currency": "EUR",
            "net_total": "1200.00",
            "tax_total": "228.00",
            "gross_total": "1428.00",
            "vendor_name": "Cloudbase Ireland Limited",
            "vendor_tax_id": "IE3336483DH",
            "buyer_name": "Fern Analytics GmbH",
            "line_count": 2,
        },
    ),
    "cloud_provider": (
        """
        50  50@16:Skyline Web Services, Inc. Invoice
        70  50:Email or talk to us about your account or bill, visit skyline.example/contact
        100 320:Invoice Summary
        116 50:Account number:  320:Invoice Number:  r560:1568934471
        130 50:884201337719  320:Invoice Date:  r560:March 3, 2024
        160 50:Bill to Address:  320:TOTAL AMOUNT DUE ON March 3, 2024  r560:$312.48
        174 50:Bluebird Robotics LLC
        188 50:ATTN: Jamie Fox
        202 50:500 Terry Francine St
        216 50:San Francisco, CA, 94158, US
        250 50:This invoice is for the billing period February 1 - February 29, 2024
        280 50:Summary
        300 50:Compute charges  r560:$288.00
        316 50:Charges  r560:$288.00
        332 50:Credits  r560:$0.00
        348 50:Tax  r560:$24.48
        364 50:Total for this invoice  r560:$312.48
        """,
        {
            "invoice_number": "1568934471",
            "issue_date": "2024-03-03",
            "currency": "USD",
            "tax_total": "24.48",
            "gross_total": "312.48",
            "vendor_name": "Skyline Web Services, Inc.",
            "buyer_name": "Bluebird Robotics LLC",
        },
    ),
    "us_bookkeeping": (
        """
        50  50@14:Desert Bloom Landscaping  r560@20:INVOICE
        66  50:4410 Saguaro Rd
        80  50:Tucson, AZ 85704
        94  50:(520) 555-0184
        108 50:hello@desertbloom.example
        150 50:BILL TO  240:SHIP TO  400:INVOICE #  480:1042
        164 50:Mesa Property Management  240:Mesa Ridge Apartments  400:DATE  480:01/15/2024
        178 50:PO Box 880  240:77 Ridge Way  400:DUE DATE  480:02/14/2024
        192 50:Mesa, AZ 85211  240:Mesa, AZ 85203  400:TERMS  480:Net 30
        230 50:DATE  120:ACTIVITY  200:DESCRIPTION  r430:QTY  r490:RATE  r560:AMOUNT
        248 50:01/10/2024  120:Pruning  200:Tree pruning, north lot  r430:8  r490:65.00  r560:520.00
        264 50:01/11/2024  120:Planting  200:Agave 5 gal.  r430:20  r490:38.50  r560:770.00T
        300 330:SUBTOTAL  r560:1,290.00
        316 330:TAX (8.7%)  r560:66.99
        332 330:TOTAL  r560:1,356.99
        348 330:BALANCE DUE  r560@13:$1,356.99
        400 50:Make checks payable to Desert Bloom Landscaping. Thank you for your business!
        """,
        {
            "invoice_number": "1042",
            "issue_date": "2024-01-15",
            "due_date": "2024-02-14",
            "currency": "USD",
            "net_total": "1290.00",
            "tax_total": "66.99",
            "gross_total": "1356.99",
            "vendor_name": "Desert Bloom Landscaping",
            "buyer_name": "Mesa Property Management",
            "line_count": 2,
        },
    ),
    "kiwi_cloud_books": (
        """
        60  50@20:TAX INVOICE  300:Invoice Date  430:Harbour Coffee Roasters Ltd
        76  300:4 May 2024  430:22 Quay Street
        92  50:The Daily Grind  300:Invoice Number  430:Bristol BS1 4RN
        108 50:8 Park Row  300:INV-0231  430:UNITED KINGDOM
        124 50:Bath BA1 1AA  300:Reference
        140 50:UNITED KINGDOM  300:PO 7781
        156 300:VAT Number
        172 300:GB980780684
        240 50:Description  r330:Quantity  r410:Unit Price  r470:VAT  r560:Amount GBP
        260 50:House blend 1kg  r330:24.00  r410:14.50  r470:Zero Rated  r560:348.00
        280 50:Grinder service  r330:1.00  r410:120.00  r470:20%  r560:120.00
        310 r470:Subtotal  r560:468.00
        326 r470:TOTAL VAT 20%  r560:24.00
        346 r470:TOTAL GBP  r560:492.00
        420 50@12:Due Date: 18 May 2024
        440 50:Sort code 20-00-00   Account 55779911
        """,
        {
            "invoice_number": "INV-0231",
            "issue_date": "2024-05-04",
            "due_date": "2024-05-18",
            "currency": "GBP",
            "net_total": "468.00",
            "tax_total": "24.00",
            "gross_total": "492.00",
            "vendor_name": "Harbour Coffee Roasters Ltd",
            "vendor_tax_id": "GB980780684",
            "line_count": 2,
        },
    ),
    "indian_suite": (
        """
        50  50@14:Lotus Textiles Pvt Ltd  r560@22:INVOICE
        68  50:14 MG Road, Bengaluru 560001  r560:# INV-000318
        96  r560:Balance Due
        112 r560@14:$2,310.00
        150 50:Bill To  r480:Invoice Date :  r560:12 Apr 2024
        166 50:Cotton & Co  r480:Terms :  r560:Net 15
        182 50:91 Spring St  r480:Due Date :  r560:27 Apr 2024
        198 50:New York, NY 10012  r480:P.O.# :  r560:8841-B
        240 50:#  80:Item & Description  r400:Qty  r470:Rate  r560:Amount
        260 50:1  80:Linen fabric, 140 cm  r400:100.00  r470:12.00  r560:1,200.00
        272 80:natural, washed
        292 50:2  80:Cotton twill  r400:90.00  r470:10.00  r560:900.00
        330 r470:Sub Total  r560:2,100.00
        346 r470:Sales Tax (10%)  r560:210.00
        362 r470:Total  r560:$2,310.00
        378 r470:Balance Due  r560:$2,310.00
        430 50:Notes
        444 50:Thanks for your business.
        """,
        {
            "invoice_number": "INV-000318",
            "issue_date": "2024-04-12",
            "due_date": "2024-04-27",
            "purchase_order": "8841-B",
            "currency": "USD",
            "net_total": "2100.00",
            "tax_total": "210.00",
            "gross_total": "2310.00",
            "vendor_name": "Lotus Textiles Pvt Ltd",
            "buyer_name": "Cotton & Co",
            "line_count": 2,
        },
    ),
    "german_office": (
        """
        60  r560@14:Gärtnerei Sonnenhof
        76  r560:Inh. Petra Lang
        130 60@6:Gärtnerei Sonnenhof, Feldweg 3, 86159 Augsburg
        146 60:Hotel Drei Mohren GmbH
        160 60:Frau Irene Wolf
        174 60:Maximilianstr. 40
        188 60:86150 Augsburg
        230 380:Rechnungs-Nr.  r560:RE-10457
        244 380:Kunden-Nr.  r560:20311
        258 380:Datum  r560:14.06.2024
        272 380:Lieferdatum  r560:12.06.2024
        300 60@14:Rechnung Nr. RE-10457
        330 60:Sehr geehrte Frau Wolf,
        344 60:wir erlauben uns, folgende Leistungen in Rechnung zu stellen:
        370 60:Pos  90:Menge  130:Einheit  180:Bezeichnung  r480:Einzel €  r560:Gesamt €
        388 60:1  r115:40  130:Stk  180:Geranien, rot, im Topf  r480:2,90  r560:116,00
        402 60:2  r115:6,5  130:Std  180:Pflanzarbeiten  r480:48,00  r560:312,00
        440 330:Summe netto  r560:428,00
        454 330:7 % MwSt. auf 116,00 €  r560:8,12
        468 330:19 % MwSt. auf 312,00 €  r560:59,28
        484 330:Rechnungsbetrag  r560:495,40
        510 60:Zahlbar sofort ohne Abzug. Bitte geben Sie die Rechnungsnummer an.
        780 60@7:Gärtnerei Sonnenhof  230@7:Stadtsparkasse Augsburg  420@7:Tel. 0821 55019
        790 60@7:Feldweg 3, 86159 Augsburg  230@7:IBAN DE89 3704 0044 0532 0130 00  420@7:info@sonnenhof.example
        800 60@7:Steuernummer 103/203/40512  230@7:BIC AUGSDE77XXX  420@7:USt-IdNr. DE136695976
        """,
        {
            "invoice_number": "RE-10457",
            "issue_date": "2024-06-14",
            "currency": "EUR",
            "net_total": "428.00",
            "tax_total": "67.40",
            "gross_total": "495.40",
            "vendor_name": "Gärtnerei Sonnenhof",
            "vendor_tax_id": "DE136695976",
            "bank_account": "DE89370400440532013000",
            "buyer_name": "Hotel Drei Mohren GmbH",
            "line_count": 2,
        },
    ),
    "french_books": (
        """
        50  50@13:PLOMBERIE MARTEL  350@16:FACTURE N° FA2024-0187
        66  50:12 rue des Lilas  350:Date : 07/03/2024
        80  50:31000 TOULOUSE  350:Échéance : 06/04/2024
        94  50:Tél. 05 61 00 00 00  350:Réf. client : CL0042
        108 50:SIRET 732 829 320 00074
        140 330:SCI Les Platanes
        154 330:M. Durand
        168 330:4 allée Jean Jaurès
        182 330:31000 TOULOUSE
        230 50:Réf.  110:Désignation  r350:Qté  r420:PU HT  r500:Montant HT  r550:TVA
        248 50:MO01  110:Main d'œuvre  r350:3,00  r420:55,00 €  r500:165,00 €  r550:10,00
        264 50:CH200  110:Chauffe-eau 200 L  r350:1,00  r420:640,00 €  r500:640,00 €  r550:20,00
        310 50:Taux  r150:Base HT  r230:Montant TVA  350:Total HT  r550:805,00 €
        326 50:10,00 %  r150:165,00 €  r230:16,50 €  350:Total TVA  r550:144,50 €
        342 50:20,00 %  r150:640,00 €  r230:128,00 €  350:Total TTC  r550:949,50 €
        358 350:Acompte  r550:200,00 €
        374 350@11:NET À PAYER  r550@11:749,50 €
        420 50:Mode de règlement : virement
        434 50:IBAN : FR76 3000 6000 0112 3456 7890 189   BIC : AGRIFRPP
        790 50@7:PLOMBERIE MARTEL - SARL au capital de 8 000 € - RCS Toulouse 732 829 320 - TVA intracom. FR44732829320
        """,
        {
            "invoice_number": "FA2024-0187",
            "issue_date": "2024-03-07",
            "due_date": "2024-04-06",
            "currency": "EUR",
            "net_total": "805.00",
            "tax_total": "144.50",
            "gross_total": "949.50",
            "amount_due": "749.50",
            "vendor_name": "PLOMBERIE MARTEL",
            "vendor_tax_id": "FR44732829320",
            "bank_account": "FR7630006000011234567890189",
            "buyer_name": "SCI Les Platanes",
            "line_count": 2,
        },
    ),
    "italian_courtesy": (
        """
        50  50@7:Cedente/prestatore (fornitore)  310@7:Cessionario/committente (cliente)
        64  50:Identificativo fiscale ai fini IVA: IT00743110157  310:Identificativo fiscale ai fini IVA: IT02498260540
        76  50:Codice fiscale: 00743110157  310:Codice fiscale: 02498260540
        88  50:Denominazione: Cartiera Adda S.p.A.  310:Denominazione: Studio Legale Neri
        100 50:Regime fiscale: RF01 ordinario  310:Indirizzo: Piazza Duomo 4
        112 50:Indirizzo: Via Manzoni 31  310:Comune: Firenze Provincia: FI
        124 50:Comune: Lecco Provincia: LC  310:Cap: 50122 Nazione: IT
        136 50:Cap: 23900 Nazione: IT
        170 50@7:Tipologia documento  180@7:Art. 73  240@7:Numero documento  360@7:Data documento  470@7:Codice destinatario
        184 50:TD01 fattura  240:412/2024  360:18-04-2024  470:M5UXCR1
        214 50@7:Cod. articolo  120@7:Descrizione  r330@7:Quantità  r400@7:Prezzo unitario  r440@7:UM  r490@7:%IVA  r560@7:Prezzo totale
        228 50:CA80  120:Carta A4 80 g  r330:50,00  r400:3,10  r440:PZ  r490:22,00  r560:155,00
        242 50:BU11  120:Buste commerciali  r330:20,00  r400:4,25  r440:CF  r490:22,00  r560:85,00
        280 50@8:RIEPILOGHI IVA E TOTALI
        294 50@7:esigibilità iva / riferimenti normativi  r250@7:%IVA  r320@7:Spese accessorie  r420@7:Totale imponibile  r560@7:Totale imposta
        308 50:I (esigibilità immediata)  r250:22,00  r420:240,00  r560:52,80
        336 50@7:Importo bollo  150@7:Sconto/Maggiorazione  270@7:Valuta  r560@7:Totale documento
        350 270:EUR  r560:292,80
        380 50@7:Modalità pagamento  190@7:IBAN  400@7:Data scadenza  r560@7:Importo
        394 50:MP05 Bonifico  190:IT60 X054 2811 1010 0000 0123 456  400:18-05-2024  r560:292,80
        """,
        {
            "invoice_number": "412/2024",
            "issue_date": "2024-04-18",
            "due_date": "2024-05-18",
            "currency": "EUR",
            "net_total": "240.00",
            "tax_total": "52.80",
            "gross_total": "292.80",
            "vendor_name": "Cartiera Adda S.p.A.",
            "vendor_tax_id": "IT00743110157",
            "bank_account": "IT60X0542811101000000123456",
            "buyer_name": "Studio Legale Neri",
            "line_count": 2,
        },
    ),
    "spanish_shop": (
        """
        50  50@14:Ferretería Molina, S.L.  r560@16:FACTURA
        66  50:CIF: B58378431
        80  50:C/ Alcalá 210, 28028 Madrid
        94  50:Tel. 91 555 01 02
        130 50:Nº FACTURA  140:FECHA  230:CLIENTE  300:VENCIMIENTO
        146 50:A-2024/00391  140:21/05/2024  230:1187  300:20/06/2024
        180 330:DATOS DEL CLIENTE
        194 330:Construcciones Vega S.A.
        208 330:NIF: A28015865
        222 330:Polígono Norte, nave 7
        236 330:28820 Coslada (Madrid)
        280 50:CÓDIGO  120:CONCEPTO  r370:CANTIDAD  r430:PRECIO  r490:DTO.  r560:IMPORTE
        298 50:T-8  120:Tornillo M8 x 40 (caja)  r370:15  r430:6,40  r490:0,00  r560:96,00
        314 50:BR-2  120:Broca widia 8 mm  r370:10  r430:3,20  r490:5,00  r560:30,40
        370 50:BASE IMPONIBLE  r230:% IVA  r330:CUOTA IVA  r560:TOTAL FACTURA
        386 r140:126,40  r230:21,00  r330:26,54  r560@12:152,94 €
        430 50:Forma de pago: transferencia a 30 días
        444 50:ES91 2100 0418 4502 0005 1332
        """,
        {
            "invoice_number": "A-2024/00391",
            "issue_date": "2024-05-21",
            "due_date": "2024-06-20",
            "currency": "EUR",
            "net_total": "126.40",
            "tax_total": "26.54",
            "gross_total": "152.94",
            "vendor_name": "Ferretería Molina, S.L.",
            "vendor_tax_id": "B58378431",
            "bank_account": "ES9121000418450200051332",
            "buyer_name": "Construcciones Vega S.A.",
            "line_count": 2,
        },
    ),
    "polish_vat": (
        """
        50  r560:Warszawa, dnia 2024-02-09
        76  300@15:Faktura VAT nr FV/118/02/2024
        96  50:Data wystawienia: 2024-02-09   Data sprzedaży: 2024-02-08   Termin płatności: 2024-02-23
        126 50:Sprzedawca:  310:Nabywca:
        140 50:Hurtownia Elektro-Max Sp. z o.o.  310:Zakład Usługowy Jan Zieliński
        154 50:ul. Przemysłowa 14  310:ul. Polna 2/5
        168 50:02-232 Warszawa  310:05-800 Pruszków
        182 50:NIP: 5260001246  310:NIP: 5342301299
        220 50:Lp.  75:Nazwa towaru/usługi  r270:Ilość  r300:J.m.  r360:Cena netto  r420:Wartość netto  r450:VAT  r500:Kwota VAT  r560:Wartość brutto
        238 50:1  75:Przewód YDY 3x1,5 (100 m)  r270:4  r300:szt.  r360:210,00  r420:840,00  r450:23%  r500:193,20  r560:1 033,20
        254 50:2  75:Gniazdo podwójne  r270:20  r300:szt.  r360:12,50  r420:250,00  r450:23%  r500:57,50  r560:307,50
        280 r360:Razem:  r420:1 090,00  r500:250,70  r560:1 340,70
        296 r360:W tym:  r420:1 090,00  r450:23%  r500:250,70  r560:1 340,70
        330 50@12:Do zapłaty: 1 340,70 PLN
        346 50:Słownie: jeden tysiąc trzysta czterdzieści złotych 70/100
        362 50:Sposób płatności: przelew   Nr konta: 61 1090 1014 0000 0712 1981 2874
        """,
        {
            "invoice_number": "FV/118/02/2024",
            "issue_date": "2024-02-09",
            "due_date": "2024-02-23",
            "currency": "PLN",
            "net_total": "1090.00",
            "tax_total": "250.70",
            "gross_total": "1340.70",
            "vendor_name": "Hurtownia Elektro-Max Sp. z o.o.",
            "vendor_tax_id": "5260001246",
            "bank_account": "PL61109010140000071219812874",
            "buyer_name": "Zakład Usługowy Jan Zieliński",
            "line_count": 2,
        },
    ),
    "dutch_letter": (
        """
        50  380@13:Schildersbedrijf De Kwast
        66  380:Industrieweg 18
        80  380:3542 AD Utrecht
        94  380:KvK 30124578
        108 380:BTW NL004495445B01
        122 380:NL91 ABNA 0417 1643 00
        130 50:Woonstichting Portaal
        144 50:t.a.v. crediteurenadministratie
        158 50:Postbus 375
        172 50:3900 AJ Veenendaal
        220 50@14:FACTUUR
        240 50:Factuurnummer  150:: 2024-0093
        254 50:Factuurdatum  150:: 11 juni 2024
        268 50:Uw referentie  150:: Portaal 55-12
        300 50:Omschrijving  r430:Aantal  r490:Prijs  r560:Totaal
        318 50:Schilderwerk trapportaal  r430:32  r490:€ 46,00  r560:€ 1.472,00
        334 50:Verf en materialen  r430:1  r490:€ 215,50  r560:€ 215,50
        370 400:Subtotaal  r560:€ 1.687,50
        386 400:9% btw over € 1.687,50  r560:€ 151,88
        402 400:Totaal te betalen  r560:€ 1.839,38
        440 50:Wij verzoeken u vriendelijk het bedrag binnen 30 dagen over te maken onder vermelding van het factuurnummer.
        """,
        {
            "invoice_number": "2024-0093",
            "issue_date": "2024-06-11",
            "currency": "EUR",
            "net_total": "1687.50",
            "tax_total": "151.88",
            "gross_total": "1839.38",
            "vendor_name": "Schildersbedrijf De Kwast",
            "vendor_tax_id": "NL004495445B01",
            "bank_account": "NL91ABNA0417164300",
            "buyer_name": "Woonstichting Portaal",
            "line_count": 2,
        },
    ),
    "portuguese_certified": (
        """
        50  50@13:Papelaria Central do Minho, Lda
        66  50:Rua do Souto 88
        80  50:4700-329 Braga
        94  50:Contribuinte N.º: 501964843
        110 330:Exmo.(s) Sr.(s)
        124 330:Escola Básica de Gualtar
        138 330:Rua da Escola 5
        152 330:4710-080 Braga
        190 50@13:Fatura FT 2024A/553  r560:Original
        210 50:V/N.º Contrib.  150:Requisição  250:Moeda  330:Data  430:Vencimento
        224 50:600028381  150:REQ-77  250:EUR  330:2024-03-15  430:2024-04-14
        260 50:Artigo  120:Descrição  r330:Qtd.  r360:Un.  r430:Pr. Unitário  r480:IVA  r560:Valor
        276 50:P01  120:Resma papel A4  r330:30,00  r360:UN  r430:4,20  r480:23,00  r560:126,00
        290 50:C12  120:Caderno A5 pautado  r330:50,00  r360:UN  r430:1,10  r480:6,00  r560:55,00
        330 50:Quadro resumo do IVA
        344 50:Taxa/Valor  r180:Incid./Qtd.  r260:Total  380:Mercadoria/Serviços  r560:181,00
        358 50:IVA (23,00)  r180:126,00  r260:28,98  380:Descontos Comerciais  r560:0,00
        372 50:IVA (6,00)  r180:55,00  r260:3,30  380:IVA  r560:32,28
        390 380@12:Total (EUR)  r560@12:213,28
        420 50:IBAN PT50 0002 0123 1234 5678 9015 4
        800 50@6:Os bens foram colocados à disposição do adquirente na data do documento
        """,
        {
            "invoice_number": "FT 2024A/553",
            "issue_date": "2024-03-15",
            "due_date": "2024-04-14",
            "currency": "EUR",
            "net_total": "181.00",
            "tax_total": "32.28",
            "gross_total": "213.28",
            "vendor_name": "Papelaria Central do Minho, Lda",
            "vendor_tax_id": "501964843",
            "bank_account": "PT50000201231234567890154",
            "buyer_name": "Escola Básica de Gualtar",
            "line_count": 2,
        },
    ),
    "us_parts_distributor": (
        """
        40  50@16:GREAT LAKES BEARING CO.  r560@14:INVOICE
        56  50:2200 Industrial Pkwy, Cleveland, OH 44114
        80  330:INVOICE NO.  410:INVOICE DATE  500:PAGE
        94  330:00548812  410:03/28/24  500:1
        116 50:SOLD TO  300:SHIP TO
        130 50:ERIE MACHINE WORKS  300:ERIE MACHINE WORKS - PLANT 2
        144 50:1801 W 12TH ST  300:900 E 10TH ST
        158 50:ERIE PA 16501  300:ERIE PA 16503
        190 50:CUSTOMER NO.  140:CUSTOMER P.O.  240:SHIP VIA  320:DATE SHIPPED  410:TERMS  490:SALESPERSON
        204 50:ERI100  140:45002219  240:UPS GROUND  320:03/27/24  410:NET 30 DAYS  490:JT
        236 50:QTY ORD  100:QTY SHIP  160:PART NUMBER  260:DESCRIPTION  r490:UNIT PRICE  r560:EXTENSION
        252 r85:12  r135:12  160:6205-2RS  260:BALL BEARING  r490:7.85  r560:94.20
        266 r85:4  r135:4  160:UCP208-24  260:PILLOW BLOCK  r490:31.10  r560:124.40
        310 400:SUBTOTAL  r560:218.60
        324 400:FREIGHT  r560:14.95
        338 400:SALES TAX  r560:0.00
        354 400:TOTAL  r560:233.55
        400 50:REMIT TO: GREAT LAKES BEARING CO., PO BOX 74008, CLEVELAND OH 44194
        414 50:ACH: ROUTING NO. 021000021  ACCOUNT NO. 4433221100
        """,
        {
            "invoice_number": "00548812",
            "issue_date": "2024-03-28",
            "purchase_order": "45002219",
            "currency": "USD",
            "net_total": "218.60",
            "tax_total": "0.00",
            "gross_total": "233.55",
            "vendor_name": "GREAT LAKES BEARING CO.",
            "buyer_name": "ERIE MACHINE WORKS",
            "bank_account": "021000021 4433221100",
            "line_count": 2,
        },
    ),
    "swiss_qr": (
        """
        60  50@14:Velo Bühler AG
        76  50:Marktgasse 21
        90  50:3011 Bern
        104 50:CHE-107.787.577 MWST
        130 330:Quartierverein Länggasse
        144 330:Frau S. Meier
        158 330:Neufeldstrasse 95
        172 330:3012 Bern
        210 330:Bern, 5. September 2024
        240 50@13:Rechnung 24-1190
        270 50:Artikel  r360:Anzahl  r450:Preis CHF  r560:Betrag CHF
        288 50:Miete Transportvelo  r360:3  r450:45.00  r560:135.00
        304 50:Reinigung  r360:1  r450:1'200.00  r560:1'200.00
        340 330:Total exkl. MWST  r560:1'335.00
        356 330:MWST 8.1%  r560:108.15
        372 330:Total CHF inkl. MWST  r560:1'443.15
        400 50:Zahlbar innert 30 Tagen netto.
        600 50:Empfangsschein  220:Zahlteil  390:Konto / Zahlbar an
        614 50:Konto / Zahlbar an  390:CH93 0076 2011 6238 5295 7
        628 50:CH93 0076 2011 6238 5295 7  390:Velo Bühler AG
        642 50:Velo Bühler AG  390:3011 Bern
        700 50:Währung  100:Betrag  220:Währung  280:Betrag
        714 50:CHF  100:1 443.15  220:CHF  280:1 443.15
        """,
        {
            "invoice_number": "24-1190",
            "issue_date": "2024-09-05",
            "currency": "CHF",
            "net_total": "1335.00",
            "tax_total": "108.15",
            "gross_total": "1443.15",
            "vendor_name": "Velo Bühler AG",
            "vendor_tax_id": "CHE-107.787.577 MWST",
            "bank_account": "CH9300762011623852957",
            "buyer_name": "Quartierverein Länggasse",
            "line_count": 2,
        },
    ),
    "marketplace": (
        """
        50  50@13:Invoice
        50  r560:Paid
        80  50:NOAH KING  330:Payment reference number  470:7xKq22P
        94  50:18 Station Road  330:Sold by  470:Brightline Audio Ltd
        108 50:Hove, BN3 3WB  330:VAT #  470:GB123456789
        122 50:GB  330:Invoice date / Delivery date  470:19 November 2024
        136 330:Invoice #  470:GB4AEU8XQ1
        150 330:Total payable  470:£59.99
        190 50:Billing address  210:Delivery address  380:Sold by
        204 50:Noah King  210:Noah King  380:Brightline Audio Ltd
        218 50:18 Station Road  210:18 Station Road  380:Unit 6, Kemble Park
        232 50:Hove, BN3 3WB  210:Hove, BN3 3WB  380:Cirencester, GL7 6BA
        260 50:Order information
        274 50:Order date  140:18 November 2024
        288 50:Order #  140:203-7718822-1190745
        320 50:Invoice details
        336 50:Description  r300:Qty  r370:Unit price  r430:VAT rate  r500:Unit price  r560:Item subtotal
        348 r370:(excl. VAT)  r500:(incl. VAT)  r560:(incl. VAT)
        366 50:Wireless headphones BX-2  r300:1  r370:£46.66  r430:20%  r500:£55.99  r560:£55.99
        382 50:Shipping Charges  r370:£3.33  r430:20%  r500:£4.00  r560:£4.00
        420 r500:Invoice total  r560:£59.99
        440 r430:VAT rate  r500:Item subtotal (excl. VAT)  r560:VAT subtotal
        456 r430:20%  r500:£49.99  r560:£10.00
        472 r430:Total  r500:£49.99  r560:£10.00
        """,
        {
            "invoice_number": "GB4AEU8XQ1",
            "issue_date": "2024-11-19",
            "currency": "GBP",
            "net_total": "49.99",
            "tax_total": "10.00",
            "gross_total": "59.99",
            "vendor_name": "Brightline Audio Ltd",
            "vendor_tax_id": "GB123456789",
            "buyer_name": "Noah King",
        },
    ),
    "german_credit": (
        """
        60  50@14:Papier Union Nord GmbH & Co. KG
        130 50@6:Papier Union Nord GmbH & Co. KG · Am Kai 7 · 28217 Bremen
        146 50:Druckerei Ahlers e.K.
        160 50:Lange Str. 44
        174 50:27749 Delmenhorst
        200 350:Gutschrift-Nr.:  r560:GS-2024-0071
        214 350:Gutschriftsdatum:  r560:02.05.2024
        228 350:Zu Rechnung Nr.:  r560:RE-2024-1934
        242 350:Kundennummer:  r560:D-3381
        280 50@14:Gutschrift
        310 50:Art.-Nr.  120:Bezeichnung  r400:Menge  r470:Einzelpreis  r560:Gesamtpreis
        328 50:BD90  120:Bilderdruck 90 g, beschädigt  r400:5  r470:38,40  r560:192,00
        360 360:Nettobetrag  r560:192,00
        374 360:zzgl. 19,00 % USt.  r560:36,48
        390 360:Gutschriftsbetrag EUR  r560:228,48
        790 50@7:Papier Union Nord GmbH & Co. KG, Amtsgericht Bremen HRA 2211  400@7:USt-IdNr.: DE811907980
        """,
        {
            "invoice_number": "GS-2024-0071",
            "issue_date": "2024-05-02",
            "currency": "EUR",
            "net_total": "192.00",
            "tax_total": "36.48",
            "gross_total": "228.48",
            "vendor_name": "Papier Union Nord GmbH & Co. KG",
            "vendor_tax_id": "DE811907980",
            "buyer_name": "Druckerei Ahlers e.K.",
            "line_count": 1,
        },
    ),
}
"""By name: the paper's text and what it says."""


def paper_pdf(text: str, *, european: bool = False) -> bytes:
    """Return a paper as PDF bytes; `european` takes a font with every European letter."""
    sheet = Sheet("dejavu" if european else "helvetica", 8)
    for line in text.strip().splitlines():
        height, _, rest = line.strip().partition(" ")
        for cell in re.split(r"  +(?=r?\d+(?:@\d+)?:)", rest.strip()):
            match = _CELL.fullmatch(cell)
            assert match is not None, cell
            right, x, size, printed = match.groups()
            align = "right" if right else "left"
            sheet.text(float(x), float(height), printed, size=float(size or 8), align=align)
    return sheet.finished()
