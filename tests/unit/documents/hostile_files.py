# ruff: noqa: E501
"""Files made to hurt a parser, small on disk (reliability T16-T19)."""

from __future__ import annotations

import zlib


def _pdf(objects: list[bytes]) -> bytes:
    body, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


def _stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), extra, content)


_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> %s >> >>"


def inflating_pdf(size: int = 1 << 30) -> bytes:
    """A page whose content inflates to `size` bytes, twice compressed to a few kilobytes."""
    packer = zlib.compressobj(9)
    chunk = b" " * (1 << 20)
    once = b"".join(packer.compress(chunk) for _ in range(size >> 20)) + packer.flush()
    return _pdf(
        [_CATALOG, _PAGES, _PAGE % b"", _stream(zlib.compress(once, 9), b"/Filter [/FlateDecode /FlateDecode]")]
    )


def endless_text_pdf(repeats: int = 8_000_000) -> bytes:
    """A page with millions of text operators, compressed to a few kilobytes."""
    content = b"BT /F 9 Tf " + b"(x)Tj " * repeats + b"ET"
    return _pdf([_CATALOG, _PAGES, _PAGE % b"", _stream(zlib.compress(content, 9), b"/Filter /FlateDecode")])


def nested_forms_pdf(levels: int = 12, width: int = 10) -> bytes:
    """A page of forms that each draw the next one ten times (a billion laughs)."""
    objects = [_CATALOG, _PAGES, _PAGE % b"/XObject << /X 5 0 R >>", _stream(b"/X Do")]
    for level in range(levels):
        last = level == levels - 1
        content = b"BT /F 9 Tf (x) Tj ET" if last else b"/X Do " * width
        resources = b"" if last else b"/Resources << /XObject << /X %d 0 R >> >>" % (6 + level)
        objects.append(_stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + resources))
    return _pdf(objects)


def looping_pages_pdf() -> bytes:
    """A page tree that is its own child."""
    return _pdf([_CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"])


def many_pages_pdf(count: int = 20_000) -> bytes:
    """A page tree that lists one page `count` times."""
    kids = b"3 0 R " * count
    return _pdf([_CATALOG, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count), _PAGE % b"", _stream(b"")])
