"""What a file really is, from its bytes, whatever its name or declared type says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

import puremagic

_HEAD = 1024
"""Bytes in which a PDF header may start (pdfium and Acrobat accept as much)."""
_XML_STARTS = (b"<?xml", b"\xef\xbb\xbf<?xml", b"\xff\xfe<\x00?\x00", b"\xfe\xff\x00<\x00?")
_ZIP = b"PK\x03\x04"
_OFFICE_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body")


class ContentKind(StrEnum):
    """The kinds the readers tell apart."""

    PDF = "pdf"
    IMAGE = "image"
    XML = "xml"
    HTML = "html"
    MAIL = "mail"
    OFFICE = "office"
    ARCHIVE = "archive"
    TEXT = "text"
    OTHER = "other"
    EMPTY = "empty"


_OFFICE = {".docx", ".xlsx", ".pptx", ".doc", ".xls", ".ppt", ".odt", ".ods", ".rtf", ".msg"}
_ARCHIVES = {".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz", ".jar"}


@dataclass(frozen=True, slots=True)
class Content:
    """The kind of a file, its media type, and words for a sentence ("a PNG image")."""

    kind: ContentKind
    media_type: str
    words: str


def recognize(content: bytes, filename: str = "") -> Content:
    """Tell what the bytes are; the name only helps to tell texts apart."""
    if not content:
        return Content(ContentKind.EMPTY, "application/x-empty", "an empty file")
    if _is_pdf(content):
        return Content(ContentKind.PDF, "application/pdf", "a PDF")
    head = content[:_HEAD].lstrip().lower()
    if head.startswith(_MARKUP):
        return Content(ContentKind.HTML, "text/html", "an HTML page")
    if content.startswith(_XML_STARTS):
        return _markup(head)
    if content.startswith(_ZIP):
        return _zipped(content)
    return _by_magic(content) or _text(content, filename)


def _zipped(content: bytes) -> Content:
    """Tell office documents from other archives by the part that every one of them has."""
    if any(mark in content for mark in _OFFICE_PARTS):
        return Content(ContentKind.OFFICE, "application/octet-stream", "an office document")
    return Content(ContentKind.ARCHIVE, "application/zip", "an archive (zip)")


def _is_pdf(content: bytes) -> bool:
    """Accept a header that follows white space or a few stray bytes, not one behind another format."""
    start = content[:_HEAD].find(b"%PDF-")
    if start < 0:
        return False
    before = content[:start].strip(b"\x00 \t\r\n\xef\xbb\xbf")
    return not before or not (before.startswith((b"MZ", b"PK", b"\x7fELF")) or b"<" in before)


def _markup(head: bytes) -> Content:
    if b"<html" in head or b"<!doctype html" in head:
        return Content(ContentKind.HTML, "text/html", "an HTML page")
    return Content(ContentKind.XML, "application/xml", "an XML file")


def _by_magic(content: bytes) -> Content | None:
    try:
        matches = puremagic.magic_string(content[: 64 * 1024])
    except (puremagic.PureError, ValueError):
        return None
    for match in matches:
        media, extension = match.mime_type or "", match.extension.lower()
        if media.startswith("image/"):
            return Content(ContentKind.IMAGE, media, f"a picture ({media})")
        if extension in _OFFICE:
            return Content(ContentKind.OFFICE, media or "application/octet-stream", "an office document")
        if extension in _ARCHIVES:
            return Content(ContentKind.ARCHIVE, media or "application/zip", f"an archive ({extension[1:]})")
        if extension in {".exe", ".dll", ".elf"} or "executable" in (match.name or "").lower():
            return Content(ContentKind.OTHER, media or "application/octet-stream", "a program")
    return None


def _text(content: bytes, filename: str) -> Content:
    sample = content[: 8 * _HEAD]
    if b"\x00" in sample:
        return Content(ContentKind.OTHER, "application/octet-stream", "a file of an unknown format")
    if PurePath(filename).suffix.lower() == ".eml" or sample.lower().startswith((b"received:", b"return-path:")):
        return Content(ContentKind.MAIL, "message/rfc822", "a mail")
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as err:
        if err.start < len(sample) - 4 and sum(byte < 9 for byte in sample):
            return Content(ContentKind.OTHER, "application/octet-stream", "a file of an unknown format")
    return Content(ContentKind.TEXT, "text/plain", "a plain text")
