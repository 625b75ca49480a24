"""An IMAP server that says what a test tells it to: what no well-behaved server can be brought to say."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

CAPABILITIES = b"IMAP4rev1 AUTH=PLAIN IDLE"


class ScriptedImap:
    """Answers commands by name with `answers`, else with OK; `{tag}` stands for the command's tag.

    What is sent for one command goes out in one packet.
    """

    def __init__(self, capabilities: bytes = CAPABILITIES) -> None:
        self.answers: dict[bytes, bytes] = {
            b"CAPABILITY": b"* CAPABILITY " + capabilities + b"\r\n{tag} OK done\r\n",
            b"AUTHENTICATE": b"+ \r\n",
            b"STATUS": b"* STATUS INBOX (UIDVALIDITY 7 UIDNEXT 1 MESSAGES 0)\r\n{tag} OK done\r\n",
            b"EXAMINE": b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 1] x\r\n{tag} OK [READ-ONLY] x\r\n",
            b"IDLE": b"+ idling\r\n",
            b"LOGOUT": b"* BYE bye\r\n{tag} OK done\r\n",
        }
        self.login_answer = b"{tag} OK done\r\n"
        self.commands: list[bytes] = []
        self._capabilities = capabilities
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                with client, contextlib.suppress(OSError, ValueError):
                    client.settimeout(20)
                    self._serve(client)

    def _serve(self, client: socket.socket) -> None:
        client.sendall(b"* OK ready\r\n")
        lines = client.makefile("rb")
        idle_tag = b""
        for line in lines:
            if line == b"DONE\r\n":
                client.sendall(idle_tag + b" OK idle done\r\n")
                continue
            tag, name = line.split()[:2]
            self.commands.append(name)
            if name == b"IDLE":
                idle_tag = tag
            client.sendall(self.answers.get(name, b"{tag} OK done\r\n").replace(b"{tag}", tag))
            if name == b"AUTHENTICATE":
                lines.readline()
                client.sendall(self.login_answer.replace(b"{tag}", tag))
                if self.login_answer.startswith(b"* BYE"):
                    return


def running_scripted_imap(capabilities: bytes = CAPABILITIES) -> Iterator[ScriptedImap]:
    """Yield a server; the body of a fixture."""
    server = ScriptedImap(capabilities)
    try:
        yield server
    finally:
        server.stop()
