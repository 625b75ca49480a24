"""The link of an approval request, and the seal of the form behind it."""

from __future__ import annotations

import hashlib

from itsdangerous import BadSignature, TimestampSigner

from mailroom.database.approvals import Approval
from mailroom.domain.approval_token import approval_message_id, make_token, token_hash
from mailroom.domain.errors import UnknownIdError

FORM_SECONDS = 3600
"""How long an opened page can be sent."""


def token_of(approval: Approval, token_key: bytes) -> str:
    """Make an approval's token again; it is kept nowhere.

    Raises `UnknownIdError` when the key or the approver's address is not the one it was asked with.
    """
    token = make_token(token_key, approval.id, approval.transaction_id, approval.version_hash, approval.approver_email)
    if token_hash(token) != approval.token_hash:
        message = f"the token of approval {approval.id} cannot be made again: its key or address has changed"
        raise UnknownIdError(message, code="token_lost")
    return token


def approval_link(web_url: str, token: str) -> str:
    """Return the page's address. Opening it changes nothing (T7)."""
    return f"{web_url.rstrip('/')}/a/{token}"


def request_message_id(token: str, sender: str, reminder: int = 0) -> str:
    """Return the Message-ID of a request or of one of its reminders; all carry the token."""
    domain = sender.rpartition("@")[2]
    return approval_message_id(token, f"reminder{reminder}.{domain}" if reminder else domain)


def sealed_form(token_key: bytes, token: str) -> str:
    """Return what the form must send back: proof that the page was opened and for which approval."""
    return _signer(token_key).sign(token_hash(token)).decode()


def is_sealed(token_key: bytes, token: str, seal: str) -> bool:
    """Tell whether a form's seal is ours, for this approval, and young enough."""
    try:
        return _signer(token_key).unsign(seal, max_age=FORM_SECONDS).decode() == token_hash(token)
    except BadSignature:
        return False


def _signer(token_key: bytes) -> TimestampSigner:
    return TimestampSigner(token_key, salt="mailroom.approval.form", digest_method=hashlib.sha256)
