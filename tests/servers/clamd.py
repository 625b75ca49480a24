"""A real clamd with a configuration of its own, no rights, and one signature: that of the EICAR test file."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from mailroom.local.listening import answers, free_ports

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE" + b"!$H+H*"
"""The harmless file that every scanner calls a virus (eicar.org); in pieces, or one would find it here."""
NAME = "Eicar-Test-Signature.UNOFFICIAL"
"""What a scanner with our signature calls it."""
LARGEST = 2 * 1024 * 1024
"""Bytes this clamd takes at once."""
LARGEST_LOOKED_THROUGH = 1024 * 1024
"""Bytes of one file that it looks through; it takes larger ones and gives up on them."""

_CONFIGURATION = """
Foreground yes
DatabaseDirectory {home}/signatures
TemporaryDirectory {home}
LogFile {home}/clamd.log
TCPSocket {port}
TCPAddr 127.0.0.1
LocalSocket {home}/clamd.ctl
StreamMaxLength {largest}
MaxFileSize {looked_through}
AlertExceedsMax yes
{user}
"""


class Clamd:
    """One clamd on loopback: at `tcp`, and at `unix`, a socket on disk."""

    def __init__(self) -> None:
        # Not pytest's tmp_path: as root, it runs as a user who can't enter root's folders.
        self.home = Path(tempfile.mkdtemp(prefix="mailroom-clamd-"))
        self.home.chmod(0o755)
        (self.port,) = free_ports(1)
        self.tcp = f"tcp://127.0.0.1:{self.port}"
        self.unix = f"unix://{self.home}/clamd.ctl"
        (self.home / "signatures").mkdir()
        # An extended signature: name, any kind of file, any place in it, the bytes.
        (self.home / "signatures" / "local.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
        root = os.geteuid() == 0
        (self.home / "clamd.conf").write_text(
            _CONFIGURATION.format(
                home=self.home,
                port=self.port,
                largest=LARGEST,
                looked_through=LARGEST_LOOKED_THROUGH,
                user="User nobody" if root else "",
            )
        )
        if root:
            os.chown(self.home, pwd.getpwnam("nobody").pw_uid, -1)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        self._process = subprocess.Popen(
            [_binary(), "-c", str(self.home / "clamd.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 30
        while not answers(self.port):
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(f"clamd did not start: {self._log()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it; `start` brings it back at the same place."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._process = None

    def remove(self) -> None:
        """Stop and delete everything."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def _log(self) -> str:
        file = self.home / "clamd.log"
        return file.read_text(errors="replace") if file.exists() else ""


def why_not() -> str | None:
    """Return why clamd can't be used on this machine; None when it can."""
    return None if _binary() else "clamd is not installed (run tests/servers/install.sh as root on Debian)."


def running_clamd() -> Iterator[Clamd]:
    """Yield a running clamd and remove it afterwards; the body of a fixture."""
    server = Clamd()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def _binary() -> str:
    return shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin") or ""
