"""One mailbox over IMAP: what is new, its envelopes, its bytes, and a mark when the work is done.

Nothing here sets a flag by accident: folders are opened read-only, bodies are fetched with PEEK, and only
`mark` writes, in the epoch it is given. After an `UnavailableError` a connection is of no more use: close it.
"""

from __future__ import annotations

import imaplib
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from imapclient.exceptions import CapabilityError, ProtocolError  # type: ignore[import-untyped]

from mailroom.adapters.imap_folder import FolderConnection
from mailroom.adapters.imap_login import may_try_again, place, translated
from mailroom.adapters.imap_message import MessageEnvelope, read_envelope
from mailroom.domain.errors import ConfigurationError, UnavailableError, UnknownIdError

MESSAGES_PER_COMMAND = 200
BYTES_PER_COMMAND = 8 * 1024 * 1024
HEADER_BYTES = 256 * 1024
RENEW_IDLE_AFTER = 240.0
"""Seconds; servers may drop an IDLE after 30 minutes (RFC 2177), NAT routers forget one much sooner."""

_HEADERS = f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>"
_HEADERS_KEY = b"BODY[HEADER]<0>"
_ARRIVAL = ("INTERNALDATE", "RFC822.SIZE")
_BRIEF = (*_ARRIVAL, _HEADERS)
_UNREADABLE = (ProtocolError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
_WINDOW = 5_000


class MailboxConnection(FolderConnection):
    """A logged-in connection to one mailbox: `open`, `select`, `close`, and what is done in between."""

    def new_uids(self, after_uid: int, limit: int) -> list[int]:
        """Return up to `limit` UIDs above `after_uid`, lowest first.

        The first call goes by the state that `select` returned, later ones by the folder as it is then. Asks
        for UID ranges only, so old mail costs nothing. The last range is open (`n:*`), which by the standard
        always names the last message too (RFC 9051, sequence-set): that one is filtered out.
        """
        fresh, self._fresh = self._fresh, False
        if fresh and after_uid + 1 >= self.status.uidnext:
            return []
        self._opened()
        with translated(self.mailbox, "look for new mail in"):
            # Servers answer from what they knew at SELECT until a NOOP lets them look again.
            if not fresh:
                self._client.noop()
            return self._uids_above(after_uid, limit)

    def _uids_above(self, after_uid: int, limit: int) -> list[int]:
        found: list[int] = []
        low, window = after_uid + 1, _WINDOW
        while len(found) < limit:
            is_last = low + window >= self.status.uidnext
            dropped = self._client.wire.dropped_lines
            answer = self._client.search(["UID", f"{low}:*" if is_last else f"{low}:{low + window - 1}"])
            if self._client.wire.dropped_lines > dropped:
                window //= 10
                continue
            found.extend(sorted(uid for uid in answer if uid >= low))
            if is_last:
                break
            low, window = low + window, _WINDOW if answer else window * 8
        return found[:limit]

    def envelopes(self, uids: Sequence[int], *, whole: bool = True) -> Iterator[MessageEnvelope]:
        """Yield size, arrival, headers and structure of each message that is still there, by UID.

        A message whose structure the server or we can't make sense of comes with `parts` None. Without `whole`
        size and arrival alone are asked for, which spares whoever fetches the body anyway a third of the work.
        """
        for chunk in _chunks(sorted(uids), MESSAGES_PER_COMMAND):
            rows = self._rows(chunk, (*_BRIEF, "BODYSTRUCTURE") if whole else _ARRIVAL)
            untold = [uid for uid in chunk if uid not in rows]
            rows |= self._rows(untold, _BRIEF if whole else _ARRIVAL)
            for uid in chunk:
                if uid in rows:
                    envelope = read_envelope(uid, rows[uid], _HEADERS_KEY)
                    self._sizes[uid] = envelope.size
                    yield envelope

    def fetch(self, uids: Sequence[int], max_bytes: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Yield (UID, raw message) by UID, in batches of a few megabytes; never sets `\\Seen`.

        Messages that have vanished are absent, and so are those larger than `max_bytes` (by default the
        mailbox's limit): `envelopes` tells their size. A message the server has but can't give is b"".
        """
        limit = self.mailbox.max_message_bytes if max_bytes is None else max_bytes
        for batch in self._batches(sorted(uids), limit):
            rows = self._rows(batch, ("BODY.PEEK[]",))
            for uid in batch:
                if uid in rows:
                    yield uid, rows.pop(uid).get(b"BODY[]") or b""

    def _batches(self, uids: list[int], limit: int) -> Iterator[list[int]]:
        for chunk in _chunks(uids, MESSAGES_PER_COMMAND):
            unknown = [uid for uid in chunk if uid not in self._sizes]
            self._sizes |= {uid: row[b"RFC822.SIZE"] for uid, row in self._rows(unknown, ("RFC822.SIZE",)).items()}
            batch: list[int] = []
            total = 0
            for uid in chunk:
                size = self._sizes.get(uid)
                if size is None or size > limit:
                    continue
                if batch and total + size > BYTES_PER_COMMAND:
                    yield batch
                    batch, total = [], 0
                batch.append(uid)
                total += size
            if batch:
                yield batch

    def _rows(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        """Fetch items of those messages that are there.

        Dovecot answers NIL for a message that another session has removed since our SELECT (RFC 2180, 4.1.3).
        What is NIL and still there is asked for once more, and then taken for a mail the server can't read.
        """
        self._opened()
        with translated(self.mailbox, "read messages of"):
            rows = self._asked(uids, items)
            hollow = [uid for uid, row in rows.items() if _is_hollow(row)]
            if hollow:
                self._client.noop()
                again = self._asked(self._client.search(["UID", ",".join(map(str, hollow))]), items)
                rows = {uid: row for uid, row in rows.items() if uid not in hollow} | again
            return rows

    def _asked(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        """Fetch items; a message that spoils the answer is asked for alone, and left out if it must be."""
        if not uids:
            return {}
        try:
            return dict(self._client.fetch(list(uids), list(items)))
        except imaplib.IMAP4.abort:
            raise
        except _UNREADABLE:
            if len(uids) == 1:
                return {}
        except imaplib.IMAP4.error:
            # A NO can mean that another session has just expunged one of them (RFC 2180, 4.1.2).
            if len(uids) == 1:
                self._client.noop()
                if self._client.search(["UID", str(uids[0])]):
                    raise
                return {}
        return {key: row for uid in uids for key, row in self._asked([uid], items).items()}

    # Marking

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
        """Flag or move messages that were seen under `uidvalidity`; vanished ones are no error.

        Raises `UnknownIdError` with code `stale_epoch`, and touches nothing, when the folder has been
        renumbered since: those UIDs may be other mail now. Raises `ConfigurationError` with code
        `flag_refused`.
        """
        wanted = sorted(set(uids))
        if not wanted or not (seen or flag or move_to):
            return
        status = self.select(folder, writable=True)
        if status.uidvalidity != uidvalidity:
            raise UnknownIdError(
                f"Folder {folder} of {place(self.mailbox)} was renumbered (UIDVALIDITY {uidvalidity} is now "
                f"{status.uidvalidity}); {len(wanted)} old messages were left as they are.",
                code="stale_epoch",
            )
        flags = ([b"\\Seen"] if seen else []) + ([flag.encode("ascii")] if flag else [])
        for chunk in _chunks(wanted, MESSAGES_PER_COMMAND):
            if flags:
                self._add_flags(chunk, flags)
            if move_to:
                self._move(chunk, move_to)

    def _add_flags(self, uids: list[int], flags: list[bytes]) -> None:
        with translated(self.mailbox, "flag messages of"):
            try:
                self._client.add_flags(uids, flags, silent=True)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as err:
                if may_try_again(err):
                    raise
                names = b" ".join(flags).decode()
                message = f"{place(self.mailbox)} does not take the flags {names}: {err}"
                raise ConfigurationError(message, code="flag_refused") from err

    def _move(self, uids: list[int], target: str) -> None:
        with translated(self.mailbox, f"move messages to {target} in"):
            try:
                self._move_or_copy(uids, target)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as err:
                if "TRYCREATE" not in str(err).upper():
                    raise
                self._client.create_folder(target)
                self._move_or_copy(uids, target)

    def _move_or_copy(self, uids: list[int], target: str) -> None:
        try:
            self._client.move(uids, target)
        except CapabilityError:
            self._client.copy(uids, target)
            self._client.add_flags(uids, [b"\\Deleted"], silent=True)
            # A plain EXPUNGE would also remove what a person has marked as deleted.
            if self._client.has_capability("UIDPLUS"):
                self._client.uid_expunge(uids)

    # Waiting

    def idle(self, seconds: float) -> bool:
        """Wait up to `seconds` for mail to arrive in the selected folder; tell whether some did."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            arrived = self.begin_idle() or self._told_within(min(left, RENEW_IDLE_AFTER))
            if self.end_idle() or arrived:
                return True
        return False

    def _told_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        with translated(self.mailbox, "wait for mail in"):
            while (left := deadline - time.monotonic()) > 0:
                answers = self._client.idle_check(timeout=left)
                if _tells_of_mail(answers):
                    return True
                if not answers:  # time is up, or the link is dead: leaving IDLE tells which
                    break
        return False

    def begin_idle(self) -> bool:
        """Start waiting; True says that mail has come already. Either way `end_idle` must follow.

        Then one `select()` or selector over many connections, which have a `fileno()`. Raises
        `ConfigurationError` with code `no_idle` when the server can't: leave it to the schedule.
        """
        expected = self.status.uidnext
        self._opened()
        with translated(self.mailbox, "wait for mail in"):
            try:
                # What came since `select` is told now, not after the wait.
                arrived = self.status.uidnext > expected or _tells_of_mail(self._client.noop()[1])
                self._client.idle()
            except CapabilityError as err:
                message = f"{place(self.mailbox)} does not offer IDLE."
                raise ConfigurationError(message, code="no_idle") from err
            self._idling = True
            return arrived or _tells_of_mail(self._client.idle_check(timeout=0))

    def end_idle(self) -> bool:
        """Stop waiting, also to renew well before 29 minutes; tell whether mail arrived meanwhile."""
        with translated(self.mailbox, "wait for mail in"):
            self._idling = False
            return _tells_of_mail(self._client.idle_done()[1])

    def fileno(self) -> int:
        """Return the socket's number, readable when `end_idle` has something to tell."""
        return int(self._client.socket().fileno())


def _tells_of_mail(answers: Iterable[Sequence[Any]]) -> bool:
    """Tell EXISTS and RECENT from the rest: keep-alive remarks, flags, mail that went away."""
    arrived = False
    for answer in answers:
        if answer and answer[0] == b"BYE":
            raise UnavailableError("The mail server ended the connection.", code="mailbox_unreachable")
        arrived = arrived or (len(answer) > 1 and answer[1] in {b"EXISTS", b"RECENT"})
    return arrived


def _is_hollow(row: dict[bytes, Any]) -> bool:
    return any(value is None for key, value in row.items() if key.startswith(b"BODY["))


def _chunks(uids: Sequence[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(uids), size):
        yield list(uids[start : start + size])
