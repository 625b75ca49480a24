"""Text from outside, made harmless for cells and mails: no formulas, no controls, no links (T27, T28)."""

from __future__ import annotations

import re
import unicodedata

_STARTS_A_FORMULA = frozenset("=+-@|%＝＋－＠｜％﹦﹢﹣﹫−")
_QUOTES = "'\"`‘’“”"
_SCHEME = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,20}):(?=//|\\\\)")
_HOST = re.compile(r"(?i)\b(?:www\.[a-z0-9-]+(?:\.[a-z0-9-]+)*|(?:[a-z0-9-]+\.)+[a-z]{2,}(?=/))")


def one_line(text: str, longest: int = 300) -> str:
    """Return text on one line without control, bidirectional or other invisible characters, cut to `longest`."""
    spaced = "".join(" " if character.isspace() else character for character in text)
    seen = "".join(character for character in spaced if unicodedata.category(character)[0] != "C")
    words = " ".join(seen.split())
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def cell_text(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes in front of one that might be.

    Spreadsheets skip leading blanks and quotes, and read full-width signs as plain ones (CWE-1236).
    """
    clean = one_line(text, 2_000)
    bare = clean.lstrip(_QUOTES + " ")
    first = unicodedata.normalize("NFKC", bare[:1])[:1]
    return f"'{clean}" if bare[:1] in _STARTS_A_FORMULA or first in _STARTS_A_FORMULA else clean


def unlinked(text: str, longest: int = 120) -> str:
    """Return outside text for a mail: mail programs make links of bare addresses, so those are broken up."""
    plain = _SCHEME.sub(r"\1[:]", one_line(text, longest))
    return _HOST.sub(lambda host: host[0].replace(".", "[.]"), plain)
