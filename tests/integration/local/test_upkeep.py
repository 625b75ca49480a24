"""The daily upkeep, in a process of its own."""

from __future__ import annotations

import os
import time
from pathlib import Path

from mailroom.local.server import component_environment, process_book
from mailroom.local.state_folder import StateFolder
from mailroom.local.upkeep import Upkeep


def test_old_task_logs_go_once_a_day_however_often_the_stack_is_started(state_dir: Path, eventually):
    folder = StateFolder(state_dir)
    folder.create()
    book = process_book(folder)
    old = old_log(folder)
    first = Upkeep(folder, component_environment(), with_airflow=False, first_after=0)

    def is_done() -> bool:
        first.turn(book)
        return not old.exists() and not book.records()

    eventually(is_done)
    again = old_log(folder)
    second = Upkeep(folder, component_environment(), with_airflow=False, first_after=0)
    second.turn(book)

    assert book.records() == []
    assert again.exists()


def test_upkeep_keeps_out_of_the_way_of_a_stack_that_has_just_started(state_dir: Path):
    folder = StateFolder(state_dir)
    folder.create()

    Upkeep(folder, component_environment(), with_airflow=False).turn(process_book(folder))

    assert process_book(folder).records() == []


def old_log(folder: StateFolder) -> Path:
    path = folder.airflow / "logs" / "dag_id=intake" / "attempt=1.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("done")
    month_ago = time.time() - 31 * 86400
    os.utime(path, (month_ago, month_ago))
    return path
