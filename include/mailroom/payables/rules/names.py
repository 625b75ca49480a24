"""Compare names of firms: case, accents, punctuation and legal forms do not tell firms apart."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

_LEGAL_FORMS = """
    ab ag aps as asa bv bvba co company corp corporation doo ek eg ev gbr gesmbh gmbh inc incorporated kft kg kgaa
    limited llc llp lp ltd ltda mbh nv og ohg oy oyj plc pte pty pvt sa sab sarl sas scs sce se sl slu snc spa spol
    sprl srl sro ug unlimited zoo
    """
_LEGAL = frozenset(_LEGAL_FORMS.split())
_DOTTED = re.compile(r"\b((?:\w\.){2,})")


@lru_cache(maxsize=65_536)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words that tell one firm from another, in lower case without accents and legal form."""
    return _words(name)


def _words(name: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("&", " ")).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = _DOTTED.sub(lambda dotted: dotted[1].replace(".", "") + " ", plain)
    words = [word for word in re.split(r"[^\w]+", plain) if word]
    telling = [word for word in words if word not in _LEGAL]
    return tuple(telling or words)


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are one firm's."""
    return bool(name_words(one)) and name_words(one) == name_words(other)


def likeness(one: str, other: str) -> float:
    """Return 0 to 100: how alike two names are, whatever the order of their words."""
    return fuzz.token_sort_ratio(" ".join(name_words(one)), " ".join(name_words(other)))


def is_named_in(name: str, text: str) -> bool:
    """Tell whether a text holds a firm's name, word for word and in order."""
    words = " ".join(name_words(name))
    return bool(words) and f" {words} " in f" {' '.join(_words(text))} "
