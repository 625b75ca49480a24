"""Protocols of the neighbours that have more than one implementation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from mailroom.domain.mail import OutgoingMail
from mailroom.domain.virus import ScanAnswer


class Clock(Protocol):
    """The time of day, as an argument."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        ...


class ObjectStore(Protocol):
    """Bytes under keys: an S3 bucket or a local directory.

    Keys are made by `mailroom.intake.working_directory` from ids and hashes, never from names in mail.
    Every method raises `UnavailableError` when the store does not answer and `UnknownIdError`
    when a key that must exist does not.
    """

    def put(self, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> None:
        """Write `body` under `key`, durable when this returns; replaces what was there."""
        ...

    def put_if_absent(self, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> bool:
        """Write unless the key exists; tell whether this call wrote it."""
        ...

    def put_many_if_absent(self, objects: Iterable[tuple[str, bytes]]) -> list[bool]:
        """Write each (key, bytes) unless its key exists; tell for each whether this call wrote it.

        All are durable when this returns.
        """
        ...

    def get(self, key: str) -> bytes:
        """Return the bytes under `key`."""
        ...

    def exists(self, key: str) -> bool:
        """Tell whether `key` holds an object."""
        ...

    def copy(self, source: str, target: str) -> None:
        """Copy one object inside the store."""
        ...

    def list(self, prefix: str) -> Iterator[str]:
        """Yield every key that starts with `prefix`, in order."""
        ...

    def delete(self, key: str) -> None:
        """Remove an object; a missing one is no error."""
        ...


class Mailer(Protocol):
    """Sends mail; SMTP or a test's sink."""

    def send(self, mail: OutgoingMail) -> None:
        """Hand one mail to the server.

        Raises `UnavailableError` when it may be tried again, `RejectedInputError` when the server
        refused this recipient or mail for good.
        """
        ...


class WebhookCaller(Protocol):
    """Calls other systems over HTTP; an adapter, or a test's record of calls."""

    def call(self, url: str, body: bytes, *, secret: str, delivery: str) -> None:
        """Post a signed JSON body. `secret` is a secret's name, `delivery` the same in each repeat.

        Raises `UnavailableError` when it may be tried again, `RejectedInputError` when the address may not be
        called or the other side refused for good, `ConfigurationError` when the secret is not there.
        """
        ...


class Secrets(Protocol):
    """Passwords and keys by name: environment, a folder of files, or AWS Secrets Manager."""

    def get(self, name: str) -> str:
        """Return the secret; raises `ConfigurationError` naming where it was looked for."""
        ...


class VirusScanner(Protocol):
    """Tells whether bytes are harmful, without opening them here."""

    def scan(self, content: bytes) -> ScanAnswer:
        """Return what it says of `content`; raises `UnavailableError` when it answers nobody."""
        ...


class FolderState(Protocol):
    """A selected folder: its epoch and the UID the next message will get."""

    @property
    def uidvalidity(self) -> int:
        """Return the epoch of its UIDs (RFC 9051, 2.3.1.1)."""
        ...

    @property
    def uidnext(self) -> int:
        """Return the UID the next message will get."""
        ...


class EnvelopeFacts(Protocol):
    """A message before its body is fetched."""

    @property
    def uid(self) -> int:
        """Return its UID."""
        ...

    @property
    def received_at(self) -> datetime | None:
        """Return when the mailbox received it."""
        ...

    @property
    def size(self) -> int:
        """Return its size in bytes."""
        ...


class MailboxReader(Protocol):
    """A mailbox somebody is logged in to; see `adapters.imap` for what each call may raise."""

    def select(self, folder: str) -> FolderState:
        """Open a folder read-only."""
        ...

    def new_uids(self, after_uid: int, limit: int) -> list[int]:
        """Return UIDs above `after_uid`, lowest first."""
        ...

    def envelopes(self, uids: Sequence[int], *, whole: bool = True) -> Iterator[EnvelopeFacts]:
        """Yield the envelope of each message that is still there; size and arrival alone unless `whole`."""
        ...

    def fetch(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """Yield (UID, raw message), without those that vanished or are too large."""
        ...

    def mark(
        self,
        uids: Iterable[int],
        *,
        folder: str,
        uidvalidity: int,
        seen: bool = False,
        flag: str | None = None,
        move_to: str | None = None,
    ) -> None:
        """Show messages as done, never by a UID of another epoch."""
        ...

    def close(self) -> None:
        """Log out."""
        ...
