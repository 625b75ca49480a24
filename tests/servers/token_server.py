"""An OAuth server on loopback: gives tokens and tells Dovecot whose they are."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


class TokenServer(ThreadingHTTPServer):
    """Gives `token-N` for `user`; `answers` holds (status, body) to give in place of the next tokens."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.user = "nobody"
        self.expires_in = 3600
        self.answers: list[tuple[int, bytes]] = []
        self.requests: list[dict[str, str]] = []
        self.valid: dict[str, str] = {}

    @property
    def token_url(self) -> str:
        """Return where tokens are asked for."""
        return f"http://127.0.0.1:{self.server_address[1]}/token"

    @property
    def introspection_url(self) -> str:
        """Return where Dovecot asks about a token."""
        return f"http://127.0.0.1:{self.server_address[1]}/introspect"

    def grant(self, asked: dict[str, str]) -> tuple[int, bytes]:
        """Answer a request for a token."""
        self.requests.append(asked)
        if self.answers:
            return self.answers.pop(0)
        token = f"token-{len(self.requests)}"
        self.valid[token] = self.user
        body = {"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in}
        return 200, json.dumps(body).encode()

    def introspect(self, token: str) -> tuple[int, bytes]:
        """Answer whether a token is good, and whose (RFC 7662)."""
        user = self.valid.get(token)
        return 200, json.dumps({"active": user is not None, "username": user or ""}).encode()


class _Handler(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        if self.path == "/token":
            status, answer = self.server.grant(asked)
        else:
            status, answer = self.server.introspect(asked.get("token", ""))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def running_token_server() -> Iterator[TokenServer]:
    """Yield a server; the body of a fixture."""
    server = TokenServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
