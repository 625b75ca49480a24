"""Compare invoice numbers as a clerk does: zeros, prefixes and separators do not make a number new.

Requirements C52 (after frappe/erpnext#2412).
"""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import OSA

# Words that say "number of an invoice" and nothing else, in the languages papers come in.
_PREFIX = re.compile(
    r"^(?:INVOICE|INV|BILL|RECHNUNGSNUMMER|RECHNUNGSNR|RECHNUNG|RECH|RNR|RG|RE|FACTURE|FACTURA|FATTURA|FATURA|FAKTURA"
    r"|FACTUUR|FACT|FAC|FV|NUMERO|NUMMER|NUMBER|NUM|NRO|NR|NO|N)+(?=\d)"
)
_LETTERS = re.compile(r"^[A-Z]+(?=\d)")
# Signs that readers and typists take for one another.
_ALIKE = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2", "G": "6"})


def normalised_number(number: str | None) -> str | None:
    """Return the number in capitals without separators, generic prefix and leading zeros.

    None when it has no digit: "N/A" is no number.
    """
    signs = unicodedata.normalize("NFKC", number or "").upper()
    signs = "".join(sign for sign in signs if sign.isalnum())
    if not any(sign.isdigit() for sign in signs):
        return None
    signs = _PREFIX.sub("", signs)
    letters = _LETTERS.match(signs)
    head = letters[0] if letters else ""
    return head + (signs[len(head) :].lstrip("0") or "0")


def folded_number(number: str | None) -> str | None:
    """Return a coarser form for finding candidates: no letters in front, signs that look alike made one."""
    normalised = normalised_number(number)
    if normalised is None:
        return None
    digits = _LETTERS.sub("", normalised).translate(_ALIKE)
    return digits.lstrip("0") or "0"


def nearly_equal(one: str, other: str) -> bool:
    """Tell whether two normalised numbers differ by one slip: a sign added, lost, changed or swapped."""
    return OSA.distance(one, other, score_cutoff=1) <= 1
