"""Benchmarks run, check their own work, and print the public form."""

from __future__ import annotations

import json
import sys
from types import ModuleType

import pytest
from typer.testing import CliRunner

from mailroom.bench import mailbox_intake, no_op_queue
from mailroom.bench.figure import Baseline, Figure, middle_pair
from mailroom.bench.invoice_mail import invoice_mail
from mailroom.bench.wake_up import percentile_95
from mailroom.cli import bench as command
from mailroom.cli.main import app
from tests.servers.dovecot import why_not
from tests.servers.fixtures import require

KEYS = ["benchmark", "figure", "unit", "baseline", "ratio", "better", "floor_on", "floor", "goal", "peak_rss_mb"]


def test_queue_runs_the_engine_and_plain_writes():
    figure = no_op_queue.run(transactions=80, pairs=1)

    assert list(figure.as_json()) == KEYS
    assert figure.ratio > 0
    assert (figure.floor_on, figure.floor, figure.goal) == ("figure", 400, 1000)


def test_intake_reads_every_mail():
    require(why_not())

    figure = mailbox_intake.run(mails=10, pairs=1)

    assert (figure.benchmark, figure.unit, figure.floor_on, figure.floor) == ("intake", "mails/s", "ratio", 0.4)


def test_a_benchmark_mail_is_about_forty_kilobytes():
    assert 35_000 < len(invoice_mail("INV-1")) < 45_000


def test_the_95th_percentile_is_the_nearest_rank():
    assert percentile_95([float(number) for number in range(20, 0, -1)]) == 19.0
    assert percentile_95([3.0]) == 3.0


def test_the_middle_pair_is_that_of_the_median_ratio():
    assert middle_pair([(1.0, 1.0), (30.0, 10.0), (4.0, 2.0)]) == (4.0, 2.0)


@pytest.mark.parametrize(("measured", "status"), [(500.0, 0), (399.0, 1)])
def test_a_missed_floor_is_the_exit_status(monkeypatch: pytest.MonkeyPatch, measured: float, status: int):
    quick = ModuleType("quick_benchmark")
    quick.run = lambda: Figure("quick", measured, "a/s", Baseline("none", 1000.0), "higher", "figure", 400, 1000, 99.6)
    monkeypatch.setitem(sys.modules, "quick_benchmark", quick)
    monkeypatch.setitem(command.BENCHMARKS, "quick", "quick_benchmark")

    done = CliRunner().invoke(app, ["bench", "quick", "--json"])

    assert done.exit_code == status
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "benchmark": "quick", "figure": measured, "unit": "a/s", "baseline": {"name": "none", "figure": 1000.0},
        "ratio": measured / 1000, "better": "higher", "floor_on": "figure", "floor": 400, "goal": 1000,
        "peak_rss_mb": 100,
    }  # fmt: skip
