"""Start components in the order of their needs, watch them, restart what dies, stop all in order."""

from __future__ import annotations

import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from mailroom.domain.errors import UnavailableError
from mailroom.local.component import READY, Component, ComponentStatus, State
from mailroom.local.listening import listened_on
from mailroom.local.log_files import tail
from mailroom.local.processes import ProcessBook
from mailroom.local.state_folder import StateFolder

log = structlog.get_logger()

LOOK_EVERY = 0.2
CHECK_STARTING_EVERY = 0.3
CHECK_HEALTHY_EVERY = 10.0
SILENT_TOO_LONG = 180.0
"""Seconds after which a component that lives but does not answer is restarted."""
MAX_DEATHS, MAX_DEATHS_WITHIN = 5, 300.0
"""So many deaths within so many seconds make a component failed; it is then tried once a minute."""
LONGEST_PAUSE = 60.0

OnChange = Callable[[list[ComponentStatus]], None]


class _Run:
    """One component's run so far; only the supervisor's own thread changes it."""

    def __init__(self, component: Component) -> None:
        self.component = component
        self.process: subprocess.Popen[bytes] | None = None
        self.state = State.WAITING
        self.since = time.monotonic()
        self.started_at = 0.0
        self.checked = 0.0
        self.settled = False
        self.deaths: deque[float] = deque(maxlen=MAX_DEATHS)
        self.restarts = 0
        self.retry_at = 0.0
        self.message: str | None = None

    def move(self, state: State, message: str | None = None) -> None:
        if state != self.state:
            log.debug("component", component=self.component.name, state=str(state))
            self.state, self.since = state, time.monotonic()
        self.message = message


