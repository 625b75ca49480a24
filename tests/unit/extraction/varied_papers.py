# ruff: noqa: E501
"""Invoices of random layouts, languages and locales, the same for the same number; half are held back.

`python tests/unit/extraction/varied_papers.py [COUNT] [--held-back] [--show]` scores them. Rules are worked on
with the open half only.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

from mailroom.demo.paper import InvoicePaper, Layout, PaperLine, Party, invoice_pdf

COUNTRIES = {
    "en_GB": (
        "en",
        "GBP",
        "United Kingdom",
        ("12 Mill Lane", "4 High Street"),
        ("Leeds LS1 4AP", "London SW1A 2AA"),
        ("Harrow Foods Ltd", "Bright Spark Electrical Limited", "Oak & Iron"),
        ("GB980780684", "GB123456789"),
    ),
    "en_US": (
        "en",
        "USD",
        "USA",
        ("350 Fifth Avenue", "77 Elm St, Suite 4"),
        ("Austin, TX 78701", "Boston, MA 02110"),
        ("Lone Star Supply Inc.", "Pinnacle Consulting LLC", "Blue Harbor Foods"),
        (None,),
    ),
    "de_DE": (
        "de",
        "EUR",
        "Deutschland",
        ("Hafenstraße 12", "Am Markt 3"),
        ("20457 Hamburg", "D-80333 München"),
        ("Nordlicht Bürobedarf GmbH", "Schreinerei Huber", "Alpen Logistik GmbH & Co. KG"),
        ("DE136695976", "DE811907980"),
    ),
    "de_CH": (
        "de",
        "CHF",
        "Schweiz",
        ("Bahnhofstrasse 5", "Seeweg 9"),
        ("8001 Zürich", "3011 Bern"),
        ("Matterhorn Druck AG", "Edelweiss Reinigung GmbH"),
        ("CHE-107.787.577 MWST",),
    ),
    "fr_FR": (
        "fr",
        "EUR",
        "France",
        ("27 rue Henri Rolland", "8 avenue Foch"),
        ("69100 Villeurbanne", "75016 Paris"),
        ("Imprimerie Dubois SARL", "Les Vergers du Midi", "Atelier Lumière SAS"),
        ("FR40303265045", "FR23334175221"),
    ),
    "es_ES": (
        "es",
        "EUR",
        "España",
        ("Calle Mayor 15", "Avda. de América 102"),
        ("28013 Madrid", "08015 Barcelona"),
        ("Suministros Iberia S.L.", "Frutas Hermanos Pérez", "Talleres Goya S.A."),
        ("ESB58378431", "ESA28015865"),
    ),
    "it_IT": (
        "it",
        "EUR",
        "Italia",
        ("Via Garibaldi 22", "Corso Italia 7"),
        ("20121 Milano MI", "00184 Roma RM"),
        ("Officina Rossi S.r.l.", "Caffè Torinese S.p.A.", "Ceramiche Bianchi snc"),
        ("IT00743110157", "IT02498260540"),
    ),
    "nl_NL": (
        "nl",
        "EUR",
        "Nederland",
        ("Weena 664", "Keizersgracht 120"),
        ("3012 CN Rotterdam", "1015 CW Amsterdam"),
        ("Bakker Techniek B.V.", "Groene Hart Bloemen", "Van Dijk Transport BV"),
        ("NL810433941B01", "NL004495445B01"),
    ),
    "pl_PL": (
        "pl",
        "PLN",
        "Polska",
        ("ul. Długa 5", "ul. Marszałkowska 84"),
        ("00-238 Warszawa", "30-001 Kraków"),
        ("Meble Kowalski Sp. z o.o.", "Drukarnia Wisła", "Transport Nowak S.A."),
        ("PL5260001246", "526-000-12-46"),
    ),
    "pt_PT": (
        "pt",
        "EUR",
        "Portugal",
        ("Rua Augusta 100", "Avenida da Liberdade 8"),
        ("1100-053 Lisboa", "4000-322 Porto"),
        ("Azulejos do Norte Lda", "Vinhos Douro S.A.", "Limpezas Brilho Unipessoal Lda"),
        ("PT501964843", "501964843"),
    ),
}
RATES = {
    "en_GB": ("20", "5", "0"),
    "en_US": ("8.25", "0"),
    "de_DE": ("19", "7"),
    "de_CH": ("8.1", "2.6"),
    "fr_FR": ("20", "5.5", "10"),
    "es_ES": ("21", "10"),
    "it_IT": ("22", "10", "4"),
    "nl_NL": ("21", "9"),
    "pl_PL": ("23", "8"),
    "pt_PT": ("23", "6", "13"),
}
GOODS = (
    "Copy paper A4 80 g",
    "Beratung vor Ort, Projekt Nord",
    "Huile d'olive 5 l",
    "Tornillos M8 x 40",
    "Caffè in grani 1 kg",
    "Onderhoud heftruck",
    "Krzesło biurowe obrotowe",
    "Azulejo 15x15 azul",
    "Monthly service fee March 2024",
    "Toner cartridge HP 26A black",
    "Hosting package L, 12 months incl. backup and monitoring of two servers",
    "Fracht",
)
FORMS = ("INV-{n}", "{y}-{n}", "RE{n}", "F{y}/{n}", "{n}", "FT {y}A/{n}", "{n}/{m}/{y}", "R.{y}.{n}", "AB-{n}-{m}")
DATES = {
    "en_US": ("MM/dd/yyyy", "MMMM d, y", "MMM d, y"),
    "de_DE": ("dd.MM.yyyy", "d. MMMM y", "dd.MM.yy"),
    "de_CH": ("dd.MM.yyyy", "d. MMMM y"),
    "pl_PL": ("dd.MM.yyyy", "yyyy-MM-dd", "d MMMM y"),
}
COLUMNS = (
    ("description", "quantity", "unit_price", "rate", "amount"),
    ("position", "description", "quantity", "unit_price", "rate", "amount"),
    ("quantity", "description", "unit_price", "amount"),
    ("code", "description", "quantity", "unit_price", "amount"),
    ("code", "quantity", "description", "rate", "unit_price", "amount"),
    ("description", "rate", "quantity", "unit_price", "amount"),
    ("position", "code", "description", "unit_price", "quantity", "amount"),
    ("quantity", "code", "description", "unit_price", "rate", "amount"),
)


def varied_layout(number: int) -> Layout:
    """Return layout `number`; odd ones are held back."""
    pick = random.Random(number * 7919).choice
    return Layout(
        head=pick(("letterhead", "window", "boxes", "reversed", "stacked")),
        facts=pick(("right", "left", "across", "sentence")),
        columns=pick(COLUMNS),
        table=pick(("grid", "lines", "shaded", "plain")),
        totals=pick(("right", "across", "boxed")),
        foot=pick(("columns", "line", "block")),
        font=pick(("helvetica", "times", "dejavu")),
        size=pick((8.0, 9.0, 9.5, 10.5)),
        paper=pick(("a4", "letter")),
        colon=pick((True, False)),
    )


def varied_paper(seed: int, layout: int) -> InvoicePaper:
    """Return invoice `seed` in layout `layout`."""
    rng = random.Random(seed)
    locale = rng.choice(sorted(COUNTRIES))
    language, currency, _, _, _, names, _ = COUNTRIES[locale]
    supplier_name = rng.choice(names)
    supplier = _party(rng, locale, supplier_name, bank=True)
    buyer_locale = locale if rng.random() < 0.8 else rng.choice(sorted(COUNTRIES))
    customer = _party(rng, buyer_locale, rng.choice([n for n in COUNTRIES[buyer_locale][5] if n != supplier_name]))
    issued = date(2023, 1, 1) + timedelta(days=rng.randrange(900))
    rates = [Decimal(rate) for rate in RATES[locale][: rng.choice((1, 1, 2))]]
    lines = tuple(_line(rng, rng.choice(rates)) for _ in range(rng.choice((1, 2, 3, 4, 6, 9, 30))))
    number = rng.choice(FORMS).format(n=rng.randrange(100, 99999), y=issued.year, m=f"{issued.month:02}")
    return InvoicePaper(
        supplier,
        customer,
        number,
        issued,
        lines,
        due_date=issued + timedelta(days=rng.choice((7, 14, 30, 60))) if rng.random() < 0.8 else None,
        currency=currency,
        language=language,
        locale=locale,
        date_format=rng.choice(DATES.get(locale, ("dd/MM/yyyy", "d MMMM y", "dd-MM-yyyy"))),
        currency_style=rng.choice(("symbol", "code")),
        wording=rng.randrange(3),
        layout=varied_layout(layout),
        purchase_order=f"PO-{rng.randrange(1000, 99999)}" if rng.random() < 0.5 else None,
        customer_number=str(rng.randrange(1000, 99999)) if rng.random() < 0.5 else None,
        delivery_date=issued - timedelta(days=3) if rng.random() < 0.3 else None,
        freight=Decimal("12.50") if rng.random() < 0.25 else Decimal(0),
        discount=Decimal("1.30") if rng.random() < 0.2 else Decimal(0),
        prepaid=Decimal("10.00") if rng.random() < 0.15 else Decimal(0),
        credit_note=rng.random() < 0.08,
    )


def _party(rng: random.Random, locale: str, name: str, *, bank: bool = False) -> Party:
    _, _, country, streets, cities, _, tax_ids = COUNTRIES[locale]
    domain = "".join(letter for letter in name.lower().split()[0] if letter.isascii() and letter.isalpha())
    return Party(
        name,
        rng.choice(streets),
        rng.choice(cities),
        country if rng.random() < 0.7 else "",
        tax_id=rng.choice(tax_ids),
        email=f"info@{domain}.example" if rng.random() < 0.6 else None,
        phone=f"+{rng.randrange(20, 60)} {rng.randrange(100, 999)} {rng.randrange(10000, 99999)}"
        if rng.random() < 0.5
        else None,
        iban=_iban(rng, locale[-2:]) if bank and locale not in {"en_US", "en_GB"} else None,
        routing="021000021" if bank and locale == "en_US" else None,
        account=str(rng.randrange(10**8, 10**9)) if bank and locale == "en_US" else None,
    )


def _iban(rng: random.Random, country: str) -> str:
    """Return an IBAN with right ISO 7064 check digits and the country's length."""
    length = {"DE": 18, "CH": 17, "FR": 23, "ES": 20, "IT": 23, "NL": 14, "PL": 24, "PT": 21}[country]
    body = "".join(rng.choice("0123456789") for _ in range(length))
    if country == "NL":
        body = "INGB" + body[:10]
    if country == "IT":
        body = "X" + body[1:]
    digits = "".join(str(int(letter, 36)) for letter in body + country + "00")
    return f"{country}{98 - int(digits) % 97:02}{body}"


