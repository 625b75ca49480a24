"""What an opaque S/MIME signature encloses, read without keys (C18). The signature is not checked."""

from __future__ import annotations

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2, RFC 5652 5.1
_DEEPEST = 12
_OCTETS, _SEQUENCE, _EXPLICIT_0 = 0x04, 0x30, 0xA0

_Element = tuple[int, int, int, int]


class _NotBerError(ValueError):
    """The bytes are not what RFC 5652 describes."""


def signed_content(body: bytes) -> bytes | None:
    """Return the content of a CMS SignedData, or None when it is encrypted, detached or something else."""
    try:
        return _content(body)
    except (_NotBerError, IndexError):
        return None


def _content(body: bytes) -> bytes | None:
    outer = _children(body, _element(body, 0, len(body)), 0)
    if len(outer) < 2 or _bytes(body, outer[0]) != _SIGNED_DATA:
        return None
    signed = _children(body, _children(body, outer[1], 1)[0], 2)
    enclosed = _children(body, _first_sequence(signed), 3)
    if len(enclosed) < 2 or enclosed[1][0] != _EXPLICIT_0:
        return None
    return _octets(body, _children(body, enclosed[1], 4)[0], 5)


def _element(body: bytes, at: int, end: int) -> _Element:
    """Return (tag, begin, end of content, end of element); an indefinite length is -1 until walked."""
    if at + 2 > end:
        raise _NotBerError("cut short")
    tag, length, begin = body[at], body[at + 1], at + 2
    if length == 0x80:
        return tag, begin, -1, -1
    if length > 0x80:
        size = length & 0x7F
        if size > 4:
            raise _NotBerError("length of more than four bytes")
        length, begin = int.from_bytes(body[begin : begin + size], "big"), begin + size
    if begin + length > end:
        raise _NotBerError("longer than the file")
    return tag, begin, begin + length, begin + length


def _children(body: bytes, element: _Element, depth: int) -> list[_Element]:
    """Return the elements inside one, with every indefinite length resolved."""
    if depth > _DEEPEST:
        raise _NotBerError("nested too deep")
    _, at, stop, _ = element
    indefinite, limit = stop < 0, len(body) if stop < 0 else stop
    found: list[_Element] = []
    while at < limit:
        if indefinite and body[at : at + 2] == b"\0\0":
            return found
        child = _element(body, at, limit)
        if child[2] < 0:
            inner = _children(body, child, depth + 1)
            last = inner[-1][3] if inner else child[1]
            child = (child[0], child[1], last, last + 2)
        found.append(child)
        at = child[3]
    return found


def _bytes(body: bytes, element: _Element) -> bytes:
    return body[element[1] : element[2]]


def _octets(body: bytes, element: _Element, depth: int) -> bytes:
    """Return an octet string, whole or in pieces (BER constructed form)."""
    if element[0] == _OCTETS:
        return _bytes(body, element)
    if element[0] != _OCTETS | 0x20:
        raise _NotBerError("content is no octet string")
    return b"".join(_octets(body, child, depth + 1) for child in _children(body, element, depth + 1))


def _first_sequence(elements: list[_Element]) -> _Element:
    for element in elements:
        if element[0] == _SEQUENCE:
            return element
    raise _NotBerError("no enclosed content")
