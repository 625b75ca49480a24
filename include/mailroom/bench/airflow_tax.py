"""What Airflow costs: due no-op transactions through the real DAG, scheduler, triggerer and task processes.

The DAG is `dags/process_invoices.py` with another process's name in it, whose steps come from a package of
their own by the entry point `mailroom.steps`, as anybody's would. The clock starts with the commit that makes
the transactions due and stops when the DAG run is over.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import yaml
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from mailroom.bench.figure import Baseline, Figure
from mailroom.database.organizations import add_organization
from mailroom.database.transactions import insert_transactions
from mailroom.domain.errors import UnavailableError
from mailroom.local.airflow_settings import AIRFLOW_DATABASE
from mailroom.local.settings import StackSettings, repository
from mailroom.local.stack import Stack
from mailroom.local.stack_status import memory_of

SIZES = (1, 24, 1_000, 10_000)
ONE_EACH = 200
"""Transactions of the baseline, which has a task instance for each of them and step."""
ORGANIZATIONS = 4
FLOOR, GOAL = 45.0, 20.0
LONGEST = 900.0
PHASES = ("step_1", "step_2", "step_3", "step_4", "step_5")
STATES = ("extracted", "validated", "approved", "uploaded", "completed")
PROCESSES = {"noop": {}, "noop_each": {"one_each_up_to": ONE_EACH, "max_slices": ONE_EACH}}


def run(sizes: Sequence[int] = SIZES, one_each: int = ONE_EACH) -> Figure:
    """Return seconds for the largest size; the baseline's are scaled to as many transactions by its rate."""
    with _rig() as rig:
        detail = {str(size): rig.measure("noop", size) for size in sizes}
        each = rig.measure("noop_each", one_each)
        peak = rig.peak_mb
    largest = max(sizes)
    scaled = each["seconds"] * largest / one_each
    return Figure(
        benchmark="airflow_tax",
        figure=detail[str(largest)]["seconds"],
        unit=f"s for {largest} transactions",
        baseline=Baseline("one task instance per transaction and step", scaled),
        better="lower",
        floor_on="figure",
        floor=FLOOR,
        goal=GOAL,
        peak_rss_mb=peak,
        detail={"by_size": detail, "baseline": {"transactions": one_each, **each}},
    )


@dataclass(slots=True)
class _Rig:
    """A running stack with nothing to do but the no-op processes."""

    stack: Stack
    owner: Engine
    organizations: list[UUID]
    peak_mb: float = 0.0

    def measure(self, process: str, count: int) -> dict[str, Any]:
        """Make `count` transactions due at once and wait until they are done and the run is over."""
        self._wait(lambda: self._open_runs(process) == 0, "the last run to end")
        before = self._task_instances(process)
        self._insert(process, count)
        started = time.monotonic()
        self._wait(lambda: self._open_transactions(process) == 0, f"{count} transactions")
        moved = time.monotonic() - started
        self._wait(lambda: self._open_runs(process) == 0, "the run to end")
        seconds = time.monotonic() - started
        tasks = self._task_instances(process) - before
        return {
            "seconds": round(seconds, 1),
            "last_transaction_after": round(moved, 1),
            "task_instances": tasks,
            "task_instances_per_transaction": round(tasks / count, 4),
            "transactions_per_second": round(count / seconds, 1),
        }

    def watch_memory(self, done: threading.Event) -> None:
        """Note the most memory that Airflow's processes and their tasks take together."""
        while not done.wait(3.0):
            used = memory_of(self.stack.settings.folder)
            airflow = sum(size for name, size in used.items() if name not in {"postgres", "mail", "web"})
            self.peak_mb = max(self.peak_mb, airflow / 2**20)

    def _insert(self, process: str, count: int) -> None:
        with self.owner.begin() as connection:
            now = connection.execute(text("SELECT now()")).scalar_one()
            for start in range(0, count, 5000):
                keys = [uuid4() for _ in range(start, min(start + 5000, count))]
                insert_transactions(connection, [self._row(process, key, now) for key in keys])

    def _row(self, process: str, key: UUID, now: Any) -> dict[str, Any]:
        organization_id = self.organizations[key.int % len(self.organizations)]
        return {
            "id": key,
            "organization_id": organization_id,
            "process": process,
            "step": PHASES[0],
            "state": "received",
            "mode": "auto",
            "version": 1,
            "attempts": 0,
            "fence": 0,
            "due_at": now,
            "working_directory": f"org/{organization_id}/tx/{key}",
            "inputs": {},
            "created_at": now,
            "updated_at": now,
        }

    def _open_transactions(self, process: str) -> int:
        query = text("SELECT count(*) FROM transactions WHERE process = :process AND state <> 'completed'")
        with self.owner.connect() as connection:
            return int(connection.execute(query, {"process": process}).scalar_one())

    def _open_runs(self, process: str) -> int:
        return self._count("SELECT count(*) FROM dag_run WHERE dag_id = %s AND state IN ('queued', 'running')", process)

    def _task_instances(self, process: str) -> int:
        """Count those that ran; a run that found nothing skips most of its own."""
        return self._count("SELECT count(*) FROM task_instance WHERE dag_id = %s AND state = 'success'", process)

    def _count(self, query: str, process: str) -> int:
        with self.stack.postgres.connect(AIRFLOW_DATABASE) as connection:
            row = connection.execute(query.encode(), (f"process_{process}",)).fetchone()
        return int(str(row[0])) if row else 0

    def _wait(self, condition: Any, what: str) -> None:
        deadline = time.monotonic() + LONGEST
        while not condition():
            if time.monotonic() > deadline:
                raise UnavailableError(f"waited {LONGEST:.0f} s for {what}; logs: {self.stack.settings.folder.logs}")
            time.sleep(0.2)


