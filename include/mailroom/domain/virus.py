"""What a virus scanner says about some bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScanAnswer:
    """`found` names a virus, `untold` says why the scanner can't tell; clean when both are None."""

    found: str | None = None
    untold: str | None = None

    @property
    def clean(self) -> bool:
        """Tell whether it was scanned to its end and nothing was found."""
        return self.found is None and self.untold is None
