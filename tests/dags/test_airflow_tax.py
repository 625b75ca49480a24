"""What the benchmark `airflow_tax` runs on: made from the real DAG, so it must follow when that one changes."""

from __future__ import annotations

import ast
from pathlib import Path

from mailroom.bench.airflow_tax import PHASES, PROCESSES, write_configuration, write_dags
from mailroom.settings.configuration import load_configuration
from tests.dags.conftest import ROOT


def test_its_dags_are_the_payables_dag_with_another_process(tmp_path: Path):
    write_dags(tmp_path / "dags")

    real = (ROOT / "dags" / "process_invoices.py").read_text().splitlines()
    for name in PROCESSES:
        made = (tmp_path / "dags" / f"process_{name}.py").read_text().splitlines()
        changed = [line for line, before in zip(made, real, strict=True) if line != before]
        assert f'PROCESS = "{name}"' in changed
        assert f"PHASES = {PHASES!r}" in changed
        assert all("PROCESS" in line or "PHASES" in line or f"process_{name}" in line for line in changed)
        assert ast.parse("\n".join(made))


def test_its_configuration_is_sound(tmp_path: Path):
    write_configuration(tmp_path / "config")

    found = load_configuration(tmp_path / "config", {})

    assert found.faults == ()
    assert found.processes["noop_each"].fan_out.one_each_up_to == 200
    assert found.processes["noop"].fan_out.max_slices == 8
