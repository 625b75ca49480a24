"""What a customer writes in config/connectors/*.yaml under `settings`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from erp_connectors.errors import SettingsError, SettingsFault
from erp_connectors.settings_reader import SettingsReader


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the system is, and the most one call to it may take."""

    file: Path
    timeout_seconds: int = 30

    @classmethod
    def read(cls, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> Settings:
        """Return the settings, or raise `SettingsError` with every fault."""
        reader = SettingsReader(settings)
        file = Path(reader.text("file"))
        timeout_seconds = reader.seconds("timeout_seconds", 30)
        for role in secrets:
            reader.fault("", f"secret {role!r} is not used")
        reader.finish()
        return cls(file, timeout_seconds)

    @classmethod
    def faults(cls, settings: Mapping[str, Any]) -> Sequence[SettingsFault]:
        """Return everything that is wrong with these settings; connects to nothing."""
        try:
            cls.read(settings, {})
        except SettingsError as err:
            return err.faults
        return ()
