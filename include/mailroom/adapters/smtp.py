"""Sending mail by SMTP: one connection kept open, and a clear word on whether a mail went out."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mailroom.adapters.outgoing_message import DkimKey, bare_address, compose, signed
from mailroom.adapters.tls import tls_context
from mailroom.domain.errors import ConfigurationError, RejectedInputError, UnavailableError
from mailroom.domain.mail import OutgoingMail
from mailroom.ports import Clock
from mailroom.settings.mailboxes import Security, is_loopback


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `timeout` in seconds; without `username` nobody logs in.

    Raises `ConfigurationError` when it would send without encryption to another machine.
    """

    host: str
    port: int
    security: Security = "starttls"
    username: str | None = None
    ca_file: str | None = None
    timeout: float = 30.0

    def __post_init__(self) -> None:
        if self.security == "plain" and not is_loopback(self.host):
            message = f"Mail server {self.host} needs tls or starttls; plain is for this machine only."
            raise ConfigurationError(message, code="plain_smtp")


class SmtpMailer:
    """Hands mails to one server, see `mailroom.ports.Mailer`; threads take turns on its one connection.

    Everything smtplib raises is an `OSError`.
    """

    def __init__(
        self, server: MailServer, clock: Clock, *, password: str | None = None, dkim_key: DkimKey | None = None
    ) -> None:
        self._server = server
        self._clock = clock
        self._password = password
        self._dkim_key = dkim_key
        self._connection: smtplib.SMTP | None = None
        self._turn = threading.Lock()

    def send(self, mail: OutgoingMail) -> None:
        """Hand one mail to the server.

        Raises `RejectedInputError` (codes `recipient_refused`, `mail_refused`, `sender_refused`, `bad_address`,
        ...), `ConfigurationError` (`login_refused`, ...) or `UnavailableError`. Of the last, code
        `outcome_unknown` says that the server has had the whole mail and gave no answer: sending again may
        deliver it twice, under the same Message-ID. Any other code says that it did not go out.
        """
        raw = signed(compose(mail, self._clock.now()), self._dkim_key)
        sender, recipient = bare_address(mail.sender), bare_address(mail.recipient)
        with self._turn:
            connection = self._begun(sender, recipient)
            self._hand_over(connection, raw, mail.message_id)

    def close(self) -> None:
        """Say goodbye and close the connection; the next mail opens another."""
        with self._turn:
            self._drop(politely=True)

    def _begun(self, sender: str, recipient: str) -> smtplib.SMTP:
        """Return a connection that has taken sender and recipient; a kept one that is dead is replaced once."""
        kept = self._connection
        if kept is not None:
            try:
                return self._addressed(kept, sender, recipient)
            except UnavailableError as err:
                if err.code != "smtp_disconnected":
                    raise
        with self._translated("connect to"):
            self._connection = self._opened()
        return self._addressed(self._connection, sender, recipient)

    def _addressed(self, connection: smtplib.SMTP, sender: str, recipient: str) -> smtplib.SMTP:
        with self._translated("address a mail at"):
            self._check(connection.mail(sender), "sender_refused", f"the sender {sender}")
            self._check(connection.rcpt(recipient), "recipient_refused", f"the recipient {recipient}")
        return connection

    def _hand_over(self, connection: smtplib.SMTP, raw: bytes, message_id: str) -> None:
        with self._translated("send a mail to"):
            self._check(connection.docmd("DATA"), "mail_refused", f"mail {message_id}", expected=354)
            # Until the last byte is out, the final dot is missing and nothing can have been delivered.
            connection.send(re.sub(rb"(?m)^\.", b"..", raw).removesuffix(b"\r\n") + b"\r\n.\r\n")
        answer = self._verdict(connection, message_id)
        with self._translated("send a mail to"):
            self._check(answer, "mail_refused", f"mail {message_id}")

    def _verdict(self, connection: smtplib.SMTP, message_id: str) -> tuple[int, bytes]:
        """Read the answer to the whole mail; no answer, or one that is none, leaves the outcome open."""
        try:
            answer = connection.getreply()
            if not 200 <= answer[0] < 600:
                raise smtplib.SMTPServerDisconnected("no SMTP answer")
        except OSError as err:
            self._drop()
            message = f"{self._place} took mail {message_id} and gave no answer; it may have been delivered."
            raise UnavailableError(message, code="outcome_unknown") from err
        return answer

    def _check(self, answer: tuple[int, bytes], code: str, what: str, expected: int = 250) -> None:
        """Raise unless the server agreed; 4xx may be tried again, 5xx may not."""
        status, words = answer[0], answer[1].decode("utf-8", "replace").replace("\n", " ")[:200]
        if status == expected or (expected == 250 and status in {251, 252}):
            return
        if status == 421 or not 200 <= status < 600:
            raise smtplib.SMTPServerDisconnected(f"{status} {words}")
        self._reset()
        if status in {530, 535, 538}:
            raise ConfigurationError(f"{self._place} wants a login first: {status} {words}", code="login_needed")
        message = f"{self._place} refused {what}: {status} {words}"
        if status >= 500:
            raise RejectedInputError(message, code=code)
        raise UnavailableError(message, code="smtp_deferred")

    def _reset(self) -> None:
        """Forget the mail that was begun, so that the connection can take the next one."""
        try:
            if self._connection is not None:
                self._connection.rset()
        except OSError:
            self._drop()

    def _opened(self) -> smtplib.SMTP:
        server = self._server
        context = None if server.security == "plain" else tls_context(server.ca_file)
        name = socket.gethostname() or "localhost"
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=server.timeout, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, name, timeout=server.timeout)
        try:
            if server.security == "starttls":
                connection.starttls(context=context)
            if connection.sock is not None:
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.ehlo_or_helo_if_needed()
            if server.username is not None:
                connection.login(server.username, self._password or "")
        except BaseException:
            connection.close()
            raise
        return connection

    def _drop(self, *, politely: bool = False) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if politely:
                connection.quit()
        except OSError:
            pass
        finally:
            connection.close()

    @property
    def _place(self) -> str:
        return f"Mail server {self._server.host}:{self._server.port}"

    @contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        """Turn what smtplib, ssl and the socket raise into our errors, and close a connection that broke."""
        try:
            yield
        except smtplib.SMTPAuthenticationError as err:
            self._drop()
            words = _shortened(err.smtp_error)
            if err.smtp_code < 500:
                message = f"{self._place} takes no logins now: {words}"
                raise UnavailableError(message, code="smtp_deferred") from err
            message = f"{self._place} refused the login of {self._server.username}: {words}"
            raise ConfigurationError(message, code="login_refused") from err
        except smtplib.SMTPNotSupportedError as err:
            self._drop()
            raise ConfigurationError(f"{self._place}: {err}", code="smtp_unsupported") from err
        except ssl.SSLCertVerificationError as err:
            self._drop()
            message = f"{self._place} has a certificate that is not trusted: {err.verify_message}"
            raise ConfigurationError(message, code="certificate_refused") from err
        except OSError as err:
            self._drop()
            lost = isinstance(err, smtplib.SMTPServerDisconnected | ConnectionError)
            raise UnavailableError(
                f"Could not {doing} {self._place}: {_shortened(err)}",
                code="smtp_disconnected" if lost else "smtp_unreachable",
            ) from err


def _shortened(words: object) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return re.sub(r"\s+", " ", text)[:200]
