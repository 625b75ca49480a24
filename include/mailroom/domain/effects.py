"""Effects every desk uses: what is written in the same commit as the move that caused it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mailroom.domain.finding import Finding
from mailroom.domain.mail import Attachment


@dataclass(frozen=True, slots=True)
class SendMail:
    """A mail to send. `template` names it, `context` fills it; `key` makes it once per transaction.

    `internet_message_id` overrides the stable Message-ID that is otherwise made from the key.
    """

    template: str
    recipient: str
    key: str
    context: dict[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    internet_message_id: str | None = None
    in_reply_to: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallWebhook:
    """A call to another system. `event` names it, `body` becomes its JSON; `key` makes it once per transaction."""

    event: str
    url: str
    key: str
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetClock:
    """A clock that falls due once; setting the same kind and level again replaces it."""

    kind: str
    due_at: datetime
    level: int = 0
    policy: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StopClocks:
    """Stop a transaction's clocks of these kinds (every kind when empty)."""

    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaveFindings:
    """What a step found now: replaces what it found before; a release stays while its `found` is the same."""

    step: str
    findings: tuple[Finding, ...] = ()
