"""What a reply's newly written text says: approve, reject, question, or nothing that counts.

A closed grammar over whole lines (reliability T8): the first line must be one of the listed decisions, alone or
followed by a comma, dash, colon or full stop and more. Beside an approval only listed harmless words may stand,
beside a rejection any reason. Nothing is guessed: what is not in the grammar is asked again.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from mailroom.approvals.quoting import SENT_FROM
from mailroom.approvals.verbs import APPROVE, CLOSINGS, HARMLESS, REJECT, TAKES_BACK, THANKS

_LONGEST_LINE = 300
_TAIL = re.compile(r"^(?P<head>[^,:;.!–—-]+?)\s*(?:[,:;.!]|\s[–—-]+(?=\s)|[–—])+\s*(?P<tail>.*)$")
_PIECES = re.compile(r"[,:;.!–—]+|\s-+\s")
_INVISIBLE = {"Cf", "Cc", "Co", "Cn"}
_REFERENCE = re.compile(r"\b(po|order|purchase order|contract)(?: (?:no|nr|number))? [a-z]{0,4} ?\d[\d ]*$")
_SMALL_PRINT = 240
_BELOW_CLOSING = 4
_SECOND_THOUGHT = 40


class Said(StrEnum):
    """What a reply says."""

    APPROVE = "approve"
    REJECT = "reject"
    QUESTION = "question"
    NONE = "none"


def verdict(text: str) -> Said:
    """Return what newly written text says; `text` is that of `reply_text.top_text`."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return Said.NONE
    if _has_hidden_characters(lines[0]):
        return Said.NONE
    above_signature = _above_signature(lines)
    if any("?" in line or "？" in line for line in above_signature):
        return Said.QUESTION
    said = _line_says(lines[0])
    return said if said is not Said.NONE and not _taken_back(above_signature[1:], said) else Said.NONE


def _line_says(line: str) -> Said:
    """Match one whole line."""
    if len(line) > _LONGEST_LINE or line.startswith((">", "|")):
        return Said.NONE
    line = line.strip("*_ \t")
    whole = _folded(line)
    if whole in APPROVE:
        return Said.APPROVE
    if whole in REJECT:
        return Said.REJECT
    found = _TAIL.match(line)
    if found is None:
        return Said.NONE
    head = _folded(found["head"])
    if head in REJECT:
        return Said.NONE if _words_of(found["tail"]) & (_decisions(APPROVE)) else Said.REJECT
    return Said.APPROVE if head in APPROVE and _is_harmless(found["tail"]) else Said.NONE


def _is_harmless(tail: str) -> bool:
    """Tell whether all that stands beside an approval is a listed courtesy or reason."""
    return all(_is_harmless_piece(piece.strip()) for piece in _PIECES.split(f" {tail} ") if piece.strip())


def _is_harmless_piece(piece: str) -> bool:
    folded = _folded(piece)
    if not folded or folded in HARMLESS or folded in APPROVE:
        return True
    if _REFERENCE.sub(r"\1", folded) in HARMLESS:
        return True
    # "thanks Anna": a courtesy and one capitalized word.
    courtesy, _, name = piece.rpartition(" ")
    return _folded(courtesy) in THANKS and name[:1].isupper() and name.isalpha() and _folded(name) not in TAKES_BACK


def _taken_back(lines: list[str], said: Said) -> bool:
    """Tell whether the lines below a decision could mean something else."""
    words = set().union(*(_words_of(line) for line in lines)) if lines else set()
    opposite = REJECT if said is Said.APPROVE else APPROVE
    return bool(words & _decisions(opposite)) or (said is Said.APPROVE and bool(words & TAKES_BACK))


def _above_signature(lines: list[str]) -> list[str]:
    """Return the lines before a signature, a closing, or small print; always the first."""
    kept = [lines[0]]
    for line in lines[1:]:
        if line in {"--", "—"} or SENT_FROM.match(line) or len(line) > _SMALL_PRINT:
            break
        if _folded(line) in CLOSINGS:
            # A name, a title; or second thoughts, which are short where small print is long.
            below = lines[lines.index(line, 1) + 1 :]
            return kept + [short for short in below[:_BELOW_CLOSING] if len(short) <= _SECOND_THOUGHT]
        kept.append(line)
    return kept


def _decisions(phrases: frozenset[str]) -> frozenset[str]:
    """Return the decisions that are one word."""
    return frozenset(phrase for phrase in phrases if " " not in phrase)


def _words_of(text: str) -> set[str]:
    return set(_folded(text).split())


def _folded(text: str) -> str:
    """Return lower case without accents and punctuation, words apart by one blank."""
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L").replace("ß", "ss")).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", plain).strip()


def _has_hidden_characters(line: str) -> bool:
    """Tell whether a line holds invisible or direction-changing characters, or letters of two alphabets."""
    alphabets = {unicodedata.name(char, "?").split(" ")[0] for char in line if char.isalpha()}
    return any(unicodedata.category(char) in _INVISIBLE and char != "\t" for char in line) or len(alphabets) > 1
