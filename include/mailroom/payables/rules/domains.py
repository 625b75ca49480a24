"""Mail domains: whether one belongs to another, and whether one only looks like it (reliability T11)."""

from __future__ import annotations

from rapidfuzz.distance import OSA

_FREE = """
    aol.com gmail.com gmx.at gmx.ch gmx.de gmx.net googlemail.com hotmail.com icloud.com live.com mac.com me.com
    mail.com mail.ru msn.com outlook.com outlook.de proton.me protonmail.com qq.com t-online.de web.de yahoo.com
    yahoo.de yandex.com yandex.ru 163.com 126.com
    """
FREE_MAIL = frozenset(_FREE.split())
"""Hosts where anybody can have an address: such a domain says nothing about a firm."""
_LEAST_LABEL = 4
# Letters of other alphabets and digits that read like Latin letters (Unicode TR39 has the full table).
_SKELETON = str.maketrans(
    "0135аеорсухікѕјԁɡοινρτ",
    "olesaeopcyxiksjdgoivpt",
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"), ("ii", "u"))


def domain_of(address: str | None) -> str | None:
    """Return an address's domain in lower case, or None."""
    name, _, domain = (address or "").rpartition("@")
    return domain.strip().rstrip(".").lower() or None if name else None


def belongs_to(domain: str, known: str) -> bool:
    """Tell whether a domain is a known one or below it; both in lower case."""
    return domain == known or domain.endswith(f".{known}")


def looks_like(domain: str, known: str, distance: int) -> bool:
    """Tell whether a domain could be taken for a known one that it does not belong to.

    Another ending after the same name, a slip of up to `distance` signs in the name, or signs that look alike.
    Names shorter than four signs are not compared: too many honest ones are that near.
    """
    if belongs_to(domain, known) or belongs_to(known, domain):
        return False
    name, ending = _split(domain)
    other, other_ending = _split(known)
    if min(len(name), len(other)) < _LEAST_LABEL:
        return False
    if name == other or _skeleton(name) == _skeleton(other):
        return True
    allowed = min(distance, len(other) // _LEAST_LABEL)
    near = OSA.distance(name, other, score_cutoff=allowed) <= allowed
    return near and ending == other_ending


def _split(domain: str) -> tuple[str, str]:
    """Return the name and the ending, `acme` and `co.uk`; what stands in front is the owner's own business."""
    labels = _readable(domain).split(".")
    short = len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2
    tail = 2 if short else 1
    return (labels[-tail - 1] if len(labels) > tail else labels[0]), ".".join(labels[-tail:])


def _readable(domain: str) -> str:
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def _skeleton(name: str) -> str:
    plain = name.translate(_SKELETON).replace("-", "")
    for pair, single in _PAIRS:
        plain = plain.replace(pair, single)
    return plain
