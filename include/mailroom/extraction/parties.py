"""Tell who sent a paper from who is to pay it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from mailroom.documents.classification import fold
from mailroom.documents.titles import TITLES
from mailroom.extraction.evidence import Evidence, best
from mailroom.extraction.labels import Match
from mailroom.extraction.pairing import Place, leading_labels
from mailroom.extraction.sheet import Sheet, Slot
from mailroom.extraction.tokens import key_of

LEGAL_FORM = re.compile(
    r"(?<![\w])(?:GmbH(?: & Co\.? ?KG)?|AG|KG|OHG|e\.? ?K\.?|e\.? ?V\.?|UG|mbH|a\.G\.|Ltd\.?|Limited|LLC|L\.L\.C\.|Inc\.?|Corp\.?|Corporation|PLC|plc|LLP|Pty|Co\.|Company"
    r"|SARL|S\.?A\.?R\.?L\.?|SAS|S\.A\.S\.?|SASU|EURL|S\.A\.?|SA|SCOP|S\.?L\.?U?\.?|S\.L\.L\.|S\.?r\.?l\.?|S\.?p\.?A\.?|S\.?n\.?c\.?|S\.?a\.?s\.?"
    r"|B\.?V\.?|N\.?V\.?|V\.?O\.?F\.?|[Ss]p\. ?z ?o\. ?o\.?|[Ss]p\. ?[jk]\.?|S\.K\.A\.|Lda\.?|LDA|Unipessoal|ApS|A/S|AB|Oy|s\.r\.o\.|a\.s\.|Kft\.?|Sàrl|GbR|Genossenschaft|eG|Stiftung)(?![\w])"
)
_STREET = re.compile(
    r"stra(?:ß|ss)e|str\.|\bstr\b|weg\b|platz|allee|gasse|\bstreet\b|\bst\b\.?|\bave(?:nue)?\b|\broad\b|\brd\b|\bdrive\b|\bblvd\b|\blane\b|\bsuite\b|\brue\b|\bboulevard\b|\bchemin\b|\bcalle\b|\bavda\b|\bplaza\b|\bvia\b|\bviale\b|\bpiazza\b|\bcorso\b|straat|laan\b|\bul\.|\brua\b|\bavenida\b|\bpraça\b|\bp\.?o\.? ?box\b|postfach|\bway\b|\bpkwy\b|\bparkway\b|\bhwy\b|\bhighway\b|\bterrace\b|\bsquare\b|\bquay\b|\brow\b|\bpol[ií]gono\b|\bc/ |\bcourt\b|gracht|kade\b|plein\b|\baleja\b|\bal\.",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,2}-)?(?:\d{5}(?:-\d{4})?|\d{4} ?[A-Z]{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?!\w)"
)
_CONTACT = re.compile(r"@|www\.|https?:|\btel\b|\bphone\b|\bfax\b|telefon|tél|\bmail\b|\+\d{2}", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.[a-z]{2,}", re.IGNORECASE)
_FREEMAIL = {
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
}
_BANK = re.compile(r"bank\b|banque|banco|banca|sparkasse|\bbic\b|\biban\b", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s+[·•|●∙⋅–—*-]+\s+|\s*[·•|●∙⋅]\s*|,\s+|\s{2,}")
_PAPER_TITLES = frozenset(title for titles in TITLES.values() for title in titles)
_HOUSE_NUMBER = re.compile(r"\d{1,5}[a-zA-Z]?,? +[^\W\d]")
_BRACKETS = re.compile(r"\([^)]*\)")
_NAME_LABEL = re.compile(
    r"^(?:denominazione|ragione sociale|raz[oó]n social|nombre|nome|nom|name|naam|nazwa|firma|company(?: name)?|raison sociale)\s*:\s*",
    re.IGNORECASE,
)
_PARTIES = ("vendor", "buyer", "ship_to", "carrier", "holder")
_SALUTATIONS = {
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
}
_NOT_NAMES = re.compile(
    r"^(?:page|seite|pagina|página|strona|original|copy|kopie|duplicate?|duplikat|datum|date|fecha|data|p\.?o\.? box|tel|fax|gln|iln|duns|bankverbindung|bank details|sehr geehrte\w*|dear|bonjour|ch[eè]re?|estimad\w+|gentile|egregio|geachte|beste|szanown\w+|prezad\w+|thank you|vielen dank|merci|gracias|grazie|bedankt)\b",
    re.IGNORECASE,
)


class Parties:
    """Finds vendor and buyer on one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._domains = _domains(sheet)
        self.sender_line = _sender_line(sheet)
        self.buyer = self._find_buyer()
        self.vendor = self._find_vendor()
        if self.buyer is None:
            self.buyer = self._address_block()

    def _find_buyer(self) -> Evidence | None:
        found = best(list(_labelled(self._sheet, "buyer")))
        if found and found.score > 0.4:
            return found
        return (self.sender_line and _below_sender(self._sheet, self.sender_line)) or found

    def _address_block(self) -> Evidence | None:
        """Return the name over an address in the upper half that is not the vendor's, without telephone or website."""
        sheet = self._sheet
        blocks = list(_blocks(sheet))
        plain = [block for block in blocks if not any(_CONTACT.search(slot.cell.text) for slot in block)]
        names = [name for block in plain if (name := _first_name(block)) and not self._is_vendor(name[0])]
        return Evidence(names[0][0], 0.55, names[0][1]) if len(names) == 1 else None

    def _is_vendor(self, name: str) -> bool:
        return self._is_ours(name) or (self.vendor is not None and _same(name, self.vendor.value))

    def _is_ours(self, name: str) -> bool:
        return any(_resembles(name, domain) for domain in self._domains)

    def _find_vendor(self) -> Evidence | None:
        """Add up what speaks for each name; labels most, a lone headline least."""
        scores: dict[str, float] = {}
        places: dict[str, Evidence] = {}
        for evidence in self._vendor_hints():
            name = evidence.value
            if self.buyer and _same(name, self.buyer.value):
                continue
            known = next((other for other in scores if _same(other, name)), name)
            scores[known] = scores.get(known, 0.0) + evidence.score
            if known not in places or (LEGAL_FORM.search(name) and not LEGAL_FORM.search(places[known].value)):
                places[known] = evidence
        for name in scores:
            scores[name] += 0.5 if self._is_ours(name) else 0.0
        if not scores:
            return self._from_domain()
        top = max(scores, key=lambda name: scores[name])
        rivals = sorted(scores.values())
        margin = scores[top] - (rivals[-2] if len(rivals) > 1 else 0.0)
        if scores[top] < 0.35:
            return self._from_domain() or _rescored(places[top], 0.4)
        return _rescored(places[top], min(0.97, 0.5 + 0.3 * scores[top] * 0.5 + 0.4 * margin))

    def _vendor_hints(self) -> Iterator[Evidence]:
        sheet = self._sheet
        yield from _labelled(sheet, "vendor")
        for evidence in _labelled(sheet, "holder"):
            yield _rescored(evidence, 0.8 * evidence.score)
        if self.sender_line:
            slot = self.sender_line
            name = _SEPARATORS.split(slot.cell.text)[0]
            yield Evidence(name, 0.95, slot, 0, len(name))
        yield from _letterhead(sheet)
        yield from _foot(sheet)

    def _from_domain(self) -> Evidence | None:
        """Return the name in the website or mail address when the letterhead is a picture."""
        for domain, slot in self._domains.items():
            if len(domain) >= 5 and not (self.buyer and _resembles(self.buyer.value, domain)):
                return Evidence(domain, 0.45, slot)
        return None


