"""`mailroom bench`: measure, each figure beside a baseline of the same run."""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import structlog
import typer
from rich.console import Console

from mailroom.bench.figure import Figure
from mailroom.domain.errors import UnknownIdError

BENCHMARKS = {
    "queue": "mailroom.bench.no_op_queue",
    "intake": "mailroom.bench.mailbox_intake",
    "wakeup": "mailroom.bench.wake_up",
    "airflow_tax": "mailroom.bench.airflow_tax",
}
"""Benchmarks by name, in the order they run; each module has `run() -> Figure` and is imported when it runs."""


def bench(
    names: Annotated[list[str] | None, typer.Argument(help=f"Any of {', '.join(BENCHMARKS)}; all without one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a benchmark.")] = False,
) -> None:
    """Measure, each figure beside a baseline of the same run. Exits 1 when a floor is missed."""
    wanted = names or list(BENCHMARKS)
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        raise UnknownIdError(f"there is no benchmark {unknown[0]!r}; known are {', '.join(BENCHMARKS)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    figures = []
    for name in wanted:
        figures.append(_run(name))
        if as_json:
            typer.echo(json.dumps(figures[-1].as_json()))
    if not as_json:
        _show(figures)
    if not all(figure.keeps_floor for figure in figures):
        raise typer.Exit(1)


def _run(name: str) -> Figure:
    console = Console(stderr=True)
    with console.status(f"{name}: starting its servers") as status:

        def tell(part: str) -> None:
            status.update(f"{name}: {part}")
            if not console.is_terminal:
                console.print(f"{name}: {part}")

        run: Callable[..., Figure] = import_module(BENCHMARKS[name]).run
        arguments: dict[str, Any] = {"on_part": tell} if "on_part" in inspect.signature(run).parameters else {}
        return run(**arguments)


def _show(figures: list[Figure]) -> None:
    for each in figures:
        kept = "kept" if each.keeps_floor else "MISSED"
        sign = "at least" if each.better == "higher" else "at most"
        typer.echo(f"{each.benchmark:12} {each.figure:,.4g} {each.unit}, {each.peak_rss_mb:.0f} MB at its peak")
        typer.echo(f"{'':12} {each.ratio:.2f} of {each.baseline.figure:,.4g}: {each.baseline.name}")
        typer.echo(f"{'':12} floor {kept}: {each.floor_on} {sign} {each.floor:g}, goal {each.goal:g}")
