"""Score readings against truth: `python tests/accuracy.py FOLDER [--show]`; FOLDER holds manifest.jsonl.

Prints the share of fields right, wrong and missing, per field and as a mean over layouts. A field is right
when it is equal without case and punctuation, amounts within 0.01, names when one contains the other.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mailroom.documents.sandbox import SandboxPool
from mailroom.domain.document import ExtractedDocument
from mailroom.domain.errors import RejectedInputError
from mailroom.extraction.ladder import WARM_MODULES, extract

KEYS = {
    "net": "net_total",
    "tax": "tax_total",
    "total": "gross_total",
    "po_number": "purchase_order",
    "buyer": "buyer_name",
    "vendor_vat": "vendor_tax_id",
}
AMOUNTS = {"net_total", "tax_total", "gross_total", "amount_due"}
NAMES = {"vendor_name", "buyer_name"}
SKIPPED = {"doc_type"}  # codes of e-invoices, not words on the page


class Score(NamedTuple):
    group: str
    file: str
    field: str
    result: str
    expected: str
    found: str | None


def judge(field: str, expected: Any, found: str | None) -> str:
    if found is None:
        return "missing"
    if field in AMOUNTS:
        return "right" if abs(Decimal(str(expected)) - Decimal(found)) <= Decimal("0.01") else "wrong"
    mine, theirs = _folded(found), _folded(str(expected))
    if mine == theirs:
        return "right"
    if field in NAMES and min(len(mine), len(theirs)) >= 5 and (mine in theirs or theirs in mine):
        return "right"
    return "wrong"


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def scores_of(group: str, file: str, expected: dict[str, Any], read: ExtractedDocument | None) -> Iterator[Score]:
    for key, value in expected.items():
        field = KEYS.get(key, key)
        if value is None or field in SKIPPED:
            continue
        if field == "line_count":
            found = str(len(read.lines)) if read and read.lines else None
        else:
            found = read.value(field) if read else None
        yield Score(group, file, field, judge(field, value, found), str(value), found)


def measure(folder: Path, readers: tuple[str, ...] = ("layout",)) -> list[Score]:
    scores: list[Score] = []
    with SandboxPool(2, warm_modules=WARM_MODULES) as pool:
        for line in (folder / "manifest.jsonl").read_text().splitlines():
            record = json.loads(line)
            path = folder / record["file"]
            visible = record.get("visible") or {}
            expected = {key: value for key, value in record["expected"].items() if visible.get(key) is not False}
            try:
                read = extract(path.read_bytes(), path.name, pool, readers)[0]
            except RejectedInputError as err:
                if record.get("kind") == "scan" and "ocr" not in readers:
                    continue
                print(f"{path.name}: {err.message}", file=sys.stderr)
                read = None
            scores += scores_of(record["group"], path.name, expected, read)
    return scores


def shares(scores: list[Score]) -> dict[str, float]:
    count = len(scores) or 1
    return {result: sum(score.result == result for score in scores) / count for result in ("right", "wrong", "missing")}


def report(scores: list[Score]) -> None:
    by_field: dict[str, list[Score]] = defaultdict(list)
    by_group: dict[str, list[Score]] = defaultdict(list)
    by_file: dict[str, list[Score]] = defaultdict(list)
    for score in scores:
        by_field[score.field].append(score)
        by_group[score.group].append(score)
        by_file[score.file].append(score)
    for field, found in sorted(by_field.items()):
        print(
            f"{field:16} {len(found):4}  " + "  ".join(f"{name} {share:.3f}" for name, share in shares(found).items())
        )
    mean = sum(shares(found)["right"] for found in by_group.values()) / len(by_group)
    whole = sum(all(score.result == "right" for score in found) for found in by_file.values()) / len(by_file)
    total = "  ".join(f"{name} {share:.3f}" for name, share in shares(scores).items())
    print(f"{'all fields':16} {len(scores):4}  {total}")
    print(f"mean over {len(by_group)} layouts {mean:.3f}, documents wholly right {whole:.3f}")


def main(arguments: list[str]) -> int:
    scores = measure(Path(arguments[0]))
    if "--show" in arguments:
        for score in scores:
            if score.result != "right":
                print(f"{score.result:8} {score.file[:58]:58} {score.field:15} {score.expected!r} <- {score.found!r}")
    report(scores)
    return 0


@pytest.mark.skipif(not os.environ.get("MAILROOM_SAMPLES"), reason="MAILROOM_SAMPLES names no folder of samples")
def test_layout_rules_read_the_samples_well():
    scores = [score for score in measure(Path(os.environ["MAILROOM_SAMPLES"])) if score.field != "line_count"]

    assert shares(scores)["right"] >= 0.90
    assert shares(scores)["wrong"] <= 0.03


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