def is_name(text: str) -> bool:
    """Tell whether a text can be a person's or a company's name."""
    letters = sum(map(str.isalpha, text))
    if letters < 3 or len(text) > 70 or _NOT_NAMES.search(text) or text.rstrip().endswith(":"):
        return False
    if ": " in text or fold(text).strip(" .:") in _PAPER_TITLES:
        return False
    if _CONTACT.search(text) or sum(map(str.isdigit, text)) > max(4, letters // 2):
        return False
    return len(text.split()) <= 9


def _labelled(sheet: Sheet, concept: str) -> Iterator[Evidence]:
    for slot in sheet.slots():
        for match in slot.labels if concept == "holder" else leading_labels(slot):
            weight = match.weight(concept)
            if weight and _announces(slot, match):
                found = _name_at(sheet, slot, match)
                if found:
                    name, where = found
                    yield Evidence(name, weight * (0.97 if slot.page == 1 else 0.8), where)
                    break


def _announces(slot: Slot, match: Match) -> bool:
    """Tell whether a party label stands alone or with a colon, not in a sentence or another label."""
    rest = _BRACKETS.sub("", slot.cell.text[match.end :]).strip(" :.()")
    colon = match.colon or slot.cell.text[match.end : match.end + 2].strip().startswith(":")
    if match.first > 0:
        return match.weight("holder") > 0 and colon
    if not rest or colon:
        return True
    if len(slot.cell.text[: match.end]) < 5:
        return False
    return (
        (match.last - match.first > 1 or len(match.concepts) == 1)
        and is_name(rest)
        and rest[:1].isupper()
        and len(rest.split()) <= 6
        and not slot.labels[1:]
    )


def _name_at(sheet: Sheet, slot: Slot, match: Match) -> tuple[str, Slot] | None:
    for place in _name_places(sheet, slot, match):
        text = place.slot.cell.text[place.start : place.end].strip(" :.,-")
        if place.slot is slot and _is_legal_form(text):
            return slot.cell.text, slot
        text = _without_salutation(_NAME_LABEL.sub("", text))
        if not text or (
            place.slot is not slot and place.slot.labels and place.slot.labels[0].first == 0 and text.endswith(":")
        ):
            continue
        if _POSTCODE.search(text) and not LEGAL_FORM.search(text):
            if place.slot is slot:
                continue
            return None
        if is_name(text) and not _is_label_only(place.slot, place.start):
            return _cut(text), place.slot
    return None


def _is_legal_form(text: str) -> bool:
    return bool(text) and not LEGAL_FORM.sub("", text).strip(" .,&")


def _name_places(sheet: Sheet, slot: Slot, match: Match) -> Iterator[Place]:
    """Yield where the name behind a party label may stand; numbers that come first are passed over."""
    rest = _BRACKETS.sub("", slot.cell.text[match.end :]).strip(" :.()-")
    if rest:
        yield Place(slot, match.end, len(slot.cell.text), 1.0)
        return
    following = sheet.rows[slot.row].slots[slot.place + 1 : slot.place + 2]
    if match.colon and following and not (following[0].labels and following[0].labels[0].first == 0):
        yield Place(following[0], 0, len(following[0].cell.text), 0.95)
    for row in sheet.below(sheet.rows[slot.row], 8, gap=3):
        for under in row.slots:
            if under.cell.x1 < match.x0 - 5 or under.cell.x0 > match.x1 + 60 or under.cell.x0 < match.x0 - 60:
                continue
            first = under.labels[0] if under.labels and under.labels[0].first == 0 else None
            if first and any(first.weight(party) for party in _PARTIES) and _announces(under, first):
                return
            numbered = first and not (LEGAL_FORM.search(under.cell.text) or _NAME_LABEL.search(under.cell.text))
            if not numbered and abs(under.cell.x0 - match.x0) < 60:
                yield Place(under, 0, len(under.cell.text), 0.9)


def _is_label_only(slot: Slot, start: int) -> bool:
    return bool(
        start == 0
        and slot.labels
        and slot.labels[0].first == 0
        and slot.labels[0].end >= len(slot.cell.text.rstrip(" :."))
    )


def _without_salutation(text: str) -> str:
    words = text.split()
    while words and key_of(words[0]) in _SALUTATIONS:
        words = words[1:]
    return " ".join(words)


def _cut(text: str) -> str:
    """Keep the name of a line that goes on with an address."""
    first = _SEPARATORS.split(text)[0]
    if first != text and (
        LEGAL_FORM.search(first) or _STREET.search(text[len(first) :]) or _POSTCODE.search(text[len(first) :])
    ):
        return first
    return text


def _sender_line(sheet: Sheet) -> Slot | None:
    """Return the small line over an address window: name, street and town in one."""
    height = sheet.pages[0].height
    for row in sheet.rows:
        if row.page > 1 or row.top > 0.4 * height:
            break
        for text, slot in [(slot.cell.text, slot) for slot in row.slots] + [(row.text, row.slots[0])]:
            parts = [part for part in _SEPARATORS.split(text) if part]
            named = len(parts) >= 3 and is_name(parts[0]) and not _is_address(parts[0])
            if named and _POSTCODE.search(text) and not _CONTACT.search(text):
                return slot
    return None


def _is_address(text: str) -> bool:
    return bool(_HOUSE_NUMBER.match(text) or _STREET.search(text) or _POSTCODE.search(text))


def _below_sender(sheet: Sheet, sender: Slot) -> Evidence | None:
    for row in sheet.below(sheet.rows[sender.row], 6, gap=4):
        for slot in row.slots:
            text = _without_salutation(slot.cell.text)
            if abs(slot.cell.x0 - sender.cell.x0) < 40 and is_name(text) and not _is_label_only(slot, 0):
                return Evidence(_cut(text), 0.85, slot)
    return None


def _blocks(sheet: Sheet) -> Iterator[list[Slot]]:
    """Yield address blocks of the first page's upper half: aligned lines with a postcode among them."""
    height = sheet.pages[0].height
    open_blocks: list[list[Slot]] = []
    done: list[list[Slot]] = []
    for slot in sheet.slots():
        if slot.page > 1 or slot.cell.top > 0.5 * height:
            break
        for block in open_blocks:
            last = block[-1].cell
            close = slot.cell.top - last.bottom < 1.0 * last.height
            aligned = abs(slot.cell.x0 - last.x0) < 4 or abs(slot.cell.x1 - last.x1) < 4
            if close and aligned and slot.row != block[-1].row:
                block.append(slot)
                break
        else:
            open_blocks.append([slot])
    done = [block for block in open_blocks if len(block) >= 2]
    for block in done:
        if any(_is_town(slot.cell.text) for slot in block[1:]):
            yield block


def _is_town(text: str) -> bool:
    """Tell whether a line is a postcode and a town and no more."""
    found = _POSTCODE.search(text)
    rest = (text[: found.start()] + text[found.end() :]) if found else ""
    return sum(map(str.isalpha, rest)) >= 3 and not any(map(str.isdigit, rest)) and len(rest.split()) <= 6


def _first_name(block: list[Slot]) -> tuple[str, Slot] | None:
    for slot in block:
        text = _without_salutation(slot.cell.text)
        if is_name(text) and not (
            slot.labels and slot.labels[0].first == 0 and len(slot.cell.text) < 30 and not LEGAL_FORM.search(text)
        ):
            return _cut(text), slot
    return None


def _letterhead(sheet: Sheet) -> Iterator[Evidence]:
    """Yield what the top of the first page offers: legal forms, the largest type, the first line."""
    height = sheet.pages[0].height
    top = [slot for slot in sheet.slots() if slot.page == 1 and slot.cell.top < 0.3 * height]
    names = [slot for slot in top if _is_headline(slot)]
    largest = max((slot.cell.height for slot in names), default=0.0)
    usual = sorted(slot.cell.height for slot in top)[len(top) // 2] if top else 0.0
    for order, slot in enumerate(names[:12]):
        score = 0.3 if order == 0 else 0.0
        score += 0.35 if LEGAL_FORM.search(slot.cell.text) else 0.0
        score += 0.35 if slot.cell.height == largest and largest > 1.15 * usual else 0.0
        score += 0.25 if _heads_address(sheet, slot) else 0.0
        if score:
            name = _cut(slot.cell.text)
            yield Evidence(name, score, slot, 0, len(name))


def _is_headline(slot: Slot) -> bool:
    if not is_name(slot.cell.text) or slot.dates:
        return False
    if slot.labels and slot.labels[0].first == 0 and not LEGAL_FORM.search(slot.cell.text):
        return False
    if _HOUSE_NUMBER.match(slot.cell.text):
        return False
    return not (_POSTCODE.search(slot.cell.text) or _STREET.search(slot.cell.text)) or bool(
        LEGAL_FORM.search(slot.cell.text)
    )


def _is_aligned(one: Slot, other: Slot) -> bool:
    """Tell whether two cells share their left edge, right edge or middle."""
    left, right = abs(one.cell.x0 - other.cell.x0), abs(one.cell.x1 - other.cell.x1)
    middle = abs(one.cell.x0 + one.cell.x1 - other.cell.x0 - other.cell.x1) / 2
    return min(left, right, middle) < 4


def _heads_address(sheet: Sheet, slot: Slot) -> bool:
    """Tell whether a street or postcode follows right below."""
    for row in sheet.below(sheet.rows[slot.row], 3):
        for under in row.slots:
            if _is_aligned(slot, under) and (_POSTCODE.search(under.cell.text) or _STREET.search(under.cell.text)):
                return True
    return False


def _foot(sheet: Sheet) -> Iterator[Evidence]:
    """Yield company names in the bottom quarter of the first page."""
    height = sheet.pages[0].height
    for slot in sheet.slots():
        if slot.page != 1 or slot.cell.top < 0.72 * height:
            continue
        first = _SEPARATORS.split(slot.cell.text)[0]
        if not is_name(first) or _BANK.search(first):
            continue
        if LEGAL_FORM.search(first) or _heads_address(sheet, slot):
            yield Evidence(first, 0.45, slot, 0, len(first))


def _domains(sheet: Sheet) -> dict[str, Slot]:
    found: dict[str, Slot] = {}
    for slot in sheet.slots():
        for match in _DOMAIN.finditer(slot.cell.text):
            name = match[1].split(".")[-1].lower()
            if name.replace("-", "") not in _FREEMAIL:
                found.setdefault(name, slot)
    return found


def _resembles(name: str, domain: str) -> bool:
    plain = "".join(filter(str.isalnum, "".join(key_of(word) for word in LEGAL_FORM.sub("", name).split())))
    core = "".join(filter(str.isalnum, domain))
    if len(core) < 4 or len(plain) < 4:
        return False
    return core in plain or plain in core or SequenceMatcher(None, core, plain).ratio() > 0.75


def _same(one: str, other: str) -> bool:
    first, second = _folded(one), _folded(other)
    return first == second or (min(len(first), len(second)) >= 5 and (first in second or second in first))


def _folded(name: str) -> str:
    return "".join(key_of(word) for word in name.split())


def _rescored(evidence: Evidence, score: float) -> Evidence:
    return Evidence(evidence.value, score, evidence.slot, evidence.start, evidence.end)
