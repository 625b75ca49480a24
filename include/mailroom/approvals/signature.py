"""DKIM signatures, checked by ourselves, and what they cover (RFC 6376; reliability T5).

Only a signature of the sender's own domain counts. It must cover From, Subject, Date and Message-ID, each of which
must stand once; a body length (`l=`) is refused, for text can be added behind it. Where Content-Type is not covered
the body must not be such that another one makes it say something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import dkim  # type: ignore[import-untyped]

from mailroom.domain.rfc822 import Mail
from mailroom.domain.rfc822.parts import parse

_NEEDED = ("from", "subject", "date", "message-id")
_ALGORITHMS = {"rsa-sha256", "ed25519-sha256"}  # RFC 8301 took rsa-sha1 away
_MOST_SIGNATURES = 5
_TESTING = re.compile(rb"(?:^|;)\s*t\s*=[^;]*\by\b")

TextLookup = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which header fields a signature covers (lower case), or why it is worth nothing."""

    fields: frozenset[str] = frozenset()
    fault: str | None = None


def claimed_coverage(mail: Mail, domain: str) -> tuple[Coverage, ...]:
    """Return what each signature that DMARC may have gone by says it covers; nothing is verified here."""
    return tuple(
        _coverage(mail, tags) for tags in map(_tags, _signatures(mail)) if _is_related(tags.get("d", ""), domain)
    )


def verified_coverage(mail: Mail, domain: str, look_up: TextLookup) -> Coverage:
    """Return what a signature of the domain covers once it is verified; with `fault` when none holds.

    Raises `UnavailableError` when the DNS does not answer.
    """
    faults: list[str] = []
    for index, tags in enumerate(map(_tags, _signatures(mail)[:_MOST_SIGNATURES])):
        if not _aligned(tags.get("d", ""), domain):
            continue
        coverage = _coverage(mail, tags)
        fault = coverage.fault or _verification_fault(mail, index, look_up)
        if fault is None:
            return coverage
        faults.append(fault)
    return Coverage(fault=faults[0] if faults else f"no DKIM signature of {domain}")


def _signatures(mail: Mail) -> list[str]:
    return mail.values("DKIM-Signature")


def _aligned(signer: str, domain: str) -> bool:
    """Accept the From domain itself or a parent of it with at least two labels."""
    return "." in signer and (domain == signer or domain.endswith(f".{signer}"))


def _is_related(signer: str, domain: str) -> bool:
    """Tell whether DMARC could take the signer for the domain's: relaxed alignment goes by the registered domain."""
    return signer.split(".")[-2:] == domain.split(".")[-2:]


def _tags(value: str) -> dict[str, str]:
    """Return the tag list of a signature, names and values without white space, `d` and `h` in lower case."""
    tags: dict[str, str] = {}
    for piece in value.split(";"):
        name, equals, text = piece.partition("=")
        if equals:
            tags.setdefault(name.strip(), "".join(text.split()))
    return tags | {name: tags[name].lower() for name in ("d", "h", "a") if name in tags}


def _coverage(mail: Mail, tags: dict[str, str]) -> Coverage:
    fields = frozenset(tags.get("h", "").split(":"))
    fault = None
    missing = [name for name in _NEEDED if name not in fields]
    if "l" in tags:
        fault = "the signature covers only part of the body (l=)"
    elif missing:
        fault = f"the signature does not cover {', '.join(missing)}"
    elif tags.get("a") not in _ALGORITHMS:
        fault = "the signature's algorithm is not accepted"
    else:
        doubled = next((name for name in _NEEDED if len(mail.values(name)) != 1), None)
        fault = f"{doubled} does not stand exactly once" if doubled else _cut_anew(mail, fields)
    return Coverage(frozenset(name for name in fields if len(mail.values(name)) <= 1), fault)


def _cut_anew(mail: Mail, fields: frozenset[str]) -> str | None:
    """Find a mail whose text another boundary could have cut out of a quotation: text stands before its first part."""
    if "content-type" in fields and len(mail.values("Content-Type")) <= 1:
        return None
    if mail.problem:
        return f"the mail could not be read: {mail.problem}"
    message = parse(mail.raw)
    if message.is_multipart() and (message.preamble or "").strip():
        return "the signature does not cover content-type, and text stands before the first part"
    return None


def _verification_fault(mail: Mail, index: int, look_up: TextLookup) -> str | None:
    """Verify one signature; return what is wrong."""
    testing = False

    def answer(name: bytes | str, timeout: int = 5) -> bytes | None:
        nonlocal testing
        text = look_up(name.decode("ascii", "replace") if isinstance(name, bytes) else name)
        testing = text is not None and _TESTING.search(text) is not None
        return text

    if _parses_differently(mail):
        return "the header block can be read in two ways"
    try:
        holds = bool(dkim.DKIM(mail.raw, minkey=1024).verify(idx=index, dnsfunc=answer))
    except (dkim.DKIMException, ValueError, KeyError, TypeError, IndexError, AssertionError) as err:
        return f"the signature cannot be checked ({type(err).__name__})"
    if testing:
        return "the signer's key is marked as a test"
    return None if holds else "the signature does not hold"


def _parses_differently(mail: Mail) -> bool:
    """Tell whether dkimpy and our own parser see different header fields."""
    try:
        signed, _ = dkim.rfc822_parse(mail.raw)
    except (dkim.DKIMException, IndexError):
        return True
    theirs = [(bytes(name).lower(), b"".join(bytes(value).split())) for name, value in signed]
    ours = [(header.name.lower().encode("ascii", "replace"), b"".join(header.raw.split())) for header in mail.headers]
    return theirs != ours
