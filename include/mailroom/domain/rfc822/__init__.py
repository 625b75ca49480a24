"""A raw mail as facts, with the standard library alone. Shared by intake and approvals."""

from mailroom.domain.rfc822.addresses import Sender
from mailroom.domain.rfc822.limits import DEFAULT_LIMITS, MailLimits
from mailroom.domain.rfc822.mail import Mail, canonical_sha256, read_mail
from mailroom.domain.rfc822.parts import Part

__all__ = ["DEFAULT_LIMITS", "Mail", "MailLimits", "Part", "Sender", "canonical_sha256", "read_mail"]