def _line(rng: random.Random, rate: Decimal) -> PaperLine:
    price = Decimal(rng.randrange(50, 250000)) / 100
    quantity = (
        Decimal(rng.choice((1, 1, 2, 3, 5, 10, 24))) if rng.random() < 0.85 else Decimal(rng.randrange(5, 80)) / 4
    )
    return PaperLine(rng.choice(GOODS), quantity, price, rate, code=f"{rng.choice('ABCX')}{rng.randrange(100, 9999)}")


def papers(count: int, *, held_back: bool) -> Iterator[tuple[str, InvoicePaper]]:
    """Yield papers of the open layouts or of those held back, with the layout's name."""
    for seed in range(count):
        layout = 2 * (seed % 40) + int(held_back)
        yield f"layout-{layout}", varied_paper(seed * 2 + int(held_back), layout)


def main(arguments: list[str]) -> int:
    """Score the papers and print the shares."""
    from mailroom.documents.sandbox import SandboxPool
    from mailroom.extraction.ladder import WARM_MODULES, extract
    from tests.accuracy import report, scores_of

    count = next((int(argument) for argument in arguments if argument.isdigit()), 200)
    chosen = list(papers(count, held_back="--held-back" in arguments))
    with SandboxPool(2, warm_modules=WARM_MODULES) as pool, ThreadPoolExecutor(2) as threads:
        reads = threads.map(lambda item: extract(invoice_pdf(item[1]), "a.pdf", pool, ("layout",))[0], chosen)
        scores = []
        for index, ((group, paper), read) in enumerate(zip(chosen, reads, strict=True)):
            truth = dict(paper.expected()) | {
                "line_count": len(paper.lines),
                "document_type": "credit_note" if paper.credit_note else "invoice",
            }
            mine = list(
                scores_of(
                    group,
                    f"{index}-{paper.locale}-{paper.wording}",
                    {key: value for key, value in truth.items() if key != "document_type"},
                    read,
                )
            )
            scores += mine
            if "--show" in arguments:
                for score in mine:
                    if score.result != "right":
                        print(
                            f"{score.result:8} {score.group:10} {score.file:12} {score.field:15} {score.expected!r} <- {score.found!r}"
                        )
                if read.document_type != truth["document_type"]:
                    print(
                        f"type     {group} {index}-{paper.locale}-{paper.wording} {truth['document_type']} <- {read.document_type}"
                    )
    report(scores)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, ".")
    sys.exit(main(sys.argv[1:]))
