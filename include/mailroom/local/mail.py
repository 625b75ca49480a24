"""The local mail server: IMAP and SMTP for the demo, for tests, and for trying things out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

from mailroom.local.domain_keys import DomainKeys
from mailroom.local.generated import generated
from mailroom.local.listening import LOOPBACK, answers
from mailroom.local.server import Server


class MailServer(Server):
    """IMAP and SMTP on loopback ports (0 picks free ones); mails live in memory and end with the process.

    Any address is an account, lower case, and `password` opens them all. Who logs in to SMTP as an
    address of one of `domains` has what he sends signed for it.
    """

    name: ClassVar[str] = "mail"
    host: ClassVar[str] = LOOPBACK

    def __init__(
        self,
        state_dir: Path,
        imap_port: int = 0,
        smtp_port: int = 0,
        *,
        domains: tuple[str, ...] = ("mailroom.test",),
    ) -> None:
        super().__init__(state_dir)
        self.imap_port = imap_port or self._claims.claim_any()
        self.smtp_port = smtp_port or self._claims.claim_any()
        self._domains = domains

    @property
    def password(self) -> str:
        """The password of every account."""
        return generated(self.folder)["mail"]

    def prepare(self) -> None:
        """Make the folders and each local domain's key and DNS records."""
        self.folder.create()
        DomainKeys(self.folder).ensure(self._domains)

    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""
        module = "mailroom.local.mail_process"
        return [sys.executable, "-m", module, str(self.folder.root), str(self.imap_port), str(self.smtp_port)]

    def is_ready(self) -> bool:
        """Tell whether both ports take connections."""
        return answers(self.imap_port) and answers(self.smtp_port)
