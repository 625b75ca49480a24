"""Bank accounts and tax ids: one form to compare them in, and whether their check digits hold.

IBAN: ISO 13616 (mod 97, length and structure by country). US routing numbers: ABA check digit.
"""

from __future__ import annotations

import re

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.eu import vat
from stdnum.us import rtn

_IBAN = re.compile(r"^[A-Z]{2}\d{2}[A-Z0-9]{6,30}$")
_US = re.compile(r"^\s*(\d{9})[\s/\-]+(\d{3,17})\s*$")
_LEAST_DIGITS = 4
_SEPARATORS = re.compile(r"[^0-9A-Z]")


def normal_account(account: str) -> str:
    """Return a bank account in capitals without blanks and separators."""
    return _SEPARATORS.sub("", account.upper())


def account_fault(account: str) -> str | None:
    """Return why no such account can exist, or None when it can or cannot be told."""
    us_account = _US.match(account)
    if us_account is not None:
        return None if rtn.is_valid(us_account[1]) else "the check digit of the routing number is wrong"
    compact = normal_account(account)
    if _IBAN.match(compact) is None:
        return None
    try:
        IBAN(compact)
    except SchwiftyException as err:
        return f"it is no IBAN: {type(err).__name__.removeprefix('Invalid').lower()} is wrong"
    return None


def filed_account_fault(account: str) -> str | None:
    """Return why an account cannot be put on file, or None: words are no account, whatever a country's form."""
    if sum(sign in "0123456789" for sign in account) < _LEAST_DIGITS:
        return "it has too few digits"
    return account_fault(account)


def account_country(account: str) -> str | None:
    """Return the country of an IBAN (ISO 3166), or None."""
    compact = normal_account(account)
    return compact[:2] if _IBAN.match(compact) else None


def normal_tax_id(tax_id: str) -> str:
    """Return a tax id in capitals without blanks and separators."""
    return _SEPARATORS.sub("", tax_id.upper())


def same_tax_id(one: str, other: str) -> bool:
    """Tell whether two tax ids are one, with or without the country in front."""
    first, second = normal_tax_id(one), normal_tax_id(other)
    return first == second or first == _without_country(second) or second == _without_country(first)


def tax_id_country(tax_id: str) -> str | None:
    """Return the country of an EU VAT id (ISO 3166: Greece writes EL and is GR), or None."""
    prefix = normal_tax_id(tax_id)[:2]
    if prefix.lower() not in {*vat.MEMBER_STATES, "el"}:
        return None
    return "GR" if prefix == "EL" else prefix


def tax_id_fault(tax_id: str) -> str | None:
    """Return why no such EU VAT id can exist, or None when it can or is of another kind."""
    if tax_id_country(tax_id) is None or vat.is_valid(tax_id):
        return None
    return "its form or check digit is wrong"


def _without_country(tax_id: str) -> str | None:
    return tax_id[2:] if tax_id[:2].isalpha() and len(tax_id) > 7 else None
