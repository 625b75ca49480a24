"""Opening an IMAP connection, and what each way of failing means to the caller."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient.exceptions import CapabilityError, LoginError  # type: ignore[import-untyped]

from mailroom.adapters.imap_wire import Client
from mailroom.adapters.tls import tls_context
from mailroom.domain.errors import ConfigurationError, MailroomError, UnavailableError
from mailroom.settings.mailboxes import Mailbox

# RFC 5530: answers of a server that may say yes later. ALERT is what Gmail sends with too many connections.
_TRY_AGAIN = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN|OVERQUOTA|ALERT)\b", re.IGNORECASE)


def connect(mailbox: Mailbox, password: str) -> Client:
    """Return a client that is logged in; with `oauth`, `password` is the access token.

    Raises `ConfigurationError` with code `login_refused`, `certificate_refused` or `no_starttls`: trying
    again at once would lock the account or change nothing. Raises `UnavailableError` for everything else.
    """
    tls = None if mailbox.security == "plain" else tls_context(mailbox.ca_file)
    with translated(mailbox, "connect to"):
        client = _connected(mailbox, tls)
    try:
        if mailbox.security == "starttls":
            _start_tls(mailbox, client, tls)
        _log_in(mailbox, client, password)
    except BaseException:
        hang_up(client)
        raise
    return client


def _connected(mailbox: Mailbox, tls: ssl.SSLContext | None) -> Client:
    """Open the socket and read the greeting; a greeting that says BYE or nonsense counts as no answer."""
    try:
        return Client(
            mailbox.host,
            mailbox.connect_port,
            tls if mailbox.security == "tls" else None,
            mailbox.timeout,
        )
    except imaplib.IMAP4.error as err:
        raise imaplib.IMAP4.abort(str(err)) from err


def hang_up(client: Client) -> None:
    """Close the socket without a word to the server, which may be long gone."""
    try:
        client.shutdown()
    except (OSError, ValueError, imaplib.IMAP4.error):
        client.wire.sock.close()


def place(mailbox: Mailbox) -> str:
    """Name a mailbox in a sentence."""
    return f"mailbox {mailbox.name} ({mailbox.host}:{mailbox.connect_port})"


@contextmanager
def translated(mailbox: Mailbox, doing: str) -> Iterator[None]:
    """Turn what imaplib, imapclient, ssl and the socket raise into our errors."""
    try:
        yield
    except MailroomError:
        raise
    except ssl.SSLCertVerificationError as err:
        raise ConfigurationError(
            f"Could not {doing} {place(mailbox)}: its certificate is not trusted: {err.verify_message}. "
            "Correct host or ca_file.",
            code="certificate_refused",
        ) from err
    except TimeoutError as err:
        message = f"Could not {doing} {place(mailbox)}: no answer within {mailbox.timeout:g} s."
        raise UnavailableError(message, code="mailbox_timeout") from err
    except (imaplib.IMAP4.abort, OSError, EOFError) as err:
        reason = _shortened(err)
        raise UnavailableError(f"Could not {doing} {place(mailbox)}: {reason}.", code="mailbox_unreachable") from err
    except imaplib.IMAP4.error as err:
        message = f"Could not {doing} {place(mailbox)}: it answered {_shortened(err)}."
        raise UnavailableError(message, code="mailbox_refused") from err


def may_try_again(err: BaseException) -> bool:
    """Tell whether a NO from the server is about now rather than about us."""
    return _TRY_AGAIN.search(str(err)) is not None


def _start_tls(mailbox: Mailbox, client: Client, tls: ssl.SSLContext | None) -> None:
    with translated(mailbox, "encrypt the connection to"):
        try:
            client.starttls(tls)
        except CapabilityError as err:
            message = f"{place(mailbox)} does not offer STARTTLS; no password was sent. Use security: tls."
            raise ConfigurationError(message, code="no_starttls") from err


def _log_in(mailbox: Mailbox, client: Client, secret: str) -> None:
    with translated(mailbox, "log in to"):
        try:
            _authenticate(mailbox, client, secret)
        except LoginError as err:
            # imapclient wraps a lost connection in a LoginError too.
            if isinstance(err.__context__, imaplib.IMAP4.abort):
                raise err.__context__ from err
            if may_try_again(err):
                raise UnavailableError(
                    f"{place(mailbox)} takes no logins now: {_shortened(err)}.", code="mailbox_busy"
                ) from err
            raise ConfigurationError(
                f"{place(mailbox)} refused the login of {mailbox.username}: {_shortened(err)}. "
                f"Correct the secret {mailbox.password_secret}.",
                code="login_refused",
            ) from err


def _authenticate(mailbox: Mailbox, client: Client, secret: str) -> None:
    if mailbox.oauth is not None:
        client.oauth2_login(mailbox.username, secret)
    elif client.has_capability("AUTH=PLAIN"):
        # LOGIN can't carry a password with an umlaut; SASL PLAIN is UTF-8 (RFC 4616).
        client.plain_login(mailbox.username, secret)
    elif secret.isascii():
        client.login(mailbox.username, secret)
    else:
        raise LoginError("the server takes plain ASCII passwords only")


def _shortened(err: BaseException) -> str:
    """Return the server's own words on one line."""
    return re.sub(r"\s+", " ", str(err) or type(err).__name__).strip(" .")[:200]
