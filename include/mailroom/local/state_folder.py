"""Where the local stack keeps everything it makes."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailroom.domain.errors import ConfigurationError


def default_state_dir() -> Path:
    """Return /var/lib/mailroom for root and ~/.local/state/mailroom for anybody else.

    Root's data cannot live in a home: Postgres refuses to run as root, and the user it runs as
    cannot reach a closed directory.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/mailroom")
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "mailroom"


@dataclass(frozen=True, slots=True)
class StateFolder:
    """The folders and files below one state directory."""

    root: Path

    @property
    def secrets(self) -> Path:
        """Generated passwords and keys; nobody else may look in."""
        return self.root / "secrets"

    @property
    def own_secrets(self) -> Path:
        """One file for each password a person adds, read whenever it is needed."""
        return self.secrets / "own"

    @property
    def objects(self) -> Path:
        """The directory that serves as the object store."""
        return self.root / "objects"

    @property
    def airflow(self) -> Path:
        """Airflow's home: task logs, bundles, its generated configuration file."""
        return self.root / "airflow"

    @property
    def logs(self) -> Path:
        """One file for each component's output."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """What is true only while the stack runs: lock, owner, process records, status."""
        return self.root / "run"

    @property
    def dns_zone(self) -> Path:
        """The zone file that answers for the local mail domains."""
        return self.root / "dns" / "zone"

    @property
    def environment_file(self) -> Path:
        """The stack's environment as KEY=value lines, for shells and programs beside it."""
        return self.run / "environment"

    def log_of(self, component: str) -> Path:
        """Return the file a component writes its output to."""
        return self.logs / f"{component}.log"

    def create(self) -> None:
        """Make the folders; raises `ConfigurationError` when the place is not writable."""
        try:
            # Postgres as another user must pass through the root of the folder, and nothing else.
            _make(self.root, 0o711 if os.geteuid() == 0 else 0o700)
            for folder in (
                self.secrets,
                self.own_secrets,
                self.objects,
                self.airflow,
                self.logs,
                self.run,
                self.dns_zone.parent,
            ):
                _make(folder, 0o700)
        except OSError as err:
            raise ConfigurationError(
                f"The state folder {self.root} cannot be made ({err.strerror}); "
                "set MAILROOM_STATE_DIR to a folder you may write to.",
                code="state_folder",
            ) from err


def _make(folder: Path, mode: int) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(mode)


def write_private(path: Path, text: str, *, durable: bool = False) -> None:
    """Replace a file in one move, readable by its owner alone (mode 0600).

    `durable` ones survive a power failure too, at the price of waiting for the disk.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_json(path: Path) -> Any:
    """Return a JSON file's value, or None when there is none or it is unreadable."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
