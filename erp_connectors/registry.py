"""Find connectors by name among the installed packages."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from erp_connectors.interface import Connector, UnknownConnectorError

GROUP = "erp_connectors"


def installed() -> dict[str, EntryPoint]:
    """Return the entry points of every installed connector by name, in order of name."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def connector_class(name: str) -> type[Connector]:
    """Return the class a connector's name stands for.

    Raises `UnknownConnectorError` when no package offers it, or when the package that does can't be
    loaded or offers something else.
    """
    point = installed().get(name)
    if point is None:
        raise UnknownConnectorError(_not_installed(name))
    try:
        found = point.load()
    except Exception as err:
        raise UnknownConnectorError(
            f"connector {name!r} is installed as {point.value} and does not load: {err}", code="does_not_load"
        ) from err
    missing = [part for part in _PARTS if not hasattr(found, part)]
    if not isinstance(found, type) or missing:
        raise UnknownConnectorError(
            f"connector {name!r} is installed as {point.value}, which is not a connector"
            + (f": it has no {', '.join(missing)}" if missing else ""),
            code="not_a_connector",
        )
    return found


def open_connector(name: str, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> Connector:
    """Make the connector of this name; raises `UnknownConnectorError` or `SettingsError`."""
    return connector_class(name)(settings, secrets)


_PARTS = ("accepts_key", "finds_by_key", "features", "check", "upload", "find", "close")


def _not_installed(name: str) -> str:
    names = list(installed())
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"no connector {name!r} is installed; {hint}installed: {', '.join(names) or 'none'}"
