"""Starting in order, restarting, giving reasons, stopping in order: with small stand-in programs."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailroom.domain.errors import ConfigurationError, UnavailableError
from mailroom.local.component import Component, State, chosen
from mailroom.local.server import process_book
from mailroom.local.state_folder import StateFolder
from mailroom.local.supervisor import Supervisor

RUNS = "import time; time.sleep(60)"
DIES = "import sys; print('no such table: job'); sys.exit(3)"


@pytest.fixture
def supervise(state_dir: Path) -> Iterator[Callable[..., Supervisor]]:
    folder = StateFolder(state_dir)
    folder.create()
    made: list[Supervisor] = []

    def make(*components: Component, on_change=lambda _statuses: None) -> Supervisor:
        made.append(Supervisor(components, process_book(folder), folder, on_change))
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.stop()


@pytest.fixture
def component(plain_environment) -> Callable[..., Component]:
    def make(name: str, program: str = RUNS, **settings) -> Component:
        ways = {"healthy": lambda _since: True, "environment": plain_environment, **settings}
        return Component(name=name, command=lambda: [sys.executable, "-c", program], **ways)

    return make


def start(supervisor: Supervisor, within: float = 10) -> None:
    supervisor.start(within, threading.Event())


def states(supervisor: Supervisor) -> dict[str, State]:
    return {status.component: status.state for status in supervisor.statuses()}


def test_a_component_starts_when_what_it_needs_is_healthy_and_settled(supervise, component):
    told = []
    database = component("database", settle=lambda: told.append("settled"))
    web = component("web", needs=("database",), prepare=lambda: told.append("web starts"))

    start(supervise(web, database))

    assert told == ["settled", "web starts"]


def test_a_preparation_is_done_when_it_ends_well_and_can_be_left_out(supervise, component):
    ran = component("migrate", "print('migrated')", once=True)
    left_out = component("again", DIES, once=True, skip=lambda: True)
    supervisor = supervise(ran, left_out)

    start(supervisor)

    assert states(supervisor) == {"migrate": State.DONE, "again": State.DONE}


def test_a_component_that_dies_at_the_start_is_named_with_its_log_and_last_words(supervise, component, state_dir):
    with pytest.raises(UnavailableError) as failure:
        start(supervise(component("api-server", DIES, healthy=lambda _since: False)))

    assert "api-server ended with exit code 3" in failure.value.message
    assert str(state_dir / "logs" / "api-server.log") in failure.value.message
    assert "no such table: job" in failure.value.message


def test_a_component_that_is_never_healthy_is_named(supervise, component):
    with pytest.raises(UnavailableError, match=r"web is not healthy after"):
        start(supervise(component("web", healthy=lambda _since: False)), within=0.6)


def test_a_stranger_who_answers_on_the_port_is_not_taken_for_the_component(supervise, component):
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        web = component("web", listens_on=(stranger.getsockname()[1],))

        with pytest.raises(UnavailableError, match="web is not healthy"):
            start(supervise(web), within=0.6)


def test_a_killed_component_is_started_again(supervise, component, eventually):
    supervisor = supervise(component("mail"))
    start(supervisor)
    first = supervisor._runs["mail"].process
    first.kill()

    def runs_again() -> bool:
        supervisor.turn()
        [status] = supervisor.statuses()
        return status.state == State.HEALTHY and status.pid != first.pid and status.restarts == 1

    eventually(runs_again)


def test_one_that_dies_again_and_again_is_failed_and_waited_for_longer_each_time(supervise, component, monkeypatch):
    supervisor = supervise(component("web"))
    start(supervisor)
    run = supervisor._runs["web"]
    pauses = []
    for _ in range(6):
        run.process.kill()
        run.process.wait()
        supervisor.turn()
        pauses.append(round(run.retry_at - time.monotonic()))
        last = run.state
        run.retry_at = 0.0
        supervisor.turn()

    assert pauses == [1, 2, 4, 8, 60, 60]
    assert last == State.FAILED


def test_health_that_cannot_be_told_changes_nothing_and_silence_does(supervise, component):
    answers = iter([True, None, False])
    supervisor = supervise(component("scheduler", healthy=lambda _since: next(answers)))
    start(supervisor)
    seen = []
    for _ in range(2):
        supervisor._runs["scheduler"].checked = -1000.0
        supervisor.turn()
        seen.append(states(supervisor)["scheduler"])

    assert seen == [State.HEALTHY, State.SILENT]


def test_everything_stops_before_what_it_needs(supervise, component):
    changes: list[tuple[str, State]] = []

    def note(statuses) -> None:
        for status in statuses:
            if (status.component, status.state) not in changes:
                changes.append((status.component, status.state))

    supervisor = supervise(
        component("database"),
        component("mail"),
        component("scheduler", needs=("database",), stops_before=("mail",)),
        on_change=note,
    )
    start(supervisor)
    supervisor.stop()

    stopped = changes.index(("scheduler", State.STOPPED))
    assert stopped <= changes.index(("database", State.STOPPING))
    assert stopped <= changes.index(("mail", State.STOPPING))
    assert set(states(supervisor).values()) == {State.STOPPED}


def test_a_name_brings_what_it_needs_and_an_unknown_one_is_refused(component):
    parts = [component("database"), component("schema", needs=("database",)), component("web", needs=("schema",))]

    assert [part.name for part in chosen(parts, {"web"}, {})] == ["database", "schema", "web"]
    assert [part.name for part in chosen(parts, {"base"}, {"base": ("schema",)})] == ["database", "schema"]
    with pytest.raises(ConfigurationError, match=r"no 'wob'; it has database, schema, web"):
        chosen(parts, {"wob"}, {})
