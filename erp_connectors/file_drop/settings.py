"""The settings of `file_drop`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from erp_connectors.errors import SettingsError, SettingsFault
from erp_connectors.settings_reader import SettingsReader


@dataclass(frozen=True, slots=True)
class Settings:
    """Where bills go. `lines_csv` adds a lines.csv beside each bill.json."""

    folder: Path
    lines_csv: bool = False

    @classmethod
    def read(cls, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> Settings:
        """Return the settings, or raise `SettingsError` with every fault."""
        reader = SettingsReader(settings)
        folder = Path(reader.text("folder"))
        if not folder.is_absolute() and "folder" in settings:
            reader.fault("folder", f"{str(folder)!r} must be an absolute path")
        lines_csv = reader.flag("lines_csv", default=False)
        for role in secrets:
            reader.fault("", f"secret {role!r} is not used: a folder has no password")
        reader.finish()
        return cls(folder, lines_csv)

    @classmethod
    def faults(cls, settings: Mapping[str, Any]) -> Sequence[SettingsFault]:
        """Return everything that is wrong with these settings."""
        try:
            cls.read(settings, {})
        except SettingsError as err:
            return err.faults
        return ()
