"""Why a file cannot be read: one stable code and one clear sentence each."""

from __future__ import annotations

from enum import StrEnum

from mailroom.domain.errors import RejectedInputError

MAX_PAGES = 200
"""Pages a document may have (reliability T19)."""

MAX_BYTES = 50 * 1024 * 1024
"""Bytes a file may have before any parser sees it."""


class Fault(StrEnum):
    """What is wrong with a file; the values are the public error codes."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_PDF = "not_a_pdf"
    UNSUPPORTED_FORMAT = "unsupported_format"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    TOO_MANY_PAGES = "too_many_pages"
    NO_TEXT_LAYER = "no_text_layer"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"


_SENTENCES = {
    Fault.EMPTY: "The file is empty; it is needed again.",
    Fault.TOO_LARGE: f"The file is larger than {MAX_BYTES // 1024 // 1024} MB; a smaller one is needed.",
    Fault.NOT_A_PDF: "The file is named like a PDF but is really {found}.",
    Fault.UNSUPPORTED_FORMAT: "The file is {found}, which no reader here can read; a PDF is needed.",
    Fault.ENCRYPTED: "The PDF is protected by a password; it is needed without one.",
    Fault.BROKEN: "The PDF is damaged and cannot be opened; it is needed again.",
    Fault.TOO_MANY_PAGES: "The PDF has {pages} pages and the limit is {limit}.",
    Fault.NO_TEXT_LAYER: "The file has no text layer (it is a scan or a picture) and needs OCR.",
    Fault.TIMEOUT: "Reading the file took longer than {seconds:g} seconds and was stopped.",
    Fault.OUT_OF_MEMORY: "Reading the file needed more than {megabytes} MB of memory and was stopped.",
    Fault.CRASHED: "The reader crashed on this file; the file is kept for a person to look at.",
}


def unreadable(fault: Fault, **details: object) -> RejectedInputError:
    """Return the error to raise for `fault`; its `code` is the fault, its message one sentence.

    `details` fill the sentence: found, pages, limit, seconds, megabytes.
    """
    return RejectedInputError(_SENTENCES[fault].format(**details), code=fault.value)
