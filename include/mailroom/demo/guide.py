"""Name what there is to look at: a few files worth opening first, and where the rest is."""

from __future__ import annotations

from pathlib import Path

_WORTH_OPENING = (
    ("report/acme/report.html", "the daily report of the first customer; report.xlsx and *.csv hold its tables"),
    ("report/acme/report.xlsx", "the same as a workbook"),
    ("pages/approval.html", "the page behind the link, where an approver decides"),
    ("mails/from-mailroom/*approval-needed*.html", "a request to an approver, as it arrived"),
    ("mails/from-mailroom/*your-answer*.html", "what the approver is told about a forged answer"),
    ("mails/from-mailroom/*could-not-use*.html", "what a sender is told about a file that cannot be read"),
    ("mails/from-mailroom/*-acme-*.html", "the mail that brings the report"),
    ("ledger.txt", "the bills, straight from the ledger's tables"),
    ("events-*.txt", "the event log of the invoice that was approved by mail"),
    ("dag-runs.txt", "what Airflow ran"),
    ("story.txt", "where each mail ended"),
)


def worth_opening(root: Path) -> list[tuple[Path, str]]:
    """Return the files to open first, relative to `root`, each with what it is; those not made are left out."""
    found = []
    for pattern, words in _WORTH_OPENING:
        first = next(iter(sorted(root.glob(pattern))), None)
        if first is not None:
            found.append((first.relative_to(root), words))
    return found


def folders(root: Path) -> list[tuple[str, int]]:
    """Return each folder below `root` with how many files it holds."""
    counts: dict[str, int] = {}
    for path in root.rglob("*"):
        if path.is_file() and path.parent != root:
            name = str(path.parent.relative_to(root))
            counts[name] = counts.get(name, 0) + 1
    return sorted(counts.items())
