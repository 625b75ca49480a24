"""Connectors as configured: which one, its settings, and the names of its secrets (config/connectors/)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Protocol

from pydantic import Field, StringConstraints

from mailroom.settings.base import Policy

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
SecretName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]


class ConnectorEntry(Policy):
    """One connection to one accounting system, which customers name in their `posting` settings."""

    name: Slug = Field(description="What customers' files call this connection.")
    connector: Slug = Field(description="The connector, as its package's entry point names it: sql, file_drop.")
    settings: dict[str, Any] = Field(
        default_factory=dict, description="The connector's own settings; see docs/connectors.md."
    )
    secrets: dict[Slug, SecretName] = Field(
        default_factory=dict,
        description="By the role the connector knows (password), the name under which the secret is kept.",
    )


class SettingFault(Protocol):
    """One wrong setting, as a connector reports it."""

    @property
    def path(self) -> str:
        """Return the dotted path inside `settings`; empty for the settings as a whole."""
        ...

    @property
    def message(self) -> str:
        """Return what is wrong there."""
        ...


class SettingsSchema(Protocol):
    """A connector's own check of its settings, which it may offer as its class's `Settings`."""

    def faults(self, settings: Mapping[str, Any]) -> Sequence[SettingFault]:
        """Return all that is wrong with these settings, without connecting to anything."""
        ...


def connector_faults(entry: ConnectorEntry, schema: SettingsSchema | None) -> list[tuple[tuple[str, ...], str]]:
    """Return each fault of an entry's settings: the path inside the file, and what is wrong there.

    `schema` is the connector class's `Settings`, which the caller looks up, or None when it has none.
    """
    if schema is None:
        return []
    return [
        (("settings", *(part for part in fault.path.split(".") if part)), fault.message)
        for fault in schema.faults(entry.settings)
    ]
