"""Check the whole configuration, code included: steps that exist, settings they take, connectors installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from erp_connectors.interface import ConnectorError
from erp_connectors.registry import connector_class
from mailroom.bootstrap.registration import registered_steps
from mailroom.clocks.business_calendar import business_calendar
from mailroom.domain.errors import ConfigurationError
from mailroom.engine.process import build_process
from mailroom.engine.step import StepRegistry, discover
from mailroom.settings.configuration import Configuration, CustomerBundle, load_configuration
from mailroom.settings.connectors import ConnectorEntry, connector_faults
from mailroom.settings.faults import Fault, line_of


class _NoServices:
    """Stands in for the services while steps are only asked for their names and settings."""

    def __getattr__(self, name: str) -> Any:
        return None


def check_configuration(environ: Mapping[str, str]) -> tuple[Configuration, list[Fault]]:
    """Return the configuration and every fault, those that only code can tell included. Opens nothing."""
    folder = Path(environ.get("MAILROOM_CONFIG_DIR", "config"))
    configuration = load_configuration(folder, environ)
    registry = StepRegistry(registered_steps(_NoServices()))
    discover(registry, _NoServices())
    faults = list(configuration.faults)
    for slug, bundle in configuration.bundles.items():
        path = folder / "customers" / f"{slug}.yaml"
        faults += _step_faults(path, bundle, registry) + _calendar_faults(path, bundle)
    connectors = {b.connector.name: b.connector for b in configuration.bundles.values() if b.connector}
    for name, entry in connectors.items():
        faults += _connector_faults(folder / "connectors" / f"{name}.yaml", entry)
    return configuration, sorted(set(faults))


def _step_faults(path: Path, bundle: CustomerBundle, registry: StepRegistry) -> list[Fault]:
    faults = []
    for name, process in bundle.processes.items():
        try:
            build_process(process, registry, bundle.retries)
        except ConfigurationError as err:
            faults.append(Fault(str(path), _line(path, ("processes", name)), err.message + "."))
    return faults


def _calendar_faults(path: Path, bundle: CustomerBundle) -> list[Fault]:
    try:
        business_calendar(bundle.customer.calendar, bundle.customer.zone)
    except ConfigurationError as err:
        return [Fault(str(path), _line(path, ("calendar",)), err.message + ".")]
    return []


def _connector_faults(path: Path, entry: ConnectorEntry) -> list[Fault]:
    try:
        schema = getattr(connector_class(entry.connector), "Settings", None)
    except ConnectorError as err:
        return [Fault(str(path), _line(path, ("connector",)), f"{err}.")]
    return [
        Fault(str(path), _line(path, where), f"{'.'.join(where)}: {what}.")
        for where, what in connector_faults(entry, schema)
    ]


def _line(path: Path, where: Sequence[str]) -> int:
    return line_of(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader), where)
