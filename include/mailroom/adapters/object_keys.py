"""Which keys an object store takes: those made from ids and hashes, and nothing a mail could smuggle in."""

from __future__ import annotations

import re

from mailroom.domain.errors import RejectedInputError

_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_.=@+-]{0,199}"
_KEY = re.compile(rf"{_SEGMENT}(/{_SEGMENT})*")
_PREFIX = re.compile(rf"({_SEGMENT}/)*({_SEGMENT})?")


def checked_key(key: str) -> str:
    """Return `key`, or raise `RejectedInputError` with code `bad_key`.

    A key is segments of letters, digits and `_.=@+-` joined by `/`, none starting with a dot or dash: no
    `..`, no absolute path, no control character, no percent escape (T25, T26). At most 1,024 characters.
    """
    if len(key) > 1024 or _KEY.fullmatch(key) is None:
        raise RejectedInputError(f"{key[:200]!r} is no object key.", code="bad_key")
    return key


def checked_prefix(prefix: str) -> str:
    """Return `prefix`, the empty one included, or raise `RejectedInputError` with code `bad_key`."""
    if len(prefix) > 1024 or _PREFIX.fullmatch(prefix) is None:
        raise RejectedInputError(f"{prefix[:200]!r} is no beginning of an object key.", code="bad_key")
    return prefix
