"""`mailroom check-config` and the editors' schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from mailroom.bootstrap.check import check_configuration
from mailroom.cli.opened import process_environment
from mailroom.settings.configuration import editor_schemas

ConfigDir = Annotated[Path | None, typer.Option("--config-dir", help="In place of MAILROOM_CONFIG_DIR.")]


def check_config(config_dir: ConfigDir = None) -> None:
    """Read the whole configuration and report every fault at once, each as file:line, what, did you mean."""
    environ = process_environment()
    if config_dir is not None:
        environ["MAILROOM_CONFIG_DIR"] = str(config_dir)
    configuration, faults = check_configuration(environ)
    for fault in faults:
        typer.echo(str(fault))
    sound, still = len(configuration.bundles), sorted(configuration.faulty)
    if faults:
        standing = f"; standing still: {', '.join(still)}" if still else ""
        typer.echo(f"{len(faults)} fault{'s' if len(faults) > 1 else ''}, {sound} sound customers{standing}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{sound} customer{'s' if sound != 1 else ''}, no faults.")


def schemas(
    out: Annotated[Path, typer.Option("--out", help="Where the schemas go.")] = Path("config/schemas"),
    check: Annotated[bool, typer.Option("--check", help="Only tell whether they are up to date.")] = False,
) -> None:
    """Write the JSON schemas that editors use to complete and check config/*.yaml."""
    stale = []
    for name, schema in editor_schemas().items():
        text = json.dumps(schema, indent=2, sort_keys=True) + "\n"
        path = out / name
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            stale.append(name)
        elif not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale:
        typer.echo(f"out of date: {', '.join(stale)}; run `make schemas`", err=True)
        raise typer.Exit(1)
