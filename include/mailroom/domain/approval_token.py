"""The token that ties an answer to one approval request of one version (reliability T5, T6, T10).

It travels in our Message-ID, so it comes back in In-Reply-To and References; in a tag in the subject, for
mail programs that drop those; and in the link. Only its hash is stored. What stands in quoted text, in To or
in a forwarded mail is never looked at.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from uuid import UUID

from mailroom.domain.rfc822 import Mail

_FORM = "[a-z2-7]{26}"  # 128 bits in base32 (RFC 4648) without padding
_IN_ID = re.compile(rf"<approval\.({_FORM})@[^<>\s@]+>", re.IGNORECASE)
_IN_SUBJECT = re.compile(rf"\[#({_FORM})\]", re.IGNORECASE)


def make_token(key: bytes, approval_id: UUID, transaction_id: UUID, version_hash: str, approver: str) -> str:
    """Return the request's token: the first 128 bits of an HMAC-SHA256, the same each time it is made.

    `version_hash` covers amount, payee, account and lines as the approver saw them; `approver` is an address.
    """
    parts = ("approval", str(approval_id), str(transaction_id), version_hash, approver.strip().lower())
    # Each part with its length: no two different lists of parts give the same bytes.
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    digest = hmac.new(key, message, hashlib.sha256).digest()[:16]
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()


def token_hash(token: str) -> str:
    """Return what is stored: the SHA-256 of the token in hexadecimal."""
    return hashlib.sha256(token.strip().lower().encode("utf-8", "replace")).hexdigest()


def is_token(text: str) -> bool:
    """Tell whether text has a token's form."""
    return re.fullmatch(_FORM, text) is not None


def approval_message_id(token: str, domain: str) -> str:
    """Return the Message-ID of the request mail."""
    return f"<approval.{token}@{domain}>"


def subject_tag(token: str) -> str:
    """Return the tag that the request's subject ends with."""
    return f"[#{token}]"


def tokens_in(mail: Mail) -> tuple[str, ...]:
    """Return each token that this mail answers: In-Reply-To, nearest reference, subject."""
    ids = [*mail.in_reply_to, *reversed(mail.references)]
    found = [match[1] for one in ids if (match := _IN_ID.fullmatch(one))]
    found += _IN_SUBJECT.findall(mail.subject)
    return tuple(dict.fromkeys(token.lower() for token in found))


def without_tokens(subject: str) -> str:
    """Return a subject as it may be kept and shown: whoever reads the token in it could decide (T6)."""
    return " ".join(_IN_SUBJECT.sub("", subject).split())
