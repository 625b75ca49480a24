"""What the sender of a reply newly wrote, without the history below, between or above it.

Two readings: `new_text` for people keeps every unquoted passage; `top_text` for decisions stops where anything
quoted begins, so that nothing an earlier mail said can be taken for an answer (reliability T8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailroom.approvals.quoting import (
    ADVERT,
    BRACKETED_ADDRESS,
    LABELS,
    RULE,
    SENT_FROM,
    SEPARATOR,
    WHEN,
    WROTE,
)
from mailroom.domain.html_text import visible_text
from mailroom.domain.rfc822 import Mail

_LONGEST = 200_000
_LONGEST_LINE = 2_000
_ATTRIBUTION_LINES = 4
_HEADER_LINES = 8
_WRAPPED = 60
_LOOSE_END = re.compile(r"^>[ \t]*:[ \t]*$")  # the end of a wrapped "<name@domain>:"
_QUOTED = re.compile(r"^[ \t]{0,3}>")


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage of history: lines `begin` to `end`, and whether new text may follow it."""

    begin: int
    end: int
    ends_all: bool


def new_text(source: Mail | str) -> str:
    """Return every newly written passage of a mail or of a bare text body."""
    return _trimmed(_kept(_lines(source), everything=True))


def top_text(source: Mail | str) -> str:
    """Return what was written above the first quotation."""
    return _trimmed(_kept(_lines(source), everything=False))


def bodies(mail: Mail) -> tuple[str, ...]:
    """Return the readings of a mail's text: as plain text and as HTML shows it, those there are."""
    shown = visible_text(mail.html) if mail.html else ""
    return tuple(text for text in (mail.text or "", shown) if text.strip())


def _lines(source: Mail | str) -> list[str]:
    text = next(iter(bodies(source)), "") if isinstance(source, Mail) else source
    text = text[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return [line[:_LONGEST_LINE].rstrip() for line in text.split("\n")]


def _kept(lines: list[str], *, everything: bool) -> list[str]:
    kept: list[str] = []
    position = 0
    for cut in _cuts(lines):
        kept += lines[position : cut.begin]
        position = cut.end
        if cut.ends_all or not everything:
            return kept
    return kept + lines[position:]


def _trimmed(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _cuts(lines: list[str]) -> Iterator[Cut]:
    """Yield each passage of history, in order."""
    index = 0
    while index < len(lines):
        cut = _cut_at(lines, index)
        if cut is None:
            index += 1
            continue
        yield cut
        index = max(cut.end, index + 1)


def _cut_at(lines: list[str], index: int) -> Cut | None:
    """Return the passage that begins with this line."""
    line = lines[index]
    if not line.strip():
        return None
    if _QUOTED.match(line):
        return Cut(index, _end_of_quote(lines, index), ends_all=False)
    length = _attribution(lines, index)
    if length:
        after = _next_text(lines, index + length)
        if after is not None and _QUOTED.match(lines[after]):
            return Cut(index, _end_of_quote(lines, after), ends_all=False)
        return Cut(index, len(lines), ends_all=True)
    if _ends_everything(lines, index):
        return Cut(index, len(lines), ends_all=True)
    return None


def _ends_everything(lines: list[str], index: int) -> bool:
    """Tell whether history without marks begins here: a separator, a header block, a telephone's signature."""
    line = lines[index]
    if _is_marked_end(lines, index) or ADVERT.search(line):
        return True
    after = _next_text(lines, index + 1)
    # With the history marked below it, the signature is the writer's; else it is all that marks it.
    return (
        SENT_FROM.match(line) is not None
        and after is not None
        and not (_QUOTED.match(lines[after]) or _attribution(lines, after) or _is_marked_end(lines, after))
    )


def _is_marked_end(lines: list[str], index: int) -> bool:
    """Tell whether a separator, a header block or a line drawn above one stands here."""
    if SEPARATOR.match(lines[index]) or _is_header_block(lines, index):
        return True
    after = _next_text(lines, index + 1) if RULE.match(lines[index]) else None
    return after is not None and _is_header_block(lines, after)


def _attribution(lines: list[str], index: int) -> int:
    """Return how many lines from here say "on this day, that person wrote:"; 0 when they don't."""
    if not _starts_attribution(lines[index]):
        return 0
    joined = ""
    for count, line in enumerate(lines[index : index + _ATTRIBUTION_LINES], 1):
        if not line.strip() or (count > 1 and _QUOTED.match(line) and not _LOOSE_END.match(line)):
            return 0
        joined = f"{joined} {line.strip()}".strip()
        if len(joined) > 600:
            return 0
        if WHEN.search(joined) and (WROTE.search(joined) or BRACKETED_ADDRESS.search(joined)):
            # "approved 10:30" above "On Tuesday ... wrote:" is not part of it.
            return 0 if count > 1 and _attribution(lines, index + count - 1) else count
    return 0


def _starts_attribution(line: str) -> bool:
    """Tell whether a line could begin an attribution: it holds a date, or continues into one with its name."""
    return len(line) < 400 and (WHEN.search(line) is not None or line.lstrip()[:4].lower() in {"on m", "on t", "on w"})


def _is_header_block(lines: list[str], index: int) -> bool:
    """Tell whether From and two of date, recipient and subject stand here and in the next few lines."""
    if not (LABELS[0].match(lines[index]) or LABELS[1].match(lines[index])):
        return False
    near = [line for line in lines[index : index + _HEADER_LINES] if line.strip()]
    found = [any(label.match(line) for line in near) for label in LABELS]
    return found[0] and sum(found) >= 3


def _end_of_quote(lines: list[str], index: int) -> int:
    """Return the line after a block of quoted lines; blank lines inside it belong to it.

    So does what a mail program wrapped out of a long quoted line, and a signature below the block.
    """
    end = index
    while end < len(lines):
        if _QUOTED.match(lines[end]):
            end += 1
            continue
        after = _next_text(lines, end)
        if after is None or lines[after].rstrip() == "--":
            return len(lines)
        if after == end and _is_wrapped(lines, end):
            end += 1
        elif after == end or not _QUOTED.match(lines[after]):
            return end
        else:
            end = after
    return end


def _is_wrapped(lines: list[str], index: int) -> bool:
    """Tell whether an unmarked line is the rest of the long quoted line above it."""
    above = lines[index - 1]
    below = lines[index + 1] if index + 1 < len(lines) else ""
    return bool(_QUOTED.match(above) and len(above) >= _WRAPPED and _QUOTED.match(below))


def _next_text(lines: list[str], index: int) -> int | None:
    """Return the next line that is not blank."""
    return next((place for place in range(index, len(lines)) if lines[place].strip()), None)
