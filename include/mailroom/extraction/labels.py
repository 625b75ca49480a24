"""Find the vocabulary's labels in a cell's tokens, the longest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mailroom.extraction.tokens import Token, keys_of
from mailroom.extraction.vocabulary import FACTS
from mailroom.extraction.vocabulary_columns import COLUMNS
from mailroom.extraction.vocabulary_totals import TOTALS

_ENDINGS = ("rechnungsnummer", "rechnungsnr", "rechnungsdatum", "rechnung", "gutschrift", "lieferschein")
"""German joins words; a compound counts as its last part."""


class Match(NamedTuple):
    """A label in a cell: weights by concept, first and last token (exclusive), offsets and edges."""

    concepts: Mapping[str, float]
    first: int
    last: int
    start: int
    end: int
    x0: float
    x1: float
    colon: bool

    def weight(self, concept: str) -> float:
        """Return how surely the label announces `concept`, 0 when it does not."""
        return self.concepts.get(concept, 0.0)


class _Index:
    """Phrases by their first token, longest first."""

    def __init__(self, vocabulary: Mapping[str, str]) -> None:
        phrases: dict[tuple[str, ...], dict[str, float]] = {}
        for concept, text in vocabulary.items():
            for entry in text.split("|"):
                phrase, _, weight = entry.partition("=")
                keys = keys_of(phrase)
                known = phrases.setdefault(keys, {})
                known[concept] = max(known.get(concept, 0.0), float(weight) if weight.strip() else 1.0)
        self._by_first: dict[str, list[tuple[tuple[str, ...], dict[str, float]]]] = {}
        for keys, concepts in phrases.items():
            if keys:
                self._by_first.setdefault(keys[0], []).append((keys, concepts))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def longest(self, keys: list[str], at: int) -> tuple[int, Mapping[str, float]] | None:
        """Return the length and concepts of the longest phrase that starts at token `at`."""
        for phrase, concepts in self._by_first.get(keys[at], ()):
            size = len(phrase)
            if size == 1 or tuple(keys[at : at + size]) == phrase:
                return size, concepts
        return None


_LABELS = _Index(FACTS | TOTALS)
_COLUMNS = _Index(COLUMNS)


def find_labels(tokens: list[Token]) -> list[Match]:
    """Return the labels in a cell, from left to right, none inside another."""
    return _find(_LABELS, tokens, joined=True)


def find_columns(tokens: list[Token]) -> list[Match]:
    """Return the table headings in a cell."""
    return _find(_COLUMNS, tokens, joined=False)


def _find(index: _Index, tokens: list[Token], *, joined: bool) -> list[Match]:
    kept = [position for position, token in enumerate(tokens) if token.key]
    keys = [tokens[position].key for position in kept]
    if joined:
        keys = [_ending(key) for key in keys]
    found, at = [], 0
    while at < len(keys):
        longest = index.longest(keys, at)
        if longest is None:
            at += 1
            continue
        size, concepts = longest
        first, last = tokens[kept[at]], tokens[kept[at + size - 1]]
        found.append(
            Match(concepts, kept[at], kept[at + size - 1] + 1, first.start, last.end, first.x0, last.x1, last.colon)
        )
        at += size
    return found


def _ending(key: str) -> str:
    if len(key) > 10:
        for ending in _ENDINGS:
            if key.endswith(ending):
                return ending
    return key
