"""Read settings written by people: every fault found, each with its path and what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from erp_connectors.errors import SettingsError, SettingsFault


class SettingsReader:
    """Take named settings out of a mapping and remember what is wrong with them.

    Each reading method returns a usable value even after a fault, so that all faults are found in one
    go; `finish` on the outermost reader raises them together.
    """

    def __init__(self, settings: Mapping[str, Any], path: str = "", faults: list[SettingsFault] | None = None) -> None:
        self._settings = settings
        self._path = path
        self._known: set[str] = set()
        self.faults: list[SettingsFault] = [] if faults is None else faults

    def fault(self, name: str, message: str) -> None:
        """Note a fault at `name`, or at this mapping itself when `name` is empty."""
        self.faults.append(SettingsFault(".".join(part for part in (self._path, name) if part), message))

    def has(self, name: str) -> bool:
        """Tell whether the setting is written, and know its name from now on."""
        self._known.add(name)
        return self._settings.get(name) is not None

    def names(self) -> list[str]:
        """Return every name written here and know them all, for mappings with names of the user's own."""
        self._known.update(str(name) for name in self._settings)
        return [str(name) for name in self._settings]

    def value(self, name: str) -> Any:
        """Return what is written, of whatever kind, or None."""
        self._known.add(name)
        return self._settings.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text that is not blank; a fault when it is missing and has no default."""
        if not self.has(name):
            if default is None:
                self.fault(name, "is missing")
            return default or ""
        found = self.value(name)
        if not isinstance(found, str) or not found.strip():
            self.fault(name, f"must be a text, not {found!r}")
            return default or ""
        return found

    def choice(self, name: str, allowed: Iterable[str], default: str | None = None) -> str:
        """Return one of the allowed words."""
        words = list(allowed)
        found = self.text(name, default)
        if found and found not in words:
            self.fault(name, f"{found!r} is not one of {', '.join(words)}{did_you_mean(found, words)}")
            return default or words[0]
        return found

    def flag(self, name: str, default: bool) -> bool:
        """Return true or false."""
        found = self.value(name) if self.has(name) else default
        if not isinstance(found, bool):
            self.fault(name, f"must be true or false, not {found!r}")
            return default
        return found

    def seconds(self, name: str, default: int) -> int:
        """Return a whole number of seconds, at least one."""
        found = self.value(name) if self.has(name) else default
        if not isinstance(found, int) or isinstance(found, bool) or found < 1:
            self.fault(name, f"must be a whole number of seconds, at least 1, not {found!r}")
            return default
        return found

    def mapping(self, name: str, *, required: bool = True) -> SettingsReader:
        """Return a reader of a nested mapping; an empty one after a fault."""
        found = self.value(name)
        if found is None and required:
            self.fault(name, "is missing")
        elif found is not None and not isinstance(found, Mapping):
            self.fault(name, f"must be a mapping, not {found!r}")
        nested = found if isinstance(found, Mapping) else {}
        return SettingsReader(nested, f"{self._path}.{name}" if self._path else name, self.faults)

    def done(self) -> None:
        """Note every name that was written and never asked for."""
        for name in self._settings:
            if str(name) not in self._known:
                self.fault(str(name), f"is not known here{did_you_mean(str(name), self._known)}")

    def finish(self) -> None:
        """Note unknown names and raise `SettingsError` when there is any fault."""
        self.done()
        if self.faults:
            raise SettingsError(self.faults)


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` for the nearest of `words`, or nothing."""
    near = difflib.get_close_matches(word, list(words), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