class Supervisor:
    """Run a set of components until told to stop.

    `start` returns when all are healthy; from then on `turn`, called again and again, keeps them so.
    """

    def __init__(
        self,
        components: Sequence[Component],
        book: ProcessBook,
        folder: StateFolder,
        on_change: OnChange = lambda _statuses: None,
    ) -> None:
        self._runs = {component.name: _Run(component) for component in components}
        self._book = book
        self._folder = folder
        self._on_change = on_change
        self._told: list[tuple[object, ...]] = []
        self._telling = threading.Lock()
        self._starting = True

    def statuses(self) -> list[ComponentStatus]:
        """Return what every component is doing."""
        return [self._status(run) for run in self._runs.values()]

    def start(self, within: float, cancelled: threading.Event) -> None:
        """Start everything and wait until it is healthy.

        Raises `UnavailableError` naming the component, its log and its last lines when one dies or
        takes too long, and when `cancelled` is set meanwhile. What was started is then still running.
        """
        deadline = time.monotonic() + within
        while not all(run.state in READY for run in self._runs.values()):
            self.turn()
            if cancelled.wait(LOOK_EVERY / 2):
                raise UnavailableError("Starting was cut short.", code="cancelled")
            if time.monotonic() > deadline:
                late = [run for run in self._runs.values() if run.state not in READY]
                raise UnavailableError(self._obituary(late[0], f"is not healthy after {within:.0f} s"))
        self._starting = False

    def turn(self) -> None:
        """Look at every component once and do what is due."""
        for run in self._runs.values():
            self._look_at(run)
        self._tell()

    def stop(self) -> None:
        """Stop everything, each when those that need it have ended; each has `stop_within` to end in order."""
        ended = {name: threading.Event() for name in self._runs}

        def end(run: _Run) -> None:
            try:
                for name, other in self._runs.items():
                    if run.component.name in {*other.component.needs, *other.component.stops_before}:
                        ended[name].wait()
                self._end(run)
            finally:
                ended[run.component.name].set()

        with ThreadPoolExecutor(max_workers=len(self._runs)) as pool:
            list(pool.map(end, self._runs.values()))

    def _look_at(self, run: _Run) -> None:
        try:
            self._do_what_is_due(run)
        except Exception as err:
            if self._starting:
                raise
            log.exception("component could not be started", component=run.component.name)
            self._bury(run, str(err))

    def _do_what_is_due(self, run: _Run) -> None:
        now = time.monotonic()
        if run.state in {State.WAITING, State.RESTARTING, State.FAILED} and now >= run.retry_at:
            if all(self._runs[name].state in READY for name in run.component.needs):
                self._begin(run)
        elif run.process is not None and run.process.poll() is not None:
            self._after_death(run, run.process.returncode)
        elif run.state == State.STARTING and now - run.checked > CHECK_STARTING_EVERY:
            self._check_starting(run)
        elif run.state in {State.HEALTHY, State.SILENT} and now - run.checked > CHECK_HEALTHY_EVERY:
            self._check_running(run)

    def _begin(self, run: _Run) -> None:
        component = run.component
        if component.once and component.skip():
            run.move(State.DONE)
            return
        component.prepare()
        run.move(State.STARTING)
        run.started_at = time.time()
        run.process = self._book.start(
            component.name,
            component.command(),
            environment=component.environment,
            log_file=self._folder.log_of(component.name),
            cwd=component.cwd,
            user=component.user,
        )

    def _check_starting(self, run: _Run) -> None:
        run.checked = time.monotonic()
        if not run.component.once and self._listens(run.component) and run.component.healthy(run.started_at):
            self._settle(run, State.HEALTHY)
        elif not self._starting and run.checked - run.since > SILENT_TOO_LONG:
            self._restart_silent(run)

    def _listens(self, component: Component) -> bool:
        wanted = set(component.listens_on)
        return not wanted or wanted <= listened_on(self._book.members(component.name))

    def _check_running(self, run: _Run) -> None:
        run.checked = time.monotonic()
        healthy = run.component.healthy(run.started_at)
        if healthy:
            run.move(State.HEALTHY)
        elif healthy is False and run.state == State.HEALTHY:
            run.move(State.SILENT, "alive, but it does not answer")
        elif run.state == State.SILENT and run.checked - run.since > SILENT_TOO_LONG:
            self._restart_silent(run)

    def _restart_silent(self, run: _Run) -> None:
        self._end(run)
        self._bury(run, f"silent for {SILENT_TOO_LONG:.0f} s")

    def _settle(self, run: _Run, state: State) -> None:
        if not run.settled:
            run.component.settle()
            run.settled = True
        run.move(state)

    def _after_death(self, run: _Run, code: int | None) -> None:
        self._book.end(run.component.name, within=0)
        run.process = None
        if run.component.once and code == 0:
            self._settle(run, State.DONE)
        elif self._starting:
            run.move(State.FAILED, f"exit code {code}")
            self._tell()
            raise UnavailableError(self._obituary(run, f"ended with exit code {code}"))
        else:
            self._bury(run, f"exit code {code}")

    def _bury(self, run: _Run, cause: str) -> None:
        """Plan the next try, later each time; a full disk or a taken port may be gone by then."""
        now = time.monotonic()
        run.deaths.append(now)
        recent = sum(now - death < MAX_DEATHS_WITHIN for death in run.deaths)
        failed = recent == MAX_DEATHS
        pause = LONGEST_PAUSE if failed else 2.0 ** (recent - 1)
        run.restarts += 1
        run.retry_at = now + pause
        run.move(State.FAILED if failed else State.RESTARTING, f"died ({cause}); next try after {pause:.0f} s")
        log.warning("component died", component=run.component.name, cause=cause, pause=pause)

    def _end(self, run: _Run) -> None:
        component = run.component
        if run.process is not None:
            run.move(State.STOPPING)
            self._tell()
            self._book.end(component.name, within=component.stop_within, first=component.stop_signal)
            run.process.wait()
            run.process = None
        run.move(State.STOPPED)
        self._tell()

    def _obituary(self, run: _Run, fate: str) -> str:
        path = self._folder.log_of(run.component.name)
        return f"{run.component.name} {fate}. Its log {path} ends:\n{tail(path)}"

    def _status(self, run: _Run) -> ComponentStatus:
        return ComponentStatus(
            component=run.component.name,
            state=run.state,
            since=round(time.time() - (time.monotonic() - run.since), 2),
            log=str(self._folder.log_of(run.component.name)),
            pid=run.process.pid if run.process else None,
            port=run.component.port,
            url=run.component.url,
            restarts=run.restarts,
            message=run.message,
        )

    def _tell(self) -> None:
        seen: list[tuple[object, ...]] = [
            (run.state, run.process and run.process.pid, run.message) for run in self._runs.values()
        ]
        with self._telling:
            if seen != self._told:
                self._told = seen
                self._on_change(self.statuses())
