"""The local mail server's own process: IMAP and SMTP on loopback, mails in memory.

IMAP and its mailboxes come from mail-devel. Mail is taken in by a handler of ours instead of its own: it
delivers by envelope and byte for byte (mail-devel re-writes messages, which breaks signatures), and
in the IMAP server's own event loop, so that IDLE tells clients at once (mail-devel's SMTP runs in a
thread of its own, whose deliveries wake nobody).

Every address has an account, made when it is first used, with one password for all. A mail handed in
with a login is signed (DKIM) for the login's domain, as a provider does; one without is taken as it is,
like mail from the internet.
"""

from __future__ import annotations

import argparse
import asyncio
import email.policy
import email.utils
import secrets
import signal
from collections.abc import Iterable
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import cast

import dkim  # type: ignore[import-untyped]
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from mail_devel.service import Service  # type: ignore[import-untyped]
from proxyprotocol.sock import SocketInfo
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage

from mailroom.local.domain_keys import SELECTOR, DomainKeys
from mailroom.local.generated import generated
from mailroom.local.listening import LOOPBACK
from mailroom.local.mail_accounts import Accounts
from mailroom.local.state_folder import StateFolder

MAX_MAIL_BYTES = 50 * 1024 * 1024
SIGNED_HEADERS = (b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to", b"references")


class Delivery:
    """Take a mail from SMTP, sign it when its sender logged in, and put it into each recipient's inbox."""

    def __init__(self, accounts: Accounts, keys: DomainKeys) -> None:
        self._accounts = accounts
        self._keys = keys

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        """Deliver one mail; the name is aiosmtpd's."""
        content = envelope.original_content or b""
        if session.authenticated and isinstance(session.auth_data, bytes):
            content = self._signed(content, session.auth_data.decode())
        for recipient in dict.fromkeys(envelope.rcpt_tos):
            await self._deliver(content, envelope.mail_from or "", recipient)
        return "250 2.0.0 delivered"

    def _signed(self, content: bytes, login: str) -> bytes:
        headers = BytesHeaderParser(policy=email.policy.compat32).parsebytes(content)
        senders = email.utils.getaddresses(headers.get_all("From", []))
        domain = login.rpartition("@")[2].lower()
        key = self._keys.private_key(domain)
        if key is None or [address.lower() for _, address in senders] != [login.lower()]:
            return content
        present = [name for name in SIGNED_HEADERS if headers.get(name.decode()) is not None]
        signature: bytes = dkim.sign(
            content, SELECTOR.encode(), domain.encode(), key, include_headers=present,
            canonicalize=(b"relaxed", b"relaxed"),
        )  # fmt: skip
        return signature + content

    async def _deliver(self, content: bytes, sender: str, recipient: str) -> None:
        now = datetime.now(UTC)
        trace = (
            f"Return-Path: <{sender}>\r\n"
            f"Delivered-To: {recipient}\r\n"
            f"Received: from localhost by localhost with ESMTP id {secrets.token_hex(6)};\r\n"
            f"\t{email.utils.format_datetime(now)}\r\n"
        )
        message = AppendMessage(trace.encode() + content, now, frozenset())
        await self._accounts.inbox(recipient).append(message)


class Login:
    """Check the one password that opens every account; called by aiosmtpd."""

    def __init__(self, password: str) -> None:
        self._password = password.encode()

    def __call__(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object) -> AuthResult:
        """Accept PLAIN and LOGIN with the right password, remembering who logged in."""
        if isinstance(given, LoginPassword) and secrets.compare_digest(given.password, self._password):
            return AuthResult(success=True, handled=False, auth_data=given.login)
        return AuthResult(success=False, handled=False)


class WholeResponses:
    """Hand each IMAP response to the network in one piece.

    pymap writes a response in fragments; a client that reads without waiting, as imapclient's
    `idle_check` does, stumbles over half a line.
    """

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> None:
        """Keep a piece until the response is complete."""
        self._pieces.append(bytes(piece))

    def writelines(self, pieces: Iterable[bytes]) -> None:
        """Keep several pieces."""
        self._pieces.extend(bytes(piece) for piece in pieces)

    async def drain(self) -> None:
        """Send what was kept; pymap calls it after each response."""
        pieces, self._pieces = self._pieces, []
        self._writer.write(b"".join(pieces))
        await self._writer.drain()

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()


async def serve(folder: StateFolder, imap_port: int, smtp_port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    password = generated(folder)["mail"]
    service = await Service.init(_options(password))
    imap = IMAPServer(service.backend.login, service.config)
    service.config.set_cache = accounts = Accounts()
    delivery = Delivery(accounts, DomainKeys(folder))
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)

    async def read_mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        whole = cast("asyncio.StreamWriter", WholeResponses(writer))
        await imap(reader, whole, SocketInfo.get(writer, None))

    def take_mail() -> SMTP:
        return SMTP(
            delivery, hostname="localhost", enable_SMTPUTF8=True, data_size_limit=MAX_MAIL_BYTES,
            authenticator=Login(password), auth_require_tls=False, loop=loop,
        )  # fmt: skip

    async with (
        await asyncio.start_server(read_mail, LOOPBACK, imap_port),
        await loop.create_server(take_mail, LOOPBACK, smtp_port),
    ):
        await ended.wait()


def _options(password: str) -> argparse.Namespace:
    arguments = ["--multi-user", "--no-http", "--user", "postmaster@localhost", f"--password={password}"]
    options: argparse.Namespace = Service.parse(arguments)
    return options


def main() -> None:
    """Run the server: `python -m mailroom.local.mail_process STATE_DIR IMAP_PORT SMTP_PORT`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("state_dir", type=Path)
    parser.add_argument("imap_port", type=int)
    parser.add_argument("smtp_port", type=int)
    arguments = parser.parse_args()
    asyncio.run(serve(StateFolder(arguments.state_dir), arguments.imap_port, arguments.smtp_port))


if __name__ == "__main__":
    main()
