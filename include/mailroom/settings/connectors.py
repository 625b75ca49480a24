"""Connectors as configured: which one, its settings, and the names of its secrets (config/connectors/)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Protocol

from pydantic import Field, StringConstraints

from mailroom.domain.errors import ConfigurationError
from mailroom.settings.base import Policy

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
SecretName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]

_PLACE = re.compile(r"\$\{([^}]*)\}")
_VARIABLE = re.compile(r"MAILROOM_[A-Z0-9_]+")


class ConnectorEntry(Policy):
    """One connection to one accounting system, which customers name in their `posting` settings."""

    name: Slug = Field(description="What customers' files call this connection.")
    connector: Slug = Field(
        description="The connector, as its package's entry point names it: sql, file_drop."
    )
    settings: dict[str, Any] = Field(
        default_factory=dict,
        description="The connector's own settings; ${MAILROOM_...} is replaced from the environment.",
    )
    secrets: dict[Slug, SecretName] = Field(
        default_factory=dict,
        description="By the role the connector knows (password), the name under which the secret is kept.",
    )


class Fault(Protocol):
    """One wrong setting, as a connector reports it."""

    @property
    def path(self) -> str:
        """Return the dotted path inside `settings`."""
        ...

    @property
    def message(self) -> str:
        """Return what is wrong there."""
        ...


class SettingsSchema(Protocol):
    """A connector's own check of its settings, when it offers one as its class's `Settings`."""

    def faults(self, settings: Mapping[str, Any]) -> Sequence[Fault]:
        """Return all that is wrong with these settings."""
        ...


def connector_faults(
    entry: ConnectorEntry, schema: SettingsSchema | None, environment: Mapping[str, str]
) -> list[str]:
    """Return every fault of an entry's settings as `settings.path: what is wrong`.

    `schema` is the connector class's `Settings`, which the caller looks up, or None when it has none:
    then only the variables are checked.
    """
    missing = [f"settings.{path}: {message}" for path, message in _unset(entry.settings, environment)]
    if schema is None:
        return missing
    filled = _filled(entry.settings, environment)
    return missing + [f"settings.{fault.path}: {fault.message}" for fault in schema.faults(filled)]


def settings_from_environment(entry: ConnectorEntry, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings with each `${MAILROOM_...}` replaced.

    Raises `ConfigurationError` naming every variable that is unset or not one of ours.
    """
    unset = _unset(entry.settings, environment)
    if unset:
        listed = "; ".join(f"settings.{path}: {message}" for path, message in unset)
        raise ConfigurationError(f"connector {entry.name!r}: {listed}")
    filled = _filled(entry.settings, environment)
    return dict(filled)


def _unset(value: Any, environment: Mapping[str, str], path: str = "") -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [
            (path, fault) for name in _PLACE.findall(value) if (fault := _variable_fault(name, environment))
        ]
    pairs: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    return [
        found
        for name, nested in pairs
        for found in _unset(nested, environment, f"{path}.{name}" if path else str(name))
    ]


def _variable_fault(name: str, environment: Mapping[str, str]) -> str | None:
    if not _VARIABLE.fullmatch(name):
        return f"${{{name}}} is not a variable of ours: names begin with MAILROOM_"
    if name.startswith("MAILROOM_SECRET_"):
        return f"${{{name}}} is a secret: name it under secrets, not in settings"
    return None if environment.get(name) else f"{name} is not set"


def _filled(value: Any, environment: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _PLACE.sub(lambda place: environment.get(place[1], place[0]), value)
    if isinstance(value, Mapping):
        return {name: _filled(nested, environment) for name, nested in value.items()}
    if isinstance(value, list):
        return [_filled(nested, environment) for nested in value]
    return value
