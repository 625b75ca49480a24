"""API keys: 256 bits of chance, shown once; only a hash is kept (reliability T32)."""

from __future__ import annotations

import base64
import hashlib
import re

SECRET_BYTES = 32
_FORM = re.compile(r"mrk_[a-z2-7]{8}_[a-z2-7]{44}")


def api_key(chance: bytes) -> str:
    """Return a key made of 32 random bytes: `mrk_`, a prefix to tell keys apart by, and the rest."""
    if len(chance) != SECRET_BYTES:
        raise ValueError(f"a key is made of {SECRET_BYTES} bytes, not {len(chance)}")
    words = base64.b32encode(chance).decode("ascii").rstrip("=").lower()
    return f"mrk_{words[:8]}_{words[8:]}"


def key_prefix(key: str) -> str:
    """Return the part of a key that lists and logs may show."""
    return key[: len("mrk_") + 8]


def key_hash(key: str) -> str:
    """Return what is stored: the SHA-256 in hexadecimal. A key is chance, so it needs no salt."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def is_api_key(text: str) -> bool:
    """Tell whether text has a key's form."""
    return _FORM.fullmatch(text) is not None