@contextmanager
def _rig() -> Iterator[_Rig]:
    # Not the system's temporary folder: Postgres' own user must reach it.
    root = Path(tempfile.mkdtemp(prefix="mailroom-bench-", dir="/var/tmp"))
    root.chmod(0o755)
    _write_steps(root / "packages")
    write_configuration(root / "config")
    write_dags(root / "dags")
    settings = StackSettings(state_dir=root / "state", config_dir=root / "config", dags_dir=root / "dags", ports="auto")
    done = threading.Event()
    try:
        with _also_on_path(root / "packages"), Stack(settings) as stack:
            owner = create_engine(stack.environment()["MAILROOM_DATABASE_OWNER_URL"], poolclass=NullPool)
            with owner.begin() as connection:
                ids = [add_organization(connection, f"bench-{n}", f"Bench {n}") for n in range(ORGANIZATIONS)]
            rig = _Rig(stack, owner, ids)
            watching = threading.Thread(target=rig.watch_memory, args=(done,), daemon=True)
            watching.start()
            rig._wait(lambda: rig._count("SELECT count(*) FROM dag WHERE dag_id = %s", "noop"), "the DAGs")
            yield rig
            done.set()
            watching.join()
    finally:
        done.set()
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def _also_on_path(folder: Path) -> Iterator[None]:
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(folder), before]))
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def _write_steps(packages: Path) -> None:
    """Write a package that brings the no-op steps, as an installer would lay it out."""
    about = packages / "noop_steps-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: noop-steps\nVersion: 1.0\n")
    names = "".join(f"{name} = noop_steps:{name}\n" for name in PHASES)
    (about / "entry_points.txt").write_text(f"[mailroom.steps]\n{names}")
    functions = "".join(f"\n\ndef {name}(services):\n    return STEPS[{name!r}]\n" for name in PHASES)
    module = "from mailroom.bench.noop import noop_steps\n\nSTEPS = {step.name: step for step in noop_steps()}\n"
    (packages / "noop_steps.py").write_text(module + functions)


def write_configuration(folder: Path) -> None:
    """Write a configuration whose customers have nothing but the no-op processes."""
    steps = [{"name": name, "reaches": state} for name, state in zip(PHASES, STATES, strict=True)]
    for name, fan_out in PROCESSES.items():
        _write_yaml(folder / "processes", name, {"name": name, "steps": steps, "fan_out": fan_out})
    shutil.copytree(repository() / "config" / "retry", folder / "retry")
    shutil.copytree(repository() / "config" / "sla", folder / "sla")
    shutil.copytree(repository() / "config" / "screening", folder / "screening")
    for number in range(ORGANIZATIONS):
        customer = {
            "organization": f"bench-{number}",
            "name": f"Bench {number}",
            "mode": "auto",
            "sender": "ap@bench.example",
            "owner": "owner@bench.example",
            "processes": {name: {} for name in PROCESSES},
        }
        _write_yaml(folder / "customers", f"bench-{number}", customer)


def _write_yaml(folder: Path, name: str, body: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(body))


def write_dags(folder: Path) -> None:
    """Write the DAG of the payables for each no-op process."""
    folder.mkdir()
    source = (repository() / "dags" / "process_invoices.py").read_text(encoding="utf-8")
    for name in PROCESSES:
        changed = [
            f'PROCESS = "{name}"' if line.startswith("PROCESS = ") else
            f"PHASES = {PHASES!r}" if line.startswith("PHASES = ") else
            line.replace("process_invoices", f"process_{name}")
            for line in source.splitlines()
        ]  # fmt: skip
        (folder / f"process_{name}.py").write_text("\n".join(changed) + "\n")
