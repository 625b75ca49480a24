"""Signed calls to other systems that cannot be turned against our own network (reliability T29)."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, urlsplit

import httpx

from mailroom.domain.errors import RejectedInputError, UnavailableError
from mailroom.ports import Clock, Secrets

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Returns every address of a host; raises `OSError` when there is none."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""The only spellings of this machine that are taken, and only where it may be called."""

_TUNNELS = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""IPv6 addresses that lead to an IPv4 address inside them (RFC 6052, RFC 8215, RFC 3056, RFC 4380)."""
_PASSING = frozenset({408, 425, 429})
_LONGEST_WAIT = 3600.0


def resolve_all(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver for every address of a host."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class HttpWebhooks:
    """Posts JSON, see `mailroom.ports.WebhookCaller`.

    HTTPS only; the host is resolved once, every address must be a public one, and that address is connected to,
    under the host's own name and certificate. No redirect is followed and no proxy asked. With `allow_loopback`
    this machine may be called by its plain names, without TLS too.
    """

    def __init__(
        self,
        secrets: Secrets,
        clock: Clock,
        *,
        allow_loopback: bool = False,
        resolve: Resolve = resolve_all,
        timeout: float = 10.0,
    ) -> None:
        self._secrets = secrets
        self._clock = clock
        self._allow_loopback = allow_loopback
        self._resolve = resolve
        self._timeout = timeout

    def call(self, url: str, body: bytes, *, secret: str, delivery: str) -> None:
        """Post a signed body; `X-Mailroom-Signature` is `sha256=` and the HMAC of time, a full stop and body."""
        target = self._target(url)
        address = self._address(target)
        stamp = str(int(self._clock.now().timestamp()))
        signature = hmac.new(self._secrets.get(secret).encode(), f"{stamp}.".encode() + body, hashlib.sha256)
        headers = {
            "Host": target.netloc,
            "Content-Type": "application/json",
            "User-Agent": "Mailroom",
            "X-Mailroom-Timestamp": stamp,
            "X-Mailroom-Signature": f"sha256={signature.hexdigest()}",
            "X-Mailroom-Delivery": delivery,
            "Idempotency-Key": delivery,
        }
        self._post(target, address, body, headers)

    def _target(self, url: str) -> SplitResult:
        try:
            target = urlsplit(url)
            host, _ = target.hostname or "", target.port
        except ValueError as err:
            raise RejectedInputError("the webhook's address is none", code="webhook_address") from err
        loopback = self._allow_loopback and host in LOOPBACK
        secure = target.scheme == "https" or (target.scheme == "http" and loopback)
        if not host or not secure or target.username is not None or target.password is not None:
            raise RejectedInputError(
                "a webhook's address is https://HOST/..., without a name or password in it", code="webhook_address"
            )
        return target

    def _address(self, target: SplitResult) -> Address:
        """Return the address to connect to; one that is not public among them spoils them all."""
        host, port = target.hostname or "", target.port or (443 if target.scheme == "https" else 80)
        try:
            found = [ipaddress.ip_address(each.partition("%")[0]) for each in self._resolve(host, port)]
        except (OSError, UnicodeError, ValueError) as err:
            raise UnavailableError(f"the webhook's host {host} has no address", code="webhook_unavailable") from err
        loopback = self._allow_loopback and host in LOOPBACK
        if not found or not all(each.is_loopback if loopback else _is_public(each) for each in found):
            raise RejectedInputError(
                f"the webhook's host {host} leads into a network that is not public", code="webhook_address"
            )
        return found[0]

    def _post(self, target: SplitResult, address: Address, body: bytes, headers: dict[str, str]) -> None:
        host = f"[{address}]" if address.version == 6 else str(address)
        port = f":{target.port}" if target.port else ""
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        try:
            with (
                httpx.Client(timeout=self._timeout, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    "POST",
                    f"{target.scheme}://{host}{port}{path}",
                    content=body,
                    headers=headers,
                    extensions={"sni_hostname": target.hostname},
                ) as answer,
            ):
                _check(answer, target.hostname or "")
        except (httpx.HTTPError, httpx.InvalidURL) as err:
            message = f"the webhook's host {target.hostname} does not answer: {type(err).__name__}"
            raise UnavailableError(message, code="webhook_unavailable") from err


def _check(answer: httpx.Response, host: str) -> None:
    """Read nothing but the status: what the other side says is none of ours."""
    status = answer.status_code
    if 200 <= status < 300:
        return
    if status in _PASSING or status >= 500:
        asked = answer.headers.get("Retry-After", "")
        wait = min(float(asked), _LONGEST_WAIT) if asked.isascii() and asked.isdigit() else None
        raise UnavailableError(f"{host} answered the webhook with {status}", code="webhook_deferred", retry_after=wait)
    raise RejectedInputError(f"{host} refused the webhook with {status}", code="webhook_refused")


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(address.ipv4_mapped)
        if any(address in net for net in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast
