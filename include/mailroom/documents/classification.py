"""Tell what kind of paper a text is, with the reason, by weighted titles and labels in eight languages."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from mailroom.documents.titles import MARKS, TITLES
from mailroom.domain.document import DocumentType

_TITLE_POINTS = 10.0
_NUMBERED_TITLE_POINTS = 8.0
_STARTED_TITLE_POINTS = 4.0
_LEAST_POINTS = 4.0
_TITLE_LINES = 45
_MARKS_ENOUGH = 9.0
_LARGE = 1.2
_REFERENCE_MALUS = 6.0
_ENDINGS = ("rechnung", "gutschrift", "korrektur")
"""German joins words: a `Mietrechnung` is a `Rechnung`."""
_LONGEST_TITLE = 75
_NAMED_IN_OTHERS = {
    DocumentType.PURCHASE_ORDER,
    DocumentType.GOODS_RECEIVED_NOTE,
    DocumentType.CONTRACT,
    DocumentType.OTHER,
}
"""Papers that invoices refer to: in small type such a title is more likely a reference."""
_NUMBERED = re.compile(r"(?:\b(?:no|nr|n|number|nummer|num|numero|numer)\b|[#:°º]).*|(?:[a-z]{1,5}[ .-]?){0,2}\d.*")


_NUMBER_WORD = re.compile(r"\b(?:no|nr|n|number|nummer)\b\.?:? ?[a-z]{0,4}[ -]?\d")
_SINGLE = frozenset(title for titles in TITLES.values() for title in titles if " " not in title)
_FIRST_WORD = re.compile(r"[^\W_]*")


def _by_first_word() -> dict[str, list[tuple[DocumentType, str]]]:
    index: dict[str, list[tuple[DocumentType, str]]] = defaultdict(list)
    for kind, phrases in TITLES.items():
        for phrase in phrases:
            index[phrase[: len(_FIRST_WORD.match(phrase)[0])]].append((kind, phrase))  # type: ignore[index]
    return dict(index)


_BY_FIRST_WORD = _by_first_word()


@dataclass(frozen=True, slots=True)
class Classification:
    """A document type, how sure (0 to 1) and the words it rests on."""

    document_type: DocumentType
    confidence: float
    reason: str


def classify(lines: list[str], heights: list[float] | None = None) -> Classification:
    """Return the type of a document from the lines of its first page or two, in reading order.

    `heights` are the lines' heights in points: a title set larger than the rest is one more surely.
    """
    folded = [fold(line) for line in lines]
    large = _large(heights or [1.0] * len(lines))
    points: dict[DocumentType, float] = defaultdict(float)
    reasons: dict[DocumentType, str] = {}
    for kind, gained, phrase in _title_points(folded[:_TITLE_LINES], large):
        if gained > points[kind]:
            points[kind], reasons[kind] = gained, f'titled "{phrase}"'
    is_credit = points[DocumentType.CREDIT_NOTE] >= _STARTED_TITLE_POINTS
    text = f" {' '.join(folded)} "
    for kind, marks in MARKS.items():
        found = [(phrase, weight) for phrase, weight in marks if f" {phrase}" in text]
        gained = min(sum(weight for _, weight in found), _MARKS_ENOUGH)
        points[kind] += gained
        if kind is DocumentType.INVOICE and is_credit:  # a credit note says what an invoice says
            points[DocumentType.CREDIT_NOTE] += gained
        if found and kind not in reasons:
            reasons[kind] = "says " + ", ".join(f'"{phrase}"' for phrase, _ in found[:3])
    return _best(points, reasons)


def fold(text: str) -> str:
    """Return the text in lower case without accents, white space and apostrophes made plain."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L").replace("ß", "ss"))
        text = "".join(letter for letter in text if not unicodedata.combining(letter)).replace("’", "'")
    return " ".join(text.lower().split())


def _large(heights: list[float]) -> list[bool]:
    usual = sorted(heights)[len(heights) // 2] if heights else 1.0
    return [height > _LARGE * usual for height in heights]


def _title_points(lines: list[str], large: list[bool]) -> list[tuple[DocumentType, float, str]]:
    """Score each line that is a title, is one with a number behind it, or starts with a long one.

    The first title counts most: a later one may be a label or a column.
    """
    found: list[tuple[DocumentType, float, str]] = []
    for position, line in enumerate(lines):
        spaced = line if len(line) > 40 else _unspaced(line.partition(" / ")[0])
        spaced = _ending(spaced)
        for kind, phrase in _BY_FIRST_WORD.get(_FIRST_WORD.match(spaced)[0], ()):  # type: ignore[index]
            gained = _title_match(spaced, phrase)
            if gained and kind in _NAMED_IN_OTHERS and not large[position]:
                gained -= _REFERENCE_MALUS
            if gained > 0:
                found.append((kind, gained + 4.0 * large[position] - position * 0.08, phrase))
    return found


def _ending(line: str) -> str:
    """Return the line with a German compound in front cut to its last part."""
    first, space, rest = line.replace("rechnungs-korrektur", "rechnungskorrektur").partition(" ")
    if first in _SINGLE or len(first) < 10:
        return first + space + rest
    ending = next((ending for ending in _ENDINGS if first.rstrip(":.").endswith(ending)), "")
    if ending == "korrektur":
        ending = "rechnungskorrektur" if "rechnung" in first else ""
    return (ending or first) + space + rest


def _title_match(line: str, phrase: str) -> float:
    if not line.startswith(phrase):
        return 0.0
    rest = line[len(phrase) :]
    if not rest.strip(" .:-*/"):
        return _TITLE_POINTS + 0.05 * len(phrase)
    if rest[0].isalpha():
        return 0.0
    if _NUMBERED.fullmatch(rest.strip(" .-")) and any(map(str.isdigit, rest)):
        return _NUMBERED_TITLE_POINTS - (3.0 if phrase in {"order", "statement", "bon", "ticket"} else 0.0)
    if _NUMBER_WORD.search(rest) and len(line) <= _LONGEST_TITLE:
        return _NUMBERED_TITLE_POINTS - 1.0
    return _STARTED_TITLE_POINTS if len(phrase) > 9 and len(rest) < 40 else 0.0


def _unspaced(line: str) -> str:
    """Join letters that were set wide: `i n v o i c e` -> `invoice`."""
    parts = line.split(" ")
    if len(parts) > 4 and all(len(part) == 1 for part in parts):
        return "".join(parts)
    return line.strip(" .:-*")


def _best(points: dict[DocumentType, float], reasons: dict[DocumentType, str]) -> Classification:
    ranked = sorted(points.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < _LEAST_POINTS:
        return Classification(DocumentType.OTHER, 0.5, "no title or label of a known kind of paper")
    (kind, most), second = ranked[0], ranked[1][1] if len(ranked) > 1 else 0.0
    confidence = min(0.99, 0.5 + (most - second) / (2 * most) + min(most, 20) / 100)
    return Classification(kind, round(confidence, 2), reasons[kind])
