"""The whole local stack, run by this process."""

from __future__ import annotations

import atexit
import json
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Self

import structlog

from mailroom.domain.errors import MailroomError, UnavailableError
from mailroom.local.component import ComponentStatus, chosen
from mailroom.local.listening import PortClaims
from mailroom.local.lock import FileLock
from mailroom.local.mail import MailServer
from mailroom.local.postgres import Postgres
from mailroom.local.server import component_environment, process_book
from mailroom.local.settings import PORT_NAMES, StackSettings
from mailroom.local.stack_components import (
    GROUPS,
    PORTS_OF,
    components_of,
    environment_of,
    mail_of,
    postgres_of,
)
from mailroom.local.stack_status import Phase, lock_file, read_owner, write_owner, write_status
from mailroom.local.state_folder import StateFolder, default_state_dir, read_json, write_private
from mailroom.local.supervisor import LOOK_EVERY, OnChange, Supervisor
from mailroom.local.upkeep import Upkeep

log = structlog.get_logger()


def _tell_nobody(_statuses: Sequence[ComponentStatus]) -> None:
    return None


class Stack:
    """Postgres, mail, Airflow and the web process of one state directory.

    `start` and `stop`, or use it as a context manager. A thread of this process watches the components
    and restarts those that die. Should this process be killed, the next start or `mailroom down` ends
    what it left. `role` says how it runs: only `background` and `foreground` ones are ended by `down`.
    """

    def __init__(self, settings: StackSettings | None = None, *, role: str = "embedded") -> None:
        self.settings = _with_saved_ports(settings or StackSettings.from_environment())
        self._role = role
        self._lock = FileLock(lock_file(self.settings.folder))
        self._book = process_book(self.settings.folder)
        self._claims = PortClaims()
        self._supervisor: Supervisor | None = None
        self._watching: threading.Thread | None = None
        self._ending = threading.Event()
        self._phase = Phase.STOPPED
        self._on_change: OnChange = _tell_nobody

    @property
    def postgres(self) -> Postgres:
        """The stack's Postgres, to make databases in and to connect to."""
        return postgres_of(self.settings)

    @property
    def mail(self) -> MailServer:
        """The stack's mail server: its ports and its password."""
        return mail_of(self.settings)

    def environment(self) -> dict[str, str]:
        """Return every variable the product, Airflow and tests need to use this stack.

        With `ports="auto"` the ports are final once `start` has returned.
        """
        return environment_of(self.settings)

    def statuses(self) -> list[ComponentStatus]:
        """Return what each started component is doing."""
        return self._supervisor.statuses() if self._supervisor else []

    def start(
        self,
        components: Collection[str] | None = None,
        *,
        on_change: OnChange = _tell_nobody,
        within: float = 240,
    ) -> None:
        """Start the named components (None: all) with all they need, and return when all are healthy.

        Names are postgres, mail, schema, airflow-schema, api-server, scheduler, dag-processor, triggerer
        and web, or the group airflow. Raises `ConfigurationError` for a taken port or an unknown name,
        and `UnavailableError` when a stack runs here already (code `already_running`), when a component
        does not come up within as many seconds, or after `cancel`; all that was started is then stopped.
        """
        folder = self.settings.folder
        folder.create()
        # Without an owner it is held for a moment only, by somebody who looks.
        if not self._lock.acquire(within=0 if read_owner(folder) else 5):
            raise UnavailableError(f"A stack already runs in {folder.root}.", code="already_running")
        self._ending.clear()
        self._on_change = on_change
        try:
            write_status(folder, Phase.STARTING, [])  # before we are known as the owner: the old one is stale
            write_owner(folder, self._role)
            self._book.end_leftovers()
            self._start(components, within)
        except BaseException as err:
            self._give_up(err)
            raise
        atexit.register(self.stop)
        self._watching = threading.Thread(target=self._watch, name="mailroom-stack", daemon=True)
        self._watching.start()

    def cancel(self) -> None:
        """Make a `start` that is under way give up; safe to call from a signal handler."""
        self._ending.set()

    def stop(self) -> None:
        """Stop everything in order; harmless when nothing runs."""
        if self._watching is None:
            return
        self._ending.set()
        self._watching.join()
        self._watching = None
        self._end_all()
        write_status(self.settings.folder, Phase.STOPPED, self.statuses())
        atexit.unregister(self.stop)
        self._claims.release()
        self._lock.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self, names: Collection[str] | None, within: float) -> None:
        folder = self.settings.folder
        wanted = [component.name for component in chosen(components_of(self.settings), names, GROUPS)]
        ports = tuple(port for name in wanted for port in PORTS_OF.get(name, ()))
        self.settings = self.settings.with_ports_claimed(self._claims, ports)
        saved = {f"port_{name}": self.settings.port(name) for name in PORT_NAMES}
        write_private(folder.run / "ports.json", json.dumps(saved))
        lines = (f"{name}={value}\n" for name, value in sorted(self.environment().items()))
        write_private(folder.environment_file, "".join(lines))
        self._supervisor = Supervisor(
            chosen(components_of(self.settings), wanted, GROUPS),
            self._book,
            folder,
            self._tell,
        )
        self._phase = Phase.STARTING
        self._supervisor.start(within, self._ending)
        self._phase = Phase.RUNNING
        self._tell(self.statuses())
        environment = component_environment() | self.environment()
        self._upkeep = Upkeep(folder, environment, with_airflow="api-server" in wanted)

    def _give_up(self, err: BaseException) -> None:
        try:
            self._end_all()
            code = err.code if isinstance(err, MailroomError) else "error"
            write_status(self.settings.folder, Phase.FAILED, self.statuses(), str(err) or type(err).__name__, code)
        finally:
            self._claims.release()
            self._lock.release()

    def _tell(self, statuses: list[ComponentStatus]) -> None:
        write_status(self.settings.folder, self._phase, statuses)
        self._on_change(statuses)

    def _watch(self) -> None:
        assert self._supervisor is not None
        while not self._ending.wait(LOOK_EVERY):
            try:
                self._supervisor.turn()
                self._upkeep.turn(self._book)
            except Exception:  # a full disk, say, must not end the watch
                log.exception("looking after the stack failed")
                time.sleep(1)

    def _end_all(self) -> None:
        if self._supervisor is not None:
            self._phase = Phase.STOPPING
            self._supervisor.stop()
        self._book.end_leftovers()


def local_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the product's variables of the stack that runs in `MAILROOM_STATE_DIR`; empty when none does."""
    configured = environ.get("MAILROOM_STATE_DIR")
    folder = StateFolder((Path(configured) if configured else default_state_dir()).expanduser().absolute())
    if read_owner(folder) is None or not folder.environment_file.exists():
        return {}
    lines = folder.environment_file.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines)
    return {name: value for name, value in pairs if name.startswith("MAILROOM_")}


def _with_saved_ports(settings: StackSettings) -> StackSettings:
    """Keep to the ports that were picked last time, when they are picked automatically."""
    saved = read_json(settings.folder.run / "ports.json") if settings.ports == "auto" else None
    return settings.model_copy(update=saved) if saved else settings
