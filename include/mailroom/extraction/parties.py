"""Tell who sent a paper from who is to pay it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailroom.extraction.evidence import Evidence, best
from mailroom.extraction.labels import Match
from mailroom.extraction.letterheads import (
    address_blocks,
    domains,
    first_name,
    footer_names,
    is_label_only,
    letterhead_names,
    name_below,
    sender_line,
)
from mailroom.extraction.names import (
    CONTACT,
    LEGAL_FORM,
    NAME_LABEL,
    POSTCODE,
    SEPARATORS,
    is_legal_form,
    is_name,
    is_same_name,
    resembles_domain,
    without_address,
    without_salutation,
)
from mailroom.extraction.pairing import Place, leading_labels
from mailroom.extraction.sheet import Sheet, Slot

_BRACKETS = re.compile(r"\([^)]*\)")
_PARTIES = ("vendor", "buyer", "ship_to", "carrier", "holder")


class Parties:
    """Finds vendor and buyer on one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._domains = domains(sheet)
        self.sender_line = sender_line(sheet)
        self.buyer = self._find_buyer()
        self.vendor = self._find_vendor()
        if self.buyer is None:
            self.buyer = self._address_block()

    def _find_buyer(self) -> Evidence | None:
        found = best(list(_labelled(self._sheet, "buyer")))
        if found and found.score > 0.4:
            return found
        return (self.sender_line and name_below(self._sheet, self.sender_line)) or found

    def _address_block(self) -> Evidence | None:
        """Return the name over an address in the upper half that is not the vendor's, without telephone or website."""
        sheet = self._sheet
        blocks = list(address_blocks(sheet))
        plain = [block for block in blocks if not any(CONTACT.search(slot.cell.text) for slot in block)]
        names = [name for block in plain if (name := first_name(block)) and not self._is_vendor(name[0])]
        return Evidence(names[0][0], 0.55, names[0][1]) if len(names) == 1 else None

    def _is_vendor(self, name: str) -> bool:
        return self._is_ours(name) or (self.vendor is not None and is_same_name(name, self.vendor.value))

    def _is_ours(self, name: str) -> bool:
        return any(resembles_domain(name, domain) for domain in self._domains)

    def _find_vendor(self) -> Evidence | None:
        """Add up what speaks for each name; labels most, a lone headline least."""
        scores: dict[str, float] = {}
        places: dict[str, Evidence] = {}
        for evidence in self._vendor_hints():
            name = evidence.value
            if self.buyer and is_same_name(name, self.buyer.value):
                continue
            known = next((other for other in scores if is_same_name(other, name)), name)
            scores[known] = scores.get(known, 0.0) + evidence.score
            if known not in places or (LEGAL_FORM.search(name) and not LEGAL_FORM.search(places[known].value)):
                places[known] = evidence
        for name in scores:
            scores[name] += 0.5 if self._is_ours(name) else 0.0
        if not scores:
            return self._from_domain()
        top = max(scores, key=lambda name: scores[name])
        rivals = sorted(scores.values())
        margin = scores[top] - (rivals[-2] if len(rivals) > 1 else 0.0)
        if scores[top] < 0.35:
            return self._from_domain() or _rescored(places[top], 0.4)
        return _rescored(places[top], min(0.97, 0.5 + 0.3 * scores[top] * 0.5 + 0.4 * margin))

    def _vendor_hints(self) -> Iterator[Evidence]:
        sheet = self._sheet
        yield from _labelled(sheet, "vendor")
        for evidence in _labelled(sheet, "holder"):
            yield _rescored(evidence, 0.8 * evidence.score)
        if self.sender_line:
            slot = self.sender_line
            name = SEPARATORS.split(slot.cell.text)[0]
            yield Evidence(name, 0.95, slot, 0, len(name))
        yield from letterhead_names(sheet)
        yield from footer_names(sheet)

    def _from_domain(self) -> Evidence | None:
        """Return the name in the website or mail address when the letterhead is a picture."""
        for domain, slot in self._domains.items():
            if len(domain) >= 5 and not (self.buyer and resembles_domain(self.buyer.value, domain)):
                return Evidence(domain, 0.45, slot)
        return None


def _labelled(sheet: Sheet, concept: str) -> Iterator[Evidence]:
    for slot in sheet.slots():
        for match in slot.labels if concept == "holder" else leading_labels(slot):
            weight = match.weight(concept)
            if weight and _announces(slot, match):
                found = _name_at(sheet, slot, match)
                if found:
                    name, where = found
                    yield Evidence(name, weight * (0.97 if slot.page == 1 else 0.8), where)
                    break


def _announces(slot: Slot, match: Match) -> bool:
    """Tell whether a party label stands alone or with a colon, not in a sentence or another label."""
    rest = _BRACKETS.sub("", slot.cell.text[match.end :]).strip(" :.()")
    colon = match.colon or slot.cell.text[match.end : match.end + 2].strip().startswith(":")
    if match.first > 0:
        return match.weight("holder") > 0 and colon
    if not rest or colon:
        return True
    if len(slot.cell.text[: match.end]) < 5:
        return False
    return (
        (match.last - match.first > 1 or len(match.concepts) == 1)
        and is_name(rest)
        and rest[:1].isupper()
        and len(rest.split()) <= 6
        and not slot.labels[1:]
    )


def _name_at(sheet: Sheet, slot: Slot, match: Match) -> tuple[str, Slot] | None:
    for place in _name_places(sheet, slot, match):
        text = place.slot.cell.text[place.start : place.end].strip(" :,-").lstrip(".")
        if place.slot is slot and is_legal_form(text):
            return slot.cell.text, slot
        text = without_salutation(NAME_LABEL.sub("", text))
        if not text or (
            place.slot is not slot and place.slot.labels and place.slot.labels[0].first == 0 and text.endswith(":")
        ):
            continue
        if POSTCODE.search(text) and not LEGAL_FORM.search(text):
            if place.slot is slot:
                continue
            return None
        if is_name(text) and not is_label_only(place.slot, place.start):
            return without_address(text), place.slot
    return None


def _name_places(sheet: Sheet, slot: Slot, match: Match) -> Iterator[Place]:
    """Yield where the name behind a party label may stand; numbers that come first are passed over."""
    rest = _BRACKETS.sub("", slot.cell.text[match.end :]).strip(" :.()-")
    if rest:
        yield Place(slot, match.end, len(slot.cell.text), 1.0)
        return
    following = sheet.rows[slot.row].slots[slot.place + 1 : slot.place + 2]
    if match.colon and following and not (following[0].labels and following[0].labels[0].first == 0):
        yield Place(following[0], 0, len(following[0].cell.text), 0.95)
    for row in sheet.below(sheet.rows[slot.row], 8, gap=3):
        for under in row.slots:
            if under.cell.x1 < match.x0 - 5 or under.cell.x0 > match.x1 + 60 or under.cell.x0 < match.x0 - 60:
                continue
            first = under.labels[0] if under.labels and under.labels[0].first == 0 else None
            if first and any(first.weight(party) for party in _PARTIES) and _announces(under, first):
                return
            numbered = first and not (LEGAL_FORM.search(under.cell.text) or NAME_LABEL.search(under.cell.text))
            if not numbered and abs(under.cell.x0 - match.x0) < 60:
                yield Place(under, 0, len(under.cell.text), 0.9)


def _rescored(evidence: Evidence, score: float) -> Evidence:
    return Evidence(evidence.value, score, evidence.slot, evidence.start, evidence.end)
