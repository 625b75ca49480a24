"""A real Dovecot 2.3 with a configuration and folders of its own: no system service, no privileged port."""

from __future__ import annotations

import contextlib
import grp
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from mailroom.domain.errors import ConfigurationError, UnavailableError
from mailroom.local.listening import answers, free_ports

PASSWORD = "correct-horse"  # noqa: S105 - of a throw-away server on loopback

_CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
{tls}
disable_plaintext_auth = no
auth_mechanisms = plain login{mechanisms}
auth_failure_delay = 0
mail_location = maildir:{home}/mail/%u
mail_max_userip_connections = 100
mailbox_idle_check_interval = 1 secs
maildir_very_dirty_syncs = yes
postmaster_address = postmaster@localhost
default_internal_user = {service_user}
default_internal_group = {service_group}
default_login_user = {login_user}
default_process_limit = 100
default_client_limit = 1000
first_valid_uid = 1
{passdb}
userdb {{
  driver = static
  args = uid={mail_uid} gid={mail_gid} home={home}/mail/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
{imaps}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
service anvil {{
  chroot =
  # No waiting after a wrong password: tests try one, and the next test would pay for it.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth-worker {{
  user = {service_user}
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """One Dovecot process: mailboxes as folders on disk, any user name, one password, loopback only.

    `imap_port` speaks IMAP, `lmtp_port` LMTP. `tls` (certificate, key) adds STARTTLS and, on `imaps_port`, TLS.
    `introspection_url` switches XOAUTH2 on, with tokens asked for there (RFC 7662).
    """

    def __init__(
        self, home: Path | None = None, *, tls: tuple[Path, Path] | None = None, introspection_url: str | None = None
    ) -> None:
        if why_not() is not None:
            raise ConfigurationError(str(why_not()), code="no_dovecot")
        # Under root, mail is kept by a user who can't enter root's folders.
        self.home = home or Path(tempfile.mkdtemp(prefix="mailroom-dovecot-"))
        self.home.chmod(0o755)
        self.imap_port, self.imaps_port, self.lmtp_port = free_ports(3)
        self._delivered = itertools.count(1)
        self._mail_user, service, login = _users()
        (self.home / "mail").mkdir()
        self._own(self.home / "mail")
        self._configuration = self.home / "dovecot.conf"
        self._configuration.write_text(
            _CONFIGURATION.format(
                home=self.home,
                tls="ssl = yes\nssl_cert = <{}\nssl_key = <{}".format(*tls) if tls else "ssl = no",
                imaps=f"  inet_listener imaps {{\n    port = {self.imaps_port}\n    ssl = yes\n  }}" if tls else "",
                mechanisms=" xoauth2" if introspection_url else "",
                passdb=self._passdb(introspection_url),
                service_user=service,
                service_group=grp.getgrgid(pwd.getpwnam(service).pw_gid).gr_name,
                login_user=login,
                mail_uid=self._mail_user.pw_uid,
                mail_gid=self._mail_user.pw_gid,
                imap_port=self.imap_port,
                lmtp_port=self.lmtp_port,
            )
        )
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def _passdb(self, introspection_url: str | None) -> str:
        tokens = ""
        if introspection_url:
            (self.home / "oauth2.conf").write_text(
                f"introspection_mode = post\nintrospection_url = {introspection_url}\n"
                "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
            )
            tokens = f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {self.home}/oauth2.conf\n}}\n"
        return tokens + f"passdb {{\n  driver = static\n  mechanisms = plain login\n  args = password={PASSWORD}\n}}\n"

    def start(self) -> None:
        """Start and wait until it answers; what it logged is in the error if it does not."""
        self._process = subprocess.Popen(  # noqa: S603 - the server we found, our own configuration
            [_binary(), "-F", "-c", str(self._configuration)],
            stdout=subprocess.DEVNULL,
            stderr=(self.home / "stderr").open("wb"),
            start_new_session=True,
        )
        if not _answers(self.imap_port, 15):
            self.stop()
            raise UnavailableError(f"Dovecot did not start: {self.log()}")

    def stop(self) -> None:
        """End the server and its children."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
        self._process = None

    def remove(self) -> None:
        """Stop and delete everything."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def log(self) -> str:
        """Return what the server has written."""
        files = [self.home / "dovecot.log", self.home / "stderr"]
        return "\n".join(file.read_text(errors="replace") for file in files if file.exists())

    def maildir(self, user: str, folder: str = "INBOX") -> Path:
        """Return a folder's directory, made if need be."""
        box = self.home / "mail" / user
        path = box if folder == "INBOX" else box / f".{folder}"
        for part in (box, path, path / "cur", path / "new", path / "tmp"):
            if not part.exists():
                part.mkdir()
                self._own(part)
        return path

    def deliver(self, user: str, message: bytes, folder: str = "INBOX") -> str:
        """Put one message into a mailbox as a delivery agent would; return its file name."""
        return self.seed(user, [message], folder)[0]

    def seed(self, user: str, messages: Iterable[bytes], folder: str = "INBOX") -> list[str]:
        """Deliver many messages by writing files: thousands a second. Their UIDs follow this order."""
        path = self.maildir(user, folder)
        return [self._deliver(path, message) for message in messages]

    def _deliver(self, path: Path, message: bytes) -> str:
        body = message.replace(b"\r\n", b"\n")
        crlf_size = len(body) + body.count(b"\n")
        sequence = next(self._delivered)
        name = f"{int(time.time())}.M{sequence:09d}P{os.getpid()}.test,S={len(body)},W={crlf_size}"
        draft = path / "tmp" / name
        draft.write_bytes(body)
        self._own(draft)
        draft.rename(path / "new" / name)
        return name

    def remove_file(self, user: str, name: str, folder: str = "INBOX") -> None:
        """Delete a delivered message behind the server's back."""
        for place in ("new", "cur"):
            for file in (self.maildir(user, folder) / place).glob(f"{name}*"):
                file.unlink()

    def flags(self, user: str, folder: str = "INBOX") -> dict[str, str]:
        """Return maildir flags by delivered name: S seen, F flagged, T deleted, a-z keywords."""
        path = self.maildir(user, folder)
        files = [file.name.partition(":2,") for place in ("new", "cur") for file in (path / place).iterdir()]
        return {name: letters for name, _, letters in files}

    def reset_uidvalidity(self, user: str, folder: str = "INBOX") -> None:
        """Forget all UIDs: the same mail gets new ones under another UIDVALIDITY."""
        path = self.maildir(user, folder)
        for file in [path / "dovecot-uidlist", *path.glob("dovecot.index*")]:
            file.unlink(missing_ok=True)
        time.sleep(1.1)  # the new UIDVALIDITY may be the time in seconds

    def _own(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self._mail_user.pw_uid, self._mail_user.pw_gid)


def why_not() -> str | None:
    """Return why Dovecot can't be used on this machine; None when it can."""
    return None if _binary() else "Dovecot is not installed (run tests/servers/install.sh as root on Debian)."


def _answers(port: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not answers(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _binary() -> str:
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin") or ""


def _users() -> tuple[pwd.struct_passwd, str, str]:
    """Return who keeps the mail, who runs the services, who handles logins; all us when we are not root."""
    if os.geteuid() == 0:
        return pwd.getpwnam("nobody"), "dovecot", "dovenull"
    me = pwd.getpwuid(os.geteuid())
    return me, me.pw_name, me.pw_name
