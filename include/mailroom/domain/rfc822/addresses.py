"""Addresses in mail headers: a lenient list for rules, and one strict mailbox for authority."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DOT_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAIN = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
_ADDRESS = re.compile(rf"{_DOT_ATOM}@{_DOMAIN}")
# RFC 5322 phrase without comments; a bare full stop is the obsolete form that real clients still write.
_WORD = r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+|\"(?:[^\"\\\r\n]|\\[ -~])*\")"
# Possessive: words are never tried in other pieces, or a long line of them would take for ever.
_MAILBOX = re.compile(rf"[ \t]*+(?:(?>{_WORD})[ \t]*+)*+<[ \t]*({_DOT_ATOM}@{_DOMAIN})[ \t]*>[ \t]*")
_LONGEST_FROM = 1_000
_LOOSE = re.compile(r"[^\s<>()\",;:]+@[^\s<>()\",;:]+")


@dataclass(frozen=True, slots=True)
class Sender:
    """The one mailbox a From header names beyond doubt, in lower case, or why there is none."""

    address: str | None
    reason: str | None = None

    @property
    def domain(self) -> str | None:
        """Return the part after the @."""
        return None if self.address is None else self.address.rpartition("@")[2]


def split_addresses(value: str) -> list[str]:
    """Cut an address list at its top-level commas and semicolons, in one pass without recursion."""
    entries, begin, quoted, comment, angle, skip = [], 0, False, 0, False, False
    for index, char in enumerate(value):
        if skip:
            skip = False
        elif char == "\\":
            skip = quoted or comment > 0
        elif quoted:
            quoted = char != '"'
        elif char == '"' and not comment:
            quoted = True
        elif char in "()":
            comment = max(0, comment + (1 if char == "(" else -1))
        elif char in "<>" and not comment:
            angle = char == "<"
        elif char in ",;" and not comment and not angle:
            entries.append(value[begin:index])
            begin = index + 1
    entries.append(value[begin:])
    return [entry.strip() for entry in entries if entry.strip()]


def addresses(values: list[str]) -> tuple[str, ...]:
    """Return every address in these header values, lower case, each once. For rules, not for proof."""
    found: dict[str, None] = {}
    for value in values:
        for entry in split_addresses(value):
            address = _loose_address(entry)
            if address:
                found[address] = None
    return tuple(found)


def _loose_address(entry: str) -> str | None:
    """Return what stands in the last angle brackets, else the first thing that looks like an address."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', " ", entry)
    inside = bare.rpartition("<")[2].partition(">")[0] if "<" in bare else bare
    found = _LOOSE.search(inside)
    return found[0].lower() if found else None


def strict_sender(values: list[str]) -> Sender:
    """Return the proven form of From (reliability T4).

    One header, one mailbox, plain ASCII, no comments, groups, routes or quoted local parts: anything a
    second parser could read in another way names nobody.
    """
    if len(values) != 1:
        return Sender(None, "no From header" if not values else "more than one From header")
    value = re.sub(r"\r?\n(?=[ \t])", "", values[0]).strip()
    if len(value) > _LONGEST_FROM:
        return Sender(None, "From header is too long")
    if not value.isascii() or any(ord(char) < 32 and char != "\t" for char in value):
        return Sender(None, "From header holds characters that need encoding")
    found = _ADDRESS.fullmatch(value) or _MAILBOX.fullmatch(value)
    if found is None:
        return Sender(None, "From header is not one plain mailbox")
    address = found[found.lastindex or 0].lower()
    # Some parsers decode an encoded word even where RFC 2047 forbids one (cpython#152519).
    return Sender(None, "From header encodes its address") if "=?" in address else Sender(address)
