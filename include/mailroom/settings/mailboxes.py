"""A mailbox's policy: where it is, whose mail it holds, what proves a sender, what is done afterwards."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mailroom.settings.base import MailAddress, Policy, Slug

OPERATOR = "shared"
"""`organization` of a mailbox that several customers share; its mail is the operator's until claimed."""

Security = Literal["tls", "starttls", "plain"]
SecretName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,127}$")]
ProofRule = Annotated[str, Field(pattern=r"^(link_only|microsoft365|dkim|authserv [A-Za-z0-9][A-Za-z0-9.-]*)$")]
AfterRule = Annotated[str, Field(pattern=r"^(none|seen|flag [$A-Za-z0-9_.-]+|move to \S.*)$")]


def is_loopback(host: str) -> bool:
    """Tell whether `host` names this machine without asking DNS."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class FinishedMail:
    """What is done to a message in the mailbox once its disposition is committed; all cosmetic."""

    seen: bool = False
    flag: str | None = None
    move_to: str | None = None


class OAuthGrant(Policy):
    """How an access token is fetched (RFC 6749); `password_secret` is the client secret or refresh token."""

    token_url: str = Field(pattern=r"^https?://")
    client_id: str
    grant: Literal["client_credentials", "refresh_token"] = "client_credentials"
    scope: str | None = None
    client_secret: SecretName | None = None

    @model_validator(mode="after")
    def _encrypted(self) -> Self:
        host = re.sub(r"^https?://([^/:]+|\[[^]]*\]).*$", r"\1", self.token_url).strip("[]")
        if self.token_url.startswith("http://") and not is_loopback(host):
            raise ValueError("token_url must be https, http is for this machine only")
        return self


class Ownership(Policy):
    """Whose mail it is in a shared mailbox: every list given must have a match.

    Entries are addresses or patterns with `*`, such as `*@acme.example`; case does not count.
    """

    organization: Slug
    recipients: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.recipients and not self.senders:
            raise ValueError("name at least one of recipients and senders")
        return self

    def claims(self, recipients: Sequence[str], sender: str) -> bool:
        """Tell whether a mail with these bare addresses is this organization's."""
        to_us = not self.recipients or any(_matches(address, self.recipients) for address in recipients)
        return to_us and (not self.senders or _matches(sender, self.senders))


class Mailbox(Policy):
    """One mailbox that Mailroom reads.

    `dedicated` says that everything in it is for Mailroom; elsewhere, mail that no rule claims is left
    alone. `proof` says what proves the sender of a decision; `after` is done to finished mail: `none`,
    `seen`, `flag NAME` or `move to FOLDER`. Sizes in bytes, times in seconds.
    """

    name: Slug
    address: MailAddress
    host: str = Field(min_length=1)
    port: int = Field(default=0, ge=0, le=65535, description="0 means 993 with tls, 143 otherwise")
    security: Security = "tls"
    ca_file: str | None = Field(default=None, description="certificates to trust in place of the system's")
    username: str = Field(min_length=1)
    password_secret: SecretName
    oauth: OAuthGrant | None = Field(default=None, description="log in with XOAUTH2 in place of a password")
    folders: tuple[str, ...] = Field(default=("INBOX",), min_length=1)
    organization: Slug
    whose: tuple[Ownership, ...] = ()
    dedicated: bool = False
    proof: ProofRule = "link_only"
    after: AfterRule = "none"
    batch_messages: int = Field(default=200, ge=1, le=10_000, description="messages taken per poll and folder")
    max_message_bytes: int = Field(default=50 * 1024 * 1024, ge=1024)
    timeout: float = Field(default=30.0, gt=0, le=300)
    idle: bool = True

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.security == "plain" and not is_loopback(self.host):
            raise ValueError(f"security plain is for this machine only, {self.host} needs tls or starttls")
        if self.whose and self.organization != OPERATOR:
            raise ValueError(f"whose is for mailboxes with organization: {OPERATOR}")
        if len(set(self.folders)) != len(self.folders):
            raise ValueError("a folder is listed twice")
        if self.finished.move_to in self.folders:
            raise ValueError("after moves mail into a folder that is read, it would be read again")
        return self

    @property
    def connect_port(self) -> int:
        """Return the port to connect to."""
        return self.port or (993 if self.security == "tls" else 143)

    @property
    def is_shared(self) -> bool:
        """Tell whether several customers share this mailbox."""
        return self.organization == OPERATOR

    @property
    def authserv_id(self) -> str | None:
        """Return the server whose Authentication-Results count, when `proof` names one."""
        return self.proof.removeprefix("authserv ") if self.proof.startswith("authserv ") else None

    @property
    def finished(self) -> FinishedMail:
        """Return `after` taken apart."""
        if self.after.startswith("flag "):
            return FinishedMail(flag=self.after.removeprefix("flag "))
        if self.after.startswith("move to "):
            return FinishedMail(move_to=self.after.removeprefix("move to ").strip())
        return FinishedMail(seen=self.after == "seen")

    def owner(self, recipients: Sequence[str], sender: str) -> str | None:
        """Return the slug of the organization whose mail this is; None while no rule claims it.

        `recipients` and `sender` are bare addresses. The first rule that matches wins, unless the addresses
        belong to several organizations: then nobody can tell, and no one sees another's paper.
        """
        if not self.is_shared:
            return self.organization
        first = next((rule for rule in self.whose if rule.claims(recipients, sender)), None)
        if first is None or not first.recipients:
            return None if first is None else first.organization
        claimed = {self.owner_of_address(address, sender) for address in recipients} - {None}
        return first.organization if claimed == {first.organization} else None

    def owner_of_address(self, recipient: str, sender: str) -> str | None:
        """Return the slug of the organization whose one address this is, by the first rule that names it."""
        named = (rule for rule in self.whose if rule.recipients and rule.claims([recipient], sender))
        return next((rule.organization for rule in named), None)


def _matches(address: str, patterns: Sequence[str]) -> bool:
    """Compare whole addresses; in a pattern only `*` is special."""
    plain = [pattern.lower().replace("[", "[[]").replace("?", "[?]") for pattern in patterns]
    return any(fnmatchcase(address.lower(), pattern) for pattern in plain)
