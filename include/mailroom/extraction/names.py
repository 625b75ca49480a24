"""Tell names of people and companies from addresses, labels and other lines."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from mailroom.documents.classification import fold
from mailroom.documents.titles import TITLES
from mailroom.extraction.tokens import key_of

LEGAL_FORM = re.compile(
    r"(?<![\w])(?:GmbH(?: & Co\.? ?KG)?|AG|KG|OHG|e\.? ?K\.?|e\.? ?V\.?|UG|mbH|a\.G\.|Ltd\.?|Limited|LLC"
    r"|L\.L\.C\.|Inc\.?|Corp\.?|Corporation|PLC|plc|LLP|Pty|Co\.|Company"
    r"|SARL|S\.?A\.?R\.?L\.?|SAS|S\.A\.S\.?|SASU|EURL|S\.A\.?|SA|SCOP|S\.?L\.?U?\.?|S\.L\.L\.|S\.?r\.?l\.?"
    r"|S\.?p\.?A\.?|S\.?n\.?c\.?|S\.?a\.?s\.?"
    r"|B\.?V\.?|N\.?V\.?|V\.?O\.?F\.?|[Ss]p\. ?z ?o\. ?o\.?|[Ss]p\. ?[jk]\.?|S\.K\.A\.|Lda\.?|LDA"
    r"|Unipessoal|ApS|A/S|AB|Oy|s\.r\.o\.|a\.s\.|Kft\.?|Sàrl|GbR|Genossenschaft|eG|Stiftung)(?![\w])"
)
STREET = re.compile(
    r"stra(?:ß|ss)e|str\.|\bstr\b|weg\b|platz|allee|gasse|\bstreet\b|\bst\b\.?|\bave(?:nue)?\b|\broad\b"
    r"|\brd\b|\bdrive\b|\bblvd\b|\blane\b|\bsuite\b|\brue\b|\bboulevard\b|\bchemin\b|\bcalle\b|\bavda\b"
    r"|\bplaza\b|\bvia\b|\bviale\b|\bpiazza\b|\bcorso\b|straat|laan\b|\bul\.|\brua\b|\bavenida\b|\bpraça\b"
    r"|\bp\.?o\.? ?box\b|postfach|\bway\b|\bpkwy\b|\bparkway\b|\bhwy\b|\bhighway\b|\bterrace\b|\bsquare\b"
    r"|\bquay\b|\brow\b|\bpol[ií]gono\b|\bc/ |\bcourt\b|gracht|kade\b|plein\b|\baleja\b|\bal\.",
    re.IGNORECASE,
)
POSTCODE = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,2}-)?(?:\d{5}(?:-\d{4})?|\d{4} ?[A-Z]{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4}"
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?!\w)"
)
CONTACT = re.compile(r"@|www\.|https?:|\btel\b|\bphone\b|\bfax\b|telefon|tél|\bmail\b|\+\d{2}", re.IGNORECASE)
FREEMAIL = frozenset(
    [
        "gmail",
        "hotmail",
        "outlook",
        "yahoo",
        "gmx",
        "web",
        "aol",
        "icloud",
        "live",
        "tonline",
        "mail",
        "orange",
        "free",
        "wanadoo",
        "libero",
        "wp",
        "onet",
        "example",
        "localhost",
    ]
)
SEPARATORS = re.compile(r"\s+[·•|●∙⋅–—*-]+\s+|\s*[·•|●∙⋅]\s*|,\s+|\s{2,}")
_PAPER_TITLES = frozenset(title for titles in TITLES.values() for title in titles)
HOUSE_NUMBER = re.compile(r"\d{1,5}[a-zA-Z]?,? +[^\W\d]")
NAME_LABEL = re.compile(
    r"^(?:denominazione|ragione sociale|raz[oó]n social|nombre|nome|nom|name|naam|nazwa|firma"
    r"|company(?: name)?|raison sociale)\s*:\s*",
    re.IGNORECASE,
)
_SALUTATIONS = frozenset(
    [
        "mme",
        "mlle",
        "m",
        "d",
        "dna",
        "dona",
        "don",
        "sig",
        "sigra",
        "sra",
        "sr",
        "dr",
        "prof",
        "mevr",
        "mevrouw",
        "dhr",
        "pan",
        "pani",
        "exmo",
        "exma",
        "eheleute",
        "familie",
        "eheleuten",
        "herr",
        "herrn",
        "frau",
        "firma",
        "mr",
        "mrs",
        "ms",
        "attn",
        "zhd",
        "monsieur",
        "madame",
        "spettle",
        "spett",
        "to",
        "an",
        "fa",
        "messrs",
        "name",
        "company",
    ]
)
_NOT_NAMES = re.compile(
    r"^(?:page|seite|pagina|página|strona|original|copy|kopie|duplicate?|duplikat|datum|date|fecha|data"
    r"|p\.?o\.? box|tel|fax|gln|iln|duns|bankverbindung|bank details|sehr geehrte\w*|dear|bonjour"
    r"|ch[eè]re?|estimad\w+|gentile|egregio|geachte|beste|szanown\w+|prezad\w+|thank you|vielen dank|merci"
    r"|gracias|grazie|bedankt)\b",
    re.IGNORECASE,
)


def is_name(text: str) -> bool:
    """Tell whether a text can be a person's or a company's name."""
    letters = sum(map(str.isalpha, text))
    if letters < 3 or len(text) > 70 or _NOT_NAMES.search(text) or text.rstrip().endswith(":"):
        return False
    if ": " in text or fold(text).strip(" .:") in _PAPER_TITLES:
        return False
    if CONTACT.search(text) or sum(map(str.isdigit, text)) > max(4, letters // 2):
        return False
    return len(text.split()) <= 9


def is_legal_form(text: str) -> bool:
    """Tell whether a text is a legal form and no name."""
    return bool(text) and not LEGAL_FORM.sub("", text).strip(" .,&")


def without_salutation(text: str) -> str:
    """Return the text without `Herrn`, `Attn.` and the like in front."""
    words = text.split()
    while words and key_of(words[0]) in _SALUTATIONS:
        words = words[1:]
    return " ".join(words)


def without_address(text: str) -> str:
    """Keep the name of a line that goes on with an address."""
    first = SEPARATORS.split(text)[0]
    if first != text and (
        LEGAL_FORM.search(first) or STREET.search(text[len(first) :]) or POSTCODE.search(text[len(first) :])
    ):
        return first
    return text


def is_address(text: str) -> bool:
    """Tell whether a text is a street or a town."""
    return bool(HOUSE_NUMBER.match(text) or STREET.search(text) or POSTCODE.search(text))


def is_town(text: str) -> bool:
    """Tell whether a line is a postcode and a town and no more."""
    found = POSTCODE.search(text)
    rest = (text[: found.start()] + text[found.end() :]) if found else ""
    return sum(map(str.isalpha, rest)) >= 3 and not any(map(str.isdigit, rest)) and len(rest.split()) <= 6


def resembles_domain(name: str, domain: str) -> bool:
    """Tell whether a name and a website's or mail address's domain belong together."""
    plain = "".join(filter(str.isalnum, "".join(key_of(word) for word in LEGAL_FORM.sub("", name).split())))
    core = "".join(filter(str.isalnum, domain))
    if len(core) < 4 or len(plain) < 4:
        return False
    return core in plain or plain in core or SequenceMatcher(None, core, plain).ratio() > 0.75


def is_same_name(one: str, other: str) -> bool:
    """Tell whether two texts name the same party: equal without case and punctuation, or one inside the other."""
    first, second = _folded(one), _folded(other)
    return first == second or (min(len(first), len(second)) >= 5 and (first in second or second in first))


def _folded(name: str) -> str:
    return "".join(key_of(word) for word in name.split())
