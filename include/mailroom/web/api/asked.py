"""What callers send."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mailroom.domain.transaction import State
from mailroom.payables.corrections import CORRECTABLE
from mailroom.settings.base import MailAddress

# Postgres keeps no NUL in a text.
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$")]
Value = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
Search = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class Asked(BaseModel):
    """A body; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WithReason(Asked):
    """An action that needs nothing but a reason."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Paid by card already."}]})

    reason: Words = Field(description="Why; it is kept with your name.")


class ContinueAsked(WithReason):
    """Take a transaction on at a step."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"step": "validate", "reason": "The supplier is on file now."}]}
    )

    step: Code = Field(description="extract, validate, approve, upload, or another step of the process.")


class CorrectAsked(WithReason):
    """Correct what was read from an invoice."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"fields": {"invoice_number": "INV-7", "due_date": "2026-12-31"}, "reason": "Misread."}]
        }
    )

    fields: dict[str, Value] = Field(
        min_length=1,
        max_length=len(CORRECTABLE),
        description=f"New values as text: amounts like 1234.50, dates like 2026-12-31, empty text clears a field. "
        f"Fields are {', '.join(CORRECTABLE)}.",
    )


class ReleaseAsked(WithReason):
    """Let findings pass."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"findings": ["unknown_sender"], "reason": "Called them, it is theirs."}]}
    )

    findings: list[Code] | None = Field(
        default=None,
        min_length=1,
        max_length=50,
        description="Rules, such as unknown_sender; all that stop it if none.",
    )


class PostedAsked(WithReason):
    """Say that a bill is in the accounting system already."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reference": "BILL-2026-0042", "reason": "Keyed by hand."}]}
    )

    reference: Words = Field(description="The bill's number or id in the accounting system.")


class DecideAsked(Asked):
    """Answer an approval request."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "reject", "reason": "Never delivered."}]})

    decision: Literal["approve", "reject"]
    reason: Words | None = Field(default=None, description="Needed to reject.")


class RefreshAsked(Asked):
    """Renew an access token."""

    refresh_token: str = Field(min_length=1, max_length=4000)


class TransactionSearch(Asked):
    """Words to look for stand in the body, so that no log or history keeps them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"search": "INV-2026", "state": "on_hold"}]})

    search: Search = Field(description="In the invoice number or id.")
    state: State | None = None
    reason: Code | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=300)


class MessageSearch(Asked):
    """Words to look for stand in the body, so that no log or history keeps them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"search": "billing@nordwind.example"}]})

    search: Search = Field(description="In sender, subject or Message-ID.")
    disposition: Code | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=300)


class FileAsked(Asked):
    """One file of a document that is handed in."""

    filename: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    content_base64: str = Field(min_length=1, description="The file's bytes in base64.")


class StartAsked(Asked):
    """Hand a document in, as JSON."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "files": [{"filename": "INV-7.pdf", "content_base64": "JVBERi0xLjcK..."}],
                    "sender": "billing@nordwind.example",
                }
            ]
        }
    )

    files: list[FileAsked] = Field(min_length=1, max_length=20)
    sender: MailAddress | None = Field(
        default=None, max_length=254, description="Whose invoice it is, as far as known."
    )
