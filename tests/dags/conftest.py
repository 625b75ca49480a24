"""What the DAG files hold, an Airflow home of the tests' own, and a Dovecot."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.servers.fixtures import dovecot

__all__ = ["dag_files", "dags", "dovecot"]

ROOT = Path(__file__).parents[2]
# Before anything imports Airflow: it writes a configuration file into its home at once.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="mailroom-airflow-")
atexit.register(shutil.rmtree, os.environ["AIRFLOW_HOME"], ignore_errors=True)


@pytest.fixture(scope="session")
def dag_files() -> list[dict[str, Any]]:
    """Return what `tests.dags.parsing` saw in each DAG file; no setting of the product is set meanwhile."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAILROOM_", "AIRFLOW__"))}
    done = subprocess.run(
        [sys.executable, "-m", "tests.dags.parsing", str(ROOT / "dags")],
        cwd=ROOT,
        env={**environment, "AIRFLOW__CORE__LOAD_EXAMPLES": "False"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout[done.stdout.index("[{") :])
    return found


@pytest.fixture(scope="session")
def dags(dag_files: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return each DAG's description by its id."""
    return {dag["dag_id"]: dag for file in dag_files for dag in file["dags"]}
