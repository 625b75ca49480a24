"""Calls to other systems: signed, and never into a network that is not public (reliability T29)."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mailroom.adapters.webhook import HttpWebhooks
from mailroom.domain.errors import RejectedInputError, UnavailableError

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PUBLIC = "93.184.215.14"


@dataclass
class Desk:
    """A ticket desk on loopback, and all that reached it."""

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tickets"


@pytest.fixture
def desk() -> Iterator[Desk]:
    found = Desk()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.calls.append((self.path, dict(self.headers), body))
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


class Key:
    def get(self, name: str) -> str:
        return {"TICKETS": "a secret for tests only"}[name]


class Noon:
    def now(self) -> datetime:
        return AT


def webhooks(**more) -> HttpWebhooks:
    return HttpWebhooks(Key(), Noon(), **{"allow_loopback": True, "timeout": 2.0, **more})


def call(caller: HttpWebhooks, url: str, body: bytes = b'{"event":"ticket"}') -> None:
    caller.call(url, body, secret="TICKETS", delivery="d-1")


def test_the_body_arrives_signed_with_its_time(desk: Desk):
    call(webhooks(), desk.url + "?queue=ap")

    ((path, headers, body),) = desk.calls
    stamp = str(int(AT.timestamp()))
    expected = hmac.new(b"a secret for tests only", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert (path, body) == ("/tickets?queue=ap", b'{"event":"ticket"}')
    assert headers["X-Mailroom-Timestamp"] == stamp
    assert headers["X-Mailroom-Signature"] == f"sha256={expected}"
    assert headers["X-Mailroom-Delivery"] == headers["Idempotency-Key"] == "d-1"
    assert headers["Host"] == f"127.0.0.1:{desk.port}"


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "[::ffff:127.0.0.1]", "0x7f000001", "2130706433", "127.1", "127.0.0.2", "0.0.0.0", "[::]",
     "10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]",
     "[2002:7f00:1::]", "[::ffff:169.254.169.254]", "224.0.0.1"],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_spelling_of_an_inner_address_is_called(desk: Desk, scheme: str, host: str):
    with pytest.raises((RejectedInputError, UnavailableError)) as refused:
        call(webhooks(), f"{scheme}://{host}:{desk.port}/tickets")

    assert refused.value.code in {"webhook_address", "webhook_unavailable"}
    assert desk.calls == []


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.com/x", "http://example.com/x", "https://", "//127.0.0.1/x", "https://[::1/x",
     "https://name:password@example.com/x", "gopher://127.0.0.1:25/x", "https://example.com:port/x"],
)  # fmt: skip
def test_only_https_addresses_are_taken(url: str):
    with pytest.raises(RejectedInputError, match="address"):
        call(webhooks(resolve=lambda host, port: [PUBLIC]), url)


def test_in_production_this_machine_is_not_called(desk: Desk):
    with pytest.raises(RejectedInputError):
        call(webhooks(allow_loopback=False), desk.url)
    with pytest.raises(RejectedInputError):
        call(webhooks(allow_loopback=False), f"https://localhost:{desk.port}/x")

    assert desk.calls == []


def test_one_inner_address_among_public_ones_spoils_them_all(desk: Desk):
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC, "127.0.0.1"]

    with pytest.raises(RejectedInputError, match="not public"):
        call(webhooks(resolve=rebinding), f"https://hook.example:{desk.port}/x")

    assert (asked, desk.calls) == (["hook.example"], [])


def test_the_name_is_looked_up_once_and_that_address_is_called(desk: Desk):
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])

    call(webhooks(resolve=lambda host, port: next(answers)), f"http://localhost:{desk.port}/x")

    assert len(desk.calls) == 1
    assert next(answers) == ["10.0.0.1"]


def test_a_redirect_is_not_followed(desk: Desk):
    desk.status, desk.headers = 307, {"Location": f"http://127.0.0.1:{desk.port}/inner"}

    with pytest.raises(RejectedInputError, match="307"):
        call(webhooks(), desk.url)

    assert [path for path, _, _ in desk.calls] == ["/tickets"]


def test_no_proxy_is_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    call(webhooks(), desk.url)

    assert len(desk.calls) == 1


@pytest.mark.parametrize(
    ("status", "error", "wait"),
    [(500, UnavailableError, None), (503, UnavailableError, 7.0), (429, UnavailableError, 7.0),
     (400, RejectedInputError, None), (404, RejectedInputError, None)],
)  # fmt: skip
def test_what_may_be_tried_again(desk: Desk, status: int, error: type[Exception], wait: float | None):
    desk.status, desk.headers = status, {"Retry-After": "7"} if wait else {}

    with pytest.raises(error) as raised:
        call(webhooks(), desk.url)

    assert getattr(raised.value, "retry_after", None) == wait


def test_a_desk_that_is_away_may_be_tried_again(desk: Desk):
    with pytest.raises(UnavailableError):
        call(webhooks(), "http://127.0.0.1:9/x")


def test_a_certificate_nobody_vouches_for_is_refused(desk: Desk):
    """The desk speaks no TLS at all; whatever it were, the call is not made in plain."""
    with pytest.raises(UnavailableError):
        call(webhooks(), f"https://localhost:{desk.port}/x")

    assert desk.calls == []
