"""The benchmarks' Dovecot with TLS, as tests start it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from mailroom.bench.dovecot import PASSWORD, why_not
from mailroom.bench.dovecot import Dovecot as PlainDovecot
from tests.servers.certificates import make_certificate

__all__ = ["PASSWORD", "Dovecot", "running_dovecot", "why_not"]


class Dovecot(PlainDovecot):
    """A Dovecot that also speaks TLS; `ca` is the file to trust."""

    def __init__(self, introspection_url: str | None = None) -> None:
        # Not pytest's tmp_path: as root, mail is kept by a user who can't enter root's folders.
        home = Path(tempfile.mkdtemp(prefix="mailroom-dovecot-"))
        made = make_certificate(home)
        self.ca = made.ca
        super().__init__(home, tls=(made.certificate, made.key), introspection_url=introspection_url)


def running_dovecot(introspection_url: str | None = None) -> Iterator[Dovecot]:
    """Yield a running server and remove it afterwards; the body of a fixture."""
    server = Dovecot(introspection_url)
    try:
        server.start()
        yield server
    finally:
        server.remove()
