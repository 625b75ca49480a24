"""Which rule of a rule set claims a mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mailroom.domain.html_text import visible_text
from mailroom.domain.rfc822 import Mail
from mailroom.intake.parts import ScreenedPart
from mailroom.settings.screening import ScreeningRule, TextTest, When

_SEARCHED = 20_000


@dataclass(frozen=True, slots=True)
class Claim:
    """The deciding rule, and the names of those that matched before it with `continue`."""

    rule: ScreeningRule
    passed: tuple[str, ...] = ()


def first_claim(rules: Sequence[ScreeningRule], mail: Mail, parts: Sequence[ScreenedPart]) -> Claim | None:
    """Return the first rule that matches; one with `continue` only decides when no later one does."""
    passed: list[ScreeningRule] = []
    text = readable_text(mail)
    for rule in rules:
        if not _holds(rule.when, mail, parts, text):
            continue
        if not rule.continue_:
            return Claim(rule, tuple(earlier.name for earlier in passed))
        passed.append(rule)
    return Claim(passed[-1], tuple(rule.name for rule in passed[:-1])) if passed else None


def readable_text(mail: Mail) -> str:
    """Return what a person reads first, forwarded mails included; at most 20,000 characters."""
    own = mail.text if mail.text and mail.text.strip() else visible_text(mail.html or "")
    forwarded = [
        visible_text(part.text) if part.content_type == "text/html" else part.text
        for part in mail.parts
        if part.nested and part.content_type in {"text/plain", "text/html"} and not part.filename
    ]
    return "\n".join([own, *forwarded])[:_SEARCHED]


def _holds(when: When, mail: Mail, parts: Sequence[ScreenedPart], text: str) -> bool:
    domains = [address.rpartition("@")[2] for address in mail.from_addresses]
    return (
        _any(when.sender, mail.from_addresses)
        and _any(when.sender_domain, domains)
        and _any(when.recipient, mail.recipients)
        and _any(when.subject, [mail.subject])
        and _any(when.text, [text])
        and _attached(when, parts)
    )


def _attached(when: When, parts: Sequence[ScreenedPart]) -> bool:
    if when.attachment_name is None and not when.attachment_kind:
        return True
    return any(
        (when.attachment_name is None or passes(when.attachment_name, screened.part.filename or ""))
        and (not when.attachment_kind or not {screened.kind, screened.file_kind}.isdisjoint(when.attachment_kind))
        for screened in parts
        if screened.file_kind != "none"
    )


def _any(test: TextTest | None, texts: Iterable[str]) -> bool:
    return test is None or any(passes(test, text) for text in texts)


def passes(test: TextTest, text: str) -> bool:
    """Tell whether a text passes a test."""
    if test.any_of is not None:
        return any(passes(one, text) for one in test.any_of)
    if test.matches is not None:
        return re.search(test.matches, text, re.IGNORECASE) is not None
    folded = " ".join(text.casefold().split())
    if test.contains is not None:
        return " ".join(test.contains.casefold().split()) in folded
    return _whole(test.is_ or "").fullmatch(folded) is not None


@lru_cache(maxsize=1_000)
def _whole(pattern: str) -> re.Pattern[str]:
    """Compile a whole-text comparison in which only `*` is special."""
    return re.compile(".*".join(re.escape(piece) for piece in " ".join(pattern.casefold().split()).split("*")))
