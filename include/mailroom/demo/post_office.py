"""The story's own mail programs: they hand mails in by SMTP and read their inboxes by IMAP."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from imapclient import IMAPClient  # type: ignore[import-untyped]

from mailroom.demo.letters import Quoted

_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Received:
    """A mail found in an inbox."""

    address: str
    raw: bytes
    mail: EmailMessage

    @property
    def subject(self) -> str:
        """Return its subject."""
        return str(self.mail["Subject"] or "")

    @property
    def message_id(self) -> str:
        """Return its Message-ID."""
        return str(self.mail["Message-ID"] or "").strip()

    @property
    def text(self) -> str:
        """Return its plain text."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """Return its HTML, or an empty string."""
        return self._body("html")

    def quoted(self) -> Quoted:
        """Return what a reply to it quotes."""
        return Quoted(str(self.mail["From"]), self.subject, self.message_id, str(self.mail["Date"]), self.text)

    def filenames(self) -> list[str]:
        """Return the names of the files that came with it."""
        return [name for part in self.mail.iter_attachments() if (name := part.get_filename())]

    def _body(self, kind: str) -> str:
        part = self.mail.get_body((kind,))
        return "" if part is None else str(part.get_content())


@dataclass
class PostOffice:
    """Sends and reads for every address of the local mail server."""

    host: str
    imap_port: int
    smtp_port: int
    password: str
    _inboxes: dict[str, Any] = field(default_factory=dict)

    def send(self, raw: bytes, sender: str, recipient: str, *, login: bool = True) -> None:
        """Hand one mail in. With `login` its domain's provider signs it; without, nobody vouches for it."""
        with smtplib.SMTP(self.host, self.smtp_port, timeout=_SECONDS) as server:
            if login:
                server.login(sender, self.password)
            server.sendmail(sender, [recipient], raw)

    def inbox(self, address: str) -> list[Received]:
        """Return every mail in an inbox, oldest first, leaving all as unread as it was."""
        client = self._opened(address)
        client.noop()
        found = client.fetch(client.search(), ["BODY.PEEK[]"])
        return [_received(address, bytes(found[uid][b"BODY[]"])) for uid in sorted(found)]

    def close(self) -> None:
        """Log out everywhere; a server that is gone is no fault."""
        for client in self._inboxes.values():
            try:
                client.logout()
            except (OSError, client.Error):
                continue
        self._inboxes.clear()

    def _opened(self, address: str) -> Any:
        if address not in self._inboxes:
            client = IMAPClient(self.host, self.imap_port, ssl=False, timeout=_SECONDS)
            client.login(address, self.password)
            client.select_folder("INBOX", readonly=True)
            self._inboxes[address] = client
        return self._inboxes[address]


def _received(address: str, raw: bytes) -> Received:
    return Received(address, raw, BytesParser(policy=default).parsebytes(raw))
