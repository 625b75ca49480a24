"""Parse every DAG file as the dag-processor does, each in a fresh fork, and print what was seen as JSON.

A program of its own: `python -m tests.dags.parsing DAGS_FOLDER`. What a file opens and whom it calls while
it is parsed is recorded by an audit hook, which cannot be removed again.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from pathlib import Path
from typing import Any

from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from airflow.serialization.serialized_objects import DagSerialization


def parse(path: Path) -> dict[str, Any]:
    """Return what one file holds, how long it took (seconds), what it opened and whom it called."""
    opened: list[str] = []
    called: list[str] = []

    def listen(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str):
            opened.append(arguments[0])
        elif event in {"socket.connect", "socket.getaddrinfo", "subprocess.Popen"}:
            called.append(f"{event} {arguments[1:]}")

    sys.addaudithook(listen)
    started = time.perf_counter()
    bag = DagBag(path, bundle_path=path.parent, bundle_name="dags")
    seconds = time.perf_counter() - started
    noted = list(opened), list(called)
    return {
        "file": path.name,
        "seconds": seconds,
        "errors": bag.import_errors,
        "dags": [describe(dag) for dag in bag.dags.values()],
        "opened": noted[0],
        "called": noted[1],
    }


def describe(dag: DAG) -> dict[str, Any]:
    """Return what the tests look at."""
    return {
        "dag_id": dag.dag_id,
        "doc": dag.doc_md,
        "tags": sorted(dag.tags),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "params": {name: dag.params.get_param(name).schema for name in dag.params},
        "watchers": sorted(type(watcher.trigger).__name__ for watcher in _watchers(dag)),
        "tasks": [
            {
                "id": task.task_id,
                "owner": task.owner,
                "retries": getattr(task, "retries", None),
                "policy": type(task.retry_policy).__name__,
                "timeout": str(task.execution_timeout),
                "rule": str(task.trigger_rule),
                "upstream": sorted(task.upstream_task_ids),
                "named": getattr(task, "map_index_template", None),
                "mapped": task.is_mapped,
            }
            for task in dag.tasks
        ],
        "serialized_bytes": len(json.dumps(DagSerialization.to_dict(dag))),
    }


def _watchers(dag: DAG) -> list[Any]:
    condition = getattr(dag.timetable, "asset_condition", None)
    return [] if condition is None else [w for asset in condition.objects for w in asset.watchers]


def main() -> None:
    """Print one JSON array, an object a file."""
    files = sorted(Path(sys.argv[1]).glob("*.py"))
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        sys.stdout.write(json.dumps(pool.map(parse, files, chunksize=1)))


if __name__ == "__main__":
    main()
