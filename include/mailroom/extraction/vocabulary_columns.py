"""The headings of item tables, in eight languages: data, no rules.

Entries are separated by `|`; `=` gives a weight from 0 to 1 (1 where there is none). They are matched token
by token after folding (`tokens`): lower case, no accents, no full stops or hyphens inside words; `#`, `n°`
and `nº` read `no`. English, German, French, Spanish, Italian, Dutch, Polish and Portuguese.
"""

from __future__ import annotations

COLUMNS: dict[str, str] = {
    "description": """
        description | item | product | service | details | item description | product description | goods |
        items | services | particulars | activity | article | product name | description of goods | description
        of services | item name | product service | memo =.6 | service description | work description |
        beschreibung | bezeichnung | artikel | artikelbezeichnung | leistung | artikelbeschreibung | produkt |
        leistungsbeschreibung | text =.7 | warenbezeichnung | position =.4 | posten | leistungen |
        produktbezeichnung | bezeichnung der leistung | ware | leistungsart | tatigkeit | art und umfang der
        leistung | designation | libelle | prestation | produit | articles | detail | designation des produits |
        prestations | nature | intitule | objet | descripcion | concepto | articulo | producto | detalle |
        servicio | descripcion del articulo | denominacion | conceptos | descrizione | articolo | prodotto |
        descrizione articolo | descrizione dei beni | servizio | descrizione merce | natura e qualita |
        descrizione prodotto | prestazione | descrizione beni servizi | descrizione dei servizi | omschrijving |
        beschrijving | dienst | artikelomschrijving | werkzaamheden | productomschrijving | omschrijving artikel
        | nazwa towaru lub uslugi | nazwa | opis | nazwa towaru uslugi | towar usluga | towar | nazwa towaru |
        usluga | przedmiot | nazwa uslugi | wyszczegolnienie | nazwa towarow i uslug | tytul | descricao |
        artigo | designacao | produto | servico | descricao do artigo | descricao do produto | descricao do
        servico | discriminacao
    """,
    "quantity": """
        qty | quantity | units | hours | hrs | qty hr | hrs qty | count | no of units | qty shipped | qty
        invoiced | shipped =.7 | days =.7 | pcs | quantity shipped | hours qty | qty hrs | ordered =.6 |
        delivered =.6 | invoiced qty | billed | hr | usage | menge | anzahl | stuck | stk | stunden | std |
        menge einheit | liefermenge | anz | tage =.7 | std anzahl | ihre menge | quantite | qte | nombre | qt |
        nb | heures | nb heures | qte facturee | jours =.7 | unites =.7 | nbre | cantidad | cant | unidades |
        uds | ud | horas | ctd | unid | cantidades | quantita | qta | q ta | ore | pezzi | quant | qt a | q ta
        um | aantal | stuks | hoeveelheid | uren | aant | st =.6 | dagen =.7 | ilosc | liczba | ilosc szt |
        ilosc jm | szt =.5 | quantidade | qtd | qtd unid | qde | qt de | qtde | quantid
    """,
    "unit_price": """
        unit price | price | rate | unit cost | price each | rate price | each | cost =.7 | price per unit |
        unit price excl vat | net price | hourly rate | unit rate | price unit | unit net price | price usd |
        price eur | unit =.4 | list price =.6 | item price | unit amount | fee | item cost | einzelpreis | preis
        | e preis | ep | stuckpreis | vk preis | einzelpreis netto | nettopreis | preis einheit | einheitspreis
        | epreis | einzel | preis pro einheit | satz =.5 | listenpreis =.6 | stundensatz | preis eur |
        einzelpreis eur | e preis eur | netto einzelpreis | preis netto | einzelpr | preis je einheit | preis
        stk | einzelnetto | bruttopreis =.5 | prix unitaire | prix unitaire ht | pu ht | pu | prix | p u ht |
        prix unit | prix ht | p u | prix unit ht | tarif | pu net | prix unitaire net | p unitaire | pu net ht |
        tarif unitaire | precio unitario | precio | p unitario | precio unit | precio ud | pvp | p unit | precio
        unidad | tarifa | coste unitario | importe unitario | valor unitario | pu sin iva | prezzo unitario |
        prezzo | prezzo unit | prezzo un | prezzo netto | costo unitario | prezzo cad | importo unitario |
        valore unitario | tariffa | prijs per stuk | prijs | stukprijs | eenheidsprijs | prijs per eenheid |
        tarief | prijs excl btw | uurtarief | prijs stuk | stukprijs excl | prijs p st | per stuk | cena netto |
        cena jedn | cena jednostkowa netto | cena jednostkowa | cena | cena jedn netto | cena netto jedn | cena
        szt | stawka jedn | cena j netto | preco unitario | preco | pr unitario | preco unit | pr unit | valor
        unit | preco un
    """,
    "net": """
        amount | total | line total | net amount | total price | extended price | ext price | sub total |
        subtotal | net | net total | line amount | value | net value | total net | price total | extension | ext
        | extended | amount usd | amount eur | amount gbp | total amount | total excl vat | amount excl vat |
        total usd | total eur | total gbp | line net | total cost | extended amount | amount net | betrag |
        gesamt | gesamtpreis | nettobetrag | summe | gesamtbetrag | zeilenbetrag | positionsbetrag | gesamt
        netto | preis gesamt | g preis | gp | netto | betrag netto | entgelt | gesamtpreis netto | gesamtpreis
        eur | betrag eur | gesamt eur | nettogesamt | wert | zeilensumme | netto gesamt | gpreis | ges preis |
        nettowert | betrag in eur | summe eur | netto betrag | gesamtnetto | positions betrag | montant ht |
        total ht | montant | montant net | total net ht | prix total ht | prix total | montant total ht | total
        ligne | valeur | montant hors taxe | importe | importe neto | precio total | neto | importe total |
        valor | total linea | total neto | importe sin iva | importo | totale | importo netto | prezzo totale |
        imponibile | totale netto | tot | valore | totale riga | importo totale | bedrag | totaal | regelbedrag
        | totaalprijs | totaal excl btw | bedrag excl btw | netto bedrag | regeltotaal | subtotaal |
        totaalbedrag | prijs totaal | bedrag excl | wartosc netto | kwota netto | wartosc | kwota | wart netto |
        wartosc netto pln | wartosc sprzedazy netto | total liquido | valor liquido | montante | total iliquido
        | valor total | preco total | total sem iva | importancia
    """,
    "gross": """
        gross | gross amount | total incl vat | amount incl vat | total inc vat | gross value | gross total |
        total gross | total including vat | brutto | bruttobetrag | gesamt brutto | brutto gesamt | betrag
        brutto | gesamtpreis brutto | summe brutto | montant ttc | total ttc | ttc | prix ttc | prix total ttc |
        importe total con iva | total con iva | importe con iva | totale ivato | importo ivato | totale con iva
        | prijs incl btw | totaal incl btw | bedrag incl btw | incl btw | bedrag incl | wartosc brutto | kwota
        brutto | wart brutto | total com iva | valor com iva | total c iva
    """,
    "tax": """
        vat amount | tax amount | vat amt | mwst betrag | ust betrag | steuerbetrag | montant tva | cuota iva |
        cuota | importe iva | importo iva | imposta | btw bedrag | kwota vat | wartosc vat | vat kwota | valor
        iva | valor do iva | kwota podatku
    """,
    "rate": """
        vat % | vat rate | tax | vat | tax rate | tax % | taxes | vat code | gst | tax rate % | % vat | % tax |
        vat pct | sales tax | ust % | mwst | ust satz | ust | mwst % | mwst satz | steuersatz | steuer | % ust |
        % mwst | ust in % | mwst in % | steuer % | st =.5 | ust code | mwst code | ust % satz | tva | taux tva |
        tva % | taux | % tva | taux de tva | code tva | tx tva | iva | iva % | tipo iva | % iva | tipo de iva |
        tipo | iva tipo | aliq iva | aliquota | aliquota iva | aliq | cod iva | iva aliq | c iva | btw | btw % |
        btw tarief | % btw | btw percentage | btwtarief | btw pct | stawka vat | stawka | stawka podatku | st
        vat | taxa iva | taxa | taxa de iva | tx iva | iva taxa
    """,
    "position": """
        pos | # | no | nr | line | lp | position | item no =.4 | posten | poz | ln | pos nr | linea | riga |
        ligne | regel | item # | pozycja | l p | zeile | lfd nr | linha | sl no | s no | sr no | sno
    """,
    "code": """
        code | item no | sku | item code | article no | part no | product code | item number | ref | item id |
        part number | article number | stock code | model | catalog no | reference | product id | hsn | hsn sac
        | upc | isbn | part | product no | art nr | artnr | artikelnr | artikelnummer | artikel nr | art no |
        materialnummer | bestellnr | material | sku nr | produktnr | ean | gtin | unsere artnr | ihre artnr |
        kostenstelle | code article | ref article | ref produit | code produit | cod articulo | codigo |
        referencia | cod | codice | cod art | codice articolo | rif | cod articolo | art | artikelcode | art
        code | productcode | kod | indeks | symbol | kod towaru | pkwiu | kod produktu | codigo artigo | cod
        artigo
    """,
    "unit": """
        unit | uom | um | einheit | eh | unite | jm | j m | eenheid | unidad | un | unidade | einh | u m |
        mengeneinheit | me | ud | unita | jedn | miara | unid | u | mengeinheit | jednostka
    """,
    "discount": """
        discount | disc | disc % | discount % | rabatt | rabatt % | remise | rem % | remise % | dto | dto % |
        descuento | sconto | sc % | sconto % | korting | korting % | rabat | rabat % | desc | desconto | desc %
        | % dto | adjust | sc | nachlass | dcto
    """,
    "date": """
        date | datum | fecha | data | leistungsdatum | service date | dates | jour
    """,
}
"""Headings by the column they stand over."""
