"""What a stack tells the world about itself, and how to read it from outside."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import psutil

from mailroom.local.component import ComponentStatus, State
from mailroom.local.lock import is_held
from mailroom.local.processes import ProcessRecord, record_of_this_process
from mailroom.local.server import process_book
from mailroom.local.state_folder import StateFolder, read_json, write_private


class Phase(StrEnum):
    """What a stack as a whole is doing."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"
    LEFT_OVER = "left over"  # its supervisor was killed and components live on


@dataclass(frozen=True, slots=True)
class StackStatus:
    """A stack and its components; `owner` is the process that runs it, while one does."""

    phase: Phase
    components: tuple[ComponentStatus, ...] = ()
    error: str | None = None
    error_code: str | None = None
    owner: ProcessRecord | None = None


def lock_file(folder: StateFolder) -> Path:
    """Return the file whose lock the owner of a stack holds for as long as it lives."""
    return folder.run / "lock"


def write_owner(folder: StateFolder, role: str) -> None:
    """Record this process as the stack's owner; `role` is how it runs it (background, foreground, embedded)."""
    record = record_of_this_process(role)
    write_private(folder.run / "owner.json", json.dumps({"role": role, "pid": record.pid, "started": record.started}))


def read_owner(folder: StateFolder) -> ProcessRecord | None:
    """Return the process that runs the stack; its role stands in `component`."""
    if not is_held(lock_file(folder)):
        return None
    value = read_json(folder.run / "owner.json")
    if value is None:
        return None
    record = ProcessRecord(value["role"], value["pid"], value["started"])
    return record if record.process() is not None else None


def write_status(
    folder: StateFolder,
    phase: Phase,
    components: Sequence[ComponentStatus],
    error: str | None = None,
    error_code: str | None = None,
) -> None:
    """Tell the world; only the owner of the stack does."""
    value = {
        "phase": phase,
        "error": error,
        "error_code": error_code,
        "components": [status.as_json() for status in components],
    }
    write_private(folder.run / "status.json", json.dumps(value, indent=1))


def read_status(folder: StateFolder) -> StackStatus:
    """Return how the stack of a state directory is doing now, whoever runs it."""
    value = read_json(folder.run / "status.json")
    if value is None:
        return StackStatus(Phase.STARTING if is_held(lock_file(folder)) else Phase.STOPPED)
    components = tuple(ComponentStatus.from_json(entry) for entry in value["components"])
    status = StackStatus(Phase(value["phase"]), components, value["error"], value["error_code"])
    if is_held(lock_file(folder)):
        return replace(status, owner=read_owner(folder))
    return _without_owner(folder, status)


def _without_owner(folder: StateFolder, status: StackStatus) -> StackStatus:
    book = process_book(folder)
    alive = {record.component for record in book.records() if record.process() is not None}
    components = tuple(_after_its_owner(one, one.component in alive) for one in status.components)
    if book.members():
        return replace(status, phase=Phase.LEFT_OVER, components=components)
    phase = Phase.FAILED if status.phase == Phase.FAILED else Phase.STOPPED
    return replace(status, phase=phase, components=components)


def _after_its_owner(one: ComponentStatus, alive: bool) -> ComponentStatus:
    if alive:
        return replace(one, state=State.LEFT_OVER)
    return one if one.state == State.STOPPED else replace(one, state=State.STOPPED, pid=None, since=time.time())


def memory_of(folder: StateFolder) -> dict[str, int]:
    """Return the bytes of memory each component takes, pages it shares counted in parts (PSS)."""
    if not folder.run.exists():
        return {}
    book = process_book(folder)
    components = {record.component for record in book.records()}
    return {name: sum(_memory(process) for process in book.members(name)) for name in components}


def _memory(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(full, "pss", full.rss))
