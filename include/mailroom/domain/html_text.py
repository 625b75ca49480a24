"""What a person sees of an HTML mail, as text. One pass, no recursion, no network, nothing hidden.

Quoted blocks come out with `> ` before each line; a rule (`<hr>`) as a line of underscores.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LONGEST = 1_000_000
_LONGEST_TAG = 5_000
_TAG = re.compile(r"(/?)([A-Za-z][A-Za-z0-9:_-]*)")
_ATTRIBUTE = re.compile(r"([A-Za-z_:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_STYLE_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"[.#][A-Za-z_][\w-]*")
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "source"})
_NEVER_SHOWN = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg", "select"})
_BLOCK = re.compile(
    "address|article|blockquote|body|center|d[dlt]|div|fieldset|footer|form|h[1-6]|header|li|main|nav|ol|p|pre"
    "|section|table|tbody|tfoot|thead|tr|ul"
)
_CELLS = frozenset({"td", "th"})
_HIDDEN = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0*(?:\.0+)?(?:px|pt|em|rem|%)?(?:;|!|$)"
    r"|opacity:0*(?:\.0+)?(?:;|!|$)|mso-hide:all|(?:^|;)(?:max-)?height:0(?:px|pt)?(?:;|!|$)"
    r"|(?:^|;)color:(?:#fff(?:fff)?|white|transparent|rgba?\(255,255,255[^)]*\))(?:;|!|$)"
    r"|text-indent:-\d{3,}|(?:left|top):-\d{3,}"
)
_QUOTE_CLASS = re.compile(r"\b(?:gmail_quote|yahoo_quoted|protonmail_quote|moz-cite-prefix|zmail_extra)\b")


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    tag: str
    hidden: bool
    quoted: int


@dataclass(slots=True)
class _Page:
    """The text so far."""

    hidden_names: frozenset[str]
    stack: list[_Open] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    has_text: bool = False
    quoted: int = 0

    def state(self) -> tuple[bool, int]:
        """Return (hidden, quote level) of the innermost open element."""
        return (self.stack[-1].hidden, self.stack[-1].quoted) if self.stack else (False, 0)

    def end_line(self) -> None:
        """Finish the current line at the quote level its text was written at."""
        text = " ".join("".join(self.pieces).split())
        self.lines.append("> " * self.quoted + text if text else "")
        self.pieces, self.has_text = [], False

    def write(self, text: str) -> None:
        """Add text where it is shown."""
        hidden, quoted = self.state()
        if hidden or not text:
            return
        if quoted != self.quoted and self.has_text:
            self.end_line()
        if text.strip():
            self.quoted, self.has_text = quoted, True
        self.pieces.append(text)

    def break_line(self) -> None:
        """Start a new block: one line end, however many tags say so."""
        if self.has_text:
            self.end_line()
        self.pieces = []


def visible_text(source: str) -> str:
    """Return the text that is shown, at most of the first million characters."""
    source = source[:_LONGEST]
    page = _Page(_hidden_names(source))
    for tag, closing, attributes, text in _tokens(source):
        if tag:
            _apply(page, tag, closing, attributes)
        else:
            page.write(html.unescape(text))
    page.break_line()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(page.lines)).strip("\n")


def _tokens(source: str) -> Iterator[tuple[str, bool, str, str]]:
    """Yield (tag, closing, attributes, text): a tag, or text with an empty tag. Linear in the input."""
    position = 0
    while True:
        start = source.find("<", position)
        if start < 0:
            yield "", False, "", source[position:]
            return
        if start > position:
            yield "", False, "", source[position:start]
        if source.startswith("<!--", start):
            end = source.find("-->", start + 4)
            if end < 0:
                return
            position = end + 3
            continue
        name = _TAG.match(source, start + 1)
        if name is None and source[start + 1 : start + 2] not in {"!", "?", "/"}:
            yield "", False, "", "<"
            position = start + 1
            continue
        end = _tag_end(source, start + 1)
        if end < 0:
            return
        position = end + 1
        if name is not None:
            tag = name[2].lower()
            yield tag, bool(name[1]), source[name.end() : min(end, name.end() + _LONGEST_TAG)], ""
            if tag in {"script", "style"} and not name[1]:
                position = _after_raw_text(source, tag, position)


def _tag_end(source: str, start: int) -> int:
    """Return where the tag closes; a > inside a quoted attribute does not close it."""
    end = source.find(">", start)
    for _ in range(20):
        inside = source[start : min(end, start + _LONGEST_TAG)] if end >= 0 else ""
        if inside.count('"') % 2 == 0:
            return end
        later = source.find(">", end + 1, start + _LONGEST_TAG)
        if later < 0:
            return end
        end = later
    return end


def _after_raw_text(source: str, tag: str, position: int) -> int:
    """Return where the closing tag of a script or style begins."""
    end = source.find(f"</{tag}", position)
    if end < 0:
        end = source.find(f"</{tag.upper()}", position)
    return end if end >= 0 else len(source)


def _apply(page: _Page, tag: str, closing: bool, attributes: str) -> None:
    """Change the page by one tag."""
    if tag == "br":
        hidden, quoted = page.state()
        if not hidden:
            page.quoted = page.quoted if page.has_text else quoted
            page.end_line()
        return
    if _BLOCK.fullmatch(tag) or tag == "hr":
        page.break_line()
    elif tag in _CELLS:
        page.write(" ")
    if tag == "hr":
        page.write("_" * 32)
        page.break_line()
    elif closing:
        _close(page, tag)
    elif tag not in _VOID:
        _open(page, tag, attributes)
    if tag in {"p", "blockquote"} and closing and page.lines and page.lines[-1]:
        page.lines.append("")


def _open(page: _Page, tag: str, attributes: str) -> None:
    values = {name.lower(): next(filter(None, quoted), "") for name, *quoted in _ATTRIBUTE.findall(attributes)}
    hidden, quoted = page.state()
    names = {f".{name}" for name in values.get("class", "").split()} | {f"#{values.get('id', '')}"}
    style = "".join(html.unescape(values.get("style", "")).split()).lower()
    hidden = (
        hidden
        or tag in _NEVER_SHOWN
        or bool(re.search(r"(?:^|\s)hidden(?:\s|=|/|$)", attributes))
        or bool(_HIDDEN.search(style))
        or values.get("color", "").lower() in {"white", "#fff", "#ffffff"}
        or bool(names & page.hidden_names)
    )
    if tag == "blockquote" or _QUOTE_CLASS.search(values.get("class", "")):
        quoted = min(quoted + 1, 20)
    page.stack.append(_Open(tag, hidden, quoted))


def _close(page: _Page, tag: str) -> None:
    """Close the nearest open element of this name, and what is open inside it."""
    for depth in range(1, min(len(page.stack), 100) + 1):
        if page.stack[-depth].tag == tag:
            del page.stack[-depth:]
            return


def _hidden_names(source: str) -> frozenset[str]:
    """Return the classes and ids that a style sheet in the mail hides."""
    names: set[str] = set()
    position = 0
    while (start := source.find("<style", position)) >= 0:
        end = _after_raw_text(source, "style", start)
        sheet = source[start:end]
        for selector, rules in _STYLE_RULE.findall(sheet[:100_000]):
            if _HIDDEN.search("".join(rules.split()).lower()):
                names.update(_SELECTOR.findall(selector))
        position = end + 1
    return frozenset(names)
