"""Fold printed words into comparable tokens: `Rechnungs-Nr.:` reads `rechnungsnr`, `N°` reads `no`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from mailroom.documents.text_layer import Word

_DROPPED = str.maketrans("", "", ".,;:()[]{}'’‘`´\"“”„·•*-–—_|!?<>­")
_SPLIT = re.compile(
    r"(?<=[^\W\d_]{2})/(?=[^\W\d_]{2})|(?<=[^\W\d_]:)(?=\S)|(?<=#)(?=\S)|(?<=[^\W\d_]|\.)(?=#)"
    r"|(?<=[a-zß-ÿ]{3})(?=[A-Z][a-zß-ÿ]{2})|(?<=[^\W\d_]\.)(?=[^\W\d_]{3,}\.?:?$)"
)
_TIME_OR_LINK = re.compile(r"\d:\d|://|@")


class Token(NamedTuple):
    """A folded word (`key`), its place in the cell's text, its edges, and whether a colon ends it."""

    key: str
    start: int
    end: int
    x0: float
    x1: float
    colon: bool


@lru_cache(maxsize=50_000)
def key_of(text: str) -> str:
    """Return the folded form of one printed word; empty for mere punctuation."""
    if text.isascii():
        key = text.lower().translate(_DROPPED)
    else:
        spelled = text.lower().replace("ł", "l").replace("ß", "ss").replace("°", "o").replace("№", "no")
        decomposed = unicodedata.normalize("NFKD", spelled)
        key = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_DROPPED)
    return "no" if key in {"#", "n", "num", "numo", "no"} else key


def tokens_of(words: list[Word]) -> list[Token]:
    """Return the tokens of a cell; `Date:03/20` makes two, their edges shared out by length."""
    tokens: list[Token] = []
    start = 0
    for text, x0, _, x1, _ in words:
        parts = _parts(text)
        end = start + len(text)
        if len(parts) == 1:
            tokens.append(Token(key_of(text), start, end, x0, x1, text[-1] == ":"))
        else:
            step, place = (x1 - x0) / len(text), 0
            for part in parts:
                place = text.index(part, place)
                left = x0 + step * place
                place += len(part)
                at = start + place
                tokens.append(Token(key_of(part), at - len(part), at, left, x0 + step * place, part[-1] == ":"))
        start = end + 1
    return tokens


@lru_cache(maxsize=50_000)
def _parts(text: str) -> tuple[str, ...]:
    if len(text) < 3 or _TIME_OR_LINK.search(text):
        return (text,)
    if "/" in text and not any(map(str.isdigit, text)) and min(map(len, text.split("/"))) > 1:
        return tuple(text.split("/"))
    return tuple(part for part in _SPLIT.split(text) if part) or (text,)


def keys_of(phrase: str) -> tuple[str, ...]:
    """Return the token keys of a phrase of the vocabulary."""
    return tuple(key for part in phrase.replace("/", " ").split() if (key := key_of(part)))
