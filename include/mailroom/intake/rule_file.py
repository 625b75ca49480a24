"""Where a screening rule set comes from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mailroom.domain.errors import ConfigurationError
from mailroom.settings.loading import load_file
from mailroom.settings.screening import ScreeningPolicy


def load_rules(path: Path, environment: Mapping[str, str]) -> ScreeningPolicy:
    """Return the rules of one file. Raises `ConfigurationError` that names every fault as file:line."""
    policy, faults = load_file(path, ScreeningPolicy, environment)
    if policy is None:
        raise ConfigurationError("\n".join(str(fault) for fault in faults))
    return policy
