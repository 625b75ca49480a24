"""Access tokens for mailboxes that no longer take passwords (Microsoft 365, Gmail)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import httpx

from mailroom.domain.errors import ConfigurationError, UnavailableError
from mailroom.ports import Secrets
from mailroom.settings.mailboxes import Mailbox, OAuthGrant

_RENEW_BEFORE = 120.0
"""Seconds before its end from which a token is fetched anew, so that none ends during a poll."""


class TokenSource:
    """Fetches access tokens and keeps each until shortly before it ends. Safe for many threads.

    Made once per process; `now` counts seconds, as `time.monotonic` does.
    """

    def __init__(self, secrets: Secrets, *, now: Callable[[], float] = time.monotonic) -> None:
        self._secrets = secrets
        self._now = now
        self._kept: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def login_secret(self, mailbox: Mailbox) -> str:
        """Return what `MailboxConnection.open` takes: the password, or with `oauth` an access token.

        Raises `ConfigurationError` (code `token_refused`, a person must renew the grant, or `no_secret`) and
        `UnavailableError` (code `token_unavailable`).
        """
        if mailbox.oauth is None:
            return self._secrets.get(mailbox.password_secret)
        with self._lock:
            ends, token = self._kept.get(mailbox.name, (0.0, ""))
            if not token or self._now() >= ends:
                token, lasts = self._fetch(mailbox, mailbox.oauth)
                self._kept[mailbox.name] = (self._now() + max(0.0, lasts - _RENEW_BEFORE), token)
            return token

    def forget(self, mailbox: Mailbox) -> None:
        """Drop a token that the mail server has refused, so that the next login fetches another."""
        with self._lock:
            self._kept.pop(mailbox.name, None)

    def _fetch(self, mailbox: Mailbox, grant: OAuthGrant) -> tuple[str, float]:
        try:
            answer = httpx.post(
                grant.token_url, data=self._request(mailbox, grant), timeout=mailbox.timeout, follow_redirects=False
            )
        except httpx.HTTPError as err:
            message = f"The token server of mailbox {mailbox.name} does not answer: {type(err).__name__}."
            raise UnavailableError(message, code="token_unavailable") from err
        return _token(mailbox, answer)

    def _request(self, mailbox: Mailbox, grant: OAuthGrant) -> dict[str, str]:
        secret = self._secrets.get(mailbox.password_secret)
        request = {"grant_type": grant.grant, "client_id": grant.client_id}
        if grant.scope:
            request["scope"] = grant.scope
        if grant.grant == "client_credentials":
            return request | {"client_secret": secret}
        if grant.client_secret:
            request["client_secret"] = self._secrets.get(grant.client_secret)
        return request | {"refresh_token": secret}


def _token(mailbox: Mailbox, answer: httpx.Response) -> tuple[str, float]:
    """Read the answer (RFC 6749, 5.1 and 5.2); never quoted, it may hold a token."""
    try:
        body = answer.json()
        token, lasts = str(body.get("access_token", "")), float(body.get("expires_in", 3600))
        code = str(body.get("error", answer.status_code))[:60]
    except (ValueError, TypeError, AttributeError):
        token, lasts, code = "", 0.0, str(answer.status_code)
    if answer.status_code == 200 and token:
        return token, lasts
    if answer.status_code in {400, 401, 403} and code != "temporarily_unavailable":
        message = f"The token server of mailbox {mailbox.name} refused: {code}. Renew {mailbox.password_secret}."
        raise ConfigurationError(message, code="token_refused")
    message = f"The token server of mailbox {mailbox.name} gave no token: {code}."
    raise UnavailableError(message, code="token_unavailable")
