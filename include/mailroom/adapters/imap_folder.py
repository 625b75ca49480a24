"""A connection to one mailbox and the folder that is chosen on it."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from mailroom.adapters.imap_login import connect, hang_up, place, translated
from mailroom.adapters.imap_message import FolderStatus
from mailroom.adapters.imap_wire import Client
from mailroom.domain.errors import ConfigurationError, UnavailableError
from mailroom.settings.mailboxes import Mailbox


class FolderConnection:
    """A logged-in connection to one mailbox, with one folder chosen at a time. Not for use by two threads."""

    def __init__(self, mailbox: Mailbox, client: Client) -> None:
        self.mailbox = mailbox
        self._client = client
        self._status: FolderStatus | None = None
        self._open_folder: str | None = None
        self._fresh = False
        self._idling = False
        self._sizes: dict[int, int] = {}

    @classmethod
    def open(cls, mailbox: Mailbox, password: str) -> Self:
        """Connect and log in.

        Raises `ConfigurationError` (code `login_refused`: back off, or the account is locked out;
        `certificate_refused`, `no_starttls`, `ca_file`) and `UnavailableError`.
        """
        return cls(mailbox, connect(mailbox, password))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Log out, or just hang up when the link is dead; takes two seconds at most and never raises."""
        try:
            self._client.socket().settimeout(2.0)
            if self._idling:
                self._client.idle_done()
            self._client.logout()
        except (imaplib.IMAP4.error, OSError, ValueError):
            hang_up(self._client)

    def select(self, folder: str, *, writable: bool = False) -> FolderStatus:
        """Choose a folder and return its state now; read-only unless asked otherwise.

        At first only its STATUS is asked for: opening 100,000 messages costs a server forty times that, and
        most polls find nothing new. It is opened when something is read. Raises `ConfigurationError` with
        code `no_such_folder`.
        """
        if writable or folder == self._open_folder:
            return self._open(folder, writable=writable)
        with translated(self.mailbox, f"look into folder {folder} of"), self._folder_errors(folder):
            answer = self._client.folder_status(folder, ["UIDVALIDITY", "UIDNEXT", "MESSAGES"])
            return self._selected(folder, answer | {b"EXISTS": answer.get(b"MESSAGES", 0)})

    def _open(self, folder: str, *, writable: bool = False) -> FolderStatus:
        with translated(self.mailbox, f"open folder {folder} of"), self._folder_errors(folder):
            self._open_folder = None
            answer = self._client.select_folder(folder, readonly=not writable)
            self._open_folder = folder
            return self._selected(folder, answer)

    def _opened(self) -> None:
        """Open the chosen folder unless it is open, and see that its UIDs still mean the same mail."""
        chosen, self._fresh = self.status, False
        if self._open_folder == chosen.folder:
            return
        if self._open(chosen.folder).uidvalidity != chosen.uidvalidity:
            message = f"Folder {chosen.folder} of {place(self.mailbox)} was renumbered while it was read."
            raise UnavailableError(message, code="mailbox_renumbered")
        self._fresh = False

    def _selected(self, folder: str, answer: dict[bytes, Any]) -> FolderStatus:
        status = self._folder_status(folder, answer)
        if self._status is None or (status.folder, status.uidvalidity) != self._epoch:
            self._sizes.clear()
        self._status, self._fresh = status, True
        return status

    @contextmanager
    def _folder_errors(self, folder: str) -> Iterator[None]:
        try:
            yield
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as err:
            self._refuse_unknown(folder, err)
            raise

    def _refuse_unknown(self, folder: str, err: Exception) -> None:
        """Tell a folder that is not there from one that can't be opened now."""
        if "[NOPERM" in str(err) or not self._client.folder_exists(folder):
            message = f"{place(self.mailbox)} has no folder {folder} that we may open. Correct folders."
            raise ConfigurationError(message, code="no_such_folder") from err

    @property
    def _epoch(self) -> tuple[str, int]:
        return self.status.folder, self.status.uidvalidity

    def _folder_status(self, folder: str, answer: dict[bytes, Any]) -> FolderStatus:
        if not answer.get(b"UIDVALIDITY"):
            message = f"{place(self.mailbox)} gives no UIDVALIDITY for folder {folder}; mail can't be told apart."
            raise ConfigurationError(message, code="no_uidvalidity")
        uidnext = answer.get(b"UIDNEXT") or self._client.folder_status(folder, ["UIDNEXT"])[b"UIDNEXT"]
        return FolderStatus(
            folder=folder,
            uidvalidity=answer[b"UIDVALIDITY"],
            uidnext=uidnext,
            exists=answer.get(b"EXISTS", 0),
            highestmodseq=answer.get(b"HIGHESTMODSEQ"),
        )

    @property
    def status(self) -> FolderStatus:
        """Return the chosen folder's state when it was selected."""
        if self._status is None:
            raise ValueError("no folder is selected")
        return self._status
