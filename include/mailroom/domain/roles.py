"""Who may do what: a role's rights. A clerk prepares and never approves (segregation of duties)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a person, or a program with a key, is to their organization."""

    VIEWER = "viewer"
    CLERK = "clerk"
    APPROVER = "approver"
    OFFICER = "officer"
    ADMIN = "admin"


class Right(StrEnum):
    """One thing that can be allowed."""

    READ = "read"
    """See transactions, messages, approvals, mailboxes and reports."""
    START = "start"
    """Hand a document in."""
    CLEAR = "clear"
    """Clear exceptions: continue, correct, release what holds, reject, cancel."""
    OVERRULE = "overrule"
    """Release what blocks, and say that a bill is in the accounting system."""
    DECIDE = "decide"
    """Answer an approval request that was put to oneself."""


_PREPARES = frozenset({Right.READ, Right.START, Right.CLEAR})

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.READ}),
    Role.CLERK: _PREPARES,
    Role.APPROVER: frozenset({Right.READ, Right.DECIDE}),
    Role.OFFICER: _PREPARES | {Right.OVERRULE, Right.DECIDE},
    Role.ADMIN: frozenset(Right),
}
"""Each role's rights. Deciding needs a person besides: a key without one decides nothing."""
