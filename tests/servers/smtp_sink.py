"""A real SMTP server (aiosmtpd) that keeps what it is given and can be told to misbehave."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.listening import free_port


@dataclass
class SmtpSink:
    """What arrived, and what to answer.

    `answers` maps a recipient to the answer to RCPT, used once per entry of its list; `data_answers` is taken
    from the front for the next mails; `drop_after_data` closes that many connections after a mail is in, before
    the answer; `hang_up` closes every connection now.
    """

    port: int = 0
    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    data_answers: list[str] = field(default_factory=list)
    drop_after_data: int = 0
    connections: int = 0
    _open: set[Any] = field(default_factory=set)
    _controller: Controller | None = None

    def messages(self) -> list[EmailMessage]:
        """Return the mails parsed."""
        parsed = [message_from_bytes(raw, policy=policy.default) for _, _, raw in self.mails]
        assert all(isinstance(message, EmailMessage) for message in parsed)
        return parsed  # type: ignore[return-value]

    def hang_up(self) -> None:
        """Close every open connection, as a server does with idle ones."""
        assert self._controller is not None
        for transport in list(self._open):
            self._controller.loop.call_soon_threadsafe(transport.close)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        waiting = self.answers.get(address)
        if waiting:
            return waiting.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data_answers:
            return self.data_answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.mails.append((envelope.mail_from or "", list(envelope.rcpt_tos), envelope.content))
        if self.drop_after_data:
            self.drop_after_data -= 1
            assert server.transport is not None
            server.transport.abort()
            await asyncio.sleep(0)
        return "250 taken"


class _Connection(SMTP):
    """Counts connections for the sink."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        sink = self.event_handler
        if transport not in sink._open:
            sink.connections += 1
            sink._open.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler._open.discard(self.transport)
        super().connection_lost(error)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Connection(self.handler, **self.SMTP_kwargs)


def running_smtp_sink(
    *, certificate: tuple[Path, Path] | None = None, security: str = "plain", login: tuple[str, str] | None = None
) -> Iterator[SmtpSink]:
    """Yield a sink on loopback; `security` is plain, starttls or tls, `login` the only user and password."""
    sink = SmtpSink(port=free_port())
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        given = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == login
        return AuthResult(success=given, handled=False)

    controller = _Controller(
        sink,
        hostname="127.0.0.1",
        port=sink.port,
        ready_timeout=10,
        ssl_context=context if security == "tls" else None,
        tls_context=context if security == "starttls" else None,
        require_starttls=security == "starttls",
        authenticator=authenticate if login else None,
        auth_required=login is not None,
        auth_require_tls=security == "starttls",
    )
    sink._controller = controller
    controller.start()
    sink.connections = 0  # aiosmtpd has called itself
    try:
        yield sink
    finally:
        controller.stop()
