"""A third set of papers with awkward layouts: stacked labels, prices with tax, retention, two tax parts."""

from __future__ import annotations

THIRD: dict[str, tuple[str, dict[str, str | int]]] = {
    "stacked_labels": (
        """
        50  50@15:Pike & Sons Printers Ltd
        66  50:Unit 9, Canal Works, Leeds LS9 8AG
        80  50:VAT Reg GB980780684
        110 50:Invoice  150:Invoice  250:Account  350:Payment
        120 50:Number  150:Date  250:Ref  350:Due
        134 50:P-20817  150:14/02/2024  250:NOR002  350:15/03/2024
        170 50:Invoice Address  300:Delivery Address
        184 50:Northern Theatre Trust  300:Stage Door
        198 50:Swan Street  300:Northern Theatre
        212 50:Leeds LS1 6NU  300:Leeds LS1 6NU
        250 50:Quantity  110:Details  r440:Unit Price  r500:VAT %  r560:Net Amount
        268 50:2000  110:A5 programmes, 16pp  r440:0.34  r500:0.00  r560:680.00
        284 50:250  110:A3 posters  r440:0.62  r500:20.00  r560:155.00
        330 r500:Total Net Amount  r560:835.00
        344 r500:Carriage Net  r560:0.00
        358 r500:Total Tax Amount  r560:31.00
        372 r500:Invoice Total  r560:866.00
        """,
        {
            "invoice_number": "P-20817",
            "issue_date": "2024-02-14",
            "due_date": "2024-03-15",
            "currency": "GBP",
            "net_total": "835.00",
            "tax_total": "31.00",
            "gross_total": "866.00",
            "vendor_name": "Pike & Sons Printers Ltd",
            "vendor_tax_id": "GB980780684",
            "buyer_name": "Northern Theatre Trust",
            "line_count": 2,
        },
    ),
    "german_hotel": (
        """
        50  200@15:Hotel Seeblick Lindau
        66  200:Uferpromenade 1 · 88131 Lindau · Tel. 08382 5500
        120 60:Firma
        134 60:Kessler Maschinenbau GmbH
        148 60:Industriestr. 20
        162 60:72760 Reutlingen
        120 380:Rechnungsnr.:  r560:88213
        134 380:Datum:  r560:22.08.2024
        148 380:Zimmer:  r560:214
        162 380:Anreise:  r560:20.08.2024
        176 380:Abreise:  r560:22.08.2024
        220 60:Datum  130:Leistung  r400:Anzahl  r480:Einzelpreis  r560:Gesamt EUR
        238 60:20.08.24  130:Übernachtung EZ  r400:2  r480:110,00  r560:220,00
        254 60:20.08.24  130:Frühstück  r400:2  r480:17,50  r560:35,00
        270 60:21.08.24  130:Parkplatz  r400:2  r480:8,00  r560:16,00
        310 60:Rechnungsbetrag  r560@11:271,00 EUR
        340 60:MwSt.  r250:Netto  r350:MwSt.-Betrag  r450:Brutto
        354 60:7,00 %  r250:205,61  r350:14,39  r450:220,00
        368 60:19,00 %  r250:42,86  r350:8,14  r450:51,00
        382 60:Gesamt  r250:248,47  r350:22,53  r450:271,00
        420 60:Betrag dankend per EC-Karte erhalten.
        790 60@7:Hotel Seeblick Lindau, Inh. Maria Brugger e.K., USt-IdNr. DE136695976
        """,
        {
            "invoice_number": "88213",
            "issue_date": "2024-08-22",
            "currency": "EUR",
            "net_total": "248.47",
            "tax_total": "22.53",
            "gross_total": "271.00",
            "vendor_name": "Hotel Seeblick Lindau",
            "vendor_tax_id": "DE136695976",
            "buyer_name": "Kessler Maschinenbau GmbH",
            "line_count": 3,
        },
    ),
    "indian_gst": (
        """
        50  50@14:Saffron Data Systems Pvt. Ltd.  r560@14:TAX INVOICE
        66  50:3rd Floor, Cyber Heights, Pune 411014
        80  50:GSTIN: 27AABCS1429B1Z5
        110 50:Billed To:  330:Invoice No.: SDS/24-25/0117
        124 50:Monsoon Retail LLP  330:Invoice Date: 05-Jul-2024
        138 50:22 Linking Road, Mumbai 400050  330:Due Date: 04-Aug-2024
        152 50:GSTIN: 27AAQFM9912K1ZX  330:P.O. No.: MR-9034
        200 50:S.No  90:Description of Services  r360:HSN/SAC  r420:Qty  r490:Rate  r560:Amount
        218 50:1  90:Warehouse dashboard, June  r360:998314  r420:1  r490:75,000.00  r560:75,000.00
        234 50:2  90:Support hours  r360:998313  r420:10  r490:2,500.00  r560:25,000.00
        280 r490:Sub Total  r560:1,00,000.00
        294 r490:CGST @ 9%  r560:9,000.00
        308 r490:SGST @ 9%  r560:9,000.00
        324 r490:Grand Total  r560:₹ 1,18,000.00
        350 50:Amount in words: Rupees One Lakh Eighteen Thousand Only
        """,
        {
            "invoice_number": "SDS/24-25/0117",
            "issue_date": "2024-07-05",
            "due_date": "2024-08-04",
            "purchase_order": "MR-9034",
            "currency": "INR",
            "net_total": "100000.00",
            "tax_total": "18000.00",
            "gross_total": "118000.00",
            "vendor_name": "Saffron Data Systems Pvt. Ltd.",
            "buyer_name": "Monsoon Retail LLP",
            "line_count": 2,
        },
    ),
    "spanish_retention": (
        """
        50  50@13:Marta Soler Vidal
        66  50:Arquitecta - NIF 46123456M
        80  50:Carrer de Mallorca 250, 08008 Barcelona
        110 50:FACTURA 17/2024
        124 50:Fecha: 30 de septiembre de 2024
        150 50:Cliente:
        164 50:Promociones Litoral S.L.
        178 50:CIF B58378431
        192 50:Rambla 20, 43003 Tarragona
        240 50:Concepto  r560:Importe
        258 50:Proyecto básico vivienda unifamiliar  r560:3.200,00 €
        274 50:Visita de obra (2)  r560:300,00 €
        310 400:Base imponible  r560:3.500,00 €
        324 400:IVA 21%  r560:735,00 €
        338 400:Retención IRPF 15%  r560:-525,00 €
        354 400@11:TOTAL A PAGAR  r560@11:3.710,00 €
        390 50:Cuenta: ES91 2100 0418 4502 0005 1332
        """,
        {
            "invoice_number": "17/2024",
            "issue_date": "2024-09-30",
            "currency": "EUR",
            "net_total": "3500.00",
            "tax_total": "735.00",
            "amount_due": "3710.00",
            "vendor_name": "Marta Soler Vidal",
            "vendor_tax_id": "46123456M",
            "bank_account": "ES9121000418450200051332",
            "buyer_name": "Promociones Litoral S.L.",
            "line_count": 2,
        },
    ),
    "uk_inclusive": (
        """
        50  r560@14:Invoice
        50  50@13:The Bakehouse at Wells
        66  50:4 Market Place, Wells BA5 2RF
        80  50:orders@bakehouse.example
        110 50:Invoice for
        124 50:Mendip Village Hall
        138 50:Church Lane, Priddy BA5 3BB
        110 330:Invoice ref  r560:BW-0442
        124 330:Dated  r560:9 December 2024
        138 330:Payment due by  r560:23 December 2024
        190 50:Item  r350:No.  r450:Each (inc VAT)  r560:Total (inc VAT)
        208 50:Mince pies, box of 12  r350:8  r450:£9.60  r560:£76.80
        224 50:Celebration cake  r350:1  r450:£54.00  r560:£54.00
        260 r450:Total to pay  r560:£130.80
        276 r450:of which VAT at 20%  r560:£21.80
        """,
        {
            "invoice_number": "BW-0442",
            "issue_date": "2024-12-09",
            "due_date": "2024-12-23",
            "currency": "GBP",
            "tax_total": "21.80",
            "gross_total": "130.80",
            "vendor_name": "The Bakehouse at Wells",
            "buyer_name": "Mendip Village Hall",
            "line_count": 2,
        },
    ),
    "french_left_totals": (
        """
        50  50@14:BRASSERIE DES ALPES SAS
        66  50:Z.I. de la Croix - 73000 CHAMBÉRY
        80  50:N° TVA : FR40303265045
        110 340:HÔTEL DU LAC
        124 340:Service comptabilité
        138 340:2 avenue des Thermes
        152 340:73100 AIX-LES-BAINS
        190 50:FACTURE  130:N° 24/03317  250:DU 28/06/2024  380:CLIENT 41105
        220 50:CODE  110:DÉSIGNATION  r360:QUANTITÉ  r440:P.U. H.T.  r500:REM.%  r560:MONTANT H.T.
        236 50:B33  110:Bière blonde 33 cl (caisse 24)  r360:20  r440:28,80  r500:5,00  r560:547,20
        252 50:C50  110:Consigne fût 30 l  r360:6  r440:30,00  r560:180,00
        300 50:BASE H.T.  r170:TAUX  r230:T.V.A.  330:TOTAL H.T.  r560:727,20
        314 50:547,20  r170:20,00  r230:109,44  330:TOTAL T.V.A.  r560:109,44
        328 50:180,00  r170:0,00  r230:0,00  330:TOTAL T.T.C.  r560:836,64
        344 330@11:NET À PAYER EUR  r560@11:836,64
        370 50:Échéance : 31/07/2024 - Virement - IBAN FR76 3000 6000 0112 3456 7890 189
        """,
        {
            "invoice_number": "24/03317",
            "issue_date": "2024-06-28",
            "due_date": "2024-07-31",
            "currency": "EUR",
            "net_total": "727.20",
            "tax_total": "109.44",
            "gross_total": "836.64",
            "vendor_name": "BRASSERIE DES ALPES SAS",
            "vendor_tax_id": "FR40303265045",
            "bank_account": "FR7630006000011234567890189",
            "buyer_name": "HÔTEL DU LAC",
            "line_count": 2,
        },
    ),
    "us_medical_supply": (
        """
        40  50@13:MERIDIAN SURGICAL SUPPLY
        54  50:A DIVISION OF MERIDIAN HEALTH LLC
        68  50:REMIT TO: P.O. BOX 301188, DALLAS, TX 75303-1188
        40  r560@13:INVOICE 9042217-00
        60  400:Invoice Date  r560:10/02/2024
        74  400:Customer Number  r560:CU-77310
        88  400:Customer PO  r560:PO#44871
        102 400:Payment Terms  r560:2% 10, Net 30
        116 400:Due Date  r560:11/01/2024
        130 50:Sold To:  250:Ship To:
        144 50:LAKESIDE ORTHOPEDICS PA  250:LAKESIDE ORTHOPEDICS - SURGERY
        158 50:1100 HEALTH BLVD  250:1120 HEALTH BLVD
        172 50:PLANO, TX 75024  250:PLANO, TX 75024
        210 50:Ln  80:Item Number  170:Description  r360:Ordered  r410:Shipped  r440:UM  r500:Price  r560:Ext Amount
        228 50:1  80:GLV-7.5  170:Surgical gloves, sterile  r360:40  r410:40  r440:BX  r500:18.25  r560:730.00
        244 50:2  80:DRP-100  170:Drape, fenestrated  r360:10  r410:6  r440:CS  r500:96.00  r560:576.00
        256 170:4 CS backordered
        300 420:Merchandise  r560:1,306.00
        314 420:Freight  r560:24.10
        328 420:Tax  r560:109.73
        344 420:Invoice Total  r560:$1,439.83
        """,
        {
            "invoice_number": "9042217-00",
            "issue_date": "2024-10-02",
            "due_date": "2024-11-01",
            "purchase_order": "44871",
            "currency": "USD",
            "tax_total": "109.73",
            "gross_total": "1439.83",
            "vendor_name": "MERIDIAN SURGICAL SUPPLY",
            "buyer_name": "LAKESIDE ORTHOPEDICS PA",
            "line_count": 2,
        },
    ),
    "italian_accountant": (
        """
        50  50@12:Studio Bianchi - Dott. Luca Bianchi Commercialista
        66  50:Corso Vittorio Emanuele 77 - 10128 Torino
        80  50:C.F. BNCLCU70A01L219X - P. IVA 02498260540
        120 330:Egr. Sig.
        134 330:Paolo Ferri
        148 330:Via Po 3
        162 330:10124 Torino
        190 50:Parcella n. 45 del 12 marzo 2024
        230 50:Descrizione  r540:Importo
        246 50:Consulenza fiscale I trimestre  r540:600,00
        262 50:Contributo cassa 4%  r540:24,00
        290 350:Totale imponibile  r540:624,00
        304 350:IVA 22%  r540:137,28
        318 350:Totale fattura  r540:761,28
        332 350:Ritenuta d'acconto 20%  r540:-120,00
        348 350:Netto a pagare  r540:€ 641,28
        """,
        {
            "invoice_number": "45",
            "issue_date": "2024-03-12",
            "currency": "EUR",
            "net_total": "624.00",
            "tax_total": "137.28",
            "gross_total": "761.28",
            "amount_due": "641.28",
            "vendor_tax_id": "02498260540",
            "buyer_name": "Paolo Ferri",
        },
    ),
    "dutch_cleaning": (
        """
        60  50@14:Helder Schoonmaak
        76  50:Dorpsstraat 41, 1151 AC Broek in Waterland
        110 50:Aan:
        124 50:Basisschool De Vlieger
        138 50:t.a.v. de administratie
        152 50:Schoolpad 2
        166 50:1141 XB Monnickendam
        200 50:Factuur 24-118  300:Datum: 1 juli 2024  430:Vervaldatum: 15 juli 2024
        240 50:Datum  120:Werkzaamheden  r380:Uren  r450:Tarief  r540:Bedrag
        256 50:03-06-2024  120:Schoonmaak lokalen  r380:3,5  r450:34,50  r540:120,75
        270 50:10-06-2024  120:Schoonmaak lokalen  r380:3,5  r450:34,50  r540:120,75
        284 50:17-06-2024  120:Ramen wassen  r380:6  r450:34,50  r540:207,00
        320 400:Totaal exclusief btw  r540:448,50
        334 400:BTW 21%  r540:94,19
        350 400:Te betalen  r540:542,69
        380 50:Graag overmaken op NL91ABNA0417164300 t.n.v. Helder Schoonmaak, KvK 70112233, btw NL004495445B01
        """,
        {
            "invoice_number": "24-118",
            "issue_date": "2024-07-01",
            "due_date": "2024-07-15",
            "currency": "EUR",
            "net_total": "448.50",
            "tax_total": "94.19",
            "gross_total": "542.69",
            "vendor_name": "Helder Schoonmaak",
            "vendor_tax_id": "NL004495445B01",
            "bank_account": "NL91ABNA0417164300",
            "buyer_name": "Basisschool De Vlieger",
            "line_count": 3,
        },
    ),
}
