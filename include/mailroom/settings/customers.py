"""One customer's policy: who they are, what runs for them, who decides, by when."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from mailroom.settings.base import MailAddress, Policy, Slug
from mailroom.settings.processes import ProcessChange


class CalendarPolicy(Policy):
    """Business days: weekdays less a country's holidays (ISO 3166 code, optional subdivision)."""

    country: str | None = None
    subdivision: str | None = None
    weekend: tuple[int, ...] = (5, 6)
    closed: tuple[str, ...] = ()


class ApproverRule(Policy):
    """Who decides: the first rule that fits an invoice names the approvers (mail addresses of users).

    A rule fits when every condition it states holds; `up_to` and `above` are gross amounts.
    """

    department: str | None = None
    supplier: str | None = None
    step: str = "approve"
    above: Decimal | None = None
    up_to: Decimal | None = None
    approvers: tuple[MailAddress, ...] = Field(min_length=1)


class ApprovalPolicy(Policy):
    """How decisions are asked for. Without a straight-through limit everything needs an approval.

    Every limit is in `currency`: an amount in another one counts as above all of them. Without `currency`
    the figures are compared as they stand. Reminders go out `reminder_hours` after the request; `remind_at`
    (local time, `HH:MM`) keeps them for the next business morning. `substitutes` names who is asked as well
    while an approver's mailbox answers that they are away.
    """

    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    straight_through_limit: Decimal | None = Field(default=None, ge=0)
    straight_through_confidence: Decimal = Field(default=Decimal("0.85"), ge=0, le=1)
    rules: tuple[ApproverRule, ...] = ()
    link_hours: int = Field(default=72, ge=1, le=72)
    reminder_hours: int = Field(default=24, ge=1)
    max_reminders: int = Field(default=2, ge=0, le=10)
    substitutes: dict[MailAddress, MailAddress] = Field(default_factory=dict)
    remind_at: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")


class PostingPolicy(Policy):
    """Where approved invoices go, and what stands in when the supplier names no account."""

    connector: str
    default_account: str | None = None
    default_tax_code: str | None = None
    draft: bool = True


class ReportPolicy(Policy):
    """Who reads the daily report, and when it is made (local time, `HH:MM`)."""

    recipients: tuple[MailAddress, ...] = ()
    at: str = Field(default="06:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")


class TicketPolicy(Policy):
    """Where a technical failure opens a ticket: a mail address, a webhook, or both.

    The webhook is HTTPS (plain HTTP to this machine only, in the local profile). `webhook_secret` names the secret
    that its signature is made with.
    """

    mail: MailAddress | None = None
    webhook: str | None = Field(
        default=None, pattern=r"^(https://[^\s/@]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(/[^\s]*)?$"
    )
    webhook_secret: str | None = None

    @model_validator(mode="after")
    def _signed(self) -> Self:
        if self.webhook is not None and self.webhook_secret is None:
            raise ValueError("a webhook needs `webhook_secret`, the name of the secret it is signed with")
        return self


class CustomerPolicy(Policy):
    """Everything a customer's file says, by the organization's slug."""

    organization: Slug
    name: str
    name_aliases: tuple[str, ...] = ()
    tax_ids: tuple[str, ...] = ()
    mode: Literal["shadow", "draft", "auto"] = "shadow"
    timezone: str = "UTC"
    language: str = "en"
    sender: MailAddress
    owner: MailAddress
    escalation_contact: MailAddress | None = None
    calendar: CalendarPolicy = CalendarPolicy()
    screening: str = "default"
    sla: str = "default"
    processes: dict[str, ProcessChange] = Field(default_factory=dict)
    approvals: ApprovalPolicy = ApprovalPolicy()
    posting: PostingPolicy | None = None
    report: ReportPolicy = ReportPolicy()
    tickets: TicketPolicy = TicketPolicy()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is no time zone; write it like Europe/Berlin")
        return value

    @property
    def escalates_to(self) -> str:
        """Return who is told when something has waited too long: the escalation contact, else the owner."""
        return self.escalation_contact or self.owner

    @property
    def zone(self) -> ZoneInfo:
        """Return the customer's time zone."""
        return ZoneInfo(self.timezone)
