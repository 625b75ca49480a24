"""Find when a paper was issued and when it is to be paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from mailroom.extraction.dates import PrintedDate, is_day_first, proves_order
from mailroom.extraction.evidence import Evidence, best
from mailroom.extraction.labels import Match
from mailroom.extraction.pairing import Place, date_at, labelled, places
from mailroom.extraction.sheet import Sheet, Slot

_LONGEST_TERM = 400


class _Found(NamedTuple):
    printed: PrintedDate
    score: float
    slot: Slot


def issue_and_due_date(sheet: Sheet, *, month_first_country: bool) -> tuple[Evidence | None, Evidence | None]:
    """Return both dates. `month_first_country` settles 03/04/2024 when nothing on the page proves the order."""
    every = [printed for slot in sheet.slots() for printed in slot.dates]
    issued = list(_labelled(sheet, "issue_date")) or list(_titled(sheet)) or list(_alone(sheet))
    due = list(_labelled(sheet, "due_date")) + list(_in_sentences(sheet))
    day_first = is_day_first(every, default=not month_first_country)
    proof = _proof(issued, due)
    if proof is not None:
        day_first = proof
    proved = proof is not None or any(printed.mark == "." or _tells_order(printed) for printed in every)
    first = best([_evidence(found, day_first, proved) for found in issued])
    issue_day = date.fromisoformat(first.value) if first else None
    possible = [_evidence(found, day_first, proved) for found in due]
    return first, best([found for found in possible if _follows(found.value, issue_day)])


def _proof(issued: list[_Found], due: list[_Found]) -> bool | None:
    for one in issued[:2]:
        for other in due[:2]:
            if one.printed.is_ambiguous and other.printed.is_ambiguous:
                proved = proves_order(one.printed, other.printed)
                if proved is not None:
                    return proved
    return None


def _follows(value: str, issued: date | None) -> bool:
    """Tell whether a due date can belong to the issue date: at most a little before, hardly a year after."""
    return issued is None or -62 <= (date.fromisoformat(value) - issued).days <= _LONGEST_TERM


def _tells_order(printed: PrintedDate) -> bool:
    return bool(printed.mark) and (printed.day_first is None or printed.month_first is None)


def _evidence(found: _Found, day_first: bool, proved: bool) -> Evidence:
    score = found.score * (0.9 if found.printed.is_ambiguous and not proved else 1.0)
    value = found.printed.read(day_first=day_first).isoformat()
    return Evidence(value, score, found.slot, found.printed.start, found.printed.end)


def _labelled(sheet: Sheet, concept: str) -> Iterator[_Found]:
    for slot, match in labelled(sheet, concept):
        yield from _first_date(sheet, slot, match, match.weight(concept))


def _first_date(sheet: Sheet, slot: Slot, match: Match, weight: float) -> Iterator[_Found]:
    for place in places(sheet, slot, match, rows_below=2):
        printed = date_at(place)
        if printed:
            page = 1.0 if slot.page == 1 else 0.95
            if printed.start - place.start > 6 and weight < 0.8:
                weight *= 0.8
            yield _Found(printed, 0.97 * weight * place.closeness * page, place.slot)
            return
        if place.slot is not slot and weight < 0.8:
            return


def _titled(sheet: Sheet) -> Iterator[_Found]:
    """Yield the date in the line of the title or of the number: `Rechnung 7 vom 18.11.2017`."""
    score = 0.76
    for row in sheet.rows:
        if not any(
            match.weight("title") or match.weight("number") > 0.6 for slot in row.slots for match in slot.labels
        ):
            continue
        for slot in row.slots:
            if len(slot.dates) == 1 and not any(match.weight("other_date") for match in slot.labels):
                yield _Found(slot.dates[0], score, slot)
                score *= 0.97


def _alone(sheet: Sheet) -> Iterator[_Found]:
    """Yield dates without a label in the upper half of the first page, the topmost surest."""
    score = 0.6
    for row in sheet.rows:
        if row.page > 1 or row.top > 0.55 * sheet.pages[0].height:
            return
        for slot in row.slots:
            announced = any(match.weight("other_date") or match.weight("due_date") for match in slot.labels)
            if len(slot.dates) == 1 and not announced and len(slot.cell.text) < 60:
                yield _Found(slot.dates[0], score, slot)
                score *= 0.8


def _in_sentences(sheet: Sheet) -> Iterator[_Found]:
    """Yield dates that a due label inside a sentence announces: `Please pay until 6 April 2024`."""
    for slot in sheet.slots():
        for match in slot.labels:
            weight = match.weight("due_date")
            if not weight:
                continue
            printed = date_at(Place(slot, match.end, len(slot.cell.text), 1.0), within=12)
            if printed:
                yield _Found(printed, 0.85 * weight, slot)
