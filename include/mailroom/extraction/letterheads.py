"""Find names by where they stand: letterhead, sender line, address block, footer, website."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailroom.extraction.evidence import Evidence
from mailroom.extraction.names import (
    CONTACT,
    FREEMAIL,
    HOUSE_NUMBER,
    LEGAL_FORM,
    POSTCODE,
    SEPARATORS,
    STREET,
    is_address,
    is_name,
    is_town,
    without_address,
    without_salutation,
)
from mailroom.extraction.sheet import Sheet, Slot

_DOMAIN = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.[a-z]{2,}", re.IGNORECASE)
_BULLET = re.compile(r"[·•|●∙⋅]")
_BANK = re.compile(r"bank\b|banque|banco|banca|sparkasse|\bbic\b|\biban\b", re.IGNORECASE)


def sender_line(sheet: Sheet) -> Slot | None:
    """Return the small line over an address window: name, street and town in one."""
    height = sheet.pages[0].height
    for row in sheet.rows:
        if row.page > 1 or row.top > 0.4 * height:
            break
        texts = [(slot.cell.text, slot) for slot in row.slots]
        if _BULLET.search(row.text):
            texts.append((row.text, row.slots[0]))
        for text, slot in texts:
            parts = [part for part in SEPARATORS.split(text) if part]
            named = len(parts) >= 3 and is_name(parts[0]) and not is_address(parts[0])
            if named and POSTCODE.search(text) and not CONTACT.search(text):
                return slot
    return None


def name_below(sheet: Sheet, sender: Slot) -> Evidence | None:
    """Return the name in the address window under a sender line."""
    for row in sheet.below(sheet.rows[sender.row], 6, gap=4):
        for slot in row.slots:
            text = without_salutation(slot.cell.text)
            if abs(slot.cell.x0 - sender.cell.x0) < 40 and is_name(text) and not is_label_only(slot, 0):
                return Evidence(without_address(text), 0.85, slot)
    return None


def address_blocks(sheet: Sheet) -> Iterator[list[Slot]]:
    """Yield address blocks of the first page's upper half: aligned lines with a postcode among them."""
    height = sheet.pages[0].height
    open_blocks: list[list[Slot]] = []
    done: list[list[Slot]] = []
    for slot in sheet.slots():
        if slot.page > 1 or slot.cell.top > 0.5 * height:
            break
        for block in open_blocks:
            last = block[-1].cell
            close = slot.cell.top - last.bottom < 1.0 * last.height
            aligned = abs(slot.cell.x0 - last.x0) < 4 or abs(slot.cell.x1 - last.x1) < 4
            if close and aligned and slot.row != block[-1].row:
                block.append(slot)
                break
        else:
            open_blocks.append([slot])
    done = [block for block in open_blocks if len(block) >= 2]
    for block in done:
        if any(is_town(slot.cell.text) for slot in block[1:]):
            yield block


def first_name(block: list[Slot]) -> tuple[str, Slot] | None:
    """Return the first line of an address block that is a name, and where it stands."""
    for slot in block:
        text = without_salutation(slot.cell.text)
        if is_name(text) and not (
            slot.labels and slot.labels[0].first == 0 and len(slot.cell.text) < 30 and not LEGAL_FORM.search(text)
        ):
            return without_address(text), slot
    return None


def letterhead_names(sheet: Sheet) -> Iterator[Evidence]:
    """Yield what the top of the first page offers: legal forms, the largest type, the first line."""
    height = sheet.pages[0].height
    top = [slot for slot in sheet.slots() if slot.page == 1 and slot.cell.top < 0.3 * height]
    names = [slot for slot in top if _is_headline(slot)]
    largest = max((slot.cell.height for slot in names), default=0.0)
    usual = sorted(slot.cell.height for slot in top)[len(top) // 2] if top else 0.0
    for order, slot in enumerate(names[:12]):
        score = 0.3 if order == 0 else 0.0
        score += 0.35 if LEGAL_FORM.search(slot.cell.text) else 0.0
        score += 0.35 if slot.cell.height == largest and largest > 1.15 * usual else 0.0
        score += 0.25 if _heads_address(sheet, slot) else 0.0
        if score:
            name = without_address(slot.cell.text)
            yield Evidence(name, score, slot, 0, len(name))


def _is_headline(slot: Slot) -> bool:
    if not is_name(slot.cell.text) or slot.dates:
        return False
    if slot.labels and slot.labels[0].first == 0 and not LEGAL_FORM.search(slot.cell.text):
        return False
    if HOUSE_NUMBER.match(slot.cell.text):
        return False
    return not (POSTCODE.search(slot.cell.text) or STREET.search(slot.cell.text)) or bool(
        LEGAL_FORM.search(slot.cell.text)
    )


def _is_aligned(one: Slot, other: Slot) -> bool:
    """Tell whether two cells share their left edge, right edge or middle."""
    left, right = abs(one.cell.x0 - other.cell.x0), abs(one.cell.x1 - other.cell.x1)
    middle = abs(one.cell.x0 + one.cell.x1 - other.cell.x0 - other.cell.x1) / 2
    return min(left, right, middle) < 4


def _heads_address(sheet: Sheet, slot: Slot) -> bool:
    """Tell whether a street or postcode follows right below."""
    for row in sheet.below(sheet.rows[slot.row], 3):
        for under in row.slots:
            if _is_aligned(slot, under) and (POSTCODE.search(under.cell.text) or STREET.search(under.cell.text)):
                return True
    return False


def footer_names(sheet: Sheet) -> Iterator[Evidence]:
    """Yield company names in the bottom quarter of the first page."""
    height = sheet.pages[0].height
    for slot in sheet.slots():
        if slot.page != 1 or slot.cell.top < 0.72 * height:
            continue
        first = SEPARATORS.split(slot.cell.text)[0]
        if not is_name(first) or _BANK.search(first):
            continue
        if LEGAL_FORM.search(first) or _heads_address(sheet, slot):
            yield Evidence(first, 0.45, slot, 0, len(first))


def domains(sheet: Sheet) -> dict[str, Slot]:
    """Return the domains of websites and mail addresses, free mail providers left out, with where they stand."""
    found: dict[str, Slot] = {}
    for slot in sheet.slots():
        for match in _DOMAIN.finditer(slot.cell.text):
            name = match[1].split(".")[-1].lower()
            if name.replace("-", "") not in FREEMAIL:
                found.setdefault(name, slot)
    return found


def is_label_only(slot: Slot, start: int) -> bool:
    """Tell whether a cell is a label and nothing else."""
    return bool(
        start == 0
        and slot.labels
        and slot.labels[0].first == 0
        and slot.labels[0].end >= len(slot.cell.text.rstrip(" :."))
    )
